//! A new draft after a referral that ended or is turned down, made by somebody who reads nothing of the case.

use crate::domain::case::CaseStatus;
use crate::domain::code::Code as _;
use crate::domain::id::ReferralId;
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::store::door::{Tx, breaks_unique, fault};
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// Whether a draft could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redrafted {
    /// It was, as this attempt.
    Added {
        attempt: i32,
    },
    CaseClosed,
    NeedClosed,
    /// An open referral for the same need and service exists.
    Duplicate,
}

/// The new draft, with the need as it is now. Texts are not taken along.
const DRAFT: &str = "INSERT INTO referral (id, case_id, need_id, service_id, sender_organization_id, \
    receiver_organization_id, program_id, area_id, category_code, dimension, level, urgency, status, previous_id, \
    root_id, attempt, created_at, clock_at, updated_at, parent_id) \
    SELECT $1, p.case_id, p.need_id, $2, p.sender_organization_id, $3, p.program_id, p.area_id, n.category_code, \
    n.dimension, n.level, n.urgency, 'DRAFT', p.id, p.root_id, p.attempt + 1, $4, $4, $4, p.parent_id \
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
        if parent.as_deref().is_some_and(is_over) || !self.hold_need_of(previous.into()).await?.1.is_open() {
            return Ok(Redrafted::NeedClosed);
        }
        let attempt = read::<i32>(row, "attempt", previous)?.saturating_add(1);
        let receiver: Uuid = service.organization.id.into();
        let values = vec![id.into(), Uuid::from(service.id).into(), receiver.into(), now.into(), previous.into()];
        match self.try_run(DRAFT, values).await {
            Ok(_) => {}
            Err(error) if breaks_unique(&error, "referral_open_once", "referral.need_id") => {
                return Ok(Redrafted::Duplicate);
            }
            Err(error) => return Err(fault(&error)),
        }
        self.run(GOALS, vec![id.into(), previous.into()]).await?;
        Ok(Redrafted::Added { attempt })
    }
}

fn read<T: TryGetable>(row: &QueryResult, column: &str, of: Uuid) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Corrupt("referral", of))
}
