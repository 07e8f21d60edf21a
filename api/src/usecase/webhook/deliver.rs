//! One attempt to deliver one webhook, and what follows from how it went.

use super::failing::WARNED;
use super::gap::BEGIN_ANEW;
use super::replay::TEST;
use super::{administrators, open_key};
use crate::app::App;
use crate::domain::actor::{Actor, Scope, Standing};
use crate::domain::change::ChangeType;
use crate::domain::code::Code as _;
use crate::domain::global_id::{Kind, encode};
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use crate::domain::webhook::answer::{Answer, WebhookOutcome};
use crate::domain::webhook::endpoint::{Delivery, Endpoint, WebhookDisabledBecause};
use crate::domain::webhook::payload::{self, Body, Data, event_type};
use crate::domain::webhook::schedule::{DISABLED_AFTER, pause_after};
use crate::domain::webhook::signing::{self, Key, signatures};
use crate::domain::webhook::target::Target;
use crate::outgoing::{Call, NotHanded, Outgoing};
use crate::store::door::Tx;
use crate::store::ledger::{Deed, Happening};
use crate::store::webhook_work::{Claimed, Ended};
use crate::usecase::node;
use crate::usecase::work::Work;
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// How often the end of an attempt is written down at the most, when the database is out of reach.
const TRIES: u32 = 5;

/// Sends one of the deliveries that were claimed, and writes down how it went.
pub(super) async fn deliver(app: &App, outgoing: &Outgoing, claimed: &Claimed, delivery: &Delivery) {
    let posted = post(app, outgoing, claimed, delivery).await;
    let (answer, latency) = match posted {
        Ok(posted) => posted,
        Err(fault) => {
            // The claim ends by itself, and somebody tries again.
            tracing::error!(error = %fault, delivery = %Uuid::from(delivery.id), "a webhook can't be made");
            return;
        }
    };
    for attempt in 1..=TRIES {
        match finish(app, claimed, delivery, answer, latency).await {
            Ok(()) => return,
            Err(fault) if attempt == TRIES => {
                tracing::error!(error = %fault, "how a webhook went can't be written down; it is sent again");
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200) * attempt).await,
        }
    }
}

async fn post(
    app: &App,
    outgoing: &Outgoing,
    claimed: &Claimed,
    delivery: &Delivery,
) -> Result<(Answer, Duration), Fault> {
    let body = body(app, &claimed.endpoint, delivery).await?;
    let keys = claimed.keys.iter().map(|(id, sealed)| open_key(app, *id, sealed)).collect::<Result<Vec<Key>, _>>()?;
    let (seconds, began) = (app.now() / 1_000_000, Instant::now());
    // The address is looked at each time: what was allowed when it was given may not be so now.
    let Ok(target) = Target::read(&claimed.endpoint.url, app.egress.reach) else {
        return Ok((Answer::without(WebhookOutcome::AddressForbidden), Duration::ZERO));
    };
    let call = call(&target, delivery, seconds, &keys, body)?;
    let answer = match outgoing.hand_over(call).await {
        Ok(head) => Answer::of(head.status, head.retry_after.as_deref(), app.now() / 1_000_000),
        Err(NotHanded::Forbidden) => Answer::without(WebhookOutcome::AddressForbidden),
        Err(NotHanded::TooLong) => Answer::without(WebhookOutcome::TimedOut),
        Err(NotHanded::Unreachable) => Answer::without(WebhookOutcome::Unreachable),
    };
    Ok((answer, began.elapsed()))
}

fn call(target: &Target, delivery: &Delivery, seconds: i64, keys: &[Key], body: String) -> Result<Call, Fault> {
    let id = Uuid::from(delivery.id).to_string();
    let signed = signatures(keys, &id, seconds, &body);
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Fault::Store("a header can't be written".into()));
    let headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static(signing::ID), value(&id)?),
        (HeaderName::from_static(signing::TIMESTAMP), value(&seconds.to_string())?),
        (HeaderName::from_static(signing::SIGNATURE), value(&signed)?),
    ];
    Ok(Call { method: Method::POST, url: target.url.clone(), headers, body: body.into_bytes() })
}

/// What is said: as the organization could read it at this moment. What it can't see any more is gone for it.
async fn body(app: &App, endpoint: &Endpoint, delivery: &Delivery) -> Result<String, Fault> {
    let own = match delivery.kind.as_str() {
        TEST => Some(payload::TEST),
        BEGIN_ANEW => Some(payload::BEGIN_ANEW),
        _ => None,
    };
    let kind = Kind::from_code(&delivery.subject_kind).ok_or(Fault::Corrupt("webhook_delivery", delivery.id.into()))?;
    let change = match delivery.change {
        ChangeType::Upsert if own.is_none() && !is_seen(app, endpoint, kind, delivery.subject_id).await? => {
            ChangeType::Tombstone
        }
        change => change,
    };
    let event = own.map_or_else(|| event_type(&delivery.subject_kind, change), str::to_owned);
    let at = Timestamp::from_microsecond(delivery.at).unwrap_or_default().to_string();
    let (id, cursor) = (encode(kind, delivery.subject_id), delivery.cursor());
    let data = Data { id: &id, kind: &delivery.kind, change, version: delivery.version, cursor: cursor.as_deref() };
    Ok(Body { event: &event, timestamp: &at, data }.written())
}

/// Whether the organization can read a thing now, as an application of it with all scopes would.
async fn is_seen(app: &App, endpoint: &Endpoint, kind: Kind, key: Uuid) -> Result<bool, Fault> {
    let organization = endpoint.organization_id;
    let known = app.store.organizations_by_id(&[organization]).await?.remove(&organization);
    let Some(known) = known else { return Ok(false) };
    let standing = Standing { organization, kinds: known.kinds };
    let actor = Actor::Client { id: Uuid::nil().into(), standing, scopes: Scope::ALL.to_vec() };
    Ok(node::find(app, &actor, &[Some((kind, key))]).await?.iter().all(Option::is_some))
}

/// Writes down how an attempt went, if the claim still holds.
async fn finish(
    app: &App,
    claimed: &Claimed,
    delivery: &Delivery,
    answer: Answer,
    latency: Duration,
) -> Result<(), Fault> {
    let now = app.now();
    let tx = app.store.begin().await?;
    let endpoint = tx.webhook_endpoint(claimed.endpoint.organization_id, claimed.endpoint.id).await?;
    // It was deleted meanwhile, and its log with it.
    let Some(endpoint) = endpoint else { return Ok(()) };
    let arrived = answer.outcome == WebhookOutcome::Delivered;
    let spared = answer.spared.unwrap_or_default();
    // The log tells the latest first, and earlier runs of what is replayed behind it.
    let first = usize::try_from(delivery.attempts - 1).ok().and_then(|at| delivery.log.get(at));
    let elapsed = first.map_or(0, |first| now - first.at);
    let pause = pause_after(delivery.attempts + 1, elapsed, delivery.id.into()).filter(|_| !arrived);
    let again = pause.map(|pause| now + pause.max(spared));
    let ended = Ended { delivery: delivery.id, claim: claimed.claim, again, arrived };
    if !tx.end_webhook(&ended, answer, (now, latency)).await? {
        return Ok(());
    }
    if arrived {
        tx.note_webhook_success(&endpoint, now).await?;
        return tx.commit().await;
    }
    tx.note_webhook_failure(&endpoint, answer.spared.map(|spared| now + spared), now).await?;
    match over(&endpoint, answer.outcome, now, tx.webhook_told(endpoint.id).await?) {
        Some(because) => disable(app, tx, &endpoint, because).await,
        None => tx.commit().await,
    }
}

/// Why an endpoint is switched off after a failure; nothing while it is not.
fn over(endpoint: &Endpoint, outcome: WebhookOutcome, now: i64, told: i32) -> Option<WebhookDisabledBecause> {
    let since = endpoint.failing_since.unwrap_or(now);
    if outcome == WebhookOutcome::Gone {
        Some(WebhookDisabledBecause::Gone)
    } else if now - since >= DISABLED_AFTER && told >= WARNED {
        Some(WebhookDisabledBecause::FailedForDays)
    } else {
        None
    }
}

async fn disable(app: &App, tx: Tx, endpoint: &Endpoint, because: WebhookDisabledBecause) -> Result<(), Fault> {
    let now = app.now();
    if !tx.disable_webhook(endpoint.id, because, now).await? {
        return tx.commit().await;
    }
    let deed = Deed {
        organization: endpoint.organization_id,
        principal: Uuid::nil(),
        principal_kind: "CLOCK",
        mutation: "disableWebhookEndpoint",
        request: "webhooks".to_owned(),
        now,
    };
    let notice = Notice { must_act: true, ..administrators(endpoint.organization_id) }.of_kind("WEBHOOK_DISABLED");
    let work = Work::of_clock(app, tx, deed);
    work.record(&Happening {
        notify: vec![notice],
        ..Happening::to((Kind::WebhookEndpoint, endpoint.id.into()), "CLOCK", endpoint.version + 1)
    })
    .await?;
    work.done().await
}
