//! The ten invariants of the referral machine, each in a check of its own that names it. What is stored is told here
//! without the model's states; where the model says what should happen, it is asked.

use super::clock::DAY;
use super::model::Model;
use super::rows::{is_ended, is_open};
use super::stored::{Made, Stored};
use crate::support::app::TestApp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The open states of the table.
const STATES: [&str; 10] = [
    "DRAFT",
    "SENT",
    "ACKNOWLEDGED",
    "INFO_REQUESTED",
    "WAITLISTED",
    "OFFERED",
    "ACCEPTED",
    "IN_SERVICE",
    "ON_HOLD",
    "CANCEL_REQUESTED",
];

type Held = Result<(), TestCaseError>;

/// Those of what is stored at one moment, after each step.
pub fn of_a_moment(stored: &Stored, before: &Stored, model: &Model) -> Held {
    invariant_1_only_states_of_the_table(stored, before)?;
    invariant_2_one_open_referral_for_need_and_service(stored)?;
    invariant_3_places_never_exceed_the_capacity(stored, model)?;
    invariant_8_no_grant_outlives_the_end(stored)?;
    the_clock_forgets_nothing(stored, model)
}

/// No other state is ever reached, and from an end there is no way but to be void.
fn invariant_1_only_states_of_the_table(stored: &Stored, before: &Stored) -> Held {
    for (at, line) in stored.referrals.iter().enumerate() {
        let status = line.status.as_str();
        prop_assert!(is_ended(status) || STATES.contains(&status) || status == "PURGED", "invariant 1: {}", status);
        let was = before.referrals.get(at).map_or(status, |line| line.status.as_str());
        let stays = was == status || (is_ended(was) && was != "VOIDED" && status == "VOIDED");
        prop_assert!(is_open(was) || stays, "invariant 1: from {} to {}", was, status);
        prop_assert!(status != "PURGED" || was == "PURGED" || was == "DRAFT", "invariant 1: {} is gone", was);
    }
    Ok(())
}

fn invariant_2_one_open_referral_for_need_and_service(stored: &Stored) -> Held {
    let mut open = BTreeSet::new();
    for line in stored.referrals.iter().filter(|line| is_open(&line.status)) {
        prop_assert!(open.insert((line.need, line.service)), "invariant 2: two open for one need and service");
    }
    Ok(())
}

fn invariant_3_places_never_exceed_the_capacity(stored: &Stored, model: &Model) -> Held {
    for (at, ((taken, held), service)) in stored.places.iter().zip(&model.services).enumerate() {
        let taking = ["ACCEPTED", "IN_SERVICE", "ON_HOLD", "CANCEL_REQUESTED"];
        let takes =
            || stored.referrals.iter().filter(|line| line.service == at && taking.contains(&line.status.as_str()));
        prop_assert_eq!(*taken, i32::try_from(takes().count()).unwrap(), "invariant 3: places taken");
        let beyond = (taken + held).saturating_sub(service.total.unwrap_or(i32::MAX)).max(0);
        prop_assert!(*held >= 0 && (service.overbooking || beyond == 0), "invariant 3: places beyond the total");
        prop_assert!(
            beyond == 0 || takes().any(|line| line.overbooked),
            "invariant 3: beyond the total without a mark"
        );
    }
    Ok(())
}

/// Events, allowing audit rows and outbox rows, and refusing audit rows, that a command came to.
pub fn invariant_4_one_event_audit_and_outbox_row(more: &[i64], made: i64, is_refused: bool, what: &str) -> Held {
    prop_assert_eq!(more, [made, made, made, i64::from(is_refused)], "invariant 4: {}", what);
    Ok(())
}

/// The same of what the clock did: each of its steps stands once in each of the three tables.
pub fn invariant_4_of_the_clock(written: [Vec<(usize, String)>; 3], events: &[(usize, &'static str)]) -> Held {
    let events: Vec<(usize, String)> = events.iter().map(|(on, event)| (*on, (*event).to_owned())).collect();
    for (rows, table) in written.iter().zip(["event", "audit", "outbox"]) {
        prop_assert_eq!(rows, &events, "invariant 4: what the clock did, in {}", table);
    }
    Ok(())
}

/// A key that comes again has the first answer and no other effect; with other input it is refused.
pub fn invariant_5_a_key_has_one_effect(is_same: bool, got: &str, counts: &[Vec<i64>; 2], what: &str) -> Held {
    let [before, after] = counts;
    if is_same {
        prop_assert_eq!((got, after), ("ok", before), "invariant 5: {} again", what);
    } else {
        let right = ("IDEMPOTENCY_CONFLICT", &before[..3]);
        prop_assert_eq!((got, &after[..3]), right, "invariant 5: {} with other input", what);
    }
    Ok(())
}

/// Two that came at once are answered and stand as if one had come before the other.
pub fn invariant_6_one_of_two_wins(
    got: [&str; 2],
    orders: [(&Model, [&str; 2]); 2],
    stored: &Stored,
) -> Result<bool, TestCaseError> {
    let [(forth, forth_codes), (back, back_codes)] = orders;
    let is_forth = got == forth_codes && stored.is(forth);
    let is_back = got == [back_codes[1], back_codes[0]] && stored.is(back);
    let orders = (forth_codes, back_codes);
    prop_assert!(is_forth || is_back, "invariant 6: at once {:?}, in order {:?}\n{:?}", got, orders, stored);
    Ok(is_forth)
}

/// Who is no party is told what is told of nothing.
pub fn invariant_7_what_is_not_yours_does_not_exist(given: &str, nothing: &str, what: &str) -> Held {
    prop_assert_eq!(given, nothing, "invariant 7: {}", what);
    Ok(())
}

fn invariant_8_no_grant_outlives_the_end(stored: &Stored) -> Held {
    for line in stored.referrals.iter().filter(|line| !is_open(&line.status)) {
        prop_assert_eq!(line.grants, 0, "invariant 8: a grant outlives {}", line.status);
    }
    Ok(())
}

/// The clock looks at each referral by the time at which it has something to do there.
fn the_clock_forgets_nothing(stored: &Stored, model: &Model) -> Held {
    for (referral, looks) in model.referrals.iter().zip(&stored.clocks) {
        let due = referral.looked_at_by();
        prop_assert!(
            due.is_none_or(|due| looks.is_some_and(|at| at <= due)),
            "clock at {:?}, due {:?} of {:?}",
            looks,
            due,
            referral
        );
    }
    Ok(())
}

/// After long silence nothing waits for nobody: each referral has ended and its loop is closed, or is the coordinator's,
/// who was told and must act; and the clock is not behind.
pub async fn invariant_10_nothing_waits_for_nobody(app: &TestApp, made: &Made) -> Held {
    let text = format!(
        "SELECT r.id, r.status FROM referral r WHERE r.service_id IN ($1, $2) AND r.status <> 'VOIDED' AND NOT \
         (r.status IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN') \
          AND (r.loop_closed_at IS NOT NULL OR r.sent_at IS NULL)) \
         AND (r.clock_at < {} OR NOT EXISTS (SELECT 1 FROM notification n WHERE n.subject_id = r.id \
          AND n.role = 'COORDINATOR' AND n.must_act))",
        app.app.now() - DAY
    );
    let both = made.services.iter().map(|id| (*id).into()).collect::<Vec<sea_orm::Value>>();
    let rows = app.app.store.rows(&text, both).await.unwrap();
    let lost: Vec<String> = rows.iter().map(|row| row.try_get("", "status").unwrap()).collect();
    prop_assert!(lost.is_empty(), "invariant 10: nobody was told of {:?}", lost);
    Ok(())
}

/// Invariant 9: what the events say was sent, by organization at the time, is what stands in some state; and each
/// referral stands where its last event left it.
pub async fn invariant_9_the_counts_add_up(app: &TestApp, made: &Made) -> Result<(), TestCaseError> {
    let mine = "(SELECT id FROM referral WHERE service_id IN ($1, $2))";
    let text = format!(
        "SELECT subject_id, organization_id, receiver_organization_id, from_status, to_status FROM event \
         WHERE subject_id IN {mine} ORDER BY at, id"
    );
    let both = || made.services.iter().map(|id| (*id).into()).collect::<Vec<sea_orm::Value>>();
    let (mut sent, mut last) = (BTreeMap::new(), BTreeMap::<Uuid, String>::new());
    for row in app.app.store.rows(&text, both()).await.unwrap() {
        let subject: Uuid = row.try_get("", "subject_id").unwrap();
        let to: Option<String> = row.try_get("", "to_status").unwrap();
        let from: Option<String> = row.try_get("", "from_status").unwrap();
        // What is done while it is sent sends it no second time.
        if to.as_deref() == Some("SENT") && from != to {
            let by: (Uuid, Option<Uuid>) =
                (row.try_get("", "organization_id").unwrap(), row.try_get("", "receiver_organization_id").unwrap());
            *sent.entry(by).or_insert(0) += 1;
        }
        last.insert(subject, to.unwrap());
    }
    let text = "SELECT id, status, sent_at, sender_organization_id, receiver_organization_id FROM referral \
                WHERE service_id IN ($1, $2)";
    let mut standing = BTreeMap::new();
    for row in app.app.store.rows(text, both()).await.unwrap() {
        let (id, status): (Uuid, String) = (row.try_get("", "id").unwrap(), row.try_get("", "status").unwrap());
        if let Some(known) = last.get(&id) {
            prop_assert_eq!(known, &status, "the last event of a referral");
        }
        if row.try_get::<Option<i64>>("", "sent_at").unwrap().is_some() {
            let by: (Uuid, Option<Uuid>) = (
                row.try_get("", "sender_organization_id").unwrap(),
                row.try_get("", "receiver_organization_id").unwrap(),
            );
            *standing.entry(by).or_insert(0) += 1;
        }
    }
    prop_assert_eq!(standing, sent, "invariant 9: summed over states, what was sent");
    Ok(())
}
