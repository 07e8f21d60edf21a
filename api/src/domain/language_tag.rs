//! Language tags of texts in the directory, which may be in any language, unlike the texts of the program itself.

use std::collections::BTreeMap;

/// The canonical writing of a BCP 47 tag: `FR-ch` becomes `fr-CH`, `uz-cyrl` becomes `uz-Cyrl`. Nothing for a text
/// that is no tag: a language of two or three letters, then parts of one to eight letters or digits, 35 signs at most.
#[must_use]
pub fn canonical_tag(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let language = parts.next().filter(|part| (2..=3).contains(&part.len()))?;
    if text.len() > 35 || !language.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let mut canonical = language.to_ascii_lowercase();
    for part in parts {
        if !(1..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        canonical.push('-');
        match part.len() {
            2 => canonical.push_str(&part.to_ascii_uppercase()),
            4 if part.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                canonical.push_str(&part[..1].to_ascii_uppercase());
                canonical.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => canonical.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(canonical)
}

/// The text in the language `wanted`, with the tag it was found under: the very tag, or else the same language
/// whatever its region, or else nothing, which means the base text.
#[must_use]
pub fn in_tag<'a, T>(translations: &'a BTreeMap<String, T>, wanted: &str) -> Option<(&'a str, &'a T)> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let found = translations
        .iter()
        .find(|(tag, _)| tag.eq_ignore_ascii_case(wanted))
        .or_else(|| translations.iter().find(|(tag, _)| primary(tag) == primary(wanted)));
    found.map(|(tag, text)| (tag.as_str(), text))
}

/// The text in the language `wanted`, where a base text of a known language stands beside its translations; with the
/// tag of the language that was found.
#[must_use]
pub fn beside<'a, T>(base: (&'a str, &'a T), translations: &'a BTreeMap<String, T>, wanted: &str) -> (&'a str, &'a T) {
    if base.0.eq_ignore_ascii_case(wanted) {
        return base;
    }
    let exact = translations.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(wanted));
    let same = |tag: &str| tag.split('-').next().map(str::to_ascii_lowercase);
    match exact {
        Some((tag, text)) => (tag, text),
        None if same(base.0) == same(wanted) => base,
        None => in_tag(translations, wanted).unwrap_or(base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_written_in_one_way() {
        for (text, canonical) in [
            ("FR", Some("fr")),
            ("fa-af", Some("fa-AF")),
            ("UZ-CYRL-uz", Some("uz-Cyrl-UZ")),
            ("prs", Some("prs")),
            ("f", None),
            ("", None),
            ("fr-", None),
            ("fr_CH", None),
            ("fr-abcdefghi", None),
            ("1a", None),
        ] {
            assert_eq!(canonical_tag(text).as_deref(), canonical, "{text}");
        }
    }

    #[test]
    fn the_closest_language_is_found() {
        let translations = BTreeMap::from([("ar".to_owned(), "عربي"), ("pt-BR".to_owned(), "português")]);
        assert_eq!(beside(("fr", &"français"), &translations, "ar-MA"), ("ar", &"عربي"));
        assert_eq!(beside(("fr", &"français"), &translations, "pt"), ("pt-BR", &"português"));
        assert_eq!(beside(("fr-CH", &"suisse"), &translations, "fr"), ("fr-CH", &"suisse"));
        assert_eq!(beside(("fr", &"français"), &translations, "de"), ("fr", &"français"));
        assert_eq!(in_tag(&translations, "de"), None);
    }
}
