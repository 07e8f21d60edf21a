//! The domain's closed lists of codes as enums of the schema. Names and meanings come from the one place where a code
//! is declared.

use crate::domain::code::Code;
use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};
use async_graphql::resolver_utils::EnumItem;

/// The schema's items of a list of codes.
pub fn items<T: Code>() -> Vec<EnumItem<T>> {
    T::ALL.iter().map(|member| EnumItem { name: member.code(), value: *member }).collect()
}

/// Enters a list of codes into the schema.
pub fn enter<T: Code + async_graphql::InputType>(registry: &mut Registry, name: &str) -> String {
    registry.create_input_type::<T, _>(MetaTypeId::Enum, |_| {
        let values = T::ALL
            .iter()
            .map(|member| {
                let mut value = MetaEnumValue::new(member.code().to_owned());
                value.description = Some(member.meaning().trim().to_owned());
                (member.code().to_owned(), value)
            })
            .collect();
        EnumBuilder::new(name.to_owned(), values)
            .description(Some(T::MEANING.trim().to_owned()))
            .rust_typename(std::any::type_name::<T>())
            .build()
    })
}

/// Makes domain lists of codes enums of the schema.
macro_rules! code_enums {
    ($($type:ty => $name:literal),* $(,)?) => {$(
        impl async_graphql::resolver_utils::EnumType for $type {
            fn items() -> &'static [async_graphql::resolver_utils::EnumItem<Self>] {
                static ITEMS: std::sync::OnceLock<Vec<async_graphql::resolver_utils::EnumItem<$type>>> =
                    std::sync::OnceLock::new();
                ITEMS.get_or_init($crate::graphql::code_enum::items)
            }
        }

        impl async_graphql::InputType for $type {
            type RawValueType = Self;
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($name)
            }
            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                $crate::graphql::code_enum::enter::<Self>(registry, $name)
            }
            fn parse(value: Option<async_graphql::Value>) -> async_graphql::InputValueResult<Self> {
                async_graphql::resolver_utils::parse_enum(value.unwrap_or_default())
            }
            fn to_value(&self) -> async_graphql::Value {
                async_graphql::resolver_utils::enum_value(*self)
            }
            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }
        }

        impl async_graphql::OutputType for $type {
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($name)
            }
            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                $crate::graphql::code_enum::enter::<Self>(registry, $name)
            }
            async fn resolve(
                &self,
                _: &async_graphql::ContextSelectionSet<'_>,
                _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                Ok(async_graphql::resolver_utils::enum_value(*self))
            }
        }
    )*};
}

code_enums! {
    crate::domain::plan_proposal::PlanItemProposalStatus => "PlanItemProposalStatus",
    crate::domain::plan_proposal::PlanItemProposalDecline => "PlanItemProposalDecline",
    crate::domain::referral::chain::ReferralProposalStatus => "ReferralProposalStatus",
    crate::domain::change::ChangeSubject => "ChangeSubject",
    crate::domain::change::ChangeType => "ChangeType",
    crate::domain::change::Side => "ReferralSide",
    crate::domain::access::AccessBecause => "AccessBecause",
    crate::domain::actor::MemberRole => "MemberRole",
    crate::domain::actor::Scope => "Scope",
    crate::domain::agreement::AgreementKind => "AgreementKind",
    crate::domain::agreement::AgreementStatus => "AgreementStatus",
    crate::domain::bulk::BulkDirection => "BulkDirection",
    crate::domain::bulk::BulkError => "BulkError",
    crate::domain::bulk::BulkKind => "BulkKind",
    crate::domain::bulk::BulkPurpose => "BulkPurpose",
    crate::domain::bulk::BulkState => "BulkJobState",
    crate::domain::calendar::WeekDay => "WeekDay",
    crate::domain::case::AgeBand => "AgeBand",
    crate::domain::case::Assistance => "Assistance",
    crate::domain::case::Basis => "Basis",
    crate::domain::case::CaseStatus => "CaseStatus",
    crate::domain::case::CloseReason => "CloseReason",
    crate::domain::case::ConsentField => "ConsentField",
    crate::domain::case::ConsentMethod => "ConsentMethod",
    crate::domain::case::Delivery => "Delivery",
    crate::domain::case::HostLegalSituation => "HostLegalSituation",
    crate::domain::case::NeedStatus => "NeedStatus",
    crate::domain::case::Purpose => "Purpose",
    crate::domain::case::Remigration => "Remigration",
    crate::domain::case::ReturnInstrument => "ReturnInstrument",
    crate::domain::case::Sex => "Sex",
    crate::domain::case::Urgency => "Urgency",
    crate::domain::case::Voluntariness => "Voluntariness",
    crate::domain::case_transfer::CaseTransferDecline => "CaseTransferDecline",
    crate::domain::case_transfer::CaseTransferReason => "CaseTransferReason",
    crate::domain::case_transfer::CaseTransferStatus => "CaseTransferStatus",
    crate::domain::consent::ChildView => "ChildView",
    crate::domain::consent::ConsentPart => "ConsentPart",
    crate::domain::consent::GivenBy => "ConsentGivenBy",
    crate::domain::consent::GuardianRelation => "GuardianRelation",
    crate::domain::consent::OverrideBasis => "OverrideBasis",
    crate::domain::consent::OverrideVerdict => "OverrideVerdict",
    crate::domain::correction::CorrectionAbout => "CorrectionAbout",
    crate::domain::correction::CorrectionStatus => "CorrectionStatus",
    crate::domain::import_desk::ConflictSide => "ImportConflictSide",
    crate::domain::import_desk::WordDecision => "ImportWordDecision",
    crate::domain::import_run::ConflictCause => "ImportConflictCause",
    crate::domain::import_run::ConflictDecision => "ImportConflictDecision",
    crate::domain::import_run::RunStatus => "ImportRunStatus",
    crate::domain::import_run::RunDecision => "ImportDecision",
    crate::domain::import_run::Verdict => "ImportVerdict",
    crate::domain::criterion::CheckAnswer => "CheckAnswer",
    crate::domain::criterion::CriterionKind => "CriterionKind",
    crate::domain::freshness::FreshnessReason => "FreshnessReason",
    crate::domain::consent::RedactionCause => "RedactionCause",
    crate::domain::organization::OrganizationKind => "OrganizationKind",
    crate::domain::plan::AgreementMethod => "AgreementMethod",
    crate::domain::plan::DeclinedBy => "DeclinedBy",
    crate::domain::plan::PlanItemStatus => "PlanItemStatus",
    crate::domain::plan::PlanParticipant => "PlanParticipant",
    crate::domain::plan::PlanStatus => "PlanStatus",
    crate::domain::plan::PlanWarningCode => "PlanWarningCode",
    crate::domain::person::Compartment => "Compartment",
    crate::domain::person::VulnerabilityFlag => "VulnerabilityFlag",
    crate::domain::policy::Power => "Power",
    crate::domain::referral::Channel => "PersonChannel",
    crate::domain::referral::Command => "ReferralAction",
    crate::domain::referral::GoalResult => "GoalResult",
    crate::domain::referral::LoopMeaning => "LoopMeaning",
    crate::domain::referral::Party => "ReferralParty",
    crate::domain::referral::Reason => "ReferralReason",
    crate::domain::referral::Status => "ReferralStatus",
    crate::domain::referral::Verification => "Verification",
    crate::domain::referral::WaitingListRule => "WaitingListRule",
    crate::domain::light_contact::LightContactKind => "LightContactKind",
    crate::domain::light_contact::PassedDetail => "PassedDetail",
    crate::domain::referral::carried::ContactRestriction => "ContactRestriction",
    crate::domain::referral::carried::FollowUpChannel => "FollowUpChannel",
    crate::domain::referral::carried::FollowUpTopic => "FollowUpTopic",
    crate::domain::referral::carried::HelpSource => "HelpSource",
    crate::domain::referral::carried::HelpStanding => "HelpStanding",
    crate::domain::referral::course::ContestDecision => "ContestDecision",
    crate::domain::referral::course::DisputeAbout => "DisputeAbout",
    crate::domain::referral::course::DisputeDecision => "DisputeDecision",
    crate::domain::referral::course::VoidReason => "VoidReason",
    crate::domain::revision::RevisionState => "ServiceRevisionState",
    crate::domain::reasons::ReasonBreakdown => "ReferralReasonBreakdown",
    crate::domain::stuck::StuckFor => "StuckFor",
    crate::domain::envelope::CommandOutcome => "CommandOutcome",
    crate::domain::envelope::ParkedStatus => "ParkedCommandStatus",
    crate::domain::envelope::RowOutcome => "RowOutcome",
    crate::domain::rule::RuleCode => "UserErrorCode",
    crate::domain::service::ClosedBecause => "ClosedBecause",
    crate::domain::service::CostKind => "CostKind",
    crate::domain::service::Dimension => "Dimension",
    crate::domain::service::Level => "Level",
    crate::domain::service::LocationKind => "LocationKind",
    crate::domain::service::ReturnType => "ReturnType",
    crate::domain::service::ServiceStatus => "ServiceStatus",
    crate::domain::service::Visibility => "Visibility",
    crate::domain::stage::CaseStage => "CaseStage",
    crate::domain::unmet::Breakdown => "UnmetNeedBreakdown",
    crate::domain::webhook::answer::WebhookOutcome => "WebhookOutcome",
    crate::domain::webhook::endpoint::WebhookDeliveryState => "WebhookDeliveryState",
    crate::domain::webhook::endpoint::WebhookDisabledBecause => "WebhookDisabledBecause",
    crate::domain::webhook::endpoint::WebhookState => "WebhookState",
    crate::domain::webhook::signing::SigningKind => "WebhookSigning",
}
