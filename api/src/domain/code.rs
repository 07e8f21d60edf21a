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
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::domain::code::Code>::from_code(&code)
                    .ok_or_else(|| serde::de::Error::custom(concat!("not a code of ", stringify!($name))))
            }
        }
    };
}
pub(crate) use codes;
