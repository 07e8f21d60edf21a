//! When the clock must look at a referral that a step has just moved: reckoned here, in the one place through which
//! every step goes, so that no step can forget it.

use crate::domain::referral::clocks::next_look;
use crate::domain::referral::{Referral, Status, Times};
use crate::store::referral_writes::Facts;
use sea_orm::Value;

impl Facts {
    /// These facts, with the instant at which the clock looks next: the earliest of what the step said and what the
    /// referral's deadlines say.
    #[must_use]
    pub(super) fn armed(self, before: &Referral, to: Status, now: i64) -> Self {
        let after = self.laid_over(before, to, now);
        let said = self.instant("clock_at").flatten();
        let next = next_look(&after).into_iter().chain(said).min();
        self.set("clock_at", next)
    }

    /// The instant that a step sets, if it sets one at all.
    fn instant(&self, column: &str) -> Option<Option<i64>> {
        self.value(column).map(|value| if let Value::BigInt(at) = value { *at } else { None })
    }

    /// The referral as it will be, as far as the clock goes by it.
    fn laid_over(&self, before: &Referral, to: Status, now: i64) -> Referral {
        let (times, due) = (&before.times, &before.due);
        let instant = |column, kept| self.instant(column).unwrap_or(kept);
        let text = |column, kept: &Option<String>| match self.value(column) {
            Some(Value::String(text)) => text.clone(),
            _ => kept.clone(),
        };
        let mut after = Referral { status: to, urgency: before.urgency, ..Referral::default() };
        after.times = Times {
            updated_at: now,
            sent_at: instant("sent_at", times.sent_at),
            decided_at: instant("decided_at", times.decided_at),
            started_at: instant("started_at", times.started_at),
            ended_at: instant("ended_at", times.ended_at),
            loop_closed_at: instant("loop_closed_at", times.loop_closed_at),
            info_asked_at: instant("info_asked_at", times.info_asked_at),
            waitlisted_at: instant("waitlisted_at", times.waitlisted_at),
            cancel_asked_at: instant("cancel_asked_at", times.cancel_asked_at),
            contested_at: instant("contested_at", times.contested_at),
            disputed_at: instant("disputed_at", times.disputed_at),
            ..Times::default()
        };
        after.due.acknowledge = instant("acknowledge_due_at", due.acknowledge);
        after.due.decide = instant("decide_due_at", due.decide);
        after.due.contact = instant("contact_due_at", due.contact);
        after.due.decide_from = instant("decide_from_at", due.decide_from);
        after.due.review = instant("review_due_at", due.review);
        after.due.offer_until = instant("offer_until_at", due.offer_until);
        after.due.slot_until = instant("slot_until_at", due.slot_until);
        after.due.outcome = instant("outcome_due_at", due.outcome);
        after.due.unreachable = instant("unreachable_at", due.unreachable);
        after.due.limits = due.limits;
        after.dispute.decided_at = instant("dispute_decided_at", before.dispute.decided_at);
        after.expected_on = text("expected_on", &before.expected_on);
        after.planned_end_on = text("planned_end_on", &before.planned_end_on);
        after.offers_lapsed = match self.value("offers_lapsed") {
            Some(Value::Int(Some(count))) => *count,
            _ => before.offers_lapsed,
        };
        after
    }
}
