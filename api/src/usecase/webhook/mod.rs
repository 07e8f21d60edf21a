//! Webhooks: administrators say where their organization is told of changes; whatever they do the others are told. What
//! is to be told is planned and sent by every node.

mod change;
mod courier;
mod create;
mod deliver;
mod failing;
mod gap;
mod read;
mod replay;
mod rotate;
mod states;

pub use change::{Change, change};
pub use courier::{Courier, Pace, Round};
pub use create::{Create, create};
pub use failing::forget_old;
pub use read::{DeliveryFilter, deliveries, delivery, endpoint, endpoints, managed, samples, secret};
pub use replay::{Range, replay_one, replay_range, send_test};
pub use rotate::{Rotate, rotate};
pub use states::{delete, pause, resume};

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::change::ChangeSubject;
use crate::domain::global_id::Kind;
use crate::domain::id::{OrganizationId, WebhookEndpointId};
use crate::domain::notice::Notice;
use crate::domain::policy::Power;
use crate::domain::rule::{Detail, Failure, Fault, Rule, RuleCode, Rules};
use crate::domain::sealed::Sealed;
use crate::domain::webhook::endpoint::Endpoint;
use crate::domain::webhook::payload::is_offered;
use crate::domain::webhook::signing::{Key, SigningKind};
use crate::domain::webhook::target::{Target, Unfit, may_connect};
use crate::store::ledger::Happening;
use crate::store::sealing::Place;
use crate::store::webhooks::NewKey;
use crate::usecase::work::{Work, fresh};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which endpoint, in which version.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    pub endpoint: WebhookEndpointId,
    pub expected_version: i32,
}

/// An endpoint and the key that was made for it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Keyed {
    pub endpoint: WebhookEndpointId,
    pub key: Uuid,
}

/// The endpoint that the asker may change for their organization, locked.
///
/// # Errors
/// NOT_FOUND for whom does not manage webhooks, as for one that does not exist; STALE_VERSION.
async fn chosen(work: &Work<'_>, which: Which) -> Result<Endpoint, Failure> {
    let endpoint = at_hand(work, which.endpoint).await?;
    fresh(which.expected_version, endpoint.version)?;
    Ok(endpoint)
}

/// The same, whatever its version.
async fn at_hand(work: &Work<'_>, id: WebhookEndpointId) -> Result<Endpoint, Failure> {
    let unknown = || Rule::at("endpointId", RuleCode::NotFound);
    work.needs(Power::ManageWebhooks, None, "endpointId").map_err(|_| unknown())?;
    let found = work.tx.webhook_endpoint(work.deed.organization, id).await?;
    Ok(found.ok_or_else(unknown)?)
}

/// That a change was made to the version that was read.
fn made(was_made: bool, endpoint: &Endpoint) -> Result<(), Failure> {
    if was_made {
        Ok(())
    } else {
        let newer = Detail::Version(endpoint.version + 1);
        Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(newer).into())
    }
}

/// What an organization's administrators are told.
fn administrators(organization: OrganizationId) -> Notice {
    Notice { role: Some(MemberRole::Administrator), ..Notice::to(organization) }
}

/// Writes down what was done with an endpoint; the organization's administrators are told, whoever did it.
async fn record(work: &Work<'_>, id: WebhookEndpointId, version: i32) -> Result<(), Fault> {
    work.record(&Happening {
        notify: vec![administrators(work.deed.organization)],
        ..Happening::to((Kind::WebhookEndpoint, id.into()), "ADMINISTRATOR", version)
    })
    .await
}

/// What is wrong with an address, a description or topics.
async fn check(app: &App, url: &str, description: &str, asked: &[ChangeSubject]) -> Result<(), Failure> {
    let mut rules = Rules::default();
    match Target::read(url, app.egress.reach) {
        Err(Unfit::TooLong) => rules.check(false, "url", RuleCode::TooLong),
        Err(_) => rules.check(false, "url", RuleCode::Invalid),
        Ok(target) => rules.check(leads_somewhere(app, &target).await, "url", RuleCode::Invalid),
    }
    rules.text("description", description, 0, 200);
    for (at, topic) in asked.iter().enumerate() {
        let field = format!("topics.{at}");
        rules.check(is_offered(*topic), &field, RuleCode::Invalid);
        rules.check(!asked[..at].contains(topic), &field, RuleCode::AlreadyExists);
    }
    rules.settle()
}

/// Whether a name leads to an address to which something may be sent, or to none at the moment: then that is seen again
/// when something is sent, as it is each time.
async fn leads_somewhere(app: &App, target: &Target) -> bool {
    if target.literal.is_some() {
        return true;
    }
    match app.egress.names.look_up(&target.host).await {
        Ok(found) => found.is_empty() || found.iter().any(|address| may_connect(*address, app.egress.reach)),
        Err(_) => true,
    }
}

/// Makes a key by chance and keeps it sealed.
async fn make_key(work: &Work<'_>, endpoint: WebhookEndpointId, kind: SigningKind) -> Result<Uuid, Failure> {
    let mut chance = [0_u8; 32];
    getrandom::fill(&mut chance).map_err(|_| Fault::Randomness)?;
    let (key, id) = (Key::of(kind, chance), Uuid::now_v7());
    let sealed = work.app.sealer.seal(key_place(id), &key.written()).map_err(Fault::from)?;
    let public_key = (kind == SigningKind::KeyPair).then(|| key.verifier());
    work.tx.add_webhook_key(endpoint, NewKey { id, sealed: &sealed, public_key }, work.deed.now).await?;
    Ok(id)
}

/// Where a key is sealed.
fn key_place(row: Uuid) -> Place {
    Place { table: "webhook_key", column: "secret_sealed", row }
}

/// A key that was sealed.
///
/// # Errors
/// One that can't be opened or read.
fn open_key(app: &App, id: Uuid, sealed: &Sealed) -> Result<Key, Fault> {
    let text = app.sealer.open(key_place(id), sealed)?;
    Key::read(text.expose()).ok_or(Fault::Corrupt("webhook_key", id))
}
