//! Words by which a place or an organization is known as one whose whereabouts may endanger those who use it. Stems are
//! looked for, not phrases, in English, French and Arabic: who writes a directory writes a plural, a gender, or the words
//! the other way round. Hiding one too many from the public costs less than showing one too many.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Folds a text for comparison: lower case, no accents or vowel signs, one blank wherever there was anything but letters
/// and digits.
#[must_use]
pub fn fold(text: &str) -> String {
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

/// What tells: a stem with `*` stands for all words that begin so, one without for itself and its plural.
enum Rule {
    /// Any of these words.
    Word(&'static str),
    /// Any of the first, unless one of the others stands within two words of it.
    Unless(&'static str, &'static str),
    /// One of the first and right after it one of the others, small words between them not counted.
    Row(&'static str, &'static str),
    /// One of the first and one of the others, in either order, at most so many words apart.
    Near(&'static str, &'static str, usize),
}

/// Houses in which people are taken in.
const HOUSES: &str = "foyer maison hebergement heberge* refuge shelter* hostel house housing residence logement auberge \
                      accommodation* lodging* lodge dortoir dormitor* résidence";
/// Those who are taken in there because of what was done to them.
const TAKEN_IN: &str = "femme woman women fille fillette girl survivor survivant* victim* rescape* battue célibataire";
const HOUSES_AR: &str = "دار بيت بيوت سكن مسكن مساكن نزل منزل منازل مضافة";
const TAKEN_IN_AR: &str = "نساء* نسائي* نسوي* امرأة مرأة فتيات* فتاة بنات* ناجيات* ناجين ضحايا* سيدات* معنف*";

/// The words.
const RULES: [Rule; 46] = [
    Rule::Word("shelter safehouse refuge abri"),
    Rule::Row("safe", "house home space place haven"),
    Rule::Row("lieu espace", "sur"),
    Rule::Row("lieux", "surs"),
    Rule::Row("maison", "sure sécurisée"),
    Rule::Row("hébergement logement accueil", "urgence"),
    Rule::Row("centre", "hébergement"),
    Rule::Row("mise mettre", "abri"),
    Rule::Word("gbv sgbv vbg vsbg vfg vff ipv mgf mgfe fgm fgmc fgc"),
    Rule::Word("violen* viol violé violée violeur rape raped raping rapist"),
    Rule::Row("gender", "based"),
    Rule::Unless(
        "abuse abused abuser abusing abus abusé abusée abusif abusive",
        "substance drug alcohol drogue alcool médicament confiance pouvoir power stupéfiant tabac",
    ),
    Rule::Word("maltrait* mistreat* battered féminicid* femicid* incest*"),
    Rule::Near("femme épouse women woman wife wives", "battu* beaten frapp*", 3),
    Rule::Near(
        "sexuel* sexual*",
        "assault* exploit* harass* harcel* agress* attack* atteinte offen* crime* chantage esclav* slave*",
        3,
    ),
    Rule::Row("sex", "work*"),
    Rule::Row("travail* ", "sexe"),
    Rule::Word("prostitu* slavery enslaved esclav*"),
    Rule::Word("traffick* trafiquant*"),
    Rule::Row("la de anti", "traite"),
    Rule::Near(
        "traite",
        "victim* survivant* lutte contre humain* être personne femme enfant fille mineur* trafic* migrant*",
        2,
    ),
    Rule::Near("trafic*", "humain* être personne femme enfant fille mineur* organe migrant*", 3),
    Rule::Row("human people person child", "smuggl* traffic*"),
    Rule::Near("mariage mariée marié marriage married marry", "force* forci* précoce enfant child early underage", 3),
    Rule::Word("excision* excisée excisees infibul* mutilation* mutilated"),
    Rule::Row("female genital", "cutting circumcision"),
    Rule::Near("témoin witness* ", "protect* protég* sécurit* menace* safety relocat*", 4),
    Rule::Row("honor honour", "crime killing based"),
    Rule::Row("crime", "honneur"),
    Rule::Near(HOUSES, TAKEN_IN, 3),
    Rule::Near("accueil reception transit", TAKEN_IN, 2),
    Rule::Near("mère mother", "célibataire single unwed", 2),
    Rule::Word("survivante lgbt lgbti lgbtq lgbtqi lgbtqia"),
    Rule::Word("مأوى* ملجأ* ملاجئ* إيواء*"),
    Rule::Row("مساحة مساحات مكان أماكن بيت بيوت منزل منازل فضاء فضاءات", "آمن آمنة"),
    Rule::Word("عنف عنيف معنف* تعنيف*"),
    Rule::Word("اغتصاب* مغتصب* تحرش* دعارة* استرقاق* عبودية* استعباد*"),
    Rule::Word("اتجار*"),
    Rule::Near("تهريب متاجرة", "بشر* أشخاص* نساء* أطفال*", 2),
    Rule::Word("ختان*"),
    Rule::Near("تشويه* بتر", "أعضاء* تناسلي*", 2),
    Rule::Near("زواج* تزويج*", "قسري* مبكر* قاصر* إكراه* إجباري* أطفال* طفلات* قصر", 3),
    Rule::Near("حماية*", "شهود* شاهد*", 3),
    Rule::Near("اعتداء* استغلال* ابتزاز* إساءة*", "جنسي* نساء* فتيات* أطفال* نسائي*", 3),
    Rule::Near(HOUSES_AR, TAKEN_IN_AR, 3),
    Rule::Word("ناجيات* ناجية*"),
];

/// Words that stand between others and do not part them.
const SMALL: [&str; 24] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et", "en", "of", "the", "for", "pour", "s",
    "and", "to", "an", "with", "avec", "في",
];

/// The stems of the rules: each stem is of some sides of rules, as bits of a number.
#[derive(Default)]
struct Stems {
    whole: HashMap<String, u128>,
    beginnings: HashMap<String, u128>,
}

impl Stems {
    fn read() -> Self {
        let mut stems = Self::default();
        for (at, rule) in RULES.iter().enumerate() {
            let (one, other) = match rule {
                Rule::Word(one) => (*one, ""),
                Rule::Unless(one, other) | Rule::Row(one, other) | Rule::Near(one, other, _) => (*one, *other),
            };
            stems.add(one, side(at, 0));
            stems.add(other, side(at, 1));
        }
        stems
    }

    fn add(&mut self, words: &str, bit: u128) {
        for word in words.split_whitespace() {
            match word.strip_suffix('*') {
                Some(stem) => *self.beginnings.entry(fold(stem)).or_default() |= bit,
                None => *self.whole.entry(fold(word)).or_default() |= bit,
            }
        }
    }

    fn of(&self, word: &str) -> u128 {
        let singular = word.strip_suffix(['s', 'x']).filter(|rest| rest.len() > 2);
        let whole = [Some(word), singular].into_iter().flatten().filter_map(|word| self.whole.get(word));
        let ends = word.char_indices().map(|(at, sign)| at + sign.len_utf8());
        let beginnings = ends.filter_map(|end| self.beginnings.get(&word[..end]));
        whole.chain(beginnings).fold(0, |all, bits| all | bits)
    }
}

/// The bit of one side of a rule. There is room for 64 rules.
fn side(rule: usize, side: usize) -> u128 {
    1 << (rule * 2 + side)
}

/// An Arabic word with and without what is written on to its beginning: conjunctions, prepositions, the article.
fn forms(word: &str) -> Vec<&str> {
    let mut forms = vec![word];
    if word.is_ascii() {
        return forms;
    }
    for affixes in [&["و", "ف"][..], &["لل", "ب", "ك", "ل"], &["ال"]] {
        let bare: Vec<&str> =
            forms.iter().flat_map(|form| affixes.iter().filter_map(|affix| form.strip_prefix(affix))).collect();
        forms.extend(bare.into_iter().filter(|bare| bare.chars().count() > 1));
    }
    forms
}

/// A word of a text: which sides of rules it is of, and its place among those that are not small.
struct Met<'a> {
    word: &'a str,
    bits: u128,
    at: usize,
    small: bool,
}

/// The words by which a text asks for discretion, folded; nothing where none does.
#[must_use]
pub fn telling(text: &str) -> Option<String> {
    static STEMS: LazyLock<Stems> = LazyLock::new(Stems::read);
    let folded = fold(text);
    let mut at = 0;
    let met: Vec<Met<'_>> = folded
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let small = SMALL.contains(&word);
            at += usize::from(!small);
            let bits = forms(word).into_iter().fold(0, |all, form| all | STEMS.of(form));
            Met { word, bits, at, small }
        })
        .collect();
    let all = met.iter().fold(0, |all, met| all | met.bits);
    RULES.iter().enumerate().filter(|(at, _)| all & side(*at, 0) != 0).find_map(|(at, rule)| applies(&met, at, rule))
}

fn applies(met: &[Met<'_>], rule: usize, what: &Rule) -> Option<String> {
    let firsts = || met.iter().enumerate().filter(|(_, met)| met.bits & side(rule, 0) != 0);
    let is_other = |met: &&Met<'_>| met.bits & side(rule, 1) != 0;
    let within = |one: &Met<'_>, most: usize| {
        let (least, last) = (one.at.saturating_sub(most), one.at + most);
        met.iter().filter(is_other).find(|other| other.at >= least && other.at <= last && !std::ptr::eq(*other, one))
    };
    let both = |one: &Met<'_>, other: &Met<'_>| format!("{} {}", one.word, other.word);
    match what {
        Rule::Word(_) => firsts().next().map(|(_, one)| one.word.to_owned()),
        Rule::Unless(..) => firsts().find(|(_, one)| within(one, 2).is_none()).map(|(_, one)| one.word.to_owned()),
        Rule::Row(..) => firsts().find_map(|(at, one)| {
            let next = met[at + 1..].iter().find(|next| is_other(next) || !next.small)?;
            is_other(&next).then(|| both(one, next))
        }),
        Rule::Near(_, _, most) => firsts().find_map(|(_, one)| within(one, *most).map(|other| both(one, other))),
    }
}

#[cfg(test)]
mod tests;
