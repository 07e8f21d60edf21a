//! Texts of files that are not in UTF-8: found out, converted and told.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A file in UTF-8.
pub(super) struct Decoded<'a> {
    /// Its bytes without a byte order mark. A file that is UTF-8 but for a few rows keeps these rows as they are, so
    /// that each of them can be told.
    pub(super) bytes: Cow<'a, [u8]>,
    /// What it was encoded in, unless in UTF-8.
    pub(super) from: Option<&'static str>,
}

/// Brings a file to UTF-8, by its byte order mark or else by what its bytes look like.
pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None => (sixteen(bytes).unwrap_or(UTF_8), bytes),
    };
    if encoding != UTF_8 {
        return converted(encoding, bytes);
    }
    if std::str::from_utf8(bytes).is_ok() || is_utf8_with_faults(bytes) {
        return Decoded { bytes: Cow::Borrowed(bytes), from: None };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    converted(detector.guess(None, Utf8Detection::Deny), bytes)
}

fn converted<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { bytes: Cow::Owned(text.into_owned().into_bytes()), from: Some(encoding.name()) }
}

/// UTF-16 without a mark: of two bytes that stand for a Latin letter, a comma or a line's end, one is zero.
fn sixteen(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4096)];
    let zeros = |at: usize| start.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), start.len() / 2);
    if pairs < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    match (even * 10 > pairs * 3, odd * 10 > pairs * 3) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// Whether more signs beyond ASCII read than do not.
fn is_utf8_with_faults(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    sound > broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{WINDOWS_1252, WINDOWS_1256};

    const FRENCH: &str = "id,name,description\n1,Accueil des réfugiés,À côté de l’hôtel « Étoile », près du théâtre\n";
    const ARABIC: &str =
        "id,name,description\n1,مركز الاستقبال,يقدم المركز خدمات الإيواء والدعم النفسي للعائدين إلى البلاد\n";

    fn text(decoded: &Decoded<'_>) -> String {
        String::from_utf8(decoded.bytes.to_vec()).unwrap()
    }

    #[test]
    fn what_is_utf8_stays() {
        for bytes in [FRENCH.as_bytes().to_vec(), [b"\xEF\xBB\xBF", ARABIC.as_bytes()].concat()] {
            let decoded = decode(&bytes);
            assert!(decoded.from.is_none());
            assert!(bytes.ends_with(&decoded.bytes) && !decoded.bytes.starts_with(b"\xEF"));
        }
        let broken = [ARABIC.as_bytes(), b"2,\xC3\x28,x\n"].concat();
        assert!(decode(&broken).from.is_none(), "one broken row makes no other encoding");
    }

    #[test]
    fn other_encodings_are_found_out_and_converted() {
        let french = WINDOWS_1252.encode(FRENCH).0.into_owned();
        let decoded = decode(&french);
        assert_eq!((decoded.from, text(&decoded).as_str()), (Some("windows-1252"), FRENCH));
        let arabic = WINDOWS_1256.encode(ARABIC).0.into_owned();
        let decoded = decode(&arabic);
        assert_eq!((decoded.from, text(&decoded).as_str()), (Some("windows-1256"), ARABIC));
        for mark in [&[][..], &[0xFEFF][..]] {
            let units: Vec<u16> = mark.iter().copied().chain(ARABIC.encode_utf16()).collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            for (bytes, name) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
                let decoded = decode(&bytes);
                assert_eq!((decoded.from, text(&decoded).as_str()), (Some(name), ARABIC));
            }
        }
    }
}
