//! Reporting progress on the way.

use super::{MAX_TEXT, Which, choose, go, happening, planned_end, seal};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::clocks::outcome_due;
use crate::domain::referral::{Command, Referral, Status};
use crate::domain::rule::{Failure, Outcome, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::ledger::Happening;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// The most that can be planned.
const MOST: i32 = 10_000;

/// How far a service has come.
#[derive(Debug, Clone)]
pub struct ReportProgress {
    pub which: Which,
    /// How much was done, such as appointments.
    pub done: i32,
    /// How much is planned in all; what was planned before when nothing is said.
    pub planned: Option<i32>,
    pub note: Option<Private<String>>,
    /// ISO 8601: another planned end.
    pub planned_end_on: Option<String>,
}

/// The receiver reports how much has been done of what is planned. What is planned changes only by saying so, and
/// without saying so what was done can't become less. Every report stays as an event.
///
/// # Errors
/// Those of [`choose`]; REQUIRED for a plan never told; INVALID; DATE_OUT_OF_RANGE.
pub async fn report_progress(app: &App, ask: Ask<'_>, input: ReportProgress) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    planned_end(&work, input.planned_end_on.as_deref())?;
    let mut rules = Rules::default();
    if let Some(note) = &input.note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    rules.settle()?;
    let chosen = choose(&work, input.which, Command::ReportProgress).await?;
    let referral = &chosen.referral;
    let planned = check(referral, &input)?;
    let note = seal(&work, "referral", "progress_note_sealed", referral.id.into(), input.note.as_ref())?;
    let facts = Facts::default()
        .set("progress_done", input.done)
        .set("progress_planned", planned)
        .set("progress_reported_at", work.deed.now)
        .set("progress_note_sealed", note);
    let facts = match &input.planned_end_on {
        Some(end) => {
            let due = outcome_due(&referral.limits(), Some(end), work.deed.now, referral.follow_up.by.as_deref());
            facts.set("planned_end_on", end.clone()).set("outcome_due_at", due).due(Some(due))
        }
        None => facts,
    };
    go(&work, &chosen, Status::InService, facts).await?;
    let reported = happening(&chosen, Status::InService, None);
    work.record(&Happening { progress: Some((input.done, planned)), ..reported }).await?;
    work.commit(referral.id).await
}

fn check(referral: &Referral, input: &ReportProgress) -> Result<i32, Failure> {
    let mut rules = Rules::default();
    let planned = input.planned.or(referral.progress.planned);
    rules.check(planned.is_some(), "planned", RuleCode::Required);
    let planned = planned.unwrap_or(MOST);
    rules.check((1..=MOST).contains(&planned), "planned", RuleCode::Invalid);
    rules.check((0..=planned).contains(&input.done), "done", RuleCode::Invalid);
    let goes_back = referral.progress.done.is_some_and(|before| input.done < before);
    rules.check(!goes_back || input.planned.is_some(), "done", RuleCode::Invalid);
    rules.settle()?;
    Ok(planned)
}
