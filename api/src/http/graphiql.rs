//! The GraphiQL page at `/graphiql`, served from files inside the binary.
//!
//! The page works with no other host: its scripts and styles are vendored under `console/vendor/`, pinned by
//! SHA-256 in `console/vendor.json`, and a strict content-security policy keeps it so. It holds no state on the
//! server and none in the browser; it is one more client of `/graphql`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde_json::json;

/// What the page may load and reach: this server only, nothing inline, never inside another page's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("../../console/graphiql/index.html");

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The personas and the steps of the loop that the page offers in demonstration mode.
///
/// Put it into the app data as `web::Data<DemoConsole>`. The value is sent as it stands at
/// `/graphiql/personas.json`, to everyone who can reach the server, and holds bearer tokens: hand over
/// `Some` only in demonstration mode. Its shape is
/// `{"demo":true,"personas":[{name,organization,kinds,roles,token}],"tabs":[{title,persona,query,variables}]}`;
/// a tab names its persona, or `null` for a caller without a token. A string `"{{Operation.path}}"` in
/// variables is replaced by that value of the operation's last answer.
/// With `None`, or without app data, the page shows a token field only.
// Not Debug: it holds tokens.
#[derive(Clone, Default)]
pub struct DemoConsole(pub Option<serde_json::Value>);

/// One file of the page.
struct File {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! vendored {
    ($name:literal, $content_type:expr) => {
        File {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../../console/vendor/", $name)),
        }
    };
}

const FILES: [File; 10] = [
    File { name: "boot.js", content_type: SCRIPT, bytes: include_bytes!("../../console/graphiql/boot.js") },
    File { name: "boot.css", content_type: STYLE, bytes: include_bytes!("../../console/graphiql/boot.css") },
    vendored!("graphiql.min.js", SCRIPT),
    vendored!("graphiql.min.css", STYLE),
    vendored!("react.production.min.js", SCRIPT),
    vendored!("react-dom.production.min.js", SCRIPT),
    vendored!("LICENSE.graphiql.txt", TEXT),
    vendored!("LICENSE.graphiql-bundled.txt", TEXT),
    vendored!("LICENSE.react.txt", TEXT),
    vendored!("LICENSE.react-dom.txt", TEXT),
];

/// Adds `/graphiql`, its files below `/graphiql/`, and `/graphiql/personas.json`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(home))
        .route("/graphiql", web::get().to(page))
        .route("/graphiql/", web::get().to(page))
        .route("/graphiql/personas.json", web::get().to(personas))
        .route("/graphiql/{file}", web::get().to(file));
}

/// Whoever opens the bare address is shown the console.
async fn home() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/graphiql")).finish()
}

/// An answer that carries the headers which every part of the page has.
fn answer(content_type: &'static str, cache: &'static str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .insert_header(("cross-origin-resource-policy", "same-origin"));
    response
}

async fn page() -> HttpResponse {
    answer(HTML, "no-cache").body(PAGE)
}

async fn file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(file) = FILES.iter().find(|file| file.name == name.as_str()) else {
        return HttpResponse::NotFound().finish();
    };
    let cache =
        if is_pinned(file.name, request.query_string()) { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer(file.content_type, cache).body(file.bytes)
}

async fn personas(console: Option<web::Data<DemoConsole>>) -> HttpResponse {
    let value = console.and_then(|console| console.0.clone());
    let value = value.unwrap_or_else(|| json!({ "demo": false }));
    answer("application/json", "no-store").body(value.to_string())
}

/// Whether this build's own page asks for exactly this address, content hash included.
///
/// During an upgrade the page of one version may ask a server of another for a file. Were that answer kept
/// for a year under the other version's hash, the browser would never come right again.
fn is_pinned(name: &str, query: &str) -> bool {
    query.starts_with("v=") && PAGE.contains(&format!("\"/graphiql/{name}?{query}\""))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use actix_web::App;
    use actix_web::body::to_bytes;
    use actix_web::dev::ServiceResponse;
    use actix_web::test as harness;
    use serde_json::Value;
    use sha2::{Digest, Sha256};

    use super::*;

    const LIST: &str = include_str!("../../console/vendor.json");

    fn sha256(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn vendored() -> Vec<Value> {
        let list: Value = serde_json::from_str(LIST).unwrap();
        list["files"].as_array().unwrap().clone()
    }

    async fn get(uri: &str, console: Option<DemoConsole>) -> ServiceResponse {
        let app = App::new().configure(routes);
        let app = match console {
            Some(console) => app.app_data(web::Data::new(console)),
            None => app,
        };
        let app = harness::init_service(app).await;
        harness::call_service(&app, harness::TestRequest::get().uri(uri).to_request()).await
    }

    fn header_of<'a>(response: &'a ServiceResponse, name: &str) -> &'a str {
        response.headers().get(name).unwrap().to_str().unwrap()
    }

    #[test]
    fn each_vendored_file_is_listed_and_has_its_hash() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("console/vendor");
        let found: BTreeSet<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> =
            vendored().iter().map(|entry| entry["file"].as_str().unwrap().to_owned()).collect();
        assert_eq!(found, listed, "vendor/ and vendor.json differ");
        for entry in vendored() {
            let name = entry["file"].as_str().unwrap();
            let bytes = std::fs::read(folder.join(name)).unwrap();
            assert_eq!(sha256(&bytes), entry["sha256"], "{name}");
            let unchanged = entry["sha256"] == entry["sha256_upstream"];
            assert_eq!(entry["transformation"].is_null(), unchanged, "{name}: say what was changed");
            assert!(entry["license"].is_string(), "{name}");
            assert!(FILES.iter().any(|file| file.name == name), "{name} is not served");
        }
    }

    #[test]
    fn the_page_names_each_script_and_style_by_its_hash_and_has_nothing_inline() {
        for entry in vendored() {
            let (name, hash) = (entry["file"].as_str().unwrap(), entry["sha256"].as_str().unwrap());
            if !name.starts_with("LICENSE") {
                assert!(is_pinned(name, &format!("v={}", &hash[..16])), "{name}");
            }
        }
        for tag in PAGE.split("<script").skip(1) {
            assert!(tag.contains("src=") && tag.contains("></script>"), "inline script: {tag}");
        }
        assert!(!PAGE.contains("<style") && !PAGE.contains("style=") && !PAGE.contains("://"));
    }

    #[actix_web::test]
    async fn every_answer_is_strict() {
        for uri in ["/graphiql", "/graphiql/", "/graphiql/boot.js", "/graphiql/personas.json"] {
            let response = get(uri, None).await;
            assert_eq!(response.status(), 200, "{uri}");
            assert_eq!(header_of(&response, "content-security-policy"), POLICY);
            assert_eq!(header_of(&response, "x-content-type-options"), "nosniff");
            assert_eq!(header_of(&response, "referrer-policy"), "no-referrer");
        }
        assert_eq!(get("/graphiql/vendor.json", None).await.status(), 404);
    }

    #[actix_web::test]
    async fn only_an_address_with_the_right_hash_is_kept_for_ever() {
        let hash = sha256(FILES[2].bytes);
        let uri = format!("/graphiql/{}", FILES[2].name);
        let cases = [
            (format!("{uri}?v={}", &hash[..16]), "public, max-age=31536000, immutable"),
            (format!("{uri}?v={}", &hash[..15]), "no-cache"),
            (uri, "no-cache"),
            ("/graphiql/boot.js?v=1".to_owned(), "no-cache"),
            ("/graphiql".to_owned(), "no-cache"),
            ("/graphiql/personas.json".to_owned(), "no-store"),
        ];
        for (uri, cache) in cases {
            assert_eq!(header_of(&get(&uri, None).await, "cache-control"), cache, "{uri}");
        }
    }

    #[actix_web::test]
    async fn personas_are_told_in_demonstration_mode_only() {
        let demo = json!({ "demo": true, "personas": [], "tabs": [] });
        let cases = [
            (None, json!({ "demo": false })),
            (Some(DemoConsole(None)), json!({ "demo": false })),
            (Some(DemoConsole(Some(demo.clone()))), demo),
        ];
        for (console, expected) in cases {
            let response = get("/graphiql/personas.json", console).await;
            assert_eq!(header_of(&response, "content-type"), "application/json");
            let body = to_bytes(response.into_body()).await.unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);
        }
    }
}
