//! How fresh entries are, as their signs stand now.

use crate::app::App;
use crate::domain::clock::date_of;
use crate::domain::directory::FreshOn;
use crate::domain::freshness::{Freshness, LOOKBACK_DAYS, Signs, freshness};
use crate::domain::id::ServiceId;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::HashMap;

const DAY: i64 = 86_400_000_000;

/// How fresh an entry is, since when, and until when.
#[derive(Debug, Clone)]
pub struct Standing {
    pub freshness: Freshness,
    pub verified_on: Option<Date>,
    /// The first day on which it is stale unless it is confirmed before.
    pub stale_on: Option<Date>,
}

/// The freshness of services that the asker can see: one statement for all of them.
///
/// # Errors
/// What the engine refuses.
pub async fn standings(app: &App, sight: &Sight, ids: &[ServiceId]) -> Result<HashMap<ServiceId, Standing>, Fault> {
    let (now, today) = (app.now(), date_of(app.clock.now()));
    let rows = app.store.signs(sight, ids, (now - LOOKBACK_DAYS * DAY, now)).await?;
    let stand = |row: crate::store::freshness::SignRow| {
        let max = row.max_age_days.unwrap_or(app.policy.service_max_age_days);
        let verified_on: Option<Date> = row.assured_on.as_deref().and_then(|day| day.parse().ok());
        let signs = Signs {
            verified_days_ago: verified_on.and_then(|day| today.since(day).ok()).map(|span| i64::from(span.get_days())),
            max_age_days: i64::from(max),
            capacity_days_ago: row.capacity_as_of.map(|at| (now - at) / DAY),
            silences: row.silences,
            capacity_declines: row.capacity_declines,
            open_corrections: row.open_corrections,
        };
        let stale_on = verified_on.and_then(|day| day.checked_add((i64::from(max) + 1).days()).ok());
        (row.id, Standing { freshness: freshness(&signs), verified_on, stale_on })
    };
    Ok(rows.into_iter().map(stand).collect())
}

impl App {
    /// By what day a confirmation is fresh now.
    #[must_use]
    pub fn fresh_on(&self) -> FreshOn {
        let today = date_of(self.clock.now());
        let since = today.checked_sub(self.policy.service_max_age_days.days()).unwrap_or(Date::MIN);
        FreshOn { today: today.to_string(), since: since.to_string() }
    }
}
