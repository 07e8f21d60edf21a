//! Passing a part of a referral on to another organization.

use super::propose::{running, seen_by_all};
use super::{MAX_TEXT, ended_or, seal};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::{Case, CaseStatus};
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{GoalId, ReferralId, ServiceAtLocationId, ServiceId};
use crate::domain::notice::Notice;
use crate::domain::policy::{Extent, Sight};
use crate::domain::referral::{Command, Referral, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::service::Service;
use crate::store::ledger::Happening;
use crate::store::referral_chain::NewPart;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// Which part of which referral goes to which service.
#[derive(Debug, Clone)]
pub struct PassOn {
    pub parent: ReferralId,
    pub service: ServiceId,
    pub service_at_location: Option<ServiceAtLocationId>,
    /// Of the referral's goals, those that are passed on; all when none is named.
    pub goals: Vec<GoalId>,
    pub background: Option<Private<String>>,
}

/// The receiver of a running referral begins one of its own for a part of it. The case's holder stays accountable: it is
/// told, and records the person's consent for the other organization; then the receiver sends. What was passed on is not
/// passed on again.
///
/// # Errors
/// Those of `running`, also for what was passed on itself; NOT_FOUND and SERVICE_CLOSED for a service that the holder
/// could not see, INVALID for one of the two organizations themselves; NEED_CLOSED, CASE_CLOSED; DUPLICATE_REFERRAL.
pub async fn pass_on(app: &App, ask: Ask<'_>, input: PassOn) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    if let Some(background) = &input.background {
        let mut rules = Rules::default();
        rules.text("background", background.expose(), 0, MAX_TEXT);
        rules.settle()?;
    }
    let (parent, party) = running(&work, input.parent, Command::PassOn).await?;
    let service = target(&work, &parent, &input).await?;
    let goals = chosen(&parent, &input.goals)?;
    let id = Uuid::now_v7();
    let new = NewPart {
        id,
        parent: parent.id,
        service: &service,
        place: input.service_at_location,
        background: seal(&work, "referral", "background_sealed", id, input.background.as_ref())?,
        goals: &goals,
    };
    ended_or(work.tx.pass_on(new, work.deed.now).await?)?;
    tell_holder(&work, &parent, "PASSED_ON_NEEDS_CONSENT");
    let act = Notice::act(work.deed.organization, MemberRole::CaseManager);
    work.record(&Happening {
        case: Some(parent.case_id),
        to: Some(Status::Draft),
        program: Some(parent.program_id),
        area: parent.area_id,
        dimension: Some(parent.dimension),
        level: Some(parent.level),
        notify: vec![Notice { program: Some(parent.program_id), ..act }],
        ..Happening::to((Kind::Referral, id), party.code(), 1)
    })
    .await?;
    work.commit(id.into()).await
}

async fn target(work: &Work<'_>, parent: &Referral, input: &PassOn) -> Result<Service, Failure> {
    let service = seen_by_all(work, input.service).await?;
    let receiver = service.organization.id;
    // Who has taken the person on gives it itself, and who holds the case is asked by a proposal.
    if receiver == parent.receiver.id || receiver == parent.sender.id {
        return Err(Rule::at("serviceId", RuleCode::Invalid).into());
    }
    let unknown = |place: ServiceAtLocationId| !service.places.iter().any(|known| known.id == place);
    if input.service_at_location.is_some_and(unknown) {
        return Err(Rule::at("serviceAtLocationId", RuleCode::NotFound).into());
    }
    Ok(service)
}

fn chosen(parent: &Referral, asked: &[GoalId]) -> Result<Vec<GoalId>, Failure> {
    let taken: Vec<GoalId> = parent.goals.iter().filter(|goal| !goal.is_left_out).map(|goal| goal.id).collect();
    if asked.is_empty() {
        return Ok(taken);
    }
    let mut rules = Rules::default();
    for (at, goal) in asked.iter().enumerate() {
        rules.check(taken.contains(goal), &format!("goalIds.{at}"), RuleCode::NotFound);
        rules.check(!asked[..at].contains(goal), &format!("goalIds.{at}"), RuleCode::Invalid);
    }
    rules.settle()?;
    Ok(asked.to_vec())
}

/// Tells the case's holder something about a referral that it sent, of which a part is passed on: it can't read that part's
/// own referral.
fn tell_holder(work: &Work<'_>, parent: &Referral, kind: &'static str) {
    let act = Notice::act(parent.sender.id, MemberRole::CaseManager).of_kind(kind);
    let notice = Notice { program: Some(parent.program_id), ..act };
    work.tx.tell(&notice, work.deed.mutation, (Kind::Referral, parent.id.into()), work.deed.now);
}

/// The case of a referral by which a part is passed on, as its holder sees it: what may be sent is decided by what the
/// holder recorded, of which whoever passes on reads nothing.
///
/// # Errors
/// CASE_CLOSED.
pub(super) async fn case_of(work: &Work<'_>, referral: &Referral) -> Result<Case, Failure> {
    let holder = work.tx.holder_of(referral.case_id).await?;
    let within = Extent::Programs(vec![referral.program_id]);
    let sight = Sight { organization: Some(holder), cases: within, ..work.sight() };
    let case = work.tx.case(&sight, referral.case_id).await?;
    case.filter(|case| case.status == CaseStatus::Open)
        .ok_or_else(|| Rule::at("referralId", RuleCode::CaseClosed).into())
}
