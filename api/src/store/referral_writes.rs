//! Changes of referrals: state, capacity, grants, outcomes.

use crate::domain::case::ConsentField;
use crate::domain::case::{NeedStatus, Purpose};
use crate::domain::code::Code;
use crate::domain::id::{CapacityId, CaseId, NeedId, OrganizationId, ReferralId};
use crate::domain::referral::{Referral, Status};
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use passerelle_entity::access_grant;
use sea_orm::Value;
use uuid::Uuid;

/// Columns that a step sets beside the state. The names are the step's own, never a caller's.
#[derive(Debug, Default)]
pub struct Facts(Vec<(&'static str, Value)>);

impl Facts {
    /// Sets a column; what was set before is no more.
    #[must_use]
    pub fn set(mut self, column: &'static str, value: impl Into<Value>) -> Self {
        self.0.retain(|(known, _)| *known != column);
        self.0.push((column, value.into()));
        self
    }

    /// Sets by when whoever owns the next step must act, as UTC microseconds. Its escalation begins anew.
    #[must_use]
    pub fn due(self, at: Option<i64>) -> Self {
        self.set("next_due_at", at).clock(at)
    }

    /// Sets by when the clock must look at the referral. It looks earlier where what is kept of the referral says so.
    #[must_use]
    pub fn clock(self, at: Option<i64>) -> Self {
        self.set("clock_at", at).set("rung", 0)
    }
}

impl Facts {
    /// What a step sets a column to.
    pub(super) fn value(&self, column: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == column).map(|(_, value)| value)
    }
}

impl Tx {
    /// Moves a referral, if it is still the one that was read. Nothing else writes a referral's state.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn move_referral(&self, referral: &Referral, to: Status, facts: Facts, now: i64) -> Result<bool, Fault> {
        let mut values: Vec<Value> = vec![
            Uuid::from(referral.id).into(),
            referral.version.into(),
            referral.status.code().into(),
            to.code().into(),
            now.into(),
        ];
        let mut sets = String::new();
        for (column, value) in facts.armed(referral, to, now).0 {
            values.push(value);
            sets += &format!(", {column} = ${}", values.len());
        }
        let changed = self
            .run(
                &format!(
                    "UPDATE referral SET status = $4, updated_at = $5, version = version + 1{sets} \
                     WHERE id = $1 AND version = $2 AND status = $3"
                ),
                values,
            )
            .await?;
        Ok(changed == 1)
    }

    /// Sets facts of a referral that this work has just begun; its version stays.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_facts(&self, referral: ReferralId, facts: Facts) -> Result<(), Fault> {
        if facts.0.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = vec![Uuid::from(referral).into()];
        let mut sets = Vec::new();
        for (column, value) in facts.0 {
            values.push(value);
            sets.push(format!("{column} = ${}", values.len()));
        }
        self.run(&format!("UPDATE referral SET {} WHERE id = $1", sets.join(", ")), values).await.map(drop)
    }

    /// Takes one place: only if one is free or the total is unknown, unless overbooking is allowed. The guard is in the
    /// statement, so that two who race for the last place can't both have it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_place(&self, capacity: CapacityId, overbook: bool) -> Result<bool, Fault> {
        let guard = if overbook { "" } else { " AND (total IS NULL OR taken_elsewhere + taken + held < total)" };
        let changed = self
            .run(
                &format!("UPDATE capacity SET taken = taken + 1 WHERE id = $1{guard}"),
                vec![Uuid::from(capacity).into()],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Holds one place for somebody: only if one is free or the total is unknown.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hold_place(&self, capacity: CapacityId) -> Result<bool, Fault> {
        let text = "UPDATE capacity SET held = held + 1 \
                    WHERE id = $1 AND (total IS NULL OR taken_elsewhere + taken + held < total)";
        Ok(self.run(text, vec![Uuid::from(capacity).into()]).await? == 1)
    }

    /// Makes a held place a taken one. Written last.
    pub fn take_held_place(&self, capacity: CapacityId) {
        self.run_last(
            "UPDATE capacity SET held = held - 1, taken = taken + 1 WHERE id = $1 AND held > 0",
            vec![Uuid::from(capacity).into()],
        );
    }

    /// Lets a held place go. Written last.
    pub fn release_place(&self, capacity: CapacityId) {
        self.run_last(
            "UPDATE capacity SET held = held - 1 WHERE id = $1 AND held > 0",
            vec![Uuid::from(capacity).into()],
        );
    }

    /// Gives one place back. Written last.
    pub fn free_place(&self, capacity: CapacityId) {
        self.run_last(
            "UPDATE capacity SET taken = taken - 1 WHERE id = $1 AND taken > 0",
            vec![Uuid::from(capacity).into()],
        );
    }

    /// Opens the receiver's window on a case for one referral. Written last.
    pub fn open_grant(
        &self,
        case: CaseId,
        organization: OrganizationId,
        fields: &[ConsentField],
        cause: ReferralId,
        now: i64,
    ) {
        self.add_last(access_grant::Model {
            id: Uuid::now_v7(),
            case_id: case.into(),
            organization_id: organization.into(),
            purpose: Purpose::Care.code().into(),
            fields: codes(fields),
            cause_kind: "REFERRAL".into(),
            cause_id: cause.into(),
            from_at: now,
            until_at: None,
            agreement_id: None,
        });
    }

    /// Shows an accepting receiver all that the referral's consent releases for care, or what stands in its place, if that
    /// still holds: an expired one ends nothing and discloses nothing more. Written last.
    pub fn widen_grants(&self, cause: ReferralId, today: &str, now: i64) {
        // Who the person is shows only under an agreement that is in force at this moment.
        let agreement = crate::store::agreements::to_widen("$1", "$2");
        let text = format!(
            "UPDATE access_grant SET agreement_id = {agreement}, fields = coalesce(\
             (SELECT cn.fields FROM consent cn JOIN referral r ON r.consent_id = cn.id WHERE r.id = $1 \
              AND cn.purpose = $4 AND cn.ended_at IS NULL AND (cn.expires_on IS NULL OR cn.expires_on >= $2)), \
             (SELECT co.fields FROM consent_override co JOIN referral r ON r.override_id = co.id WHERE r.id = $1 \
              AND co.expires_at > $3 AND (co.verdict IS NULL OR co.verdict <> 'NOT_JUSTIFIED')), fields) \
             WHERE cause_id = $1 AND until_at IS NULL"
        );
        self.run_last(&text, vec![Uuid::from(cause).into(), today.into(), now.into(), Purpose::Care.code().into()]);
    }

    /// Marks that a referral took a place beyond the total.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn mark_overbooked(&self, id: ReferralId) -> Result<(), Fault> {
        self.run("UPDATE referral SET is_overbooked = TRUE WHERE id = $1", vec![Uuid::from(id).into()]).await.map(drop)
    }

    /// The first referral of a chain of attempts.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral_root(&self, id: ReferralId) -> Result<Uuid, Fault> {
        let rows = self.rows("SELECT root_id FROM referral WHERE id = $1", vec![Uuid::from(id).into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", id.into()))?;
        row.try_get("", "root_id").map_err(|_| Fault::Corrupt("referral", id.into()))
    }

    /// Ends every running grant that a referral caused. Written last.
    pub fn end_grants(&self, cause: ReferralId, now: i64) {
        self.run_last(
            "UPDATE access_grant SET until_at = $1 WHERE cause_id = $2 AND until_at IS NULL",
            vec![now.into(), Uuid::from(cause).into()],
        );
    }

    /// Notes the first read by the receiver; later ones change nothing.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_opened(&self, referral: ReferralId, now: i64) -> Result<(), Fault> {
        self.run(
            "UPDATE referral SET opened_at = $1 WHERE id = $2 AND opened_at IS NULL",
            vec![now.into(), Uuid::from(referral).into()],
        )
        .await
        .map(drop)
    }

    /// Says what a need has come to.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_status_of_need(&self, need: NeedId, status: NeedStatus, now: i64) -> Result<(), Fault> {
        let values = vec![status.code().into(), now.into(), Uuid::from(need).into()];
        let text = "UPDATE need SET status = $1, updated_at = $2, version = version + 1 WHERE id = $3";
        self.run(text, values).await.map(drop)
    }

    /// Keeps what became of one goal. Written last.
    pub fn set_goal_outcome(&self, referral: ReferralId, goal: Uuid, facts: Facts) {
        let mut values: Vec<Value> = vec![Uuid::from(referral).into(), goal.into()];
        let mut sets = Vec::new();
        for (column, value) in facts.0 {
            values.push(value);
            sets.push(format!("{column} = ${}", values.len()));
        }
        let text = format!("UPDATE referral_goal SET {} WHERE referral_id = $1 AND goal_id = $2", sets.join(", "));
        self.run_last(&text, values);
    }
}

/// A list of consent fields as it is stored.
#[must_use]
pub fn codes<C: Code>(fields: &[C]) -> String {
    let names: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.code())).collect();
    format!("[{}]", names.join(","))
}
