//! Documents made to hurt, and honest ones that must pass.

use async_graphql::Variables;
use serde_json::json;

use super::Guard;
use crate::http::code::Code;
use crate::http::limits::Limits;
use crate::http::refusal::Refusal;

const SDL: &str = "
type Query {
  service(id: ID!): Service
  services(first: Int, last: Int, after: String, filter: Filter): ServiceConnection!
  nodes(ids: [ID!]!): [Node]!
  version: String!
}
type Mutation { go(input: Filter): Service stop(input: Filter): Service }
interface Node { id: ID! }
type Service implements Node {
  id: ID! name: String! languages: [String!]!
  organization: Organization! phones: [Phone!]!
  locations(first: Int, last: Int): LocationConnection!
}
type Organization implements Node { id: ID! services(first: Int): ServiceConnection! parent: Organization }
type Phone { number: String! }
type Location { id: ID! service: Service! }
type ServiceConnection { edges: [ServiceEdge!]! nodes: [Service!]! pageInfo: PageInfo! totalCount: Int }
type ServiceEdge { cursor: String! node: Service! }
type LocationConnection { edges: [LocationEdge!]! nodes: [Location!]! pageInfo: PageInfo! }
type LocationEdge { cursor: String! node: Location! }
type PageInfo { hasNextPage: Boolean! }
input Filter { text: String and: [Filter!] }
schema { query: Query mutation: Mutation }
";

fn guard() -> Guard {
    Guard::new(SDL, Limits::default()).unwrap()
}

fn judge(guard: &Guard, text: &str, variables: serde_json::Value) -> Result<u64, Refusal> {
    let guarded = guard.look(text)?;
    let operation = guarded.operation(None)?;
    guard.price(&guarded, operation, &Variables::from_json(variables))
}

fn bomb(fragments: usize, spreads: usize) -> String {
    let mut text = String::from("{ ...F0 }");
    for number in 0..fragments - 1 {
        let spread = format!(" ...F{}", number + 1).repeat(spreads);
        text.push_str(&format!(" fragment F{number} on Query {{{spread} }}"));
    }
    text.push_str(&format!(" fragment F{} on Query {{ version }}", fragments - 1));
    text
}

fn deep(levels: usize) -> String {
    format!(
        "{{ service(id: 1) {}{{ id }}{} }}",
        "{ organization { services { nodes ".repeat(levels),
        "}}}".repeat(levels)
    )
}

fn lexical() -> Vec<(&'static str, String, Code)> {
    let value = |open: &str, times: usize| format!("{{ services(filter: {}", open.repeat(times));
    vec![
        ("F2 lists, 33", value("[", 33), Code::DepthLimit),
        ("F2 lists, 2,000", value("[", 2_000), Code::DepthLimit),
        ("F2 lists, 15,000", value("[", 15_000), Code::DepthLimit),
        ("F2 lists, 5,000,000", value("[", 5_000_000), Code::DocumentLimit),
        ("F2 objects, 1,500", value("{a:", 1_500), Code::DepthLimit),
        ("F2 objects, 1,000,000", value("{a:", 1_000_000), Code::DocumentLimit),
        ("F2 mixed", value("[{a:", 200), Code::DepthLimit),
        ("F2 selections", "{a".repeat(5_000), Code::DepthLimit),
        ("F2 variable types", format!("query($a: {}Int", "[".repeat(500)), Code::DepthLimit),
        ("parentheses", "{ a(".repeat(40), Code::DepthLimit),
        ("F2 closed lists", format!("{{a(b:{}{})}}", "[".repeat(40), "]".repeat(40)), Code::DepthLimit),
        ("typenames, 5 MB", format!("{{{}}}", "__typename ".repeat(450_000)), Code::DocumentLimit),
        ("comments, 5 MB", "#a\n".repeat(1_600_000), Code::DocumentLimit),
        ("commas, 5 MB", ",".repeat(5_000_000), Code::DocumentLimit),
        ("typenames, 2,001", format!("{{{}", " a".repeat(2_001)), Code::DocumentLimit),
        ("long name", format!("{{{}}}", "a".repeat(200_000)), Code::DocumentLimit),
        ("name of 129", format!("{{{}}}", "a".repeat(129)), Code::DocumentLimit),
        ("long number", format!("{{a(b:{})}}", "9".repeat(5_000)), Code::DocumentLimit),
        ("NUL", "{ version\0 }".to_owned(), Code::ParseFailed),
        ("NUL in a string", "{ service(id: \"\0\") { id } }".to_owned(), Code::ParseFailed),
        ("NUL in a block string", "{ service(id: \"\"\"\0\"\"\") { id } }".to_owned(), Code::ParseFailed),
        ("escaped NUL", r#"{ service(id: "\u0000") { id } }"#.to_owned(), Code::BadUserInput),
        ("lone surrogate", r#"{ service(id: "\ud800") { id } }"#.to_owned(), Code::BadUserInput),
        ("lone low surrogate", r#"{ service(id: "\uDFFF") { id } }"#.to_owned(), Code::BadUserInput),
        ("surrogate pair", r#"{ service(id: "\ud83d\ude00") { id } }"#.to_owned(), Code::BadUserInput),
        ("broken escape", r#"{ service(id: "\uzzzz") { id } }"#.to_owned(), Code::ParseFailed),
        ("unknown escape", r#"{ service(id: "\q") { id } }"#.to_owned(), Code::ParseFailed),
        ("open string", "{ service(id: \"".to_owned(), Code::ParseFailed),
        ("open block string", "{ service(id: \"\"\"".to_owned(), Code::ParseFailed),
        ("right-to-left override as a name", "{ \u{202e}version }".to_owned(), Code::ParseFailed),
        ("letters beyond ASCII", "{ vérsion }".to_owned(), Code::ParseFailed),
        ("two dots", "{ ..F }".to_owned(), Code::ParseFailed),
        ("escape character", "{ \u{1b}[2J }".to_owned(), Code::ParseFailed),
        ("empty", String::new(), Code::ParseFailed),
        ("blank", " \n\t".to_owned(), Code::ParseFailed),
        ("comment only", "# nothing".to_owned(), Code::ParseFailed),
        ("open selection", "{ version".to_owned(), Code::ParseFailed),
        ("too many closings", "{ version }}}}".to_owned(), Code::ParseFailed),
        ("empty selection", "{ }".to_owned(), Code::ParseFailed),
        ("SDL", "type Query { a: Int }".to_owned(), Code::ParseFailed),
        ("words", "select * from case".to_owned(), Code::ParseFailed),
        ("a JSON body", r#"{"query":"{version}"}"#.to_owned(), Code::ParseFailed),
        ("a path", "../../etc/passwd".to_owned(), Code::ParseFailed),
    ]
}

fn structural() -> Vec<(&'static str, String, Code)> {
    let roots = |times: usize, part: &str| format!("{{ {} }}", part.repeat(times));
    let aliases: String = (0..31).map(|number| format!(" a{number}: id")).collect();
    let unused: String = (0..30).map(|n| format!(" fragment U{n} on Query {{ version }}")).collect();
    let many: String = (0..40).map(|n| format!(" fragment U{n} on Query {{ version }}")).collect();
    vec![
        ("F3 bomb of 20", bomb(20, 2), Code::DocumentLimit),
        ("F3 bomb of 24", bomb(24, 2), Code::DocumentLimit),
        ("F3 bomb of 32", bomb(32, 2), Code::DocumentLimit),
        ("F3 bomb of 32, ten each", bomb(32, 10), Code::DocumentLimit),
        ("33 fragments", bomb(33, 1), Code::DocumentLimit),
        ("F4 unused fragments", format!("{{ version }}{unused}"), Code::ValidationFailed),
        ("F4 40 fragments", format!("{{ version }}{many}"), Code::DocumentLimit),
        ("cycle of one", "{ ...A } fragment A on Query { ...A }".to_owned(), Code::ValidationFailed),
        ("cycle of two", "{ ...A } fragment A on Query { ...B } fragment B on Query { version ...A }".to_owned(), Code::ValidationFailed),
        ("cycle through a field", "{ ...A } fragment A on Query { service(id: 1) { ...B } } fragment B on Service { organization { services { nodes { ...B } } } }".to_owned(), Code::ValidationFailed),
        ("cycle nobody uses", "{ version } fragment A on Query { ...A }".to_owned(), Code::ValidationFailed),
        ("11 roots", roots(11, "version "), Code::DocumentLimit),
        ("11 typenames", roots(11, "__typename "), Code::DocumentLimit),
        ("11 roots in fragments", "{ ...A ...A } fragment A on Query { ...B ...B ...B } fragment B on Query { version __typename }".to_owned(), Code::DocumentLimit),
        ("31 aliases", format!("{{ service(id: 1) {{ {aliases} }} }}"), Code::DocumentLimit),
        ("aliases through fragments", "{ service(id: 1) { ...A ...A ...A ...A } } fragment A on Service { ...B ...B ...B ...B } fragment B on Service { x: id y: name }".to_owned(), Code::DocumentLimit),
        ("2,000 typenames below", format!("{{ service(id: 1) {{ {} }} }}", "__typename ".repeat(1_991)), Code::DocumentLimit),
        ("fields by fragments", format!("{{ service(id: 1) {{ {} }} }} fragment A on Service {{ {} }}", "...A ".repeat(50), "id ".repeat(50)), Code::DocumentLimit),
        ("depth 20", deep(6), Code::DepthLimit),
        ("depth through fragments", "{ service(id: 1) { ...A } } fragment A on Service { organization { parent { parent { parent { parent { parent { ...B } } } } } } } fragment B on Organization { parent { parent { parent { parent { parent { parent { parent { parent { parent { id } } } } } } } } } }".to_owned(), Code::DepthLimit),
        ("21 directives", format!("{{ version {} }}", "@skip(if: false) ".repeat(21)), Code::DocumentLimit),
        ("unknown directives", format!("{{ version {} }}", "@aa ".repeat(500)), Code::DocumentLimit),
        ("directives on the operation", format!("query {} {{ version }}", "@aa ".repeat(30)), Code::DocumentLimit),
        ("a mutation twice", "mutation { go { id } go { id } }".to_owned(), Code::ValidationFailed),
        ("a mutation twice by alias", "mutation { x: go { id } x: stop { id } }".to_owned(), Code::ValidationFailed),
        ("a mutation twice by fragment", "mutation { go { id } ...A } fragment A on Mutation { go { name } }".to_owned(), Code::ValidationFailed),
        ("two anonymous operations", "{ version } { version }".to_owned(), Code::ValidationFailed),
        ("one name twice", "query A { version } query A { version }".to_owned(), Code::ValidationFailed),
        ("a fragment twice", "{ ...A } fragment A on Query { version } fragment A on Query { version }".to_owned(), Code::ValidationFailed),
        ("two operations, none named", "query A { version } query B { version }".to_owned(), Code::OperationNotFound),
        ("a page of 101", "{ services(first: 101) { nodes { id } } }".to_owned(), Code::PageSize),
        ("a last page of 1e9", "{ services(last: 1000000000) { nodes { id } } }".to_owned(), Code::PageSize),
        ("a page beyond numbers", "{ services(first: 99999999999999999999999) { nodes { id } } }".to_owned(), Code::PageSize),
        ("101 ids", format!("{{ nodes(ids: [{}]) {{ id }} }}", "1 ".repeat(101)), Code::PageSize),
        ("pages in pages", "{ services(first: 100) { nodes { locations(first: 100) { nodes { id } } } } }".to_owned(), Code::CostLimit),
        ("pages in pages in fragments", "{ services(first: 100) { ...A } } fragment A on ServiceConnection { nodes { ...B } } fragment B on Service { locations(first: 50) { nodes { id } } }".to_owned(), Code::CostLimit),
        ("lists in pages", "{ services(first: 100) { edges { node { phones { number } locations { edges { node { id } } } } } } }".to_owned(), Code::CostLimit),
        ("introspection in introspection", format!("{{ __schema {{ types {}{{ name }}{} }} }}", "{ fields { type ".repeat(4), "} }".repeat(4)), Code::CostLimit),
        ("introspection 40 deep", format!("{{ __schema {{ queryType {{ ...A }} }} }} fragment A on __Type {}{{ ...B }}{} fragment B on __Type {}{{ name }}{}", "{ ofType ".repeat(20), "}".repeat(20), "{ ofType ".repeat(20), "}".repeat(20)), Code::DepthLimit),
        ("F3 bomb below a field", bomb(32, 2).replacen("{ ...F0 }", "{ service(id: 1) { organization { ...F0 } } }", 1), Code::DocumentLimit),
        ("F3 bomb in a mutation", bomb(31, 2).replacen("{ ...F0 }", "mutation { go { ...F0 } }", 1), Code::DocumentLimit),
        ("fields over several operations", format!("{} fragment A on Service {{ {} }}", (0..30).map(|n| format!(" query Q{n} {{ service(id: 1) {{ ...A }} }}")).collect::<String>(), "id ".repeat(100)), Code::DocumentLimit),
    ]
}

#[test]
fn every_hostile_document_is_refused_with_its_code() {
    let guard = guard();
    let corpus = [lexical(), structural()].concat();
    assert!(corpus.len() >= 60, "{}", corpus.len());
    let mut wrong = Vec::new();
    for (name, text, code) in corpus {
        match judge(&guard, &text, json!({})) {
            Err(refusal) if refusal.code == code => {
                assert!(refusal.message.len() < 200, "{name}");
            }
            other => wrong.push(format!("{name}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn honest_documents_pass_with_the_cost_the_documentation_tells() {
    let guard = guard();
    for (text, variables, cost) in [
        ("{ version __typename }", json!({}), 0),
        ("{ service(id: 1) { id organization { id } languages } }", json!({}), 2),
        ("{ service(id: 1) { phones { number } } }", json!({}), 11),
        ("{ services { nodes { id } totalCount } }", json!({}), 21),
        ("{ services(first: 100) { nodes { id organization { id } } } }", json!({}), 201),
        ("{ services(first: 100) { edges { cursor node { id organization { id } } } } }", json!({}), 201),
        ("{ services(first: 0) { nodes { id } pageInfo { hasNextPage } } }", json!({}), 2),
        ("{ services(first: -5) { nodes { id } } }", json!({}), 1),
        ("query($n: Int) { services(first: $n) { nodes { id } } }", json!({"n": 5}), 6),
        ("query($n: Int = 7) { services(first: $n) { nodes { id } } }", json!({}), 8),
        ("query($n: Int) { services(first: $n) { nodes { id } } }", json!({}), 21),
        ("query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({"i": ["a", "b", "c"]}), 3),
        ("{ services(first: 10) { nodes { locations(first: 5) { nodes { id } } } } }", json!({}), 71),
        ("mutation { go { id } stop { organization { id } } }", json!({}), 21),
        ("{ services(first: 3) { ...A } } fragment A on ServiceConnection { nodes { id } }", json!({}), 4),
        (
            "{ a: services(first: 1) { ...A } b: services(first: 9) { ...A } } fragment A on ServiceConnection { nodes { id } }",
            json!({}),
            12,
        ),
        (STANDARD_INTROSPECTION, json!({}), 10),
    ] {
        assert_eq!(judge(&guard, text, variables), Ok(cost), "{text}");
    }
}

#[test]
fn variables_cannot_hide_a_page() {
    let guard = guard();
    let text = "query($n: Int) { services(first: $n) { nodes { id } } }";
    let refusal = judge(&guard, text, json!({"n": 101})).unwrap_err();
    assert_eq!(refusal.code, Code::PageSize);
    let text = "query($n: Int = 500) { services(first: $n) { nodes { id } } }";
    assert_eq!(judge(&guard, text, json!({})).unwrap_err().code, Code::PageSize);
    let text = "query($i: [ID!]!) { nodes(ids: $i) { id } }";
    let many: Vec<_> = (0..101).collect();
    assert_eq!(judge(&guard, text, json!({"i": many})).unwrap_err().code, Code::PageSize);
}

#[test]
fn a_refusal_for_cost_says_where_the_cost_is() {
    let text = "{ services(first: 100) { nodes { locations(first: 30) { nodes { id } } phones { number } } } }";
    let refusal = judge(&guard(), text, json!({})).unwrap_err();
    assert_eq!(refusal.message, "The operation costs 4201, more than 2000.");
    assert_eq!(
        serde_json::Value::from(refusal.extras),
        json!({ "cost": 4201, "limit": 2000, "costliest": [
            { "path": "services", "cost": 4201 },
            { "path": "services.nodes.locations", "cost": 3100 },
            { "path": "services.nodes.phones", "cost": 1000 },
        ]})
    );
}

#[test]
fn the_work_is_linear_in_the_text() {
    let guard = guard();
    for (fragments, spreads) in [(5, 1), (31, 1)] {
        let text = bomb(fragments, spreads);
        let guarded = guard.look(&text).unwrap();
        assert!(guarded.steps <= 2 * text.len(), "{} steps", guarded.steps);
    }
    // The bomb itself: each selection of the text is looked at once, though it stands for 2^30.
    let text = bomb(32, 2);
    let document = async_graphql::parser::parse_query(&text).unwrap();
    let order = super::fragments::order(&document).unwrap();
    let measure = super::measure::Measure::fragments(&document, &order);
    assert_eq!(measure.steps, 31 * 2 + 1);
    let nested = format!("{{ a(b: {}", "[".repeat(16_000));
    assert!(guard.look(&nested).is_err());
}

#[test]
fn an_operation_is_found_by_name() {
    let guard = guard();
    let guarded = guard.look("query A { version } mutation B { go { id } }").unwrap();
    assert!(guarded.operation(Some("A")).is_ok());
    assert!(guarded.operation(Some("B")).is_ok());
    assert_eq!(guarded.operation(Some("C")).unwrap_err().code, Code::OperationNotFound);
    let single = guard.look("{ version }").unwrap();
    assert_eq!(single.operation(Some("A")).unwrap_err().code, Code::OperationNotFound);
}

/// The query of graphql-js's `getIntrospectionQuery` with its options on, shortened to what
/// matters here: lists and levels.
const STANDARD_INTROSPECTION: &str = "
query IntrospectionQuery { __schema { queryType { name } mutationType { name }
  subscriptionType { name } types { ...FullType }
  directives { name description locations args { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL
  fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef }
    isDeprecated deprecationReason }
  inputFields { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name } } } } } } } } } }
";
