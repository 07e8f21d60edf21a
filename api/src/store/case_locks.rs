//! Cases and needs held until a transaction ends, and what was done for a need. Whoever holds more than one thing takes
//! them in this order: the referral, its case, its need.

use crate::domain::case::{CaseStatus, NeedStatus};
use crate::domain::code::Code;
use crate::domain::id::{CaseId, NeedId, OrganizationId, ProgramId, ReferralId};
use crate::domain::referral::LoopMeaning;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use sea_orm::QueryResult;
use uuid::Uuid;

/// A referral that runs.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    pub id: ReferralId,
    pub sender: OrganizationId,
    pub program: ProgramId,
}

impl Tx {
    /// How a case stands and who holds it, held so until this transaction ends: who closes it, who takes it over and who
    /// refers from it can't all have gone first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hold_case(&self, id: CaseId) -> Result<Option<(CaseStatus, OrganizationId)>, Fault> {
        let text = "SELECT status, holder_organization_id FROM case_file WHERE id = $1 FOR NO KEY UPDATE";
        let rows = self.rows(text, vec![Uuid::from(id).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let holder: Uuid = row.try_get("", "holder_organization_id").map_err(unreadable)?;
        Ok(Some((code(row, "status")?, holder.into())))
    }

    /// How a need stands, held so until this transaction ends: who withdraws it and who refers it can't both have gone
    /// first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hold_need(&self, id: NeedId) -> Result<Option<NeedStatus>, Fault> {
        let text = "SELECT status FROM need WHERE id = $1 FOR NO KEY UPDATE";
        let rows = self.rows(text, vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| code(row, "status")).transpose()
    }

    /// The need of a referral and how it stands, held so until this transaction ends. Who asks need not be able to read
    /// the need. The last says whether the referral passes on a part of another one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hold_need_of(&self, referral: ReferralId) -> Result<(NeedId, NeedStatus, bool), Fault> {
        let text = "SELECT id, status, (SELECT parent_id FROM referral WHERE id = $1) AS parent FROM need \
                    WHERE id = (SELECT need_id FROM referral WHERE id = $1) FOR NO KEY UPDATE";
        let rows = self.rows(text, vec![Uuid::from(referral).into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", referral.into()))?;
        let id: Uuid = row.try_get("", "id").map_err(unreadable)?;
        let parent: Option<Uuid> = row.try_get("", "parent").map_err(unreadable)?;
        Ok((id.into(), code(row, "status")?, parent.is_some()))
    }

    /// The referrals for a need that were sent and have not ended, but for one; parts that were passed on follow what they
    /// are parts of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn running_for(&self, need: NeedId, but: ReferralId) -> Result<Vec<Running>, Fault> {
        let text = "SELECT id, sender_organization_id, program_id FROM referral WHERE need_id = $1 AND id <> $2 \
                    AND sent_at IS NOT NULL AND ended_at IS NULL AND status <> 'VOIDED' AND parent_id IS NULL ORDER BY id";
        let rows = self.rows(text, vec![Uuid::from(need).into(), Uuid::from(but).into()]).await?;
        let read = |row: &sea_orm::QueryResult, column| row.try_get::<Uuid>("", column).map_err(unreadable);
        rows.iter()
            .map(|row| {
                Ok(Running {
                    id: read(row, "id")?.into(),
                    sender: read(row, "sender_organization_id")?.into(),
                    program: read(row, "program_id")?.into(),
                })
            })
            .collect()
    }

    /// What all that was done for a need came to, but for one referral, since the need was last opened again: closed
    /// referrals that are neither void nor disputed, and help given directly. What a receiver passed on is part of its own
    /// result.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn results_for_need(&self, need: NeedId, but: ReferralId) -> Result<Vec<LoopMeaning>, Fault> {
        let since = "coalesce((SELECT max(e.at) FROM event e WHERE e.subject_id = $1 AND e.kind = 'reopenNeed'), -1)";
        let text = format!(
            "SELECT o.loop_meaning AS meaning FROM referral o WHERE o.need_id = $1 AND o.id <> $2 \
             AND o.loop_meaning IS NOT NULL AND o.status <> 'VOIDED' AND o.verification <> 'DISPUTED' AND o.parent_id IS NULL \
             AND o.loop_closed_at > {since} UNION ALL \
             SELECT d.meaning FROM direct_service d WHERE d.need_id = $1 AND d.recorded_at > {since}"
        );
        let rows = self.rows(&text, vec![Uuid::from(need).into(), Uuid::from(but).into()]).await?;
        rows.iter().map(|row| code(row, "meaning")).collect()
    }
}

fn code<C: Code>(row: &QueryResult, column: &str) -> Result<C, Fault> {
    let text: String = row.try_get("", column).map_err(unreadable)?;
    C::from_code(&text).ok_or_else(|| unreadable(()))
}

fn unreadable<E>(_: E) -> Fault {
    Fault::Store("a need or a case does not read".into())
}
