//! The taxonomy in editions: who endorsed one, and what local terms may look like.

use crate::domain::id::{AreaId, OrganizationId};
use crate::domain::organization::Translations;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest last part of a local term's code.
pub const LONGEST_NAME: usize = 40;

/// An edition of the standard terms. Terms are never deleted: a later edition retires them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Edition {
    pub code: String,
    pub labels: Translations,
    /// First day on which it is in force.
    pub valid_from: String,
    /// Last day, where a later one took its place.
    pub valid_to: Option<String>,
    pub endorsements: Vec<Endorsement>,
    /// When it was put in force, UTC microseconds; nothing while it waits for its first day.
    pub applied_at: Option<i64>,
    /// What takes the place of terms that it no longer has.
    pub crosswalk: Vec<Follows>,
}

/// A term of an edition that takes the place of an earlier one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Follows {
    pub from: String,
    pub to: String,
}

/// That a government body took an edition, and the procedures that go with it, as its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Endorsement {
    pub area_id: AreaId,
    pub organization_id: OrganizationId,
    /// The version of the standard operating procedures endorsed with it; empty when none was named.
    pub sop_version: String,
    /// UTC microseconds.
    pub endorsed_at: i64,
}

/// Whether the last part of a local term's code is of the form that all codes have: capitals, digits and `_`, beginning
/// with a capital, 40 signs at the most.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && name.len() <= LONGEST_NAME
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The code of a local term: that of the term above, its own name, and a mark of whose it is, so that two organizations
/// never meet over a name and none learns from a clash what another has.
#[must_use]
pub fn local_code(parent: &str, name: &str, whose: Uuid) -> String {
    let mark = whose.as_u128() & 0xffff_ffff;
    format!("{parent}.{name}-{mark:08X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_code_says_below_what_and_whose() {
        let code = local_code("ECO.IND.TVET", "SEWING", Uuid::from_u128(0xabc_1234_5678));
        assert_eq!(code, "ECO.IND.TVET.SEWING-12345678");
    }

    #[test]
    fn a_name_is_of_the_form_of_all_codes() {
        for (name, fits) in [("SEWING_2", true), ("", false), ("_X", false), ("Sewing", false), ("A.B", false)] {
            assert_eq!(is_name(name), fits, "{name}");
        }
        assert!(is_name(&"A".repeat(LONGEST_NAME)) && !is_name(&"A".repeat(LONGEST_NAME + 1)));
    }
}
