//! Beginnings and endings in the model: what sending opens, what an end gives back and what a result means for the need.

use super::model::{Deed, Model, Referral, Refusal};

impl Model {
    pub(super) fn end(&mut self, on: usize, status: &'static str) {
        self.give_back(on);
        self.referrals[on].status = status;
        self.referrals[on].granted = false;
        self.referrals[on].times.ended = self.now;
    }

    pub(super) fn void(&mut self, deed: Deed, part: &'static str) {
        let on = deed.on;
        if self.referrals[on].void_asked.is_none() {
            self.referrals[on].void_asked = Some((part, deed.who));
            return;
        }
        self.end(on, "VOIDED");
        if self.referrals[on].closed {
            self.settle(self.referrals[on].need);
        }
    }

    /// A need stands as the best of what its closed referrals came to; what is void or disputed does not count.
    pub(super) fn settle(&mut self, need: usize) {
        let counts = |known: &&Referral| known.need == need && known.status != "VOIDED";
        let results: Vec<bool> = self.referrals.iter().filter(counts).filter_map(|known| known.meaning).collect();
        self.needs[need].status = match (results.contains(&true), results.is_empty()) {
            (true, _) => "MET",
            (false, false) => "NOT_MET",
            (false, true) => "OPEN",
        };
    }

    pub(super) fn send(&mut self, deed: Deed) -> Result<(), Refusal> {
        let (need, service) = (self.referrals[deed.on].need, self.referrals[deed.on].service);
        if deed.other && !self.services[service].slots {
            return Err("NOT_OFFERED_BY_SERVICE");
        }
        if !self.needs_more(need) {
            return Err("NEED_CLOSED");
        }
        if !self.needs[need].consented {
            return Err("CONSENT_MISSING");
        }
        if deed.other {
            self.hold(deed.on)?;
        }
        let now = self.now;
        let referral = &mut self.referrals[deed.on];
        (referral.sent, referral.granted, referral.slot) = (true, true, deed.other);
        referral.start_clocks(now);
        Ok(())
    }

    pub(super) fn redirect(&mut self, on: usize) -> Result<(), Refusal> {
        let (need, service) = (self.referrals[on].need, self.referrals[on].service);
        if !self.needs_more(need) {
            return Err("NEED_CLOSED");
        }
        // The sender has a referral to it: no other is begun, and the receiver is not told.
        if self.is_open(need, 1 - service) {
            return Ok(());
        }
        self.draft(need, 1 - service, self.referrals[on].goals);
        Ok(())
    }

    pub(super) fn close(&mut self, deed: Deed, part: &'static str) -> Result<(), Refusal> {
        let referral = &mut self.referrals[deed.on];
        let stands = referral.status == "COMPLETED" && referral.verification != "REFUTED";
        let delivered = stands || referral.status == "ENDED_EARLY" || referral.status == "WITHDRAWN" && referral.scored;
        if deed.other && !delivered {
            return Err("INVALID");
        }
        (referral.closed, referral.meaning) = (true, Some(deed.other));
        if stands && part.starts_with('S') {
            referral.verification = "SENDER_CONFIRMED";
        }
        let need = referral.need;
        self.settle(need);
        Ok(())
    }
}
