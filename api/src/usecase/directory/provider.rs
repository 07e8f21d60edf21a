//! Identity providers that vouch for members, of the deployment or of one organization.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use uuid::Uuid;

/// A new identity provider.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// The only organization for whose members it vouches; all when none is named.
    pub organization: Option<OrganizationId>,
    pub name: String,
    /// As its tokens have it.
    pub issuer: String,
    /// The client id of the app in which members sign in.
    pub audience: String,
}

/// Adds a provider. It is asked for its keys when the first token comes.
///
/// # Errors
/// Rules that the input breaks; NOT_FOUND where the organization is unknown.
pub async fn provider_add(app: &App, new: &NewProvider) -> Outcome<Uuid> {
    let mut rules = Rules::default();
    rules.text("name", &new.name, 1, 200);
    rules.text("issuer", &new.issuer, 1, 500);
    rules.text("audience", &new.audience, 1, 500);
    rules.check(is_issuer(&new.issuer), "issuer", RuleCode::Invalid);
    let tx = app.store.begin().await?;
    if let Some(organization) = new.organization {
        let known = tx.known_organizations(&[organization]).await?;
        rules.check(known.contains(&organization), "organization", RuleCode::NotFound);
    }
    rules.settle()?;
    let (id, now) = (Uuid::now_v7(), app.now());
    tx.add_provider(id, new.organization, (new.name.trim(), &new.issuer, &new.audience), now).await?;
    tx.note_operation("providerAdd", (Kind::IdentityProvider, id), new.organization, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// An https address without a query (OpenID Connect Discovery, 3); http on this machine, for trying.
fn is_issuer(issuer: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost"].iter().any(|begin| issuer.starts_with(begin));
    let plain =
        !issuer.chars().any(|sign| sign.is_whitespace() || sign.is_control() || matches!(sign, '?' | '#' | '@'));
    plain && (local || issuer.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')))
}

/// Ends a provider: whom it vouches for gets no new token through it.
///
/// # Errors
/// NOT_FOUND where there is no active one.
pub async fn provider_end(app: &App, id: Uuid) -> Outcome<()> {
    let (tx, now) = (app.store.begin().await?, app.now());
    if !tx.end_provider(id).await? {
        return Err(Rule::at("id", RuleCode::NotFound).into());
    }
    tx.note_operation("providerEnd", (Kind::IdentityProvider, id), None, now).await?;
    Ok(tx.commit().await?)
}
