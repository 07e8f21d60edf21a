//! Category maps: what they map, what they hide, what they complain about.

use super::*;
use crate::hsds::category_map::CategoryMap;
use crate::hsds::words::{fold, says};

fn map() -> CategoryMap {
    CategoryMap::parse(MAP, &|_| true).unwrap()
}

#[test]
fn maps_by_name_or_code_and_leaves_the_rest_unclassified() {
    let directory = from_ndjson();
    let expected = [
        ("Formation professionnelle en menuiserie", Some("ECO.IND.TVET")),
        ("Accueil de nuit pour femmes", Some("ARR.TEMP_SHELTER")),
        ("Conseil juridique", Some("SOC.IND.JUSTICE_LEGAL")),
        ("دعم نفسي واجتماعي", Some("PSY.IND.COUNSELLING")),
        ("مساعدة نقدية", Some("ARR.CASH")),
        ("أمسيات ثقافية", None),
        ("Starter grant for small businesses", Some("ECO.IND.BUSINESS_GRANT")),
    ];
    for (name, category) in expected {
        let found = map().classify(service(&directory, name));
        assert_eq!(found.category.as_deref(), category, "{name}");
        assert_eq!(found.unmapped_terms.is_empty(), category.is_some(), "{name}");
        assert_eq!(found.sensitive, name.starts_with("Accueil"), "{name}");
        assert_eq!(found.takes_referrals, name != "Conseil juridique", "{name}");
    }
    let open = map().classify(service(&directory, "أمسيات ثقافية"));
    assert_eq!(open.unmapped_terms[0].name, "Evening club");
}

#[test]
fn one_closed_place_beside_an_open_one_closes_only_itself() {
    let directory = from_ndjson();
    let mut service = service(&directory, "دعم نفسي واجتماعي").clone();
    let found = map().classify(&service);
    assert!(found.takes_referrals);
    assert_eq!(found.closed_places.len(), 1);
    service.places.retain(|place| place.source_id == found.closed_places[0]);
    assert!(!map().classify(&service).takes_referrals);
}

#[test]
fn closed_by_the_text_of_the_application_process() {
    let directory = from_ndjson();
    let mut service = service(&directory, "مساعدة نقدية").clone();
    for (text, takes) in [
        ("Referral required: Yes. Referrals  NOT accepted", false),
        ("Les orientations non acceptées en été", false),
        ("الإحالات غير مقبولة", false),
        ("Referral is not required", true),
        ("Referrals only", true),
    ] {
        service.application_process = Some(text.to_owned());
        assert_eq!(CategoryMap::default().classify(&service).takes_referrals, takes, "{text}");
    }
}

#[test]
fn the_first_listed_taxonomy_wins() {
    let directory = from_ndjson();
    let service = service(&directory, "Conseil juridique");
    let order = |first: &str, second: &str| {
        format!(r#"{{"format":"passerelle-category-map/1","taxonomies":[{first},{second}]}}"#)
    };
    let fields = r#"{"name":"FIELDS of  work","terms":{"legal_aid":"A"}}"#;
    let ways = r#"{"name":"ways to refer","terms":{"referrals not accepted":"B"}}"#;
    for (text, category) in [(order(fields, ways), "A"), (order(ways, fields), "B")] {
        let map = CategoryMap::parse(&text, &|_| true).unwrap();
        assert_eq!(map.classify(service).category.as_deref(), Some(category));
    }
}

#[test]
fn sensitive_words_in_three_languages() {
    let directory = from_ndjson();
    let mut service = service(&directory, "أمسيات ثقافية").clone();
    for (name, sensitive) in [
        ("TEMP_SHELTER", true),
        ("Shelters", true),
        ("Safe-House", true),
        ("SGBV", true),
        ("Anti-Trafficking desk", true),
        ("Hébergement d’urgence", true),
        ("Victimes de la traite des êtres humains", true),
        ("المأوى المؤقت", true),
        ("مكافحة الاتجار بالبشر", true),
        ("العُنف القائم على النوع الاجتماعي", true),
        ("Night home", false),
        ("Refugee rights", false),
        ("Sheltering plants", false),
        ("تدريب مهني", false),
    ] {
        service.terms[0].name = name.to_owned();
        assert_eq!(CategoryMap::default().classify(&service).sensitive, sensitive, "{name}");
    }
    service.terms[0].name = "Night home".to_owned();
    assert!(map().classify(&service).sensitive);
}

#[test]
fn folding_and_matching_of_words() {
    assert_eq!(fold("  Mise à l'Abri_ "), "mise a l abri");
    assert_eq!(fold("e\u{301}TÉ"), "ete");
    assert!(says("no referrals here", "referral"));
    assert!(!says("preferrals", "referral"));
    assert!(!says("anything", ""));
}

#[test]
fn tells_all_complaints_about_a_map_at_once() {
    let text = r#"{"format":"x","taxonomy":1,"sensitive_terms":["", 3],"closed_terms":"no",
        "taxonomies":[{"name":" ","terms":{"a":"GOOD","A ":"BETTER","b":"BAD","c":1,"-":"GOOD"}},
        {"name":"t","terms":[],"more":1},{"name":"T","terms":{}},7]}"#;
    let known = |code: &str| code == "GOOD" || code == "BETTER";
    let complaints = CategoryMap::parse(text, &known).unwrap_err();
    let paths: Vec<_> = complaints.iter().map(|one| one.path.as_str()).collect();
    for path in [
        "format",
        "taxonomy",
        "sensitive_terms[0]",
        "sensitive_terms[1]",
        "closed_terms",
        "taxonomies[0].name",
        "taxonomies[0].terms[\"a\"]",
        "taxonomies[0].terms[\"b\"]",
        "taxonomies[0].terms[\"c\"]",
        "taxonomies[0].terms[\"-\"]",
        "taxonomies[1].terms",
        "taxonomies[1].more",
        "taxonomies[2].name",
        "taxonomies[3]",
    ] {
        assert!(paths.contains(&path), "{path} is missing from {paths:?}");
    }
    assert_eq!(complaints.len(), 14);
    assert_eq!(CategoryMap::parse("{", &known).unwrap_err().len(), 1);
    assert_eq!(CategoryMap::parse("[]", &known).unwrap_err().len(), 1);
}
