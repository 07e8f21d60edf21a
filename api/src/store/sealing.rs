//! Sealing of texts about people before they are stored, and the index by which sealed values are found again.
//!
//! AES-256-GCM-SIV with a random nonce for each text: even a nonce that comes twice, after a restored backup say,
//! tells no more than that two equal texts in one place are equal. The place is authenticated along with the text.

use crate::domain::rule::Fault;
use crate::domain::sealed::{Private, Sealed};
use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use uuid::Uuid;

/// The first part of each sealed text: the version of its form.
const FORM: &str = "v1";
/// How many bytes a nonce has.
const NONCE_BYTES: usize = 12;
/// How many bytes of an index value are kept: 128 bits.
const INDEX_BYTES: usize = 16;
/// What parts the keys that are derived from one root.
const SEALING_LABEL: &[u8] = b"passerelle/v1/sealing";
const INDEX_LABEL: &[u8] = b"passerelle/v1/blind-index";
const HASH_LABEL: &[u8] = b"passerelle/v1/keyed-hash";

/// Where a sealed text is stored. A ciphertext that is moved to another place does not open there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The table's name.
    pub table: &'static str,
    /// The column's name.
    pub column: &'static str,
    /// The row's key.
    pub row: Uuid,
}

/// Why a text could not be sealed or opened. Tells nothing of the text or the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// A key id has other signs than ASCII letters, digits, `-` and `_`, or not 1 to 32 of them.
    #[error("a key id has 1 to 32 letters, digits, hyphens or underscores")]
    KeyId,
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system")]
    Randomness,
    /// The text was sealed under a key that is not at hand.
    #[error("the text was sealed under a key that is not at hand")]
    UnknownKey,
    /// What is stored is not the form of a sealed text.
    #[error("what is stored is no sealed text")]
    Malformed,
    /// The text was changed, or it belongs to another place.
    #[error("the sealed text was changed or belongs elsewhere")]
    Tampered,
    /// The cipher does not take the text: it is longer than 64 GiB.
    #[error("the text is too long to be sealed")]
    TooLong,
}

impl From<SealFault> for Fault {
    fn from(fault: SealFault) -> Self {
        match fault {
            SealFault::Randomness => Self::Randomness,
            other => Self::Sealing(other.to_string()),
        }
    }
}

/// Seals and opens texts. Has no `Debug`, so that keys do not end up in a log. Keys that are no longer active still
/// open what was sealed under them.
pub struct Sealer {
    active: String,
    ciphers: BTreeMap<String, Aes256GcmSiv>,
    index: [u8; 32],
}

impl Sealer {
    /// A sealer with one key, which is active. `root` has to be 32 random bytes; it is not kept itself.
    ///
    /// # Errors
    /// When `kid` is no key id.
    pub fn from_root(kid: &str, root: [u8; 32]) -> Result<Self, SealFault> {
        let cipher = cipher_of(kid, &root)?;
        let index = derived(&root, &[INDEX_LABEL]);
        Ok(Self { active: kid.to_owned(), ciphers: BTreeMap::from([(kid.to_owned(), cipher)]), index })
    }

    /// The same sealer with an older key that opens only. The active key stays as it is, even under the same id.
    ///
    /// # Errors
    /// When `kid` is no key id.
    pub fn with_retired(mut self, kid: &str, root: [u8; 32]) -> Result<Self, SealFault> {
        let cipher = cipher_of(kid, &root)?;
        self.ciphers.entry(kid.to_owned()).or_insert(cipher);
        Ok(self)
    }

    /// Seals a text for one place under the active key. The length of the text stays visible.
    ///
    /// # Errors
    /// When there is no randomness, or the text is longer than the cipher takes.
    pub fn seal(&self, place: Place, text: &str) -> Result<Sealed, SealFault> {
        let cipher = self.ciphers.get(&self.active).ok_or(SealFault::UnknownKey)?;
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| SealFault::Randomness)?;
        let aad = associated(&self.active, place);
        let payload = Payload { msg: text.as_bytes(), aad: &aad };
        let sealed = cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealFault::TooLong)?;
        let (nonce, sealed) = (URL_SAFE_NO_PAD.encode(nonce), URL_SAFE_NO_PAD.encode(sealed));
        Ok(Sealed::from_stored(format!("{FORM}.{}.{nonce}.{sealed}", self.active)))
    }

    /// Opens a text that was sealed for this place.
    ///
    /// # Errors
    /// When it is no sealed text, its key is not at hand, or it was changed or belongs to another place.
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Private<String>, SealFault> {
        let parts: Vec<&str> = sealed.as_stored().split('.').collect();
        let [FORM, kid, nonce, text] = parts[..] else { return Err(SealFault::Malformed) };
        let cipher = self.ciphers.get(kid).ok_or(SealFault::UnknownKey)?;
        let nonce = URL_SAFE_NO_PAD.decode(nonce).map_err(|_| SealFault::Malformed)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealFault::Malformed)?;
        let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealFault::Malformed)?;
        let payload = Payload { msg: &text, aad: &associated(kid, place) };
        let opened = cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealFault::Tampered)?;
        String::from_utf8(opened).map(Private::new).map_err(|_| SealFault::Malformed)
    }

    /// The index value by which a sealed value is found again: 32 hexadecimal digits, equal for values that differ
    /// only in case and in blanks at the ends. Values of different columns or organizations can't be compared. It
    /// changes with the active key, so that a change of key asks for a new index. Not for values of which there are
    /// only a few, as yes and no: their frequency would tell them.
    #[must_use]
    pub fn blind_index(&self, column: &'static str, organization: Uuid, value: &str) -> String {
        let key = derived(&self.index, &[column.as_bytes(), organization.as_bytes()]);
        let value = value.trim().to_lowercase();
        let digest = derived(&key, &[value.as_bytes()]);
        hex(&digest[..INDEX_BYTES])
    }

    /// What is kept of a secret in its place: 64 hexadecimal digits, from which without the key nobody can try out
    /// secrets, nor make a row for one of their own. `purpose` keeps secrets of one sort from being taken for another.
    #[must_use]
    pub fn keyed_hash(&self, purpose: &'static str, value: &str) -> String {
        let key = derived(&self.index, &[HASH_LABEL, purpose.as_bytes()]);
        hex(&derived(&key, &[value.as_bytes()]))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The cipher whose key is derived from a root.
fn cipher_of(kid: &str, root: &[u8; 32]) -> Result<Aes256GcmSiv, SealFault> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !(1..=32).contains(&kid.len()) || !kid.bytes().all(known) {
        return Err(SealFault::KeyId);
    }
    Ok(Aes256GcmSiv::new(&derived(root, &[SEALING_LABEL]).into()))
}

/// What is authenticated along with a text: the form, the key id and the place.
fn associated(kid: &str, place: Place) -> Vec<u8> {
    let parts =
        [FORM.as_bytes(), kid.as_bytes(), place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes()];
    framed(&parts)
}

/// HMAC-SHA-256 over parts, under a key.
fn derived(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a key up with zeros to one block of its hash; doing so here leaves no case that could fail.
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(&framed(parts));
    mac.finalize().into_bytes().into()
}

/// The parts in one row, each after its length, so that no two lists of parts look alike.
fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Uuid = Uuid::from_u128(0x11);
    const PLACE: Place = Place { table: "need", column: "notes", row: ROW };
    const TEXT: &str = "canary: أحمد has a café 🏠";

    fn sealer(kid: &str, byte: u8) -> Sealer {
        Sealer::from_root(kid, [byte; 32]).unwrap()
    }

    #[test]
    fn opens_what_it_sealed() {
        let sealer = sealer("k1", 7);
        for text in ["", " ", TEXT, &"long ".repeat(10_000)] {
            let sealed = sealer.seal(PLACE, text).unwrap();
            assert_eq!(sealer.open(PLACE, &sealed).unwrap().expose(), text);
            assert!(sealed.as_stored().starts_with("v1.k1."), "{}", sealed.as_stored());
            let stored = Sealed::from_stored(sealed.as_stored().to_owned());
            assert_eq!(sealer.open(PLACE, &stored).unwrap().into_inner(), text);
        }
    }

    #[test]
    fn two_seals_of_one_text_differ() {
        let sealer = sealer("k1", 7);
        assert!(sealer.seal(PLACE, TEXT).unwrap() != sealer.seal(PLACE, TEXT).unwrap());
    }

    #[test]
    fn opens_in_its_place_only() {
        let sealer = sealer("k1", 7);
        let sealed = sealer.seal(PLACE, TEXT).unwrap();
        for place in [
            Place { row: Uuid::from_u128(0x12), ..PLACE },
            Place { column: "title", ..PLACE },
            Place { table: "goal", ..PLACE },
            // The same signs, parted elsewhere.
            Place { table: "needn", column: "otes", row: ROW },
        ] {
            assert_eq!(sealer.open(place, &sealed), Err(SealFault::Tampered), "{place:?}");
        }
    }

    #[test]
    fn a_change_of_any_sign_is_noticed() {
        let sealer = sealer("k1", 7).with_retired("k2", [7; 32]).unwrap();
        let sealed = sealer.seal(PLACE, TEXT).unwrap();
        let stored = sealed.as_stored();
        for place in 0..stored.len() {
            let mut changed = stored.to_owned();
            let other = if &stored[place..=place] == "A" { "B" } else { "A" };
            changed.replace_range(place..=place, other);
            assert!(sealer.open(PLACE, &Sealed::from_stored(changed)).is_err(), "sign {place}");
            assert!(sealer.open(PLACE, &Sealed::from_stored(stored[..place].to_owned())).is_err(), "cut at {place}");
        }
        // The key id is authenticated, even where both ids have the same key.
        let renamed = Sealed::from_stored(stored.replacen(".k1.", ".k2.", 1));
        assert_eq!(sealer.open(PLACE, &renamed), Err(SealFault::Tampered));
    }

    #[test]
    fn what_is_no_sealed_text_is_told() {
        let sealer = sealer("k1", 7);
        for stored in ["", TEXT, "v1.k1", "v2.k1.AAAAAAAAAAAAAAAA.AAAA", "v1.k1.AAAA.AAAA", "v1.k1.AAAAAAAAAAAAAAAA.?"]
        {
            let opened = sealer.open(PLACE, &Sealed::from_stored(stored.to_owned()));
            assert_eq!(opened, Err(SealFault::Malformed), "{stored}");
        }
        let short = Sealed::from_stored("v1.k1.AAAAAAAAAAAAAAAA.AAAA".to_owned());
        assert_eq!(sealer.open(PLACE, &short), Err(SealFault::Tampered));
    }

    #[test]
    fn keys_are_told_apart_and_retired_ones_open_only() {
        let sealed = sealer("old", 7).seal(PLACE, TEXT).unwrap();
        assert_eq!(sealer("new", 7).open(PLACE, &sealed), Err(SealFault::UnknownKey));
        assert_eq!(sealer("old", 8).open(PLACE, &sealed), Err(SealFault::Tampered));
        let both = sealer("new", 8).with_retired("old", [7; 32]).unwrap();
        assert_eq!(both.open(PLACE, &sealed).unwrap().expose(), TEXT);
        assert!(both.seal(PLACE, TEXT).unwrap().as_stored().starts_with("v1.new."));
        for kid in ["", "a.b", "a b", "é", &"k".repeat(33)] {
            assert_eq!(Sealer::from_root(kid, [7; 32]).err(), Some(SealFault::KeyId), "{kid}");
        }
    }

    #[test]
    fn the_index_finds_equal_values_of_one_column_and_organization() {
        let sealer = sealer("k1", 7);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let index = sealer.blind_index("alias", one, "AB-12é");
        assert_eq!(index.len(), 32);
        assert!(index.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(index, sealer.blind_index("alias", one, "  ab-12É\n"));
        let different = [
            sealer.blind_index("alias", one, "AB-13é"),
            sealer.blind_index("alias", other, "AB-12é"),
            sealer.blind_index("phone", one, "AB-12é"),
            Sealer::from_root("k1", [8; 32]).unwrap().blind_index("alias", one, "AB-12é"),
        ];
        assert!(!different.contains(&index));
        // A known answer, computed apart from this code, so that stored index values stay good.
        assert_eq!(sealer.blind_index("alias", one, "known"), KNOWN_INDEX);
    }

    const KNOWN_INDEX: &str = "dc63bbe6bf91ad559b17ce8ff4579c1f";

    #[test]
    fn a_text_sealed_by_another_implementation_opens() {
        let stored = Sealed::from_stored(KNOWN_SEALED.to_owned());
        assert_eq!(sealer("k1", 7).open(PLACE, &stored).unwrap().expose(), "known");
    }

    /// Made by another implementation of the cipher.
    const KNOWN_SEALED: &str = "v1.k1.AAECAwQFBgcICQoL.sxgavi-WzTuCTEGJRJa2JAo3KK_g";

    #[test]
    fn the_canary_is_never_printed() {
        let sealer = sealer("k1", 7);
        let sealed = sealer.seal(PLACE, TEXT).unwrap();
        let opened = sealer.open(PLACE, &sealed);
        let failed = sealer.open(Place { table: "goal", ..PLACE }, &sealed);
        let printed = format!("{sealed:?} {opened:?} {failed:?} {:?}", Fault::from(SealFault::Tampered));
        assert!(!printed.contains("canary") && !printed.contains(sealed.as_stored()), "{printed}");
    }
}
