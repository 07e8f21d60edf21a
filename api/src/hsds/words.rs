//! Comparing words of several scripts, and the words that close or hide a service.

/// Folds a text for comparison: lower case, no accents or vowel signs, one
/// blank wherever there was anything but letters and digits.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            // Combining accents, Arabic vowel signs, tatweel, joiners.
            '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => {}
            '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' | 'í' | 'ì' => folded.push('i'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => folded.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            'œ' => folded.push_str("oe"),
            'أ' | 'إ' | 'آ' | 'ٱ' => folded.push('ا'),
            'ى' => folded.push('ي'),
            'ة' => folded.push('ه'),
            c if c.is_alphanumeric() => folded.push(c),
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

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

/// Words of services whose whereabouts may endanger those who use them.
pub(super) const SENSITIVE: [&str; 46] = [
    "shelter",
    "safe house",
    "safehouse",
    "safe home",
    "safe space",
    "refuge",
    "GBV",
    "SGBV",
    "gender-based violence",
    "gender based violence",
    "sexual violence",
    "domestic violence",
    "intimate partner violence",
    "violence against women",
    "survivors of violence",
    "trafficking",
    "trafficked",
    "human trafficking",
    "modern slavery",
    "forced marriage",
    "female genital mutilation",
    "witness protection",
    "hébergement d'urgence",
    "centre d'hébergement",
    "abri",
    "mise à l'abri",
    "maison sûre",
    "lieu sûr",
    "espace sûr",
    "foyer pour femmes",
    "VBG",
    "violence basée sur le genre",
    "violences basées sur le genre",
    "violence sexuelle",
    "violences conjugales",
    "violences faites aux femmes",
    "traite des êtres humains",
    "traite des personnes",
    "victimes de traite",
    "مأوى",
    "ملجأ",
    "إيواء",
    "بيت آمن",
    "مساحات آمنة",
    "عنف",
    "اتجار ب",
];

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
