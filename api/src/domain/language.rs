//! The languages in which users are spoken to.

use crate::domain::code::{Code, codes};

codes! {
    /// A language of the users' texts.
    pub enum Language {
        /// English: the language of every text that has no other.
        En = "EN",
        /// French.
        Fr = "FR",
        /// Modern Standard Arabic, written from right to left.
        Ar = "AR",
    }
}

impl Language {
    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Ar => "ar",
        }
    }

    /// The language of a BCP 47 tag, by its first subtag and in either case: `fr-CH` is French. Nothing for others.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The language that fits an `Accept-Language` header best: the one with the highest weight, at equal weights
    /// the one named first. A language of weight 0 is not wanted; `*` stands for those not named. English where
    /// nothing fits or the header is empty or makes no sense.
    #[must_use]
    pub fn negotiate(accept_language_header: &str) -> Self {
        let ranges: Vec<(&str, u16)> = accept_language_header.split(',').filter_map(range).collect();
        // Ordered by weight, then by how early the range stands; what only `*` matches comes last among equals.
        let rank = |language: &Self| {
            let named = ranges.iter().enumerate().filter(|(_, (tag, _))| Self::from_tag(tag) == Some(*language));
            let named = named.map(|(place, (_, weight))| (*weight, usize::MAX - place)).max();
            let any = || ranges.iter().filter(|(tag, _)| *tag == "*").map(|(_, weight)| (*weight, 0)).max();
            named.or_else(any).unwrap_or_default()
        };
        // `max_by_key` keeps the last of equals, and English stands first.
        let best = Self::ALL.iter().copied().rev().max_by_key(rank);
        best.filter(|language| rank(language).0 > 0).unwrap_or(Self::En)
    }

    /// Whether the language is written from right to left.
    #[must_use]
    pub fn is_rtl(self) -> bool {
        self == Self::Ar
    }
}

/// Reads one range of the header: its tag and its weight in thousandths. Nothing when the weight makes no sense.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => {
            let (name, value) = parameter.split_once('=')?;
            let weight: f32 = value.trim().parse().ok()?;
            if !name.trim().eq_ignore_ascii_case("q") || !(0.0..=1.0).contains(&weight) {
                return None;
            }
            (weight * 1000.0).round() as u16
        }
    };
    Some((tag, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_back() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(*language));
            assert_eq!(language.code(), language.tag().to_uppercase());
        }
        assert_eq!(Language::from_tag("FR_ch"), Some(Language::Fr));
        assert_eq!(Language::from_tag("ar-Latn-MA"), Some(Language::Ar));
        assert_eq!(["", "f", "fra", "prs", "*"].map(Language::from_tag), [None; 5]);
        assert_eq!(Language::ALL.iter().filter(|language| language.is_rtl()).count(), 1);
    }

    #[test]
    fn the_header_is_honored() {
        for (header, expected) in [
            ("", Language::En),
            ("fr", Language::Fr),
            ("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", Language::Fr),
            ("en;q=0.2, ar ; Q=0.8 , fr;q=0.5", Language::Ar),
            ("prs, fa;q=0.9, fr;q=0.3", Language::Fr),
            ("fr;q=0.7, ar;q=0.7", Language::Fr),
            ("ar;q=0.7, fr;q=0.7", Language::Ar),
            ("de, *;q=0.1", Language::En),
            ("en;q=0, *;q=0.5", Language::Fr),
            ("en;q=0, fr;q=0.0, *", Language::Ar),
            ("*, fr", Language::Fr),
            ("fr;q=0", Language::En),
            ("*;q=0", Language::En),
            ("fr;q=2, ar;q=0.001", Language::Ar),
            ("fr;q=NaN, fr;level=1, ;;;,,q=1", Language::En),
            ("fr;q=0.999, ar;q=0.998", Language::Fr),
        ] {
            assert_eq!(Language::negotiate(header), expected, "{header}");
        }
    }
}
