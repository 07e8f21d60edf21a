//! What stands in the way of sending a draft, told to whom may send it before they do.

use super::to_decide;
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::case::{Case, CaseStatus, ConsentField};
use crate::domain::clock::date_of;
use crate::domain::consent::Age;
use crate::domain::id::ReferralId;
use crate::domain::parts::Parts;
use crate::domain::policy::{Power, Sight, may, parties};
use crate::domain::referral::sending::{Known, Send, cleared};
use crate::domain::referral::{Party, Referral, Status};
use crate::domain::rule::{Fault, Rule, RuleCode};
use crate::store::agreements::agreed_terms;
use crate::store::cases::CaseKey;
use crate::store::consent_overrides::own_override;
use crate::store::door::Rows;
use crate::store::persons::signs_of_a_child;
use crate::store::service_places::serves;

/// Everything that stands in the way of sending a draft so, by the very rule by which it would be sent; nothing for whom
/// may not send it and for what is no draft.
///
/// # Errors
/// What the engine refuses; facts that can't be opened.
pub async fn blockers(app: &App, actor: &Actor, id: ReferralId, how: Send) -> Result<Option<Vec<Rule>>, Fault> {
    let sight = Sight::of(actor);
    let Some(referral) = app.store.referral(&sight, id, &to_decide()).await? else { return Ok(None) };
    // What is passed on rests on a case that its sender does not read.
    if referral.status != Status::Draft
        || referral.chain.parent_id.is_some()
        || !parties(actor, &referral).contains(&Party::SenderWorker)
    {
        return Ok(None);
    }
    let parts = Parts::all_but([("person", Parts::none())]);
    let case = app.store.case(&sight, &CaseKey::Id(referral.case_id), &parts).await?;
    let Some(case) = case else { return Ok(Some(vec![Rule::at("caseId", RuleCode::NotFound)])) };
    if !case.is_held || !may(actor, Power::WriteCases, Some(case.program_id)) {
        return Ok(Some(vec![Rule::at("caseId", RuleCode::NotPermitted)]));
    }
    if case.status == CaseStatus::Closed {
        return Ok(Some(vec![Rule::at("caseId", RuleCode::CaseClosed)]));
    }
    let known = known(&app.store, app, actor, (&case, &referral), how).await?;
    Ok(Some(cleared(&case, &referral, how, &known).err().unwrap_or_default()))
}

/// What is known beside the case and the referral, as it is now.
pub(super) async fn known(
    store: &impl Rows,
    app: &App,
    actor: &Actor,
    (case, referral): (&Case, &Referral),
    how: Send,
) -> Result<Known, Fault> {
    let sender = actor.organization().unwrap_or_default();
    let stands_in = match how.stands_in {
        Some(id) => own_override(store, sender, id).await?,
        None => None,
    };
    Ok(Known {
        today: date_of(app.clock.now()),
        now: app.now(),
        max_age_days: app.policy.service_max_age_days,
        sender,
        returned: app.return_facts(case)?.map(|facts| facts.return_type()),
        age: age_of(store, app, case).await?,
        is_served: serves(store, referral.service.id, case.area_id).await?,
        sent_by_supervisor: parties(actor, referral).contains(&Party::SenderSupervisor),
        stands_in,
        terms: agreed_terms(store, referral.id, &app.today()).await?,
    })
}

/// Whether a case is a child's, by whatever is known: the age band, the date of birth, or that a child is alone.
pub(crate) async fn age_of(store: &impl Rows, app: &App, case: &Case) -> Result<Age, Fault> {
    let today = date_of(app.clock.now());
    let mut says = Vec::new();
    let mut is_alone = false;
    for (person, known) in signs_of_a_child(store, case.id).await? {
        is_alone |= known.field == ConsentField::UnaccompaniedChild;
        let value = app.person_value(person, &known)?;
        says.push(known.says_child(value.as_ref().map(|value| value.expose().as_str()), today));
    }
    Ok(if is_alone { Age::ChildAlone } else { Age::of(case.age_band, &says) })
}
