//! An application gets a token of its own (RFC 6749, client credentials).

use super::budget::Budget;
use super::{Bearer, issue, told};
use crate::app::App;
use crate::domain::global_id::{self, Kind};
use crate::domain::rule::Fault;
use crate::domain::sign_in::{ClientAsks, Granted, NotGranted, SECRET_PREFIX, narrowed, scope_text};
use crate::store::client_secrets::Shown;
use crate::token;
use uuid::Uuid;

impl App {
    /// Gives a token to an application that shows one of its secrets.
    ///
    /// # Errors
    /// [`NotGranted`].
    pub async fn grant_to_client(&self, asks: &ClientAsks, request: &str) -> Result<Granted, NotGranted> {
        let (client, shown) = shown(self, asks, request).await.map_err(|fault| told(fault, request))??;
        let scopes = narrowed(&shown.scopes, asks.scope.as_deref()).ok_or(NotGranted::Scope)?;
        let bearer = Bearer {
            id: client,
            organization: shown.organization,
            kind: token::Kind::Client,
            epoch: shown.epoch,
            organization_epoch: shown.organization_epoch,
            client: global_id::encode(Kind::ClientApplication, client),
            scope: scope_text(&scopes),
        };
        issue(self, bearer)
    }
}

/// The application, once its secret was found good. What is unknown takes the same way as what is wrong.
async fn shown(app: &App, asks: &ClientAsks, request: &str) -> Result<Result<(Uuid, Shown), NotGranted>, Fault> {
    let budget = Budget::of(app, Some(&asks.client), asks.address);
    let hash = app.sealer.keyed_hash(SECRET_PREFIX, asks.secret.expose());
    let key = global_id::decode(&asks.client).filter(|(kind, _)| *kind == Kind::ClientApplication);
    let key = key.map_or(Uuid::nil(), |(_, key)| key);
    if let Err(wait) = budget.look(app).await? {
        return Ok(Err(wait));
    }
    let tx = app.store.begin().await?;
    if let Err(wait) = budget.take(&tx).await? {
        return Ok(Err(wait));
    }
    let Some(shown) = tx.shown_secret(key, &hash, app.now()).await? else {
        tx.commit().await?;
        tracing::info!(request_id = request, "a client was not let in");
        return Ok(Err(NotGranted::Client));
    };
    budget.give_back(&tx).await?;
    tx.secret_used(key, shown.secret, app.now());
    tx.note_sign_in(("CLIENT", key), shown.organization.into(), request, app.now());
    tx.commit().await?;
    Ok(Ok((key, shown)))
}
