//! Reading inputs: public identifiers to keys, with the rule at its field when one is wrong.

use crate::domain::global_id::Kind;
use crate::domain::rule::{Failure, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::graphql::scalar::key;
use async_graphql::ID;
use uuid::Uuid;

/// Reads the fields of one input and gathers what is wrong with them.
#[derive(Default)]
pub struct Reader(Rules);

impl Reader {
    /// The key behind an identifier of this kind.
    pub fn key<T: From<Uuid>>(&mut self, field: &str, kind: Kind, id: &ID) -> T {
        let found = key(kind, id);
        self.0.check(found.is_some(), field, RuleCode::Invalid);
        found.unwrap_or_default().into()
    }

    /// The key behind an identifier that may be absent.
    pub fn optional<T: From<Uuid>>(&mut self, field: &str, kind: Kind, id: Option<&ID>) -> Option<T> {
        id.map(|id| self.key(field, kind, id))
    }

    /// The keys behind a list of identifiers, 100 at the most.
    pub fn keys<T: From<Uuid>>(&mut self, field: &str, kind: Kind, ids: &[ID]) -> Vec<T> {
        self.0.check(ids.len() <= 100, field, RuleCode::TooLong);
        ids.iter().enumerate().map(|(at, id)| self.key(&format!("{field}.{at}"), kind, id)).collect()
    }

    /// That something holds of a field.
    pub fn check(&mut self, holds: bool, field: &str, code: RuleCode) {
        self.0.check(holds, field, code);
    }

    /// What was read, if nothing was wrong.
    ///
    /// # Errors
    /// All that was wrong, in input order.
    pub fn settle<T>(self, read: T) -> Result<T, Failure> {
        self.0.settle().map(|()| read)
    }
}

/// The values of a filter's list, each once: so a list of codes is never longer than the codes there are.
#[must_use]
pub fn distinct<T: Ord>(values: Option<Vec<T>>) -> Vec<T> {
    let mut values = values.unwrap_or_default();
    values.sort_unstable();
    values.dedup();
    values
}

/// A text about a person, from here on unprintable.
#[must_use]
pub fn private(text: Option<String>) -> Option<Private<String>> {
    text.filter(|text| !text.trim().is_empty()).map(Private::new)
}
