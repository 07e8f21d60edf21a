//! Inputs of the mutations on referrals.

use crate::domain::global_id::Kind;
use crate::domain::referral::carried::Details;
use crate::domain::referral::{Channel, GoalResult, LoopMeaning, Reason};
use crate::domain::rule::Failure;
use crate::graphql::input::{Reader, private};
use crate::graphql::referral_details::ReferralDetailsInput;
use crate::graphql::scalar::LocalDate;
use crate::usecase::referral::{
    Cited, CloseLoop, Complete, Create, Decline, GoalOutcome, Send, Start, Which, Withdraw,
};
use async_graphql::{ID, InputObject};

/// One need offered to one service.
#[derive(InputObject)]
pub struct CreateReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case that your organization holds.
    pub case_id: ID,
    /// The open need.
    pub need_id: ID,
    /// The service.
    pub service_id: ID,
    /// One location of the service; absent for the service as a whole.
    pub service_at_location_id: Option<ID>,
    /// The goals this referral is about; all of the need's when absent. They are frozen with the referral.
    pub goal_ids: Option<Vec<ID>>,
    /// The consent to send under; the newest that covers it when absent.
    pub consent_id: Option<ID>,
    /// What the receiver needs to know beside the goals, up to 2,000 characters. Write no name and no address.
    pub background: Option<String>,
    /// Whether the person knows of the referral. Without it nothing is sent.
    #[graphql(default)]
    pub person_informed: bool,
    /// Your own reference, unique in your organization, up to 100 characters.
    pub client_reference: Option<String>,
    /// The referral that ended without the need being met, if this is another attempt.
    pub previous_id: Option<ID>,
    /// Send it in the same step; otherwise it stays a draft.
    #[graphql(default)]
    pub send: bool,
    /// With `send`, have a place held until the decision is due, where the service does so.
    #[graphql(default)]
    pub hold_place: bool,
    /// What stands in for a consent that could not be had; the referral is then sent on that ground.
    pub override_id: Option<ID>,
    /// What else it carries.
    pub details: Option<ReferralDetailsInput>,
}

impl CreateReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Create, Failure> {
        let mut reader = Reader::default();
        let create = Create {
            case: reader.key("caseId", Kind::Case, &self.case_id),
            need: reader.key("needId", Kind::Need, &self.need_id),
            service: reader.key("serviceId", Kind::Service, &self.service_id),
            service_at_location: reader.optional(
                "serviceAtLocationId",
                Kind::ServiceAtLocation,
                self.service_at_location_id.as_ref(),
            ),
            goals: reader.keys("goalIds", Kind::Goal, self.goal_ids.as_deref().unwrap_or_default()),
            consent: reader.optional("consentId", Kind::Consent, self.consent_id.as_ref()),
            background: private(self.background.clone()),
            person_informed: self.person_informed,
            client_reference: private(self.client_reference.clone()),
            previous: reader.optional("previousId", Kind::Referral, self.previous_id.as_ref()),
            send: self.send,
            hold_place: self.hold_place,
            stands_in: reader.optional("overrideId", Kind::ConsentOverride, self.override_id.as_ref()),
            details: ReferralDetailsInput::read(self.details.as_ref()),
        };
        reader.settle(create)
    }
}

/// The referral that is meant, in the version that was read.
pub fn which(reader: &mut Reader, id: &ID, expected_version: i32) -> Which {
    Which { referral: reader.key("referralId", Kind::Referral, id), expected_version }
}

/// A draft to send.
#[derive(InputObject)]
pub struct SendReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The draft.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The consent to send under; the newest that covers it when absent.
    pub consent_id: Option<ID>,
    /// Whether the person knows of the referral. Without it nothing is sent.
    pub person_informed: bool,
    /// Have a place held until the decision is due, where the service does so. CAPACITY_TAKEN when none is free.
    #[graphql(default)]
    pub hold_place: bool,
    /// What stands in for a consent that could not be had; the referral is then sent on that ground.
    pub override_id: Option<ID>,
    /// What else it carries; what is absent stays as the draft has it.
    pub details: Option<ReferralDetailsInput>,
}

impl SendReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<(Which, Send, Details), Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let consent = reader.optional("consentId", Kind::Consent, self.consent_id.as_ref());
        let stands_in = reader.optional("overrideId", Kind::ConsentOverride, self.override_id.as_ref());
        let (person_informed, hold_place) = (self.person_informed, self.hold_place);
        let details = ReferralDetailsInput::read(self.details.as_ref());
        reader.settle((which, Send { consent, person_informed, stands_in, hold_place }, details))
    }
}

/// A referral that has arrived.
#[derive(InputObject)]
pub struct AcknowledgeReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
}

/// A referral to take on.
#[derive(InputObject)]
pub struct AcceptReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// When the service is planned to end, from today on; it may be said later.
    pub planned_end_on: Option<LocalDate>,
}

impl AcknowledgeReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Which, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(which)
    }
}

impl AcceptReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<(Which, Option<String>), Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle((which, self.planned_end_on.map(LocalDate::store)))
    }
}

/// Why the receiver says no.
#[derive(InputObject)]
pub struct DeclineReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER.
    pub note: Option<String>,
    /// The key of the published condition that is not met; with NOT_ELIGIBLE either this or `proposedCriterion`. Where
    /// what you were shown of the person meets it, a correction of the entry is opened.
    pub criterion: Option<String>,
    /// The condition that the service has but does not publish, 1 to 500 characters; nothing about the person. It opens a
    /// correction of the entry.
    pub proposed_criterion: Option<String>,
}

impl DeclineReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Decline, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let cited = Cited { criterion: self.criterion.clone(), proposed: self.proposed_criterion.clone() };
        reader.settle(Decline { which, reason: self.reason, note: private(self.note.clone()), cited })
    }
}

/// Why the sender's side takes a referral back.
#[derive(InputObject)]
pub struct WithdrawReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER.
    pub note: Option<String>,
    /// By which way the person themselves asked for it; absent when it is your side that takes it back.
    pub person_channel: Option<Channel>,
}

impl WithdrawReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Withdraw, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let note = private(self.note.clone());
        reader.settle(Withdraw { which, reason: self.reason, note, channel: self.person_channel })
    }
}

/// When the person was first contacted or served.
#[derive(InputObject)]
pub struct StartReferralServiceInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The day of the first contact; not in the future, and not before the day of sending.
    pub first_contact_on: LocalDate,
    /// When the service is planned to end, from today on; what was said on acceptance when absent. The outcome is due two
    /// weeks later, or 90 days after the start when no end is planned.
    pub planned_end_on: Option<LocalDate>,
}

impl StartReferralServiceInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Start, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let planned_end_on = self.planned_end_on.map(LocalDate::store);
        reader.settle(Start { which, first_contact_on: self.first_contact_on.store(), planned_end_on })
    }
}

/// Delivery and outcome of a referral.
#[derive(InputObject)]
pub struct CompleteReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The day on which the service was given; not in the future, and not before the first contact.
    pub service_on: LocalDate,
    /// The day of the first contact; required when the start was not recorded before, and puts right what was recorded. Not
    /// before the day of sending.
    pub first_contact_on: Option<LocalDate>,
    /// What became of each goal, every goal once.
    pub outcomes: Vec<GoalOutcomeInput>,
}

/// What became of one goal.
#[derive(InputObject)]
pub struct GoalOutcomeInput {
    /// The goal.
    pub goal_id: ID,
    /// What was reached.
    pub result: GoalResult,
    /// When it was reached; not in the future.
    pub achieved_on: Option<LocalDate>,
    /// How much, in `unit`; not negative.
    pub quantity: Option<f64>,
    /// The unit of the quantity, 1 to 60 characters.
    pub unit: Option<String>,
    /// What you add, up to 2,000 characters.
    pub note: Option<String>,
}

/// What became of each goal, in the domain's terms.
pub(crate) fn outcomes(reader: &mut Reader, told: &[GoalOutcomeInput]) -> Vec<GoalOutcome> {
    told.iter()
        .enumerate()
        .map(|(at, outcome)| GoalOutcome {
            goal: reader.key(&format!("outcomes.{at}.goalId"), Kind::Goal, &outcome.goal_id),
            result: outcome.result,
            achieved_on: outcome.achieved_on.map(LocalDate::store),
            quantity: outcome.quantity,
            unit: private(outcome.unit.clone()),
            note: private(outcome.note.clone()),
        })
        .collect()
}

impl CompleteReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Complete, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let outcomes = outcomes(&mut reader, &self.outcomes);
        let first_contact_on = self.first_contact_on.map(LocalDate::store);
        reader.settle(Complete { which, service_on: self.service_on.store(), first_contact_on, outcomes })
    }
}

/// What the sender makes of a result.
#[derive(InputObject)]
pub struct CloseReferralLoopInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// What the result means for the need. MET and PARTLY_MET only where something was delivered.
    pub meaning: LoopMeaning,
    /// By which way the person confirmed what was reported; absent when they did not. Only for a COMPLETED referral.
    pub person_confirmed_by: Option<Channel>,
}

impl CloseReferralLoopInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<CloseLoop, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(CloseLoop { which, meaning: self.meaning, confirmed_by: self.person_confirmed_by })
    }
}
