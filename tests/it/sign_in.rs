//! Applications get their own tokens with a secret, and nobody learns anything by trying.

use crate::support::app::{Answer, Persona, TestApp, read};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::getting_in::{Application, application, ask, basic, token};
use crate::support::seed::run;
use crate::support::verbs::done;
use crate::support::world::{World, add_client, gid};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passerelle::domain::global_id::{Kind, decode};
use serde_json::{Value, json};
use uuid::Uuid;

const VIEWER: &str =
    "{ viewer { scopes tokenValidUntil powers client { id scopes lastUsedAt secrets { hint lastUsedAt } } } }";

async fn world(engine: Engine) -> (TestApp, World) {
    let app = TestApp::start(engine).await;
    let world = World::fill(&app).await;
    (app, world)
}

fn error(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.headers["cache-control"], "no-store", "{}", answer.body);
    (answer.status, answer.body["error"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned())
}

async fn an_application_gets_a_token_with_its_secret(engine: Engine) {
    let (app, world) = world(engine).await;
    let system = application(&app, &world, &["CASES_READ", "REFERRALS_READ"]).await;
    assert!(system.secret.starts_with("passerelle_secret_"));
    let by_header = system.token(&app, "").await;
    assert_eq!((by_header.status, &by_header.headers["cache-control"]), (200, &"no-store".parse().unwrap()));
    assert_eq!(by_header.body["token_type"], "Bearer");
    assert_eq!(by_header.body["expires_in"], 600);
    assert_eq!(by_header.body["scope"], "CASES_READ REFERRALS_READ");
    assert_eq!(by_header.body["issued_token_type"], Value::Null, "that is said of exchanged tokens only (RFC 8693)");
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}&scope=", system.id, system.secret);
    let by_body = ask(&app, &[], &form).await;
    assert_eq!(by_body.status, 200, "{}", by_body.body);
    for answer in [by_header, by_body] {
        let who = system.persona(&world, &answer);
        let seen = app.run(&who, VIEWER, json!({})).await;
        assert_eq!(seen["viewer"]["client"]["id"], system.id);
        assert_eq!(seen["viewer"]["scopes"], json!(["CASES_READ", "REFERRALS_READ"]));
        assert!(seen["viewer"]["client"]["lastUsedAt"].is_string() && seen["viewer"]["tokenValidUntil"].is_string());
        assert_eq!(seen["viewer"]["client"]["secrets"][0]["hint"], system.secret[system.secret.len() - 4..]);
    }
    app.wait(660);
    let old = system.token(&app, "").await;
    app.wait(629);
    app.run(&system.persona(&world, &old), VIEWER, json!({})).await;
    app.wait(2);
    assert_eq!(
        app.post(&system.persona(&world, &old), VIEWER, json!({})).await.status,
        401,
        "after ten minutes it is over"
    );
}

async fn a_token_can_be_asked_for_fewer_scopes(engine: Engine) {
    let (app, world) = world(engine).await;
    let system = application(&app, &world, &["CASES_READ", "REFERRALS_READ"]).await;
    let narrow = system.token(&app, "&scope=REFERRALS_READ").await;
    assert_eq!(narrow.body["scope"], "REFERRALS_READ");
    let seen = app.run(&system.persona(&world, &narrow), VIEWER, json!({})).await;
    assert_eq!(seen["viewer"]["powers"], json!(["READ_REFERRALS"]));
    assert_eq!(seen["viewer"]["scopes"], json!(["REFERRALS_READ"]));
    assert_eq!(seen["viewer"]["client"]["scopes"], json!(["CASES_READ", "REFERRALS_READ"]));
    for scope in ["CASES_WRITE", "REFERRALS_READ+CASES_WRITE", "everything", "referrals_read"] {
        let refused = system.token(&app, &format!("&scope={scope}")).await;
        assert_eq!(error(&refused), (400, "invalid_scope".to_owned()), "{scope}");
    }
}

/// All that differs between two answers to the same person, left out.
fn told(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.retain(|header| !header.starts_with("x-request-id") && !header.starts_with("date"));
    headers.sort();
    format!("{} {} {headers:?}", answer.status, answer.body)
}

async fn whatever_is_wrong_with_a_client_is_told_alike(engine: Engine) {
    let (app, world) = world(engine).await;
    let scopes = ["CASES_READ"];
    let good = application(&app, &world, &scopes).await;
    let ended = application(&app, &world, &scopes).await;
    let input = json!({ "clientId": ended.id, "expectedVersion": 1 });
    done(&app, &world.administrator, "endClient", input, "client { isActive }").await;
    let other = application(&app, &world, &scopes).await;
    let secretless = gid(Kind::ClientApplication, add_client(&app, world.partner).await);
    let unknown = gid(Kind::ClientApplication, Uuid::now_v7());
    let tries = [
        ("a wrong secret", good.id.clone(), "passerelle_secret_AAAA".to_owned()),
        ("the secret of another", good.id.clone(), other.secret.clone()),
        ("an unknown client", unknown, good.secret.clone()),
        ("a client that has ended", ended.id.clone(), ended.secret.clone()),
        ("a client without a secret", secretless, good.secret.clone()),
        ("what is no identifier", "admin".to_owned(), good.secret.clone()),
        ("a member", gid(Kind::Member, world.administrator.id), good.secret.clone()),
        ("a very long secret", good.id.clone(), "A".repeat(8_000)),
    ];
    let mut first = None;
    for (number, (what, id, secret)) in tries.into_iter().enumerate() {
        let place = format!("198.51.100.{number}");
        let headers = [("authorization", basic(&id, &secret)), ("x-forwarded-for", place)];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (statements, answer) = app.statements(ask(&app, &headers, "grant_type=client_credentials")).await;
        assert_eq!(error(&answer), (401, "invalid_client".to_owned()), "{what}");
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "), "{what}");
        let answer = (told(&answer), statements);
        assert_eq!(&answer, first.get_or_insert_with(|| answer.clone()), "{what}: the same answer after the same work");
    }
    assert_eq!(good.token(&app, "").await.status, 200, "one address's failures are not another's");
    run(&app, "UPDATE organization SET ended_at = 1, epoch = epoch + 1 WHERE id = $1", vec![world.partner.into()])
        .await;
    assert_eq!(error(&good.token(&app, "").await), (401, "invalid_client".to_owned()), "its organization has ended");
}

/// A request that is no sound request: what it is, headers, body, status, error.
type Unsound = (&'static str, Vec<(&'static str, String)>, String, u16, &'static str);

/// Requests that are no sound requests.
fn unsound(system: &Application) -> Vec<Unsound> {
    let (id, secret) = (&system.id, &system.secret);
    let grant = "grant_type=client_credentials";
    let body = format!("{grant}&client_id={id}&client_secret={secret}");
    let json_type = vec![("content-type", "application/json".to_owned())];
    let header = || vec![("authorization", system.basic())];
    let bad = "invalid_request";
    vec![
        ("JSON", json_type, json!({ "grant_type": "client_credentials" }).to_string(), 400, bad),
        ("a form by another name", vec![("content-type", "text/plain".to_owned())], body.clone(), 400, bad),
        (
            "another charset",
            vec![("content-type", "application/x-www-form-urlencoded; charset=utf-16".to_owned())],
            body.clone(),
            400,
            bad,
        ),
        ("multipart", vec![("content-type", "multipart/form-data; boundary=x".to_owned())], body.clone(), 400, bad),
        ("compressed", vec![("content-encoding", "gzip".to_owned())], body.clone(), 400, bad),
        ("nothing", vec![], String::new(), 400, bad),
        ("no grant type", header(), "scope=CASES_READ".to_owned(), 400, bad),
        ("an empty grant type", header(), "grant_type=".to_owned(), 400, bad),
        ("grant type twice", header(), format!("{grant}&{grant}"), 400, bad),
        ("scope twice", header(), format!("{grant}&scope=CASES_READ&scope=CASES_READ"), 400, bad),
        ("secret twice", vec![], format!("{body}&client_secret={secret}"), 400, bad),
        ("a name twice in two spellings", header(), format!("{grant}&scope=CASES_READ&%73cope=CASES_READ"), 400, bad),
        ("both ways at once", header(), body.clone(), 400, bad),
        ("two clients", header(), format!("{grant}&client_id=other"), 400, bad),
        ("half an escape", header(), format!("{grant}&scope=%4"), 400, bad),
        ("no escape", header(), format!("{grant}&scope=%zz"), 400, bad),
        ("no UTF-8", header(), format!("{grant}&scope=%ff"), 400, bad),
        ("a line end", header(), format!("{grant}&scope=CASES_READ%0a"), 400, bad),
        ("NUL", header(), format!("{grant}&scope=%00"), 400, bad),
        (
            "too many parameters",
            header(),
            format!("{grant}{}", (0..30).map(|n| format!("&p{n}=1")).collect::<String>()),
            400,
            bad,
        ),
        ("too long", header(), format!("{grant}&scope={}", "A".repeat(40_000)), 413, bad),
        ("a password", header(), "grant_type=password&username=a&password=b".to_owned(), 400, "unsupported_grant_type"),
        ("a refresh", header(), "grant_type=refresh_token&refresh_token=a".to_owned(), 400, "unsupported_grant_type"),
        ("a code", header(), "grant_type=authorization_code&code=a".to_owned(), 400, "unsupported_grant_type"),
        ("capitals", header(), "grant_type=CLIENT_CREDENTIALS".to_owned(), 400, "unsupported_grant_type"),
        ("nobody", vec![], grant.to_owned(), 401, "invalid_client"),
        ("a client without a secret", vec![], format!("{grant}&client_id={id}"), 401, "invalid_client"),
        ("an empty secret", vec![], format!("{grant}&client_id={id}&client_secret="), 401, "invalid_client"),
        ("a bearer", vec![("authorization", format!("Bearer {secret}"))], grant.to_owned(), 401, "invalid_client"),
        ("no base64", vec![("authorization", "Basic !!!".to_owned())], grant.to_owned(), 401, "invalid_client"),
        (
            "no colon",
            vec![("authorization", format!("Basic {}", STANDARD.encode("abc")))],
            grant.to_owned(),
            401,
            "invalid_client",
        ),
        (
            "no UTF-8 in the header",
            vec![("authorization", format!("Basic {}", STANDARD.encode([0xff, b':', b'a'])))],
            grant.to_owned(),
            401,
            "invalid_client",
        ),
    ]
}

#[tokio::test]
async fn what_is_no_sound_request_is_refused_by_its_code() {
    let (app, world) = world(Engine::Sqlite).await;
    let system = application(&app, &world, &["CASES_READ"]).await;
    let counted = app.count("sign_in_miss").await;
    for (what, headers, body, status, code) in unsound(&system) {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = ask(&app, &headers, &body).await;
        assert_eq!(error(&answer), (status, code.to_owned()), "{what}");
        assert!(!answer.body.to_string().contains(&system.secret), "{what}: a secret is never repeated");
    }
    assert_eq!(app.count("sign_in_miss").await, counted, "nothing was written for any of them");
    let path = format!("/oauth/token?client_id={}&client_secret={}", system.id, system.secret);
    let request = app.request(reqwest::Method::POST, &path).header("content-type", "application/x-www-form-urlencoded");
    let in_address = read(request.body("grant_type=client_credentials").send().await.unwrap()).await;
    assert_eq!(error(&in_address), (400, "invalid_request".to_owned()), "a secret in the address");
    let got = read(app.request(reqwest::Method::GET, "/oauth/token").send().await.unwrap()).await;
    assert_eq!((got.status, &got.headers["allow"]), (405, &"POST".parse().unwrap()));
    assert_eq!(system.token(&app, "").await.status, 200);
}

async fn guessing_is_slowed_down_by_client_and_address(engine: Engine) {
    let (app, world) = world(engine).await;
    let system = application(&app, &world, &["CASES_READ"]).await;
    let form = "grant_type=client_credentials";
    let from = async |place: &str, id: &str, secret: &str| {
        ask(&app, &[("authorization", &basic(id, secret)), ("x-forwarded-for", place)], form).await
    };
    for guess in 0..5 {
        let answer = from("203.0.113.7", &system.id, &format!("guess-{guess}")).await;
        assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
    }
    let slowed = from("203.0.113.7", &system.id, &system.secret).await;
    assert_eq!(error(&slowed), (429, "slow_down".to_owned()), "even with the right secret");
    let wait: i64 = slowed.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    assert_eq!(from("203.0.113.8", &system.id, &system.secret).await.status, 200, "its owner is not locked out");
    for guess in 0..30 {
        from("2001:db8::1", &format!("client-{guess}"), "guess").await;
    }
    let slowed = from("2001:db8:0:0:9::9", &system.id, &system.secret).await;
    assert_eq!(slowed.status, 429, "another address of the same network");
    app.wait(wait);
    assert_eq!(from("203.0.113.7", &system.id, &system.secret).await.status, 200, "after the wait");
    assert_eq!(from("2001:db8::1", &system.id, &system.secret).await.status, 200);
    for _ in 0..20 {
        assert_eq!(from("203.0.113.7", &system.id, &system.secret).await.status, 200, "what succeeds is not counted");
    }
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_no_more_than_five() {
    let (app, world) = world(Engine::Sqlite).await;
    let system = application(&app, &world, &["CASES_READ"]).await;
    let wrong = basic(&system.id, "guess");
    let headers = [("authorization", wrong.as_str())];
    let guesses = (0..100).map(|_| ask(&app, &headers, "grant_type=client_credentials"));
    let answers = futures_util::future::join_all(guesses).await;
    let judged = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(judged <= 5, "{judged} guesses were judged");
}

async fn secrets_are_changed_without_a_gap(engine: Engine) {
    let (app, world) = world(engine).await;
    let first = application(&app, &world, &["CASES_READ"]).await;
    let who = &world.administrator;
    let now = async || {
        app.run(who, "{ clients { nodes { version } } }", json!({})).await["clients"]["nodes"][0]["version"].clone()
    };
    let select = "secret client { id version secrets { secretId isGood validUntil } }";
    let input = json!({ "clientId": first.id, "expectedVersion": now().await });
    let made = done(&app, who, "rotateClientSecret", input, select).await;
    let second = Application { id: first.id.clone(), secret: made["secret"].as_str().unwrap().to_owned() };
    assert_eq!((first.token(&app, "").await.status, second.token(&app, "").await.status), (200, 200), "both are good");
    app.wait(24 * 3_600 - 1);
    assert_eq!(first.token(&app, "").await.status, 200);
    app.wait(2);
    assert_eq!((first.token(&app, "").await.status, second.token(&app, "").await.status), (401, 200), "a day later");
    let held = second.persona(&world, &second.token(&app, "").await);
    let who = &Persona {
        token: Some(app.token(who.id, who.organization, passerelle::token::Kind::Member, 0, 0)),
        ..who.clone()
    };
    app.run(&held, VIEWER, json!({})).await;
    let secret = made["client"]["secrets"][0]["secretId"].clone();
    let input = json!({ "clientId": first.id, "secretId": secret });
    done(&app, who, "endClientSecret", input, "client { secrets { isGood } }").await;
    assert_eq!(second.token(&app, "").await.status, 401, "a secret that was ended");
    assert_eq!(app.post(&held, VIEWER, json!({})).await.status, 401, "and the tokens that were had with it");
}

#[tokio::test]
async fn a_secret_is_shown_once_and_kept_nowhere() {
    let (app, world) = world(Engine::Sqlite).await;
    let input = json!({ "name": "Case system", "scopes": ["CASES_READ"], "idempotencyKey": "once" });
    let document = "secret client { id }";
    let made = done(&app, &world.administrator, "addClient", input.clone(), document).await;
    let again = done(&app, &world.administrator, "addClient", input, document).await;
    assert_eq!((&again["client"], &again["secret"]), (&made["client"], &Value::Null), "a repetition does not show it");
    let secret = made["secret"].as_str().unwrap().to_owned();
    let (_, id) = decode(made["client"]["id"].as_str().unwrap()).unwrap();
    let rows =
        app.app.store.rows("SELECT secret_hash, hint FROM client_secret WHERE client_id = $1", vec![id.into()]).await;
    let rows = rows.unwrap();
    let hash: String = rows[0].try_get("", "secret_hash").unwrap();
    assert_eq!((rows.len(), hash.len()), (1, 64));
    let plain: String = {
        use sha2::Digest as _;
        sha2::Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_ne!(hash, plain, "the hash needs a key");
    let kept = app.app.store.rows("SELECT answer FROM idempotency", vec![]).await.unwrap();
    assert!(kept.iter().all(|row| !row.try_get::<String>("", "answer").unwrap().contains(&secret)));
}

#[tokio::test]
async fn a_client_finds_the_way_by_the_metadata() {
    let (app, world) = world(Engine::Sqlite).await;
    let path = "/.well-known/oauth-authorization-server";
    let told = read(app.request(reqwest::Method::GET, path).send().await.unwrap()).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.body["issuer"], app.app.tokens.issuer());
    assert_eq!(told.body["token_endpoint"], format!("{}/oauth/token", app.url));
    let keys = told.body["jwks_uri"].as_str().unwrap().strip_prefix(&app.url).unwrap().to_owned();
    let keys = read(app.request(reqwest::Method::GET, &keys).send().await.unwrap()).await;
    let system = application(&app, &world, &["CASES_READ"]).await;
    let token = token(&system.token(&app, "").await);
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["kid"], keys.body["keys"][0]["kid"], "its key is in the set");
    assert_eq!(told.body["scopes_supported"].as_array().unwrap().len(), 7);
}

on_both_engines!(
    an_application_gets_a_token_with_its_secret,
    a_token_can_be_asked_for_fewer_scopes,
    whatever_is_wrong_with_a_client_is_told_alike,
    guessing_is_slowed_down_by_client_and_address,
    secrets_are_changed_without_a_gap,
);
