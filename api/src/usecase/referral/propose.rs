//! A receiver who already helps somebody finds another need, and proposes to the case's holder that it is referred.

use super::{MAX_TEXT, ended_or, of_party, seal};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::case::Urgency;
use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::{ReferralId, ServiceId};
use crate::domain::notice::Notice;
use crate::domain::policy::parties;
use crate::domain::referral::beside::Beside;
use crate::domain::referral::table::{Unavailable, available, played};
use crate::domain::referral::{Command, Party, Referral, Status};
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::{Private, Sealed};
use crate::domain::service::{Category, Level, Service, Visibility};
use crate::store::ledger::Happening;
use crate::store::referral_chain::NewProposal;
use crate::store::sealing::Place;
use crate::usecase::case::{MAX_GOAL_TEXT, MAX_GOALS};
use crate::usecase::taxonomy::usable;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// Another need of somebody who is being helped, and a service that could answer it.
#[derive(Debug, Clone)]
pub struct Propose {
    /// The referral under which the person is helped; the case is named by it alone.
    pub from: ReferralId,
    pub service: ServiceId,
    pub category: String,
    pub urgency: Urgency,
    /// In the person's own words.
    pub goals: Vec<Private<String>>,
    /// Why, for the case's holder.
    pub reason: Option<Private<String>>,
    /// Whether the person knows of the proposal and agrees that the holder is told.
    pub person_informed: bool,
}

/// The receiver of a running referral proposes another one. A need and a draft are begun for the case's holder, which looks
/// at them, obtains the consent and sends, or takes the draft back. Nobody else learns anything, and the proposer sees
/// only whether it was taken up.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED, WRONG_STATE for a referral under which nobody is being helped; INVALID for a category that does
/// not exist or is no individual's; NOT_FOUND, SERVICE_CLOSED for a service that the holder could not see; INCOMPLETE
/// where the person does not know; CASE_CLOSED.
pub async fn propose(app: &App, ask: Ask<'_>, input: Propose) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input)?;
    let (from, party) = running(&work, input.from, Command::Propose).await?;
    if !input.person_informed {
        return Err(Rule::at("", RuleCode::Incomplete).with(Detail::Missing(vec!["PERSON_INFORMED"])).into());
    }
    let category = usable(&work, &input.category).await?.filter(|known| known.level == Level::Individual);
    let category = category.ok_or_else(|| Rule::at("need.categoryCode", RuleCode::Invalid))?;
    let service = seen_by_all(&work, input.service).await?;
    let (id, draft, need) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::new_v4());
    let goals = sealed(&work, &input.goals)?;
    let new = NewProposal {
        id,
        from: &from,
        draft,
        need,
        by: work.deed.organization,
        category: &category,
        urgency: input.urgency,
        service: &service,
        reason: seal(&work, "referral_proposal", "reason_sealed", id, input.reason.as_ref())?,
        goals: &goals,
    };
    ended_or(work.tx.propose_referral(new, work.deed.now).await?)?;
    work.tx.touch_case_of(from.id, work.deed.now).await?;
    work.record(&begun(&work, &from, (draft, party), &category).await?).await?;
    work.commit(from.id).await
}

fn check(input: &Propose) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(!input.goals.is_empty(), "need.goals", RuleCode::Required);
    rules.check(input.goals.len() <= MAX_GOALS, "need.goals", RuleCode::TooLong);
    for (at, goal) in input.goals.iter().enumerate() {
        rules.text(&format!("need.goals.{at}"), goal.expose(), 1, MAX_GOAL_TEXT);
    }
    if let Some(reason) = &input.reason {
        rules.text("reason", reason.expose(), 0, MAX_TEXT);
    }
    rules.settle()
}

/// A referral under which the asker's organization helps somebody, and the part in which the asker does.
///
/// # Errors
/// NOT_FOUND for whoever is no party; NOT_PERMITTED; WRONG_STATE with what is possible now.
pub(super) async fn running(work: &Work<'_>, id: ReferralId, command: Command) -> Result<(Referral, Party), Failure> {
    let referral = of_party(work, id).await?;
    let (plays, beside) = (parties(work.actor, &referral), Beside::of(&referral, work.actor));
    match available(command, referral.status, beside, &plays) {
        Ok(row) => {
            let party = played(command, row, beside, &plays).unwrap_or(Party::ReceiverWorker);
            Ok((referral, party))
        }
        Err(Unavailable::Party) => Err(Rule::at("referralId", RuleCode::NotPermitted).into()),
        Err(Unavailable::State) => Err(super::wrong_state(&referral, beside, &plays).into()),
    }
}

/// A service that the asker sees and that is not their organization's secret.
pub(super) async fn seen_by_all(work: &Work<'_>, id: ServiceId) -> Result<Service, Failure> {
    let found = work.tx.service(&work.sight(), id).await?;
    let service = found.ok_or_else(|| Rule::at("serviceId", RuleCode::NotFound))?;
    if service.visibility == Visibility::Own {
        return Err(Rule::at("serviceId", RuleCode::ServiceClosed).into());
    }
    Ok(service)
}

fn sealed(work: &Work<'_>, goals: &[Private<String>]) -> Result<Vec<(Uuid, Sealed)>, Fault> {
    let seal = |goal: &Private<String>| {
        let id = Uuid::new_v4();
        let place = Place { table: "goal", column: "text_sealed", row: id };
        Ok((id, work.app.sealer.seal(place, goal.expose())?))
    };
    goals.iter().map(seal).collect()
}

async fn begun(
    work: &Work<'_>,
    from: &Referral,
    (draft, party): (Uuid, Party),
    category: &Category,
) -> Result<Happening, Fault> {
    let holder = work.tx.holder_of(from.case_id).await?;
    let act = Notice::act(holder, MemberRole::CaseManager);
    Ok(Happening {
        case: Some(from.case_id),
        to: Some(Status::Draft),
        program: Some(from.program_id),
        area: from.area_id,
        dimension: Some(category.dimension),
        level: Some(category.level),
        receiver: Some(holder),
        notify: vec![Notice { program: Some(from.program_id), ..act }],
        ..Happening::to((Kind::Referral, draft), party.code(), 1)
    })
}
