//! The table of tokens that must not be believed, and the few that must.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::keyring::KeyringError;
use super::*;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.org";
const AUDIENCE: &str = "https://api.example.org/graphql";

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

/// PKCS#8 as openssl writes it: a fixed prefix and the 32 bytes.
fn private_pem(key: &SigningKey) -> String {
    let prefix = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    let der = [&prefix[..], key.as_bytes()].concat();
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

fn public_pem(key: &SigningKey) -> String {
    let prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let der = [&prefix[..], key.verifying_key().as_bytes()].concat();
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
}

fn ring() -> Keyring {
    Keyring::production(ISSUER, AUDIENCE, &private_pem(&key(1)), &[&public_pem(&key(2))]).unwrap()
}

fn kid_of(number: u8) -> String {
    let one = Keyring::production(ISSUER, AUDIENCE, &private_pem(&key(number)), &[]).unwrap();
    one.active_kid().to_owned()
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: Uuid::from_u128(1),
        org: Uuid::from_u128(2),
        kind: Kind::Member,
        iat: NOW,
        nbf: NOW,
        exp: NOW + 600,
        jti: Uuid::from_u128(3),
        client_id: "console".to_owned(),
        epoch: 0,
        org_epoch: 4,
        scope: "referrals".to_owned(),
    }
}

fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid_of(1) })
}

fn encode(part: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// A token signed soundly over whatever bytes it is given.
fn signed(header: &str, body: &str, by: &SigningKey) -> String {
    let message = format!("{}.{}", encode(header.as_bytes()), encode(body.as_bytes()));
    let signature = by.sign(message.as_bytes());
    format!("{message}.{}", encode(&signature.to_bytes()))
}

fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut head = header();
    change(&mut head);
    signed(&head.to_string(), &json!(claims()).to_string(), &key(1))
}

fn with_claims(change: impl FnOnce(&mut Value)) -> String {
    let mut body = json!(claims());
    change(&mut body);
    signed(&header().to_string(), &body.to_string(), &key(1))
}

fn without(member: &'static str) -> String {
    with_claims(|body| {
        body.as_object_mut().unwrap().remove(member);
    })
}

fn set(member: &'static str, value: Value) -> String {
    with_claims(|body| body[member] = value)
}

#[test]
fn what_we_issue_we_believe() {
    let ring = ring();
    let token = ring.issue(&claims()).unwrap();
    assert_eq!(ring.verify(&token, now()), Ok(claims()));
    assert!(ring.verify(&with_claims(|_| {}), now()).is_ok(), "the table's own form is sound");
    let old_key = with_header(|head| head["kid"] = json!(kid_of(2)));
    assert_eq!(ring.verify(&old_key, now()), Err(BadToken), "kid of 2, signed by 1");
    let mut head = header();
    head["kid"] = json!(kid_of(2));
    let rotated = signed(&head.to_string(), &json!(claims()).to_string(), &key(2));
    assert!(ring.verify(&rotated, now()).is_ok(), "a verifying-only key verifies");
    assert_eq!(ring.jwks()["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn time_is_measured_with_thirty_seconds_of_tolerance() {
    let ring = ring();
    let token = ring.issue(&claims()).unwrap();
    let at = |second| ring.verify(&token, Timestamp::from_second(second).unwrap()).is_ok();
    assert!(at(NOW - 30));
    assert!(!at(NOW - 31));
    assert!(at(NOW + 629));
    assert!(!at(NOW + 630));
}

#[test]
fn keyrings_are_made_only_from_sound_parts() {
    let pem = private_pem(&key(1));
    let make =
        |issuer, audience, signing: &str, other: &[&str]| Keyring::production(issuer, audience, signing, other).err();
    assert_eq!(make(ISSUER, AUDIENCE, &pem, &[]), None);
    assert_eq!(make(ISSUER, AUDIENCE, &pem, &[&pem]), None, "the old private key may verify");
    assert_eq!(make(DEMO_ISSUER, AUDIENCE, &pem, &[]), Some(KeyringError::Issuer));
    assert_eq!(make("https://DEMO.passerelle.invalid/", AUDIENCE, &pem, &[]), Some(KeyringError::Issuer));
    assert_eq!(make("http://id.example.org", AUDIENCE, &pem, &[]), Some(KeyringError::Issuer));
    assert_eq!(make("https://", AUDIENCE, &pem, &[]), Some(KeyringError::Issuer));
    assert_eq!(make(ISSUER, DEMO_AUDIENCE, &pem, &[]), Some(KeyringError::Audience));
    assert_eq!(make(ISSUER, "", &pem, &[]), Some(KeyringError::Audience));
    assert_eq!(make(ISSUER, AUDIENCE, "", &[]), Some(KeyringError::SigningKey));
    assert_eq!(make(ISSUER, AUDIENCE, &public_pem(&key(1)), &[]), Some(KeyringError::SigningKey));
    assert_eq!(make(ISSUER, AUDIENCE, &pem, &[&pem, "x"]), Some(KeyringError::VerifyingKey(1)));
}

#[test]
fn nothing_is_issued_that_would_be_refused() {
    let ring = ring();
    let issue = |change: fn(&mut Claims)| {
        let mut claims = claims();
        change(&mut claims);
        ring.issue(&claims).err()
    };
    assert_eq!(issue(|_| {}), None);
    assert_eq!(issue(|claims| claims.exp += 1), Some(IssueError::Claims));
    assert_eq!(issue(|claims| claims.iss.push('x')), Some(IssueError::Claims));
    assert_eq!(issue(|claims| claims.aud.clear()), Some(IssueError::Claims));
    assert_eq!(issue(|claims| claims.epoch = -1), Some(IssueError::Claims));
}

fn malformed() -> Vec<(&'static str, String)> {
    let good = with_claims(|_| {});
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, body) = message.split_once('.').unwrap();
    let none = format!("{}.{body}.", encode(br#"{"typ":"at+jwt","alg":"none"}"#));
    let mut flipped = URL_SAFE_NO_PAD.decode(signature).unwrap();
    flipped[5] ^= 1;
    let mut high = URL_SAFE_NO_PAD.decode(signature).unwrap();
    high[63] |= 0xe0;
    vec![
        ("empty", String::new()),
        ("one dot", ".".to_owned()),
        ("dots only", "..".to_owned()),
        ("two parts", message.to_owned()),
        ("four parts", format!("{good}.")),
        ("a word", "token".to_owned()),
        ("blank before", format!(" {good}")),
        ("blank after", format!("{good} ")),
        ("line end", format!("{good}\n")),
        ("padding", format!("{good}==")),
        ("too long", format!("{good}{}", "A".repeat(4096))),
        ("no signature", format!("{message}.")),
        ("half a signature", format!("{message}.{}", &signature[..40])),
        ("flipped bit", format!("{message}.{}", encode(&flipped))),
        ("malleable signature", format!("{message}.{}", encode(&high))),
        ("zero signature", format!("{message}.{}", encode(&[0; 64]))),
        ("signature twice", format!("{message}.{signature}{signature}")),
        ("no algorithm", none),
        ("no header", format!(".{body}.{signature}")),
        ("no body", format!("{head}..{signature}")),
        ("swapped parts", format!("{body}.{head}.{signature}")),
        ("plain base64", format!("{head}+/.{body}.{signature}")),
        ("NUL", format!("{head}\0.{body}.{signature}")),
        ("not ASCII", format!("{head}é.{body}.{signature}")),
        ("five parts of an encrypted token", "a.b.c.d.e".to_owned()),
    ]
}

fn bad_headers() -> Vec<(&'static str, String)> {
    let kid = kid_of(1);
    let body = json!(claims()).to_string();
    let raw = |text: &str| signed(text, &body, &key(1));
    let head = |change: fn(&mut Value)| with_header(change);
    vec![
        ("header not JSON", raw("at+jwt")),
        ("header a list", raw("[]")),
        ("typ JWT", head(|h| h["typ"] = json!("JWT"))),
        ("typ in capitals", head(|h| h["typ"] = json!("AT+JWT"))),
        ("typ with prefix", head(|h| h["typ"] = json!("application/at+jwt"))),
        ("typ of an id token", head(|h| h["typ"] = json!("id+jwt"))),
        ("typ null", head(|h| h["typ"] = Value::Null)),
        ("typ missing", raw(&json!({"alg": "EdDSA", "kid": kid}).to_string())),
        ("alg none", head(|h| h["alg"] = json!("none"))),
        ("alg None", head(|h| h["alg"] = json!("None"))),
        ("alg HS256", head(|h| h["alg"] = json!("HS256"))),
        ("alg RS256", head(|h| h["alg"] = json!("RS256"))),
        ("alg ES256", head(|h| h["alg"] = json!("ES256"))),
        ("alg lower case", head(|h| h["alg"] = json!("eddsa"))),
        ("alg Ed25519", head(|h| h["alg"] = json!("Ed25519"))),
        ("alg missing", raw(&json!({"typ": "at+jwt", "kid": kid}).to_string())),
        ("kid missing", raw(&json!({"typ": "at+jwt", "alg": "EdDSA"}).to_string())),
        ("kid empty", head(|h| h["kid"] = json!(""))),
        ("kid unknown", head(|h| h["kid"] = json!("AAAA"))),
        ("kid a path", head(|h| h["kid"] = json!("../../dev/null"))),
        ("kid a number", head(|h| h["kid"] = json!(1))),
        ("crit", head(|h| h["crit"] = json!(["exp"]))),
        ("b64 false", head(|h| h["b64"] = json!(false))),
        ("jku", head(|h| h["jku"] = json!("https://evil.example/jwks"))),
        ("jwk", head(|h| h["jwk"] = json!({"kty": "OKP"}))),
        ("x5u", head(|h| h["x5u"] = json!("https://evil.example/x"))),
        ("zip", head(|h| h["zip"] = json!("DEF"))),
        ("kid twice", raw(&format!(r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"x","kid":"{kid}"}}"#))),
        ("signed by a stranger", signed(&header().to_string(), &body, &key(9))),
        (
            "a stranger's kid",
            signed(&json!({"typ": "at+jwt", "alg": "EdDSA", "kid": kid_of(9)}).to_string(), &body, &key(9)),
        ),
    ]
}

fn bad_claims() -> Vec<(&'static str, String)> {
    let twice = json!(claims()).to_string().replacen('{', r#"{"exp":1,"#, 1);
    let mut table = vec![
        ("body a list", signed(&header().to_string(), "[]", &key(1))),
        ("body not JSON", signed(&header().to_string(), "{", &key(1))),
        ("exp twice", signed(&header().to_string(), &twice, &key(1))),
        ("other issuer", set("iss", json!("https://id.example.com"))),
        ("issuer with a slash", set("iss", json!("https://id.example.org/"))),
        ("demo issuer", set("iss", json!(DEMO_ISSUER))),
        ("issuers in a list", set("iss", json!([ISSUER]))),
        ("other audience", set("aud", json!("https://api.example.com"))),
        ("audiences in a list", set("aud", json!([AUDIENCE]))),
        ("audience empty", set("aud", json!(""))),
        ("expired", set("exp", json!(NOW - 31))),
        ("exp at iat", set("exp", json!(NOW))),
        ("exp a text", set("exp", json!("1800000600"))),
        ("exp a fraction", set("exp", json!(1_800_000_600.5))),
        ("exp too far", set("exp", json!(NOW + 601))),
        ("exp at the end of numbers", set("exp", json!(i64::MAX))),
        ("exp beyond numbers", set("exp", json!(1e300))),
        ("exp negative", set("exp", json!(-1))),
        ("nbf in the future", set("nbf", json!(NOW + 31))),
        ("nbf before iat", set("nbf", json!(NOW - 1))),
        ("nbf after exp", set("nbf", json!(NOW + 700))),
        ("iat in the future", set("iat", json!(NOW + 31))),
        ("iat negative", set("iat", json!(-5))),
        ("iat null", set("iat", Value::Null)),
        ("lifetime stretched to the past", set("iat", json!(NOW - 1))),
        ("sub not a UUID", set("sub", json!("amina"))),
        ("sub nil", set("sub", json!(Uuid::nil()))),
        ("sub empty", set("sub", json!(""))),
        ("org nil", set("org", json!(Uuid::nil()))),
        ("jti nil", set("jti", json!(Uuid::nil()))),
        ("jti a number", set("jti", json!(3))),
        ("kind unknown", set("kind", json!("ROOT"))),
        ("kind lower case", set("kind", json!("member"))),
        ("client_id empty", set("client_id", json!(""))),
        ("client_id with a line end", set("client_id", json!("a\nb"))),
        ("epoch negative", set("epoch", json!(-1))),
        ("epoch too large", set("epoch", json!(3_000_000_000_u32))),
        ("org_epoch negative", set("org_epoch", json!(-1))),
        ("scope a list", set("scope", json!(["referrals"]))),
        ("scope with NUL", set("scope", json!("a\0"))),
    ];
    for member in
        ["iss", "aud", "sub", "org", "kind", "iat", "nbf", "exp", "jti", "client_id", "epoch", "org_epoch", "scope"]
    {
        table.push(("a claim is missing", without(member)));
    }
    table
}

#[test]
fn no_bad_token_is_believed_and_all_get_one_answer() {
    let ring = ring();
    let table = [malformed(), bad_headers(), bad_claims()].concat();
    assert!(table.len() >= 60, "{} tokens", table.len());
    for (name, token) in table {
        assert_eq!(ring.verify(&token, now()), Err(BadToken), "{name}");
    }
}

#[test]
fn a_demonstration_token_is_worth_nothing_in_production() {
    let demo = Keyring::generate_demo().unwrap();
    let mut claims = claims();
    claims.iss = DEMO_ISSUER.to_owned();
    claims.aud = DEMO_AUDIENCE.to_owned();
    claims.exp = NOW + DEMO_LIFETIME_SECONDS;
    let token = demo.issue(&claims).unwrap();
    assert!(demo.verify(&token, now()).is_ok());
    assert_eq!(ring().verify(&token, now()), Err(BadToken));
}
