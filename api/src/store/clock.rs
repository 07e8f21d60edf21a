//! Referrals as the clock takes them up: in the order of their time, one by one.

use crate::domain::actor::RoleGrant;
use crate::domain::id::{OrganizationId, ProgramId, ReferralId};
use crate::domain::parts::Parts;
use crate::domain::referral::Referral;
use crate::domain::referral::clocks::{Clocked, Step};
use crate::domain::rule::Fault;
use crate::store::calendars::takes_in;
use crate::store::door::{Door, Tx};
use crate::store::referral_view::{DUE, TIMES, columns};
use crate::store::statement::{body, keys};
use passerelle_entity::referral_rung;
use serde::Deserialize;
use uuid::Uuid;

/// The condition that `referral r` waits at its receiver and is not noted to be out of reach.
const WAITS: &str = "r.status = 'SENT' AND r.unreachable_at IS NULL AND r.clock_at IS NOT NULL";

/// A receiver of something in a program, with the roles of its active members.
#[derive(Debug, Deserialize)]
struct Silent {
    organization: OrganizationId,
    program: ProgramId,
    roles: Vec<Vec<RoleGrant>>,
}

impl Door {
    /// The referrals at which the clock must look by `now`, the longest waiting first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn clock_due(&self, now: i64, most: u32) -> Result<Vec<ReferralId>, Fault> {
        let text = format!("SELECT id FROM referral WHERE clock_at <= $1 ORDER BY clock_at, id LIMIT {most}");
        keys(&self.rows(&text, vec![now.into()]).await?)
    }

    /// Sent referrals that nobody has noted to be out of reach, though their receiver has neither an active member who
    /// takes in or answers for its work, in any program or in theirs, nor an active application that reads referrals.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn newly_unreachable(&self, most: u32) -> Result<Vec<ReferralId>, Fault> {
        // Whom somebody takes in for whatever the program is left out at once; where roles are limited, each program counts.
        let text = format!(
            "SELECT CAST(OBJ('organization', UID(t.organization), 'program', UID(t.program), \
             'roles', LIST(JSON(m.roles) BY m.id FROM member m WHERE m.organization_id = t.organization AND m.is_active)) \
             AS TEXT) AS body FROM (SELECT DISTINCT r.receiver_organization_id AS organization, r.program_id AS program \
             FROM referral r WHERE {WAITS} AND NOT EXISTS (SELECT 1 FROM member m \
               WHERE m.organization_id = r.receiver_organization_id AND m.is_active \
               AND (m.roles LIKE '%{{\"role\":\"INTAKE\",\"program\":null}}%' OR m.roles LIKE '%{{\"role\":\"SUPERVISOR\",\"program\":null}}%')) \
             AND NOT EXISTS (SELECT 1 FROM client_application ca WHERE ca.organization_id = r.receiver_organization_id \
               AND ca.is_active AND (ca.scopes LIKE '%\"REFERRALS_READ\"%' OR ca.scopes LIKE '%\"REFERRALS_WRITE\"%'))) t"
        );
        let mut found = Vec::new();
        for row in self.rows(&text, vec![]).await? {
            let silent: Silent = body(&row, "member")?;
            if !takes_in(&silent.roles, silent.program) && found.len() < most as usize {
                let text = format!(
                    "SELECT r.id AS id FROM referral r WHERE r.receiver_organization_id = $1 AND r.program_id = $2 \
                     AND {WAITS} ORDER BY r.id LIMIT {most}"
                );
                let values = vec![Uuid::from(silent.organization).into(), Uuid::from(silent.program).into()];
                found.extend(keys::<ReferralId, Vec<_>>(&self.rows(&text, values).await?)?);
            }
        }
        found.truncate(most as usize);
        Ok(found)
    }

    /// Puts a referral that the clock can't deal with behind the others.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_clock_off(&self, id: ReferralId, until: i64) -> Result<(), Fault> {
        let tx = self.begin().await?;
        let values = vec![Uuid::from(id).into(), until.into()];
        tx.run("UPDATE referral SET clock_at = $2 WHERE id = $1 AND clock_at < $2", values).await?;
        tx.commit().await
    }
}

impl Tx {
    /// A referral at which the clock must look by `now`, locked; nothing when it was moved meanwhile.
    ///
    /// # Errors
    /// What the engine refuses; a row that does not read.
    pub async fn clocked(&self, id: ReferralId, now: i64) -> Result<Option<Clocked>, Fault> {
        let key = Uuid::from(id);
        let text = "SELECT id FROM referral WHERE id = $1 AND clock_at <= $2 FOR UPDATE";
        if self.rows(text, vec![key.into(), now.into()]).await?.is_empty() {
            return Ok(None);
        }
        let text = format!(
            "SELECT CAST(OBJ('referral', {}, 'told', LIST(OBJ('step', rr.step, 'anchor', rr.anchor) \
             BY rr.step, rr.anchor FROM referral_rung rr WHERE rr.referral_id = r.id)) AS TEXT) AS body \
             FROM referral r JOIN program rp ON rp.id = r.program_id WHERE r.id = $1",
            clocked_view()
        );
        let rows = self.rows(&text, vec![key.into()]).await?;
        rows.first().map(|row| body(row, "referral")).transpose().map_err(|fault| match fault {
            Fault::Corrupt(table, _) => Fault::Corrupt(table, key),
            other => other,
        })
    }

    /// Says when the clock looks at a referral next. Its version stays: nothing of it changed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_clock(&self, id: ReferralId, next: Option<i64>) -> Result<(), Fault> {
        let values = vec![Uuid::from(id).into(), next.into()];
        self.run("UPDATE referral SET clock_at = $2 WHERE id = $1", values).await.map(drop)
    }

    /// Writes down that a step was taken, which its key allows once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_step(&self, id: ReferralId, step: &Step, now: i64) -> Result<(), Fault> {
        let key = Uuid::from(id);
        self.run("UPDATE referral SET rung = rung + 1 WHERE id = $1", vec![key.into()]).await?;
        self.add(referral_rung::Model { referral_id: key, step: step.step.into(), anchor: step.anchor, at: now }).await
    }

    /// Notes when a receiver was last seen to be out of reach; none when it can be reached.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_reach(&self, id: ReferralId, unreachable_at: Option<i64>) -> Result<(), Fault> {
        let values = vec![Uuid::from(id).into(), unreachable_at.into()];
        self.run("UPDATE referral SET unreachable_at = $2 WHERE id = $1", values).await.map(drop)
    }

    /// Notes that the receiver of a sent referral has come to be out of reach, and lets the clock look at it at once; from
    /// then on it looks at its intervals. False where it was noted or moved meanwhile.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lose_reach(&self, id: ReferralId, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE referral SET unreachable_at = $2, clock_at = CASE WHEN clock_at < $2 THEN clock_at ELSE $2 END \
                    WHERE id = $1 AND status = 'SENT' AND unreachable_at IS NULL";
        Ok(self.run(text, vec![Uuid::from(id).into(), now.into()]).await? == 1)
    }

    /// Throws a draft away with the goals it chose and what the clock told of it. Nothing else hangs on one: parts and proposals
    /// are made from what is accepted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn purge_draft(&self, referral: &Referral) -> Result<bool, Fault> {
        let key = Uuid::from(referral.id);
        for table in ["referral_goal", "referral_rung"] {
            self.run(&format!("DELETE FROM {table} WHERE referral_id = $1"), vec![key.into()]).await?;
        }
        let text = "DELETE FROM referral WHERE id = $1 AND status = 'DRAFT' AND version = $2";
        Ok(self.run(text, vec![key.into(), referral.version.into()]).await? == 1)
    }
}

/// What the clock must know of a referral; needs `referral r` and its program as `rp`.
pub(super) fn clocked_view() -> String {
    format!(
        "OBJ('id', UID(r.id), 'case_id', UID(r.case_id), 'need_id', UID(r.need_id), \
         'service', OBJ('id', UID(r.service_id)), 'service_at_location_id', UID(r.service_at_location_id), \
         'sender', OBJ('id', UID(r.sender_organization_id)), 'receiver', OBJ('id', UID(r.receiver_organization_id)), \
         'chain', OBJ('parent_id', UID(r.parent_id)), 'program_id', UID(r.program_id), 'lead_organization_id', UID(rp.lead_organization_id), \
         'area_id', UID(r.area_id), 'dimension', r.dimension, 'level', r.level, 'urgency', r.urgency, \
         'status', r.status, 'reason', r.reason, 'capacity_id', UID(r.capacity_id), 'times', {}, 'due', {}, \
         'before', r.before_status, 'rung', r.rung, 'expected_on', r.expected_on, \
         'reviews_missed', r.reviews_missed, 'offers_lapsed', r.offers_lapsed, 'planned_end_on', r.planned_end_on, \
         'paused_micros', r.paused_micros, 'hold', OBJ('since', r.held_at, 'from', r.held_from_status), \
         'cancellation', OBJ('reason', r.cancel_reason), 'dispute', OBJ('decided_at', r.dispute_decided_at), \
         'assignee_id', UID(r.assignee_id), 'follow_up', OBJ('by', r.follow_up_by), 'version', r.version)",
        columns(&Parts::All, TIMES),
        columns(&Parts::All, DUE)
    )
}
