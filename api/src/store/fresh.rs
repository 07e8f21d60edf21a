//! Whether an entry is fresh and takes referrals, as conditions on `service s`. They say of stored columns what
//! `Service::is_stale` and `Service::closed_because` say of a service: one rule, wherever services are listed, ordered,
//! counted or drawn on a map.

use crate::domain::directory::FreshOn;
use crate::store::statement::Sql;

/// That somebody confirmed it in time: within the maximum age of its program, or else of the server.
pub fn is_fresh(sql: &mut Sql, on: &FreshOn) -> String {
    let (today, since) = (sql.bind(on.today.clone()), sql.bind(on.since.clone()));
    // Not a condition on the column alone: an order by age would be given up for the index of those that were confirmed.
    // Without a program's word there is no row, or a row without a number: the day before nothing is nothing.
    format!(
        "(coalesce(s.assured_on, '') >= CASE WHEN s.program_id IS NULL THEN {since} ELSE \
         coalesce((SELECT BEFORE({today}, pd.max_age_days) FROM program_directory pd \
         WHERE pd.program_id = s.program_id), {since}) END)"
    )
}

/// That a referral can be sent to it today.
pub fn takes_referrals(sql: &mut Sql, on: &FreshOn) -> String {
    let fresh = is_fresh(sql, on);
    let today = sql.bind(on.today.clone());
    format!(
        "(s.status = 'PUBLISHED' AND s.takes_referrals AND s.category_code IS NOT NULL \
         AND (s.funding_ends IS NULL OR s.funding_ends >= {today}) AND {fresh})"
    )
}

/// That something in the directory was confirmed in time at all: where nothing was, nobody need go through it to find out.
pub fn any_is_fresh(sql: &mut Sql, on: &FreshOn) -> String {
    let (today, since) = (sql.bind(on.today.clone()), sql.bind(on.since.clone()));
    let fresh = "EXISTS (SELECT 1 FROM service f WHERE f.status = 'PUBLISHED' AND f.assured_on >=";
    format!("({fresh} {since}) OR {fresh} (SELECT min(BEFORE({today}, pd.max_age_days)) FROM program_directory pd)))")
}
