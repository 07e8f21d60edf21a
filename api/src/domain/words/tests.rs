//! What is written down for a word, and what is looked up for what is typed.

use super::*;

/// Whether what is typed finds a word by a key of one of these kinds.
fn finds(typed: &str, word: &str, kinds: &[char]) -> bool {
    let written = keys(&words(word).remove(0));
    search(typed).lookups.iter().any(|look| look.key.starts_with(kinds) && written.contains(&look.key))
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
        assert!(finds(slip, "training", &['-']), "{slip}");
    }
    assert!(finds("lona", "loans", &['-', '=', '<']) || finds("schol", "school", &['-']));
    for [typed, other] in [["trumming", "training"], ["job", "jab"], ["sida", "sidi"], ["argent", "urgent"]] {
        assert!(!finds(typed, other, &['-']), "{typed} is not {other}");
    }
}

#[test]
fn words_are_found_as_they_sound() {
    for [latin, arabic] in [["tadrib", "تدريب"], ["qurud", "قروض"], ["mihni", "مهني"], ["nafsi", "نفسي"]]
    {
        assert!(finds(latin, arabic, &['~']), "{latin} {}", sound(&words(arabic)[0]));
    }
    assert!(finds("psicosocial", "psychosocial", &['^']));
    assert!(finds("كريدي", "kredi", &['!']), "from the other script, too");
    for [typed, other] in [["tadrib", "قروض"], ["argent", "urgent"], ["zzyx", "success"], ["sida", "side"]] {
        assert!(!finds(typed, other, &['~', '^', '!']), "{typed} is not {other}");
    }
}

#[test]
fn one_word_or_two_and_a_hyphen_are_the_same() {
    assert_eq!(words("micro-crédits"), ["micro", "microcredit", "credit"]);
    assert_eq!(words("micro crédit"), ["micro", "microcredit", "credit"]);
    assert_eq!(words("conseil - aide"), ["conseil", "aide"], "a dash is no hyphen");
    for typed in ["micro-crédit", "micro crédit", "microcrédit", "Micro‑crédits"] {
        for written in ["microcrédit", "micro-crédit", "micro crédit"] {
            let (asked, found) = (search(typed), words(written));
            let keys: BTreeSet<String> = found.iter().flat_map(|word| keys(word)).collect();
            let exact = |look: &&Lookup| look.key.starts_with('=') && keys.contains(&look.key);
            let found: BTreeSet<usize> = asked.lookups.iter().filter(exact).map(|look| look.word).collect();
            assert!(i64::try_from(found.len()).unwrap() >= asked.needed, "{typed} finds {written}");
        }
    }
    assert_eq!(search("soutien psychosocial").needed, 1);
    assert_eq!(search("appui").needed, 1, "alone it is looked for");
}

#[test]
fn only_the_last_word_is_a_beginning_and_most_words_must_be_found() {
    let asked = search("vocational trai");
    let beginnings: Vec<_> = asked.lookups.iter().filter(|look| look.key.starts_with('<')).collect();
    let keys: Vec<_> = beginnings.iter().map(|look| (look.word, look.key.as_str())).collect();
    assert_eq!(keys, [(0, "<vocationaltrai"), (1, "<trai"), (1, "<vocationaltrai")], "or of both as one");
    let needed = |text: &str| search(text).needed;
    assert_eq!([needed("a"), needed("one"), needed("one two"), needed("one two three")], [0, 1, 2, 2]);
    assert!(search("aa bb cc dd ee ff gg hh ii jj").lookups.iter().all(|look| look.word < MOST_ASKED));
}
