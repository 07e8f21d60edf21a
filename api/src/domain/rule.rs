//! The three kinds of no: a rule that the caller's input broke, a refusal, and a fault of ours.

use crate::domain::code::codes;
use crate::domain::global_id::Kind;
use crate::domain::referral::{Command, Status};
use uuid::Uuid;

codes! {
    /// What was wrong with an input. One list for all mutations.
    pub enum RuleCode {
        /// A value is missing.
        Required = "REQUIRED",
        /// A value is not of the form asked for.
        Invalid = "INVALID",
        /// A text is longer than allowed.
        TooLong = "TOO_LONG",
        /// There is no such thing, or it is not yours to see.
        NotFound = "NOT_FOUND",
        /// You may see this, but your roles or scopes do not allow the change.
        NotPermitted = "NOT_PERMITTED",
        /// The referral's state does not allow this now.
        WrongState = "WRONG_STATE",
        /// Somebody changed it since you read it.
        StaleVersion = "STALE_VERSION",
        /// It exists already.
        AlreadyExists = "ALREADY_EXISTS",
        /// No valid consent covers this purpose, receiver and fields.
        ConsentMissing = "CONSENT_MISSING",
        /// No place is free.
        CapacityTaken = "CAPACITY_TAKEN",
        /// The service was not confirmed in time, so it takes no referrals.
        ServiceStale = "SERVICE_STALE",
        /// The service is paused, retired, unclassified or takes no referrals.
        ServiceClosed = "SERVICE_CLOSED",
        /// Things are missing; all are named at once.
        Incomplete = "INCOMPLETE",
        /// An open referral for the same need and service exists.
        DuplicateReferral = "DUPLICATE_REFERRAL",
        /// The need is no longer open.
        NeedClosed = "NEED_CLOSED",
        /// The case is closed.
        CaseClosed = "CASE_CLOSED",
        /// Referrals of the case are still open.
        OpenReferrals = "OPEN_REFERRALS",
        /// This reason does not fit this step.
        ReasonNotAllowed = "REASON_NOT_ALLOWED",
        /// This choice needs a text.
        TextRequired = "TEXT_REQUIRED",
        /// An outcome is missing for a goal.
        OutcomeMissing = "OUTCOME_MISSING",
        /// A date is too early or too late.
        DateOutOfRange = "DATE_OUT_OF_RANGE",
        /// The same key came with another input.
        IdempotencyConflict = "IDEMPOTENCY_CONFLICT",
        /// The organization has no part in the program.
        NotInProgram = "NOT_IN_PROGRAM",
        /// Information was asked for as often as it may be for one referral.
        AskedTooOften = "ASKED_TOO_OFTEN",
        /// The service does not offer this, such as a waiting list or places held at sending.
        NotOfferedByService = "NOT_OFFERED_BY_SERVICE",
        /// The time in which this could be done has passed.
        TooLate = "TOO_LATE",
        /// There is no such active member in your organization, or their roles do not let them work on this referral.
        MemberUnsuitable = "MEMBER_UNSUITABLE",
        /// The person has not agreed to this plan.
        NotAgreed = "NOT_AGREED",
        /// Where this stands now does not allow the step.
        NotNow = "NOT_NOW",
        /// No agreement in force with the receiver allows these fields to be sent; they are named.
        AgreementMissing = "AGREEMENT_MISSING",
        /// The program's leading organization approves this before it is published: submit a draft.
        ReviewRequired = "REVIEW_REQUIRED",
        /// Nobody would be left who manages the organization's members and applications.
        LastAdministrator = "LAST_ADMINISTRATOR",
    }
}

/// More about a broken rule, where there is more to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Nothing more.
    None,
    /// The version that stands now.
    Version(i32),
    /// The state that stands now and what is possible from it for the caller.
    State { current: Status, possible: Vec<Command> },
    /// Everything that is missing, as codes.
    Missing(Vec<&'static str>),
    /// What exists already.
    Existing(Kind, Uuid),
}

/// A rule that the input broke: something the caller can put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub code: RuleCode,
    /// The path below `input`, list indices as digits.
    pub field: Vec<String>,
    pub detail: Detail,
}

impl Rule {
    /// A rule broken at one field; dots part the path.
    #[must_use]
    pub fn at(field: &str, code: RuleCode) -> Self {
        let field = field.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { code, field, detail: Detail::None }
    }

    /// The same with more to say.
    #[must_use]
    pub fn with(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }
}

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is known: a token is needed.
    Unauthenticated,
}

/// What no caller can mend. Logged once where it is handled, and masked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database did not do what it was asked.
    #[error("the database failed: {0}")]
    Store(String),
    /// A row breaks the rules it was stored under.
    #[error("row {1} of {0} is corrupt")]
    Corrupt(&'static str, Uuid),
    /// Sealed text can't be opened, or text can't be sealed.
    #[error("sealing failed: {0}")]
    Sealing(String),
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system")]
    Randomness,
    /// The database can't be had in time; trying again may work.
    #[error("the database is not available: {0}")]
    Unavailable(String),
}

/// The ways in which a use case does not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The input broke rules, in input order.
    Rules(Vec<Rule>),
    /// The caller is turned away.
    Refused(Refusal),
    /// Our fault.
    Fault(Fault),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Rule> for Failure {
    fn from(rule: Rule) -> Self {
        Self::Rules(vec![rule])
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What a use case answers.
pub type Outcome<T> = Result<T, Failure>;

/// The most broken rules that are told at once: a list of thousands that are all wrong is wrong ten times.
pub const MOST_TOLD: usize = 10;

/// Gathers broken rules so that all are told at once, [`MOST_TOLD`] at the most.
#[derive(Debug, Default)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Notes a rule broken at a field, unless `holds`.
    pub fn check(&mut self, holds: bool, field: &str, code: RuleCode) {
        if !holds && self.0.len() < MOST_TOLD {
            self.0.push(Rule::at(field, code));
        }
    }

    /// Notes a broken rule.
    pub fn add(&mut self, rule: Rule) {
        if self.0.len() < MOST_TOLD {
            self.0.push(rule);
        }
    }

    /// Notes a text that is blank where one is needed, or longer than `most` characters.
    pub fn text(&mut self, field: &str, text: &str, least: usize, most: usize) {
        let length = text.trim().chars().count();
        self.check(length >= least, field, RuleCode::Required);
        self.check(length <= most, field, RuleCode::TooLong);
        self.check(!text.contains('\0'), field, RuleCode::Invalid);
    }

    /// Nothing if no rule was broken.
    ///
    /// # Errors
    /// All broken rules.
    pub fn settle(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::Rules(self.0)) }
    }
}
