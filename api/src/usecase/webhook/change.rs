//! Changing where an endpoint is and what it is told.

use super::{Which, check, chosen, made, record};
use crate::app::App;
use crate::domain::change::ChangeSubject;
use crate::domain::id::WebhookEndpointId;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::store::webhooks::EndpointFacts;
use crate::usecase::work::{Ask, open as begin};

/// What is said anew; what is absent stays.
#[derive(Debug, Clone)]
pub struct Change {
    pub which: Which,
    pub url: Option<String>,
    pub description: Option<String>,
    pub topics: Option<Vec<ChangeSubject>>,
}

/// Changes an endpoint. What waits goes to the new address; what was not asked for before is not told afterwards.
///
/// # Errors
/// Those of a chosen endpoint and of its address.
pub async fn change(app: &App, ask: Ask<'_>, input: Change) -> Outcome<WebhookEndpointId> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("endpointId", RuleCode::NotFound));
    let endpoint = chosen(&work, input.which).await?;
    let facts = EndpointFacts {
        url: input.url.unwrap_or_else(|| endpoint.url.clone()),
        description: input.description.unwrap_or_else(|| endpoint.description.clone()),
        topics: input.topics.unwrap_or_else(|| endpoint.topics.clone()),
    };
    check(app, &facts.url, &facts.description, &facts.topics).await?;
    made(work.tx.change_webhook_endpoint(&endpoint, &facts, work.deed.now).await?, &endpoint)?;
    record(&work, endpoint.id, endpoint.version + 1).await?;
    work.commit(endpoint.id).await
}
