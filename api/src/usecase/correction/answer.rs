//! The publisher answers a correction.

use super::sight_of;
use crate::app::App;
use crate::domain::correction::{CorrectionAbout, CorrectionStatus, LONGEST_HINT, ServiceCorrection};
use crate::domain::criterion::{StatedCriterion, is_key};
use crate::domain::global_id::Kind;
use crate::domain::id::ServiceCorrectionId;
use crate::domain::notice::Notice;
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Outcome, Refusal, Rule, RuleCode, Rules};
use crate::domain::service::Service;
use crate::domain::service_entry::ServiceEntry;
use crate::store::ledger::Happening;
use crate::usecase::Ask;
use crate::usecase::service::{needs_review, record};
use crate::usecase::work::{Work, fresh, open};

/// What the reporter is told.
const ANSWERED: &str = "SERVICE_CORRECTION_ANSWERED";

/// What became of a correction.
#[derive(Debug, Clone)]
pub struct Answer {
    pub correction: ServiceCorrectionId,
    pub expected_version: i32,
    pub status: CorrectionStatus,
    pub text: String,
    /// The key under which a proposed condition is published.
    pub criterion_key: Option<String>,
}

/// Answers an open correction of a service of the asker's organization: it was taken over, or it is dismissed with a
/// reason. A proposed condition is published with that, under a key by which it can be cited.
///
/// # Errors
/// NOT_FOUND, NOT_PERMITTED or NOT_NOW (it is answered) at `correctionId`; STALE_VERSION; INVALID at `answer`;
/// TEXT_REQUIRED or TOO_LONG at `reason`; REQUIRED, INVALID or ALREADY_EXISTS at `criterionKey`; REVIEW_REQUIRED where
/// the entry can't be changed without a review.
pub async fn answer(app: &App, ask: Ask<'_>, input: Answer) -> Outcome<ServiceCorrectionId> {
    let work = open!(app, ask);
    check(&input)?;
    let correction = standing(&work, &input).await?;
    let service = work.tx.lock_own_service(work.deed.organization, correction.service_id).await?;
    let service = service.ok_or_else(|| Rule::at("correctionId", RuleCode::NotFound))?;
    work.needs(Power::EditDirectory, service.program_id, "correctionId")?;
    if input.status == CorrectionStatus::TakenOver && correction.about == CorrectionAbout::ProposedCriterion {
        publish_criterion(&work, &service, &correction, input.criterion_key.as_deref()).await?;
    }
    if !work.tx.answer_correction(&correction, input.status, input.text.trim(), &work.deed).await? {
        return Err(Rule::at("expectedVersion", RuleCode::StaleVersion).into());
    }
    let reporter = correction.reported_by.id;
    let answered = Happening {
        program: service.program_id,
        receiver: Some(reporter),
        notify: vec![Notice::to(reporter).of_kind(ANSWERED)],
        ..Happening::to((Kind::ServiceCorrection, correction.id.into()), "PROVIDER", correction.version + 1)
    };
    work.record(&answered).await?;
    work.commit(correction.id).await
}

fn check(input: &Answer) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(input.status != CorrectionStatus::Open, "answer", RuleCode::Invalid);
    let needs_text = input.status == CorrectionStatus::Dismissed;
    rules.check(!needs_text || !input.text.trim().is_empty(), "reason", RuleCode::TextRequired);
    rules.text("reason", &input.text, 0, LONGEST_HINT);
    rules.settle()
}

async fn standing(work: &Work<'_>, input: &Answer) -> Result<ServiceCorrection, Failure> {
    let sight = sight_of(work.actor).ok_or(Refusal::Unauthenticated)?;
    let found = work.tx.lock_correction(&sight, input.correction).await?;
    let correction = found.ok_or_else(|| Rule::at("correctionId", RuleCode::NotFound))?;
    if correction.publisher.id != work.deed.organization {
        // Who reported it can read it, and can't answer it.
        return Err(Rule::at("correctionId", RuleCode::NotPermitted).into());
    }
    fresh(input.expected_version, correction.version)?;
    if correction.status == CorrectionStatus::Open {
        Ok(correction)
    } else {
        Err(Rule::at("correctionId", RuleCode::NotNow).into())
    }
}

/// Publishes the condition that a decline proposed.
async fn publish_criterion(
    work: &Work<'_>,
    service: &Service,
    correction: &ServiceCorrection,
    key: Option<&str>,
) -> Result<(), Failure> {
    let key = key.ok_or_else(|| Rule::at("criterionKey", RuleCode::Required))?;
    if !is_key(key) {
        return Err(Rule::at("criterionKey", RuleCode::Invalid).into());
    }
    if needs_review(work, service.program_id).await? {
        return Err(Rule::at("answer", RuleCode::ReviewRequired).into());
    }
    let mut eligibility = service.eligibility.clone();
    if eligibility.criteria.iter().any(|stated| stated.key == key) {
        return Err(Rule::at("criterionKey", RuleCode::AlreadyExists).into());
    }
    let stated = StatedCriterion { key: key.to_owned(), text: correction.text.clone(), ..StatedCriterion::default() };
    eligibility.criteria.push(stated);
    let entry = ServiceEntry { eligibility: Some(eligibility), ..ServiceEntry::default() };
    let checked = entry.checked(Rules::default())?;
    work.tx.update_service(service, &checked, None, work.deed.now).await?;
    record(work, service).await?;
    Ok(())
}
