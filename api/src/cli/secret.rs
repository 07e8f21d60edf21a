//! Secrets come from files only. What is wrong with one is told without repeating any of it.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// The root of the demonstration's sealing keys. It is public, so that its data survives a restart, and a server in
/// production refuses it.
pub const DEMO_SEALING_ROOT: [u8; 32] = *b"passerelle demonstration: public";

/// The id of the demonstration's sealing key.
pub const DEMO_SEALING_KEY_ID: &str = "demo";

/// The id of the sealing key in production, until keys are rotated.
pub const SEALING_KEY_ID: &str = "k1";

/// The largest key file that is read, in bytes.
const MAX_BYTES: u64 = 16_384;

/// Reads a text file of keys.
///
/// # Errors
/// Why it can't be read, without a word of its contents.
pub fn read(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let facts = fs::metadata(path).map_err(|error| format!("{shown} can't be read ({})", error.kind()))?;
    if !facts.is_file() || facts.len() > MAX_BYTES {
        return Err(format!("{shown} is no key file"));
    }
    fs::read_to_string(path).map_err(|error| format!("{shown} can't be read ({})", error.kind()))
}

/// Reads a sealing root: 32 random bytes as 64 hexadecimal digits or as base64.
///
/// # Errors
/// It has another form, is weak, or belongs to the demonstration.
pub fn sealing_root(text: &str) -> Result<[u8; 32], &'static str> {
    let text = text.trim();
    let bytes = unhex(text).or_else(|| unbase64(text)).ok_or("holds neither 64 hexadecimal digits nor base64")?;
    let root: [u8; 32] = bytes.try_into().map_err(|_| "holds another number of bytes than 32")?;
    if root == DEMO_SEALING_ROOT {
        return Err("holds the demonstration's key, which everybody knows");
    }
    let mut seen = [false; 256];
    root.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    // Of 32 random bytes, fewer than 9 different ones come once in more than 10^30.
    if seen.iter().filter(|seen| **seen).count() < 9 {
        return Err("holds a key that is not random");
    }
    Ok(root)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter().find_map(|form| form.decode(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn both_forms_of_a_root_are_read() {
        let root: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 7).unwrap());
        for text in [hex(&root), hex(&root).to_uppercase(), STANDARD.encode(root), URL_SAFE_NO_PAD.encode(root)] {
            assert_eq!(sealing_root(&format!("  {text}\n")), Ok(root), "{text}");
        }
    }

    #[test]
    fn weak_short_and_known_roots_are_refused() {
        for bytes in [vec![7; 32], vec![0; 32], (0..31).collect(), (0..33).collect(), DEMO_SEALING_ROOT.to_vec()] {
            assert!(sealing_root(&hex(&bytes)).is_err(), "{bytes:?}");
            assert!(sealing_root(&STANDARD.encode(&bytes)).is_err(), "{bytes:?}");
        }
        assert!(sealing_root("").is_err());
        assert!(sealing_root("correct horse battery staple").is_err());
    }
}
