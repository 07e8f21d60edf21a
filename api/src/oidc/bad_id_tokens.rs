//! The table of identity tokens that must not be believed, and the few that must.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.org";
const AUDIENCE: &str = "members-app";

/// A provider with a key on P-256, one on Ed25519, and a stranger's.
struct Provider {
    p256: Vec<u8>,
    ed: Ed25519KeyPair,
    stranger: Vec<u8>,
}

fn pair(pkcs8: &[u8]) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new()).unwrap()
}

fn coded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Provider {
    fn new() -> Self {
        let random = SystemRandom::new();
        let p256 =
            || EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap().as_ref().to_vec();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Self { p256: p256(), ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(), stranger: p256() }
    }

    fn point(&self) -> Vec<u8> {
        pair(&self.p256).public_key().as_ref().to_vec()
    }

    fn jwks(&self) -> String {
        let point = self.point();
        let (x, y) = point[1..].split_at(32);
        json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "kid": "p", "use": "sig", "alg": "ES256", "x": coded(x), "y": coded(y) },
            { "kty": "OKP", "crv": "Ed25519", "kid": "e", "x": coded(self.ed.public_key()) },
            { "kty": "EC", "crv": "P-256", "kid": "sealing", "use": "enc", "x": coded(x), "y": coded(y) },
            { "kty": "oct", "kid": "o", "k": coded(b"secret") },
            { "kty": "RSA", "kid": "short", "n": coded([0xc3_u8; 128]), "e": "AQAB" },
            { "kty": "EC", "crv": "P-384", "kid": "other curve", "x": coded([1_u8; 48]), "y": coded([1_u8; 48]) },
            "no key at all",
        ] })
        .to_string()
    }

    fn by(&self, key: &[u8], header: &str, claims: &str) -> String {
        let message = format!("{}.{}", coded(header), coded(claims));
        let signature = pair(key).sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", coded(signature))
    }

    fn sound(&self) -> String {
        self.by(&self.p256, &header().to_string(), &claims().to_string())
    }

    fn with_header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut head = header();
        change(&mut head);
        self.by(&self.p256, &head.to_string(), &claims().to_string())
    }

    fn saying(&self, member: &str, value: Value) -> String {
        let mut body = claims();
        if value == json!("(absent)") {
            body.as_object_mut().unwrap().remove(member);
        } else {
            body[member] = value;
        }
        self.by(&self.p256, &header().to_string(), &body.to_string())
    }
}

fn header() -> Value {
    json!({ "alg": "ES256", "kid": "p", "typ": "JWT" })
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "amina", "iat": NOW, "exp": NOW + 300, "nonce": "n" })
}

fn judged(keys: &Keys, token: &str) -> Result<Vouched, NotBelieved> {
    let expected = Expected { issuer: ISSUER, audience: AUDIENCE, nonce: Some("n"), now: NOW };
    Unverified::read(token).ok_or(NotBelieved::Bad)?.verify(keys, expected)
}

fn malformed(provider: &Provider) -> Vec<(&'static str, String)> {
    let good = provider.sound();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, body) = message.split_once('.').unwrap();
    let mut flipped = URL_SAFE_NO_PAD.decode(signature).unwrap();
    flipped[9] ^= 1;
    vec![
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("two parts", message.to_owned()),
        ("four parts", format!("{good}.")),
        ("five parts", "a.b.c.d.e".to_owned()),
        ("blank before", format!(" {good}")),
        ("blank after", format!("{good} ")),
        ("padding", format!("{good}==")),
        ("no signature", format!("{message}.")),
        ("half a signature", format!("{message}.{}", &signature[..43])),
        ("signature twice", format!("{message}.{signature}{signature}")),
        ("flipped bit", format!("{message}.{}", coded(&flipped))),
        ("zero signature", format!("{message}.{}", coded([0; 64]))),
        ("other body", format!("{head}.{}.{signature}", coded(claims().to_string().replace("amina", "bilal")))),
        ("swapped parts", format!("{body}.{head}.{signature}")),
        ("plain base64", format!("{head}+/.{body}.{signature}")),
        ("NUL", format!("{head}\0.{body}.{signature}")),
        ("too long", format!("{good}{}", "A".repeat(17_000))),
        ("DER signature", {
            let random = SystemRandom::new();
            let der = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &provider.p256, &random).unwrap();
            format!("{message}.{}", coded(der.sign(&random, message.as_bytes()).unwrap()))
        }),
    ]
}

/// A token signed with HMAC under something that everybody knows.
fn with_mac(provider: &Provider, kid: &str, secret: &[u8]) -> String {
    let head = json!({ "alg": "HS256", "kid": kid, "typ": "JWT" }).to_string();
    let message = format!("{}.{}", coded(head), coded(claims().to_string()));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    mac.update(message.as_bytes());
    let _ = provider;
    format!("{message}.{}", coded(mac.finalize().into_bytes()))
}

fn bad_headers(provider: &Provider) -> Vec<(&'static str, String)> {
    let body = claims().to_string();
    let raw = |text: &str| provider.by(&provider.p256, text, &body);
    let set = |member: &str, value: Value| provider.with_header(|head| head[member] = value);
    let none = format!("{}.{}.", coded(r#"{"alg":"none","typ":"JWT"}"#), coded(&body));
    let ed = |alg: &str, kid: &str| {
        let message = format!("{}.{}", coded(json!({ "alg": alg, "kid": kid }).to_string()), coded(&body));
        format!("{message}.{}", coded(provider.ed.sign(message.as_bytes())))
    };
    vec![
        ("no algorithm", none),
        ("header not JSON", raw("JWT")),
        ("header a list", raw("[]")),
        ("alg missing", raw(r#"{"kid":"p"}"#)),
        ("alg null", set("alg", Value::Null)),
        ("alg lower case", set("alg", json!("es256"))),
        ("alg ES384", set("alg", json!("ES384"))),
        ("alg RS256 with a point", set("alg", json!("RS256"))),
        ("alg PS256", set("alg", json!("PS256"))),
        ("alg HS256", set("alg", json!("HS256"))),
        ("alg EdDSA with a point", set("alg", json!("EdDSA"))),
        ("alg twice", raw(r#"{"alg":"none","alg":"ES256","kid":"p"}"#)),
        ("HMAC under the public point", with_mac(provider, "p", &provider.point())),
        ("HMAC under the key set", with_mac(provider, "p", provider.jwks().as_bytes())),
        ("HMAC under the published secret", with_mac(provider, "o", b"secret")),
        ("Ed25519 under the other key's name", ed("EdDSA", "p")),
        ("Ed25519 called ES256", ed("ES256", "e")),
        ("kid of another curve", set("kid", json!("other curve"))),
        ("kid of a sealing key", set("kid", json!("sealing"))),
        ("kid a number", set("kid", json!(1))),
        ("kid a path", set("kid", json!("../../dev/null"))),
        ("kid empty", set("kid", json!(""))),
        ("kid in capitals", set("kid", json!("P"))),
        ("typ of an access token", set("typ", json!("at+jwt"))),
        ("typ of a logout token", set("typ", json!("logout+jwt"))),
        ("crit", set("crit", json!(["exp"]))),
        ("crit null", set("crit", Value::Null)),
        ("b64 false", set("b64", json!(false))),
        ("jku", set("jku", json!("https://evil.example/keys"))),
        ("jwk", set("jwk", json!({ "kty": "EC" }))),
        ("x5u", set("x5u", json!("https://evil.example/x"))),
        ("x5c", set("x5c", json!([]))),
        ("zip", set("zip", json!("DEF"))),
        ("nested", set("cty", json!("JWT"))),
        ("signed by a stranger", provider.by(&provider.stranger, &header().to_string(), &body)),
        ("signed by a stranger, no kid", provider.by(&provider.stranger, r#"{"alg":"ES256"}"#, &body)),
    ]
}

fn bad_claims(provider: &Provider) -> Vec<(&'static str, String)> {
    let raw = |text: &str| provider.by(&provider.p256, &header().to_string(), text);
    let twice = claims().to_string().replacen('{', r#"{"sub":"bilal","#, 1);
    let mut table: Vec<_> = [
        ("iss", json!("https://id.example.com")),
        ("iss", json!("https://id.example.org/")),
        ("iss", json!("HTTPS://id.example.org")),
        ("iss", json!([ISSUER])),
        ("aud", json!("another-app")),
        ("aud", json!("")),
        ("aud", json!([])),
        ("aud", json!(["another-app"])),
        ("aud", json!([AUDIENCE, "another-app"])),
        ("aud", json!({ "app": AUDIENCE })),
        ("azp", json!("another-app")),
        ("azp", json!("")),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("sub", json!("a\u{0}")),
        ("sub", json!("a".repeat(256))),
        ("exp", json!(NOW - 30)),
        ("exp", json!(NOW - 3_600)),
        ("exp", json!(0)),
        ("exp", json!("1800000300")),
        ("exp", json!(1_800_000_300.5)),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", json!(NOW)),
        ("iat", json!(NOW + 31)),
        ("iat", json!(NOW - 3_631)),
        ("iat", json!(-1)),
        ("iat", json!(i64::MIN)),
        ("iat", json!(null)),
        ("nbf", json!(NOW + 31)),
        ("nbf", json!("now")),
        ("nonce", json!("m")),
        ("nonce", json!("")),
        ("nonce", json!(null)),
        ("nonce", json!(["n"])),
    ]
    .into_iter()
    .map(|(member, value)| (member, provider.saying(member, value)))
    .collect();
    for member in ["iss", "aud", "sub", "exp", "iat", "nonce"] {
        table.push((member, provider.saying(member, json!("(absent)"))));
    }
    table.extend([("body a list", raw("[]")), ("body not JSON", raw("{")), ("sub twice", raw(&twice))]);
    table
}

#[test]
fn no_bad_token_is_believed_and_no_key_is_taken_for_another() {
    let provider = Provider::new();
    let keys = Keys::read(&provider.jwks()).unwrap();
    assert!(judged(&keys, &provider.sound()).is_ok(), "the table's own form is sound");
    let table = [malformed(&provider), bad_headers(&provider), bad_claims(&provider)].concat();
    assert!(table.len() >= 60, "{} tokens", table.len());
    for (name, token) in table {
        assert!(judged(&keys, &token).is_err(), "{name}: {token}");
    }
}

#[test]
fn what_a_provider_says_of_somebody_is_believed() {
    let provider = Provider::new();
    let keys = Keys::read(&provider.jwks()).unwrap();
    for (what, token) in [
        ("for several, given to us", {
            let mut body = claims();
            (body["aud"], body["azp"]) = (json!(["another-app", AUDIENCE]), json!(AUDIENCE));
            provider.by(&provider.p256, &header().to_string(), &body.to_string())
        }),
        ("a list of one", provider.saying("aud", json!([AUDIENCE]))),
        ("not more than thirty seconds late", provider.saying("iat", json!(NOW + 30))),
        ("further members", provider.saying("email", json!("amina@example.org"))),
        ("no type", provider.with_header(|head| drop(head.as_object_mut().unwrap().remove("typ")))),
        (
            "no kid, and one key of the algorithm",
            provider.with_header(|head| drop(head.as_object_mut().unwrap().remove("kid"))),
        ),
        ("a thumbprint of a certificate", provider.with_header(|head| head["x5t"] = json!("abc"))),
    ] {
        assert_eq!(judged(&keys, &token).unwrap().subject, "amina", "{what}");
    }
    let unknown = provider.with_header(|head| head["kid"] = json!("next"));
    assert_eq!(judged(&keys, &unknown), Err(NotBelieved::UnknownKey), "newer keys may have it");
}

#[test]
fn two_spellings_of_a_signature_are_one_token() {
    let provider = Provider::new();
    let keys = Keys::read(&provider.jwks()).unwrap();
    let (head, body) = (header().to_string(), claims().to_string());
    let (one, two) = (provider.by(&provider.p256, &head, &body), provider.by(&provider.p256, &head, &body));
    assert_ne!(one, two);
    assert_eq!(judged(&keys, &one).unwrap().fingerprint, judged(&keys, &two).unwrap().fingerprint);
}

#[test]
fn key_sets_without_a_key_of_ours_are_none() {
    for text in ["", "[]", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"AA"}]}"#, r#"{"keys":{}}"#] {
        assert!(Keys::read(text).is_none(), "{text}");
    }
    let set = |key: Value| Keys::read(&json!({ "keys": [key] }).to_string()).is_some();
    let x = coded([9_u8; 32]);
    assert!(set(json!({ "kty": "OKP", "crv": "Ed25519", "x": x })));
    assert!(!set(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "use": "enc" })));
    assert!(!set(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "key_ops": ["sign"] })));
    assert!(!set(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "alg": "ES256" })));
    assert!(!set(json!({ "kty": "OKP", "crv": "X25519", "x": x })));
    assert!(!set(json!({ "kty": "OKP", "crv": "Ed25519", "x": coded([9_u8; 31]) })));
}
