//! Finding things by key alone, for those who refetch what they hold. Each read is scoped as any other.

use crate::domain::event::Event;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, EventId, ReferralId, ServiceId};
use crate::domain::policy::{Extent, Sight};
use crate::domain::referral::Referral;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::events::event;
use crate::store::referrals::by_keys;
use crate::store::statement::{Sql, body};
use std::collections::HashMap;
use uuid::Uuid;

impl Door {
    /// The referrals with these keys that the asker is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referrals_by_id(
        &self,
        sight: &Sight,
        ids: &[ReferralId],
    ) -> Result<HashMap<ReferralId, Referral>, Fault> {
        let mut sql = Sql::default();
        let text = by_keys(&mut sql, sight, ids);
        let rows = self.rows(&text, sql.values).await?;
        rows.iter().map(|row| body::<Referral>(row, "referral").map(|referral| (referral.id, referral))).collect()
    }

    /// The events with these keys that the asker took part in, or that happened to a case the asker holds.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn events_by_id(&self, sight: &Sight, ids: &[EventId]) -> Result<HashMap<EventId, Event>, Fault> {
        if sight.cases == Extent::Nothing && sight.referrals == Extent::Nothing {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::default();
        let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
        let keys = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let cases = sql.within(&sight.cases, "ec.program_id");
        let parts = sql.within(&sight.referrals, "e.program_id");
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM event e JOIN organization eo ON eo.id = e.organization_id \
             LEFT JOIN case_file ec ON ec.id = e.case_id WHERE e.id IN ({keys}) AND e.case_id IS NOT NULL AND \
             ((ec.holder_organization_id = {own} AND {cases}) \
              OR ((e.organization_id = {own} OR e.receiver_organization_id = {own}) AND {parts}))",
            event(&own)
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body::<Event>(row, "event").map(|event| (event.id, event))).collect()
    }

    /// The cases to which needs, goals, consents, aliases, plans, items, direct help or persons with these keys belong.
    /// It tells keys only; what is in the
    /// case is read through the asker's eyes afterwards.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn cases_of(&self, kind: Kind, keys: &[Uuid]) -> Result<HashMap<Uuid, CaseId>, Fault> {
        let (key, case, table) = match kind {
            Kind::Person => ("person_id", "id", "case_file"),
            Kind::Need => ("id", "case_id", "need"),
            Kind::Goal => ("id", "case_id", "goal"),
            Kind::Consent => ("id", "case_id", "consent"),
            Kind::CaseAlias => ("id", "case_id", "case_alias"),
            Kind::Plan => ("id", "case_id", "plan"),
            Kind::PlanItem => ("id", "case_id", "plan_item"),
            Kind::DirectService => ("id", "case_id", "direct_service"),
            _ => return Ok(HashMap::new()),
        };
        let mut sql = Sql::default();
        let names = sql.bind_all(keys.iter().copied());
        sql.text = format!("SELECT {key} AS id, {case} AS case_id FROM {table} WHERE {key} IN ({names})");
        let unreadable = |_| Fault::Store("a key does not read".into());
        let mut found = HashMap::new();
        for row in self.rows(&sql.text, sql.values).await? {
            let case: Uuid = row.try_get("", "case_id").map_err(unreadable)?;
            found.insert(row.try_get("", "id").map_err(unreadable)?, case.into());
        }
        Ok(found)
    }

    /// The services that are given at locations, or as services at locations, with these keys. It tells keys only.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn services_at(&self, kind: Kind, keys: &[Uuid]) -> Result<Vec<ServiceId>, Fault> {
        let column = if kind == Kind::Location { "location_id" } else { "id" };
        let mut sql = Sql::default();
        let names = sql.bind_all(keys.iter().copied());
        sql.text = format!("SELECT DISTINCT service_id FROM service_at_location WHERE {column} IN ({names})");
        let unreadable = |_| Fault::Store("a key does not read".into());
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| row.try_get::<Uuid>("", "service_id").map(Into::into).map_err(unreadable)).collect()
    }
}
