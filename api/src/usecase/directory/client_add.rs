//! An application acts for an organization from now on.

use crate::app::App;
use crate::domain::actor::Scope;
use crate::domain::global_id::Kind;
use crate::domain::id::{ClientId, OrganizationId};
use crate::domain::rule::{Outcome, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::sign_in::{SECRET_PREFIX, hint};
use crate::store::client_secrets::NewSecret;
use crate::usecase::sign_in::new_secret;
use uuid::Uuid;

/// A new application of an organization.
#[derive(Debug, Clone)]
pub struct NewClient {
    pub organization: OrganizationId,
    pub name: String,
    /// At least one.
    pub scopes: Vec<Scope>,
}

/// Adds an application.
///
/// # Errors
/// Rules that the input breaks; NOT_FOUND where the organization is unknown.
pub async fn client_add(app: &App, new: &NewClient) -> Outcome<ClientId> {
    let mut rules = Rules::default();
    rules.text("name", &new.name, 1, 200);
    rules.check(!new.scopes.is_empty(), "scopes", RuleCode::Required);
    let tx = app.store.begin().await?;
    let known = tx.known_organizations(&[new.organization]).await?;
    rules.check(known.contains(&new.organization), "organization", RuleCode::NotFound);
    rules.settle()?;

    let (id, now) = (ClientId::from(Uuid::now_v7()), app.now());
    tx.add_client(id, new.organization, new.name.trim(), &new.scopes, now).await?;
    tx.note_operation("clientAdd", (Kind::ClientApplication, id.into()), Some(new.organization), now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes a secret for an application. It is shown once.
///
/// # Errors
/// What the engine refuses.
pub async fn secret_add(app: &App, client: ClientId, organization: OrganizationId) -> Outcome<Private<String>> {
    let (secret, hash) = new_secret(app, SECRET_PREFIX)?;
    let tx = app.store.begin().await?;
    let (id, now, hint) = (Uuid::now_v7(), app.now(), hint(&secret));
    tx.add_secret(&NewSecret { id, client, organization, hash: &hash, hint: &hint, by: None }, now).await?;
    tx.note_operation("clientSecretAdd", (Kind::ClientApplication, client.into()), Some(organization), now).await?;
    tx.commit().await?;
    Ok(secret)
}
