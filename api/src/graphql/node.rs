//! Refetching by public identifier.

use crate::domain::global_id;
use crate::graphql::activity::{Activity, CommunityNeed};
use crate::graphql::agreement::Agreement;
use crate::graphql::area::Area;
use crate::graphql::bulk::BulkJob;
use crate::graphql::case::{Case, CaseAlias, Consent, Goal, Need};
use crate::graphql::case_transfer::CaseTransfer;
use crate::graphql::consent::Redaction;
use crate::graphql::consent_override::ConsentOverride;
use crate::graphql::context::Here;
use crate::graphql::correction::ServiceCorrection;
use crate::graphql::direct_service::DirectService;
use crate::graphql::error::bad_input;
use crate::graphql::event::Event;
use crate::graphql::import_desk::ImportConflict;
use crate::graphql::import_run::ImportRun;
use crate::graphql::membership::{ClientApplication, Member};
use crate::graphql::organization::Organization;
use crate::graphql::person::Person;
use crate::graphql::plan::{Plan, PlanItem};
use crate::graphql::plan_proposal::PlanItemProposal;
use crate::graphql::program::Program;
use crate::graphql::referral::Referral;
use crate::graphql::revision::ServiceRevision;
use crate::graphql::service::Service;
use crate::graphql::service_parts::{Location, ServiceAtLocation};
use crate::graphql::viewer::Notification;
use crate::graphql::webhook::{WebhookDelivery, WebhookEndpoint};
use crate::usecase::node::{self, Found};
use async_graphql::{Context, ID, Interface, Object};

/// A thing that can be refetched by its public identifier.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The public identifier: opaque, typed, and stable for life."))]
pub enum Node {
    Organization(Organization),
    Program(Program),
    Area(Area),
    Service(Service),
    Case(Case),
    Need(Need),
    Goal(Goal),
    Consent(Consent),
    CaseAlias(CaseAlias),
    CaseTransfer(CaseTransfer),
    Plan(Plan),
    PlanItem(PlanItem),
    PlanItemProposal(PlanItemProposal),
    DirectService(DirectService),
    Activity(Activity),
    CommunityNeed(CommunityNeed),
    Referral(Referral),
    Person(Person),
    Agreement(Agreement),
    Redaction(Redaction),
    ConsentOverride(ConsentOverride),
    ServiceCorrection(ServiceCorrection),
    ServiceRevision(ServiceRevision),
    ImportRun(ImportRun),
    ImportConflict(ImportConflict),
    Event(Event),
    Notification(Notification),
    ServiceAtLocation(ServiceAtLocation),
    Location(Location),
    Member(Member),
    ClientApplication(ClientApplication),
    WebhookEndpoint(WebhookEndpoint),
    WebhookDelivery(WebhookDelivery),
    BulkJob(BulkJob),
}

impl Node {
    /// A thing that was found, as the schema shows it.
    pub fn of(found: Found) -> Self {
        match found {
            Found::Organization(it) => Self::Organization(Organization(it)),
            Found::Program(it) => Self::Program(Program(it)),
            Found::Area(it) => Self::Area(Area(it)),
            Found::Service(it) => Self::Service(Service(it)),
            Found::Case(it) => Self::Case(Case(it)),
            Found::Need(it) => Self::Need(Need(it)),
            Found::Goal(it) => Self::Goal(Goal(it)),
            Found::Consent(it) => Self::Consent(Consent(it)),
            Found::CaseAlias(it) => Self::CaseAlias(CaseAlias(it)),
            Found::CaseTransfer(it) => Self::CaseTransfer(CaseTransfer(it)),
            Found::Plan(it) => Self::Plan(Plan(it)),
            Found::PlanItem(it) => Self::PlanItem(PlanItem(it)),
            Found::PlanItemProposal(it) => Self::PlanItemProposal(PlanItemProposal(it)),
            Found::DirectService(it) => Self::DirectService(DirectService(it)),
            Found::Activity(it) => Self::Activity(Activity(it)),
            Found::CommunityNeed(it) => Self::CommunityNeed(CommunityNeed(it)),
            Found::Referral(it) => Self::Referral(Referral(it)),
            Found::Person(it) => Self::Person(Person::of(it)),
            Found::Agreement(it) => Self::Agreement(Agreement(it)),
            Found::Redaction(it) => Self::Redaction(it.into()),
            Found::ConsentOverride(it) => Self::ConsentOverride(ConsentOverride(it)),
            Found::ServiceRevision(it) => Self::ServiceRevision(ServiceRevision(it)),
            Found::ImportRun(it) => Self::ImportRun(ImportRun(it)),
            Found::ImportConflict(it) => Self::ImportConflict(ImportConflict(it)),
            Found::ServiceCorrection(it) => Self::ServiceCorrection(ServiceCorrection(it)),
            Found::Event(it) => Self::Event(Event(it)),
            Found::Notification(it) => Self::Notification(Notification(it)),
            Found::ServiceAtLocation(it) => Self::ServiceAtLocation((&it).into()),
            Found::Location(it) => Self::Location((&it).into()),
            Found::WebhookEndpoint(it) => Self::WebhookEndpoint(WebhookEndpoint(it)),
            Found::WebhookDelivery(it) => Self::WebhookDelivery(WebhookDelivery(it)),
            Found::Member(it) => Self::Member(Member(it)),
            Found::ClientApplication(it) => Self::ClientApplication(ClientApplication(it)),
            Found::BulkJob(it) => Self::BulkJob(BulkJob(it)),
        }
    }
}

/// The most identifiers `nodes` takes.
const MAX_IDS: usize = 100;

/// Queries that refetch.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with this public identifier; null for one that does not exist or is not yours to see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The public identifier.")] id: ID) -> Option<Node> {
        let found = node::find(ctx.app(), ctx.actor(), &[global_id::decode(&id)]).await;
        ctx.found(found.map(|mut found| found.pop().flatten())).map(Node::of)
    }

    /// The things with these public identifiers, 100 at the most, in the order asked for; null in the place of one that
    /// does not exist or is not yours to see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The public identifiers.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        if ids.len() > MAX_IDS {
            return Err(bad_input("Ask for 100 identifiers at the most."));
        }
        let keys: Vec<_> = ids.iter().map(|id| global_id::decode(id)).collect();
        let found = node::find(ctx.app(), ctx.actor(), &keys).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(found.into_iter().map(|found| found.map(Node::of)).collect())
    }
}
