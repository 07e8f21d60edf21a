//! How far the directory's word on a service can be relied upon: one number from what is known to have happened, with
//! its reasons. It is a pure function, so that anybody can compute it again from the events.

use crate::domain::code::codes;

/// For how many days silence and declines count.
pub const LOOKBACK_DAYS: i64 = 90;
/// After how much of the maximum age, in percent, the provider is reminded.
pub const REMIND_AT_PERCENT: i64 = 75;
/// How many points age takes at the most, a full maximum age.
const AGE_POINTS: i64 = 40;
/// How many points are taken beside for an entry that is stale.
const STALE_POINTS: i64 = 20;
/// How many points a figure of places that nobody has confirmed for two weeks takes.
const CAPACITY_POINTS: i64 = 10;
/// How many points each silence, each unexpected decline and each open correction takes.
const POINTS_EACH: i64 = 10;
/// How many points all of one kind of these take at the most.
const POINTS_OF_KIND: i64 = 20;

codes! {
    /// Why a service's freshness is not at its best.
    pub enum FreshnessReason {
        /// Nobody ever confirmed the entry.
        NeverVerified = "NEVER_VERIFIED",
        /// The last confirmation is older than the maximum age.
        Stale = "STALE",
        /// The last confirmation is older than three quarters of the maximum age.
        Aging = "AGING",
        /// The number of places was last stated more than 14 days ago.
        CapacityOutdated = "CAPACITY_OUTDATED",
        /// Referrals expired, or wait beyond their limit without a receipt.
        Silence = "SILENCE",
        /// Referrals were declined for want of places although places were stated free.
        CapacityDeclines = "CAPACITY_DECLINES",
        /// Somebody found something wrong with the entry, and nobody has answered.
        OpenCorrections = "OPEN_CORRECTIONS",
    }
}

/// What is known of a service, from which its freshness follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signs {
    /// Days since the last confirmation; nothing when there never was one.
    pub verified_days_ago: Option<i64>,
    /// After how many days without a confirmation it is stale.
    pub max_age_days: i64,
    /// Days since the number of places was last stated; nothing when none is stated.
    pub capacity_days_ago: Option<i64>,
    /// Referrals of the last 90 days that expired in silence, and those that wait for a receipt beyond their limit.
    pub silences: i64,
    /// Declines of the last 90 days for want of places although places were stated free.
    pub capacity_declines: i64,
    pub open_corrections: i64,
}

/// A reason with the points it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    pub code: FreshnessReason,
    pub points: i64,
    /// How many there are, where they are counted; days since, where it is an age.
    pub count: Option<i64>,
}

/// How fresh an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// 0 to 100; 100 is an entry that was confirmed today and of which nothing speaks against.
    pub score: i64,
    /// What took points, the weightiest first. A young age takes points without being a reason.
    pub reasons: Vec<Reason>,
}

/// The freshness that follows from the signs.
#[must_use]
pub fn freshness(signs: &Signs) -> Freshness {
    let max = signs.max_age_days.max(1);
    let (age, because) = match signs.verified_days_ago {
        None => (AGE_POINTS + STALE_POINTS, Some(FreshnessReason::NeverVerified)),
        Some(days) if days > max => (AGE_POINTS + STALE_POINTS, Some(FreshnessReason::Stale)),
        Some(days) => {
            let aging = days * 100 >= max * REMIND_AT_PERCENT;
            (AGE_POINTS * days.max(0) / max, aging.then_some(FreshnessReason::Aging))
        }
    };
    let outdated = signs.capacity_days_ago.filter(|days| *days > crate::domain::service::CAPACITY_MAX_AGE_DAYS);
    let each = |count: i64| (POINTS_EACH * count).min(POINTS_OF_KIND);
    let counted = [
        (FreshnessReason::Silence, signs.silences),
        (FreshnessReason::CapacityDeclines, signs.capacity_declines),
        (FreshnessReason::OpenCorrections, signs.open_corrections),
    ];
    let mut reasons: Vec<Reason> = because
        .map(|code| Reason { code, points: age, count: signs.verified_days_ago })
        .into_iter()
        .chain(outdated.map(|days| Reason {
            code: FreshnessReason::CapacityOutdated,
            points: CAPACITY_POINTS,
            count: Some(days),
        }))
        .chain(counted.into_iter().filter(|(_, count)| *count > 0).map(|(code, count)| Reason {
            code,
            points: each(count),
            count: Some(count),
        }))
        .collect();
    let young = if because.is_none() { age } else { 0 };
    let taken: i64 = reasons.iter().map(|reason| reason.points).sum::<i64>() + young;
    reasons.sort_by_key(|reason| (-reason.points, reason.code));
    Freshness { score: (100 - taken).max(0), reasons }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs() -> Signs {
        Signs { verified_days_ago: Some(0), max_age_days: 90, ..Signs::default() }
    }

    fn codes(signs: &Signs) -> Vec<FreshnessReason> {
        freshness(signs).reasons.iter().map(|reason| reason.code).collect()
    }

    #[test]
    fn confirmed_today_and_nothing_against_it_is_the_best() {
        assert_eq!(freshness(&signs()), Freshness { score: 100, reasons: vec![] });
    }

    #[test]
    fn the_score_never_rises_with_age() {
        let score = |days| freshness(&Signs { verified_days_ago: Some(days), ..signs() }).score;
        assert!((0..200).all(|days| score(days + 1) <= score(days)));
        assert_eq!((score(45), score(90), score(91)), (80, 60, 40));
        assert_eq!(freshness(&Signs { verified_days_ago: None, ..signs() }).score, 40);
    }

    #[test]
    fn aging_begins_at_three_quarters_and_stale_after_the_whole() {
        let at = |days| codes(&Signs { verified_days_ago: Some(days), ..signs() });
        assert_eq!(at(67), []);
        assert_eq!(at(68), [FreshnessReason::Aging]);
        assert_eq!(at(90), [FreshnessReason::Aging]);
        assert_eq!(at(91), [FreshnessReason::Stale]);
    }

    #[test]
    fn places_are_unknown_after_fourteen_days() {
        let at = |days| codes(&Signs { capacity_days_ago: Some(days), ..signs() });
        assert_eq!((at(14), at(15)), (vec![], vec![FreshnessReason::CapacityOutdated]));
    }

    #[test]
    fn everything_at_once_is_nothing_left_and_every_reason_is_told() {
        let worst = Signs {
            verified_days_ago: None,
            max_age_days: 90,
            capacity_days_ago: Some(400),
            silences: 9,
            capacity_declines: 9,
            open_corrections: 9,
        };
        let told = freshness(&worst);
        assert_eq!(told.score, 0);
        assert_eq!(told.reasons.len(), 5);
        assert_eq!(told.reasons[0].code, FreshnessReason::NeverVerified);
    }
}
