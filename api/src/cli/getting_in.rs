//! Entering client applications and identity providers, and ending what lets somebody in.

use std::path::Path;

use super::arguments::OfDatabase;
use super::database::open_current;
use super::entry::{Enter, named};
use super::entry_arguments::{ClientAdd, OrganizationEnd, ProviderAdd, ProviderEnd};
use super::failed::{Ending, Failed};
use super::{parts, secret};
use crate::app::{App, Policy};
use crate::domain::global_id::{Kind, encode};
use crate::domain::rule::Outcome;
use crate::store::sealing::Sealer;
use crate::token::Keyring;
use crate::usecase::directory::{
    NewClient, NewProvider, client_add, organization_end, provider_add, provider_end, secret_add,
};

impl Enter for ClientAdd {
    fn of(&self) -> &OfDatabase {
        &self.of
    }

    /// The id, and below it the secret where the sealing key is at hand.
    async fn enter(self, app: &App) -> Result<String, Failed> {
        let new = NewClient { organization: self.organization, name: self.name, scopes: self.scopes };
        let Some(path) = &self.sealing_key_file else {
            return Ok(encode(Kind::ClientApplication, client_add(app, &new).await?.into()));
        };
        let sealing = sealing(app, path).await?;
        let client = client_add(&sealing, &new).await?;
        let secret = secret_add(&sealing, client, new.organization).await?;
        Ok(format!("{}\n{}", encode(Kind::ClientApplication, client.into()), secret.expose()))
    }
}

/// The same app with the server's own sealing key: a hash under another one would open nothing.
async fn sealing(app: &App, path: &Path) -> Result<App, Failed> {
    let wrong = |what: &str| Failed::with(Ending::Configuration, format!("--sealing-key-file {what}."));
    let text = secret::read(path).map_err(|what| wrong(&what))?;
    let root = secret::sealing_root(&text).map_err(wrong)?;
    let sealer = Sealer::from_root(secret::SEALING_KEY_ID, root).map_err(|_| wrong("has an unfit key id"))?;
    let tokens = Keyring::generate_demo().map_err(|error| Failed::with(Ending::Broken, format!("{error}.")))?;
    let app = parts::production(app.store.clone(), tokens, sealer, Policy::default())?;
    if app.holds_the_key().await? {
        return Ok(app);
    }
    Err(wrong("holds another key than the one under which the database's texts are sealed"))
}

impl Enter for ProviderAdd {
    fn of(&self) -> &OfDatabase {
        &self.of
    }

    async fn enter(self, app: &App) -> Result<String, Failed> {
        let new = NewProvider {
            organization: self.organization,
            name: self.name,
            issuer: self.issuer,
            audience: self.audience,
        };
        Ok(encode(Kind::IdentityProvider, provider_add(app, &new).await?))
    }
}

/// Ends a provider.
///
/// # Errors
/// The database can't be used, or there is no active one.
pub async fn end_provider(asked: ProviderEnd) -> Result<String, Failed> {
    ended(&asked.of, async |app| provider_end(app, asked.id).await).await
}

/// Ends an organization.
///
/// # Errors
/// The database can't be used, or there is none that has not ended.
pub async fn end_organization(asked: OrganizationEnd) -> Result<String, Failed> {
    ended(&asked.of, async |app| organization_end(app, asked.id).await).await
}

async fn ended(of: &OfDatabase, end: impl AsyncFnOnce(&App) -> Outcome<()>) -> Result<String, Failed> {
    let address = named(of)?;
    let app = parts::operators(open_current(&address).await?)?;
    let done = end(&app).await;
    app.store.close().await;
    done?;
    Ok("ended".to_owned())
}
