//! Where the demonstration is played: the app, its clock, and what has been entered so far.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use uuid::Uuid;

use super::cast::Post;
use super::clock::WalkingClock;
use super::services::Offer;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::id::{AreaId, OrganizationId, ProgramId, ServiceId};
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::usecase::Ask;

/// A service that was entered.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// Where it is given and whom it serves, by the area's number.
    pub area: usize,
    pub id: ServiceId,
    pub offer: &'static Offer,
}

/// Asks for writes, each under a key of its own.
pub struct Hand<'a> {
    pub app: &'a App,
    prefix: String,
    asked: AtomicU64,
}

impl<'a> Hand<'a> {
    /// Its keys begin with `prefix`.
    pub fn new(app: &'a App, prefix: &str) -> Self {
        Self { app, prefix: prefix.to_owned(), asked: AtomicU64::new(0) }
    }

    /// A write that somebody asks for.
    pub fn ask<'b>(&self, actor: &'b Actor, mutation: &'static str, key: &'b mut String) -> Ask<'b> {
        *key = format!("{}-{}", self.prefix, self.asked.fetch_add(1, Ordering::Relaxed));
        again(actor, mutation, key)
    }
}

/// A write under a key that may have been used before.
pub fn again<'b>(actor: &'b Actor, mutation: &'static str, key: &'b str) -> Ask<'b> {
    /// Nobody looks at it.
    static REPLAYED: AtomicBool = AtomicBool::new(false);
    Ask { actor, mutation, request: "demo", key, input: "demo", replayed: &REPLAYED }
}

/// What has been entered so far; all numbers are those of the tables.
pub struct Stage<'a> {
    pub app: &'a App,
    pub hand: Hand<'a>,
    pub now: i64,
    pub areas: Vec<AreaId>,
    pub organizations: Vec<OrganizationId>,
    pub programs: Vec<ProgramId>,
    pub services: Vec<Placed>,
    staff: BTreeMap<(usize, Post), Actor>,
    marks: Vec<(String, Uuid)>,
    clock: Arc<WalkingClock>,
}

impl<'a> Stage<'a> {
    pub fn new(app: &'a App, clock: &Arc<WalkingClock>, now: i64) -> Self {
        Self {
            app,
            hand: Hand::new(app, "demo"),
            now,
            areas: Vec::new(),
            organizations: Vec::new(),
            programs: Vec::new(),
            services: Vec::new(),
            staff: BTreeMap::new(),
            marks: Vec::new(),
            clock: Arc::clone(clock),
        }
    }

    /// Sets the time to so long before now, in microseconds.
    pub fn ago(&self, before: i64) {
        self.clock.set(self.now - before);
    }

    /// Sets the time.
    pub fn at(&self, instant: i64) {
        self.clock.set(instant);
    }

    pub fn engage(&mut self, organization: usize, post: Post, actor: Actor) {
        self.staff.insert((organization, post), actor);
    }

    /// Whether the organization has somebody at this post.
    pub fn has(&self, organization: usize, post: Post) -> bool {
        self.staff.contains_key(&(organization, post))
    }

    /// Who holds a post of an organization.
    ///
    /// # Errors
    /// Nobody does: a fault in the tables.
    pub fn actor(&self, organization: usize, post: Post) -> Outcome<&Actor> {
        found(self.staff.get(&(organization, post)), "post")
    }

    /// A write that somebody asks for, each under a key of its own.
    pub fn ask<'b>(&self, actor: &'b Actor, mutation: &'static str, key: &'b mut String) -> Ask<'b> {
        self.hand.ask(actor, mutation, key)
    }

    /// Notes a row that the demonstration must find again.
    pub fn mark(&mut self, name: &str, row: impl Into<Uuid>) {
        self.marks.push((name.to_owned(), row.into()));
    }

    /// Notes that this is a demonstration, before anything else: one that was interrupted may be deleted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn begin(&self) -> Outcome<()> {
        let tx = self.app.store.begin().await?;
        tx.mark("begun", Uuid::now_v7()).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps what was noted, all at once: whoever finds it knows that the network is whole.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn remember(self) -> Outcome<()> {
        let tx = self.app.store.begin().await?;
        for (name, row) in self.marks {
            tx.mark(&name, row).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// What a table names, or a fault in the tables.
///
/// # Errors
/// NOT_FOUND with the kind of thing.
pub fn found<T>(thing: Option<T>, kind: &str) -> Outcome<T> {
    thing.ok_or_else(|| Rule::at(kind, RuleCode::NotFound).into())
}
