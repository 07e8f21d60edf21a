//! The keys that a provider publishes (RFC 7517), those of them that we can use.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// The most keys of a set that are looked at.
const MOST_KEYS: usize = 100;

/// A provider's keys.
pub struct Keys(Vec<Key>);

/// One key, which verifies by one algorithm.
pub struct Key {
    kid: Option<String>,
    material: Material,
}

enum Material {
    /// RS256: modulus and exponent, big-endian.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// ES256: the uncompressed point.
    P256(Vec<u8>),
    /// EdDSA with Ed25519.
    Ed25519(Vec<u8>),
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

/// What of a key is read. A private part that somebody published by mistake is not looked at.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads a key set. Keys of other kinds, for other purposes, or that do not read, are left out; nothing where none is left.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let set: Set = serde_json::from_str(text).ok()?;
        let keys: Vec<Key> = set.keys.into_iter().take(MOST_KEYS).filter_map(read_key).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The key that a token names, if it verifies by the algorithm that the token names. A token that names none is checked
    /// by the only key of its algorithm.
    #[must_use]
    pub fn find(&self, kid: Option<&str>, algorithm: &str) -> Option<&Key> {
        let mut fitting = self.0.iter().filter(|key| key.algorithm() == algorithm);
        match kid {
            Some(kid) => fitting.find(|key| key.kid.as_deref() == Some(kid)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }
}

impl Key {
    fn algorithm(&self) -> &'static str {
        match self.material {
            Material::Rsa { .. } => "RS256",
            Material::P256(_) => "ES256",
            Material::Ed25519(_) => "EdDSA",
        }
    }

    /// Whether a signature of `message` is by this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.material {
            Material::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Material::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature),
            Material::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
        };
        verified.is_ok()
    }
}

fn read_key(value: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let to_verify = jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
        && jwk.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|one| one == "verify"));
    let bytes = |part: &Option<String>| URL_SAFE_NO_PAD.decode(part.as_deref()?).ok();
    let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => {
            let (n, e) = (bytes(&jwk.n)?, bytes(&jwk.e)?);
            // Leading zeros would be a second spelling; below 2048 bits a key is not believed.
            (n.len() >= 256 && n.first() != Some(&0) && e.first() != Some(&0)).then_some(Material::Rsa { n, e })?
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
            (x.len() == 32 && y.len() == 32).then(|| Material::P256([vec![4], x, y].concat()))?
        }
        ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&jwk.x).filter(|x| x.len() == 32)?),
        _ => return None,
    };
    let key = Key { kid: jwk.kid, material };
    (to_verify && jwk.alg.as_deref().is_none_or(|alg| alg == key.algorithm())).then_some(key)
}
