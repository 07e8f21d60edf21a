//! Saying that an entry is wrong.

use super::{Hint, open_correction};
use crate::app::App;
use crate::domain::correction::{CorrectionAbout, LONGEST_HINT};
use crate::domain::id::{ServiceCorrectionId, ServiceId};
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::usecase::Ask;
use crate::usecase::work::open;

/// What somebody found wrong.
#[derive(Debug, Clone)]
pub struct Report {
    pub service: ServiceId,
    pub about: CorrectionAbout,
    pub text: String,
}

/// Opens a correction of a service that the asker can see. One organization has one open correction about one thing of a
/// service.
///
/// # Errors
/// NOT_FOUND at `serviceId`; INVALID at `about` for what only a decline can say; TEXT_REQUIRED or TOO_LONG at `text`;
/// ALREADY_EXISTS.
pub async fn report(app: &App, ask: Ask<'_>, input: Report) -> Outcome<ServiceCorrectionId> {
    let work = open!(app, ask);
    let mut rules = Rules::default();
    rules.check(input.about.is_reported(), "about", RuleCode::Invalid);
    let needs_text = input.about == CorrectionAbout::Other;
    rules.check(!needs_text || !input.text.trim().is_empty(), "text", RuleCode::TextRequired);
    rules.text("text", &input.text, 0, LONGEST_HINT);
    rules.settle()?;
    let found = work.tx.service(&work.sight(), input.service).await?;
    let service = found.ok_or_else(|| Rule::at("serviceId", RuleCode::NotFound))?;
    if work.tx.has_open_correction(service.id, input.about, work.deed.organization).await? {
        return Err(Rule::at("about", RuleCode::AlreadyExists).into());
    }
    let hint = Hint { about: input.about, criterion: None, text: input.text.trim().to_owned() };
    let id = open_correction(&work, &service, hint).await?;
    work.commit(id).await
}
