//! Corrections of the directory: whoever finds an entry wrong says so, and its publisher answers.

mod answer;
mod read;
mod report;

pub use answer::{Answer, answer};
pub use read::{CorrectionFilter, list, one, sight_of};
pub use report::{Report, report};

use crate::domain::actor::MemberRole;
use crate::domain::correction::CorrectionAbout;
use crate::domain::global_id::Kind;
use crate::domain::id::ServiceCorrectionId;
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::store::corrections::NewCorrection;
use crate::store::ledger::Happening;
use crate::usecase::work::Work;
use uuid::Uuid;

/// What the publisher is told.
const OPENED: &str = "SERVICE_CORRECTION_OPENED";

/// What is wrong with an entry. It never names a person.
#[derive(Debug, Clone)]
pub struct Hint {
    pub about: CorrectionAbout,
    pub criterion: Option<String>,
    pub text: String,
}

/// Opens a correction, and tells the publisher's editors of it.
///
/// # Errors
/// What the engine refuses.
pub async fn open_correction(work: &Work<'_>, service: &Service, hint: Hint) -> Result<ServiceCorrectionId, Fault> {
    let id = ServiceCorrectionId::from(Uuid::now_v7());
    let publisher = service.organization.id;
    let new = NewCorrection {
        id,
        service: service.id,
        publisher,
        about: hint.about,
        criterion: hint.criterion,
        text: hint.text,
    };
    work.tx.add_correction(new, &work.deed).await?;
    let notice = Notice { program: service.program_id, ..Notice::act(publisher, MemberRole::DirectoryEditor) };
    let category = service.category.as_ref();
    let opened = Happening {
        program: service.program_id,
        dimension: category.map(|category| category.dimension),
        level: category.map(|category| category.level),
        receiver: Some(publisher),
        notify: vec![notice.of_kind(OPENED)],
        ..Happening::to((Kind::ServiceCorrection, id.into()), "REPORTER", 1)
    };
    work.tx.record_as(&work.deed, "openServiceCorrection", &opened);
    Ok(id)
}
