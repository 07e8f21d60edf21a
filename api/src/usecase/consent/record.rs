//! The record of a consent, for its holder to hand to the person.

use crate::app::App;
use crate::domain::consent_record::{ConsentRecord, Words, render};
use crate::domain::id::ConsentId;
use crate::domain::language::Language;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::texts::Texts;

/// What was agreed, what was disclosed to whom and when, and what became of it, with the same in words. Nothing for a
/// consent of a case that the asker's organization does not hold.
///
/// # Errors
/// What the engine refuses.
pub async fn record(
    app: &App,
    sight: &Sight,
    id: ConsentId,
    language: Language,
) -> Result<Option<(ConsentRecord, String)>, Fault> {
    let Some(record) = app.store.consent_record(sight, id).await? else { return Ok(None) };
    let texts = Texts::global();
    let words = Words {
        text: &|key| texts.text(language, key, &[]),
        label: &|set, code| texts.label(language, set, code),
        is_rtl: language.is_rtl(),
    };
    let text = render(&record, &words);
    Ok(Some((record, text)))
}
