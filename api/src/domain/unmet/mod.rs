//! The ledger of unmet needs, and the people who are being helped: what was counted in a quarter by area, category and
//! urgency, and how it is gathered and told.
//!
//! One table is made for each quarter, country and measure when the quarter is over. Which of its cells may be told
//! together is decided then, once, and every later answer, whatever the area, level, category and audience, is put
//! together of the same blocks.

mod made;
mod rows;

#[cfg(test)]
mod tests;

pub use made::{MadeCell, Unit, make};
pub use rows::{Breakdown, Key, ReleasedCell, Row, rows};

use crate::domain::code::codes;

codes! {
    /// What is counted.
    pub enum Measure {
        /// Needs to be met by referral that were open when the quarter ended, with no referral under way.
        NeedsOpen = "NEEDS_OPEN",
        /// Needs for which a referral was declined in the quarter for lack of places.
        CapacityDeclines = "CAPACITY_DECLINES",
        /// Needs for which a referral ended in the quarter because nobody answered.
        Expiries = "EXPIRIES",
        /// Needs for which somebody was on a waiting list when the quarter ended.
        Waiting = "WAITING",
        /// Searches by people who work here that found nothing in the quarter.
        EmptySearches = "EMPTY_SEARCHES",
        /// Needs for which a service had accepted the person when the quarter ended and was not done yet.
        Caseload = "CASELOAD",
    }
}
