//! Documents known by their hash.

use crate::domain::id::ClientId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The most documents kept for one organization.
pub const MOST_KEPT: u32 = 1_000;
/// The most documents of a manifest.
pub const MOST_OF_A_MANIFEST: usize = 200;
/// The longest document, in bytes: what one request may have.
pub const LONGEST: usize = 16 * 1024;

/// What an application is bound to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Whether it may run nothing else.
    pub is_required: bool,
    /// The document that was asked for, where the manifest has it.
    pub document: Option<String>,
}

/// A manifest that somebody brings.
#[derive(Debug, Clone)]
pub struct Uploaded {
    pub client: ClientId,
    /// Whether the application may run nothing else from now on.
    pub is_required: bool,
    /// Its version after the upload.
    pub version: i32,
    /// The documents by their hash.
    pub documents: Vec<(String, String)>,
}

/// A manifest as it stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Standing {
    pub client: ClientId,
    pub is_required: bool,
    pub version: i32,
    pub documents: usize,
}

/// The hash of a document: SHA-256 in lower hexadecimal digits.
#[must_use]
pub fn hash_of(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text has the form of such a hash.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_specification() {
        // What `sha256sum` says of `{ __typename }`.
        assert!(is_hash(&hash_of("{ __typename }")));
        assert_eq!(hash_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert!(!is_hash(&hash_of("").to_uppercase()) && !is_hash("e3"));
    }
}
