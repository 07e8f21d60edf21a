//! Requests made to hurt: the documents, and what else an HTTP request can be.

use super::hostile_documents::documents;
use reqwest::Method;
use serde_json::json;

/// One request and the code it is answered with.
pub struct Hostile {
    pub name: &'static str,
    pub method: Method,
    /// With the query string.
    pub path: String,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    /// `NONE` where the answer is honest data about nothing.
    pub code: &'static str,
}

impl Hostile {
    fn post(name: &'static str, body: impl Into<Vec<u8>>, code: &'static str) -> Self {
        let (path, content_type) = ("/graphql".to_owned(), "application/json");
        Self { name, method: Method::POST, path, content_type, body: body.into(), code }
    }

    fn typed(self, content_type: &'static str) -> Self {
        Self { content_type, ..self }
    }

    fn get(name: &'static str, query: &str, code: &'static str) -> Self {
        Self { method: Method::GET, path: format!("/graphql?{query}"), ..Self::post(name, "", code) }
    }
}

/// All of them.
pub fn corpus() -> Vec<Hostile> {
    let of_document = |(name, text, code)| Hostile::post(name, json!({ "query": text }).to_string(), code);
    let mut all: Vec<Hostile> = documents().into_iter().map(of_document).collect();
    all.extend(variables());
    all.extend(bodies());
    all.extend(types_and_methods());
    all
}

fn variables() -> Vec<Hostile> {
    let given = |name, variables: &str, code| {
        let query = "query($t: String, $n: Int, $f: ServiceFilter) { services(first: $n, filter: {text: $t}) { totalCount } \
             b: services(filter: $f) { totalCount } }";
        Hostile::post(name, format!(r#"{{"query":"{query}","variables":{variables}}}"#), code)
    };
    let deep =
        |open: &str, close: &str, times: usize| format!(r#"{{"f":{}{}}}"#, open.repeat(times), close.repeat(times));
    vec![
        given("NUL in a variable", r#"{"t":"zebra\u0000"}"#, "BAD_USER_INPUT"),
        given("NUL in a variable's name", r#"{"t\u0000":"zebra"}"#, "BAD_USER_INPUT"),
        given("a bare NUL in a variable", "{\"t\":\"zebra\0\"}", "BAD_REQUEST"),
        given("a lone surrogate in a variable", r#"{"t":"zebra\ud800"}"#, "BAD_REQUEST"),
        given("two high surrogates in a variable", r#"{"t":"zebra\ud800\ud800"}"#, "BAD_REQUEST"),
        given("1e400 in a variable", r#"{"n":1e400}"#, "BAD_REQUEST"),
        given("1e308 in a variable", r#"{"n":1e308}"#, "PAGE_SIZE"),
        given("a page by a variable", r#"{"n":1000}"#, "PAGE_SIZE"),
        given("a text of 200 KB", &format!(r#"{{"t":"{}"}}"#, "zebra".repeat(40_000)), "BAD_USER_INPUT"),
        given("a deep variable", &deep("[", "]", 100), "BAD_REQUEST"),
        given("100,000 open lists", &deep("[", "", 100_000), "BAD_REQUEST"),
        given("100,000 levels", &deep("[", "]", 100_000), "BAD_REQUEST"),
        given("deep objects", &deep("{\"a\":", "}", 1_000), "BAD_REQUEST"),
        given("a variable of 32 levels", &deep("[", "]", 31), "BAD_USER_INPUT"),
        given("an unknown member", r#"{"f":{"zebra":1}}"#, "BAD_USER_INPUT"),
        given("variables as a list", "[1]", "BAD_REQUEST"),
        given("variables as a text", r#""zebra""#, "BAD_REQUEST"),
        given(
            "20,000 languages",
            &format!(r#"{{"f":{{"language":["fr"{}]}}}}"#, r#","fr""#.repeat(20_000)),
            "BAD_REQUEST",
        ),
    ]
}

fn bodies() -> Vec<Hostile> {
    let bytes = |head: &[u8], middle: &[u8], tail: &[u8]| [head, middle, tail].concat();
    let text = |middle: &[u8]| bytes(br#"{"query":"{ __typename }","variables":{"zebra":""#, middle, br#""}}"#);
    vec![
        Hostile::post("an empty body", "", "BAD_REQUEST"),
        Hostile::post("blanks", " ".repeat(200_000), "BAD_REQUEST"),
        Hostile::post("a truncated object", r#"{"query":"{ zebra }""#, "BAD_REQUEST"),
        Hostile::post("a truncated text", r#"{"query":"{ zebra"#, "BAD_REQUEST"),
        Hostile::post("a truncated escape", r#"{"query":"\u00"#, "BAD_REQUEST"),
        Hostile::post("more after the end", r#"{"query":"{ __typename }"} {"zebra":1}"#, "BAD_REQUEST"),
        Hostile::post("a batch", r#"[{"query":"{ __typename }"},{"query":"{ __typename }"}]"#, "BAD_REQUEST"),
        Hostile::post("a batch of 5,000", format!("[{}1]", r#"{"query":"{zebra}"},"#.repeat(5_000)), "BAD_REQUEST"),
        Hostile::post("a number", "1e400", "BAD_REQUEST"),
        Hostile::post("no query", r#"{"zebra":"{ __typename }"}"#, "BAD_REQUEST"),
        Hostile::post("a query that is a list", r#"{"query":["{ __typename }"]}"#, "BAD_REQUEST"),
        Hostile::post(
            "an operation's name with NUL",
            r#"{"query":"{ __typename }","operationName":"\u0000zebra"}"#,
            "BAD_USER_INPUT",
        ),
        Hostile::post(
            "an operation that is not there",
            r#"{"query":"query A { __typename }","operationName":"zebra"}"#,
            "OPERATION_NOT_FOUND",
        ),
        Hostile::post(
            "300 KB",
            json!({ "query": "{ __typename }", "zebra": "z".repeat(300_000) }).to_string(),
            "BAD_REQUEST",
        ),
        Hostile::post("3 MB", "zebra".repeat(600_000), "BAD_REQUEST"),
        Hostile::post("100,000 open lists alone", "[".repeat(100_000), "BAD_REQUEST"),
        Hostile::post("overlong UTF-8", text(b"\xc0\x80"), "BAD_REQUEST"),
        Hostile::post("an overlong slash", text(b"\xe0\x80\xaf"), "BAD_REQUEST"),
        Hostile::post("a surrogate as UTF-8", text(b"\xed\xa0\x80"), "BAD_REQUEST"),
        Hostile::post("UTF-8 beyond the last sign", text(b"\xf4\x90\x80\x80"), "BAD_REQUEST"),
        Hostile::post("a byte that is never UTF-8", text(b"\xff"), "BAD_REQUEST"),
        Hostile::post(
            "UTF-16",
            br#"{"query":"{ __typename }"}"#.iter().flat_map(|b| [*b, 0]).collect::<Vec<_>>(),
            "BAD_REQUEST",
        ),
    ]
}

fn types_and_methods() -> Vec<Hostile> {
    let honest = r#"{"query":"{ __typename }"}"#;
    let other = |name, method, body: &'static str| Hostile { method, ..Hostile::post(name, body, "BAD_REQUEST") };
    vec![
        Hostile::post("a form", "query=%7B__typename%7D", "BAD_REQUEST").typed("application/x-www-form-urlencoded"),
        Hostile::post("plain text", honest, "BAD_REQUEST").typed("text/plain"),
        Hostile::post("a file", honest, "BAD_REQUEST").typed("multipart/form-data; boundary=zebra"),
        Hostile::post("a document alone", "{ __typename }", "BAD_REQUEST").typed("application/graphql"),
        Hostile::post("another set of signs", honest, "BAD_REQUEST").typed("application/json; charset=utf-16"),
        other("PUT", Method::PUT, honest),
        other("DELETE", Method::DELETE, ""),
        other("PATCH", Method::PATCH, honest),
        Hostile::get("a mutation by GET", "query=mutation%7BcloseCase%7D", "BAD_REQUEST"),
        Hostile::get("no query by GET", "zebra=1", "BAD_REQUEST"),
        Hostile::get("a query twice by GET", "query=%7B__typename%7D&query=%7Bzebra%7D", "BAD_REQUEST"),
        Hostile::get("NUL by GET", "query=%7B__typename%00%7D", "PARSE_FAILED"),
        Hostile::get(
            "NUL in variables by GET",
            "query=%7B__typename%7D&variables=%7B%22a%22:%22%5Cu0000%22%7D",
            "BAD_USER_INPUT",
        ),
        Hostile::get("overlong UTF-8 by GET", "query=%7B__typename%C0%80%7D", "PARSE_FAILED"),
        Hostile::get(
            "deep variables by GET",
            &format!("query=%7B__typename%7D&variables={}", "%5B".repeat(1_000)),
            "BAD_REQUEST",
        ),
        Hostile::get("lists by GET", &format!("query=%7Ba(b:{}", "%5B".repeat(4_000)), "DEPTH_LIMIT"),
    ]
}
