//! Media types, methods, headers and the shape of answers.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn statuses_follow_the_media_type() {
    let served = serve(settings()).await;
    for (query, new, old, expected) in [
        ("{ version }", 200, 200, "none"),
        ("{ version", 400, 200, "PARSE_FAILED"),
        ("{ nothing }", 400, 200, "VALIDATION_FAILED"),
        ("query A { version } query B { version }", 400, 200, "OPERATION_NOT_FOUND"),
        ("query($a: Int!) { services(first: $a) { nodes { id } } }", 400, 200, "BAD_USER_INPUT"),
        ("query($a: Int! = 1) { services(first: $a) { nodes { id } } }", 200, 200, "none"),
        ("{ services(first: 1000) { nodes { id } } }", 400, 200, "PAGE_SIZE"),
        ("{ services(first: \"x\") { nodes { id } } }", 400, 200, "BAD_USER_INPUT"),
        ("{ services(first: -1) { nodes { id } } }", 200, 200, "BAD_USER_INPUT"),
        ("{ forbidden }", 200, 200, "FORBIDDEN"),
        ("{ uncoded }", 200, 200, "INTERNAL"),
        ("{ panics }", 500, 500, "INTERNAL"),
        ("subscription { x }", 400, 400, "BAD_REQUEST"),
    ] {
        for (accept, expected_status) in [(NEW, new), (OLD, old)] {
            let (status, body) = served.ask(accept, query).await;
            assert_eq!((status, code(&body)), (expected_status, expected), "{query} {accept}");
            assert_eq!(body["extensions"]["cost"]["limit"], 2000, "{query}");
            assert!(!body.to_string().contains("4711"), "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn answers_have_their_members_in_order_and_no_data_when_nothing_ran() {
    let served = serve(settings()).await;
    let ask = async |query: &str| {
        let body = json!({ "query": query }).to_string();
        served.post(NEW).body(body).send().await.unwrap().text().await.unwrap()
    };
    let partial = ask("{ version forbidden }").await;
    let at = |name: &str| partial.find(&format!("\"{name}\":")).unwrap();
    assert!(at("errors") < at("data"), "{partial}");
    assert!(partial.contains(r#""data":{"version":"1","forbidden":null}"#), "{partial}");
    assert!(partial.ends_with(r#""extensions":{"cost":{"limit":2000,"requested":0}}}"#), "{partial}");
    assert!(!ask("{ nothing }").await.contains("\"data\""));
    let page = ask("{ services(first: 2) { nodes { id } } }").await;
    assert_eq!(
        page,
        r#"{"data":{"services":{"nodes":[{"id":"0"},{"id":"1"}]}},"extensions":{"cost":{"limit":2000,"requested":3}}}"#
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_answer_has_its_headers() {
    let served = serve(settings()).await;
    for body in [r#"{"query":"{ version }"}"#, "{", r#"{"query":"{"}"#] {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let request = served.post(NEW).header("x-request-id", id).header("accept-language", "fr");
        let response = request.body(body).send().await.unwrap();
        for (name, value) in [
            ("content-type", "application/graphql-response+json; charset=utf-8"),
            ("vary", "Accept, Authorization, Accept-Language"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("content-language", "fr"),
            ("x-request-id", id),
        ] {
            let values: Vec<_> = response.headers().get_all(name).iter().collect();
            assert!(values.iter().any(|found| *found == value), "{name}: {values:?}");
        }
        let (_, body) = read(response).await;
        if let Some(error) = body["errors"].get(0) {
            assert_eq!(error["extensions"]["requestId"], id);
        }
    }
    let request = served.post(NEW).header("x-request-id", "amina").body(r#"{"query":"{ who }"}"#);
    let response = request.send().await.unwrap();
    let made = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(Uuid::try_parse(&made).unwrap().get_version_num(), 7);
    assert_eq!(read(response).await.1["data"]["who"], format!("true en {made}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn methods_and_media_types_are_held_to() {
    let served = serve(settings()).await;
    let sound = r#"{"query":"{ version }"}"#;
    for (content_type, encoding, accept, status) in [
        ("application/json", None, "text/html", 406),
        ("application/json", None, "application/json;q=0", 406),
        ("text/plain", None, OLD, 415),
        ("application/x-www-form-urlencoded", None, OLD, 415),
        ("application/json; charset=utf-16", None, OLD, 415),
        ("application/json", Some("br"), OLD, 415),
        ("application/json", Some("gzip"), OLD, 400),
        ("application/json; charset=utf-8", Some("identity"), OLD, 200),
    ] {
        let mut request =
            served.request(Method::POST, "/graphql").header("accept", accept).header("content-type", content_type);
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        let response = request.body(sound).send().await.unwrap();
        assert_eq!(response.status(), status, "{content_type} {encoding:?} {accept}");
    }
    let bare = served.request(Method::POST, "/graphql").body(sound).send().await.unwrap();
    assert_eq!(bare.status(), 415);
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::HEAD] {
        let response = served.request(method, "/graphql").body(sound).send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "GET, POST");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn get_runs_queries_only() {
    let served = serve(settings()).await;
    let get = async |parameters: &str| {
        let path = format!("/graphql?{parameters}");
        served.request(Method::GET, &path).header("accept", NEW).send().await.unwrap()
    };
    let two = percent("query A { version } query B($n: Int) { services(first: $n) { nodes { id } } }");
    let mutation = percent("mutation { go(input: {}) { id } }");
    let variables = percent(r#"{"n":1}"#);
    for (parameters, status, expected) in [
        (format!("query={}", percent("{ version }")), 200, "none"),
        (format!("query={two}&operationName=B&variables={variables}&extensions=%7b%7d"), 200, "none"),
        (format!("query={two}&operation_name=B"), 400, "OPERATION_NOT_FOUND"),
        (format!("query={two}&operationName=B&variables=x"), 400, "BAD_REQUEST"),
        (format!("query={two}&operationName=B&variables=[]"), 400, "BAD_REQUEST"),
        (format!("query={two}&query={two}"), 400, "BAD_REQUEST"),
        (format!("query={two}&operationName=A&variables={}", "[".repeat(9_000)), 400, "BAD_REQUEST"),
        (format!("query={}", "a".repeat(20_000)), 400, "DOCUMENT_LIMIT"),
        (String::new(), 400, "BAD_REQUEST"),
        (format!("query={mutation}"), 405, "BAD_REQUEST"),
    ] {
        let response = get(&parameters).await;
        if status == 405 {
            assert_eq!(response.headers()["allow"], "POST");
        }
        let (found, body) = read(response).await;
        assert_eq!((found, code(&body)), (status, expected), "{}", &parameters[..parameters.len().min(60)]);
    }
    let post = r#"{"query":"mutation { go(input: {text: \"x\"}) { id } }"}"#;
    let (_, body) = read(served.post(NEW).body(post).send().await.unwrap()).await;
    assert_eq!(body["data"]["go"]["id"], "x");
    assert_eq!(body["extensions"]["cost"]["requested"], 10);
}
