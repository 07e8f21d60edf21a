//! Changes of the work on a case beside its plan: its stage, its needs, and new rows of help given directly.

use crate::domain::case::{Case, Delivery, Need, NeedStatus, Urgency};
use crate::domain::code::Code;
use crate::domain::id::{CaseId, GoalId, NeedId, ServiceId};
use crate::domain::light_contact::{LightContactKind, PassedDetail};
use crate::domain::referral::{GoalResult, LoopMeaning};
use crate::domain::rule::Fault;
use crate::domain::stage::CaseStage;
use crate::store::door::Tx;
use crate::store::ledger::Deed;
use crate::store::referral_writes::codes;
use crate::store::statement::Sql;
use passerelle_entity::{case_stage_change, direct_service, direct_service_goal, light_contact};
use uuid::Uuid;

/// A contact to record that is less than a referral.
#[derive(Debug)]
pub struct NewContact<'a> {
    pub id: Uuid,
    pub need: Option<NeedId>,
    pub service: ServiceId,
    pub kind: LightContactKind,
    pub passed: &'a [PassedDetail],
    pub made_on: &'a str,
}

/// Help to record.
#[derive(Debug)]
pub struct NewDirectService<'a> {
    pub id: Uuid,
    pub need: &'a Need,
    pub service: Option<Uuid>,
    pub category: &'a str,
    pub delivered_on: &'a str,
    pub meaning: LoopMeaning,
    pub note: Option<String>,
}

/// What help given directly came to for one goal.
#[derive(Debug)]
pub struct NewDirectGoal<'a> {
    pub goal: GoalId,
    pub position: i32,
    pub result: GoalResult,
    pub achieved_on: Option<&'a str>,
    pub quantity: Option<f64>,
    pub unit: Option<String>,
    pub note: Option<String>,
}

impl Tx {
    /// Moves an open case from one stage to another by hand, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn move_case(
        &self,
        case: &Case,
        (from, to): (CaseStage, CaseStage),
        reason: Option<(Uuid, String)>,
        deed: &Deed,
    ) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE case_file SET stage = $1, updated_at = $2, version = version + 1 \
                 WHERE id = $3 AND version = $4 AND stage = $5 AND status = 'OPEN'",
                vec![
                    to.code().into(),
                    deed.now.into(),
                    Uuid::from(case.id).into(),
                    case.version.into(),
                    from.code().into(),
                ],
            )
            .await?;
        let (id, reason_sealed) = match reason {
            Some((id, sealed)) => (id, Some(sealed)),
            None => (Uuid::now_v7(), None),
        };
        self.add(case_stage_change::Model {
            id,
            case_id: case.id.into(),
            from_stage: from.code().into(),
            to_stage: to.code().into(),
            cause: deed.mutation.into(),
            reason_sealed,
            at: deed.now,
        })
        .await?;
        Ok(changed == 1)
    }

    /// Carries a case on to a stage by what happened, from an earlier one only. The version stays: nothing that the holder
    /// wrote is changed. What happened is its own event; no other is written. Written last; the case is locked at once,
    /// because of two who carry it on at the same moment only one does.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn carry_case(&self, case: CaseId, to: CaseStage, deed: &Deed) -> Result<(), Fault> {
        let lock = "SELECT id FROM case_file WHERE id = $1 FOR UPDATE";
        self.rows(lock, vec![Uuid::from(case).into()]).await?;
        let mut sql = Sql::default();
        let key = sql.bind(Uuid::from(case));
        let now = sql.bind(deed.now);
        let stage = sql.bind(to.code());
        let earlier = sql.bind_all(to.carried_from().iter().map(|from| from.code()));
        let waits = format!("c.id = {key} AND c.status = 'OPEN' AND c.stage IN ({earlier})");
        let update = format!("UPDATE case_file AS c SET stage = {stage}, updated_at = {now} WHERE {waits}");
        let plain = sql.values.clone();
        let (id, cause) = (sql.bind(Uuid::now_v7()), sql.bind(deed.mutation));
        let change = format!(
            "INSERT INTO case_stage_change (id, case_id, from_stage, to_stage, cause, at) \
             SELECT {id}, c.id, c.stage, {stage}, {cause}, {now} FROM case_file c WHERE {waits}"
        );
        self.run_last(&change, sql.values);
        self.run_last(&update, plain);
        Ok(())
    }

    /// Changes a need, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_need(
        &self,
        need: &Need,
        (status, urgency, delivery): (NeedStatus, Urgency, Delivery),
        now: i64,
    ) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE need SET status = $1, urgency = $2, delivery = $3, updated_at = $4, version = version + 1 \
                 WHERE id = $5 AND version = $6",
                vec![
                    status.code().into(),
                    urgency.code().into(),
                    delivery.code().into(),
                    now.into(),
                    Uuid::from(need.id).into(),
                    need.version.into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Whether a referral for the need is still open.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn need_has_open_referral(&self, need: NeedId) -> Result<bool, Fault> {
        let rows = self
            .rows(
                "SELECT 1 AS found FROM referral WHERE need_id = $1 AND status NOT IN \
                 ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED') LIMIT 1",
                vec![Uuid::from(need).into()],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Adds help that the holder gave without a referral.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_direct_service(&self, case: &Case, new: NewDirectService<'_>, now: i64) -> Result<(), Fault> {
        self.add(direct_service::Model {
            id: new.id,
            case_id: case.id.into(),
            need_id: new.need.id.into(),
            service_id: new.service,
            organization_id: case.holder.id.into(),
            program_id: case.program_id.into(),
            area_id: case.area_id.map(Uuid::from),
            category_code: new.category.into(),
            dimension: new.need.dimension.code().into(),
            level: new.need.level.code().into(),
            delivered_on: new.delivered_on.into(),
            meaning: new.meaning.code().into(),
            note_sealed: new.note,
            recorded_at: now,
        })
        .await
    }

    /// Adds a contact that is less than a referral.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_light_contact(&self, case: CaseId, new: NewContact<'_>, deed: &Deed) -> Result<(), Fault> {
        self.add(light_contact::Model {
            id: new.id,
            case_id: case.into(),
            need_id: new.need.map(Uuid::from),
            service_id: new.service.into(),
            kind: new.kind.code().into(),
            passed: codes(new.passed),
            made_on: new.made_on.into(),
            made_by: deed.principal,
            recorded_at: deed.now,
        })
        .await
    }

    /// Adds what help given directly came to for one goal.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_direct_goal(&self, direct: Uuid, new: NewDirectGoal<'_>) -> Result<(), Fault> {
        self.add(direct_service_goal::Model {
            direct_service_id: direct,
            goal_id: new.goal.into(),
            position: new.position,
            result: new.result.code().into(),
            achieved_on: new.achieved_on.map(str::to_owned),
            quantity: new.quantity,
            unit_sealed: new.unit,
            note_sealed: new.note,
        })
        .await
    }
}
