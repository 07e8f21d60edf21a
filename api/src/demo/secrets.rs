//! Secrets of the demonstration's applications. They are made of the application's key and nothing else: whoever reads this
//! can make them, as whoever reads the banner.

use crate::app::App;
use crate::domain::id::ClientId;
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::domain::sign_in::{SECRET_PREFIX, hint, written};
use crate::store::client_secrets::NewSecret;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The secret of an application, which is entered if it was not before.
///
/// # Errors
/// What the engine refuses; NOT_FOUND where there is no such application.
pub async fn public_secret(app: &App, client: ClientId) -> Outcome<Private<String>> {
    let digest = Sha256::new().chain_update(b"passerelle demonstration: public").chain_update(Uuid::from(client));
    let secret = written(SECRET_PREFIX, digest.finalize().into());
    let hash = app.sealer.keyed_hash(SECRET_PREFIX, secret.expose());
    let subject = app.store.subject(client.into(), true).await?;
    let organization = subject.ok_or_else(|| Rule::at("client", RuleCode::NotFound))?.organization.into();
    let tx = app.store.begin().await?;
    if tx.shown_secret(client.into(), &hash, app.now()).await?.is_none() {
        let (id, hint) = (Uuid::now_v7(), hint(&secret));
        let new = NewSecret { id, client, organization, hash: &hash, hint: &hint, by: None };
        let added = tx.add_secret(&new, app.now()).await;
        // One that was ended while somebody tried that out stays ended.
        added.or_else(|fault| if matches!(fault, Fault::Store(_)) { Ok(()) } else { Err(fault) })?;
    }
    tx.commit().await?;
    Ok(secret)
}
