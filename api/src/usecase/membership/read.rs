//! Reading who may get in: administrators their whole organization, everybody themselves.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::id::{ClientId, MemberId, OrganizationId};
use crate::domain::membership::{Client, Member};
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Power, may};
use crate::domain::rule::Fault;
use std::collections::HashMap;
use uuid::Uuid;

/// The organization that the asker manages; an organization that nobody has where they manage none, so that a list of it is
/// empty.
fn managed(actor: &Actor) -> OrganizationId {
    let own = actor.organization().filter(|_| may(actor, Power::ManageAccess, None));
    own.unwrap_or_else(|| Uuid::nil().into())
}

/// The members of the organization that the asker manages.
///
/// # Errors
/// What the engine refuses.
pub async fn members(app: &App, actor: &Actor, active: Option<bool>, window: &Window) -> Result<Page<Member>, Fault> {
    app.store.members(managed(actor), active, window).await
}

/// The applications of the organization that the asker manages.
///
/// # Errors
/// What the engine refuses.
pub async fn clients(app: &App, actor: &Actor, active: Option<bool>, window: &Window) -> Result<Page<Client>, Fault> {
    app.store.clients(managed(actor), active, window).await
}

/// Those of these members whom the asker may read: of the organization they manage, or themselves.
///
/// # Errors
/// What the engine refuses.
pub async fn members_by_id(app: &App, actor: &Actor, keys: &[Uuid]) -> Result<HashMap<Uuid, Member>, Fault> {
    let Some((organization, keys)) = readable(actor, keys) else { return Ok(HashMap::new()) };
    app.store.members_by_id(organization, &keys).await
}

/// Those of these applications that the asker may read: of the organization they manage, or itself.
///
/// # Errors
/// What the engine refuses.
pub async fn clients_by_id(app: &App, actor: &Actor, keys: &[Uuid]) -> Result<HashMap<Uuid, Client>, Fault> {
    let Some((organization, keys)) = readable(actor, keys) else { return Ok(HashMap::new()) };
    app.store.clients_by_id(organization, &keys).await
}

fn readable(actor: &Actor, keys: &[Uuid]) -> Option<(OrganizationId, Vec<Uuid>)> {
    let (organization, own) = (actor.organization()?, actor.principal()?);
    let manages = may(actor, Power::ManageAccess, None);
    Some((organization, keys.iter().copied().filter(|key| manages || *key == own).collect()))
}

/// One member, if the asker may read them.
///
/// # Errors
/// What the engine refuses.
pub async fn member(app: &App, actor: &Actor, id: MemberId) -> Result<Option<Member>, Fault> {
    Ok(members_by_id(app, actor, &[id.into()]).await?.remove(&id.into()))
}

/// One application, if the asker may read it.
///
/// # Errors
/// What the engine refuses.
pub async fn client(app: &App, actor: &Actor, id: ClientId) -> Result<Option<Client>, Fault> {
    Ok(clients_by_id(app, actor, &[id.into()]).await?.remove(&id.into()))
}
