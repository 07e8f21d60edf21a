//! The record of a consent that its holder can hand to the person: what was agreed, what was disclosed to whom and when,
//! and what became of it. It names organizations and no person.

use crate::domain::case::{Consent, ConsentField};
use crate::domain::code::Code;
use crate::domain::consent::Redaction;
use crate::domain::id::ReferralId;
use crate::domain::organization::Organization;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that was shown to a receiver under a consent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Disclosure {
    pub referral_id: ReferralId,
    pub fields: Vec<ConsentField>,
    /// UTC microseconds.
    pub from_at: i64,
    /// When it ended; nothing while it lasts.
    pub until_at: Option<i64>,
}

/// A consent with all that came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConsentRecord {
    pub consent: Consent,
    pub holder: Organization,
    pub receiver: Organization,
    pub disclosures: Vec<Disclosure>,
    pub redactions: Vec<Redaction>,
}

/// The words of one language.
pub struct Words<'a> {
    /// The text of a key.
    pub text: &'a dyn Fn(&str) -> String,
    /// The label of a code of a set.
    pub label: &'a dyn Fn(&str, &str) -> String,
    /// Whether the language is written from right to left.
    pub is_rtl: bool,
}

impl Words<'_> {
    fn text(&self, key: &str) -> String {
        (self.text)(&format!("consent-record-{key}"))
    }

    /// A value that may be written in another direction than the words around it: fenced off, or its parts change places.
    fn fenced(&self, value: &str) -> String {
        if self.is_rtl { format!("\u{2068}{value}\u{2069}") } else { value.to_owned() }
    }

    fn line(&self, key: &str, value: &str) -> String {
        format!("{} {value}", self.text(key))
    }

    fn fact(&self, key: &str, value: &str) -> String {
        self.line(key, &self.fenced(value))
    }

    fn labels(&self, fields: &[ConsentField]) -> String {
        let labels: Vec<String> = fields.iter().map(|field| (self.label)("consent-field", field.code())).collect();
        labels.join(&format!("{} ", self.text("comma")))
    }

    fn answer(&self, yes: bool) -> String {
        self.text(if yes { "yes" } else { "no" })
    }
}

/// The record as a text in one language.
#[must_use]
pub fn render(record: &ConsentRecord, words: &Words<'_>) -> String {
    let mut lines = vec![words.text("title"), String::new()];
    lines.extend(agreed(record, words));
    lines.extend([String::new(), words.text("disclosed")]);
    if record.disclosures.is_empty() {
        lines.push(words.text("nothing"));
    }
    for shown in &record.disclosures {
        lines.push(words.fact("to", &record.receiver.name));
        lines.push(words.line("fields", &words.labels(&shown.fields)));
        lines.push(words.fact("from", &instant(shown.from_at)));
        lines.push(match shown.until_at {
            Some(until) => words.fact("until", &instant(until)),
            None => words.text("lasts"),
        });
    }
    if !record.redactions.is_empty() {
        lines.extend([String::new(), words.text("redactions")]);
    }
    for redaction in &record.redactions {
        lines.push(words.fact("asked", &instant(redaction.asked_at)));
        lines.push(match redaction.confirmed_at {
            Some(confirmed) => words.fact("confirmed", &instant(confirmed)),
            None => words.fact("unconfirmed", &instant(redaction.due_at)),
        });
    }
    lines.join("\n") + "\n"
}

fn agreed(record: &ConsentRecord, words: &Words<'_>) -> Vec<String> {
    let consent = &record.consent;
    let terms = &consent.terms;
    let mut lines = vec![
        words.fact("holder", &record.holder.name),
        words.fact("receiver", &record.receiver.name),
        words.line("fields", &words.labels(&consent.fields)),
        words.line("purpose", &(words.label)("purpose", consent.purpose.code())),
        words.line("basis", &(words.label)("basis", consent.basis.code())),
        words.line("given-by", &(words.label)("given-by", terms.given_by.code())),
        words.fact("given-on", &consent.given_on),
        words.line("method", &(words.label)("consent-method", consent.method.code())),
        words.fact("language", &consent.language),
        words.fact("notice", &consent.notice_version),
        words.line("report-back", &words.answer(terms.report_back)),
    ];
    if let Some(view) = terms.child_view {
        lines.push(words.line("child-view", &(words.label)("child-view", view.code())));
    }
    if let Some(last) = &consent.expires_on {
        lines.push(words.fact("expires-on", last));
    }
    if let Some(ended) = terms.report_back_ended_at {
        lines.push(words.fact("report-back-ended", &instant(ended)));
    }
    if let Some(ended) = consent.ended_at {
        lines.push(words.fact("withdrawn", &instant(ended)));
    }
    if let Some(channel) = terms.withdrawn_channel {
        lines.push(words.line("withdrawn-by", &(words.label)("person-channel", channel.code())));
    }
    lines
}

/// An instant to the minute, UTC.
fn instant(at: i64) -> String {
    let at = Timestamp::from_microsecond(at).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_to_the_minute() {
        assert_eq!(instant(1_795_597_200_000_000), "2026-11-25 09:00 UTC");
    }
}
