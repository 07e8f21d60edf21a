//! What is known of how true entries are, counted where it is kept.

use crate::domain::criterion::AreaFit;
use crate::domain::id::{AreaId, ServiceId};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::services::visible;
use crate::store::statement::{Sql, body};
use serde::Deserialize;
use uuid::Uuid;

/// The signs of one service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignRow {
    pub id: ServiceId,
    pub assured_on: Option<String>,
    pub max_age_days: Option<i32>,
    /// When the number of places was last stated, UTC microseconds.
    pub capacity_as_of: Option<i64>,
    pub silences: i64,
    pub capacity_declines: i64,
    pub open_corrections: i64,
}

impl Door {
    /// The signs of services that the asker can see; silence and declines count from the first instant on, and a receipt
    /// is late at the second.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn signs(
        &self,
        sight: &Sight,
        ids: &[ServiceId],
        (since, now): (i64, i64),
    ) -> Result<Vec<SignRow>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let (since, now) = (sql.bind(since), sql.bind(now));
        let visible = visible(&mut sql, sight);
        sql.text = format!(
            "SELECT CAST(OBJ('id', UID(s.id), 'assured_on', s.assured_on, 'max_age_days', \
               (SELECT pd.max_age_days FROM program_directory pd WHERE pd.program_id = s.program_id), \
             'capacity_as_of', (SELECT max(cp.as_of) FROM capacity cp WHERE cp.service_id = s.id AND cp.total IS NOT NULL), \
             'silences', (SELECT count(*) FROM referral r WHERE r.service_id = s.id AND r.status = 'EXPIRED' \
                 AND r.ended_at >= {since}) \
               + (SELECT count(*) FROM referral r WHERE r.service_id = s.id AND r.status = 'SENT' \
                 AND r.acknowledge_due_at < {now}), \
             'capacity_declines', (SELECT count(*) FROM referral r WHERE r.service_id = s.id AND r.status = 'DECLINED' \
               AND r.ended_at >= {since} AND r.declined_while_free > 0), \
             'open_corrections', (SELECT count(*) FROM service_correction co WHERE co.service_id = s.id \
               AND co.status = 'OPEN')) AS TEXT) AS body FROM service s WHERE s.id IN ({names}) AND {visible}"
        );
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "service")).collect()
    }

    /// Other services that the asker can see and that are given in, or serve, one of the smallest areas of a service.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn services_nearby(&self, sight: &Sight, service: ServiceId, most: u32) -> Result<Vec<ServiceId>, Fault> {
        let mut sql = Sql::default();
        let key = sql.bind(Uuid::from(service));
        let visible = visible(&mut sql, sight);
        sql.text = format!(
            "SELECT s.id AS id FROM service s WHERE s.id <> {key} AND s.status <> 'RETIRED' AND {visible} AND EXISTS \
             (SELECT 1 FROM service_reach near WHERE near.service_id = s.id AND near.area_id IN \
               (SELECT sa.area_id FROM service_area sa WHERE sa.service_id = {key} UNION SELECT lo.area_id \
                FROM service_at_location sl JOIN location lo ON lo.id = sl.location_id \
                WHERE sl.service_id = {key} AND lo.area_id IS NOT NULL)) ORDER BY s.id LIMIT {most}"
        );
        crate::store::statement::keys(&self.rows(&sql.text, sql.values).await?)
    }

    /// How an area lies to those that a service serves or is given in.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn area_fit(&self, service: ServiceId, area: AreaId) -> Result<AreaFit, Fault> {
        let reached = "SELECT sa.area_id AS area_id FROM service_area sa WHERE sa.service_id = $1 \
             UNION SELECT lo.area_id FROM service_at_location sl JOIN location lo ON lo.id = sl.location_id \
             WHERE sl.service_id = $1 AND lo.area_id IS NOT NULL";
        let text = format!(
            "SELECT CAST(count(inner_of.ancestor_id) AS BIGINT) AS inside, CAST(count(outer_of.ancestor_id) AS BIGINT) \
             AS around FROM ({reached}) x \
             LEFT JOIN area_closure inner_of ON inner_of.ancestor_id = x.area_id AND inner_of.descendant_id = $2 \
             LEFT JOIN area_closure outer_of ON outer_of.descendant_id = x.area_id AND outer_of.ancestor_id = $2"
        );
        let rows = self.rows(&text, vec![Uuid::from(service).into(), Uuid::from(area).into()]).await?;
        let unreadable = |_| Fault::Store("an area does not read".into());
        let count = |column: &str| match rows.first() {
            Some(row) => row.try_get::<i64>("", column).map_err(unreadable),
            None => Ok(0),
        };
        Ok(AreaFit::of(count("inside")? > 0, count("around")? > 0))
    }
}
