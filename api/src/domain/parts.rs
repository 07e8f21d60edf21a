//! Which parts of a thing are asked for, so that only these are read from the database and made into JSON.

use std::collections::BTreeMap;

/// The parts of a thing by the names of its fields. What is not among them is left at its default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Parts {
    /// All of it.
    #[default]
    All,
    /// Only these fields, and of each only these parts.
    Only(BTreeMap<&'static str, Parts>),
    /// All of it, but of these fields only these parts, or nothing. For those who decide by what they read: a field that
    /// is new to them is there.
    AllBut(BTreeMap<&'static str, Parts>),
}

impl Parts {
    /// Nothing of it.
    #[must_use]
    pub fn none() -> Self {
        Self::Only(BTreeMap::new())
    }

    /// All of the fields at the end of these paths.
    #[must_use]
    pub fn at(paths: &[&[&'static str]]) -> Self {
        let mut parts = Self::none();
        for path in paths {
            parts.add(path, Self::All);
        }
        parts
    }

    /// All but these fields, of which there are only parts or nothing.
    #[must_use]
    pub fn all_but(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::AllBut(fields.into_iter().collect())
    }

    /// Asks for `inside` of the field at the end of a path, beside what is asked for already.
    pub fn add(&mut self, path: &[&'static str], inside: Self) {
        match (path.split_first(), &mut *self) {
            (_, Self::All) => {}
            (_, Self::AllBut(_)) => *self = Self::All,
            (Some((first, rest)), Self::Only(fields)) => {
                fields.entry(first).or_insert_with(Self::none).add(rest, inside);
            }
            (None, Self::Only(fields)) => match inside {
                Self::All | Self::AllBut(_) => *self = Self::All,
                Self::Only(more) => {
                    for (field, parts) in more {
                        fields.entry(field).or_insert_with(Self::none).add(&[], parts);
                    }
                }
            },
        }
    }

    /// Whether any of a field is asked for.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.of(field).is_some()
    }

    /// Which parts of a field are asked for; nothing when it is not.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&Self> {
        match self {
            Self::All => Some(&Self::All),
            Self::Only(fields) => fields.get(field),
            Self::AllBut(fields) => match fields.get(field) {
                None => Some(&Self::All),
                Some(Self::Only(parts)) if parts.is_empty() => None,
                Some(parts) => Some(parts),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined() {
        let mut parts = Parts::at(&[&["service", "places"], &["reason"]]);
        parts.add(&["service"], Parts::at(&[&["name"]]));
        assert_eq!(parts, Parts::at(&[&["reason"], &["service", "name"], &["service", "places"]]));
        assert_eq!(parts.of("service").map(|service| (service.has("name"), service.has("areas"))), Some((true, false)));
        parts.add(&["service"], Parts::All);
        assert_eq!(parts, Parts::at(&[&["reason"], &["service"]]));
        assert!(parts.of("service").is_some_and(|service| service.has("areas")));
        parts.add(&[], Parts::All);
        assert!(parts.has("anything"));
    }

    #[test]
    fn all_but_some_leaves_out_just_these() {
        let parts = Parts::all_but([("text", Parts::none()), ("sender", Parts::at(&[&["id"]]))]);
        assert!(parts.has("status") && !parts.has("text"));
        assert!(parts.of("sender").is_some_and(|sender| sender.has("id") && !sender.has("name")));
    }

    #[test]
    fn a_field_that_is_not_asked_for_is_told_apart_from_one_asked_for_in_part() {
        let mut parts = Parts::none();
        assert!(!parts.has("sender"));
        parts.add(&["sender"], Parts::none());
        assert!(parts.has("sender"));
        assert!(parts.of("sender").is_some_and(|sender| !sender.has("name")));
    }
}
