//! What one operation has read of persons, so that it is written down before the answer is sent.

use crate::domain::global_id::Kind;
use crate::domain::person::Compartment;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// The compartments that were opened, by the thing through which they were seen. It lives for one request.
#[derive(Debug, Default)]
pub struct Disclosed(Mutex<BTreeMap<(Kind, Uuid), BTreeSet<Compartment>>>);

/// What was read: through which things, and of which compartments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub subjects: Vec<(Kind, Uuid)>,
    pub compartments: Vec<Compartment>,
}

impl Disclosed {
    /// Notes that something of a compartment was opened.
    pub fn note(&self, subject: (Kind, Uuid), compartment: Compartment) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(subject).or_default().insert(compartment);
    }

    /// All that was opened; nothing when nothing was.
    #[must_use]
    pub fn reading(&self) -> Option<Reading> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let compartments: BTreeSet<Compartment> = noted.values().flatten().copied().collect();
        let subjects: Vec<_> = noted.keys().copied().collect();
        (!subjects.is_empty()).then(|| Reading { subjects, compartments: compartments.into_iter().collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_tells_each_thing_and_each_compartment_once() {
        let disclosed = Disclosed::default();
        assert_eq!(disclosed.reading(), None);
        let (case, referral) = ((Kind::Case, Uuid::from_u128(1)), (Kind::Referral, Uuid::from_u128(2)));
        for subject in [case, referral, case] {
            disclosed.note(subject, Compartment::Contact);
        }
        disclosed.note(case, Compartment::Identity);
        let reading = disclosed.reading().unwrap();
        assert_eq!(reading.subjects, [case, referral]);
        assert_eq!(reading.compartments, [Compartment::Identity, Compartment::Contact]);
    }
}
