//! Inputs of the steps before and around a decision.

use crate::domain::global_id::Kind;
use crate::domain::referral::{Channel, Reason};
use crate::domain::rule::{Failure, RuleCode};
use crate::domain::sealed::Private;
use crate::graphql::input::{Reader, private};
use crate::graphql::referral_input::which;
use crate::graphql::scalar::LocalDate;
use crate::usecase::referral::{
    AcceptPartly, Answer, AnswerInfo, Assign, Cited, LapseOffer, OfferPlace, Redirect, RequestInfo, TakeOffer,
    Unaccept, Waitlist,
};
use async_graphql::{ID, InputObject};

/// What a receiver asks before it decides.
#[derive(InputObject)]
pub struct RequestReferralInfoInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// What you ask, 1 to 10 questions of up to 500 characters. Ask for nothing that the consent does not cover.
    pub questions: Vec<String>,
}

impl RequestReferralInfoInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<RequestInfo, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let questions = self.questions.iter().cloned().map(Private::new).collect();
        reader.settle(RequestInfo { which, questions })
    }
}

/// Answers to all that a receiver asked.
#[derive(InputObject)]
pub struct AnswerReferralInfoInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// An answer to every open question.
    pub answers: Vec<ReferralAnswerInput>,
}

impl AnswerReferralInfoInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<AnswerInfo, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let answer =
            |answer: &ReferralAnswerInput| Answer { position: answer.number, text: Private::new(answer.text.clone()) };
        // No more than can be asked are looked at one by one.
        reader.check(self.answers.len() <= 100, "answers", RuleCode::TooLong);
        let answers = self.answers.iter().take(100).map(answer).collect();
        reader.settle(AnswerInfo { which, answers })
    }
}

/// An answer to one question.
#[derive(InputObject)]
pub struct ReferralAnswerInput {
    /// The question's number in its round, from 1.
    pub number: i32,
    /// The answer, up to 500 characters. Write no name and no address.
    pub text: String,
}

/// Which part of a referral is taken on.
#[derive(InputObject)]
pub struct AcceptReferralPartlyInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The goals that you take on: at least one, and not all of them.
    pub taken_goal_ids: Vec<ID>,
}

impl AcceptReferralPartlyInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<AcceptPartly, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let taken = reader.keys("takenGoalIds", Kind::Goal, &self.taken_goal_ids);
        reader.settle(AcceptPartly { which, taken })
    }
}

/// Somebody to put on the waiting list; at least one of the two days is needed.
#[derive(InputObject)]
pub struct WaitlistReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The day on which a place is expected; today or later.
    pub expected_on: Option<LocalDate>,
    /// The day on which you look at it again, within 90 days; the expected day when absent, at the latest after 90 days.
    pub review_on: Option<LocalDate>,
}

impl WaitlistReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Waitlist, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let day = |day: Option<LocalDate>| day.map(|day| day.0);
        reader.settle(Waitlist { which, expected_on: day(self.expected_on), review_on: day(self.review_on) })
    }
}

/// Until when somebody waits on; at least one of the two days is needed.
#[derive(InputObject)]
pub struct ReviewWaitingReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The day on which a place is expected; today or later.
    pub expected_on: Option<LocalDate>,
    /// The day on which you look at it again, within 90 days; the expected day when absent, at the latest after 90 days.
    pub review_on: Option<LocalDate>,
}

impl ReviewWaitingReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Waitlist, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let day = |day: Option<LocalDate>| day.map(|day| day.0);
        reader.settle(Waitlist { which, expected_on: day(self.expected_on), review_on: day(self.review_on) })
    }
}

/// To whom a place is offered.
#[derive(InputObject)]
pub struct OfferReferralPlaceInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// Why it is not their turn, up to 2,000 characters; required for whom is not first in the published order.
    pub out_of_order_reason: Option<String>,
}

impl OfferReferralPlaceInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<OfferPlace, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(OfferPlace { which, out_of_order: private(self.out_of_order_reason.clone()) })
    }
}

/// An offered place to take.
#[derive(InputObject)]
pub struct TakeReferralOfferInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// By which way the person themselves said so; absent when you only know it.
    pub person_channel: Option<Channel>,
}

impl TakeReferralOfferInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<TakeOffer, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(TakeOffer { which, channel: self.person_channel })
    }
}

/// An offered place to let go.
#[derive(InputObject)]
pub struct LapseReferralOfferInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// By which way the person themselves said so; absent when you only know it.
    pub person_channel: Option<Channel>,
}

impl LapseReferralOfferInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<LapseOffer, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(LapseOffer { which, channel: self.person_channel })
    }
}

/// A better service, and why this one is not it.
#[derive(InputObject)]
pub struct RedirectReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The better service; another than the one it was sent to, and one that the sender can see too.
    pub better_service_id: ID,
    /// The reason; WRONG_SERVICE when nothing is said.
    #[graphql(default_with = "Reason::WrongService")]
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER, and with NOT_ELIGIBLE where neither
    /// `criterion` nor `proposedCriterion` says why.
    pub note: Option<String>,
    /// The key of the published condition that is not met; with NOT_ELIGIBLE alone. Where what you were shown of the
    /// person meets it, a correction of the entry is opened.
    pub criterion: Option<String>,
    /// The condition that the service has but does not publish, 1 to 500 characters; nothing about the person. It opens a
    /// correction of the entry.
    pub proposed_criterion: Option<String>,
}

impl RedirectReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Redirect, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let service = reader.key("betterServiceId", Kind::Service, &self.better_service_id);
        let cited = Cited { criterion: self.criterion.clone(), proposed: self.proposed_criterion.clone() };
        let note = private(self.note.clone());
        reader.settle(Redirect { which, service, reason: self.reason, note, cited })
    }
}

/// Why an acceptance is taken back.
#[derive(InputObject)]
pub struct UnacceptReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// The reason, one of those for which it could have been declined.
    pub reason: Reason,
    /// A text beside the reason, up to 2,000 characters; required with OTHER.
    pub note: Option<String>,
}

impl UnacceptReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Unaccept, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        reader.settle(Unaccept { which, reason: self.reason, note: private(self.note.clone()) })
    }
}

/// Who of your people works on a referral.
#[derive(InputObject)]
pub struct AssignReferralInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The referral.
    pub referral_id: ID,
    /// The referral's version that you read.
    pub expected_version: i32,
    /// An active member of your organization who decides or delivers in the program; nobody when absent.
    pub member_id: Option<ID>,
}

impl AssignReferralInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Assign, Failure> {
        let mut reader = Reader::default();
        let which = which(&mut reader, &self.referral_id, self.expected_version);
        let member = reader.optional("memberId", Kind::Member, self.member_id.as_ref());
        reader.settle(Assign { which, member })
    }
}
