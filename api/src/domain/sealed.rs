//! Texts about people: sealed where they are stored, private where they are in memory.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The encrypted form of a text about a person, as stored: `v1.<key id>.<nonce>.<ciphertext>`, the last two in
/// base64url. Whether it can be opened is found out when it is opened. It has no `Display`, and its `Debug` tells
/// nothing, so that it does not end up in a log. In JSON it is its stored form, for rows that are kept as JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Takes the form read from storage as it is.
    #[must_use]
    pub fn from_stored(stored: String) -> Self {
        Self(stored)
    }

    /// The form to store.
    #[must_use]
    pub fn as_stored(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sealed(..)")
    }
}

/// A plain value about a person, in memory. It can't be printed or written to JSON by accident: it has no `Display`
/// and no `Serialize`, and its `Debug` tells nothing. Who needs the value has to say `expose` or `into_inner`, which
/// a reader of the code can search for.
#[derive(Clone, PartialEq, Eq)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Makes a value private.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, to look at.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value, to take away.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Private(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::marker::PhantomData;

    /// Tells at compile time whether a type has a trait: the inherent constant hides the trait's where the bound holds.
    struct Prints<T>(PhantomData<T>);
    struct Serializes<T>(PhantomData<T>);
    trait Otherwise {
        const HOLDS: bool = false;
    }
    impl<T> Otherwise for Prints<T> {}
    impl<T> Otherwise for Serializes<T> {}
    impl<T: fmt::Display> Prints<T> {
        const HOLDS: bool = true;
    }
    impl<T: Serialize> Serializes<T> {
        const HOLDS: bool = true;
    }

    #[test]
    fn nothing_prints_and_only_the_sealed_form_serializes() {
        assert_eq!(
            [Prints::<String>::HOLDS, Prints::<Private<String>>::HOLDS, Prints::<Sealed>::HOLDS],
            [true, false, false]
        );
        let serializes = [Serializes::<Private<String>>::HOLDS, Serializes::<Sealed>::HOLDS];
        assert_eq!(serializes, [false, true]);
    }

    #[test]
    fn debug_tells_nothing() {
        let canary = "canary-5e1f".to_owned();
        let private = Private::new(canary.clone());
        let printed = format!("{:?} {:#?} {:?}", private, Some(&private), Sealed::from_stored(canary.clone()));
        assert!(!printed.contains("canary"), "{printed}");
        assert_eq!(private.expose(), &canary);
        assert_eq!(private.into_inner(), canary);
    }
}
