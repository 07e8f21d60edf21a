//! Telling the parties that an agreement is about to end.

use super::must_act;
use crate::app::App;
use crate::domain::agreement::WARNED;
use crate::domain::clock::date_of;
use crate::domain::global_id::Kind;
use crate::domain::rule::Fault;
use jiff::ToSpan;
use jiff::civil::Date;

/// What the parties are told.
const EXPIRES: &str = "AGREEMENT_EXPIRES";

/// Tells the parties of every agreement that ends within 60, 30 or 7 days, once for each; to be called daily. Tells how
/// many agreements were told of.
///
/// # Errors
/// What the engine refuses.
pub async fn tell_expiring(app: &App) -> Result<u64, Fault> {
    let today = date_of(app.clock.now());
    let ahead = |days: i64| today.checked_add(days.days()).unwrap_or(Date::MAX).to_string();
    let farthest = WARNED.iter().copied().max().unwrap_or_default();
    let (tx, now) = (app.store.begin().await?, app.now());
    let mut told = 0;
    for ending in tx.ending(&today.to_string(), &ahead(farthest)).await? {
        let stage = WARNED.iter().copied().find(|days| ending.valid_to <= ahead(*days)).unwrap_or(farthest);
        if tx.mark_warned(ending.id, stage, now).await? {
            for party in &ending.parties {
                let notice = must_act(*party).of_kind(EXPIRES);
                tx.tell(&notice, EXPIRES, (Kind::Agreement, ending.id.into()), now);
            }
            told += 1;
        }
    }
    tx.commit().await?;
    Ok(told)
}
