//! Asking for tokens, and an identity provider of our own on this machine.

use super::app::{Answer, Persona, TestApp, read};
use super::verbs::done;
use super::world::{World, gid};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::FutureExt as _;
use passerelle::domain::clock::Clock as _;
use passerelle::domain::global_id::{Kind, decode};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// An application with its client_id and a secret that is good.
pub struct Application {
    pub id: String,
    pub secret: String,
}

/// The partner's administrator adds an application.
pub async fn application(app: &TestApp, world: &World, scopes: &[&str]) -> Application {
    let input = json!({ "name": "Case system", "scopes": scopes });
    let made = done(app, &world.administrator, "addClient", input, "secret client { id }").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Application { id: text(&made["client"]["id"]), secret: text(&made["secret"]) }
}

impl Application {
    /// The header of client_secret_basic.
    pub fn basic(&self) -> String {
        basic(&self.id, &self.secret)
    }

    /// Asks for a token with the secret in a header.
    pub async fn token(&self, app: &TestApp, more: &str) -> Answer {
        ask(app, &[("authorization", &self.basic())], &format!("grant_type=client_credentials{more}")).await
    }

    /// Somebody with the token of an answer.
    pub fn persona(&self, world: &World, answer: &Answer) -> Persona {
        let (_, id) = decode(&self.id).unwrap();
        Persona { id, organization: world.partner, token: Some(token(answer)) }
    }
}

/// A header of client_secret_basic.
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// The token of an answer.
pub fn token(answer: &Answer) -> String {
    answer.body["access_token"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

/// Posts a form to the token endpoint.
pub async fn ask(app: &TestApp, headers: &[(&str, &str)], form: &str) -> Answer {
    let mut request = app.request(reqwest::Method::POST, "/oauth/token");
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header("content-type", "application/x-www-form-urlencoded");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    read(request.body(form.to_owned()).send().await.unwrap()).await
}

/// How an identity provider signs.
pub enum Signer {
    Rs256(Box<RsaKeyPair>),
    Es256(EcdsaKeyPair, SystemRandom),
    EdDsa(Ed25519KeyPair),
}

impl Signer {
    /// A key on the curve P-256.
    pub fn es256() -> Self {
        let random = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random).unwrap();
        Self::Es256(pair, random)
    }

    /// A key on Ed25519.
    pub fn eddsa() -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::EdDsa(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap())
    }

    /// An RSA key that was made for these tests and serves nowhere else.
    pub fn rs256() -> Self {
        let der = STANDARD.decode(include_str!("rsa_test_key.b64").replace('\n', "")).unwrap();
        Self::Rs256(Box::new(RsaKeyPair::from_pkcs8(&der).unwrap()))
    }

    /// The name of the algorithm.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rs256(_) => "RS256",
            Self::Es256(..) => "ES256",
            Self::EdDsa(_) => "EdDSA",
        }
    }

    /// The public key as the set has it.
    pub fn jwk(&self, kid: &str) -> Value {
        let mut jwk = match self {
            Self::Rs256(pair) => {
                let n = pair.public().modulus().big_endian_without_leading_zero().to_vec();
                let e = pair.public().exponent().big_endian_without_leading_zero().to_vec();
                json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e) })
            }
            Self::Es256(pair, _) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) })
            }
            Self::EdDsa(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()) })
            }
        };
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(self.algorithm());
        jwk
    }

    /// A token over whatever it is given.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = match self {
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Self::Es256(pair, random) => pair.sign(random, message.as_bytes()).unwrap().as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// What the provider answers now.
#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    is_out: bool,
    /// What the discovery document says in the place of its own address.
    issuer: Option<String>,
    asked: u32,
}

/// An identity provider on this machine.
pub struct Issuer {
    pub url: String,
    published: Arc<Mutex<Published>>,
}

impl Issuer {
    /// A provider that publishes nothing yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let published = Arc::new(Mutex::new(Published::default()));
        let (told, base) = (Arc::clone(&published), url.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (told, base) = (Arc::clone(&told), base.clone());
                tokio::spawn(async move {
                    let mut bytes = [0; 4096];
                    let Ok(length) = stream.read(&mut bytes).await else { return };
                    let asked = String::from_utf8_lossy(&bytes[..length]).into_owned();
                    let answer = answer(&told.lock().unwrap_or_else(|broken| broken.into_inner()).told(&asked, &base));
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { url, published }
    }

    /// Publishes these keys and no others.
    pub fn publish(&self, keys: &[Value]) {
        self.change(|published| published.keys = keys.to_vec());
    }

    /// Is out of reach, or back.
    pub fn is_out(&self, is_out: bool) {
        self.change(|published| published.is_out = is_out);
    }

    /// Says to be somebody else.
    pub fn says_to_be(&self, issuer: &str) {
        self.change(|published| published.issuer = Some(issuer.to_owned()));
    }

    /// How often the keys were asked for.
    pub fn asked(&self) -> u32 {
        self.published.lock().unwrap().asked
    }

    fn change(&self, change: impl FnOnce(&mut Published)) {
        change(&mut self.published.lock().unwrap());
    }

    /// What a token of this provider for somebody says at the present.
    pub fn claims(&self, app: &TestApp, subject: &str) -> Value {
        let now = app.clock.now().as_second();
        json!({ "iss": self.url, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300,
                "jti": uuid::Uuid::now_v7() })
    }

    /// A token of this provider.
    pub fn token(&self, app: &TestApp, (signer, kid): (&Signer, &str), subject: &str) -> String {
        signer.sign(&json!({ "alg": signer.algorithm(), "kid": kid, "typ": "JWT" }), &self.claims(app, subject))
    }
}

impl Published {
    fn told(&mut self, asked: &str, base: &str) -> Option<Value> {
        if self.is_out {
            None
        } else if asked.starts_with("GET /.well-known/openid-configuration ") {
            let issuer = self.issuer.clone().unwrap_or_else(|| base.to_owned());
            Some(json!({ "issuer": issuer, "jwks_uri": format!("{base}/keys") }))
        } else if asked.starts_with("GET /keys ") {
            self.asked += 1;
            Some(json!({ "keys": self.keys }))
        } else {
            None
        }
    }
}

fn answer(body: &Option<Value>) -> String {
    let (status, body) = match body {
        Some(body) => ("200 OK", body.to_string()),
        None => ("503 Service Unavailable", String::new()),
    };
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// The client id that the provider gave to the members' app.
pub const AUDIENCE: &str = "members-app";

/// Hands an identity token in.
pub async fn exchange(app: &TestApp, id_token: &str, more: &str) -> Answer {
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token={id_token}\
         &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token{more}"
    );
    ask(app, &[], &form).boxed_local().await
}

/// The partner's administrator adds a member; gives the id and the code to hand in the first time.
pub async fn newcomer(app: &TestApp, who: &Persona, role: &str) -> (String, String) {
    let input = json!({ "name": "Newcomer", "roles": [{ "role": role }] });
    let made = done(app, who, "addMember", input, "invitationCode member { id }").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["member"]["id"]), text(&made["invitationCode"]))
}

/// Enters a provider, of the deployment or of one organization.
pub async fn add_provider(app: &TestApp, issuer: &str, organization: Option<uuid::Uuid>) -> uuid::Uuid {
    use passerelle::usecase::directory::{NewProvider, provider_add};
    let new = NewProvider {
        organization: organization.map(Into::into),
        name: "Provider".to_owned(),
        issuer: issuer.to_owned(),
        audience: AUDIENCE.to_owned(),
    };
    provider_add(&app.app, &new).await.unwrap()
}

/// The public identifier of an organization, for a form.
pub fn of_organization(key: uuid::Uuid) -> String {
    format!("&organization={}", gid(Kind::Organization, key))
}
