//! Whose turn it is to be offered a free place.

use crate::domain::id::{CapacityId, ReferralId};
use crate::domain::referral::Referral;
use crate::domain::rule::Fault;
use crate::store::clock::clocked_view;
use crate::store::decision_view::RANK;
use crate::store::door::{Door, Tx};
use crate::store::statement::body;
use uuid::Uuid;

/// Who is next, and for which places.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub referral: ReferralId,
    pub capacity: CapacityId,
}

/// After so many offers that lapsed, the sender decides first what is to become of the wait.
const MOST_LAPSED: i32 = 2;

impl Door {
    /// Who waits at a published service that leaves its offers to the clock, at which a stated place is free, and whose turn
    /// it is.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn next_turn(&self) -> Result<Option<Turn>, Fault> {
        let text = format!(
            "SELECT r.id AS id, k.id AS capacity FROM service s JOIN referral r ON r.service_id = s.id \
             JOIN capacity k ON k.id = coalesce((SELECT p.id FROM capacity p \
             WHERE p.service_at_location_id = r.service_at_location_id), (SELECT p.id FROM capacity p \
             WHERE p.service_id = r.service_id AND p.service_at_location_id IS NULL)) \
             WHERE s.offers_free_places AND s.keeps_waiting_list AND s.status = 'PUBLISHED' AND r.status = 'WAITLISTED' \
             AND r.offers_lapsed < {MOST_LAPSED} AND k.taken_elsewhere + k.taken + k.held < k.total \
             ORDER BY {RANK}, r.waitlisted_at, r.id LIMIT 1"
        );
        let unreadable = |_| Fault::Store("a waiting list does not read".into());
        let rows = self.rows(&text, vec![]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let key = |column| row.try_get::<Uuid>("", column).map_err(unreadable);
        Ok(Some(Turn { referral: key("id")?.into(), capacity: key("capacity")?.into() }))
    }
}

impl Tx {
    /// A referral that still waits, locked.
    ///
    /// # Errors
    /// What the engine refuses; a row that does not read.
    pub async fn on_list(&self, id: ReferralId) -> Result<Option<Referral>, Fault> {
        let text = "SELECT id FROM referral WHERE id = $1 AND status = 'WAITLISTED' FOR UPDATE";
        if self.rows(text, vec![Uuid::from(id).into()]).await?.is_empty() {
            return Ok(None);
        }
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM referral r JOIN program rp ON rp.id = r.program_id WHERE r.id = $1",
            clocked_view()
        );
        self.rows(&text, vec![Uuid::from(id).into()]).await?.first().map(|row| body(row, "referral")).transpose()
    }
}
