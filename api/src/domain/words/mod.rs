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
/// The fewest letters of a word in which a letter is forgiven that is another one.
const CHANGED_FROM: usize = 5;
/// The fewest consonants by which a word is found as it sounds in another script.
const SOUNDS_FROM: usize = 3;
/// The fewest consonants by which a word is found as it sounds in its own script.
const SOUNDS_ALIKE_FROM: usize = 4;
/// The longest word that is kept; the rest of a longer one is cut off.
const LONGEST: usize = 40;

/// Words that are in every sentence and tell nothing, folded and stripped.
const EMPTY: &[&str] = &[
    "the", "of", "and", "for", "to", "in", "at", "on", "with", "an", "my", "or", "is", "by", "from", "le", "la", "les",
    "de", "du", "des", "un", "une", "et", "au", "aux", "en", "pour", "avec", "sur", "dan", "par", "ou", "ce", "mon",
    "ma", "mn", "fy", "aly", "aaly", "an", "ma", "ay", "que", "qui", "est", "son", "leur", "nous", "vous", "je", "are",
    "be", "your", "this", "that", "how", "where",
];

/// Words that say of whatever stands beside them that it is help. Beside others they need not be found.
const HELPS: &[&str] = &["soutien", "appui", "accompagnement"];

/// Beginnings of words that some write apart from the rest, or with a hyphen.
const PARTED: &[&str] = &["micro", "psycho", "psico", "socio", "medico", "multi", "auto", "inter", "agro", "electro"];

/// How much a way of finding a word is worth, of ten.
mod worth {
    pub const EXACT: i32 = 10;
    pub const BEGINNING: i32 = 7;
    pub const SLIP: i32 = 5;
    pub const SOUND: i32 = 3;
}

/// The words of a text in their order, without those that tell nothing. A text of signs alone has none. What is written
/// with a hyphen, or apart after a beginning like `micro`, is also there as one word.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let pieces = pieces(text);
    let mut all = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        let joins = |before: &&Piece| piece.hyphened || PARTED.contains(&before.word.as_str());
        all.extend(before.filter(joins).and_then(|before| joined(&before.word, &piece.word)));
        all.push(piece.word.clone());
    }
    all
}

/// Two words as one, where that is no longer than a word is kept.
fn joined(one: &str, other: &str) -> Option<String> {
    let has_digits = [one, other].iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    (!has_digits && one.len() + other.len() <= LONGEST).then(|| format!("{one}{other}"))
}

/// A word that tells something.
struct Piece {
    word: String,
    /// Whether nothing but a hyphen stands between it and the one before.
    hyphened: bool,
}

fn pieces(text: &str) -> Vec<Piece> {
    let text: String = text.chars().filter(|sign| !is_dropped(*sign)).collect();
    let parts = |sign: char| !sign.is_alphanumeric() && !is_mark(sign, any_ascii::any_ascii_char(sign));
    let (mut all, mut between): (Vec<Piece>, String) = (Vec::new(), String::new());
    // Each piece with the sign that ends it.
    for piece in text.split_inclusive(parts) {
        let end = piece.chars().next_back().filter(|sign| parts(*sign));
        let word = &piece[..piece.len() - end.map_or(0, char::len_utf8)];
        if !word.is_empty() {
            let mut hyphened = matches!(between.as_str(), "-" | "\u{2010}" | "\u{2011}");
            for word in folded(word) {
                let tells = tells(&word);
                if tells {
                    all.push(Piece {
                        word: word.chars().take(LONGEST).collect(),
                        hyphened: hyphened && !all.is_empty(),
                    });
                }
                hyphened = false;
            }
            between.clear();
        }
        between.extend(end);
    }
    all
}

/// A word folded and stripped; some scripts fold into several.
fn folded(word: &str) -> Vec<String> {
    let arabic = word.chars().next().is_some_and(is_arabic);
    let stripped = if arabic { without_affixes(word) } else { word.to_owned() };
    fold(&stripped).split(' ').map(|word| if arabic { word.to_owned() } else { without_plural(word) }).collect()
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

/// Whether a word comes from a script that writes no short vowels.
fn is_foreign(word: &str) -> bool {
    !word.contains(['e', 'i', 'o', 'u'])
}

/// How a word sounds beside others of its own script: with what it begins with, be it a vowel.
fn alike(word: &str) -> Option<String> {
    let sound = sound(word);
    let first = word.get(..1).filter(|_| sound.len() >= SOUNDS_ALIKE_FROM)?;
    Some(format!("^{first}{sound}"))
}

/// The keys under which a word is written down.
#[must_use]
pub fn keys(word: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::from([format!("={word}")]);
    keys.extend(BEGINNING.filter(|length| *length <= word.len()).map(|length| format!("<{}", &word[..length])));
    keys.extend(slips(word).into_iter().map(|slip| format!("-{slip}")));
    keys.extend(alike(word));
    let sound = sound(word);
    if sound.len() >= SOUNDS_FROM {
        // Looked up from the other script.
        keys.insert(format!("{}{sound}", if is_foreign(word) { '~' } else { '!' }));
    }
    keys
}

/// What a slip in a word is looked up by. The first letter is the one that is typed with care, and in a short word
/// another letter makes another word.
fn forgiven(word: &str) -> BTreeSet<String> {
    let mut all = slips(word);
    if word.len() < CHANGED_FROM {
        all.retain(|slip| slip == word);
    } else if let Some(rest) = word.get(1..).filter(|rest| !rest.starts_with(&word[..1])) {
        all.remove(rest);
    }
    all
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
    for Piece { word, .. } in pieces(text) {
        if !asked.contains(&word) && asked.len() < MOST_ASKED {
            asked.push(word);
        }
    }
    if asked.iter().any(|word| !HELPS.contains(&word.as_str())) {
        asked.retain(|word| !HELPS.contains(&word.as_str()));
    }
    let foreign = text.chars().any(|sign| sign.is_alphabetic() && is_arabic(sign));
    let mut lookups = Vec::new();
    for at in 0..asked.len() {
        look_up(&mut lookups, &asked, at, foreign);
    }
    let count = asked.len();
    Search { lookups, needed: i64::try_from(count - count / 3).unwrap_or(i64::MAX) }
}

/// What is looked up for one word of a search.
fn look_up(lookups: &mut Vec<Lookup>, asked: &[String], at: usize, foreign: bool) {
    let Some(word) = asked.get(at) else { return };
    let exact = format!("={word}");
    let is_last = at + 1 == asked.len();
    let beginning = (is_last && BEGINNING.contains(&word.len())).then(|| format!("<{word}"));
    let unless = beginning.clone().unwrap_or_else(|| exact.clone());
    let mut look = |key: String, worth: i32, unless: &str| {
        lookups.push(Lookup { word: at, key, worth, unless: unless.to_owned() });
    };
    look(exact, worth::EXACT, "");
    if let Some(beginning) = beginning {
        look(beginning, worth::BEGINNING, "");
    }
    // Two words that stand beside one another may be one.
    for first in [at.checked_sub(1), Some(at)].into_iter().flatten() {
        let pair = asked.get(first).zip(asked.get(first + 1));
        let Some(one) = pair.and_then(|(one, other)| joined(one, other)) else { continue };
        if first + 2 == asked.len() && BEGINNING.contains(&one.len()) {
            look(format!("<{one}"), worth::BEGINNING, "");
        }
        look(format!("={one}"), worth::EXACT, "");
    }
    for slip in forgiven(word) {
        look(format!("-{slip}"), worth::SLIP, &unless);
    }
    if let Some(alike) = alike(word) {
        look(alike, worth::SOUND, &unless);
    }
    let sound = sound(word);
    if sound.len() >= SOUNDS_FROM {
        look(format!("{}{sound}", if foreign { '!' } else { '~' }), worth::SOUND, &unless);
    }
}

#[cfg(test)]
mod tests;
