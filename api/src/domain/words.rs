//! The words by which a service is found. A word is folded, so that script, accents and keyboards do not matter, and
//! stripped of the endings and articles that change with the sentence. What is written down for a word and what is
//! looked up for one are keys: texts that are compared as a whole, so that both engines find the same.

use crate::domain::folding::{fold, is_dropped, is_mark, letter_form};
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;

/// The most words of one search that count; what follows is not looked at.
const MOST_ASKED: usize = 8;
/// The shortest and the longest beginning by which a word is found.
const BEGINNING: std::ops::RangeInclusive<usize> = 2..=14;
/// The fewest letters of a word in which a slip of the keyboard is forgiven.
const FORGIVEN_FROM: usize = 4;
/// The fewest consonants by which a word is found as it sounds.
const SOUNDS_FROM: usize = 3;
/// The longest word that is kept; the rest of a longer one is cut off.
const LONGEST: usize = 40;

/// Words that are in every sentence and tell nothing, folded and stripped.
const EMPTY: &[&str] = &[
    "the", "of", "and", "for", "to", "in", "at", "on", "with", "an", "my", "or", "is", "by", "from", "le", "la", "les",
    "de", "du", "des", "un", "une", "et", "au", "aux", "en", "pour", "avec", "sur", "dan", "par", "ou", "ce", "mon",
    "ma", "mn", "fy", "aly", "aaly", "an", "ma", "ay",
];

/// How much a way of finding a word is worth, of ten.
mod worth {
    pub const EXACT: i32 = 10;
    pub const BEGINNING: i32 = 7;
    pub const SLIP: i32 = 5;
    pub const SOUND: i32 = 3;
}

/// The words of a text in their order, without those that tell nothing. A text of signs alone has none.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|sign| !is_dropped(*sign)).collect();
    let parts = |sign: char| !sign.is_alphanumeric() && !is_mark(sign, any_ascii::any_ascii_char(sign));
    let pieces = text.split(parts);
    let folded = pieces.flat_map(|piece| {
        let arabic = piece.chars().next().is_some_and(is_arabic);
        let stripped = if arabic { without_affixes(piece) } else { piece.to_owned() };
        let words: Vec<String> = fold(&stripped)
            .split(' ')
            .map(|word| if arabic { word.to_owned() } else { without_plural(word) })
            .collect();
        words
    });
    folded.filter(|word| tells(word)).map(|word| word.chars().take(LONGEST).collect()).collect()
}

fn tells(word: &str) -> bool {
    let number = word.bytes().all(|byte| byte.is_ascii_digit());
    !word.is_empty() && (number || word.len() > 1) && !EMPTY.contains(&word)
}

fn is_arabic(sign: char) -> bool {
    matches!(sign, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}')
}

/// An Arabic word without its article, the prepositions that are written onto it, and the ending of its number and
/// gender; three letters are always left.
fn without_affixes(word: &str) -> String {
    let letters: Vec<char> = word
        .chars()
        .map(|sign| match letter_form(sign) {
            'a' if sign != 'ع' => 'ا',
            'a' => 'ع',
            other => other,
        })
        .collect();
    let mut rest = &letters[..];
    let fits = |rest: &[char], affix: &[char]| rest.len() >= affix.len() + 3;
    for prefix in [&['و', 'ا', 'ل'][..], &['ب', 'ا', 'ل'], &['ك', 'ا', 'ل'], &['ف', 'ا', 'ل'], &['ل', 'ل'], &['ا', 'ل']]
    {
        if rest.starts_with(prefix) && fits(rest, prefix) {
            rest = &rest[prefix.len()..];
            break;
        }
    }
    for suffix in [&['ا', 'ت'][..], &['و', 'ن'], &['ي', 'ن'], &['ي', 'ه'], &['ه']] {
        if rest.ends_with(suffix) && fits(rest, suffix) {
            rest = &rest[..rest.len() - suffix.len()];
            break;
        }
    }
    rest.iter().collect()
}

/// A word in Latin letters without the ending of its plural, as English and French write it.
fn without_plural(word: &str) -> String {
    let long = word.len() > 3;
    match word {
        _ if long && word.ends_with("ies") => format!("{}y", &word[..word.len() - 3]),
        _ if long && (word.ends_with("eaux") || word.ends_with('s') && !word.ends_with("ss")) => {
            word[..word.len() - 1].to_owned()
        }
        _ => word.to_owned(),
    }
}

/// Letters that stand for one sound in words that were put down in Latin letters.
const PAIRS: [(&str, &str); 8] =
    [("sh", "s"), ("ch", "k"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("dj", "j")];

/// How a word sounds, roughly: its consonants, those that stand for one another made one, a doubled one once. So a word
/// is found that was put down in another script's letters, whose short vowels Arabic does not write.
fn sound(word: &str) -> String {
    let mut sound = String::new();
    let mut before = "";
    let mut rest = word;
    while let Some(letter) = rest.get(..1) {
        let pair = PAIRS.iter().find(|(pair, _)| rest.starts_with(pair));
        let heard = pair.map_or_else(|| consonant(letter, rest.len() == word.len()), |(_, heard)| heard);
        if heard != before {
            sound.push_str(heard);
        }
        before = heard;
        rest = &rest[pair.map_or(1, |(pair, _)| pair.len())..];
    }
    sound
}

/// What is heard of a letter; nothing of a vowel. Only at its beginning does a word sound of `w` and `y`.
fn consonant(letter: &str, first: bool) -> &str {
    match letter {
        "w" | "y" if first => letter,
        "a" | "e" | "i" | "o" | "u" | "y" | "w" => "",
        "c" | "q" => "k",
        "z" => "s",
        "v" => "f",
        "x" => "ks",
        _ => letter,
    }
}

/// A word with each of its letters left out once, and the word itself: two words that share one of these are a slip of
/// the keyboard apart, be it a letter missing, added, changed or in its neighbor's place.
fn slips(word: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    if word.len() >= FORGIVEN_FROM && !word.bytes().any(|byte| byte.is_ascii_digit()) {
        all.insert(word.to_owned());
        all.extend((0..word.len()).map(|at| format!("{}{}", &word[..at], &word[at + 1..])));
    }
    all
}

/// The keys under which a word is written down.
#[must_use]
pub fn keys(word: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::from([format!("={word}")]);
    keys.extend(BEGINNING.filter(|length| *length <= word.len()).map(|length| format!("<{}", &word[..length])));
    keys.extend(slips(word).into_iter().map(|slip| format!("-{slip}")));
    let sound = sound(word);
    if sound.len() >= SOUNDS_FROM {
        keys.insert(format!("~{sound}"));
    }
    keys
}

/// A key that is looked up for a word of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Which word of the search, from zero.
    pub word: usize,
    pub key: String,
    /// How much it is worth to be found so, of ten.
    pub worth: i32,
    /// The key under which nothing may be found for this one to count; empty for what counts always. Slips are only
    /// forgiven where nothing is called what was typed.
    pub unless: String,
}

/// As the engines read it: a row of four.
impl Serialize for Lookup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.word, &self.key, self.worth, &self.unless).serialize(serializer)
    }
}

/// A search by text.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub lookups: Vec<Lookup>,
    /// How many of its words must be found: all of two, and two of each three of more.
    pub needed: i64,
}

/// What is looked up for a text. The last word may be the beginning of one: it is typed still.
#[must_use]
pub fn search(text: &str) -> Search {
    let mut asked: Vec<String> = Vec::new();
    for word in words(text) {
        if !asked.contains(&word) && asked.len() < MOST_ASKED {
            asked.push(word);
        }
    }
    let last = asked.len().saturating_sub(1);
    let mut lookups = Vec::new();
    for (at, word) in asked.iter().enumerate() {
        let exact = format!("={word}");
        let beginning = (at == last && BEGINNING.contains(&word.len())).then(|| format!("<{word}"));
        let unless = beginning.clone().unwrap_or_else(|| exact.clone());
        let mut look = |key: String, worth: i32, unless: &str| {
            lookups.push(Lookup { word: at, key, worth, unless: unless.to_owned() });
        };
        look(exact, worth::EXACT, "");
        if let Some(beginning) = beginning {
            look(beginning, worth::BEGINNING, "");
        }
        for slip in slips(word) {
            look(format!("-{slip}"), worth::SLIP, &unless);
        }
        let sound = sound(word);
        if sound.len() >= SOUNDS_FROM {
            look(format!("~{sound}"), worth::SOUND, &unless);
        }
    }
    let count = asked.len();
    Search { lookups, needed: i64::try_from(count - count / 3).unwrap_or(i64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the two words share a key of this kind.
    fn share(one: &str, other: &str, kind: char) -> bool {
        let (one, other) = (words(one).remove(0), words(other).remove(0));
        keys(&one).intersection(&keys(&other)).any(|key| key.starts_with(kind))
    }

    #[test]
    fn articles_and_endings_do_not_matter() {
        for same in [["loans", "loan"], ["activities", "activity"], ["prêts", "pret"], ["bureaux", "bureau"]] {
            assert_eq!(words(same[0]), words(same[1]));
        }
        for same in
            [["التدريب", "تدريب"], ["خدمات", "الخدمة"], ["للعائدين", "عائد"], ["والتعليم", "تعليم"], ["أُسرة", "اسرة"]]
        {
            assert_eq!(words(same[0]), words(same[1]), "{same:?}");
        }
        assert_eq!(words("Aide à l’accueil de la mer"), ["aide", "accueil", "mer"]);
        assert_eq!(words("…—! %_"), Vec::<String>::new());
        assert_eq!(words("gas bus"), ["gas", "bus"]);
    }

    #[test]
    fn slips_are_forgiven_in_words_of_four_letters() {
        for slip in ["trainng", "trainingg", "traiming", "trianing"] {
            assert!(share(slip, "training", '-'), "{slip}");
        }
        assert!(!share("trumming", "training", '-'));
        assert!(!share("job", "jab", '-'));
    }

    #[test]
    fn words_are_found_as_they_sound() {
        for [latin, arabic] in [["tadrib", "تدريب"], ["qurud", "قروض"], ["mihni", "مهني"], ["nafsi", "نفسي"]]
        {
            assert!(share(latin, arabic, '~'), "{latin} {}", sound(&words(arabic)[0]));
        }
        assert!(share("psicosocial", "psychosocial", '~'));
        assert!(!share("tadrib", "قروض", '~'));
    }

    #[test]
    fn only_the_last_word_is_a_beginning_and_most_words_must_be_found() {
        let asked = search("vocational trai");
        let beginnings: Vec<_> = asked.lookups.iter().filter(|look| look.key.starts_with('<')).collect();
        assert_eq!(beginnings.len(), 1);
        assert_eq!((beginnings[0].word, beginnings[0].key.as_str()), (1, "<trai"));
        let needed = |text: &str| search(text).needed;
        assert_eq!([needed("a"), needed("one"), needed("one two"), needed("one two three")], [0, 1, 2, 2]);
        assert!(search("aa bb cc dd ee ff gg hh ii jj").lookups.iter().all(|look| look.word < MOST_ASKED));
    }
}
