//! New rows beside a referral that somebody is being helped under: proposals to the case's holder, and parts that are
//! passed on. Both are made by somebody who reads nothing of the case but what that referral shows.

use crate::domain::case::{CaseStatus, Urgency};
use crate::domain::code::Code;
use crate::domain::id::{CaseId, GoalId, OrganizationId, ReferralId, ServiceAtLocationId};
use crate::domain::referral::{Referral, Status};
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::domain::service::{Category, Service};
use crate::store::door::{Tx, breaks_unique, fault};
use passerelle_entity::{goal, referral_proposal};
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// Whether a draft could be begun from a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    Yes,
    /// The help under it has ended or is being wound down.
    Over,
    CaseClosed,
    NeedClosed,
    /// An open referral for the same need and service exists.
    Duplicate,
}

/// A referral to propose.
#[derive(Debug)]
pub struct NewProposal<'a> {
    pub id: Uuid,
    pub from: &'a Referral,
    pub draft: Uuid,
    pub need: Uuid,
    pub by: OrganizationId,
    pub category: &'a Category,
    pub urgency: Urgency,
    pub service: &'a Service,
    /// Sealed for this row.
    pub reason: Option<String>,
    /// In the person's own words: the key of each and the text, sealed for its row.
    pub goals: &'a [(Uuid, Sealed)],
}

/// A part to pass on.
#[derive(Debug)]
pub struct NewPart<'a> {
    pub id: Uuid,
    pub parent: ReferralId,
    pub service: &'a Service,
    pub place: Option<ServiceAtLocationId>,
    /// Sealed for this row.
    pub background: Option<String>,
    pub goals: &'a [GoalId],
}

const NEED: &str = "INSERT INTO need (id, case_id, organization_id, program_id, area_id, category_code, dimension, level, \
    urgency, delivery, status, version, created_at, updated_at) \
    SELECT $1, c.id, c.holder_organization_id, c.program_id, c.area_id, $2, $3, $4, $5, 'REFERRAL', 'OPEN', 1, $6, $6 \
    FROM case_file c WHERE c.id = $7";

const DRAFT: &str = "INSERT INTO referral (id, case_id, need_id, service_id, service_at_location_id, \
    sender_organization_id, receiver_organization_id, program_id, area_id, category_code, dimension, level, urgency, status, \
    background_sealed, root_id, attempt, created_at, clock_at, updated_at, parent_id) \
    SELECT $1, c.id, n.id, $2, $3, CASE WHEN p.id IS NULL THEN c.holder_organization_id ELSE p.receiver_organization_id END, \
    $4, c.program_id, c.area_id, n.category_code, n.dimension, n.level, n.urgency, 'DRAFT', $5, $1, 1, $6, $6, $6, p.id \
    FROM need n JOIN case_file c ON c.id = n.case_id LEFT JOIN referral p ON p.id = $7 WHERE n.id = $8";

impl Tx {
    /// Begins a draft for the case's holder, for a need that is added with it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn propose_referral(&self, new: NewProposal<'_>, now: i64) -> Result<Begun, Fault> {
        if let Some(hindered) = self.hindered(new.from.id).await? {
            return Ok(hindered);
        }
        let case: Uuid = new.from.case_id.into();
        let Category { code, dimension, level, .. } = new.category;
        let (dimension, level, urgency) = (dimension.code(), level.code(), new.urgency.code());
        let values = vec![
            new.need.into(),
            code.clone().into(),
            dimension.into(),
            level.into(),
            urgency.into(),
            now.into(),
            case.into(),
        ];
        self.run(NEED, values).await?;
        let receiver: Uuid = new.service.organization.id.into();
        let (service, none): (Uuid, Option<Uuid>) = (new.service.id.into(), None);
        let values = vec![
            new.draft.into(),
            service.into(),
            none.into(),
            receiver.into(),
            None::<String>.into(),
            now.into(),
            none.into(),
            new.need.into(),
        ];
        self.run(DRAFT, values).await?;
        for (position, (id, text)) in (1_i32..).zip(new.goals) {
            let text_sealed = text.as_stored().to_owned();
            self.add(goal::Model { id: *id, need_id: new.need, case_id: case, position, text_sealed }).await?;
            self.add_referral_goal(new.draft, (*id).into(), position).await?;
        }
        self.add(referral_proposal::Model {
            id: new.id,
            from_referral_id: new.from.id.into(),
            draft_id: new.draft,
            need_id: new.need,
            case_id: case,
            organization_id: new.by.into(),
            service_id: service,
            category_code: code.clone(),
            urgency: urgency.into(),
            reason_sealed: new.reason,
            proposed_at: now,
        })
        .await?;
        Ok(Begun::Yes)
    }

    /// Begins a draft by which the receiver of a referral passes on a part of it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn pass_on(&self, new: NewPart<'_>, now: i64) -> Result<Begun, Fault> {
        if let Some(hindered) = self.hindered(new.parent).await? {
            return Ok(hindered);
        }
        let (need, status, _) = self.hold_need_of(new.parent).await?;
        if !status.is_open() {
            return Ok(Begun::NeedClosed);
        }
        let receiver: Uuid = new.service.organization.id.into();
        let values = vec![
            new.id.into(),
            Uuid::from(new.service.id).into(),
            new.place.map(Uuid::from).into(),
            receiver.into(),
            new.background.into(),
            now.into(),
            Uuid::from(new.parent).into(),
            Uuid::from(need).into(),
        ];
        match self.try_run(DRAFT, values).await {
            Ok(_) => {}
            Err(error) if breaks_unique(&error, "referral_open_once", "referral.need_id") => {
                return Ok(Begun::Duplicate);
            }
            Err(error) => return Err(fault(&error)),
        }
        for (position, goal) in (1_i32..).zip(new.goals) {
            self.add_referral_goal(new.id, *goal, position).await?;
        }
        Ok(Begun::Yes)
    }

    /// What keeps a draft from being begun from a referral, which is held with its case until this transaction ends.
    async fn hindered(&self, from: ReferralId) -> Result<Option<Begun>, Fault> {
        let key: Uuid = from.into();
        let rows =
            self.rows("SELECT case_id, status FROM referral WHERE id = $1 FOR NO KEY UPDATE", vec![key.into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", key))?;
        let status: String = read(row, "status", key)?;
        if !Status::from_code(&status).is_some_and(Status::is_running) {
            return Ok(Some(Begun::Over));
        }
        let case = self.hold_case(read::<Uuid>(row, "case_id", key)?.into()).await?;
        Ok(case.is_none_or(|(status, _)| status != CaseStatus::Open).then_some(Begun::CaseClosed))
    }

    /// Who holds a case.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn holder_of(&self, case: CaseId) -> Result<OrganizationId, Fault> {
        let key: Uuid = case.into();
        let rows = self.rows("SELECT holder_organization_id FROM case_file WHERE id = $1", vec![key.into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("case_file", key))?;
        row.try_get::<Uuid>("", "holder_organization_id").map(Into::into).map_err(|_| Fault::Corrupt("case_file", key))
    }

    /// Who sends a referral. It tells a key only.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sender_of(&self, referral: ReferralId) -> Result<OrganizationId, Fault> {
        let key: Uuid = referral.into();
        let rows = self.rows("SELECT sender_organization_id FROM referral WHERE id = $1", vec![key.into()]).await?;
        let row = rows.first().ok_or(Fault::Corrupt("referral", key))?;
        row.try_get::<Uuid>("", "sender_organization_id").map(Into::into).map_err(|_| Fault::Corrupt("referral", key))
    }

    /// The open referrals by which parts of one were passed on, held until this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn passed_on_open(&self, parent: ReferralId) -> Result<Vec<ReferralId>, Fault> {
        let text = "SELECT id FROM referral WHERE parent_id = $1 AND status NOT IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', \
                    'EXPIRED', 'WITHDRAWN', 'VOIDED') ORDER BY id FOR NO KEY UPDATE";
        crate::store::statement::keys(&self.rows(text, vec![Uuid::from(parent).into()]).await?)
    }
}

fn read<T: TryGetable>(row: &QueryResult, column: &str, of: Uuid) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Corrupt("referral", of))
}
