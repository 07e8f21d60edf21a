//! What each command does in the model.

use super::clock::{DAY, end_of_tenth_day};
use super::model::{Deed, HOUR, Model, Refusal};
use super::people::PEOPLE;
use super::rows::is_ended;

impl Model {
    pub(super) fn run(&mut self, deed: Deed) -> Result<(), Refusal> {
        match deed.what {
            "createReferral" => self.begin_anew(deed),
            "redraftReferral" => {
                self.row(deed.who, deed.on, deed.what)?;
                self.again(deed, self.referrals[deed.on].goals)
            }
            "withdrawConsent" => self.withdraw_consent(deed),
            "assignReferral" => self.assign(deed),
            _ => self.step(deed),
        }
    }

    fn begin_anew(&mut self, deed: Deed) -> Result<(), Refusal> {
        self.reads_case(deed)?;
        let previous = self.referrals[deed.on].status;
        if !self.needs_more(self.referrals[deed.on].need) {
            return Err("NEED_CLOSED");
        }
        if previous == "PURGED" {
            return Err("NOT_FOUND");
        }
        if !["DECLINED", "EXPIRED", "WITHDRAWN", "ENDED_EARLY"].contains(&previous) {
            return Err("WRONG_STATE");
        }
        self.again(deed, 2)
    }

    /// The holder's side changes a case; a receiver to whom a window on it is open may read it, and nobody else.
    fn reads_case(&self, deed: Deed) -> Result<(), Refusal> {
        let need = self.referrals[deed.on].need;
        let is_open = self.referrals.iter().any(|known| known.need == need && known.granted);
        match PEOPLE[deed.who].1 {
            ["SW", ..] => Ok(()),
            ["RI" | "RW", ..] if is_open => Err("NOT_PERMITTED"),
            _ => Err("NOT_FOUND"),
        }
    }

    /// Another attempt.
    fn again(&mut self, deed: Deed, goals: usize) -> Result<(), Refusal> {
        let (need, service) = (self.referrals[deed.on].need, usize::from(deed.other));
        if !self.needs_more(need) {
            return Err("NEED_CLOSED");
        }
        if self.is_open(need, service) {
            return Err("DUPLICATE_REFERRAL");
        }
        self.draft(need, service, goals);
        Ok(())
    }

    fn withdraw_consent(&mut self, deed: Deed) -> Result<(), Refusal> {
        // Consents are read by the holder's side alone.
        if !PEOPLE[deed.who].1.contains(&"SW") {
            return Err("NOT_FOUND");
        }
        let need = self.referrals[deed.on].need;
        if !deed.is_fresh {
            return Err("STALE_VERSION");
        }
        if !self.needs[need].consented {
            return Err("CONSENT_MISSING");
        }
        self.needs[need].consented = false;
        for on in 0..self.referrals.len() {
            let referral = &self.referrals[on];
            if referral.need != need || !referral.sent {
                continue;
            }
            if ["SENT", "ACKNOWLEDGED", "INFO_REQUESTED", "WAITLISTED", "OFFERED"].contains(&referral.status) {
                self.end(on, "WITHDRAWN");
                self.touch(on);
                self.committed += 1;
            }
            self.referrals[on].granted = false;
        }
        Ok(())
    }

    fn assign(&mut self, deed: Deed) -> Result<(), Refusal> {
        if !self.sees(deed.who, deed.on) {
            return Err("NOT_FOUND");
        }
        if !PEOPLE[deed.who].1.iter().any(|part| part.starts_with('R')) {
            return Err("NOT_PERMITTED");
        }
        if !deed.is_fresh {
            return Err("STALE_VERSION");
        }
        if is_ended(self.referrals[deed.on].status) {
            return Err("WRONG_STATE");
        }
        self.touch(deed.on);
        Ok(())
    }

    fn touch(&mut self, on: usize) {
        self.referrals[on].version += 1;
        self.referrals[on].times.touched = self.now;
    }

    fn step(&mut self, deed: Deed) -> Result<(), Refusal> {
        let found = self.row(deed.who, deed.on, deed.what);
        if !deed.is_fresh && !matches!(found, Err("NOT_FOUND" | "NOT_PERMITTED")) {
            return Err("STALE_VERSION");
        }
        let (row, part) = found?;
        let on = deed.on;
        match deed.what {
            "sendReferral" => self.send(deed)?,
            "requestReferralInfo" if self.referrals[on].rounds >= 2 => return Err("ASKED_TOO_OFTEN"),
            "answerReferralInfo" if !self.needs[self.referrals[on].need].consented => return Err("CONSENT_MISSING"),
            "acceptReferralPartly" if self.referrals[on].goals < 2 => return Err("INVALID"),
            "waitlistReferral" if !self.services[self.referrals[on].service].list => {
                return Err("NOT_OFFERED_BY_SERVICE");
            }
            "takeReferralOffer" if self.referrals[on].offered_until < self.now => return Err("TOO_LATE"),
            "redirectReferral" => self.redirect(on)?,
            "unacceptReferral" if self.now - self.referrals[on].decided_at > 24 * HOUR => return Err("TOO_LATE"),
            "contestReferralCancellation" | "unacceptReferral" if !self.needs[self.referrals[on].need].consented => {
                return Err("CONSENT_MISSING");
            }
            "closeReferralLoop" => self.close(deed, part)?,
            _ => {}
        }
        self.effects(deed, row.to, part)?;
        self.keep_time(deed);
        self.touch(on);
        Ok(())
    }

    fn effects(&mut self, deed: Deed, to: &'static str, part: &'static str) -> Result<(), Refusal> {
        let (on, now) = (deed.on, self.now);
        match deed.what {
            "acceptReferral" | "takeReferralOffer" | "acceptReferralPartly" => {
                self.take(on)?;
                self.referrals[on].decided_at = now;
                self.referrals[on].times.contact = now + self.referrals[on].contact_within();
                self.referrals[on].goals -= usize::from(deed.what == "acceptReferralPartly");
            }
            "waitlistReferral" | "unacceptReferral" => self.give_back(on),
            "lapseReferralOffer" => self.lapse(on),
            "offerReferralPlace" => {
                self.hold(on)?;
                self.referrals[on].offered_until = now + 72 * HOUR;
            }
            _ => {}
        }
        let referral = &mut self.referrals[on];
        match deed.what {
            "requestReferralInfo" => referral.rounds += 1,
            "unacceptReferral" => referral.overbooked = false,
            "holdReferral" => referral.before = Some(referral.status),
            "requestReferralCancellation" => {
                referral.below = referral.before.filter(|_| referral.status == "ON_HOLD");
                referral.before = Some(referral.status);
            }
            "contestReferralCancellation" => referral.contested = true,
            "decideReferralContest" if !deed.other => referral.contested = false,
            "disputeReferralOutcome" => {
                (referral.dispute, referral.closed) = (Some(false), false);
                referral.verified_before = std::mem::replace(&mut referral.verification, "DISPUTED");
                referral.meaning = None;
                let need = referral.need;
                self.settle(need);
            }
            "decideReferralDispute" => {
                referral.dispute = Some(true);
                referral.verification = if deed.other { referral.verified_before } else { "REFUTED" };
            }
            "completeReferral" | "endReferralEarly" | "confirmReferralCancellation" => referral.scored = true,
            _ => {}
        }
        self.go(deed, to, part);
        Ok(())
    }

    fn go(&mut self, deed: Deed, to: &'static str, part: &'static str) {
        let on = deed.on;
        if deed.what == "voidReferral" {
            return self.void(deed, part);
        }
        if deed.what == "decideReferralContest" {
            // The other of its two rows.
            if deed.other {
                self.referrals[on].scored = true;
                self.end(on, "ENDED_EARLY");
            }
            return;
        }
        match to {
            "=" => {}
            "<" => {
                let referral = &mut self.referrals[on];
                referral.status = referral.before.unwrap();
                referral.before = referral.below.take();
            }
            to if is_ended(to) => self.end(on, to),
            to => self.referrals[on].status = to,
        }
    }

    /// What a step says of the times to come, once it has led where it leads.
    fn keep_time(&mut self, deed: Deed) {
        let now = self.now;
        let referral = &mut self.referrals[deed.on];
        let (accepted, asked) = (referral.decided_at, referral.times.asked);
        let (held, stop_asked) = (referral.times.held, referral.times.stop_asked);
        match deed.what {
            "requestReferralInfo" => referral.times.asked = now,
            "answerReferralInfo" => referral.times.decide += (now - asked).min(7 * DAY),
            "waitlistReferral" => {
                (referral.times.waiting, referral.times.missed) = (Some(now), 0);
                referral.times.review = end_of_tenth_day(now);
            }
            "reviewWaitingReferral" => {
                (referral.times.review, referral.times.missed) = (end_of_tenth_day(now), 0);
            }
            "startReferralService" => (referral.times.started, referral.times.outcome) = (now, now + 90 * DAY),
            "holdReferral" => (referral.times.held, referral.times.review) = (now, end_of_tenth_day(now)),
            "resumeReferral" => referral.goes_on_after(now - held),
            "requestReferralCancellation" => referral.times.stop_asked = now,
            "contestReferralCancellation" => {
                referral.times.contested = now;
                referral.goes_on_after(now - stop_asked);
            }
            // The decision clock stood still from the acceptance on, or from the waiting list on.
            "unacceptReferral" => {
                let since = referral.times.waiting.take().unwrap_or(accepted);
                referral.times.decide += now - since;
            }
            "disputeReferralOutcome" => referral.times.disputed = now,
            "decideReferralDispute" => referral.times.ruled = Some(now),
            _ => {}
        }
    }
}
