//! What a referral shows of the steps before a decision, and what can be done to it.

use crate::domain::clock::date_of;
use crate::domain::global_id::Kind;
use crate::domain::policy::parties;
use crate::domain::referral::beside::Beside;
use crate::domain::referral::table::{TRANSITIONS, available};
use crate::domain::referral::{self, Command, Party, Question};
use crate::domain::rule::Fault;
use crate::graphql::context::Here;
use crate::graphql::referral_parts::{AvailableAction, UnavailableBecause};
use crate::graphql::scalar::{DateTime, LocalDate, id};
use async_graphql::{Context, ID, SimpleObject};

/// A question of the receiver, and the sender's answer.
#[derive(SimpleObject)]
pub struct ReferralInfoRequest {
    /// The round in which it was asked, from 1; there are no more than two.
    round: i32,
    /// Its number in its round, from 1; the answer names it.
    number: i32,
    /// What the receiver asks; null where it is not released to you any more.
    question: Option<String>,
    /// When it was asked.
    asked_at: DateTime,
    /// What the sender answers; null until then, and where it is not released to you any more.
    answer: Option<String>,
    /// When it was answered; null until then.
    answered_at: Option<DateTime>,
}

/// All questions, round by round.
///
/// # Errors
/// A text that can't be opened.
pub fn info_requests(ctx: &Context<'_>, referral: &referral::Referral) -> Result<Vec<ReferralInfoRequest>, Fault> {
    let told = |asked: &Question| {
        Ok(ReferralInfoRequest {
            round: asked.round,
            number: asked.position,
            question: ctx.app().question_text(asked)?.map(|text| text.into_inner()),
            asked_at: DateTime(asked.asked_at),
            answer: ctx.app().answer_text(asked)?.map(|text| text.into_inner()),
            answered_at: asked.answered_at.map(DateTime),
        })
    };
    referral.decision.questions.iter().map(told).collect()
}

/// The condition on which a decline for ineligibility rests: one that the service publishes, or one that it should.
#[derive(SimpleObject)]
pub struct IneligibleBecause {
    /// The key of the published condition; `service.criteria` tells what it says.
    criterion: Option<String>,
    /// The condition that the receiver proposes to publish.
    proposed: Option<String>,
}

/// The condition on which a decline rests, where one is told.
#[must_use]
pub fn ineligible_because(referral: &referral::Referral) -> Option<IneligibleBecause> {
    let (criterion, proposed) =
        (referral.decision.cited_criterion.clone(), referral.decision.proposed_criterion.clone());
    (criterion.is_some() || proposed.is_some()).then_some(IneligibleBecause { criterion, proposed })
}

/// Where a referral stands on a waiting list. The list is that of the service and location it was sent to, ordered by
/// urgency first and then by the time of waitlisting.
#[derive(SimpleObject)]
pub struct ReferralWaiting {
    /// When it was put on the list.
    since: Option<DateTime>,
    /// The day on which a place is expected, as the receiver says.
    expected_on: Option<LocalDate>,
    /// By when the receiver looks at it again.
    review_due_at: Option<DateTime>,
    /// Its place on the list, from 1.
    position: i64,
    /// How many are on the list.
    length: i64,
}

/// Where it stands on the list, while it does.
#[must_use]
pub fn waiting(referral: &referral::Referral) -> Option<ReferralWaiting> {
    referral.decision.waiting.map(|waiting| ReferralWaiting {
        since: referral.times.waitlisted_at.map(DateTime),
        expected_on: LocalDate::stored(referral.expected_on.as_deref()),
        review_due_at: referral.due.review.map(DateTime),
        position: waiting.position,
        length: waiting.length,
    })
}

/// Places that are held or were offered for a referral.
#[derive(SimpleObject)]
pub struct ReferralHeldPlace {
    /// Until when an offered place is held; null when none is.
    offered_until_at: Option<DateTime>,
    /// Until when a place is held from sending on; null when none is.
    slot_until_at: Option<DateTime>,
    /// How often an offered place was let go.
    offers_lapsed: i32,
    /// Why the place was offered out of the published order; for the receiver's side.
    out_of_order_reason: Option<String>,
}

/// What is held for a referral.
///
/// # Errors
/// A text that can't be opened.
pub fn held_place(ctx: &Context<'_>, referral: &referral::Referral) -> Result<ReferralHeldPlace, Fault> {
    Ok(ReferralHeldPlace {
        offered_until_at: referral.due.offer_until.map(DateTime),
        slot_until_at: referral.due.slot_until.map(DateTime),
        offers_lapsed: referral.offers_lapsed,
        out_of_order_reason: ctx.app().offer_note(referral)?.map(|text| text.into_inner()),
    })
}

/// The better service that a receiver named when it declined.
#[derive(SimpleObject)]
pub struct ReferralRedirection {
    /// The better service.
    service_id: ID,
    /// The draft to it that was begun for the sender, or the open referral to it that the sender had already; only for the
    /// sender.
    draft_id: Option<ID>,
}

/// Where it was redirected to, if it was.
#[must_use]
pub fn redirection(referral: &referral::Referral) -> Option<ReferralRedirection> {
    referral.decision.redirected.as_ref().map(|redirected| ReferralRedirection {
        service_id: id(Kind::Service, redirected.service_id),
        draft_id: redirected.draft_id.map(|draft| id(Kind::Referral, draft)),
    })
}

/// The receiver's member who works on a referral.
#[derive(SimpleObject)]
pub struct ReferralAssignee {
    /// The member's public identifier.
    member_id: ID,
    /// The member's name.
    name: String,
}

/// Who works on it, for the receiver's side.
#[must_use]
pub fn assignee(referral: &referral::Referral) -> Option<ReferralAssignee> {
    let assignee = referral.decision.assignee.as_ref()?;
    Some(ReferralAssignee { member_id: id(Kind::Member, assignee.id), name: assignee.name.clone() })
}

/// Whether a sent referral reaches anybody, for those who can do something about it.
pub fn is_deliverable(ctx: &Context<'_>, referral: &referral::Referral) -> Option<bool> {
    let may_know = |party: &Party| matches!(party, Party::SenderWorker | Party::SenderSupervisor | Party::Coordinator);
    let is_told = parties(ctx.actor(), referral).iter().any(may_know) && referral.times.sent_at.is_some();
    is_told.then_some(referral.due.unreachable.is_none())
}

/// What can be done to a referral, and why the rest is not available to the asker now.
pub fn actions(ctx: &Context<'_>, referral: &referral::Referral) -> Vec<AvailableAction> {
    let plays = parties(ctx.actor(), referral);
    let beside = Beside::of(referral, ctx.actor());
    let because = |action: Command| match available(action, referral.status, beside, &plays) {
        Err(why) => Some(why.into()),
        Ok(_) => hindered(ctx, referral, action),
    };
    let offered = TRANSITIONS.iter().filter(|row| row.offered && !row.is_clocks_alone() && !row.from.is_empty());
    let mut actions: Vec<Command> = offered.map(|row| row.command).collect();
    actions.sort_unstable();
    actions.dedup();
    actions.into_iter().map(|action| AvailableAction::of(action, because(action))).collect()
}

/// Why an action that the state and the party allow would be refused all the same, as far as that is known cheaply.
fn hindered(ctx: &Context<'_>, referral: &referral::Referral, action: Command) -> Option<UnavailableBecause> {
    let (now, today) = (ctx.app().now(), date_of(ctx.app().clock.now()));
    let service = &referral.service;
    let (hinders, why) = match action {
        Command::Accept | Command::AcceptPartly => (!referral.has_room(), UnavailableBecause::Capacity),
        Command::OfferPlace => (!referral.has_free_place(), UnavailableBecause::Capacity),
        Command::Send => {
            let closed = service.closed_because(today, ctx.app().policy.service_max_age_days);
            (closed.is_some(), UnavailableBecause::Service)
        }
        Command::Waitlist => (!service.keeps_waiting_list, UnavailableBecause::Service),
        Command::RequestInfo => (referral.was_asked_enough(), UnavailableBecause::Limit),
        Command::TakeOffer => (referral.offer_is_over(now), UnavailableBecause::Time),
        Command::Unaccept => (referral.acceptance_stands(now), UnavailableBecause::Time),
        _ => return None,
    };
    hinders.then_some(why)
}
