//! A quarter's tables are made, once.

use crate::app::App;
use crate::domain::code::Code as _;
use crate::domain::figures::DEFINITION;
use crate::domain::quarter::Quarter;
use crate::domain::rule::Fault;
use crate::domain::unmet::{self, Measure, Unit};
use crate::store::unmet::Tables;
use std::collections::BTreeMap;

/// Makes the tables of the last quarter that is over, unless they are made. Tells how many it made.
///
/// # Errors
/// What the engine refuses.
pub async fn make_due(app: &App) -> Result<u64, Fault> {
    let Some(quarter) = Quarter::last_over(app.clock.now()) else { return Ok(0) };
    if app.store.is_released(quarter).await? {
        return Ok(0);
    }
    Ok(u64::from(make(app, quarter).await?))
}

/// Makes the tables of a quarter, if it is over.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn make(app: &App, quarter: Quarter) -> Result<bool, Fault> {
    let (_, before) = quarter.bounds();
    if before > app.now() {
        return Ok(false);
    }
    let paths = app.store.area_paths().await?;
    let fewest = (app.policy.fewest_inside, app.policy.fewest_outside);
    let mut tables = Tables::new();
    for measure in Measure::ALL {
        let mut by_country: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
        for located in app.store.unmet_units(*measure, quarter).await? {
            by_country.entry(located.country).or_default().push(located.unit);
        }
        let made =
            by_country.into_iter().map(|(country, units)| (*measure, country, unmet::make(&units, &paths, fewest)));
        tables.extend(made);
    }
    let tx = app.store.begin().await?;
    tx.keep_release(quarter, DEFINITION, fewest, app.now(), &tables).await?;
    tx.commit().await?;
    Ok(true)
}
