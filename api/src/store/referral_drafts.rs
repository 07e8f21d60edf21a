//! New rows of referrals.

use crate::domain::case::{Case, Need};
use crate::domain::code::Code;
use crate::domain::id::{GoalId, OrganizationId, ReferralId, ServiceAtLocationId};
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::store::door::{Tx, breaks_unique, fault};
use passerelle_entity::{referral, referral_goal};
use uuid::Uuid;

/// A draft to add.
#[derive(Debug)]
pub struct NewReferral<'a> {
    pub id: Uuid,
    pub case: &'a Case,
    pub need: &'a Need,
    pub service: &'a Service,
    pub place: Option<ServiceAtLocationId>,
    pub sender: OrganizationId,
    /// Sealed for this row.
    pub background: Option<String>,
    /// The sender's own reference: sealed for this row, and its blind index.
    pub client_reference: Option<(String, String)>,
    pub previous: Option<ReferralId>,
    /// The first referral of the chain of attempts; the new one itself when there is none before.
    pub root: Option<Uuid>,
    pub attempt: i32,
}

/// Whether a draft could be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Yes,
    /// An open referral for the same need and service exists.
    Duplicate,
    /// The sender used its reference before.
    ReferenceTaken,
}

impl Tx {
    /// Adds a draft.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_referral(&self, new: NewReferral<'_>, now: i64) -> Result<Added, Fault> {
        match self.try_add(row(&new, now)).await {
            Ok(()) => Ok(Added::Yes),
            Err(error) if breaks_unique(&error, "referral_client_reference", "referral.client_reference_index") => {
                Ok(Added::ReferenceTaken)
            }
            Err(error) if breaks_unique(&error, "referral_open_once", "referral.need_id") => Ok(Added::Duplicate),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Freezes a goal for a referral.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_referral_goal(&self, referral: Uuid, goal: GoalId, position: i32) -> Result<(), Fault> {
        self.add(referral_goal::Model {
            referral_id: referral,
            goal_id: goal.into(),
            position,
            result: None,
            achieved_on: None,
            quantity: None,
            unit_sealed: None,
            note_sealed: None,
            is_left_out: false,
        })
        .await
    }
}

fn row(new: &NewReferral<'_>, now: i64) -> referral::Model {
    referral::Model {
        id: new.id,
        case_id: new.case.id.into(),
        need_id: new.need.id.into(),
        service_id: new.service.id.into(),
        service_at_location_id: new.place.map(Uuid::from),
        sender_organization_id: new.sender.into(),
        receiver_organization_id: new.service.organization.id.into(),
        program_id: new.case.program_id.into(),
        area_id: new.case.area_id.map(Uuid::from),
        category_code: new.need.category.clone(),
        dimension: new.need.dimension.code().into(),
        level: new.need.level.code().into(),
        urgency: new.need.urgency.code().into(),
        status: Status::Draft.code().into(),
        background_sealed: new.background.clone(),
        client_reference_sealed: new.client_reference.as_ref().map(|(sealed, _)| sealed.clone()),
        client_reference_index: new.client_reference.as_ref().map(|(_, index)| index.clone()),
        previous_id: new.previous.map(Uuid::from),
        root_id: new.root.unwrap_or(new.id),
        attempt: new.attempt,
        created_at: now,
        clock_at: Some(now),
        verification: "UNVERIFIED".into(),
        follow_up_about: "[]".into(),
        restrictions: "[]".into(),
        help_told: "[]".into(),
        version: 1,
        updated_at: now,
        ..referral::Model::default()
    }
}
