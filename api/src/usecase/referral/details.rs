//! What a referral carries beside the need, as its sender says it.

use super::seal;
use crate::app::App;
use crate::domain::clock::date_of;
use crate::domain::code::Code;
use crate::domain::referral::Referral;
use crate::domain::referral::carried::{ContactRestriction, Details, FollowUp, FollowUpChannel, FollowUpTopic};
use crate::domain::referral::clocks::PLAN_DAYS;
use crate::domain::rule::{Failure, Fault, RuleCode, Rules};
use crate::store::referral_writes::Facts;
use crate::store::statement::json;
use crate::usecase::taxonomy::usable;
use crate::usecase::work::Work;
use jiff::ToSpan as _;
use uuid::Uuid;

/// That what is said is sound, and that the categories of help are known.
///
/// # Errors
/// What is wrong below `details`.
pub(super) async fn check(work: &Work<'_>, details: &Details) -> Result<(), Failure> {
    let mut rules = Rules::default();
    details.check(&work.app.today(), &last_day(work.app), &mut rules);
    for (at, help) in details.help.iter().flatten().enumerate() {
        let known = usable(work, &help.category).await?.is_some();
        rules.check(known, &format!("details.priorHelp.{at}.categoryCode"), RuleCode::NotFound);
    }
    rules.settle()
}

fn last_day(app: &App) -> String {
    let today = date_of(app.clock.now());
    today.checked_add(PLAN_DAYS.days()).unwrap_or(today).to_string()
}

/// What is said, as columns of the referral.
///
/// # Errors
/// A text that can't be sealed.
pub(super) fn said(work: &Work<'_>, id: Uuid, details: &Details, facts: Facts) -> Result<Facts, Fault> {
    let mut facts = facts;
    if let Some(FollowUp { channel, by, about }) = &details.follow_up {
        facts = facts
            .set("follow_up_channel", channel.unwrap_or(FollowUpChannel::InSystem).code())
            .set("follow_up_by", by.clone())
            .set("follow_up_about", json(about.as_deref().unwrap_or(&[FollowUpTopic::Outcome]))?);
    }
    if let Some((codes, text)) = &details.restrictions {
        let sealed = seal(work, "referral", "restrictions_sealed", id, text.as_ref())?;
        facts = facts.set("restrictions", json(codes)?).set("restrictions_sealed", sealed);
    }
    if let Some(help) = &details.help {
        facts = facts.set("help_told", json(help)?);
    }
    Ok(facts)
}

/// The same for a draft that is sent now: what nobody has said is told to be so, and what the server knows of help
/// elsewhere is frozen.
///
/// # Errors
/// A text that can't be sealed.
pub(super) fn sent(work: &Work<'_>, draft: &Referral, details: Details, facts: Facts) -> Result<Facts, Fault> {
    let mut details = details;
    if draft.follow_up.channel.is_none() {
        details.follow_up.get_or_insert_default();
    }
    if draft.restrictions.codes.as_ref().is_none_or(Vec::is_empty) {
        details.restrictions.get_or_insert_with(|| (vec![ContactRestriction::NotStated], None));
    }
    let facts = said(work, draft.id.into(), &details, facts)?;
    Ok(facts.set("help_known", json(draft.prior_help.known.as_deref().unwrap_or_default())?))
}
