//! Recording on what ground something may be disclosed.

use crate::app::App;
use crate::domain::case::{Basis, Consent, ConsentField, ConsentMethod, NEEDED_TO_DECIDE, Purpose};
use crate::domain::code::Code;
use crate::domain::consent::{GivenBy, Terms};
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, ConsentId, OrganizationId};
use crate::domain::rule::{Detail, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::{Private, Sealed};
use crate::store::case_writes::NewConsent;
use crate::store::ledger::Happening;
use crate::usecase::consent::renew;
use crate::usecase::work::{Ask, fresh, open as begin};
use uuid::Uuid;

/// An agreement to one disclosure, or another basis for it.
#[derive(Debug, Clone)]
pub struct RecordConsent {
    pub case: CaseId,
    pub expected_version: i32,
    pub receiver: OrganizationId,
    pub basis: Basis,
    pub purpose: Purpose,
    pub fields: Vec<ConsentField>,
    pub method: ConsentMethod,
    pub language: String,
    pub notice_version: String,
    /// ISO 8601; not in the future.
    pub given_on: String,
    /// ISO 8601, the last day on which it holds.
    pub expires_on: Option<String>,
    /// Who gave it, and whether the receiver may report back. What was sealed in it before is not looked at.
    pub terms: Terms,
    /// Why a child's caregiver was not told.
    pub caregiver_reason: Option<Private<String>>,
}

/// The holder records what the person agreed to: what may go to whom, for what, until when. Referrals to that receiver
/// whose consent has expired, or ends before, go on under it.
///
/// # Errors
/// Those of a held case; a receiver that does not exist; fields too few to decide on; dates out of range; STALE_VERSION.
pub async fn record_consent(app: &App, ask: Ask<'_>, input: RecordConsent) -> Outcome<(CaseId, ConsentId)> {
    let work = begin!(app, ask);
    check(&input, &app.today())?;
    let case = super::held_open_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    if input.receiver == work.deed.organization || work.tx.known_organizations(&[input.receiver]).await?.is_empty() {
        return Err(Rule::at("receiverId", RuleCode::NotFound).into());
    }
    let id = Uuid::new_v4();
    let mut fields = input.fields.clone();
    fields.sort_unstable();
    fields.dedup();
    let reason = crate::usecase::referral::seal(
        &work,
        "consent",
        "caregiver_reason_sealed",
        id,
        input.caregiver_reason.as_ref(),
    )?;
    let terms = Terms { caregiver_reason: reason.map(Sealed::from_stored), ..input.terms.clone() };
    let new = NewConsent {
        terms: &terms,
        id,
        receiver: input.receiver,
        basis: input.basis,
        purpose: input.purpose,
        fields: &fields,
        method: input.method,
        language: &input.language,
        notice_version: &input.notice_version,
        given_on: &input.given_on,
        expires_on: input.expires_on.as_deref(),
    };
    work.tx.add_consent(&case, new, work.deed.now).await?;
    let recorded = recorded(&input, (case.id, id.into()), &fields, &terms, work.deed.now);
    renew(&work, &case, &recorded).await?;
    if !work.tx.touch_case(case.id, case.version, work.deed.now).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(case.version + 1)).into());
    }
    work.record(&Happening {
        case: Some(case.id),
        program: Some(case.program_id),
        ..Happening::to((Kind::Consent, id), "HOLDER", 1)
    })
    .await?;
    work.commit((case.id, id.into())).await
}

/// The consent as it stands now.
fn recorded(
    input: &RecordConsent,
    (case_id, id): (CaseId, ConsentId),
    fields: &[ConsentField],
    terms: &Terms,
    now: i64,
) -> Consent {
    Consent {
        id,
        case_id,
        receiver_id: input.receiver,
        basis: input.basis,
        purpose: input.purpose,
        fields: fields.to_vec(),
        method: input.method,
        language: input.language.clone(),
        notice_version: input.notice_version.clone(),
        given_on: input.given_on.clone(),
        expires_on: input.expires_on.clone(),
        ended_at: None,
        terms: terms.clone(),
        created_at: now,
        version: 1,
    }
}

fn check(input: &RecordConsent, today: &str) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.text("noticeVersion", &input.notice_version, 1, 60);
    rules.check(input.given_on.as_str() <= today, "givenOn", RuleCode::DateOutOfRange);
    let ends_after = input.expires_on.as_ref().is_none_or(|last| *last >= input.given_on);
    rules.check(ends_after, "expiresOn", RuleCode::DateOutOfRange);
    let missing: Vec<&'static str> =
        NEEDED_TO_DECIDE.iter().filter(|field| !input.fields.contains(field)).map(|field| field.code()).collect();
    if !missing.is_empty() {
        rules.add(Rule::at("fields", RuleCode::Incomplete).with(Detail::Missing(missing)));
    }
    let by_guardian = input.terms.given_by == GivenBy::Guardian;
    rules.check(!by_guardian || input.terms.guardian_relation.is_some(), "guardianRelation", RuleCode::Required);
    rules.check(by_guardian || input.terms.guardian_relation.is_none(), "guardianRelation", RuleCode::Invalid);
    let told = input.caregiver_reason.is_some() || input.terms.caregiver_informed != Some(0);
    rules.check(told, "caregiverReason", RuleCode::TextRequired);
    if let Some(reason) = &input.caregiver_reason {
        rules.text("caregiverReason", reason.expose(), 1, 500);
    }
    rules.settle()
}
