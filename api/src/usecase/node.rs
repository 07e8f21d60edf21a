//! Refetching things by their public identifiers, each through the scoped read of its kind.

use crate::app::App;
use crate::domain::activity::{Activity, CommunityNeed};
use crate::domain::actor::Actor;
use crate::domain::agreement::Agreement;
use crate::domain::area::Area;
use crate::domain::bulk::BulkJob;
use crate::domain::case::{Case, CaseAlias, Consent, Goal, Need};
use crate::domain::case_transfer::CaseTransfer;
use crate::domain::consent::{ConsentOverride, Redaction};
use crate::domain::correction::ServiceCorrection;
use crate::domain::directory::Notification;
use crate::domain::event::Event;
use crate::domain::global_id::Kind;
use crate::domain::import_desk::PublisherConflict;
use crate::domain::import_run::PublisherRun;
use crate::domain::membership::{Client, Member};
use crate::domain::organization::{Organization, Program};
use crate::domain::person::Person;
use crate::domain::plan::{Casework, DirectService, Plan, PlanItem};
use crate::domain::plan_proposal::PlanItemProposal;
use crate::domain::policy::Sight;
use crate::domain::referral::Referral;
use crate::domain::revision::ServiceRevision;
use crate::domain::rule::Fault;
use crate::domain::service::{Location, Service, ServiceAtLocation};
use crate::domain::webhook::endpoint::{Delivery, Endpoint};
use crate::usecase::consent::oversight_of;
use crate::usecase::{bulk, correction, import, membership, revision, webhook};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

/// A thing that was found.
#[derive(Clone)]
pub enum Found {
    Organization(Arc<Organization>),
    Program(Arc<Program>),
    Area(Arc<Area>),
    Service(Arc<Service>),
    Case(Arc<Case>),
    Need(Arc<Need>),
    Goal(Goal),
    Consent(Arc<Consent>),
    CaseAlias(CaseAlias),
    CaseTransfer(Arc<CaseTransfer>),
    Plan(Arc<Plan>),
    PlanItem(Arc<PlanItem>),
    PlanItemProposal(Arc<PlanItemProposal>),
    DirectService(Arc<DirectService>),
    Activity(Arc<Activity>),
    CommunityNeed(Arc<CommunityNeed>),
    Referral(Arc<Referral>),
    Person(Arc<Person>),
    Agreement(Arc<Agreement>),
    Redaction(Redaction),
    ConsentOverride(Arc<ConsentOverride>),
    ServiceCorrection(Arc<ServiceCorrection>),
    ServiceRevision(Arc<ServiceRevision>),
    ImportRun(Arc<PublisherRun>),
    ImportConflict(Arc<PublisherConflict>),
    Event(Arc<Event>),
    Notification(Arc<Notification>),
    ServiceAtLocation(ServiceAtLocation),
    Location(Location),
    WebhookEndpoint(Arc<Endpoint>),
    WebhookDelivery(Arc<Delivery>),
    Member(Arc<Member>),
    ClientApplication(Arc<Client>),
    BulkJob(Arc<BulkJob>),
}

/// Finds things in the order asked for; nothing for what does not exist or is not the asker's to see. One statement for
/// each kind, two for what hangs on a case.
///
/// # Errors
/// What the engine refuses.
pub async fn find(app: &App, actor: &Actor, ids: &[Option<(Kind, Uuid)>]) -> Result<Vec<Option<Found>>, Fault> {
    let mut by_kind: HashMap<Kind, Vec<Uuid>> = HashMap::new();
    for (kind, key) in ids.iter().flatten() {
        match by_kind.entry(*kind) {
            Entry::Occupied(mut keys) => keys.get_mut().push(*key),
            Entry::Vacant(place) => drop(place.insert(vec![*key])),
        }
    }
    let sight = Sight::of(actor);
    let mut found: HashMap<(Kind, Uuid), Found> = HashMap::new();
    for (kind, keys) in by_kind {
        for (key, thing) in of_kind(app, actor, &sight, kind, &keys).await? {
            found.insert((kind, key), thing);
        }
    }
    Ok(ids.iter().map(|id| id.and_then(|id| found.get(&id).cloned())).collect())
}

async fn of_kind(
    app: &App,
    actor: &Actor,
    sight: &Sight,
    kind: Kind,
    keys: &[Uuid],
) -> Result<Vec<(Uuid, Found)>, Fault> {
    let store = &app.store;
    let known = sight.organization.is_some();
    Ok(match kind {
        Kind::Organization => told(store.organizations_by_id(&ids(keys)).await?, Found::Organization),
        Kind::Area => told(store.areas_by_id(&ids(keys)).await?, Found::Area),
        Kind::Service => told(store.services_by_id(sight, &ids(keys)).await?, Found::Service),
        Kind::Case if known => told(store.cases_by_id(sight, &ids(keys)).await?, Found::Case),
        Kind::Referral if known => told(store.referrals_by_id(sight, &ids(keys)).await?, Found::Referral),
        Kind::Event if known => told(store.events_by_id(sight, &ids(keys)).await?, Found::Event),
        Kind::Agreement if known => told(store.agreements_by_id(sight, &ids(keys)).await?, Found::Agreement),
        Kind::CaseTransfer if known => told(store.transfers_by_id(sight, &ids(keys)).await?, Found::CaseTransfer),
        Kind::PlanItemProposal if known => {
            told(store.item_proposals_by_id(sight, &ids(keys)).await?, Found::PlanItemProposal)
        }
        Kind::Need | Kind::Goal | Kind::Consent | Kind::CaseAlias | Kind::Person if known => {
            of_case(app, sight, kind, keys).await?
        }
        Kind::Plan | Kind::PlanItem | Kind::DirectService if known => of_work(app, sight, kind, keys).await?,
        Kind::Activity if known => told(store.activities_by_id(&ids(keys)).await?, Found::Activity),
        Kind::CommunityNeed if known => told(store.community_needs_by_id(&ids(keys)).await?, Found::CommunityNeed),
        Kind::Redaction if known => {
            let found = store.redactions_by_id(sight, keys).await?;
            found.into_iter().map(|found| (found.id.into(), Found::Redaction(found))).collect()
        }
        Kind::ConsentOverride if known => overrides(app, actor, keys).await?,
        Kind::ServiceCorrection | Kind::ServiceRevision | Kind::ImportRun | Kind::ImportConflict if known => {
            of_directory(app, actor, kind, keys).await?
        }
        Kind::WebhookEndpoint | Kind::WebhookDelivery if known => of_webhooks(app, actor, kind, keys).await?,
        Kind::BulkJob if known => {
            let found = bulk::jobs_by_id(app, actor, keys).await?;
            found.into_iter().map(|it| (it.id.into(), Found::BulkJob(Arc::new(it)))).collect()
        }
        Kind::Program if known => own_programs(app, sight, keys).await?,
        Kind::Notification if known => own_notifications(app, sight, keys).await?,
        Kind::ServiceAtLocation | Kind::Location => places(app, sight, kind, keys).await?,
        Kind::Member | Kind::ClientApplication if known => own_access(app, actor, kind, keys).await?,
        _ => Vec::new(),
    })
}

/// Endpoints of webhooks and what was told there, for those who manage them.
async fn of_webhooks(app: &App, actor: &Actor, kind: Kind, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let Some(own) = webhook::managed(actor) else { return Ok(Vec::new()) };
    if kind == Kind::WebhookEndpoint {
        return Ok(told(app.store.webhook_endpoints_by_id(own, &ids(keys)).await?, Found::WebhookEndpoint));
    }
    let found = app.store.webhook_deliveries_by_id(own, &ids(keys)).await?;
    Ok(found.into_iter().map(|it| (it.id.into(), Found::WebhookDelivery(Arc::new(it)))).collect())
}

/// What is said of entries, and entries before they are published.
async fn of_directory(app: &App, actor: &Actor, kind: Kind, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    if kind == Kind::ServiceCorrection {
        let Some(sight) = correction::sight_of(actor) else { return Ok(Vec::new()) };
        let found = app.store.corrections_by_id(&sight, keys).await?;
        return Ok(found.into_iter().map(|it| (it.id.into(), Found::ServiceCorrection(Arc::new(it)))).collect());
    }
    if kind == Kind::ImportConflict {
        let Some(sight) = import::sight_of(actor) else { return Ok(Vec::new()) };
        let found = app.store.publisher_conflicts_by_id(sight, keys).await?;
        return Ok(found.into_iter().map(|it| (it.id.into(), Found::ImportConflict(Arc::new(it)))).collect());
    }
    if kind == Kind::ImportRun {
        let Some(sight) = import::sight_of(actor) else { return Ok(Vec::new()) };
        let found = app.store.publisher_runs_by_id(sight, keys).await?;
        return Ok(found.into_iter().map(|it| (it.id.into(), Found::ImportRun(Arc::new(it)))).collect());
    }
    let Some(sight) = revision::sight_of(actor) else { return Ok(Vec::new()) };
    let found = app.store.revisions_by_id(&sight, keys).await?;
    Ok(found.into_iter().map(|it| (it.id.into(), Found::ServiceRevision(Arc::new(it)))).collect())
}

async fn overrides(app: &App, actor: &Actor, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let Some(oversight) = oversight_of(actor) else { return Ok(Vec::new()) };
    let found = app.store.overrides_by_id(&oversight, keys).await?;
    Ok(found.into_iter().map(|found| (found.id.into(), Found::ConsentOverride(Arc::new(found)))).collect())
}

fn ids<T: From<Uuid>>(keys: &[Uuid]) -> Vec<T> {
    keys.iter().copied().map(T::from).collect()
}

fn told<K: Into<Uuid>, V>(found: HashMap<K, V>, wrap: impl Fn(Arc<V>) -> Found) -> Vec<(Uuid, Found)> {
    found.into_iter().map(|(key, thing)| (key.into(), wrap(Arc::new(thing)))).collect()
}

async fn of_case(app: &App, sight: &Sight, kind: Kind, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let owners = app.store.cases_of(kind, keys).await?;
    let mut cases: Vec<_> = owners.values().copied().collect();
    cases.sort_unstable();
    cases.dedup();
    let seen = app.store.cases_by_id(sight, &cases).await?;
    let find = |key: Uuid| seen.get(owners.get(&key)?).and_then(|case| part(case, kind, key));
    Ok(keys.iter().filter_map(|key| find(*key).map(|thing| (*key, thing))).collect())
}

fn part(case: &Case, kind: Kind, key: Uuid) -> Option<Found> {
    match kind {
        Kind::Need => case.needs.iter().find(|need| Uuid::from(need.id) == key).cloned().map(Arc::new).map(Found::Need),
        Kind::Goal => {
            let goals = case.needs.iter().flat_map(|need| &need.goals);
            goals.into_iter().find(|goal| Uuid::from(goal.id) == key).cloned().map(Found::Goal)
        }
        Kind::Consent => {
            let found = case.consents.iter().find(|consent| Uuid::from(consent.id) == key);
            found.cloned().map(Arc::new).map(Found::Consent)
        }
        Kind::CaseAlias => case.aliases.iter().find(|alias| Uuid::from(alias.id) == key).cloned().map(Found::CaseAlias),
        Kind::Person => {
            case.person.clone().filter(|person| Uuid::from(person.id) == key).map(Arc::new).map(Found::Person)
        }
        _ => None,
    }
}

/// What belongs to the holder's work on a case is seen by its holder.
async fn of_work(app: &App, sight: &Sight, kind: Kind, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let owners = app.store.cases_of(kind, keys).await?;
    let mut cases: Vec<_> = owners.values().copied().collect();
    cases.sort_unstable();
    cases.dedup();
    let seen = app.store.casework(sight, &cases).await?;
    let find = |key: Uuid| seen.get(owners.get(&key)?).and_then(|work| done(work, kind, key));
    Ok(keys.iter().filter_map(|key| find(*key).map(|thing| (*key, thing))).collect())
}

fn done(work: &Casework, kind: Kind, key: Uuid) -> Option<Found> {
    match kind {
        Kind::Plan => {
            let found = work.plans.iter().find(|plan| Uuid::from(plan.id) == key);
            found.cloned().map(Arc::new).map(Found::Plan)
        }
        Kind::PlanItem => {
            let mut items = work.plans.iter().flat_map(|plan| &plan.items);
            items.find(|item| Uuid::from(item.id) == key).cloned().map(Arc::new).map(Found::PlanItem)
        }
        Kind::DirectService => {
            let found = work.direct_services.iter().find(|service| Uuid::from(service.id) == key);
            found.cloned().map(Arc::new).map(Found::DirectService)
        }
        _ => None,
    }
}

/// Places are seen through the services that are given there.
async fn places(app: &App, sight: &Sight, kind: Kind, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let services = app.store.services_at(kind, keys).await?;
    let seen = app.store.services_by_id(sight, &services).await?;
    let places = seen.into_values().flat_map(|service| service.places);
    let found = places.filter_map(|place| match kind {
        Kind::Location => Some((place.location.id.into(), Found::Location(place.location))),
        Kind::ServiceAtLocation => Some((place.id.into(), Found::ServiceAtLocation(place))),
        _ => None,
    });
    Ok(found.filter(|(key, _)| keys.contains(key)).collect())
}

/// Members and applications are told to themselves and to the administrators of their organization.
async fn own_access(app: &App, actor: &Actor, kind: Kind, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    Ok(match kind {
        Kind::Member => told(membership::members_by_id(app, actor, keys).await?, Found::Member),
        _ => told(membership::clients_by_id(app, actor, keys).await?, Found::ClientApplication),
    })
}

async fn own_programs(app: &App, sight: &Sight, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let Some(organization) = sight.organization else { return Ok(Vec::new()) };
    let programs = app.store.programs_of(organization).await?;
    let wanted = programs.into_iter().filter(|program| keys.contains(&program.id.into()));
    Ok(wanted.map(|program| (program.id.into(), Found::Program(Arc::new(program)))).collect())
}

async fn own_notifications(app: &App, sight: &Sight, keys: &[Uuid]) -> Result<Vec<(Uuid, Found)>, Fault> {
    let found = app.store.notifications_by_id(sight, keys).await?;
    Ok(found.into_iter().map(|told| (told.id.into(), Found::Notification(Arc::new(told)))).collect())
}
