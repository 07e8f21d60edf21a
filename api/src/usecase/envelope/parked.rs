//! Commands that wait for a person: their author, or who supervises them, has each done on what stands now, or not at all.

use super::Queued;
use crate::app::App;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::envelope::{ParkedCommand, ParkedStatus};
use crate::domain::global_id::Kind;
use crate::domain::page::{Page, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Sight};
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::store::parked::ParkedSight;
use crate::store::sealing::Place;
use crate::usecase::work::{self, Ask, Begun, fresh, open as begin};
use uuid::Uuid;

/// Which parked command, in which version, and what is to become of it.
#[derive(Debug, Clone, Copy)]
pub struct Settle {
    pub id: Uuid,
    pub expected_version: i32,
}

/// What becomes of it.
#[derive(Debug, Clone)]
pub enum NewState {
    /// It is done now by whoever decides, on what stands now; nothing where it no longer waits.
    Resolved(Option<Box<Queued>>),
    /// It is not done.
    Discarded,
}

/// Whose parked commands an actor sees; nothing for nobody.
#[must_use]
pub fn sight_of(actor: &Actor) -> Option<ParkedSight> {
    let supervises = match actor {
        Actor::Member { roles, .. } => {
            roles.iter().filter(|grant| grant.role == MemberRole::Supervisor).fold(Extent::Nothing, |extent, grant| {
                extent.or(grant.program.map_or(Extent::Everything, |program| Extent::Programs(vec![program])))
            })
        }
        Actor::Client { .. } | Actor::Anonymous => Extent::Nothing,
    };
    Some(ParkedSight { organization: actor.organization()?, author: actor.principal()?, supervises })
}

/// The parked commands that the asker sees, the oldest first.
///
/// # Errors
/// What the engine refuses.
pub async fn parked(
    app: &App,
    sight: &ParkedSight,
    status: &[ParkedStatus],
    window: &Window,
) -> Result<Page<ParkedCommand>, Fault> {
    app.store.parked_commands(sight, status, window).await
}

/// A parked command that the asker sees, and its text while it waits.
///
/// # Errors
/// NOT_FOUND; our faults.
pub async fn load(app: &App, actor: &Actor, id: Uuid) -> Outcome<(ParkedCommand, Option<Private<String>>)> {
    let sight = sight_of(actor).ok_or(Refusal::Unauthenticated)?;
    let found = app.store.parked_command(&sight, id).await?;
    let found = found.ok_or_else(|| Rule::at("parkedCommandId", RuleCode::NotFound))?;
    let waits = found.status == ParkedStatus::Waiting;
    let text = if waits { Some(app.parked_text(&found)?) } else { None };
    Ok((found, text))
}

/// Settles a parked command. To have it done, whoever decides needs what its mutation needs; it is done on the version that
/// stands now, once, however often this is asked for.
///
/// # Errors
/// NOT_FOUND, NOT_NOW, STALE_VERSION; those of the mutation itself.
pub async fn settle(app: &App, ask: Ask<'_>, which: Settle, to: NewState) -> Outcome<Uuid> {
    // What was answered before is answered again, before anything is done.
    if let Begun::Again(id) = work::begin(app, ask).await? {
        return Ok(id);
    }
    let status = match to {
        NewState::Discarded => ParkedStatus::Discarded,
        NewState::Resolved(None) => return Err(Rule::at("parkedCommandId", RuleCode::NotNow).into()),
        NewState::Resolved(Some(queued)) => {
            resolve(app, ask, which, *queued).await?;
            ParkedStatus::Resolved
        }
    };
    let work = begin!(app, ask);
    let sight = sight_of(work.actor).ok_or(Refusal::Unauthenticated)?;
    let found = app.store.parked_command(&sight, which.id).await?;
    let found = found.ok_or_else(|| Rule::at("parkedCommandId", RuleCode::NotFound))?;
    fresh(which.expected_version, found.version)?;
    if !work.tx.settle_parked(which.id, which.expected_version, status, &work.deed).await? {
        return Err(Rule::at("parkedCommandId", RuleCode::NotNow).into());
    }
    work.commit(which.id).await
}

/// Does the command under a key of its own, so that it is done once even if what follows fails.
async fn resolve(app: &App, ask: Ask<'_>, which: Settle, queued: Queued) -> Result<(), Failure> {
    let key = format!("parked:{}", which.id);
    let own = Ask { mutation: queued.mutation(), key: &key, ..ask };
    let queued = match current(app, ask.actor, &queued).await? {
        Some(version) => queued.on(version),
        None => queued,
    };
    queued.run(app, own).await.map(drop)
}

/// The version of what a command is about, as it stands now.
async fn current(app: &App, actor: &Actor, queued: &Queued) -> Result<Option<i32>, Fault> {
    let sight = Sight::of(actor);
    Ok(match queued.subject() {
        ((Kind::Referral, id), Some(_)) => {
            app.store.referral(&sight, id.into(), &Parts::All).await?.map(|referral| referral.version)
        }
        ((_, id), Some(_)) => {
            let key = crate::store::cases::CaseKey::Id(id.into());
            app.store.case(&sight, &key, &Parts::All).await?.map(|case| case.version)
        }
        _ => None,
    })
}

impl App {
    /// A parked command as the device sent it.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn parked_text(&self, of: &ParkedCommand) -> Result<Private<String>, Fault> {
        let place = Place { table: "parked_command", column: "command_sealed", row: of.id };
        Ok(self.sealer.open(place, &of.command)?)
    }
}
