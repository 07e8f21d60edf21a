//! What befell a referral after its acceptance, as types of the schema.

use crate::app::App;
use crate::domain::referral::clocks::{CANCEL_HOURS, CONTEST_DAYS, days_after, hours_after};
use crate::domain::referral::course::{DisputeAbout, DisputeDecision, VoidReason};
use crate::domain::referral::{Party, Reason, Referral, Status};
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::graphql::scalar::DateTime;
use async_graphql::SimpleObject;

/// Of a step that never happened nothing is shown.
type Shown<T> = Result<Option<T>, Fault>;

fn open(app: &App, of: &Referral, column: &'static str, text: Option<&Sealed>) -> Result<Option<String>, Fault> {
    Ok(app.course_text(of.id, column, text)?.map(|text| text.into_inner()))
}

/// An interruption of a service.
#[derive(SimpleObject)]
pub struct ReferralHold {
    /// Since when.
    since: DateTime,
    /// Why.
    reason: Option<Reason>,
    /// The text beside the reason; for sender and receiver.
    note: Option<String>,
    /// When it must be looked at again.
    review_due_at: Option<DateTime>,
    /// Where the service goes on afterwards.
    resumes_to: Option<Status>,
}

impl ReferralHold {
    /// The interruption that stands, also below a request to stop.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn of(app: &App, of: &Referral) -> Shown<Self> {
        let Some(since) = of.hold.since.filter(|_| !of.status.is_terminal()) else { return Ok(None) };
        Ok(Some(Self {
            since: DateTime(since),
            reason: of.hold.reason,
            note: open(app, of, "hold_note_sealed", of.hold.note.as_ref())?,
            review_due_at: of.due.review.map(DateTime),
            resumes_to: if of.status == Status::OnHold { of.before } else { of.hold.from },
        }))
    }
}

/// How far a service has come, as its provider last reported.
#[derive(SimpleObject)]
pub struct ReferralProgress {
    /// How much was done, such as appointments.
    done: i32,
    /// How much is planned in all.
    planned: i32,
    /// What was done as a share of what is planned, 0 to 1.
    ratio: f64,
    /// When it was reported.
    reported_at: DateTime,
    /// The text beside the last report.
    note: Option<String>,
}

impl ReferralProgress {
    /// The last report, for sender and receiver.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn of(app: &App, of: &Referral) -> Shown<Self> {
        let progress = &of.progress;
        let (Some(done), Some(planned), Some(at)) = (progress.done, progress.planned, progress.reported_at) else {
            return Ok(None);
        };
        Ok(Some(Self {
            done,
            planned,
            ratio: f64::from(done) / f64::from(planned.max(1)),
            reported_at: DateTime(at),
            note: open(app, of, "progress_note_sealed", progress.note.as_ref())?,
        }))
    }
}

/// The last request to stop a service, and what the receiver said to it.
#[derive(SimpleObject)]
pub struct ReferralCancellation {
    /// When it was asked for.
    asked_at: DateTime,
    /// Who asked.
    by: Option<Party>,
    /// Why.
    reason: Option<Reason>,
    /// The text beside the reason; only for the sender.
    note: Option<String>,
    /// When the receiver objected; null when it did not, and once the service goes on by the coordinator's decision.
    contested_at: Option<DateTime>,
    /// How the receiver knows that the person wishes to go on; for sender and receiver.
    statement: Option<String>,
    /// By when the receiver must answer, or the coordinator decide; null when nobody must.
    due_at: Option<DateTime>,
}

impl ReferralCancellation {
    /// The last request to stop.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn of(app: &App, of: &Referral) -> Shown<Self> {
        let Some(asked) = of.times.cancel_asked_at else { return Ok(None) };
        let due = match (of.status, of.times.contested_at) {
            (Status::CancelRequested, _) => Some(hours_after(asked, CANCEL_HOURS)),
            (status, Some(contested)) if !status.is_terminal() => Some(days_after(contested, CONTEST_DAYS)),
            _ => None,
        };
        Ok(Some(Self {
            asked_at: DateTime(asked),
            by: of.cancellation.by,
            reason: of.cancellation.reason,
            note: open(app, of, "cancel_note_sealed", of.cancellation.note.as_ref())?,
            contested_at: of.times.contested_at.map(DateTime),
            statement: open(app, of, "contest_note_sealed", of.cancellation.contest_note.as_ref())?,
            due_at: due.map(DateTime),
        }))
    }
}

/// An objection to a reported outcome, and what the coordinator found.
#[derive(SimpleObject)]
pub struct ReferralDispute {
    /// When it was raised.
    disputed_at: DateTime,
    /// Who objected.
    by: Option<Party>,
    /// What is wrong.
    about: Option<DisputeAbout>,
    /// What is so instead; for sender and receiver.
    note: Option<String>,
    /// What the coordinator found; null until then.
    decision: Option<DisputeDecision>,
    /// When the coordinator decided.
    decided_at: Option<DateTime>,
}

impl ReferralDispute {
    /// The objection, if there was one.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn of(app: &App, of: &Referral) -> Shown<Self> {
        let Some(at) = of.times.disputed_at else { return Ok(None) };
        Ok(Some(Self {
            disputed_at: DateTime(at),
            by: of.dispute.by,
            about: of.dispute.about,
            note: open(app, of, "dispute_note_sealed", of.dispute.note.as_ref())?,
            decision: of.dispute.decision,
            decided_at: of.dispute.decided_at.map(DateTime),
        }))
    }
}

/// A request to mark a referral as entered in error.
#[derive(SimpleObject)]
pub struct ReferralVoiding {
    /// When the first of the two people asked.
    asked_at: DateTime,
    /// In which part they asked.
    by: Option<Party>,
    /// Why.
    reason: Option<VoidReason>,
    /// When the second agreed; null until then.
    voided_at: Option<DateTime>,
}

impl ReferralVoiding {
    /// The request; the receiver learns of it when it is done.
    #[must_use]
    pub fn of(of: &Referral) -> Option<Self> {
        let voiding = &of.voiding;
        Some(Self {
            asked_at: DateTime(voiding.asked_at?),
            by: voiding.asked_as,
            reason: voiding.reason,
            voided_at: voiding.voided_at.map(DateTime),
        })
    }
}
