//! What befell a referral after its acceptance: what its parties see of it, and its own changes. Texts are for sender and receiver, and for
//! nobody once the referral is void.

use crate::domain::id::ReferralId;
use crate::domain::parts::Parts;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::fragment::Object;
use crate::store::referral_view::View;
use uuid::Uuid;

impl View {
    /// An interruption; that it is, and why as long as there is word back, is no secret from the coordinator, the text beside
    /// it is.
    pub fn hold(&self, parts: &Parts) -> String {
        Object::of(parts)
            .field("since", "r.held_at")
            .field("reason", self.told_on("r.hold_reason"))
            .inside("note", |_| self.told_back("r.hold_note_sealed"))
            .field("from", "r.held_from_status")
            .end()
    }

    /// What the receiver reported on the way, for sender and receiver.
    pub fn progress(&self, parts: &Parts) -> String {
        Object::of(parts)
            .field("done", self.told_back("r.progress_done"))
            .field("planned", self.told_back("r.progress_planned"))
            .field("reported_at", self.of_parties("r.progress_reported_at"))
            .inside("note", |_| self.told_back("r.progress_note_sealed"))
            .end()
    }

    /// A request to stop. The receiver learns the code, because it has to wind down safely, and not the text, which is
    /// often the person's own affair.
    pub fn cancellation(&self, parts: &Parts) -> String {
        let sent = format!("CASE WHEN r.status <> 'VOIDED' AND {} THEN r.cancel_note_sealed END", self.sends);
        Object::of(parts)
            .field("by", "r.cancel_by")
            .field("reason", "r.cancel_reason")
            .inside("note", |_| sent)
            .inside("contest_note", |_| self.of_parties("r.contest_note_sealed"))
            .end()
    }

    /// An objection to a reported outcome.
    pub fn dispute(&self, parts: &Parts) -> String {
        Object::of(parts)
            .field("about", "r.dispute_about")
            .field("by", "r.dispute_by")
            .inside("note", |_| self.of_parties("r.dispute_note_sealed"))
            .field("before", "r.dispute_before")
            .field("decision", "r.dispute_decision")
            .field("decided_at", "r.dispute_decided_at")
            .end()
    }

    /// A request to mark as entered in error; the receiver learns of it when it is done.
    pub fn voiding(&self, parts: &Parts) -> String {
        let Self { sends, coordinates, .. } = self;
        let asked =
            |column: &str| format!("CASE WHEN {sends} OR {coordinates} OR r.status = 'VOIDED' THEN {column} END");
        Object::of(parts)
            .field("asked_at", asked("r.void_asked_at"))
            .field("asked_by", asked("UID(r.void_asked_by)"))
            .field("asked_as", asked("r.void_asked_as"))
            .field("reason", asked("r.void_reason"))
            .field("voided_at", "r.voided_at")
            .end()
    }
}

impl Tx {
    /// Whether the consent under which a referral was sent has not been withdrawn. An expired one ends no service.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn consent_stands(&self, referral: ReferralId) -> Result<bool, Fault> {
        let text = "SELECT 1 AS stands FROM referral r LEFT JOIN consent cn ON cn.id = r.consent_id \
                    LEFT JOIN consent_override co ON co.id = r.override_id WHERE r.id = $1 \
                    AND (cn.id IS NULL OR cn.ended_at IS NULL) \
                    AND (co.verdict IS NULL OR co.verdict <> 'NOT_JUSTIFIED')";
        Ok(!self.rows(text, vec![Uuid::from(referral).into()]).await?.is_empty())
    }

    /// Erases every text that a referral holds, and what was reached for its goals. Written last.
    pub fn erase_texts(&self, referral: ReferralId) {
        let key = || vec![Uuid::from(referral).into()];
        self.run_last(
            "UPDATE referral SET background_sealed = NULL, note_sealed = NULL, client_reference_sealed = NULL, \
             client_reference_index = NULL, hold_note_sealed = NULL, progress_note_sealed = NULL, \
             cancel_note_sealed = NULL, contest_note_sealed = NULL, dispute_note_sealed = NULL, \
             offer_note_sealed = NULL, restrictions_sealed = NULL, restrictions = '[]', help_told = '[]', \
             help_known = NULL WHERE id = $1",
            key(),
        );
        self.run_last(
            "UPDATE referral_goal SET result = NULL, achieved_on = NULL, quantity = NULL, unit_sealed = NULL, \
             note_sealed = NULL WHERE referral_id = $1",
            key(),
        );
        let text = "UPDATE referral_proposal SET reason_sealed = NULL WHERE from_referral_id = $1 OR draft_id = $1";
        self.run_last(text, key());
        let text = "UPDATE plan_item_proposal SET goal_sealed = NULL, reason_sealed = NULL, answer_sealed = NULL \
                    WHERE referral_id = $1";
        self.run_last(text, key());
        // What was asked and answered goes too.
        self.run_last("DELETE FROM referral_question WHERE referral_id = $1", key());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::policy::Sight;
    use crate::domain::referral::course::{Cancellation, Dispute, Hold, Progress, Voiding};
    use crate::store::statement::Sql;
    use serde_json::to_value;

    #[test]
    fn every_field_is_filled() {
        let view = View::of(&mut Sql::default(), &Sight::of(&Actor::Anonymous));
        let all = &Parts::All;
        for (text, value) in [
            (view.hold(all), to_value(Hold::default())),
            (view.progress(all), to_value(Progress::default())),
            (view.cancellation(all), to_value(Cancellation::default())),
            (view.dispute(all), to_value(Dispute::default())),
            (view.voiding(all), to_value(Voiding::default())),
        ] {
            for field in value.unwrap().as_object().unwrap().keys() {
                assert!(text.contains(&format!("'{field}', ")), "{field}");
            }
        }
    }
}
