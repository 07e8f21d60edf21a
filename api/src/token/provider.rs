//! The cryptography behind `jsonwebtoken`: Ed25519 through `ed25519-dalek`, nothing else.
//!
//! The key bytes handed over are the raw 32 bytes, private or public, never DER.

use std::sync::OnceLock;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // We publish our own key set; these utilities are refusals, not panics.
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ec_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ed_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        compute_digest: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
};

/// Makes this provider the process's own, once. False when some other code installed another
/// one before: then no keyring may be made, because we would not know what verifies.
pub(super) fn install() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| PROVIDER.install_default().is_ok())
}

struct Sign(SigningKey);

struct Verify(VerifyingKey);

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
        return Err(ErrorKind::UnsupportedAlgorithm.into());
    }
    let seed = <&[u8; 32]>::try_from(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Sign(SigningKey::from_bytes(seed))))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if *algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
        return Err(ErrorKind::UnsupportedAlgorithm.into());
    }
    let raw = <&[u8; 32]>::try_from(key.try_get_as_bytes()?).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    let key = VerifyingKey::from_bytes(raw).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Verify(key)))
}

impl Signer<Vec<u8>> for Sign {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

impl JwtSigner for Sign {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl Verifier<Vec<u8>> for Verify {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let signature = Signature::from_slice(signature).map_err(|_| Error::new())?;
        // The strict form refuses weak keys and the second, malleable spelling of a signature.
        self.0.verify_strict(message, &signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Verify {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_algorithm_is_refused() {
        let ed = EncodingKey::from_ed_der(&[7; 32]);
        let public = SigningKey::from_bytes(&[7; 32]).verifying_key();
        let ed_public = DecodingKey::from_ed_der(public.as_bytes());
        for algorithm in [
            Algorithm::HS256,
            Algorithm::HS384,
            Algorithm::HS512,
            Algorithm::ES256,
            Algorithm::ES384,
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ] {
            assert!(signer(&algorithm, &ed).is_err(), "{algorithm:?}");
            assert!(verifier(&algorithm, &ed_public).is_err(), "{algorithm:?}");
        }
        assert!(signer(&Algorithm::EdDSA, &EncodingKey::from_secret(&[7; 32])).is_err());
        assert!(verifier(&Algorithm::EdDSA, &DecodingKey::from_secret(&[7; 32])).is_err());
        assert!(signer(&Algorithm::EdDSA, &EncodingKey::from_ed_der(&[7; 48])).is_err());
        assert!(verifier(&Algorithm::EdDSA, &DecodingKey::from_ed_der(&[7; 31])).is_err());
        assert!(signer(&Algorithm::EdDSA, &ed).is_ok());
        assert!(verifier(&Algorithm::EdDSA, &ed_public).is_ok());
    }
}
