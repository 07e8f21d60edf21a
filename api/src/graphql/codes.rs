//! The labels of codes, so that a client need not translate them itself.

use crate::domain::code::Code;
use crate::domain::{access, actor, case, organization, plan, referral, service, stage};
use crate::graphql::context::Here;
use crate::graphql::error::label;
use async_graphql::{Context, Enum, SimpleObject};

/// A closed list of codes that have labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CodeSet {
    /// Why somebody can see something of a case.
    AccessBecause,
    /// How a case ended.
    CloseReason,
    /// Where the work on a case stands.
    CaseStage,
    /// Whether a case is open.
    CaseStatus,
    /// What a consent can release.
    ConsentField,
    /// How a person must not be contacted.
    ContactRestriction,
    /// The dimensions of reintegration.
    Dimension,
    /// How far a goal was reached.
    GoalResult,
    /// What became of help that was asked for elsewhere.
    HelpStanding,
    /// The levels at which services work.
    Level,
    /// What members do in their organization.
    MemberRole,
    /// How a need stands.
    NeedStatus,
    /// What organizations are.
    OrganizationKind,
    /// How an item of a plan stands.
    PlanItemStatus,
    /// How a version of a plan stands.
    PlanStatus,
    /// Why a referral ended.
    ReferralReason,
    /// How a referral stands.
    ReferralStatus,
    /// How people returned, as services may restrict it.
    ReturnType,
    /// Whether a service is on offer.
    ServiceStatus,
    /// How soon help is needed.
    Urgency,
    /// Who sees a service.
    Visibility,
}

/// A code with its label.
#[derive(Debug, Clone, SimpleObject)]
pub struct CodeLabel {
    /// The stable code.
    pub code: &'static str,
    /// The label, in the request's language.
    pub label: String,
    /// What the code means, in English.
    pub meaning: &'static str,
}

fn labels<C: Code>(ctx: &Context<'_>, set: &str) -> Vec<CodeLabel> {
    let label = |code: &'static str| label(ctx.language(), set, code);
    C::ALL
        .iter()
        .map(|code| CodeLabel { code: code.code(), label: label(code.code()), meaning: code.meaning().trim() })
        .collect()
}

/// All codes of a list, in their order.
#[must_use]
pub fn code_labels(ctx: &Context<'_>, set: CodeSet) -> Vec<CodeLabel> {
    match set {
        CodeSet::AccessBecause => labels::<access::AccessBecause>(ctx, "access-because"),
        CodeSet::ConsentField => labels::<case::ConsentField>(ctx, "consent-field"),
        CodeSet::ContactRestriction => labels::<referral::carried::ContactRestriction>(ctx, "contact-restriction"),
        CodeSet::HelpStanding => labels::<referral::carried::HelpStanding>(ctx, "help-standing"),
        CodeSet::CloseReason => labels::<case::CloseReason>(ctx, "close-reason"),
        CodeSet::CaseStage => labels::<stage::CaseStage>(ctx, "case-stage"),
        CodeSet::CaseStatus => labels::<case::CaseStatus>(ctx, "case-status"),
        CodeSet::Dimension => labels::<service::Dimension>(ctx, "dimension"),
        CodeSet::GoalResult => labels::<referral::GoalResult>(ctx, "goal-result"),
        CodeSet::Level => labels::<service::Level>(ctx, "level"),
        CodeSet::MemberRole => labels::<actor::MemberRole>(ctx, "member-role"),
        CodeSet::NeedStatus => labels::<case::NeedStatus>(ctx, "need-status"),
        CodeSet::OrganizationKind => labels::<organization::OrganizationKind>(ctx, "organization-kind"),
        CodeSet::PlanItemStatus => labels::<plan::PlanItemStatus>(ctx, "plan-item-status"),
        CodeSet::PlanStatus => labels::<plan::PlanStatus>(ctx, "plan-status"),
        CodeSet::ReferralReason => labels::<referral::Reason>(ctx, "reason"),
        CodeSet::ReferralStatus => labels::<referral::Status>(ctx, "referral-status"),
        CodeSet::ReturnType => labels::<service::ReturnType>(ctx, "return-type"),
        CodeSet::ServiceStatus => labels::<service::ServiceStatus>(ctx, "service-status"),
        CodeSet::Urgency => labels::<case::Urgency>(ctx, "urgency"),
        CodeSet::Visibility => labels::<service::Visibility>(ctx, "visibility"),
    }
}
