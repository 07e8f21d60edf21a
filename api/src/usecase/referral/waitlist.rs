//! Putting somebody on the waiting list.

use super::held::let_go;
use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::clock::date_of;
use crate::domain::id::ReferralId;
use crate::domain::referral::decision::REVIEW_DAYS;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

/// Until when somebody waits: at least one of the two days.
#[derive(Debug, Clone, Copy)]
pub struct Waitlist {
    pub which: Which,
    /// When a place is expected; today or later.
    pub expected_on: Option<Date>,
    /// When the receiver looks at it again; from tomorrow on, within 90 days.
    pub review_on: Option<Date>,
}

/// The receiver puts the person on its waiting list; the need still counts as unmet. What was held is let go.
///
/// # Errors
/// Those of `choose`; NOT_OFFERED_BY_SERVICE where the service keeps no list; REQUIRED; DATE_OUT_OF_RANGE.
pub async fn waitlist(app: &App, ask: Ask<'_>, input: Waitlist) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    let review = review_of(&input, app.clock.now())?;
    let chosen = choose(&work, input.which, Command::Waitlist).await?;
    if !chosen.referral.service.keeps_waiting_list {
        return Err(Rule::at("referralId", RuleCode::NotOfferedByService).into());
    }
    let facts = let_go(&work, &chosen.referral, Facts::default()).set("waitlisted_at", work.deed.now);
    go(&work, &chosen, Status::Waitlisted, waiting(facts, &input, review)).await?;
    work.record(&happening(&chosen, Status::Waitlisted, None)).await?;
    work.commit(chosen.referral.id).await
}

/// What is set of somebody who waits until a review, beside `facts`.
pub(super) fn waiting(facts: Facts, input: &Waitlist, review: i64) -> Facts {
    facts
        .set("expected_on", input.expected_on.map(|day| day.to_string()))
        .set("review_due_at", review)
        .set("reviews_missed", 0)
        .due(Some(review))
}

/// The end of the day of the review, in UTC microseconds: the day named, or the day on which a place is expected, at
/// the latest after 90 days.
pub(super) fn review_of(input: &Waitlist, now: Timestamp) -> Result<i64, Failure> {
    let today = date_of(now);
    let last = today.saturating_add(REVIEW_DAYS.days());
    let mut rules = Rules::default();
    rules.check(input.expected_on.or(input.review_on).is_some(), "reviewOn", RuleCode::Required);
    rules.check(input.expected_on.is_none_or(|day| day >= today), "expectedOn", RuleCode::DateOutOfRange);
    let fits = |day: Date| today < day && day <= last;
    rules.check(input.review_on.is_none_or(fits), "reviewOn", RuleCode::DateOutOfRange);
    rules.settle()?;
    let day = input.review_on.or(input.expected_on).unwrap_or(last).min(last);
    let end = TimeZone::UTC.to_timestamp(day.saturating_add(1.day()).at(0, 0, 0, 0));
    Ok(end.unwrap_or(Timestamp::MAX).as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::Failure;

    #[test]
    fn a_review_is_on_the_day_named_or_expected_and_within_ninety_days() {
        let now: Timestamp = "2026-11-25T09:00:00Z".parse().unwrap();
        let end = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let of = |expected: Option<&str>, review: Option<&str>| {
            let day = |text: &str| text.parse().unwrap();
            let which = Which { referral: ReferralId::default(), expected_version: 1 };
            review_of(&Waitlist { which, expected_on: expected.map(day), review_on: review.map(day) }, now)
        };
        assert_eq!(of(Some("2026-12-01"), None).unwrap(), end("2026-12-02T00:00:00Z"));
        assert_eq!(of(Some("2026-12-01"), Some("2026-12-10")).unwrap(), end("2026-12-11T00:00:00Z"));
        assert_eq!(of(Some("2027-12-01"), None).unwrap(), end("2027-02-24T00:00:00Z"), "ninety days");
        assert_eq!(of(None, Some("2027-02-23")).unwrap(), end("2027-02-24T00:00:00Z"));
        for (expected, review) in
            [(None, None), (Some("2026-11-24"), None), (None, Some("2026-11-25")), (None, Some("2027-02-24"))]
        {
            assert!(matches!(of(expected, review), Err(Failure::Rules(_))), "{expected:?} {review:?}");
        }
    }
}
