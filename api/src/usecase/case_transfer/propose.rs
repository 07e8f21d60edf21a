//! Proposing to hand cases over, one or many.

use super::{MAX_TEXT, MOST_CASES};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::agreement::covering;
use crate::domain::case::{Case, Consent, Purpose};
use crate::domain::case_transfer::{ANSWER_DAYS, CaseTransferReason};
use crate::domain::code::Code;
use crate::domain::consent::missing_for_age;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, CaseTransferId, OrganizationId, ProgramId};
use crate::domain::notice::Notice;
use crate::domain::person::identified;
use crate::domain::policy::Power;
use crate::domain::referral::clocks::DAY;
use crate::domain::rule::{Detail, Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::case_transfers::NewTransfer;
use crate::store::ledger::Happening;
use crate::usecase::case::{held_open_case, still_open};
use crate::usecase::referral::{age_of, seal};
use crate::usecase::work::{Ask, Work, open as begin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A case and who is to hold it.
#[derive(Debug, Clone)]
pub struct Propose {
    pub case: CaseId,
    pub receiver: OrganizationId,
    pub reason: CaseTransferReason,
    pub note: Option<Private<String>>,
}

/// Many cases and who is to hold them.
#[derive(Debug, Clone)]
pub struct ProposeMany {
    pub program: ProgramId,
    pub receiver: OrganizationId,
    /// Which cases; all open ones of the program, the oldest first, when nothing is said.
    pub cases: Option<Vec<CaseId>>,
    pub reason: CaseTransferReason,
    pub note: Option<Private<String>>,
}

/// What became of one case of many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proposed {
    pub case: CaseId,
    pub transfer: Option<CaseTransferId>,
    /// The first rule that kept it from being proposed, as its code.
    pub refused: Option<String>,
    /// What is missing, where things are.
    pub missing: Vec<String>,
}

/// The holder proposes that another organization takes a case over.
///
/// # Errors
/// Those of a held case; NOT_IN_PROGRAM for a receiver that neither works in the program nor has an agreement;
/// CONSENT_MISSING; INCOMPLETE for a child without a guardian's consent; AGREEMENT_MISSING; ALREADY_EXISTS while another
/// proposal runs.
pub async fn propose(app: &App, ask: Ask<'_>, input: Propose) -> Outcome<CaseTransferId> {
    let work = begin!(app, ask);
    check(input.reason, input.note.as_ref())?;
    let id = one(&work, &input).await?;
    work.commit(id).await
}

/// The holder proposes many cases to one organization. Each is proposed whole or not at all, and says why not; those that
/// can be proposed are, in one transaction.
///
/// # Errors
/// NOT_PERMITTED; too many cases; a case named twice.
pub async fn propose_many(app: &App, ask: Ask<'_>, input: ProposeMany) -> Outcome<Vec<Proposed>> {
    let work = begin!(app, ask);
    check(input.reason, input.note.as_ref())?;
    work.needs(Power::WriteCases, Some(input.program), "programId")?;
    let cases = match input.cases {
        Some(cases) => named(cases)?,
        None => work.tx.cases_to_hand_over(work.deed.organization, input.program, MOST_CASES).await?,
    };
    let mut results = Vec::with_capacity(cases.len());
    for case in cases {
        let row = Propose { case, receiver: input.receiver, reason: input.reason, note: input.note.clone() };
        results.push(match one(&work, &row).await {
            Ok(id) => Proposed { case, transfer: Some(id), refused: None, missing: Vec::new() },
            Err(Failure::Rules(rules)) => turned_down(case, &rules),
            Err(other) => return Err(other),
        });
    }
    work.commit(results).await
}

fn named(cases: Vec<CaseId>) -> Result<Vec<CaseId>, Failure> {
    let mut rules = Rules::default();
    rules.check(!cases.is_empty(), "caseIds", RuleCode::Required);
    rules.check(cases.len() <= MOST_CASES, "caseIds", RuleCode::TooLong);
    for (at, case) in cases.iter().enumerate() {
        rules.check(!cases[..at].contains(case), &format!("caseIds.{at}"), RuleCode::Invalid);
    }
    rules.settle()?;
    Ok(cases)
}

fn turned_down(case: CaseId, rules: &[Rule]) -> Proposed {
    let first = rules.first();
    let missing = match first.map(|rule| &rule.detail) {
        Some(Detail::Missing(codes)) => codes.iter().map(|code| (*code).to_owned()).collect(),
        _ => Vec::new(),
    };
    Proposed { case, transfer: None, refused: first.map(|rule| rule.code.code().to_owned()), missing }
}

fn check(reason: CaseTransferReason, note: Option<&Private<String>>) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(note.is_some() || reason != CaseTransferReason::Other, "note", RuleCode::TextRequired);
    if let Some(note) = note {
        rules.text("note", note.expose(), 0, MAX_TEXT);
    }
    rules.settle()
}

/// Proposes one case; nothing of it is written unless all holds.
async fn one(work: &Work<'_>, input: &Propose) -> Result<CaseTransferId, Failure> {
    let case = held_open_case(work, input.case).await?;
    work.needs(Power::SendReferrals, Some(case.program_id), "caseId")?;
    if input.receiver == work.deed.organization {
        return Err(Rule::at("receiverId", RuleCode::Invalid).into());
    }
    let consent = consent_for(work, &case, input.receiver).await?;
    check_receiver(work, &case, input.receiver).await?;
    let id = Uuid::now_v7();
    let new = NewTransfer {
        id,
        case: case.id,
        program: case.program_id,
        from: case.holder.id,
        to: input.receiver,
        consent: consent.id,
        reason: input.reason,
        note: seal(work, "case_transfer", "note_sealed", id, input.note.as_ref())?,
        until_at: work.deed.now + ANSWER_DAYS * DAY,
    };
    if work.tx.hold_consent(consent.id).await?.is_none() {
        return Err(Rule::at("caseId", RuleCode::ConsentMissing).into());
    }
    // Nobody closes the case meanwhile.
    still_open(work, case.id).await?;
    if !work.tx.add_transfer(new, work.deed.now).await? {
        return Err(Rule::at("caseId", RuleCode::AlreadyExists).into());
    }
    work.record(&proposed(id, &case, input.receiver)).await?;
    Ok(id.into())
}

/// The newest consent of the person to this receiver as the new holder; for a child, a guardian's.
async fn consent_for<'a>(work: &Work<'_>, case: &'a Case, receiver: OrganizationId) -> Result<&'a Consent, Failure> {
    let today = work.app.today();
    let covers = |consent: &&Consent| consent.covers_for(Purpose::CaseTransfer, receiver, &today);
    let found = case.consents.iter().rev().find(covers);
    let consent = found.ok_or_else(|| Rule::at("caseId", RuleCode::ConsentMissing))?;
    let missing = missing_for_age(age_of(&work.tx, work.app, case).await?, Some(consent));
    if missing.is_empty() {
        return Ok(consent);
    }
    Err(Rule::at("caseId", RuleCode::Incomplete).with(Detail::Missing(missing)).into())
}

/// That the receiver works in the program or has an agreement in force, and that one allows all that is known of the
/// person.
async fn check_receiver(work: &Work<'_>, case: &Case, receiver: OrganizationId) -> Result<(), Failure> {
    let terms = work.tx.terms_between(case.holder.id, receiver, &work.app.today()).await?;
    if terms.is_empty() && !work.tx.works_in(receiver, case.program_id).await? {
        return Err(Rule::at("receiverId", RuleCode::NotInProgram).into());
    }
    let known: Result<_, Fault> = work.tx.fields_known(case.id).await;
    match covering(&terms, &identified(&known?)) {
        Ok(_) => Ok(()),
        Err(missing) => {
            let missing = missing.into_iter().map(Code::code).collect();
            Err(Rule::at("receiverId", RuleCode::AgreementMissing).with(Detail::Missing(missing)).into())
        }
    }
}

fn proposed(id: Uuid, case: &Case, receiver: OrganizationId) -> Happening {
    let program = Some(case.program_id);
    Happening {
        case: Some(case.id),
        program,
        area: case.area_id,
        receiver: Some(receiver),
        notify: vec![Notice { program, ..Notice::act(receiver, MemberRole::CaseManager) }],
        ..Happening::to((Kind::CaseTransfer, id), "HOLDER", 1)
    }
}
