//! Applications of an organization and their secrets.

use super::rights::check_scopes;
use super::{manage, record};
use crate::app::App;
use crate::domain::actor::Scope;
use crate::domain::global_id::Kind;
use crate::domain::id::ClientId;
use crate::domain::membership::{Client, keeps_all};
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::domain::sign_in::{LONGEST_OVERLAP, MOST_SECRETS, SECRET_PREFIX, USUAL_OVERLAP, hint};
use crate::store::client_secrets::NewSecret;
use crate::usecase::sign_in::new_secret;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A new application.
#[derive(Debug, Clone)]
pub struct AddClient {
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// Which application, in which version.
#[derive(Debug, Clone, Copy)]
pub struct WhichClient {
    pub client: ClientId,
    pub expected_version: i32,
}

/// Other scopes for an application.
#[derive(Debug, Clone)]
pub struct ChangeScopes {
    pub which: WhichClient,
    pub scopes: Vec<Scope>,
}

/// A new secret for an application.
#[derive(Debug, Clone, Copy)]
pub struct RotateSecret {
    pub which: WhichClient,
    /// Until when those before it stay good, UTC microseconds; a day when nothing is said.
    pub old_until: Option<i64>,
}

/// Which secret of an application.
#[derive(Debug, Clone, Copy)]
pub struct EndSecret {
    pub client: ClientId,
    pub secret: Uuid,
}

/// An application with the secret that was made for it. The secret is shown by the request that made it and by no other: the
/// answer that is kept for a repetition of the request does not have it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClientMade {
    pub client: ClientId,
    #[serde(skip)]
    pub secret: Option<Private<String>>,
}

/// An administrator adds an application with its first secret.
///
/// # Errors
/// NOT_PERMITTED; what is wrong with the input, all at once.
pub async fn add_client(app: &App, ask: Ask<'_>, input: AddClient) -> Outcome<ClientMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    manage(&work).await?;
    let mut rules = Rules::default();
    rules.text("name", &input.name, 1, 200);
    check_scopes(&work, &input.scopes, &mut rules);
    rules.settle()?;
    let (id, now) = (ClientId::from(Uuid::now_v7()), work.deed.now);
    work.tx.add_client(id, work.deed.organization, input.name.trim(), &input.scopes, now).await?;
    let secret = give_secret(&work, id).await?;
    record(&work, (Kind::ClientApplication, id.into()), 1).await?;
    work.commit(ClientMade { client: id, secret: Some(secret) }).await
}

async fn give_secret(work: &Work<'_>, client: ClientId) -> Result<Private<String>, Fault> {
    let (secret, hash) = new_secret(work.app, SECRET_PREFIX)?;
    let new = NewSecret {
        id: Uuid::now_v7(),
        client,
        organization: work.deed.organization,
        hash: &hash,
        hint: &hint(&secret),
        by: Some(work.deed.principal),
    };
    work.tx.add_secret(&new, work.deed.now).await?;
    Ok(secret)
}

/// An administrator gives an application other scopes. Where one is taken away, its tokens are good no more.
///
/// # Errors
/// NOT_FOUND, STALE_VERSION, NOT_NOW for one that has ended; what is wrong with the scopes.
pub async fn change_scopes(app: &App, ask: Ask<'_>, input: ChangeScopes) -> Outcome<ClientMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    let client = chosen(&work, input.which).await?;
    let mut rules = Rules::default();
    check_scopes(&work, &input.scopes, &mut rules);
    rules.settle()?;
    work.tx.set_scopes(client.id, &input.scopes, !keeps_all(&client.scopes, &input.scopes)).await?;
    done(work, &client, None).await
}

/// An administrator makes a new secret, good at once; those before it stay good until a stated time.
///
/// # Errors
/// As [`change_scopes`]; DATE_OUT_OF_RANGE for a time in the past or more than thirty days from now; NOT_NOW where five
/// secrets are good already.
pub async fn rotate_secret(app: &App, ask: Ask<'_>, input: RotateSecret) -> Outcome<ClientMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    let client = chosen(&work, input.which).await?;
    let now = work.deed.now;
    let until = input.old_until.unwrap_or(now + USUAL_OVERLAP);
    let mut rules = Rules::default();
    rules.check((now..=now + LONGEST_OVERLAP).contains(&until), "oldSecretsValidUntil", RuleCode::DateOutOfRange);
    let good = client.secrets.iter().filter(|secret| secret.is_good(now)).count();
    rules.check(good < MOST_SECRETS, "clientId", RuleCode::NotNow);
    rules.settle()?;
    work.tx.let_secrets_run_out(client.id, until).await?;
    let secret = give_secret(&work, client.id).await?;
    work.tx.client_changed(client.id, false).await?;
    done(work, &client, Some(secret)).await
}

/// An administrator ends one secret. Whoever has it may have tokens too: those of the application are good no more.
///
/// # Errors
/// NOT_FOUND for an application or a secret that is not there or has ended.
pub async fn end_secret(app: &App, ask: Ask<'_>, input: EndSecret) -> Outcome<ClientMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    manage(&work).await?;
    let found = work.tx.client(work.deed.organization, input.client).await?;
    let client = found.ok_or_else(|| Rule::at("clientId", RuleCode::NotFound))?;
    if work.tx.end_secrets(client.id, Some(input.secret), work.deed.now).await? == 0 {
        return Err(Rule::at("secretId", RuleCode::NotFound).into());
    }
    work.tx.client_changed(client.id, true).await?;
    done(work, &client, None).await
}

/// An administrator ends an application with all its secrets: its tokens are good no more.
///
/// # Errors
/// NOT_FOUND, STALE_VERSION, NOT_NOW for one that has ended.
pub async fn end_client(app: &App, ask: Ask<'_>, which: WhichClient) -> Outcome<ClientMade> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("", RuleCode::NotPermitted));
    let client = chosen(&work, which).await?;
    work.tx.end_secrets(client.id, None, work.deed.now).await?;
    work.tx.end_access(client.id.into(), true, work.deed.now).await?;
    done(work, &client, None).await
}

async fn chosen(work: &Work<'_>, which: WhichClient) -> Result<Client, Failure> {
    manage(work).await?;
    let found = work.tx.client(work.deed.organization, which.client).await?;
    let client = found.ok_or_else(|| Rule::at("clientId", RuleCode::NotFound))?;
    fresh(which.expected_version, client.version)?;
    if client.is_active { Ok(client) } else { Err(Rule::at("clientId", RuleCode::NotNow).into()) }
}

async fn done(work: Work<'_>, client: &Client, secret: Option<Private<String>>) -> Outcome<ClientMade> {
    record(&work, (Kind::ClientApplication, client.id.into()), client.version + 1).await?;
    work.commit(ClientMade { client: client.id, secret }).await
}
