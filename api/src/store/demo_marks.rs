//! By which names the demonstration finds its own rows again. They are kept like those of an import, under a source of
//! their own.

use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use passerelle_entity::import_source;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The source under which the names are kept.
const SOURCE: &str = "passerelle-demo";
/// What they are names of: the demonstration's own roles for its rows.
const ENTITY: &str = "mark";

impl Tx {
    /// Remembers a row by a name.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn mark(&self, name: &str, row: Uuid) -> Result<(), Fault> {
        self.add(import_source::Model {
            source: SOURCE.into(),
            entity: ENTITY.into(),
            source_id: name.into(),
            row_id: row,
            content_hash: String::new(),
        })
        .await
    }
}

impl Door {
    /// All rows that were remembered, by name.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn marks(&self) -> Result<BTreeMap<String, Uuid>, Fault> {
        let text = "SELECT source_id, row_id FROM import_source WHERE source = $1 AND entity = $2";
        let rows = self.rows(text, vec![SOURCE.into(), ENTITY.into()]).await?;
        let unread = |_| Fault::Store("a mark does not read".into());
        rows.iter()
            .map(|row| {
                let name = row.try_get("", "source_id").map_err(unread)?;
                Ok((name, row.try_get("", "row_id").map_err(unread)?))
            })
            .collect()
    }

    /// Whether nobody has entered anything yet.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn is_untouched(&self) -> Result<bool, Fault> {
        let rows = self.rows("SELECT id FROM organization UNION ALL SELECT id FROM area LIMIT 1", vec![]).await?;
        Ok(rows.is_empty())
    }

    /// How many rows the demonstration tells of: organizations, services, areas, cases, referrals.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn census(&self) -> Result<Census, Fault> {
        let text = "SELECT (SELECT count(*) FROM organization) AS organizations, (SELECT count(*) FROM service) AS services, \
                    (SELECT count(*) FROM area) AS areas, (SELECT count(*) FROM program) AS programs, \
                    (SELECT count(*) FROM case_file) AS cases, (SELECT count(*) FROM referral) AS referrals";
        let rows = self.rows(text, vec![]).await?;
        let row = rows.first().ok_or_else(|| Fault::Store("a count gave nothing".into()))?;
        let number = |name: &str| row.try_get("", name).map_err(|_| Fault::Store("a count does not read".into()));
        Ok(Census {
            organizations: number("organizations")?,
            services: number("services")?,
            areas: number("areas")?,
            programs: number("programs")?,
            cases: number("cases")?,
            referrals: number("referrals")?,
        })
    }
}

/// How many of each there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Census {
    pub organizations: i64,
    pub services: i64,
    pub areas: i64,
    pub programs: i64,
    pub cases: i64,
    pub referrals: i64,
}
