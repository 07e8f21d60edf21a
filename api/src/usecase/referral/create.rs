//! Beginning a referral, and sending it at once if asked to.

use super::details;
use super::redraft::tell_of_many;
use crate::app::App;
use crate::domain::case::{Case, Need};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{
    CaseId, ConsentId, ConsentOverrideId, GoalId, NeedId, ReferralId, ServiceAtLocationId, ServiceId,
};
use crate::domain::parts::Parts;
use crate::domain::policy::Power;
use crate::domain::referral::carried::Details;
use crate::domain::referral::table::find;
use crate::domain::referral::{Command, Party, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::service::Service;
use crate::store::ledger::Happening;
use crate::store::referral_drafts::{Added, NewReferral};
use crate::store::referral_writes::Facts;
use crate::usecase::case::{need_still_open, still_open};
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// One need offered to one service.
#[derive(Debug, Clone)]
pub struct Create {
    pub case: CaseId,
    pub need: NeedId,
    pub service: ServiceId,
    pub service_at_location: Option<ServiceAtLocationId>,
    /// Of the need's goals, those that this referral is about; all when none is named.
    pub goals: Vec<GoalId>,
    /// The consent to send under; the newest that covers it when none is named.
    pub consent: Option<ConsentId>,
    pub background: Option<Private<String>>,
    /// Whether the person knows of the referral.
    pub person_informed: bool,
    pub client_reference: Option<Private<String>>,
    /// The referral that ended without the need being met, if this is another attempt.
    pub previous: Option<ReferralId>,
    /// Send it in the same step.
    pub send: bool,
    /// Have a place held until the decision is due, where it is sent in the same step.
    pub hold_place: bool,
    /// What stands in for a consent that could not be had.
    pub stands_in: Option<ConsentOverrideId>,
    /// What else it carries.
    pub details: Details,
}

/// The holder's side begins a referral for an open need. Nothing is disclosed before it is sent.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED; NEED_CLOSED; DUPLICATE_REFERRAL; and, when it is to be sent, those of sending.
pub async fn create(app: &App, ask: Ask<'_>, input: Create) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input)?;
    details::check(&work, &input.details).await?;
    let case = super::super::case::held_open_case(&work, input.case).await?;
    work.needs(Power::SendReferrals, Some(case.program_id), "caseId")?;
    let need = open_need(&case, input.need)?;
    let service = work
        .tx
        .service(&work.sight(), input.service)
        .await?
        .ok_or_else(|| Rule::at("serviceId", RuleCode::NotFound))?;
    check_target(&service, &input)?;
    let goals = chosen_goals(need, &input.goals)?;
    still_open(&work, case.id).await?;
    need_still_open(&work, need.id).await?;
    let (root, attempt) = lineage(&work, &input).await?;
    let id = Uuid::now_v7();
    let new = NewReferral {
        id,
        case: &case,
        need,
        service: &service,
        place: input.service_at_location,
        sender: work.deed.organization,
        background: super::seal(&work, "referral", "background_sealed", id, input.background.as_ref())?,
        client_reference: own_reference(&work, id, input.client_reference.as_ref())?,
        previous: input.previous,
        root,
        attempt,
    };
    match work.tx.add_referral(new, work.deed.now).await? {
        Added::Yes => {}
        Added::Duplicate => return Err(Rule::at("serviceId", RuleCode::DuplicateReferral).into()),
        Added::ReferenceTaken => return Err(Rule::at("clientReference", RuleCode::AlreadyExists).into()),
    }
    for (position, goal) in (1_i32..).zip(goals) {
        work.tx.add_referral_goal(id, goal, position).await?;
    }
    if input.send {
        let Create { consent, person_informed, hold_place, stands_in, details, .. } = input;
        let how = super::Send { consent, person_informed, stands_in, hold_place };
        super::send::send_draft(&work, id.into(), &case, how, details).await?;
    } else {
        work.tx.set_facts(id.into(), details::said(&work, id, &input.details, Facts::default())?).await?;
        work.record(&begun(&work, id, &case, need)).await?;
    }
    work.commit(id.into()).await
}

fn check(input: &Create) -> Result<(), Failure> {
    let mut rules = Rules::default();
    if let Some(background) = &input.background {
        rules.text("background", background.expose(), 0, super::MAX_TEXT);
    }
    if let Some(reference) = &input.client_reference {
        rules.text("clientReference", reference.expose(), 1, 100);
    }
    rules.settle()
}

/// The sender's own reference, sealed and indexed: it is often a local case number.
fn own_reference(
    work: &Work<'_>,
    id: Uuid,
    reference: Option<&Private<String>>,
) -> Result<Option<(String, String)>, Failure> {
    let sealed = super::seal(work, "referral", "client_reference_sealed", id, reference)?;
    let index = reference.map(|reference| work.app.reference_index(work.deed.organization, reference));
    Ok(sealed.zip(index))
}

fn open_need(case: &Case, id: NeedId) -> Result<&Need, Failure> {
    let need = case.needs.iter().find(|need| need.id == id).ok_or_else(|| Rule::at("needId", RuleCode::NotFound))?;
    if need.status.is_open() { Ok(need) } else { Err(Rule::at("needId", RuleCode::NeedClosed).into()) }
}

fn check_target(service: &Service, input: &Create) -> Result<(), Failure> {
    match input.service_at_location {
        Some(place) if !service.places.iter().any(|known| known.id == place) => {
            Err(Rule::at("serviceAtLocationId", RuleCode::NotFound).into())
        }
        _ => Ok(()),
    }
}

fn chosen_goals(need: &Need, chosen: &[GoalId]) -> Result<Vec<GoalId>, Failure> {
    if chosen.is_empty() {
        return Ok(need.goals.iter().map(|goal| goal.id).collect());
    }
    let mut rules = Rules::default();
    for (at, goal) in chosen.iter().enumerate() {
        let known = need.goals.iter().any(|known| known.id == *goal);
        rules.check(known, &format!("goalIds.{at}"), RuleCode::NotFound);
        rules.check(!chosen[..at].contains(goal), &format!("goalIds.{at}"), RuleCode::Invalid);
    }
    rules.settle()?;
    Ok(chosen.to_vec())
}

/// The first referral of the chain of attempts, and the number of this one.
async fn lineage(work: &Work<'_>, input: &Create) -> Result<(Option<Uuid>, i32), Failure> {
    let Some(previous) = input.previous else {
        tell_of_many(work, input.need, None, 1).await?;
        return Ok((None, 1));
    };
    let found = work.tx.referral(&work.sight(), previous, &Parts::All).await?;
    let previous = found.ok_or_else(|| Rule::at("previousId", RuleCode::NotFound))?;
    if previous.need_id != Some(input.need) {
        return Err(Rule::at("previousId", RuleCode::Invalid).into());
    }
    if find(Command::Create, previous.status).is_none() {
        return Err(Rule::at("previousId", RuleCode::WrongState).into());
    }
    let root = work.tx.referral_root(previous.id).await?;
    let attempt = previous.attempt.unwrap_or(1).max(work.tx.tried_for(input.need).await?.number) + 1;
    tell_of_many(work, input.need, Some(previous.id), attempt).await?;
    Ok((Some(root), attempt))
}

fn begun(work: &Work<'_>, id: Uuid, case: &Case, need: &Need) -> Happening {
    debug_assert_eq!(case.holder.id, work.deed.organization);
    Happening {
        case: Some(case.id),
        to: Some(Status::Draft),
        program: Some(case.program_id),
        area: case.area_id,
        dimension: Some(need.dimension),
        level: Some(need.level),
        ..Happening::to((Kind::Referral, id), Party::SenderWorker.code(), 1)
    }
}
