//! Comparing words of several scripts, and the words that close a service. Those that hide one are the domain's.

pub(super) use crate::domain::discretion::fold;

/// Whether a folded text contains a folded phrase: whole words in scripts that
/// keep words apart; in Arabic anywhere, since articles and prepositions are
/// written on to the word. A plural `s` at the end does not matter.
pub(super) fn says(text: &str, phrase: &str) -> bool {
    if phrase.is_empty() {
        return false;
    }
    if !phrase.is_ascii() {
        return text.contains(phrase);
    }
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + phrase.len()..];
        let after = after.strip_prefix('s').unwrap_or(after);
        before.is_none_or(|c| c == ' ') && (after.is_empty() || after.starts_with(' '))
    })
}

/// Phrases that say a service takes no referrals.
pub(super) const CLOSED: [&str; 17] = [
    "referrals not accepted",
    "referral not accepted",
    "referrals are not accepted",
    "does not accept referrals",
    "not accepting referrals",
    "no referrals accepted",
    "closed for referrals",
    "closed to referrals",
    "orientations non acceptées",
    "n'accepte pas les orientations",
    "n'accepte pas d'orientations",
    "référencements non acceptés",
    "fermé aux orientations",
    "الإحالات غير مقبولة",
    "لا تقبل الإحالات",
    "لا يقبل الإحالات",
    "لا نقبل الإحالات",
];
