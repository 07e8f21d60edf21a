//! The holder's work on cases, read: plans with their items, help given directly, moves from stage to stage.

use crate::domain::id::{CaseId, PlanId, PlanItemId};
use crate::domain::plan::Casework;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, body};
use std::collections::HashMap;
use uuid::Uuid;

/// The condition that the asker's organization holds `case_file c`, in a program where the asker reads cases.
fn held(sql: &mut Sql, sight: &Sight) -> String {
    let organization = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    let within = sql.within(&sight.cases, "c.program_id");
    format!("(c.holder_organization_id = {organization} AND {within})")
}

/// That `plan_item pi` of `plan pl` waits for a referral: it is to be answered by one, is still meant to be done, and
/// none for its need was sent and is running or completed.
pub const IS_GAP: &str = "(pi.delivery = 'REFERRAL' AND pi.status IN ('PLANNED', 'IN_PROGRESS') \
    AND pl.status <> 'SUPERSEDED' AND NOT EXISTS (SELECT 1 FROM referral gr WHERE gr.need_id = pi.need_id \
      AND gr.status NOT IN ('DRAFT', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED')))";

fn item() -> String {
    format!(
        "OBJ('id', UID(pi.id), 'need_id', UID(pi.need_id), 'category', pn.category_code, 'dimension', pn.dimension, \
         'level', pn.level, 'position', pi.position, 'goal', pi.goal_sealed, 'delivery', pi.delivery, \
         'responsible_id', UID(pi.responsible_organization_id), 'due_by', pi.due_by, \
         'budget_amount', pi.budget_amount, 'budget_currency', pi.budget_currency, 'status', pi.status, \
         'declined_by', pi.declined_by, 'is_gap', (CASE WHEN {IS_GAP} THEN 1 ELSE 0 END), \
         'referrals', LIST(OBJ('id', UID(rf.id)) BY rf.created_at, rf.id FROM referral rf WHERE rf.need_id = pi.need_id \
         AND rf.parent_id IS NULL))"
    )
}

fn plan() -> String {
    let item = item();
    format!(
        "OBJ('id', UID(pl.id), 'case_id', UID(pl.case_id), 'program_id', UID(pl.program_id), 'number', pl.number, \
         'status', pl.status, 'agreed_on', pl.agreed_on, 'method', pl.method, 'participants', JSON(pl.participants), \
         'drafted_at', pl.drafted_at, 'activated_at', pl.activated_at, 'ended_at', pl.ended_at, 'version', pl.version, \
         'items', LIST({item} BY pi.position, pi.id FROM plan_item pi JOIN need pn ON pn.id = pi.need_id \
           WHERE pi.plan_id = pl.id))"
    )
}

const DIRECT: &str = "OBJ('id', UID(ds.id), 'need_id', UID(ds.need_id), 'service_id', UID(ds.service_id), \
    'category', ds.category_code, 'dimension', ds.dimension, 'level', ds.level, 'delivered_on', ds.delivered_on, \
    'meaning', ds.meaning, 'note', ds.note_sealed, 'recorded_at', ds.recorded_at, \
    'goals', LIST(OBJ('id', UID(dg.goal_id), 'position', dg.position, 'text', gl.text_sealed, 'result', dg.result, \
      'achieved_on', dg.achieved_on, 'quantity', dg.quantity, 'unit', dg.unit_sealed, 'note', dg.note_sealed) \
      BY dg.position, dg.goal_id FROM direct_service_goal dg JOIN goal gl ON gl.id = dg.goal_id \
      WHERE dg.direct_service_id = ds.id))";

const CONTACT: &str = "OBJ('id', UID(lc.id), 'case_id', UID(lc.case_id), 'need_id', UID(lc.need_id), \
    'service_id', UID(lc.service_id), 'kind', lc.kind, 'passed', JSON(lc.passed), 'made_on', lc.made_on, \
    'recorded_at', lc.recorded_at)";

const STAGE_CHANGE: &str = "OBJ('id', UID(sc.id), 'from_stage', sc.from_stage, 'to_stage', sc.to_stage, \
    'cause', sc.cause, 'reason', sc.reason_sealed, 'at', sc.at)";

fn casework(sql: &mut Sql, sight: &Sight, ids: &[CaseId]) -> String {
    let held = held(sql, sight);
    let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
    let plan = plan();
    format!(
        "SELECT CAST(OBJ('case_id', UID(c.id), \
         'plans', LIST({plan} BY pl.number DESC, pl.id FROM plan pl WHERE pl.case_id = c.id), \
         'direct_services', LIST({DIRECT} BY ds.recorded_at, ds.id FROM direct_service ds WHERE ds.case_id = c.id), \
         'contacts', LIST({CONTACT} BY lc.recorded_at, lc.id FROM light_contact lc WHERE lc.case_id = c.id), \
         'stage_changes', LIST({STAGE_CHANGE} BY sc.at, sc.id FROM case_stage_change sc WHERE sc.case_id = c.id)) \
         AS TEXT) AS body FROM case_file c WHERE c.id IN ({names}) AND {held}"
    )
}

impl Door {
    /// The work on these cases, as far as the asker's organization holds them: one statement for all.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn casework(&self, sight: &Sight, ids: &[CaseId]) -> Result<HashMap<CaseId, Casework>, Fault> {
        let mut sql = Sql::default();
        let text = casework(&mut sql, sight, ids);
        let rows = self.rows(&text, sql.values).await?;
        rows.iter().map(|row| body::<Casework>(row, "plan").map(|work| (work.case_id, work))).collect()
    }
}

impl Tx {
    /// The work on a case that the asker's organization holds.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn casework(&self, sight: &Sight, id: CaseId) -> Result<Option<Casework>, Fault> {
        let mut sql = Sql::default();
        let text = casework(&mut sql, sight, &[id]);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "plan")).transpose()
    }

    /// The case of a plan. It tells the key only; the case is read through the asker's eyes afterwards.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case_of_plan(&self, id: PlanId) -> Result<Option<CaseId>, Fault> {
        self.case_in("SELECT case_id AS id FROM plan WHERE id = $1", id.into()).await
    }

    /// The case of an item of a plan. It tells the key only.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case_of_item(&self, id: PlanItemId) -> Result<Option<CaseId>, Fault> {
        self.case_in("SELECT case_id AS id FROM plan_item WHERE id = $1", id.into()).await
    }

    async fn case_in(&self, text: &str, id: Uuid) -> Result<Option<CaseId>, Fault> {
        let rows = self.rows(text, vec![id.into()]).await?;
        let found: Vec<CaseId> = crate::store::statement::keys(&rows)?;
        Ok(found.first().copied())
    }
}
