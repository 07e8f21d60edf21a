//! Pausing, resuming and deleting endpoints.

use super::gap::tell_of_gap;
use super::{Which, chosen, made, record};
use crate::app::App;
use crate::domain::id::WebhookEndpointId;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::domain::webhook::endpoint::WebhookState;
use crate::usecase::work::{Ask, open as begin};

/// Sends nothing to an endpoint until it is resumed.
///
/// # Errors
/// Those of a chosen endpoint; NOT_NOW for one that is not enabled.
pub async fn pause(app: &App, ask: Ask<'_>, which: Which) -> Outcome<WebhookEndpointId> {
    go(app, ask, which, WebhookState::Paused).await
}

/// Sends to an endpoint again, what was kept back first; where it was off for longer than changes are kept, that it has to
/// begin anew before all else.
///
/// # Errors
/// Those of a chosen endpoint; NOT_NOW for one that is enabled.
pub async fn resume(app: &App, ask: Ask<'_>, which: Which) -> Outcome<WebhookEndpointId> {
    go(app, ask, which, WebhookState::Enabled).await
}

async fn go(app: &App, ask: Ask<'_>, which: Which, to: WebhookState) -> Outcome<WebhookEndpointId> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("endpointId", RuleCode::NotFound));
    let endpoint = chosen(&work, which).await?;
    let fits = match to {
        WebhookState::Enabled => endpoint.state != WebhookState::Enabled,
        WebhookState::Paused | WebhookState::Disabled => endpoint.state == WebhookState::Enabled,
    };
    if !fits {
        return Err(Rule::at("endpointId", RuleCode::NotNow).into());
    }
    if to == WebhookState::Enabled {
        tell_of_gap(&work, &endpoint).await?;
    }
    made(work.tx.move_webhook_endpoint(&endpoint, to, None, work.deed.now).await?, &endpoint)?;
    record(&work, endpoint.id, endpoint.version + 1).await?;
    work.commit(endpoint.id).await
}

/// Throws an endpoint away with its keys, its log and all that waits there.
///
/// # Errors
/// Those of a chosen endpoint.
pub async fn delete(app: &App, ask: Ask<'_>, which: Which) -> Outcome<WebhookEndpointId> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("endpointId", RuleCode::NotFound));
    let endpoint = chosen(&work, which).await?;
    work.tx.delete_webhook_endpoint(endpoint.id).await?;
    record(&work, endpoint.id, endpoint.version + 1).await?;
    work.commit(endpoint.id).await
}
