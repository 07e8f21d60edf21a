//! The commands, and the input of each.

use super::model::{Deed, Referral};
use crate::support::verbs::{Story, key};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

/// What somebody can try with a referral.
pub const COMMANDS: [&str; 33] = [
    "createReferral",
    "sendReferral",
    "acknowledgeReferral",
    "requestReferralInfo",
    "answerReferralInfo",
    "acceptReferral",
    "acceptReferralPartly",
    "waitlistReferral",
    "reviewWaitingReferral",
    "offerReferralPlace",
    "takeReferralOffer",
    "lapseReferralOffer",
    "declineReferral",
    "redirectReferral",
    "startReferralService",
    "holdReferral",
    "resumeReferral",
    "reportReferralProgress",
    "completeReferral",
    "endReferralEarly",
    "unacceptReferral",
    "withdrawReferral",
    "requestReferralCancellation",
    "confirmReferralCancellation",
    "contestReferralCancellation",
    "decideReferralContest",
    "voidReferral",
    "closeReferralLoop",
    "disputeReferralOutcome",
    "decideReferralDispute",
    "redraftReferral",
    "assignReferral",
    "withdrawConsent",
];

/// The commands whose availability a referral does not announce.
pub const UNANNOUNCED: [&str; 3] = ["createReferral", "assignReferral", "withdrawConsent"];

/// The commands that begin another referral.
pub const BEGINNING: [&str; 3] = ["createReferral", "redraftReferral", "redirectReferral"];

/// The commands by which somebody can record what the person themselves asked for: rows 10, 11, 21, 22, 25 and 30.
pub const FOR_PERSON: [&str; 6] = [
    "takeReferralOffer",
    "lapseReferralOffer",
    "withdrawReferral",
    "requestReferralCancellation",
    "disputeReferralOutcome",
    "withdrawConsent",
];

/// What an input is about.
pub struct About<'a> {
    pub referral: &'a Referral,
    pub id: &'a str,
    pub story: &'a Story,
    pub services: &'a [String],
    pub worker: &'a str,
    pub consent: (&'a str, i64),
    pub today: Date,
}

impl About<'_> {
    /// An input with which nothing is wrong but what the model knows.
    pub fn input(&self, deed: Deed) -> Value {
        let old = i64::from(!deed.is_fresh);
        let mut input = match deed.what {
            "createReferral" => json!({ "caseId": self.story.case, "needId": self.story.need, "previousId": self.id,
                "serviceId": self.services[usize::from(deed.other)] }),
            "redraftReferral" => {
                json!({ "previousId": self.id, "serviceId": self.services[usize::from(deed.other)] })
            }
            "withdrawConsent" => json!({ "consentId": self.consent.0, "expectedVersion": self.consent.1 - old }),
            _ => {
                let mut input = self.more(deed);
                input["referralId"] = json!(self.id);
                input["expectedVersion"] = json!(self.referral.version - old);
                input
            }
        };
        if deed.speaks_for_person() {
            input["personChannel"] = json!("PHONE");
        }
        input["idempotencyKey"] = json!(key());
        input
    }

    fn more(&self, deed: Deed) -> Value {
        let today = self.today.to_string();
        let later = self.today.saturating_add(10.days()).to_string();
        let outcomes = || {
            let goals = self.story.goals.iter().take(self.referral.goals);
            goals.map(|goal| json!({ "goalId": goal, "result": "ACHIEVED" })).collect::<Value>()
        };
        let of_two = |one: &str, other: &str| json!(if deed.other { other } else { one });
        match deed.what {
            "sendReferral" => json!({ "personInformed": true, "holdPlace": deed.other }),
            "requestReferralInfo" => json!({ "questions": ["which school"] }),
            "answerReferralInfo" => json!({ "answers": [{ "number": 1, "text": "the one by the river" }] }),
            "acceptReferralPartly" => json!({ "takenGoalIds": [self.story.goals[0]] }),
            "waitlistReferral" | "reviewWaitingReferral" => json!({ "reviewOn": later }),
            "offerReferralPlace" => json!({ "outOfOrderReason": "lives next door" }),
            "declineReferral" => json!({ "reason": "OUT_OF_AREA" }),
            "redirectReferral" => json!({ "betterServiceId": self.services[1 - self.referral.service] }),
            "startReferralService" => json!({ "firstContactOn": today }),
            "holdReferral" => json!({ "reason": "PERSON_UNREACHABLE", "reviewOn": later }),
            "reportReferralProgress" => json!({ "done": 2, "planned": 10 }),
            "completeReferral" => {
                json!({ "firstContactOn": today, "serviceOn": today, "outcomes": outcomes() })
            }
            "endReferralEarly" => json!({ "reason": "FUNDING_ENDED", "outcomes": outcomes() }),
            "unacceptReferral" => json!({ "reason": "NO_CAPACITY" }),
            "withdrawReferral" => json!({ "reason": "PERSON_MOVED" }),
            "requestReferralCancellation" => json!({ "reason": "REMIGRATED" }),
            "confirmReferralCancellation" => json!({ "outcomes": outcomes() }),
            "contestReferralCancellation" => json!({ "statement": "wants to finish the course" }),
            "decideReferralContest" if deed.other => json!({ "decision": "STOP", "outcomes": outcomes() }),
            "decideReferralContest" => json!({ "decision": "CONTINUE" }),
            "voidReferral" => json!({ "reason": "TEST_RECORD" }),
            "closeReferralLoop" => json!({ "meaning": of_two("NOT_MET", "MET") }),
            "disputeReferralOutcome" => json!({ "about": "NOT_RECEIVED" }),
            "decideReferralDispute" => json!({ "decision": of_two("UPHELD", "REJECTED") }),
            "assignReferral" => json!({ "memberId": self.worker }),
            _ => json!({}),
        }
    }
}
