//! Saying no, with a reason.

use super::held::{let_go, paused_until};
use super::{Which, check_told, choose, go, happening, seal};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::correction::{CorrectionAbout, LONGEST_HINT};
use crate::domain::criterion::{Attributes, CheckAnswer, Criterion, ages, answer, published};
use crate::domain::id::ReferralId;
use crate::domain::parts::Parts;
use crate::domain::referral::{Command, Reason, Referral, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::service::{Capacity, Service};
use crate::store::referral_writes::Facts;
use crate::usecase::correction::{Hint, open_correction};
use crate::usecase::work::{Ask, Work, open as begin};

/// Why the receiver says no.
#[derive(Debug, Clone)]
pub struct Decline {
    pub which: Which,
    pub reason: Reason,
    pub note: Option<Private<String>>,
    pub cited: Cited,
}

/// The condition on which a decline for ineligibility rests: a published one by its key, or one to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cited {
    pub criterion: Option<String>,
    pub proposed: Option<String>,
}

/// The receiver declines; its window on the case closes. A condition that the entry does not publish, or one that the
/// person meets by what the receiver was shown, opens a correction of the entry.
///
/// # Errors
/// Those of [`choose`]; REASON_NOT_ALLOWED; TEXT_REQUIRED; REQUIRED or INVALID at `criterion` where ineligibility rests on
/// no condition or on one that is not published.
pub async fn decline(app: &App, ask: Ask<'_>, input: Decline) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let ineligible = input.reason == Reason::NotEligible;
    check_told(input.reason, input.note.as_ref(), Status::Declined, ineligible)?;
    check_cited(&input.cited, ineligible)?;
    let chosen = choose(&work, input.which, Command::Decline).await?;
    let hint = if ineligible { hint(&work, &chosen.referral, &input.cited).await? } else { None };
    let places_free = if input.reason == Reason::NoCapacity { stated_free(&work, &chosen.referral) } else { None };
    let note = seal(&work, "referral", "note_sealed", chosen.referral.id.into(), input.note.as_ref())?;
    let facts = paused_until(&chosen.referral, let_go(&work, &chosen.referral, Facts::default()), work.deed.now)
        .set("reason", input.reason.code())
        .set("note_sealed", note)
        .set("cited_criterion", input.cited.criterion)
        .set("proposed_criterion", input.cited.proposed.map(|text| text.trim().to_owned()))
        .set("declined_while_free", places_free)
        .set("decided_at", work.deed.now)
        .set("ended_at", work.deed.now)
        .due(None);
    go(&work, &chosen, Status::Declined, facts).await?;
    work.tx.end_grants(chosen.referral.id, work.deed.now);
    let mut declined = happening(&chosen, Status::Declined, Some(input.reason));
    declined.places_free = places_free;
    work.record(&declined).await?;
    if let Some((service, hint)) = hint {
        open_correction(&work, &service, hint).await?;
    }
    work.commit(chosen.referral.id).await
}

/// That a condition goes with ineligibility, and with nothing else.
pub(super) fn check_cited(cited: &Cited, ineligible: bool) -> Result<(), Failure> {
    let mut rules = Rules::default();
    let (criterion, proposed) = (cited.criterion.as_deref(), cited.proposed.as_deref());
    if ineligible {
        rules.check(criterion.is_some() || proposed.is_some(), "criterion", RuleCode::Required);
        rules.check(criterion.is_none() || proposed.is_none(), "proposedCriterion", RuleCode::Invalid);
    } else {
        rules.check(criterion.is_none(), "criterion", RuleCode::Invalid);
        rules.check(proposed.is_none(), "proposedCriterion", RuleCode::Invalid);
    }
    if let Some(text) = proposed {
        rules.text("proposedCriterion", text, 1, LONGEST_HINT);
    }
    rules.settle()
}

/// What a decline for ineligibility says about the entry: that it lacks a condition, or that the one cited does not
/// explain the decline by what the receiver itself was shown of the person. Nothing else of the person is looked at.
pub(super) async fn hint(
    work: &Work<'_>,
    referral: &Referral,
    cited: &Cited,
) -> Result<Option<(Service, Hint)>, Failure> {
    let Some(service) = work.tx.service(&work.sight(), referral.service.id).await? else { return Ok(None) };
    let Some(key) = &cited.criterion else {
        let text = cited.proposed.as_deref().unwrap_or_default().trim().to_owned();
        return Ok(Some((service, Hint { about: CorrectionAbout::ProposedCriterion, criterion: None, text })));
    };
    let Some(criterion) = published(&service).into_iter().find(|published| published.key == *key) else {
        return Err(Rule::at("criterion", RuleCode::Invalid).into());
    };
    let shown = Parts::at(&[&["released", "age_band"], &["released", "sex"], &["released", "language"]]);
    let seen = work.tx.referral(&work.sight(), referral.id, &shown).await?;
    let is_met = seen.is_some_and(|seen| seems_met(&service, &seen, &criterion));
    let hint = Hint { about: CorrectionAbout::CitedCriterion, criterion: Some(key.clone()), text: String::new() };
    Ok(is_met.then_some((service, hint)))
}

fn seems_met(service: &Service, referral: &Referral, criterion: &Criterion) -> bool {
    let Some(shown) = &referral.released else { return false };
    let person = Attributes {
        age: shown.age_band.map(ages),
        sex: shown.sex,
        languages: shown.language.clone().map(|language| vec![language]),
        ..Attributes::default()
    };
    answer(service, &person, criterion) == CheckAnswer::Pass
}

/// How many places were stated free, if the provider's word on them is recent.
fn stated_free(work: &Work<'_>, referral: &Referral) -> Option<i32> {
    let capacity = referral.service.capacity_for(referral.service_at_location_id)?;
    let recent = !capacity.is_outdated(work.deed.now);
    Some(capacity).filter(|_| recent).and_then(Capacity::free).filter(|free| *free > 0)
}
