//! Making an endpoint.

use super::{Keyed, check, make_key, record};
use crate::app::App;
use crate::domain::change::ChangeSubject;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::domain::webhook::endpoint::{Endpoint, MOST_ENDPOINTS};
use crate::domain::webhook::signing::SigningKind;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// Where an organization wants to be told, and of what.
#[derive(Debug, Clone)]
pub struct Create {
    pub url: String,
    pub description: String,
    /// All when empty.
    pub topics: Vec<ChangeSubject>,
    pub signing: SigningKind,
}

/// Makes an endpoint that is told what changes from now on.
///
/// # Errors
/// NOT_PERMITTED without the power to manage webhooks; INVALID for an address that is not public; TOO_LONG beyond ten
/// endpoints.
pub async fn create(app: &App, ask: Ask<'_>, input: Create) -> Outcome<Keyed> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("", RuleCode::NotPermitted));
    work.needs(Power::ManageWebhooks, None, "")?;
    check(app, &input.url, &input.description, &input.topics).await?;
    let own = work.deed.organization;
    if work.tx.count_webhook_endpoints(own).await? >= MOST_ENDPOINTS {
        return Err(Rule::at("url", RuleCode::TooLong).into());
    }
    let now = work.deed.now;
    let endpoint = Endpoint {
        id: Uuid::now_v7().into(),
        organization_id: own,
        url: input.url,
        description: input.description,
        topics: input.topics,
        signing: input.signing,
        cursor: work.tx.placed().await?,
        version: 1,
        created_at: now,
        updated_at: now,
        ..Endpoint::default()
    };
    work.tx.add_webhook_endpoint(&endpoint, work.deed.principal).await?;
    let key = make_key(&work, endpoint.id, input.signing).await?;
    record(&work, endpoint.id, 1).await?;
    work.commit(Keyed { endpoint: endpoint.id, key }).await
}
