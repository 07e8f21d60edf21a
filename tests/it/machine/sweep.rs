//! What the clock does in the model when deadlines pass.

use super::clock::{Act, DAY};
use super::model::{HOUR, Model};

/// What a run of the clock came to: events by referral, and who was told what of which.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub events: Vec<(usize, &'static str)>,
    pub told: Vec<(usize, &'static str, &'static str)>,
}

/// All that the clock does with referrals beside telling people of them.
pub const ACTS: [&str; 9] = [
    "closeReferralLoop",
    "confirmReferralCancellation",
    "expireReferral",
    "lapseReferralOffer",
    "missReferralReview",
    "offerReferralPlace",
    "purgeReferralDraft",
    "releaseReferralPlace",
    "resumeReferral",
];

/// What is told by the clock and by nothing else.
pub const KINDS: [&str; 12] = [
    "ACKNOWLEDGEMENT_OVERDUE",
    "DECISION_OVERDUE",
    "CONTACT_OVERDUE",
    "OUTCOME_OVERDUE",
    "PARALLEL_REFERRAL_NEEDED",
    "COORDINATOR_TAKES_OVER",
    "QUESTION_UNANSWERED",
    "HOLD_REVIEW_DUE",
    "OBJECTION_UNDECIDED",
    "DISPUTE_UNDECIDED",
    "WAITING_REVIEW_MISSED",
    "DRAFT_PURGED",
];

impl Model {
    /// The clock does all that is due by now, then offers free places to whoever waits.
    pub fn sweep(&mut self) -> Swept {
        let mut swept = Swept::default();
        for on in 0..self.referrals.len() {
            while let Some(due) = self.referrals[on].due().first().copied().filter(|due| due.at <= self.now) {
                match due.act {
                    Act::Tell(kind, whom) => {
                        swept.told.extend(whom.iter().map(|who| (on, kind, *who)));
                        self.referrals[on].times.told.insert(due.step);
                    }
                    Act::Do(event) => self.let_happen(on, event, &mut swept),
                }
            }
        }
        while let Some(on) = self.next_turn() {
            self.hold(on).unwrap();
            let until = self.now + 72 * HOUR;
            let referral = &mut self.referrals[on];
            (referral.status, referral.offered_until) = ("OFFERED", until);
            self.happened(on, "offerReferralPlace", &mut swept);
        }
        swept.events.sort_unstable();
        swept.told.sort_unstable();
        swept
    }

    fn happened(&mut self, on: usize, event: &'static str, swept: &mut Swept) {
        self.referrals[on].version += 1;
        self.referrals[on].times.touched = self.now;
        swept.events.push((on, event));
    }

    fn let_happen(&mut self, on: usize, event: &'static str, swept: &mut Swept) {
        let now = self.now;
        let is_emergency = self.referrals[on].urgency == "EMERGENCY";
        let mut event = event;
        match event {
            "purgeReferralDraft" => {
                self.referrals[on].status = "PURGED";
                swept.told.push((on, "DRAFT_PURGED", "SW"));
            }
            "releaseReferralPlace" => self.give_back(on),
            "missReferralReview" => {
                let times = &mut self.referrals[on].times;
                (times.missed, times.review) = (times.missed + 1, now + 14 * DAY);
                if times.missed >= 2 && !is_emergency {
                    event = "expireReferral";
                    self.end(on, "EXPIRED");
                } else {
                    let whom = ["RS", "SW", "CO"].into_iter().take(2 + usize::from(is_emergency));
                    swept.told.extend(whom.map(|who| (on, "WAITING_REVIEW_MISSED", who)));
                }
            }
            "lapseReferralOffer" => self.lapse(on),
            "expireReferral" => self.end(on, "EXPIRED"),
            "resumeReferral" => {
                let referral = &mut self.referrals[on];
                referral.status = referral.before.take().unwrap();
                referral.goes_on_after(now - referral.times.held);
            }
            "confirmReferralCancellation" => self.end(on, "WITHDRAWN"),
            "closeReferralLoop" => self.referrals[on].closed = true,
            other => panic!("the clock has no {other}"),
        }
        self.happened(on, event, swept);
    }

    /// An offered place is let go; the review of the wait is at least a week away.
    pub(super) fn lapse(&mut self, on: usize) {
        self.give_back(on);
        let least = self.now + 7 * DAY;
        let referral = &mut self.referrals[on];
        referral.status = "WAITLISTED";
        referral.times.lapsed += 1;
        referral.times.review = referral.times.review.max(least);
    }

    /// Who is offered the next free place by the clock: the most urgent, then who has waited longest, and nobody who let
    /// two go.
    fn next_turn(&self) -> Option<usize> {
        let may = |on: &usize| {
            let referral = &self.referrals[*on];
            let service = &self.services[referral.service];
            let free = service.total.is_some_and(|total| service.taken + service.held < total);
            referral.status == "WAITLISTED" && referral.times.lapsed < 2 && service.offers && service.list && free
        };
        let rank = |on: &usize| {
            let referral = &self.referrals[*on];
            let urgency = ["EMERGENCY", "URGENT", "ROUTINE"].iter().position(|known| *known == referral.urgency);
            (urgency, referral.times.waiting, *on)
        };
        (0..self.referrals.len()).filter(may).min_by_key(rank)
    }
}
