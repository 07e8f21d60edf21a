//! Replacing the key that signs.

use super::{Keyed, Which, chosen, made, make_key, record};
use crate::app::App;
use crate::domain::policy::Power;
use crate::domain::rule::{Outcome, Rule, RuleCode};
use crate::domain::webhook::endpoint::{LONGEST_OVERLAP_HOURS, MOST_KEYS};
use crate::usecase::work::{Ask, open as begin};

/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// Which endpoint's key is replaced, and for how long the old one goes on.
#[derive(Debug, Clone, Copy)]
pub struct Rotate {
    pub which: Which,
    /// For how many hours both sign.
    pub overlap_hours: i32,
}

/// Makes a new key that signs from now on. The old ones sign beside it until the overlap is over, so that a receiver can
/// take over the new one without refusing anything.
///
/// # Errors
/// Those of a chosen endpoint; INVALID for an overlap beyond seven days; NOT_NOW while ten keys sign.
pub async fn rotate(app: &App, ask: Ask<'_>, input: Rotate) -> Outcome<Keyed> {
    let work = begin!(app, ask, Power::ManageWebhooks, Rule::at("endpointId", RuleCode::NotFound));
    let endpoint = chosen(&work, input.which).await?;
    if !(0..=LONGEST_OVERLAP_HOURS).contains(&input.overlap_hours) {
        return Err(Rule::at("overlapHours", RuleCode::Invalid).into());
    }
    let now = work.deed.now;
    if input.overlap_hours > 0 && endpoint.keys_at(now) >= MOST_KEYS {
        return Err(Rule::at("endpointId", RuleCode::NotNow).into());
    }
    work.tx.end_webhook_keys(endpoint.id, now + i64::from(input.overlap_hours) * HOUR, now).await?;
    let key = make_key(&work, endpoint.id, endpoint.signing).await?;
    made(work.tx.touch_webhook_endpoint(&endpoint, now).await?, &endpoint)?;
    record(&work, endpoint.id, endpoint.version + 1).await?;
    work.commit(Keyed { endpoint: endpoint.id, key }).await
}
