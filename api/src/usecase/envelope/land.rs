//! What becomes of a queued command on arrival.

use super::Queued;
use crate::app::App;
use crate::domain::code::Code as _;
use crate::domain::envelope::{CommandOutcome, ParkedCommand, ParkedStatus};
use crate::domain::event::Event;
use crate::domain::global_id::Kind;
use crate::domain::id::ProgramId;
use crate::domain::parts::Parts;
use crate::domain::policy::{Sight, parties};
use crate::domain::referral::beside::Beside;
use crate::domain::referral::table::available;
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Refusal, Rule, RuleCode};
use crate::store::ledger::{Deed, deed_of};
use crate::store::parked::ParkedRow;
use crate::store::sealing::Place;
use crate::usecase::Ask;
use crate::usecase::work::{fingerprint, note_refusal};
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// How a command came: from which device, made when by the device's own clock, and as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Packed<'a> {
    pub device: &'a str,
    /// UTC microseconds by the device.
    pub made_at: i64,
    /// The command as JSON, to be parked sealed.
    pub text: &'a str,
}

/// What became of a command.
#[derive(Debug, Clone)]
pub struct Landed {
    pub outcome: CommandOutcome,
    pub subject: (Kind, Uuid),
    /// Whether it was done before under the same key.
    pub is_repeat: bool,
    /// Where it waits for a person.
    pub parked: Option<Uuid>,
    /// Why it was not simply done.
    pub rules: Vec<Rule>,
    /// What others did since the version that the device had seen.
    pub meanwhile: Vec<Event>,
}

impl Landed {
    /// An outcome with nothing more to say.
    #[must_use]
    pub fn new(outcome: CommandOutcome, subject: (Kind, Uuid)) -> Self {
        Self { outcome, subject, is_repeat: false, parked: None, rules: Vec::new(), meanwhile: Vec::new() }
    }

    fn because(self, rules: Vec<Rule>) -> Self {
        Self { rules, ..self }
    }
}

/// Lands one command. What it decides is decided by its own mutation, as of now; only the version it was made on is judged
/// more kindly where nobody else has acted, and where it says no more than what happened.
///
/// # Errors
/// Nobody is known; a fault of ours.
pub async fn land(app: &App, ask: Ask<'_>, queued: Queued, packed: Packed<'_>) -> Outcome<Landed> {
    let deed = deed_of(ask.actor, ask.mutation, ask.request, app.now()).ok_or(Refusal::Unauthenticated)?;
    let (subject, _) = queued.subject();
    let fingerprint = fingerprint(app, &deed, ask.input);
    if let Some(before) = app.store.parked_under(&deed, ask.key).await? {
        return Ok(parked_before(&before, &fingerprint, subject));
    }
    let rules = match queued.clone().run(app, ask).await {
        Ok(subject) => return Ok(applied(ask, subject)),
        Err(Failure::Rules(rules)) => rules,
        Err(other) => return Err(other),
    };
    note_refusal(app, ask, &rules).await;
    Judge { app, ask, deed, queued, packed, fingerprint }.judge(rules).await
}

/// What is said where a command was parked under the same key before: the same, unless another was meant.
fn parked_before(before: &ParkedCommand, fingerprint: &str, subject: (Kind, Uuid)) -> Landed {
    if before.fingerprint.as_ref().is_some_and(|kept| kept != fingerprint) {
        let rules = vec![Rule::at("idempotencyKey", RuleCode::IdempotencyConflict)];
        return Landed::new(CommandOutcome::Refused, subject).because(rules);
    }
    let outcome = match before.status {
        ParkedStatus::Waiting => CommandOutcome::Parked,
        ParkedStatus::Resolved => CommandOutcome::Applied,
        ParkedStatus::Discarded | ParkedStatus::Expired => CommandOutcome::Superseded,
    };
    let rules = vec![Rule::at("", before.because)];
    Landed { is_repeat: true, parked: Some(before.id), ..Landed::new(outcome, subject).because(rules) }
}

fn applied(ask: Ask<'_>, subject: (Kind, Uuid)) -> Landed {
    Landed { is_repeat: ask.replayed.load(Ordering::Relaxed), ..Landed::new(CommandOutcome::Applied, subject) }
}

struct Judge<'a> {
    app: &'a App,
    ask: Ask<'a>,
    deed: Deed,
    queued: Queued,
    packed: Packed<'a>,
    fingerprint: String,
}

impl Judge<'_> {
    async fn judge(&self, rules: Vec<Rule>) -> Outcome<Landed> {
        let (subject, seen) = self.queued.subject();
        let stale = rules.iter().find_map(|rule| match (rule.code, &rule.detail) {
            (RuleCode::StaleVersion, Detail::Version(current)) => Some(*current),
            _ => None,
        });
        let (Some(current), Some(seen)) = (stale, seen) else { return self.settle(rules, false).await };
        let own = self.app.store.own_changes(&self.deed, subject, seen).await?;
        let is_alone = own == i64::from(current) - i64::from(seen) && current > seen;
        if is_alone || self.queued.is_fact() {
            let again = self.queued.clone().on(current).run(self.app, self.ask).await;
            return match again {
                Ok(subject) => Ok(applied(self.ask, subject)),
                Err(Failure::Rules(rules)) => self.settle(rules, !is_alone).await,
                Err(other) => Err(other),
            };
        }
        if self.is_possible().await? { self.park(rules).await } else { self.supersede(rules).await }
    }

    /// What is to be said of rules that another version does not mend. `acted` tells whether others did something.
    async fn settle(&self, rules: Vec<Rule>, acted: bool) -> Outcome<Landed> {
        let code = rules.first().map(|rule| rule.code).unwrap_or_default();
        match code {
            _ if Queued::is_settled_by(code) => self.supersede(rules).await,
            _ if Queued::needs_a_choice(code) => self.park(rules).await,
            RuleCode::WrongState | RuleCode::StaleVersion if acted => self.supersede(rules).await,
            // Somebody was faster by a moment: it may come again.
            RuleCode::StaleVersion => Ok(Landed::new(CommandOutcome::Failed, self.queued.subject().0).because(rules)),
            _ => Ok(Landed::new(CommandOutcome::Refused, self.queued.subject().0).because(rules)),
        }
    }

    /// Whether the asker could still do it, on what stands now.
    async fn is_possible(&self) -> Result<bool, Fault> {
        let ((_, id), _) = self.queued.subject();
        let Some(command) = self.queued.command() else { return Ok(true) };
        let sight = Sight::of(self.ask.actor);
        let Some(referral) = self.app.store.referral(&sight, id.into(), &Parts::All).await? else { return Ok(false) };
        let beside = Beside::of(&referral, self.ask.actor);
        Ok(available(command, referral.status, beside, &parties(self.ask.actor, &referral)).is_ok())
    }

    async fn supersede(&self, rules: Vec<Rule>) -> Outcome<Landed> {
        let meanwhile = self.meanwhile().await?;
        let landed = Landed::new(CommandOutcome::Superseded, self.queued.subject().0);
        Ok(Landed { meanwhile, ..landed.because(rules) })
    }

    async fn meanwhile(&self) -> Result<Vec<Event>, Fault> {
        match self.queued.subject() {
            ((Kind::Referral, id), Some(seen)) => self.app.store.happened_since(&self.deed, id, seen).await,
            _ => Ok(Vec::new()),
        }
    }

    async fn park(&self, rules: Vec<Rule>) -> Outcome<Landed> {
        let (subject, seen) = self.queued.subject();
        let id = Uuid::now_v7();
        let place = Place { table: "parked_command", column: "command_sealed", row: id };
        let row = ParkedRow {
            id,
            key: self.ask.key,
            device: self.packed.device,
            subject,
            program: self.program().await?,
            seen_version: seen,
            made_at: self.packed.made_at,
            because: rules.first().map(|rule| rule.code).unwrap_or_default().code(),
            fingerprint: &self.fingerprint,
            command: self.app.sealer.seal(place, self.packed.text).map_err(Fault::from)?.as_stored().to_owned(),
        };
        // Where the same came twice at once, one is parked.
        if !self.app.store.park(&self.deed, row).await?
            && let Some(before) = self.app.store.parked_under(&self.deed, self.ask.key).await?
        {
            return Ok(parked_before(&before, &self.fingerprint, subject));
        }
        let landed = Landed::new(CommandOutcome::Parked, subject);
        Ok(Landed { parked: Some(id), meanwhile: self.meanwhile().await?, ..landed.because(rules) })
    }

    async fn program(&self) -> Result<Option<ProgramId>, Fault> {
        let ((kind, id), _) = self.queued.subject();
        let sight = Sight::of(self.ask.actor);
        if kind == Kind::Referral {
            let found = self.app.store.referral(&sight, id.into(), &Parts::All).await?;
            return Ok(found.map(|referral| referral.program_id));
        }
        let key = crate::store::cases::CaseKey::Id(id.into());
        Ok(self.app.store.case(&sight, &key, &Parts::All).await?.map(|case| case.program_id))
    }
}
