//! What a referral shows of the steps before a decision: questions, waiting list, assignee, redirection.

use crate::domain::parts::Parts;
use crate::store::fragment::Object;
use crate::store::referral_view::View;

/// What the steps before and around a decision left behind, as far as the asker may see it.
pub fn decision(view: &View, parts: &Parts) -> String {
    let View { sends, receives, .. } = view;
    Object::of(parts)
        .inside("questions", |_| questions(view))
        .field("waiting", WAITING)
        .field("offer_note", format!("CASE WHEN {receives} AND r.status <> 'VOIDED' THEN r.offer_note_sealed END"))
        .field("redirected", redirected(view))
        .field("rest_need_id", format!("CASE WHEN {sends} THEN UID(r.rest_need_id) END"))
        .field("assignee", assignee(view))
        .field("cited_criterion", view.of_parties("r.cited_criterion"))
        .field("proposed_criterion", view.of_parties("r.proposed_criterion"))
        .end()
}

/// What the receiver asked, for sender and receiver; the receiver reads the texts while its grant runs, as it reads the
/// background.
fn questions(view: &View) -> String {
    let text = |column: &str| view.shown("NEED", column);
    format!(
        "LIST(OBJ('id', UID(rq.id), 'round', rq.round, 'position', rq.position, 'question', {}, 'asked_at', rq.asked_at, \
         'answer', {}, 'answered_at', rq.answered_at) BY rq.round, rq.position FROM referral_question rq \
         WHERE rq.referral_id = r.id AND ({} OR {}))",
        text("rq.question_sealed"),
        text("rq.answer_sealed"),
        view.sends,
        view.receives
    )
}

/// The urgencies in the order of the waiting list.
macro_rules! rank {
    ($referral:literal) => {
        concat!("CASE ", $referral, ".urgency WHEN 'EMERGENCY' THEN 0 WHEN 'URGENT' THEN 1 ELSE 2 END")
    };
}

/// Who waits for the same service and location.
macro_rules! list {
    () => {
        "SELECT count(*) FROM referral w WHERE w.service_id = r.service_id AND w.status = 'WAITLISTED' \
         AND w.service_at_location_id IS NOT DISTINCT FROM r.service_at_location_id"
    };
}

/// How urgent `referral r` is; the smaller, the sooner.
pub const RANK: &str = rank!("r");

/// The place of `referral r` on its waiting list: urgency first, then time of waitlisting.
pub const POSITION: &str = concat!(
    "(",
    list!(),
    " AND (",
    rank!("w"),
    ", w.waitlisted_at, w.id) <= (",
    rank!("r"),
    ", r.waitlisted_at, r.id))"
);

/// Where `referral r` stands on its waiting list, while it does. It tells counts only.
const WAITING: &str = concat!(
    "JSON(CASE WHEN r.status = 'WAITLISTED' THEN OBJ('position', (",
    list!(),
    " AND (",
    rank!("w"),
    ", w.waitlisted_at, w.id) <= (",
    rank!("r"),
    ", r.waitlisted_at, r.id)), 'length', (",
    list!(),
    ")) END)"
);

/// The receiver's member who works on it, for the receiver's side.
fn assignee(view: &View) -> String {
    format!(
        "JSON((SELECT OBJ('id', UID(am.id), 'name', am.name) FROM member am WHERE am.id = r.assignee_id AND {}))",
        view.receives
    )
}

/// The better service that the receiver named, for sender and receiver; the draft for the sender.
fn redirected(view: &View) -> String {
    let (sends, receives) = (&view.sends, &view.receives);
    format!(
        "JSON((SELECT OBJ('service_id', UID(rx.service_id), 'draft_id', CASE WHEN {sends} THEN UID(rx.id) END) \
         FROM referral rx WHERE rx.id = r.redirected_to_id AND ({sends} OR {receives})))"
    )
}
