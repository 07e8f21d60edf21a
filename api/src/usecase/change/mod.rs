//! What somebody is told of changes: pages of them, and what comes next for those who follow. What is shown of a thing is
//! what the same asker could read at that moment.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::change::{Batch, Change, ChangeType, Followed, KEPT_DAYS, NoChanges, Place, Scope};
use crate::domain::rule::Fault;
use crate::store::feed::Remembered;
use crate::usecase::node::{self, Found};
use std::sync::Arc;
use uuid::Uuid;

/// A change as it is told to one who asks: with the thing, where it can be read now.
#[derive(Clone)]
pub struct Told {
    pub change: Arc<Change>,
    pub found: Option<Found>,
}

impl Told {
    /// What became of the thing, for the one who asks.
    #[must_use]
    pub fn change_type(&self) -> ChangeType {
        if self.found.is_some() { ChangeType::Upsert } else { ChangeType::Tombstone }
    }
}

/// A page of changes.
pub struct ChangePage {
    pub told: Vec<Told>,
    pub has_more: bool,
    /// Where the page ends: nothing before it is left to be read.
    pub until: Place,
    /// Where the order ends at this moment.
    pub latest: Place,
}

/// A page of the changes that the asker is told of, behind a place. One statement, and one for each kind of thing.
///
/// # Errors
/// EXPIRED for a place that is no longer kept; what the engine refuses.
pub async fn page(app: &App, actor: &Actor, followed: &Followed, size: usize) -> Result<ChangePage, NoChanges> {
    let Some(scope) = Scope::of(actor, followed) else { return Err(nobody().into()) };
    let (batch, marks) = app.store.changes(&scope, followed.after, size).await?;
    let told = told(app, actor, batch.changes).await?;
    Ok(ChangePage { told, has_more: batch.has_more, until: batch.until, latest: Place::behind(marks.placed) })
}

/// A page as [`page`] makes it, and the number of all changes behind its place where that is asked for. A page of no items
/// reads none.
///
/// # Errors
/// As [`page`].
pub async fn counted(
    app: &App,
    actor: &Actor,
    followed: &Followed,
    size: usize,
    count: bool,
) -> Result<(ChangePage, Option<i64>), NoChanges> {
    let page = page(app, actor, followed, size).await?;
    let total = match Scope::of(actor, followed) {
        Some(scope) if count => Some(app.store.count_changes(&scope, followed.after).await?),
        _ => None,
    };
    Ok((page, total))
}

/// Where the order ends at this moment: whoever has read everything begins here.
///
/// # Errors
/// What the engine refuses.
pub async fn latest(app: &App) -> Result<Place, Fault> {
    Ok(Place::behind(app.store.change_marks().await?.placed))
}

/// Changes as they are told to the asker now.
///
/// # Errors
/// What the engine refuses.
pub async fn told(app: &App, actor: &Actor, changes: Vec<Arc<Change>>) -> Result<Vec<Told>, Fault> {
    let ids: Vec<_> = changes.iter().map(|change| Some((change.subject_kind.kind(), change.place.subject))).collect();
    let found = node::find(app, actor, &ids).await?;
    Ok(changes.into_iter().zip(found).map(|(change, found)| Told { change, found }).collect())
}

/// What comes next for one who follows: from what this node remembers, or from the database for who is far behind.
///
/// # Errors
/// EXPIRED for a place that is no longer kept; what the engine refuses.
pub async fn next(
    app: &App,
    actor: &Actor,
    followed: &Followed,
    after: Place,
    most: usize,
) -> Result<Batch, NoChanges> {
    let Some(scope) = Scope::of(actor, followed) else { return Err(nobody().into()) };
    match app.store.feed().remembered(&scope, after) {
        Remembered::All(mut changes, until) => {
            let has_more = changes.len() > most;
            changes.truncate(most);
            let end = changes.last().map(|change| change.place).filter(|_| has_more);
            Ok(Batch { until: end.unwrap_or(Place::behind(until).max(after)), changes, has_more })
        }
        Remembered::TooFarBack => Ok(app.store.changes(&scope, Some(after), most).await?.0),
    }
}

/// Waits until the asker may be told of something behind a place.
pub async fn until_changed(app: &App, actor: &Actor, after: Place) {
    let organization = actor.organization().map(Uuid::from).unwrap_or_default();
    app.store.until_changed(organization, after.sequence).await;
}

/// Forgets changes that are older than thirty days.
///
/// # Errors
/// What the engine refuses.
pub async fn forget_old(app: &App) -> Result<u64, Fault> {
    app.store.forget_changes(app.now() - KEPT_DAYS * 24 * 3_600_000_000).await
}

impl App {
    /// As [`latest`].
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn latest_change(&self) -> Result<Place, Fault> {
        latest(self).await
    }

    /// As [`next`].
    ///
    /// # Errors
    /// As [`next`].
    pub async fn next_changes(
        &self,
        actor: &Actor,
        followed: &Followed,
        after: Place,
        most: usize,
    ) -> Result<Batch, NoChanges> {
        next(self, actor, followed, after, most).await
    }

    /// As [`until_changed`].
    pub async fn until_changed(&self, actor: &Actor, after: Place) {
        until_changed(self, actor, after).await;
    }
}

fn nobody() -> Fault {
    Fault::Store("changes are told to who is known".into())
}
