//! A new draft after a referral that ended, made by somebody who reads nothing of the case.

use crate::domain::id::ReferralId;
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
    root_id, attempt, created_at, clock_at, updated_at) \
    SELECT $1, p.case_id, p.need_id, $2, p.sender_organization_id, $3, p.program_id, p.area_id, n.category_code, \
    n.dimension, n.level, n.urgency, 'DRAFT', p.id, p.root_id, p.attempt + 1, $4, $4, $4 \
    FROM referral p JOIN need n ON n.id = p.need_id WHERE p.id = $5";

const GOALS: &str = "INSERT INTO referral_goal (referral_id, goal_id, position) \
    SELECT $1, goal_id, position FROM referral_goal WHERE referral_id = $2";

impl Tx {
    /// Adds a draft for the need and the goals of a referral that ended, if its case and its need are open.
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
        let text = "SELECT c.status AS case_status, n.status AS need_status, r.attempt AS attempt FROM referral r \
                    JOIN case_file c ON c.id = r.case_id JOIN need n ON n.id = r.need_id WHERE r.id = $1";
        let rows = self.rows(text, vec![previous.into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", previous))?;
        if read::<String>(row, "case_status", previous)? != "OPEN" {
            return Ok(Redrafted::CaseClosed);
        }
        if ["MET", "WITHDRAWN"].contains(&read::<String>(row, "need_status", previous)?.as_str()) {
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
