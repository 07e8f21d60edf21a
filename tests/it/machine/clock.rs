//! When the clock has something to do in the model: the design's deadlines, written a second time.

use super::model::{HOUR, Referral};
use std::collections::BTreeSet;

pub const DAY: i64 = 24 * HOUR;

/// When things happened to a referral and when the next ones are due, in UTC microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    pub touched: i64,
    pub acknowledge: i64,
    pub decide: i64,
    pub asked: i64,
    /// Since when it waits for a place, or waited before it was taken on.
    pub waiting: Option<i64>,
    /// Of a waiting list or of an interruption.
    pub review: i64,
    pub contact: i64,
    pub started: i64,
    pub outcome: i64,
    pub held: i64,
    pub stop_asked: i64,
    pub contested: i64,
    pub disputed: i64,
    pub ruled: Option<i64>,
    pub ended: i64,
    pub missed: u32,
    pub lapsed: u32,
    /// What was told, by its step and what tells its rounds apart.
    pub told: BTreeSet<(&'static str, i64)>,
}

/// What the clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Tells these of that.
    Tell(&'static str, &'static [&'static str]),
    /// Does what an event of this name says.
    Do(&'static str),
}

/// Something that the clock has to do, once.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    pub at: i64,
    pub step: (&'static str, i64),
    pub act: Act,
}

/// Hours to acknowledge (none: two working days), to decide and to the first contact.
fn limits(urgency: &str) -> (Option<i64>, i64, i64) {
    match urgency {
        "EMERGENCY" => (Some(1), 24, 24),
        "URGENT" => (Some(24), 72, 72),
        _ => (None, 14 * 24, 14 * 24),
    }
}

/// The same time of day two working days later, Saturday and Sunday being none.
fn two_working_days_after(from: i64) -> i64 {
    let (mut at, mut left) = (from, 2);
    while left > 0 {
        at += DAY;
        // 1970 began on a Thursday.
        let monday_is_zero = (at.div_euclid(DAY) + 3).rem_euclid(7);
        left -= i32::from(monday_is_zero < 5);
    }
    at
}

/// The end of the day that is ten days from now.
pub fn end_of_tenth_day(now: i64) -> i64 {
    (now.div_euclid(DAY) + 11) * DAY
}

impl Referral {
    /// It was sent: its clocks start, and are frozen.
    pub(super) fn start_clocks(&mut self, now: i64) {
        let (acknowledge, decide, _) = limits(self.urgency);
        self.times.acknowledge = acknowledge.map_or_else(|| two_working_days_after(now), |hours| now + hours * HOUR);
        self.times.decide = now + decide * HOUR;
        self.sent_at = now;
    }

    pub(super) fn contact_within(&self) -> i64 {
        limits(self.urgency).2 * HOUR
    }

    /// What was due moves by the time for which a service stood still.
    pub(super) fn goes_on_after(&mut self, paused: i64) {
        match self.status {
            "ACCEPTED" => self.times.contact += paused,
            "IN_SERVICE" => self.times.outcome += paused,
            _ => {}
        }
    }

    /// The three rungs of a limit that ends at `due`: at it, at one and a half times and at twice it.
    fn ladder(&self, what: &'static str, anchor: i64, limit: i64, due: i64) -> Vec<Due> {
        let (kind, steps) = match what {
            "ACKNOWLEDGE" => ("ACKNOWLEDGEMENT_OVERDUE", ["ACKNOWLEDGE_100", "ACKNOWLEDGE_150", ""]),
            "DECIDE" => ("DECISION_OVERDUE", ["DECIDE_100", "DECIDE_150", "DECIDE_200"]),
            "CONTACT" => ("CONTACT_OVERDUE", ["CONTACT_100", "CONTACT_150", "CONTACT_200"]),
            _ => ("OUTCOME_OVERDUE", ["OUTCOME_100", "OUTCOME_150", "OUTCOME_200"]),
        };
        let before_decision = what == "ACKNOWLEDGE" || what == "DECIDE";
        let [first, second, third]: [Option<Act>; 3] = match self.urgency {
            "EMERGENCY" => {
                let both: &[&str] = if what == "ACKNOWLEDGE" { &["RS", "SS", "CO"] } else { &["RS", "SS"] };
                let parallel = if before_decision { "PARALLEL_REFERRAL_NEEDED" } else { kind };
                [
                    Some(Act::Tell(kind, both)),
                    Some(Act::Tell(parallel, &["CO"])),
                    Some(Act::Tell("COORDINATOR_TAKES_OVER", &["CO"])),
                ]
            }
            urgency => {
                let half: &[&str] = if urgency == "URGENT" { &["SS", "CO"] } else { &["SS"] };
                let last = match what {
                    "ACKNOWLEDGE" => None,
                    "DECIDE" => Some(Act::Do("expireReferral")),
                    _ => Some(Act::Tell("COORDINATOR_TAKES_OVER", &["CO"])),
                };
                [Some(Act::Tell(kind, &["RS"])), Some(Act::Tell(kind, half)), last]
            }
        };
        let steps = if steps[2].is_empty() { [steps[0], steps[1], "ACKNOWLEDGE_200"] } else { steps };
        let rungs = [(0, steps[0], first), (1, steps[1], second), (2, steps[2], third)];
        let due = |(halves, step, act): (i64, &'static str, Option<Act>)| {
            act.map(|act| Due { at: due + limit * halves / 2, step: (step, anchor), act })
        };
        rungs.into_iter().filter_map(due).collect()
    }

    /// The decision's ladder and the place that is held until it is due; a pause moves both.
    fn deciding(&self, pause: i64) -> Vec<Due> {
        let due = self.times.decide + pause;
        let mut all = self.ladder("DECIDE", 0, limits(self.urgency).1 * HOUR, due);
        if self.slot {
            all.push(Due { at: due, step: ("SLOT", 0), act: Act::Do("releaseReferralPlace") });
        }
        all
    }

    /// All that the clock has to do while nobody moves the referral.
    pub fn due(&self) -> Vec<Due> {
        let times = &self.times;
        let once = |step, at, event| Due { at, step: (step, 0), act: Act::Do(event) };
        let tell = |step, anchor, at, kind, whom| Due { at, step: (step, anchor), act: Act::Tell(kind, whom) };
        let mut all = match self.status {
            "DRAFT" => vec![once("PURGE", times.touched + 30 * DAY, "purgeReferralDraft")],
            "SENT" => {
                let limit = times.acknowledge - self.sent_at;
                [self.ladder("ACKNOWLEDGE", 0, limit, times.acknowledge), self.deciding(0)].concat()
            }
            "ACKNOWLEDGED" => self.deciding(0),
            "INFO_REQUESTED" => {
                let week = times.asked + 7 * DAY;
                let told = tell("INFO_UNANSWERED", times.asked, week, "QUESTION_UNANSWERED", &["SW", "RI"]);
                [vec![told], self.deciding(7 * DAY)].concat()
            }
            "WAITLISTED" => vec![once("REVIEW", times.review, "missReferralReview")],
            "OFFERED" => vec![once("OFFER", self.offered_until, "lapseReferralOffer")],
            "ACCEPTED" => self.ladder("CONTACT", self.decided_at, self.contact_within(), times.contact),
            "IN_SERVICE" => self.ladder("OUTCOME", times.started, 14 * DAY, times.outcome),
            "ON_HOLD" => vec![
                tell("HOLD_REVIEW", times.review, times.review, "HOLD_REVIEW_DUE", &["RW", "SW"]),
                once("RESUME", times.review + 14 * DAY, "resumeReferral"),
            ],
            "CANCEL_REQUESTED" => vec![once("CONFIRM", times.stop_asked + 72 * HOUR, "confirmReferralCancellation")],
            "COMPLETED" | "ENDED_EARLY" | "DECLINED" | "EXPIRED" | "WITHDRAWN" if self.sent && !self.closed => {
                match self.dispute {
                    Some(false) => {
                        let at = times.disputed;
                        vec![tell("DISPUTE", at, at + 5 * DAY, "DISPUTE_UNDECIDED", &["CO"])]
                    }
                    _ => vec![once("LOOP", times.ruled.unwrap_or(times.ended) + 30 * DAY, "closeReferralLoop")],
                }
            }
            _ => Vec::new(),
        };
        if self.contested && ["ACCEPTED", "IN_SERVICE", "ON_HOLD"].contains(&self.status) {
            let at = times.contested;
            all.push(tell("CONTEST", at, at + 5 * DAY, "OBJECTION_UNDECIDED", &["CO"]));
        }
        all.retain(|due| !times.told.contains(&due.step));
        all.sort_by_key(|due| due.at);
        all
    }

    /// When the clock must have looked at it, if it must.
    pub fn looked_at_by(&self) -> Option<i64> {
        self.due().first().map(|due| due.at)
    }
}
