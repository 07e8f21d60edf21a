//! Who sees which field, as a file that reviewers read: `fields.txt`, made by walking the contract from each query to each
//! object type as everybody. A field that is new is missing there, and the build fails until somebody has looked at it.

mod contract;
mod walk;
mod world;

use crate::support::app::TestApp;
use crate::support::dependencies::repository;
use crate::support::engine::Engine;
use crate::support::world::World;
use contract::{Contract, Field};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use walk::{Seen, Stop, seen_at, stops};
use world::{Relation, relations};

const HEAD: &str = "\
# Who sees a value in which field. The partner holds the cases and sends; the provider receives. By relation: holder (its
# worker), sender (its supervisor), the receiver with a referral that is pending, accepted or ended, sibling (another
# organization that gives a service in the same case, looking at the provider's referral), peer (another case worker of
# the program), government (a ministry's case worker), coordinator, program-manager, m-and-e, data-protection,
# administrator (the last three of the holder), anonymous. Below each type, by the way on which it was reached: who gets a
# value in which fields. Who is not named gets null, an empty list or no object. `filled for nobody` are fields that this
# world fills for none of them. Made by the tests: BLESS=1 writes it anew, and every change of it is a change of what
# somebody sees.
";

/// How each query is asked; those that need nothing are asked as they are.
const ASKED: [(&str, &str); 23] = [
    ("agreement", "agreement(id: $agreement)"),
    ("area", "area(by: { id: $area })"),
    ("case", "case(by: { id: $case })"),
    ("caseAccess", "caseAccess(caseId: $case, first: 9)"),
    ("caseAccessReport", "caseAccessReport(caseId: $case)"),
    ("checkEligibility", "checkEligibility(serviceId: $service, caseId: $case)"),
    ("codeLabels", "codeLabels(set: REFERRAL_STATUS)"),
    ("consentRecord", "consentRecord(consentId: $consent)"),
    ("helpComparison", "helpComparison(programId: $program, period: { year: 2026, quarter: 3 })"),
    ("node", ""),
    ("nodes", ""),
    ("organization", "organization(id: $organization)"),
    ("planGaps", "planGaps(programId: $program)"),
    ("referral", "referral(by: { id: $referral })"),
    ("referralReasons", "referralReasons(period: { year: 2026, quarter: 4 })"),
    ("referralStanding", "referralStanding(programId: $program)"),
    ("service", "service(by: { id: $service })"),
    ("serviceCoverage", "serviceCoverage(area: $area)"),
    ("stuckReferrals", "stuckReferrals(areaId: $area)"),
    ("unmetNeeds", "unmetNeeds(areaId: $area, period: { year: 2026, quarter: 3 })"),
    ("whyCanISee", "whyCanISee(id: $referral)"),
    ("workingCalendar", "workingCalendar(areaId: $area)"),
    ("referralTransitions", ""),
];

/// How a query is asked, if it is.
fn asked(query: &Field) -> Option<String> {
    if let Some((_, text)) = ASKED.iter().find(|row| row.0 == query.name) {
        return (!text.is_empty()).then(|| (*text).to_owned());
    }
    assert!(!query.needs_arguments, "say in ASKED how `{}` is asked", query.name);
    Some(if query.is_connection { format!("{}(first: 9)", query.name) } else { query.name.clone() })
}

/// What everybody sees at a stop, told by groups of fields that the same people see.
async fn told(app: &TestApp, contract: &Contract, stop: &Stop, everybody: &[Relation]) -> String {
    let mut by_field: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, relation) in everybody.iter().enumerate() {
        let (seen, answers) = seen_at(app, contract, stop, &relation.who, &relation.ids).await;
        // What is said about a person never reaches whoever stands outside.
        assert!(!relation.is_outside || !answers.contains("CANARY"), "{} reads {answers}", relation.name);
        for (field, seen) in seen {
            let who = by_field.entry(field).or_default();
            if seen == Seen::Value {
                who.insert(at);
            }
        }
    }
    let mut groups: Vec<(BTreeSet<usize>, Vec<String>)> = Vec::new();
    for (field, who) in by_field {
        match groups.iter_mut().find(|group| group.0 == who) {
            Some(group) => group.1.push(field),
            None => groups.push((who, vec![field])),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.0.len()));
    let mut text = format!("\n{} ({})\n", stop.kind, stop.way.join(" . "));
    for (who, fields) in groups {
        let names: Vec<&str> = who.iter().map(|at| everybody[*at].name).collect();
        let names = match names.len() {
            0 => "filled for nobody".to_owned(),
            all if all == everybody.len() => "everybody".to_owned(),
            _ => names.join(", "),
        };
        writeln!(text, "  {names}: {}", fields.join(" ")).unwrap();
    }
    text
}

#[tokio::test]
async fn everybody_sees_the_fields_that_the_table_says() {
    let app = TestApp::start(Engine::Sqlite).await;
    let world = World::fill(&app).await;
    let everybody = relations(&app, &world).await;
    let contract = Contract::read(&std::fs::read_to_string(repository().join("schema.graphql")).unwrap());
    let queries: Vec<&Field> = contract.objects["Query"].iter().collect();
    let own: BTreeSet<String> =
        ["Agreement", "Area", "Case", "Organization", "Referral", "Service", "Category"].map(str::to_owned).into();
    let (mut found, mut reached) = (HEAD.to_owned(), BTreeSet::new());
    for query in queries {
        let Some(text) = asked(query) else { continue };
        for stop in stops(&contract, query, &text, &own) {
            reached.insert(stop.kind.clone());
            found += &told(&app, &contract, &stop, &everybody).await;
        }
    }
    found += &unreached(&contract, &reached);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/fields.txt");
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&file, &found).unwrap();
    }
    let reviewed = std::fs::read_to_string(&file).unwrap();
    assert_eq!(reviewed, found, "fields.txt is not what happens; BLESS=1 writes it anew");
}

/// Types that no query leads to without more arguments, and fields that need some: those are told of in tests of their own.
fn unreached(contract: &Contract, reached: &BTreeSet<String>) -> String {
    let mut text = "\n# Not walked: what only mutations answer, and what needs arguments.\n".to_owned();
    for (kind, fields) in &contract.objects {
        let is_answer = ["Mutation", "Query", "PageInfo"].contains(&kind.as_str())
            || ["Payload", "Error", "Edge", "Connection"].iter().any(|end| kind.ends_with(end));
        let missing = |field: &&Field| field.needs_arguments || !reached.contains(kind);
        let names: Vec<&str> = fields.iter().filter(missing).map(|field| field.name.as_str()).collect();
        if !is_answer && !names.is_empty() {
            writeln!(text, "{kind}: {}", names.join(" ")).unwrap();
        }
    }
    text
}
