//! What changes hands when a case does.

use crate::domain::code::Code;
use crate::domain::id::{AreaId, CaseId, OrganizationId, ProgramId, ReferralId};
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::domain::service::{Dimension, Level};
use crate::store::door::Tx;
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// A referral whose sender changes.
#[derive(Debug, Clone)]
pub struct HandedOver {
    pub id: ReferralId,
    pub receiver: OrganizationId,
    pub program: ProgramId,
    pub area: Option<AreaId>,
    pub dimension: Option<Dimension>,
    pub level: Option<Level>,
    pub status: Status,
    pub was_sent: bool,
    /// Whether somebody of the sender's side still has something to do with it.
    pub is_open: bool,
    pub version: i32,
}

impl Tx {
    /// Makes another organization the holder of an open case; false when somebody else holds it by now or it is closed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_holder(
        &self,
        case: CaseId,
        from: OrganizationId,
        to: OrganizationId,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE case_file SET holder_organization_id = $1, version = version + 1, updated_at = $2 \
                    WHERE id = $3 AND holder_organization_id = $4 AND status = 'OPEN'";
        let values = vec![Uuid::from(to).into(), now.into(), Uuid::from(case).into(), Uuid::from(from).into()];
        Ok(self.run(text, values).await? == 1)
    }

    /// The referrals of a case that one organization sent, held until this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sent_of_case(&self, case: CaseId, sender: OrganizationId) -> Result<Vec<HandedOver>, Fault> {
        let text = "SELECT id, receiver_organization_id, program_id, area_id, dimension, level, status, sent_at, \
                    loop_closed_at, version FROM referral WHERE case_id = $1 AND sender_organization_id = $2 \
                    ORDER BY created_at, id FOR UPDATE";
        let rows = self.rows(text, vec![Uuid::from(case).into(), Uuid::from(sender).into()]).await?;
        rows.iter().map(handed_over).collect()
    }

    /// Makes another organization the sender of a case's referrals, and the one that answers for what else belongs to
    /// the case. The sender's own references stay behind.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_sender(
        &self,
        case: CaseId,
        from: OrganizationId,
        to: OrganizationId,
        now: i64,
    ) -> Result<(), Fault> {
        let both = || vec![Uuid::from(to).into(), Uuid::from(case).into(), Uuid::from(from).into()];
        let mut values = both();
        values.push(now.into());
        self.run(
            "UPDATE referral SET sender_organization_id = $1, client_reference_sealed = NULL, \
             client_reference_index = NULL, version = version + 1, updated_at = $4 \
             WHERE case_id = $2 AND sender_organization_id = $3",
            values,
        )
        .await?;
        for text in [
            "UPDATE consent SET organization_id = $1 WHERE case_id = $2 AND organization_id = $3",
            "UPDATE redaction SET holder_organization_id = $1 WHERE holder_organization_id = $3 \
             AND referral_id IN (SELECT r.id FROM referral r WHERE r.case_id = $2)",
            "UPDATE person SET organization_id = $1 WHERE organization_id = $3 \
             AND id = (SELECT c.person_id FROM case_file c WHERE c.id = $2)",
        ] {
            self.run(text, both()).await?;
        }
        Ok(())
    }
}

fn handed_over(row: &QueryResult) -> Result<HandedOver, Fault> {
    let status: String = read(row, "status")?;
    let status = Status::from_code(&status).ok_or_else(|| Fault::Store("a status does not read".into()))?;
    let sent: Option<i64> = read(row, "sent_at")?;
    let closed: Option<i64> = read(row, "loop_closed_at")?;
    Ok(HandedOver {
        id: read::<Uuid>(row, "id")?.into(),
        receiver: read::<Uuid>(row, "receiver_organization_id")?.into(),
        program: read::<Uuid>(row, "program_id")?.into(),
        area: read::<Option<Uuid>>(row, "area_id")?.map(AreaId::from),
        dimension: Dimension::from_code(&read::<String>(row, "dimension")?),
        level: Level::from_code(&read::<String>(row, "level")?),
        status,
        was_sent: sent.is_some(),
        is_open: closed.is_none() && !matches!(status, Status::Withdrawn | Status::Voided),
        version: read(row, "version")?,
    })
}

fn read<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Store("a referral that is handed over does not read".into()))
}
