//! Saying no and naming a better service.

use super::decline::{Cited, check_cited, hint};
use super::held::let_go;
use super::redraft::tell_of_many;
use super::{Which, check_told, choose, go, happening, seal};
use crate::app::App;
use crate::domain::code::Code;
use crate::domain::id::{ReferralId, ServiceId};
use crate::domain::referral::{Command, Reason, Referral, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::domain::service::{Service, Visibility};
use crate::store::referral_redrafts::Redrafted;
use crate::store::referral_writes::Facts;
use crate::usecase::correction::open_correction;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// Which service is better, and why this one is not it.
#[derive(Debug, Clone)]
pub struct Redirect {
    pub which: Which,
    pub service: ServiceId,
    pub reason: Reason,
    pub note: Option<Private<String>>,
    /// The condition on which it rests, where the person is not eligible.
    pub cited: Cited,
}

/// The receiver declines and names a better service. A draft to it is begun for the sender, as the next attempt; nothing
/// is disclosed to the new receiver before the sender sends it under a consent for it.
///
/// # Errors
/// Those of `choose`; REASON_NOT_ALLOWED, TEXT_REQUIRED; INVALID at `criterion` for a condition that is not published; NOT_FOUND for a service that is not visible, INVALID for the
/// same one, SERVICE_CLOSED for one that the sender can't see; NEED_CLOSED.
pub async fn redirect(app: &App, ask: Ask<'_>, input: Redirect) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let ineligible = input.reason == Reason::NotEligible;
    // A text says why to those who do not cite; what cites mends the directory.
    let cites = input.cited != Cited::default();
    check_told(input.reason, input.note.as_ref(), Status::Declined, ineligible && cites)?;
    if cites {
        check_cited(&input.cited, ineligible)?;
    }
    let chosen = choose(&work, input.which, Command::Redirect).await?;
    let referral = &chosen.referral;
    let better = better(&work, input.service, referral.service.id).await?;
    let hint = if cites { hint(&work, referral, &input.cited).await? } else { None };
    let draft = begin_draft(&work, referral, &better).await?;
    let note = seal(&work, "referral", "note_sealed", referral.id.into(), input.note.as_ref())?;
    let facts = let_go(&work, referral, Facts::default())
        .set("reason", input.reason.code())
        .set("note_sealed", note)
        .set("cited_criterion", input.cited.criterion)
        .set("proposed_criterion", input.cited.proposed.map(|text| text.trim().to_owned()))
        .set("redirected_to_id", draft)
        .set("decided_at", work.deed.now)
        .set("ended_at", work.deed.now)
        .due(None);
    go(&work, &chosen, Status::Declined, facts).await?;
    work.tx.end_grants(referral.id, work.deed.now);
    work.record(&happening(&chosen, Status::Declined, Some(input.reason))).await?;
    if let Some((service, hint)) = hint {
        open_correction(&work, &service, hint).await?;
    }
    work.commit(referral.id).await
}

async fn better(work: &Work<'_>, id: ServiceId, present: ServiceId) -> Result<Service, Failure> {
    if id == present {
        return Err(Rule::at("betterServiceId", RuleCode::Invalid).into());
    }
    let found = work.tx.service(&work.sight(), id).await?;
    let service = found.ok_or_else(|| Rule::at("betterServiceId", RuleCode::NotFound))?;
    // The sender could not see it, let alone send to it.
    if service.visibility == Visibility::Own {
        return Err(Rule::at("betterServiceId", RuleCode::ServiceClosed).into());
    }
    Ok(service)
}

async fn begin_draft(work: &Work<'_>, referral: &Referral, service: &Service) -> Result<Uuid, Failure> {
    let draft = Uuid::now_v7();
    let rule = match work.tx.redraft(referral.id, draft, service, work.deed.now).await? {
        Redrafted::Added { need, attempt } => {
            tell_of_many(work, need, Some(referral.id), attempt).await?;
            return Ok(draft);
        }
        Redrafted::CaseClosed => Rule::at("referralId", RuleCode::CaseClosed),
        Redrafted::NeedClosed => Rule::at("referralId", RuleCode::NeedClosed),
        // The sender had the same thought: the answer tells the receiver nothing of it.
        Redrafted::Duplicate(open) => return Ok(open),
    };
    Err(rule.into())
}
