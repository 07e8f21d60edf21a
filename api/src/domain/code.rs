//! Closed lists of codes. A code is written once, with its meaning; the API's enums, the database's texts and the
//! documentation are made from that one place.

/// A closed list of codes.
pub trait Code: Copy + Eq + Sized + 'static {
    /// All members, in the order they are told.
    const ALL: &'static [Self];
    /// What the list is about.
    const MEANING: &'static str;
    /// The code as stored and as sent.
    fn code(self) -> &'static str;
    /// What this member means.
    fn meaning(self) -> &'static str;
    /// The member with this code, or nothing.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|member| member.code() == code)
    }
}

/// Reads a code without keeping its text.
pub struct Reading<C>(pub std::marker::PhantomData<C>);

impl<C: Code> serde::de::Visitor<'_> for Reading<C> {
    type Value = C;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a code of: {}", C::MEANING.trim())
    }

    fn visit_str<E: serde::de::Error>(self, code: &str) -> Result<C, E> {
        C::from_code(code).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Other("another text"), &self))
    }
}

/// Declares a closed list of codes: an enum whose documentation comments are its public meaning.
macro_rules! codes {
    ($(#[doc = $about:literal])* pub enum $name:ident { $($(#[doc = $meaning:literal])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $meaning])* $variant),* }

        impl $crate::domain::code::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            const MEANING: &'static str = concat!($($about),*);
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),*)),* }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::domain::code::Code::code(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::domain::code::Reading(std::marker::PhantomData))
            }
        }

        impl Default for $name {
            /// The first of the list: it stands where the code was not asked for.
            fn default() -> Self {
                <Self as $crate::domain::code::Code>::ALL[0]
            }
        }
    };
}
pub(crate) use codes;
