//! The commands that a device may queue.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::referral::Command;
use crate::domain::rule::{Outcome, RuleCode};
use crate::usecase::Ask;
use crate::usecase::case::{RecordConsent, record_consent};
use crate::usecase::referral::{self, Complete, Create, Decline, ReportProgress, Start, Which};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use uuid::Uuid;

/// A command with what it was decided on.
#[derive(Debug, Clone)]
pub enum Queued {
    Acknowledge(Which),
    Accept(Which, Option<String>),
    Decline(Decline),
    Start(Start),
    Progress(ReportProgress),
    Complete(Complete),
    Create(Box<Create>),
    RecordConsent(Box<RecordConsent>),
}

impl Queued {
    /// The mutation that does the same at once.
    #[must_use]
    pub fn mutation(&self) -> &'static str {
        match self {
            Self::Acknowledge(_) => "acknowledgeReferral",
            Self::Accept(..) => "acceptReferral",
            Self::Decline(_) => "declineReferral",
            Self::Start(_) => "startReferralService",
            Self::Progress(_) => "reportReferralProgress",
            Self::Complete(_) => "completeReferral",
            Self::Create(_) => "createReferral",
            Self::RecordConsent(_) => "recordConsent",
        }
    }

    /// What it is about, and in which version that was seen.
    #[must_use]
    pub fn subject(&self) -> ((Kind, Uuid), Option<i32>) {
        match self {
            Self::Acknowledge(which) | Self::Accept(which, _) => about(which),
            Self::Decline(it) => about(&it.which),
            Self::Start(it) => about(&it.which),
            Self::Progress(it) => about(&it.which),
            Self::Complete(it) => about(&it.which),
            Self::Create(it) => ((Kind::Case, it.case.into()), None),
            Self::RecordConsent(it) => ((Kind::Case, it.case.into()), Some(it.expected_version)),
        }
    }

    /// The command of the machine.
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        match self {
            Self::Acknowledge(_) => Some(Command::Acknowledge),
            Self::Accept(..) => Some(Command::Accept),
            Self::Decline(_) => Some(Command::Decline),
            Self::Start(_) => Some(Command::Start),
            Self::Progress(_) => Some(Command::ReportProgress),
            Self::Complete(_) => Some(Command::Complete),
            Self::Create(_) | Self::RecordConsent(_) => None,
        }
    }

    /// Whether it says what happened, which stays true whatever others did meanwhile; the rest decides on what was seen.
    #[must_use]
    pub fn is_fact(&self) -> bool {
        matches!(self, Self::Acknowledge(_) | Self::Start(_) | Self::Progress(_))
    }

    /// Whether a rule's code means that somebody must choose anew.
    #[must_use]
    pub fn needs_a_choice(code: RuleCode) -> bool {
        matches!(
            code,
            RuleCode::CapacityTaken | RuleCode::ServiceClosed | RuleCode::ServiceStale | RuleCode::ConsentMissing
        )
    }

    /// Whether a rule's code means that somebody acted first.
    #[must_use]
    pub fn is_settled_by(code: RuleCode) -> bool {
        matches!(code, RuleCode::DuplicateReferral | RuleCode::NeedClosed | RuleCode::CaseClosed)
    }

    /// The same on another version of what it is about.
    #[must_use]
    pub fn on(mut self, version: i32) -> Self {
        match &mut self {
            Self::Acknowledge(which) | Self::Accept(which, _) => which.expected_version = version,
            Self::Decline(it) => it.which.expected_version = version,
            Self::Start(it) => it.which.expected_version = version,
            Self::Progress(it) => it.which.expected_version = version,
            Self::Complete(it) => it.which.expected_version = version,
            Self::Create(_) => {}
            Self::RecordConsent(it) => it.expected_version = version,
        }
        self
    }

    /// Does it, as its mutation does; tells what it is about.
    ///
    /// # Errors
    /// Those of the mutation.
    pub fn run<'a>(self, app: &'a App, ask: Ask<'a>) -> BoxFuture<'a, Outcome<(Kind, Uuid)>> {
        async move {
            let id = match self {
                Self::Acknowledge(which) => referral::acknowledge(app, ask, which).boxed().await?,
                Self::Accept(which, end) => referral::accept(app, ask, which, end).boxed().await?,
                Self::Decline(it) => referral::decline(app, ask, it).boxed().await?,
                Self::Start(it) => referral::start(app, ask, it).boxed().await?,
                Self::Progress(it) => referral::report_progress(app, ask, it).boxed().await?,
                Self::Complete(it) => referral::complete(app, ask, it).boxed().await?,
                Self::Create(it) => referral::create(app, ask, *it).boxed().await?,
                Self::RecordConsent(it) => {
                    let (case, _) = record_consent(app, ask, *it).boxed().await?;
                    return Ok((Kind::Case, case.into()));
                }
            };
            Ok((Kind::Referral, id.into()))
        }
        .boxed()
    }
}

fn about(which: &Which) -> ((Kind, Uuid), Option<i32>) {
    ((Kind::Referral, which.referral.into()), Some(which.expected_version))
}
