//! The interpreter: the schema's types, inputs and payloads. A resolver is three lines: who asks, the use case, the
//! payload.

pub mod access;
pub mod activity;
pub mod activity_mutation;
pub mod agreement;
pub mod agreement_input;
pub mod agreement_mutation;
pub mod area;
pub mod asked;
pub mod batch;
pub mod bulk;
mod bulk_commands;
pub mod bulk_input;
pub mod bulk_mutation;
pub mod bulk_rows;
pub mod case;
pub mod case_input;
pub mod case_mutation;
pub mod case_transfer;
pub mod case_transfer_mutation;
pub mod casework;
pub mod casework_input;
pub mod category;
pub mod change;
pub mod clock_input;
pub mod clock_mutation;
pub mod code_enum;
pub mod codes;
pub mod consent;
pub mod consent_mutation;
pub mod consent_override;
pub mod consent_record;
pub mod context;
pub mod correction;
pub mod cost;
pub mod coverage;
pub mod criterion;
pub mod direct_service;
pub mod directory_query;
pub mod document_manifest;
pub mod envelope;
pub mod error;
pub mod event;
pub mod figures;
pub mod freshness;
pub mod import_desk;
pub mod import_run;
pub mod input;
pub mod light_contact;
pub mod listing;
mod listing_input;
pub mod loader;
pub mod membership;
pub mod membership_input;
pub mod membership_mutation;
pub mod node;
pub mod notification_mutation;
pub mod organization;
mod pacing;
pub mod paging;
pub mod parked;
pub mod payload;
pub mod person;
pub mod person_mutation;
pub mod plan;
pub mod plan_input;
pub mod plan_mutation;
pub mod plan_proposal;
pub mod program;
pub mod rate_limit;
pub mod referral;
pub mod referral_chain;
pub mod referral_chain_mutation;
mod referral_course;
pub mod referral_decision;
pub mod referral_decision_input;
pub mod referral_decision_mutation;
pub mod referral_delivery_input;
pub mod referral_delivery_mutation;
pub mod referral_details;
pub mod referral_figures;
pub mod referral_input;
pub mod referral_mutation;
pub mod referral_overview;
pub mod referral_parts;
pub mod referral_query;
pub mod referral_review_input;
pub mod referral_sending;
pub mod revision;
pub mod scalar;
pub mod schedule;
pub mod service;
pub mod service_entry;
pub mod service_facets;
pub mod service_filter;
pub mod service_input;
pub mod service_mutation;
pub mod service_page;
pub mod service_parts;
pub mod service_search;
pub mod service_truth;
pub mod subscription;
pub mod taxonomy;
pub mod text;
pub mod unmet;
pub mod viewer;
pub mod webhook;
pub mod webhook_input;
pub mod webhook_mutation;

use crate::app::App;
use async_graphql::{MergedObject, Schema, SchemaBuilder};
pub use context::{BeginUntil, REPLAYED, RequestInfo, TokenUntil};
pub use loader::Loaders;
pub use rate_limit::Charged;
use std::sync::Arc;
use subscription::Following;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQuery,
    directory_query::DirectoryQuery,
    case_mutation::CaseQuery,
    case_transfer_mutation::CaseTransferQuery,
    consent_mutation::ConsentQuery,
    consent_override::ConsentOverrideQuery,
    consent_record::ConsentRecordQuery,
    referral_query::ReferralQuery,
    agreement_mutation::AgreementQuery,
    node::NodeQuery,
    access::AccessQuery,
    activity::ActivityQuery,
    figures::FigureQuery,
    referral_overview::ReferralOverviewQuery,
    clock_mutation::ClockQuery,
    criterion::EligibilityQuery,
    correction::CorrectionQuery,
    import_run::ImportRunQuery,
    import_desk::ImportDeskQuery,
    revision::RevisionQuery,
    taxonomy::TaxonomyQuery,
    unmet::UnmetQuery,
    referral_figures::ReferralFigureQuery,
    change::ChangeQuery,
    webhook_mutation::WebhookQuery,
    membership_mutation::MembershipQuery,
    rate_limit::RateLimitQuery,
    parked::ParkedQuery,
    bulk_mutation::BulkQuery,
);

/// What can be done. Each mutation is one command; its payload tells what the caller can put right.
#[derive(MergedObject, Default)]
pub struct Mutation(
    service_mutation::ServiceMutation,
    case_mutation::CaseMutation,
    case_transfer_mutation::CaseTransferMutation,
    consent_mutation::ConsentMutation,
    consent_override::ConsentOverrideMutation,
    referral_mutation::ReferralMutation,
    notification_mutation::NotificationMutation,
    referral_decision_mutation::ReferralDecisionMutation,
    referral_chain_mutation::ReferralChainMutation,
    referral_delivery_mutation::ReferralDeliveryMutation,
    light_contact::LightContactMutation,
    plan_mutation::PlanMutation,
    plan_proposal::PlanProposalMutation,
    activity_mutation::ActivityMutation,
    person_mutation::PersonMutation,
    agreement_mutation::AgreementMutation,
    clock_mutation::ClockMutation,
    correction::CorrectionMutation,
    import_run::ImportRunMutation,
    import_desk::ImportDeskMutation,
    revision::RevisionMutation,
    service_truth::ServiceTruthMutation,
    taxonomy::TaxonomyMutation,
    webhook_mutation::WebhookMutation,
    membership_mutation::MembershipMutation,
    document_manifest::DocumentManifestMutation,
    batch::BatchMutation,
    envelope::EnvelopeMutation,
    parked::ParkedMutation,
    bulk_mutation::BulkMutation,
);

/// The executable schema.
pub type Api = Schema<Query, Mutation, Following>;

fn builder() -> SchemaBuilder<Query, Mutation, Following> {
    Schema::build(Query::default(), Mutation::default(), Following).disable_suggestions()
}

/// The schema over a running server's parts.
#[must_use]
pub fn api(app: Arc<App>) -> Api {
    builder().data(app).finish()
}

/// The contract: the schema as sorted text.
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    cost::annotated(&builder().finish().sdl_with_options(options))
}
