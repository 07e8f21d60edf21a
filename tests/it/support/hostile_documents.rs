//! Documents made to hurt a server that parses, validates or runs them.

/// A name, a document and the code it is refused with.
pub type Document = (&'static str, String, &'static str);

/// Fragments on a type, of which each spreads the next one so many times.
fn bomb_on(kind: &str, fragments: usize, spreads: usize) -> String {
    let mut text = String::new();
    for number in 0..fragments - 1 {
        let spread = format!(" ...F{}", number + 1).repeat(spreads);
        text.push_str(&format!(" fragment F{number} on {kind} {{{spread} }}"));
    }
    text + &format!(" fragment F{} on {kind} {{ __typename }}", fragments - 1)
}

/// A query that spreads the first of them.
fn bomb(fragments: usize, spreads: usize) -> String {
    format!("{{ ...F0 }}{}", bomb_on("Query", fragments, spreads))
}

/// All of them.
pub fn documents() -> Vec<Document> {
    [nested(), flooding(), spelled(), spreading(), repeated(), costly()].concat()
}

/// Brackets in brackets: a parser that recurses overflows its stack, and the process is gone.
fn nested() -> Vec<Document> {
    let value = |open: &str, times: usize| format!("{{ services(filter: {}", open.repeat(times));
    let closed = |times: usize| format!("{{ services(filter: {}{}) }}", "[".repeat(times), "]".repeat(times));
    vec![
        ("33 lists", value("[", 33), "DEPTH_LIMIT"),
        ("2 KB of lists", value("[", 2_000), "DEPTH_LIMIT"),
        ("8 KB of lists", value("[", 8_000), "DEPTH_LIMIT"),
        ("16 KB of lists", value("[", 16_000), "DEPTH_LIMIT"),
        ("20 KB of lists", value("[", 20_000), "DOCUMENT_LIMIT"),
        ("200 KB of lists", value("[", 200_000), "DOCUMENT_LIMIT"),
        ("2 KB of closed lists", closed(1_000), "DEPTH_LIMIT"),
        ("2 KB of objects", value("{a:", 680), "DEPTH_LIMIT"),
        ("6 KB of objects", value("{a:", 1_500), "DEPTH_LIMIT"),
        ("15 KB of objects", value("{a:", 5_000), "DEPTH_LIMIT"),
        ("lists of objects", value("[{a:", 200), "DEPTH_LIMIT"),
        ("selections", "{a".repeat(5_000), "DEPTH_LIMIT"),
        ("types of variables", format!("query($a: {}Int", "[".repeat(500)), "DEPTH_LIMIT"),
        ("parentheses", "{ a(".repeat(40), "DEPTH_LIMIT"),
        (
            "20 levels",
            format!("{{ areas {{ nodes {} {{ id }} {} }} }}", "{ parent ".repeat(19), "}".repeat(19)),
            "DEPTH_LIMIT",
        ),
    ]
}

/// Much of the same.
fn flooding() -> Vec<Document> {
    let unused: String = (0..10_000).map(|n| format!("fragment U{n} on Query{{__typename}}")).collect();
    let many: String = (0..30).map(|n| format!(" fragment U{n} on Query {{ __typename }}")).collect();
    let aliases: String = (0..31).map(|n| format!(" a{n}: id")).collect();
    let roots: String = (0..400).map(|n| format!(" a{n}: viewer {{ __typename }}")).collect();
    let unknown: String = (0..300).map(|n| format!(" zebra{n}")).collect();
    vec![
        ("10,000 unused fragments", format!("{{ __typename }} {}", &unused[..240_000]), "DOCUMENT_LIMIT"),
        ("30 unused fragments", format!("{{ __typename }}{many}"), "VALIDATION_FAILED"),
        ("31 aliases", format!("{{ services {{ nodes {{ {aliases} }} }} }}"), "DOCUMENT_LIMIT"),
        ("400 roots by alias", format!("{{{roots} }}"), "DOCUMENT_LIMIT"),
        ("300 unknown fields", format!("{{ services {{ nodes {{{unknown} }} }} }}"), "VALIDATION_FAILED"),
        ("15 KB of __typename", format!("{{ {}}}", "__typename ".repeat(1_390)), "DOCUMENT_LIMIT"),
        ("200 KB of __typename", format!("{{ {}}}", "__typename ".repeat(19_000)), "DOCUMENT_LIMIT"),
        ("1,900 __typename below", format!("{{ viewer {{ {}}} }}", "__typename ".repeat(1_990)), "DOCUMENT_LIMIT"),
        ("500 directives", format!("{{ __typename {}}}", "@zebra ".repeat(500)), "DOCUMENT_LIMIT"),
        ("21 directives", format!("{{ __typename {}}}", "@skip(if: false) ".repeat(21)), "DOCUMENT_LIMIT"),
        ("directives on the operation", format!("query {}{{ __typename }}", "@zebra ".repeat(30)), "DOCUMENT_LIMIT"),
        ("200 KB of comments", "#a\n".repeat(50_000), "DOCUMENT_LIMIT"),
        ("200 KB of commas", ",".repeat(200_000), "DOCUMENT_LIMIT"),
        ("a name of 15 KB", format!("{{ {} }}", "zebra".repeat(3_000)), "DOCUMENT_LIMIT"),
        (
            "a number of 5,000 digits",
            format!("{{ services(first: {}) {{ totalCount }} }}", "9".repeat(5_000)),
            "DOCUMENT_LIMIT",
        ),
    ]
}

/// Signs and spellings.
fn spelled() -> Vec<Document> {
    let sought = |text: &str| format!("{{ services(filter: {{text: {text}}}) {{ totalCount }} }}");
    let placed = |text: &str| {
        format!(
            "mutation {{ publishService(input: {{idempotencyKey: \"k\", name: \"zebra\", language: \"en\", locations: [{{kind: PHYSICAL, name: \"zebra\", latitude: {text}, longitude: 0.5}}]}}) {{ userErrors {{ code }} }} }}"
        )
    };
    vec![
        ("NUL", "{ __typename\0 }".to_owned(), "BAD_USER_INPUT"),
        ("escaped NUL", sought(r#""a\u0000zebra""#), "BAD_USER_INPUT"),
        ("a lone high surrogate", sought(r#""zebra\ud800""#), "BAD_USER_INPUT"),
        ("a lone low surrogate", sought(r#""zebra\uDFFF""#), "BAD_USER_INPUT"),
        ("a braced lone surrogate", sought(r#""zebra\u{d800}""#), "PARSE_FAILED"),
        ("an unknown escape", sought(r#""zebra\q""#), "PARSE_FAILED"),
        ("an open string", "{ services(filter: {text: \"zebra".to_owned(), "PARSE_FAILED"),
        ("an open block string", "{ services(filter: {text: \"\"\"zebra".to_owned(), "PARSE_FAILED"),
        ("a right-to-left override as a name", "{ \u{202e}zebra }".to_owned(), "PARSE_FAILED"),
        ("an override in an id", "{ node(id: \"\u{202e}zebra\u{202c}\") { id } }".to_owned(), "NONE"),
        (
            "an override in a language",
            "{ services(filter: {language: [\"\u{202e}rf\"]}) { totalCount } }".to_owned(),
            "BAD_USER_INPUT",
        ),
        ("an escaped override in an enum's place", sought(r#"[RED\u202e]"#), "PARSE_FAILED"),
        ("1e400 as a number", placed("1e400"), "PARSE_FAILED"),
        ("-1e400 as a number", placed("-1e400"), "PARSE_FAILED"),
        ("1e400 as a whole number", "{ services(first: 1e400) { totalCount } }".to_owned(), "PARSE_FAILED"),
        (
            "a page beyond numbers",
            "{ services(first: 99999999999999999999999) { totalCount } }".to_owned(),
            "PAGE_SIZE",
        ),
        ("letters beyond ASCII", "{ zébra }".to_owned(), "PARSE_FAILED"),
        ("an escape sequence", "{ \u{1b}[2Jzebra }".to_owned(), "PARSE_FAILED"),
        ("too many closings", "{ __typename }}}}".to_owned(), "PARSE_FAILED"),
        ("nothing", String::new(), "PARSE_FAILED"),
        ("a schema", "type Query { zebra: Int }".to_owned(), "PARSE_FAILED"),
        ("SQL", "'; DROP TABLE zebra; --".to_owned(), "PARSE_FAILED"),
        ("a path", "../../etc/zebra".to_owned(), "PARSE_FAILED"),
    ]
}

/// Fragments in fragments: whoever writes them out one by one is busy for minutes.
fn spreading() -> Vec<Document> {
    vec![
        ("a bomb of 20 fragments", bomb(20, 2), "DOCUMENT_LIMIT"),
        ("a bomb of 24 fragments", bomb(24, 2), "DOCUMENT_LIMIT"),
        ("a bomb of 32 fragments", bomb(32, 2), "DOCUMENT_LIMIT"),
        ("a bomb of 32, ten each", bomb(32, 10), "DOCUMENT_LIMIT"),
        ("a bomb in a mutation", bomb(32, 2).replacen("{ ...F0 }", "mutation { ...F0 }", 1), "DOCUMENT_LIMIT"),
        ("a bomb below a field", format!("{{ viewer {{ ...F0 }} }}{}", bomb_on("Viewer", 24, 2)), "DOCUMENT_LIMIT"),
        ("a chain of 33 fragments", bomb(33, 1), "DOCUMENT_LIMIT"),
        ("a cycle of one", "{ ...A } fragment A on Query { ...A }".to_owned(), "VALIDATION_FAILED"),
        (
            "a cycle of two",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { __typename ...A }".to_owned(),
            "VALIDATION_FAILED",
        ),
        (
            "a cycle through fields",
            "{ areas { nodes { ...A } } } fragment A on Area { parent { ...A } }".to_owned(),
            "VALIDATION_FAILED",
        ),
        ("a cycle nobody uses", "{ __typename } fragment A on Query { ...A }".to_owned(), "VALIDATION_FAILED"),
        (
            "a cycle of introspection",
            "{ __schema { types { ...A } } } fragment A on __Type { ofType { ...A } fields { type { ...A } } }"
                .to_owned(),
            "VALIDATION_FAILED",
        ),
        (
            "introspection in introspection",
            format!("{{ __schema {{ types {}{{ name }}{} }} }}", "{ fields { type ".repeat(4), "} }".repeat(4)),
            "COST_LIMIT",
        ),
        (
            "fields by fragments",
            format!("{{ viewer {{ {}}} }} fragment A on Viewer {{ {}}}", "...A ".repeat(50), "__typename ".repeat(50)),
            "DOCUMENT_LIMIT",
        ),
    ]
}

/// Operations and mutations more often than allowed.
fn repeated() -> Vec<Document> {
    vec![
        ("two operations without names", "{ __typename } { __typename }".to_owned(), "VALIDATION_FAILED"),
        ("one name twice", "query A { __typename } query A { __typename }".to_owned(), "VALIDATION_FAILED"),
        (
            "two operations, none chosen",
            "query A { __typename } query B { __typename }".to_owned(),
            "OPERATION_NOT_FOUND",
        ),
        ("a subscription", "subscription { zebra }".to_owned(), "BAD_REQUEST"),
        ("11 roots", format!("{{ {}}}", "__typename ".repeat(11)), "DOCUMENT_LIMIT"),
        ("100 operations", (0..100).map(|n| format!("query Q{n} {{ __typename }} ")).collect(), "OPERATION_NOT_FOUND"),
    ]
}

/// Documents that fit and ask for too much.
fn costly() -> Vec<Document> {
    vec![
        ("a page of 101", "{ services(first: 101) { totalCount } }".to_owned(), "PAGE_SIZE"),
        ("a page of a billion from behind", "{ services(last: 1000000000) { totalCount } }".to_owned(), "PAGE_SIZE"),
        ("101 ids", format!("{{ nodes(ids: [{}]) {{ id }} }}", "1 ".repeat(101)), "PAGE_SIZE"),
        (
            "pages in pages",
            "{ organizations(first: 100) { nodes { services(first: 100) { nodes { id } } } } }".to_owned(),
            "COST_LIMIT",
        ),
        (
            "areas in areas in areas",
            "{ areas(first: 20) { nodes { children(first: 20) { nodes { children(first: 20) { nodes { id } } } } } } }"
                .to_owned(),
            "COST_LIMIT",
        ),
    ]
}
