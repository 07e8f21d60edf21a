//! Places in the one order of all changes, and the cursors by which they are told.

use crate::domain::id::OrganizationId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A place in the order: a change has one, and between any two there is nothing that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub sequence: i64,
    /// Several things may change at once; they are told in the order of their keys.
    pub subject: Uuid,
}

impl Place {
    /// Behind everything that has this number.
    #[must_use]
    pub fn behind(sequence: i64) -> Self {
        Self { sequence, subject: Uuid::max() }
    }
}

/// The format of a cursor.
const FORMAT: u8 = 1;
/// Bytes of the part by which a cursor is known to be one, and of which organization.
const MARK: usize = 8;

/// Writes a cursor, which every transport takes: opaque, and of one organization.
#[must_use]
pub fn cursor(organization: OrganizationId, place: Place) -> String {
    let mut bytes = Vec::with_capacity(25 + MARK);
    bytes.push(FORMAT);
    bytes.extend_from_slice(&place.sequence.to_be_bytes());
    bytes.extend_from_slice(place.subject.as_bytes());
    let mark = mark(organization, &bytes);
    bytes.extend_from_slice(&mark);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor of an organization; nothing for any other text.
#[must_use]
pub fn read_cursor(organization: OrganizationId, text: &str) -> Option<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (said, told) = bytes.split_at_checked(25)?;
    if said[0] != FORMAT || told != mark(organization, said) {
        return None;
    }
    let sequence = i64::from_be_bytes(said[1..9].try_into().ok()?);
    (sequence >= 0).then_some(Place { sequence, subject: Uuid::from_slice(&said[9..]).ok()? })
}

fn mark(organization: OrganizationId, said: &[u8]) -> [u8; MARK] {
    let mut digest = Sha256::new();
    digest.update(b"passerelle.change.cursor");
    digest.update(Uuid::from(organization).as_bytes());
    digest.update(said);
    let mut mark = [0; MARK];
    mark.copy_from_slice(&digest.finalize()[..MARK]);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_for_its_organization_only() {
        let (own, other) = (OrganizationId::from(Uuid::from_u128(1)), OrganizationId::from(Uuid::from_u128(2)));
        let place = Place { sequence: 1 << 40, subject: Uuid::from_u128(7) };
        let text = cursor(own, place);
        assert!(text.len() <= 44, "it goes into a close reason of 123 bytes");
        assert_eq!(read_cursor(own, &text), Some(place));
        assert_eq!(read_cursor(other, &text), None);
        for broken in ["", "AQ", "not base64!", &text[1..], &text.to_ascii_lowercase(), &format!("{text}AA")] {
            assert_eq!(read_cursor(own, broken), None, "{broken}");
        }
        let negative = cursor(own, Place { sequence: -1, ..place });
        assert_eq!(read_cursor(own, &negative), None);
    }

    #[test]
    fn behind_a_number_is_behind_all_that_have_it() {
        assert!(Place { sequence: 3, subject: Uuid::from_u128(u128::MAX - 1) } < Place::behind(3));
        assert!(Place::behind(3) < Place { sequence: 4, subject: Uuid::nil() });
    }
}
