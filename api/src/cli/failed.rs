//! How a command ends when it does not do what it was asked, and what the person is told.

use crate::domain::code::Code;
use crate::domain::language::Language;
use crate::domain::rule::{Failure, Fault, Rule};
use crate::store::door::OpenError;
use crate::texts::Texts;

/// What the exit code means. Documented in the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The arguments or the configuration do not hold.
    Configuration,
    /// The database can't be used as it is.
    Database,
    /// Something else listens at the address.
    Occupied,
    /// What was handed in breaks rules.
    Refused,
    /// Our fault.
    Broken,
}

impl Ending {
    /// The exit code: 1 our fault, 2 configuration, 3 database, 4 address in use, 5 refused input.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Broken => 1,
            Self::Configuration => 2,
            Self::Database => 3,
            Self::Occupied => 4,
            Self::Refused => 5,
        }
    }
}

/// A command that failed: what it means, and one sentence for each thing to put right. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub ending: Ending,
    pub sentences: Vec<String>,
}

impl Failed {
    /// With one sentence.
    #[must_use]
    pub fn with(ending: Ending, sentence: impl Into<String>) -> Self {
        Self { ending, sentences: vec![sentence.into()] }
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(_) | Fault::Corrupt(..) | Fault::Unavailable(_) => {
                Self::with(Ending::Database, format!("{fault}."))
            }
            Fault::Sealing(_) | Fault::Randomness => Self::with(Ending::Broken, format!("{fault}.")),
        }
    }
}

impl From<OpenError> for Failed {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Address => Self::with(
                Ending::Configuration,
                "--database must be sqlite:PATH or postgres://USER@HOST/NAME; put it right and start again.",
            ),
            OpenError::Locked => Self::with(Ending::Database, "Another program holds the database file; end it first."),
            OpenError::Engine(_) => {
                Self::with(Ending::Database, format!("{error}; check that it exists and that you may use it."))
            }
        }
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rules(rules) => Self { ending: Ending::Refused, sentences: rules.iter().map(told).collect() },
            Failure::Refused(_) => Self::with(Ending::Refused, "This is not allowed."),
            Failure::Fault(fault) => fault.into(),
        }
    }
}

/// A broken rule at the argument it belongs to.
fn told(rule: &Rule) -> String {
    let text = Texts::global().error(Language::En, rule.code.code(), &[]);
    match rule.field.first() {
        // A row of a table that was handed in: its line and column.
        Some(field) if field == "rows" => format!("{}: {text} ({})", rule.field.join("."), rule.code.code()),
        Some(field) => format!("--{}: {text} ({})", flag(field), rule.code.code()),
        None => format!("{text} ({})", rule.code.code()),
    }
}

/// The argument that a field of an input comes from: `validFrom` is `--valid-from`, `scopes` is `--scope`.
fn flag(field: &str) -> String {
    let mut flag = String::with_capacity(field.len() + 2);
    for letter in field.chars() {
        if letter.is_ascii_uppercase() {
            flag.push('-');
        }
        flag.push(letter.to_ascii_lowercase());
    }
    flag.strip_suffix('s').map_or(flag.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::RuleCode;

    #[test]
    fn a_broken_rule_names_the_argument() {
        let rules = vec![Rule::at("validFrom", RuleCode::Invalid), Rule::at("scopes", RuleCode::Required)];
        let failed = Failed::from(Failure::Rules(rules));
        assert_eq!(failed.ending.exit_code(), 5);
        assert!(failed.sentences[0].starts_with("--valid-from: "), "{:?}", failed.sentences);
        assert!(failed.sentences[1].starts_with("--scope: "), "{:?}", failed.sentences);
    }
}
