//! Proposed items of plans in the database.

use crate::domain::code::Code;
use crate::domain::id::{NeedId, OrganizationId, PlanItemProposalId, ReferralId};
use crate::domain::plan_proposal::{PlanItemProposal, PlanItemProposalDecline, PlanItemProposalStatus};
use crate::domain::policy::Sight;
use crate::domain::referral::{Referral, Status};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment::organization;
use crate::store::statement::{Sql, body};
use passerelle_entity::plan_item_proposal;
use std::collections::HashMap;
use uuid::Uuid;

/// An item to propose; texts are sealed for its row.
#[derive(Debug)]
pub struct NewItemProposal<'a> {
    pub id: Uuid,
    pub referral: &'a Referral,
    pub need: NeedId,
    pub by: OrganizationId,
    pub goal: Option<String>,
    pub reason: Option<String>,
    /// ISO 8601.
    pub due_by: Option<String>,
}

/// How a proposal is answered.
#[derive(Debug, Default)]
pub struct ItemAnswer {
    pub status: PlanItemProposalStatus,
    pub decline_reason: Option<PlanItemProposalDecline>,
    /// Sealed for its row.
    pub answer: Option<String>,
    pub plan_item: Option<Uuid>,
}

/// The tables a proposal is read from.
pub const JOINED: &str = "plan_item_proposal pp JOIN case_file pc ON pc.id = pp.case_id \
    JOIN organization ob ON ob.id = pp.organization_id JOIN referral pf ON pf.id = pp.referral_id";

/// A proposal; `holds` is the condition that the asker's organization holds the case. Of a void referral no text is left.
#[must_use]
pub fn item_proposal(holds: &str) -> String {
    let held = |value: &str| format!("CASE WHEN {holds} THEN {value} END");
    format!(
        "OBJ('id', UID(pp.id), 'referral_id', UID(pp.referral_id), 'case_id', UID(pp.case_id), \
         'need_id', UID(pp.need_id), 'program_id', UID(pp.program_id), 'by', {}, \
         'holder_id', UID(pc.holder_organization_id), 'goal', pp.goal_sealed, 'reason', pp.reason_sealed, \
         'due_by', pp.due_by, 'status', pp.status, 'decline_reason', {}, 'answer', {}, 'plan_item_id', {}, \
         'proposed_at', pp.proposed_at, 'answered_at', pp.answered_at, 'version', pp.version)",
        organization("ob"),
        held("pp.decline_reason"),
        held("pp.answer_sealed"),
        held("UID(pp.plan_item_id)")
    )
}

/// Proposals with these keys that the asker's organization made, or that were made to it as the case's holder.
fn by_id(sql: &mut Sql, sight: &Sight, ids: &[Uuid]) -> String {
    let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    let (cases, referrals) = (sql.within(&sight.cases, "pp.program_id"), sql.within(&sight.referrals, "pp.program_id"));
    let holds = format!("(pc.holder_organization_id = {own} AND {cases})");
    let names = sql.bind_all(ids.iter().copied());
    format!(
        "SELECT CAST({} AS TEXT) AS body FROM {JOINED} WHERE pp.id IN ({names}) \
         AND ({holds} OR (pp.organization_id = {own} AND {referrals}))",
        item_proposal(&holds)
    )
}

impl Door {
    /// The proposals with these keys that the asker may see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn item_proposals_by_id(
        &self,
        sight: &Sight,
        ids: &[PlanItemProposalId],
    ) -> Result<HashMap<PlanItemProposalId, PlanItemProposal>, Fault> {
        let mut sql = Sql::default();
        let ids: Vec<Uuid> = ids.iter().map(|id| Uuid::from(*id)).collect();
        let text = by_id(&mut sql, sight, &ids);
        let rows = self.rows(&text, sql.values).await?;
        rows.iter().map(|row| body::<PlanItemProposal>(row, "plan_item_proposal").map(|it| (it.id, it))).collect()
    }
}

impl Tx {
    /// A proposal that the asker may see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn item_proposal(
        &self,
        sight: &Sight,
        id: PlanItemProposalId,
    ) -> Result<Option<PlanItemProposal>, Fault> {
        let mut sql = Sql::default();
        let text = by_id(&mut sql, sight, &[id.into()]);
        self.rows(&text, sql.values).await?.first().map(|row| body(row, "plan_item_proposal")).transpose()
    }

    /// Adds a proposal, if the help under its referral still runs; the referral is held until this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_item_proposal(&self, new: NewItemProposal<'_>, now: i64) -> Result<bool, Fault> {
        if !self.still_runs(new.referral.id).await? {
            return Ok(false);
        }
        self.add(plan_item_proposal::Model {
            id: new.id,
            referral_id: new.referral.id.into(),
            case_id: new.referral.case_id.into(),
            need_id: new.need.into(),
            organization_id: new.by.into(),
            program_id: new.referral.program_id.into(),
            goal_sealed: new.goal,
            reason_sealed: new.reason,
            due_by: new.due_by,
            status: PlanItemProposalStatus::Proposed.code().into(),
            proposed_at: now,
            version: 1,
            ..plan_item_proposal::Model::default()
        })
        .await?;
        Ok(true)
    }

    async fn still_runs(&self, referral: ReferralId) -> Result<bool, Fault> {
        let text = "SELECT status FROM referral WHERE id = $1 FOR NO KEY UPDATE";
        let rows = self.rows(text, vec![Uuid::from(referral).into()]).await?;
        let unreadable = |_| Fault::Corrupt("referral", referral.into());
        let status: Option<String> =
            rows.first().map(|row| row.try_get("", "status")).transpose().map_err(unreadable)?;
        Ok(status.as_deref().and_then(Status::from_code).is_some_and(Status::is_running))
    }

    /// The need of a referral. It tells a key only.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn need_of(&self, referral: ReferralId) -> Result<NeedId, Fault> {
        let key: Uuid = referral.into();
        let rows = self.rows("SELECT need_id FROM referral WHERE id = $1", vec![key.into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", key))?;
        row.try_get::<Uuid>("", "need_id").map(Into::into).map_err(|_| Fault::Corrupt("referral", key))
    }

    /// Answers a proposal, if it is still the one that was read and nobody answered before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn answer_item_proposal(
        &self,
        proposal: &PlanItemProposal,
        answer: ItemAnswer,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE plan_item_proposal SET status = $1, decline_reason = $2, answer_sealed = $3, plan_item_id = $4, \
                    answered_at = $5, version = version + 1 WHERE id = $6 AND version = $7 AND status = 'PROPOSED'";
        let values = vec![
            answer.status.code().into(),
            answer.decline_reason.map(|reason| reason.code().to_owned()).into(),
            answer.answer.into(),
            answer.plan_item.into(),
            now.into(),
            Uuid::from(proposal.id).into(),
            proposal.version.into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_filled() {
        let text = item_proposal("1 = 1");
        let value = serde_json::to_value(PlanItemProposal::default()).unwrap();
        for field in value.as_object().unwrap().keys() {
            assert!(text.contains(&format!("'{field}', ")), "{field}");
        }
    }
}
