//! What stands in for a consent that could not be had: determined by a licensed professional, short, and reviewed.

use crate::app::App;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::case::{ConsentField, NEEDED_TO_DECIDE};
use crate::domain::code::Code;
use crate::domain::consent::{
    ConsentOverride, OVERRIDE_MICROS, OVERSEERS, OverrideBasis, OverrideVerdict, RedactionCause, reach_of,
};
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, ConsentOverrideId, MemberId, OrganizationId, ProgramId};
use crate::domain::notice::Notice;
use crate::domain::page::{Page, Window};
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::consent_overrides::{NewOverride, Oversight};
use crate::store::ledger::Happening;
use crate::store::redactions::Removal;
use crate::usecase::consent::ask_redaction;
use crate::usecase::referral::{MAX_TEXT, seal};
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use uuid::Uuid;

/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// A disclosure to one receiver without a consent.
#[derive(Debug, Clone)]
pub struct RecordOverride {
    pub case: CaseId,
    pub receiver: OrganizationId,
    pub basis: OverrideBasis,
    /// The licensed member who determined it; whoever records it when none is named.
    pub determined_by: Option<MemberId>,
    pub reason: Private<String>,
    pub fields: Vec<ConsentField>,
    /// For how many hours it holds, 1 to 72.
    pub hours: i64,
}

/// The holder's supervisor, or the licensed member themselves, records that something may be disclosed though the person
/// could not consent: a life is at risk, or the person can't consent. Only a mental health professional determines it.
/// Named by somebody else, they are told, and nothing is sent before they confirm. The data-protection focal point is asked
/// to review it.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED; INVALID for a person who can't consent and had withdrawn; MEMBER_UNSUITABLE for a member who is not licensed; CASE_CLOSED; INCOMPLETE fields.
pub async fn record_override(app: &App, ask: Ask<'_>, input: RecordOverride) -> Outcome<ConsentOverrideId> {
    let work = begin!(app, ask);
    check(&input)?;
    let program = standing(&work, &input).await?;
    let determined_by = determiner(&work, &input, program).await?;
    if input.receiver == work.deed.organization || work.tx.known_organizations(&[input.receiver]).await?.is_empty() {
        return Err(Rule::at("receiverId", RuleCode::NotFound).into());
    }
    let after_withdrawal = work.tx.was_withdrawn(input.case, input.receiver).await?;
    // Who took a consent back could say what they want: that they can't is no longer an answer.
    if after_withdrawal && input.basis == OverrideBasis::LacksCapacity {
        return Err(Rule::at("basis", RuleCode::Invalid).into());
    }
    let id = Uuid::new_v4();
    let reason = seal(&work, "consent_override", "reason_sealed", id, Some(&input.reason))?;
    let mut fields = input.fields.clone();
    fields.sort_unstable();
    fields.dedup();
    let new = NewOverride {
        id,
        case: input.case,
        organization: work.deed.organization,
        program,
        receiver: input.receiver,
        basis: input.basis,
        determined_by,
        recorded_by: work.deed.principal.into(),
        reason: reason.unwrap_or_default(),
        fields: &fields,
        expires_at: work.deed.now + (input.hours * HOUR).min(OVERRIDE_MICROS),
        after_withdrawal,
    };
    work.tx.add_override(new, work.deed.now).await?;
    let review = Notice::act(work.deed.organization, MemberRole::DataProtection).of_kind("OVERRIDE_TO_REVIEW");
    let confirm = Notice::act(work.deed.organization, MemberRole::MentalHealthProfessional);
    let confirm = Notice { member: Some(determined_by), ..confirm.of_kind("OVERRIDE_TO_CONFIRM") };
    let is_named = determined_by != work.deed.principal.into();
    let notify = [Some(review), is_named.then_some(confirm)].into_iter().flatten();
    work.record(&Happening {
        case: Some(input.case),
        program: Some(program),
        notify: notify.map(|notice| Notice { program: Some(program), ..notice }).collect(),
        ..Happening::to((Kind::ConsentOverride, id), "HOLDER", 1)
    })
    .await?;
    work.commit(id.into()).await
}

fn check(input: &RecordOverride) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.text("reason", input.reason.expose(), 1, MAX_TEXT);
    rules.check((1..=OVERRIDE_MICROS / HOUR).contains(&input.hours), "validHours", RuleCode::Invalid);
    let missing: Vec<&'static str> =
        NEEDED_TO_DECIDE.iter().filter(|field| !input.fields.contains(field)).map(|field| field.code()).collect();
    if !missing.is_empty() {
        rules.add(Rule::at("fields", RuleCode::Incomplete).with(Detail::Missing(missing)));
    }
    rules.settle()
}

/// The program of an open case of the asker's organization, for those who may record an override of it.
async fn standing(work: &Work<'_>, input: &RecordOverride) -> Result<ProgramId, Failure> {
    let unknown = || Rule::at("caseId", RuleCode::NotFound);
    let standing = work.tx.standing_of_case(input.case).await?.ok_or_else(unknown)?;
    let may = [MemberRole::Supervisor, MemberRole::MentalHealthProfessional];
    let reaches = reach_of(work.actor, &may).reaches(Some(standing.program));
    if standing.holder != work.deed.organization || !reaches {
        let seen = work.tx.case(&work.sight(), input.case).await?;
        return Err(seen.map_or_else(unknown, |_| Rule::at("caseId", RuleCode::NotPermitted)).into());
    }
    if standing.is_open { Ok(standing.program) } else { Err(Rule::at("caseId", RuleCode::CaseClosed).into()) }
}

/// The licensed member who determined it. A supervisor who is none names one.
async fn determiner(work: &Work<'_>, input: &RecordOverride, program: ProgramId) -> Result<MemberId, Failure> {
    let member = input.determined_by.unwrap_or_else(|| work.deed.principal.into());
    // Only who answers for the others names one of them.
    let supervises = reach_of(work.actor, &[MemberRole::Supervisor]).reaches(Some(program));
    if !supervises && member != work.deed.principal.into() {
        return Err(Rule::at("determinedById", RuleCode::NotPermitted).into());
    }
    let roles = work.tx.roles_of(member, work.deed.organization).await?;
    let licensed = roles.iter().any(|grant| {
        grant.role == MemberRole::MentalHealthProfessional && grant.program.is_none_or(|only| only == program)
    });
    if licensed { Ok(member) } else { Err(Rule::at("determinedById", RuleCode::MemberUnsuitable).into()) }
}

/// What a review found.
#[derive(Debug, Clone)]
pub struct ReviewOverride {
    pub id: ConsentOverrideId,
    pub expected_version: i32,
    pub verdict: OverrideVerdict,
    pub text: Private<String>,
}

/// The data-protection focal point of the holder says whether an override was right: another person than those who
/// determined and recorded it. Where it was not, what was shown under it ends at once.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED; STALE_VERSION; ALREADY_EXISTS for one that was reviewed before.
pub async fn review_override(app: &App, ask: Ask<'_>, input: ReviewOverride) -> Outcome<ConsentOverrideId> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.text("text", input.text.expose(), 1, MAX_TEXT);
    rules.settle()?;
    let unknown = || Rule::at("overrideId", RuleCode::NotFound);
    let oversight = oversight(&work).ok_or_else(unknown)?;
    let found = work.tx.consent_override(&oversight, input.id).await?.ok_or_else(unknown)?;
    let watches = reach_of(work.actor, &[MemberRole::DataProtection]).reaches(Some(found.program_id));
    let had_a_part = [found.determined_by, found.recorded_by].contains(&work.deed.principal.into());
    if !watches || had_a_part {
        return Err(Rule::at("overrideId", RuleCode::NotPermitted).into());
    }
    fresh(input.expected_version, found.version)?;
    let row = Uuid::from(found.id);
    let text = seal(&work, "consent_override", "verdict_sealed", row, Some(&input.text))?.unwrap_or_default();
    if !work.tx.review_override(&found, input.verdict, text, work.deed.principal, work.deed.now).await? {
        return Err(Rule::at("overrideId", RuleCode::AlreadyExists).into());
    }
    if input.verdict == OverrideVerdict::NotJustified {
        for (referral, receiver) in work.tx.sent_under_override(found.id).await? {
            ask_redaction(
                &work,
                Removal {
                    cause: RedactionCause::OverrideUnjustified,
                    consent: None,
                    referral,
                    receiver,
                    holder: work.deed.organization,
                    program: found.program_id,
                    fields: None,
                },
            );
        }
        work.tx.end_grants_by_override(found.id, work.deed.now);
    }
    work.record(&Happening {
        case: Some(found.case_id),
        program: Some(found.program_id),
        ..Happening::to((Kind::ConsentOverride, row), "DATA_PROTECTION", found.version + 1)
    })
    .await?;
    work.commit(found.id).await
}

fn oversight(work: &Work<'_>) -> Option<Oversight> {
    oversight_of(work.actor)
}

/// What somebody sees of the overrides; nothing for the public.
pub(crate) fn oversight_of(actor: &Actor) -> Option<Oversight> {
    let organization = actor.organization()?;
    let member = if let Actor::Member { id, .. } = actor { Some(*id) } else { None };
    Some(Oversight { organization, extent: reach_of(actor, OVERSEERS), member })
}

/// An override that the asker sees.
///
/// # Errors
/// What the engine refuses.
pub async fn consent_override(
    app: &App,
    actor: &Actor,
    id: ConsentOverrideId,
) -> Result<Option<ConsentOverride>, Fault> {
    match oversight_of(actor) {
        Some(oversight) => app.store.consent_override(&oversight, id).await,
        None => Ok(None),
    }
}

/// The overrides that the asker sees, the newest first: those of the organization for its supervisors and its
/// data-protection focal point, and those in which the asker had a part.
///
/// # Errors
/// What the engine refuses.
pub async fn consent_overrides(
    app: &App,
    actor: &Actor,
    is_reviewed: Option<bool>,
    window: &Window,
) -> Result<Page<ConsentOverride>, Fault> {
    let nothing = || Page { items: Vec::new(), has_next: false, has_previous: false, total: window.count.then_some(0) };
    match oversight_of(actor) {
        Some(oversight) => app.store.consent_overrides(&oversight, is_reviewed, window).await,
        None => Ok(nothing()),
    }
}
