//! Single fields taken out of a consent that otherwise stands.

use super::withdraw::{Moved, Withdrawn, held, party};
use crate::app::App;
use crate::domain::case::{Case, Consent, ConsentField, NEEDED_TO_DECIDE};
use crate::domain::code::Code as _;
use crate::domain::consent::RedactionCause;
use crate::domain::global_id::Kind;
use crate::domain::id::{ConsentId, OrganizationId, ReferralId};
use crate::domain::policy::Power;
use crate::domain::referral::Channel;
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode, Rules};
use crate::store::ledger::Happening;
use crate::store::redactions::Removal;
use crate::usecase::consent::ask_redaction;
use crate::usecase::work::{Ask, Work, fresh, open as begin};

/// Which fields of which consent.
#[derive(Debug, Clone)]
pub struct WithdrawFields {
    pub consent: ConsentId,
    pub expected_version: i32,
    pub fields: Vec<ConsentField>,
    /// Set when the person themselves withdraws them.
    pub channel: Option<Channel>,
}

/// The person, or the sender's worker, takes single fields out of a consent. Receivers no longer see them from the next
/// request on and remove them; everything else goes on. What a receiver needs to decide can't go alone: then all is
/// withdrawn.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED, STALE_VERSION; REQUIRED; CONSENT_MISSING for a withdrawn consent; INVALID at each field that
/// is not in it or is needed to decide.
pub async fn withdraw_fields(app: &App, ask: Ask<'_>, input: WithdrawFields) -> Outcome<Withdrawn> {
    let work = begin!(app, ask);
    let (case, consent) = held(&work, input.consent).await?;
    work.needs(Power::SendReferrals, Some(case.program_id), "consentId")?;
    fresh(input.expected_version, consent.version)?;
    if consent.ended_at.is_some() {
        return Err(Rule::at("consentId", RuleCode::ConsentMissing).into());
    }
    check(&consent, &input.fields)?;
    let (kept, gone): (Vec<ConsentField>, Vec<_>) =
        consent.fields.iter().copied().partition(|field| !input.fields.contains(field));
    if !work.tx.narrow_consent(consent.id, consent.version, &kept).await? {
        let newer = Detail::Version(consent.version + 1);
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into());
    }
    let mut referrals = Vec::new();
    for (referral, receiver) in work.tx.narrow_grants_under(consent.id, &gone).await? {
        let redaction_due = ask_removal(&work, &case, consent.id, (referral, receiver), &gone);
        referrals.push(Moved { referral, was_withdrawn: false, redaction_due });
    }
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        channel: input.channel,
        ..Happening::to((Kind::Consent, consent.id.into()), party(input.channel).code(), consent.version + 1)
    })
    .await?;
    work.commit(Withdrawn { case: case.id, consent: consent.id, referrals }).await
}

fn check(consent: &Consent, fields: &[ConsentField]) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.check(!fields.is_empty(), "fields", RuleCode::Required);
    for (at, field) in fields.iter().enumerate() {
        let may_go = consent.fields.contains(field) && !NEEDED_TO_DECIDE.contains(field);
        rules.check(may_go, &format!("fields.{at}"), RuleCode::Invalid);
    }
    rules.settle()
}

fn ask_removal(
    work: &Work<'_>,
    case: &Case,
    consent: ConsentId,
    (referral, receiver): (ReferralId, OrganizationId),
    gone: &[ConsentField],
) -> i64 {
    ask_redaction(
        work,
        Removal {
            cause: RedactionCause::FieldsWithdrawn,
            consent: Some(consent),
            referral,
            receiver,
            holder: case.holder.id,
            program: case.program_id,
            fields: Some(gone),
        },
    )
}
