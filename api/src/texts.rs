//! The texts that users read, in their languages. The texts themselves are data, in `locales/`.

use crate::domain::language::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::OnceLock;

/// A bundle that all threads share.
type Bundle = FluentBundle<FluentResource>;

/// The files of one language.
const fn sources(language: Language) -> [&'static str; 4] {
    match language {
        Language::En => [
            include_str!("../locales/en/errors.ftl"),
            include_str!("../locales/en/labels.ftl"),
            include_str!("../locales/en/access.ftl"),
            include_str!("../locales/en/consent.ftl"),
        ],
        Language::Fr => [
            include_str!("../locales/fr/errors.ftl"),
            include_str!("../locales/fr/labels.ftl"),
            include_str!("../locales/fr/access.ftl"),
            include_str!("../locales/fr/consent.ftl"),
        ],
        Language::Ar => [
            include_str!("../locales/ar/errors.ftl"),
            include_str!("../locales/ar/labels.ftl"),
            include_str!("../locales/ar/access.ftl"),
            include_str!("../locales/ar/consent.ftl"),
        ],
    }
}

/// All texts of all languages.
pub struct Texts {
    en: Bundle,
    fr: Bundle,
    ar: Bundle,
}

impl Texts {
    /// The texts, read once in the life of the process.
    pub fn global() -> &'static Self {
        static TEXTS: OnceLock<Texts> = OnceLock::new();
        TEXTS.get_or_init(|| Self { en: bundle(Language::En), fr: bundle(Language::Fr), ar: bundle(Language::Ar) })
    }

    /// The text of a key with its arguments filled in: in `language`, or in English where that language lacks it, or
    /// the key itself where nobody has it. An argument with an empty value counts as `none`, for which a text may
    /// have its own wording. Arguments must not hold personal data.
    #[must_use]
    pub fn text(&self, language: Language, key: &str, args: &[(&str, &str)]) -> String {
        let values = || args.iter().map(|(name, value)| (*name, if value.is_empty() { "none" } else { *value }));
        let filled: FluentArgs<'_> = values().collect();
        [language, Language::En]
            .into_iter()
            .find_map(|tried| self.in_one(tried, key, &filled))
            .unwrap_or(key.to_owned())
    }

    /// What a user is told who broke the rule of this code, such as `STALE_VERSION`.
    #[must_use]
    pub fn error(&self, language: Language, code: &str, args: &[(&str, &str)]) -> String {
        self.text(language, &key("error", code), args)
    }

    /// The label of a code of one set, such as `IN_SERVICE` of `referral-status`; the key where there is none.
    #[must_use]
    pub fn label(&self, language: Language, set: &str, code: &str) -> String {
        self.text(language, &key(set, code), &[])
    }

    /// The text of a key in this language alone, or nothing.
    fn in_one(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundle(language);
        let pattern = bundle.get_message(key)?.value()?;
        // A text that names an argument nobody gave shows its name; the rest of it is still of use.
        Some(bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
    }

    fn bundle(&self, language: Language) -> &Bundle {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
            Language::Ar => &self.ar,
        }
    }
}

/// The key of a code's text: `referral-status-in-service` for `IN_SERVICE` of `referral-status`.
fn key(set: &str, code: &str) -> String {
    format!("{set}-{}", code.to_ascii_lowercase().replace('_', "-"))
}

/// A bundle of a language without texts.
fn empty(language: Language) -> Bundle {
    // Our tags are well formed; the default, "undetermined", would only change how numbers are written.
    Bundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()])
}

/// Reads the texts of one language. What the files hold is proved by the tests, so that faults in them are passed
/// over here: a text that can't be read is a missing one, and English takes its place.
fn bundle(language: Language) -> Bundle {
    let mut bundle = empty(language);
    // Between right-to-left words an argument in Latin letters has to be fenced off, or its parts change places.
    bundle.set_use_isolating(language.is_rtl());
    for source in sources(language) {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Code;
    use crate::domain::{access, actor, case, consent, organization, referral, rule, service};
    use std::collections::BTreeMap;

    /// French texts that are rightly the same as the English ones.
    const COGNATES: &[&str] = &["dimension-psychosocial", "dimension-social", "urgency-urgent"];
    /// Arguments that texts may have, with values that are found again.
    const ARGS: &[(&str, &str)] = &[
        ("current", "CURRENT7"),
        ("possible", "POSSIBLE7"),
        ("missing", "MISSING7"),
        ("identifier", "IDENTIFIER7"),
        ("organization", "ORGANIZATION7"),
        ("fields", "FIELDS7"),
        ("date", "DATE7"),
        ("since", "SINCE7"),
        ("until", "UNTIL7"),
        ("minimum", "MINIMUM7"),
        ("maximum", "MAXIMUM7"),
        ("values", "VALUES7"),
    ];

    /// The keys that the files of a language hold. Fails at a line Fluent does not understand and at a key held twice.
    fn keys(language: Language) -> Vec<&'static str> {
        let mut keys = Vec::new();
        for source in sources(language) {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{language:?} has a line that is no Fluent");
            let starts = source.lines().filter(|line| line.starts_with(|sign: char| sign.is_ascii_lowercase()));
            keys.extend(starts.filter_map(|line| line.split_once(" =")).map(|(key, _)| key));
        }
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{language:?} has a key twice");
        keys
    }

    /// All texts of one language alone, filled in.
    fn all(language: Language) -> BTreeMap<&'static str, String> {
        let args: FluentArgs<'_> = ARGS.iter().copied().collect();
        let text = |key| Texts::global().in_one(language, key, &args).unwrap();
        keys(language).into_iter().map(|key| (key, text(key))).collect()
    }

    fn of<C: Code>(set: &str) -> Vec<String> {
        C::ALL.iter().map(|member| key(set, member.code())).collect()
    }

    #[test]
    fn every_code_of_the_domain_has_a_text() {
        let needed = [
            of::<rule::RuleCode>("error"),
            of::<referral::Status>("referral-status"),
            of::<referral::reason::Reason>("reason"),
            of::<referral::GoalResult>("goal-result"),
            of::<case::Urgency>("urgency"),
            of::<case::CaseStatus>("case-status"),
            of::<case::CloseReason>("close-reason"),
            of::<case::NeedStatus>("need-status"),
            of::<service::Dimension>("dimension"),
            of::<service::Level>("level"),
            of::<service::ServiceStatus>("service-status"),
            of::<service::Visibility>("visibility"),
            of::<service::ReturnType>("return-type"),
            of::<organization::OrganizationKind>("organization-kind"),
            of::<actor::MemberRole>("member-role"),
            of::<access::AccessBecause>("access-because"),
            of::<case::ConsentField>("consent-field"),
            of::<case::Basis>("basis"),
            of::<case::Purpose>("purpose"),
            of::<case::ConsentMethod>("consent-method"),
            of::<consent::GivenBy>("given-by"),
            of::<consent::ChildView>("child-view"),
            of::<referral::Channel>("person-channel"),
        ]
        .concat();
        let known = keys(Language::En);
        let missing: Vec<_> = needed.iter().filter(|key| !known.contains(&key.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        assert!(keys(Language::En).len() > 100);
        for language in Language::ALL {
            assert_eq!(keys(*language), keys(Language::En), "{language:?}");
        }
    }

    #[test]
    fn no_placeholder_is_left_and_all_languages_use_the_same_arguments() {
        let english = all(Language::En);
        for language in Language::ALL {
            for (key, text) in all(*language) {
                assert!(!text.trim().is_empty() && !text.contains(['{', '}', '$']), "{language:?} {key}: {text}");
                for (_, value) in ARGS {
                    assert_eq!(text.contains(value), english[key].contains(value), "{language:?} {key}: {text}");
                }
            }
        }
    }

    #[test]
    fn every_text_is_translated() {
        let (english, french, arabic) = (all(Language::En), all(Language::Fr), all(Language::Ar));
        let same: Vec<_> = english.iter().filter(|(key, text)| french[*key] == **text).map(|(key, _)| *key).collect();
        assert_eq!(same, COGNATES);
        let is_arabic = |sign: char| ('\u{600}'..='\u{6ff}').contains(&sign);
        for (key, text) in arabic {
            let latin = ARGS.iter().fold(text.clone(), |text, (_, value)| text.replace(value, ""));
            assert!(
                latin.contains(is_arabic) && !latin.contains(|sign: char| sign.is_ascii_alphanumeric()),
                "{key}: {text}"
            );
        }
    }

    #[test]
    fn texts_are_filled_in_and_fall_back() {
        let texts = Texts::global();
        let stale = texts.error(Language::Fr, "STALE_VERSION", &[("current", "7")]);
        assert!(stale.contains("version actuelle\u{a0}: 7)"), "{stale}");
        let state = |possible| texts.error(Language::En, "WRONG_STATE", &[("current", "Sent"), ("possible", possible)]);
        assert!(state("Accept, Decline").ends_with("Please choose one of these steps: Accept, Decline."));
        assert!(state("").ends_with("Current state: Sent. There is no step that you can take."), "{}", state(""));
        assert_eq!(texts.label(Language::Ar, "case-status", "OPEN"), "مفتوحة");
        assert_eq!(texts.label(Language::Fr, "referral-status", "IN_SERVICE"), "Service en cours");
        assert_eq!(texts.label(Language::Fr, "referral-status", "NO_SUCH"), "referral-status-no-such");
        assert_eq!(texts.text(Language::Ar, "", &[]), "");
    }

    #[test]
    fn a_text_that_one_language_lacks_is_given_in_english() {
        let lacking = Texts { en: bundle(Language::En), fr: empty(Language::Fr), ar: empty(Language::Ar) };
        assert_eq!(lacking.label(Language::Fr, "case-status", "CLOSED"), "Closed");
    }

    #[test]
    fn arguments_are_fenced_off_between_arabic_words_only() {
        let fenced =
            |language| Texts::global().error(language, "INCOMPLETE", &[("missing", "x")]).contains("\u{2068}x\u{2069}");
        assert_eq!(Language::ALL.iter().map(|language| fenced(*language)).collect::<Vec<_>>(), [false, false, true]);
    }
}
