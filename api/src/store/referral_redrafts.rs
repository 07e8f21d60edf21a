//! A new draft after a referral that ended or is turned down, made by somebody who reads nothing of the case.

use crate::domain::case::CaseStatus;
use crate::domain::code::Code as _;
use crate::domain::id::{NeedId, OrganizationId, ProgramId, ReferralId};
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::store::door::Tx;
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// Whether a draft could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redrafted {
    /// It was, for this need and as this attempt.
    Added {
        need: NeedId,
        attempt: i32,
    },
    CaseClosed,
    NeedClosed,
    /// The sender has an open referral for the same need and service: this one.
    Duplicate(Uuid),
}

/// The attempts that were made for a need and came to nothing.
#[derive(Debug)]
pub struct Tried {
    /// How many.
    pub number: i32,
    /// The one that ended last.
    pub last: Option<ReferralId>,
    /// The need's program.
    pub program: ProgramId,
    /// Who leads it.
    pub lead: OrganizationId,
}

/// The new draft, with the need as it is now. Texts are not taken along.
const DRAFT: &str = "INSERT INTO referral (id, case_id, need_id, service_id, sender_organization_id, \
    receiver_organization_id, program_id, area_id, category_code, dimension, level, urgency, status, previous_id, \
    root_id, attempt, created_at, clock_at, updated_at, parent_id) \
    SELECT $1, p.case_id, p.need_id, $2, p.sender_organization_id, $3, p.program_id, p.area_id, n.category_code, \
    n.dimension, n.level, n.urgency, 'DRAFT', p.id, p.root_id, $6, $4, $4, $4, p.parent_id \
    FROM referral p JOIN need n ON n.id = p.need_id WHERE p.id = $5";

const GOALS: &str = "INSERT INTO referral_goal (referral_id, goal_id, position) \
    SELECT $1, goal_id, position FROM referral_goal WHERE referral_id = $2 AND NOT is_left_out";

impl Tx {
    /// Adds a draft of the same sender for the need and the goals of a referral that ended, or is turned down in this
    /// transaction, if its case and its need are open.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn redraft(
        &self,
        previous: ReferralId,
        id: Uuid,
        service: &Service,
        now: i64,
    ) -> Result<Redrafted, Fault> {
        let previous: Uuid = previous.into();
        let text = "SELECT r.case_id, r.attempt, (SELECT p.status FROM referral p WHERE p.id = r.parent_id) AS parent \
                    FROM referral r WHERE r.id = $1 FOR NO KEY UPDATE";
        let rows = self.rows(text, vec![previous.into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", previous))?;
        // Held, so that neither is closed meanwhile.
        let case = self.hold_case(read::<Uuid>(row, "case_id", previous)?.into()).await?;
        if case.is_none_or(|(status, _)| status != CaseStatus::Open) {
            return Ok(Redrafted::CaseClosed);
        }
        // Nothing is passed on any more of what has ended.
        let parent: Option<String> = read(row, "parent", previous)?;
        let is_over = |code: &str| Status::from_code(code).is_none_or(|status| !status.is_running());
        let (need, status, _) = self.hold_need_of(previous.into()).await?;
        if parent.as_deref().is_some_and(is_over) || !status.is_open() {
            return Ok(Redrafted::NeedClosed);
        }
        if let Some(open) = self.open_to(previous, service.id.into()).await? {
            return Ok(Redrafted::Duplicate(open));
        }
        let attempt = read::<i32>(row, "attempt", previous)?.max(self.tried_for(need).await?.number).saturating_add(1);
        let receiver: Uuid = service.organization.id.into();
        let values = vec![
            id.into(),
            Uuid::from(service.id).into(),
            receiver.into(),
            now.into(),
            previous.into(),
            attempt.into(),
        ];
        self.run(DRAFT, values).await?;
        self.run(GOALS, vec![id.into(), previous.into()]).await?;
        Ok(Redrafted::Added { need, attempt })
    }

    /// The attempts for a need that were sent and ended without the service; parts that were passed on are none. The need is
    /// held by the caller, so that no two attempts get one number.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn tried_for(&self, need: NeedId) -> Result<Tried, Fault> {
        let text = "SELECT r.id, n.program_id, p.lead_organization_id FROM need n JOIN program p ON p.id = n.program_id \
                    LEFT JOIN referral r ON r.need_id = n.id AND r.sent_at IS NOT NULL AND r.parent_id IS NULL \
                    AND r.status IN ('DECLINED', 'EXPIRED', 'WITHDRAWN', 'ENDED_EARLY') WHERE n.id = $1 \
                    ORDER BY r.ended_at DESC, r.id DESC";
        let need = Uuid::from(need);
        let rows = self.rows(text, vec![need.into()]).await?;
        let first = rows.first().ok_or(Fault::Corrupt("need", need))?;
        let (program, lead): (Uuid, Uuid) =
            (read(first, "program_id", need)?, read(first, "lead_organization_id", need)?);
        let last: Option<Uuid> = read(first, "id", need)?;
        let count = if last.is_some() { rows.len() } else { 0 };
        Ok(Tried {
            number: i32::try_from(count).unwrap_or(i32::MAX),
            last: last.map(ReferralId::from),
            program: program.into(),
            lead: lead.into(),
        })
    }

    /// The open referral to a service that the sender of a referral has for the same need, if there is one. The need is
    /// held, so that none is begun meanwhile.
    async fn open_to(&self, previous: Uuid, service: Uuid) -> Result<Option<Uuid>, Fault> {
        let text = "SELECT o.id FROM referral p JOIN referral o ON o.need_id = p.need_id AND o.service_id = $2 \
                    AND o.sender_organization_id = p.sender_organization_id AND o.id <> p.id \
                    AND o.status NOT IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED') \
                    WHERE p.id = $1";
        let rows = self.rows(text, vec![previous.into(), service.into()]).await?;
        rows.first().map(|row| read(row, "id", previous)).transpose()
    }
}

fn read<T: TryGetable>(row: &QueryResult, column: &str, of: Uuid) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Corrupt("referral", of))
}
