//! How a no is told: rules as data in the payload, refusals and faults in the answer's errors with a closed code.

use crate::domain::code::Code;
use crate::domain::global_id;
use crate::domain::language::Language;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Detail, Fault, Refusal, Rule, RuleCode};
use crate::texts::Texts;
use async_graphql::{Error, ErrorExtensions, ID, Interface, SimpleObject};

/// Something the caller can put right. Several are told at once, in input order.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(
        name = "message",
        ty = "&String",
        desc = "What is wrong and what to do, in the language asked for. Never names a person."
    ),
    field(name = "code", ty = "&RuleCode", desc = "The stable code to program against."),
    field(
        name = "field",
        ty = "&Option<Vec<String>>",
        desc = "The path below `input`, list indices as digits; null when no one field is at fault."
    )
)]
pub enum UserError {
    Input(InputError),
    StaleVersion(StaleVersionError),
    WrongState(WrongStateError),
    Incomplete(IncompleteError),
    Duplicate(DuplicateError),
}

/// An input error with nothing more to say than its code.
#[derive(Debug, Clone, SimpleObject)]
pub struct InputError {
    /// What is wrong and what to do, in the language asked for. Never names a person.
    message: String,
    /// The stable code to program against.
    code: RuleCode,
    /// The path below `input`, list indices as digits.
    field: Option<Vec<String>>,
}

/// Somebody changed the object since you read it. Read it again, decide again.
#[derive(Debug, Clone, SimpleObject)]
pub struct StaleVersionError {
    /// What is wrong and what to do, in the language asked for. Never names a person.
    message: String,
    /// The stable code to program against.
    code: RuleCode,
    /// The path below `input`, list indices as digits.
    field: Option<Vec<String>>,
    /// The version that stands now.
    current_version: i32,
}

/// The referral's state does not allow this now.
#[derive(Debug, Clone, SimpleObject)]
pub struct WrongStateError {
    /// What is wrong and what to do, in the language asked for. Never names a person.
    message: String,
    /// The stable code to program against.
    code: RuleCode,
    /// The path below `input`, list indices as digits.
    field: Option<Vec<String>>,
    /// The state that stands now.
    current_status: Status,
    /// What you can do from it.
    possible: Vec<Command>,
}

/// Things are missing; all are named at once.
#[derive(Debug, Clone, SimpleObject)]
pub struct IncompleteError {
    /// What is wrong and what to do, in the language asked for. Never names a person.
    message: String,
    /// The stable code to program against.
    code: RuleCode,
    /// The path below `input`, list indices as digits.
    field: Option<Vec<String>>,
    /// What is missing, as codes.
    missing: Vec<String>,
}

/// It exists already.
#[derive(Debug, Clone, SimpleObject)]
pub struct DuplicateError {
    /// What is wrong and what to do, in the language asked for. Never names a person.
    message: String,
    /// The stable code to program against.
    code: RuleCode,
    /// The path below `input`, list indices as digits.
    field: Option<Vec<String>>,
    /// What exists, where you may see it.
    existing: ID,
}

impl UserError {
    /// A broken rule in a language.
    #[must_use]
    pub fn told(rule: &Rule, language: Language) -> Self {
        let (code, detail) = (rule.code, rule.detail.clone());
        let field = (!rule.field.is_empty()).then(|| rule.field.clone());
        let message = message(rule, language);
        match detail {
            Detail::None => Self::Input(InputError { message, code, field }),
            Detail::Version(current_version) => {
                Self::StaleVersion(StaleVersionError { message, code, field, current_version })
            }
            Detail::State { current, possible } => {
                Self::WrongState(WrongStateError { message, code, field, current_status: current, possible })
            }
            Detail::Missing(missing) => Self::Incomplete(IncompleteError {
                message,
                code,
                field,
                missing: missing.into_iter().map(str::to_owned).collect(),
            }),
            Detail::Existing(kind, key) => {
                Self::Duplicate(DuplicateError { message, code, field, existing: ID(global_id::encode(kind, key)) })
            }
        }
    }
}

fn message(rule: &Rule, language: Language) -> String {
    let told = |arguments: &[(&str, &str)]| Texts::global().error(language, rule.code.code(), arguments);
    match &rule.detail {
        Detail::Version(current) => told(&[("current", &current.to_string())]),
        Detail::State { current, possible } => {
            let possible = possible.iter().map(|command| command.mutation()).collect::<Vec<_>>().join(", ");
            told(&[("current", &label(language, "referral-status", current.code())), ("possible", &possible)])
        }
        Detail::Missing(missing) => told(&[("missing", &missing.join(", "))]),
        Detail::None | Detail::Existing(..) => told(&[]),
    }
}

/// The label of a code in a language.
#[must_use]
pub fn label(language: Language, set: &str, code: &str) -> String {
    Texts::global().label(language, set, code)
}

fn coded(code: &'static str, message: &str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// A refusal.
#[must_use]
pub fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unauthenticated => coded("UNAUTHENTICATED", "This needs a token."),
    }
}

/// A fault of ours, masked.
#[must_use]
pub fn broke(fault: &Fault) -> Error {
    match fault {
        Fault::Unavailable(_) => coded("UNAVAILABLE", "The server is busy. Try again shortly.")
            .extend_with(|_, extensions| extensions.set("retryAfterMs", 1000)),
        _ => coded("INTERNAL", "Something went wrong on our side. It has been noted under this request's id."),
    }
}

/// A wrong argument of a read.
#[must_use]
pub fn bad_input(message: &str) -> Error {
    coded("BAD_USER_INPUT", message)
}

/// Too many wrong guesses at case identifiers.
#[must_use]
pub fn budget_spent() -> Error {
    coded("RATE_LIMITED", "Too many identifiers that you can't see. Wait until the next hour.")
        .extend_with(|_, extensions| extensions.set("retryAfterMs", 3_600_000))
}

/// A cursor whose followers are no longer all kept.
#[must_use]
pub fn cursor_expired() -> Error {
    coded("CURSOR_EXPIRED", "What follows this cursor is no longer all kept; begin anew from `latestCursor`.")
}

/// A page size outside 0 to 100.
#[must_use]
pub fn page_size() -> Error {
    coded("PAGE_SIZE", "A page has 0 to 100 items; ask for `first` or `last`, not both.")
}
