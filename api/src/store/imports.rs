//! What an import reads and remembers: the rows it knows by their source, and how they stand now.

use crate::domain::id::{AreaId, LocationId, OrganizationId, ServiceAtLocationId, ServiceId};
use crate::domain::imported::Remembered;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use sea_orm::{QueryResult, TryGetable, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// The rows of a source that are known here, by entity and id in the source.
pub type Memory = HashMap<(String, String), Remembered>;

/// An area by which places are found.
#[derive(Debug, Clone)]
pub struct NamedArea {
    pub id: AreaId,
    pub level: i32,
    pub pcode: String,
    pub name: String,
    /// Names by language, as JSON text.
    pub names: String,
}

/// How a service of an organization stands now.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub id: ServiceId,
    pub version: i32,
    /// Whether a member has ever confirmed it.
    pub is_assured: bool,
}

/// A service at a location as it stands now.
#[derive(Debug, Clone, Copy)]
pub struct StandingPlace {
    pub id: ServiceAtLocationId,
    pub service: ServiceId,
    pub location: LocationId,
}

/// One row to be remembered.
#[derive(Debug, Clone)]
pub struct Memo {
    pub entity: &'static str,
    pub source_id: String,
    pub remembered: Remembered,
}

/// Most values in one statement; SQLite takes 32,766.
const MOST_VALUES: usize = 10_000;

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Store(format!("a column {column} does not read")))
}

impl Door {
    /// Everything that was imported from a source.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn memory_of(&self, source: &str) -> Result<Memory, Fault> {
        let text = "SELECT entity, source_id, row_id, content_hash FROM import_source WHERE source = $1";
        let mut memory = Memory::new();
        for row in self.rows(text, vec![source.into()]).await? {
            let hash: String = get(&row, "content_hash")?;
            // Written as `version:fingerprint` by `remember`.
            let (version, fingerprint) = hash.split_once(':').unwrap_or(("0", &hash));
            let version = version.parse().map_err(|_| Fault::Store("a remembered version is no number".into()))?;
            let remembered = Remembered { row: get(&row, "row_id")?, fingerprint: fingerprint.to_owned(), version };
            memory.insert((get(&row, "entity")?, get(&row, "source_id")?), remembered);
        }
        Ok(memory)
    }

    /// The areas of a country that are still valid, from above to below.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn named_areas(&self, country: &str) -> Result<Vec<NamedArea>, Fault> {
        let text = "SELECT id, level, pcode, name, names FROM area WHERE country = $1 AND valid_to IS NULL \
                    ORDER BY level, edition DESC, id";
        let rows = self.rows(text, vec![country.into()]).await?;
        let read = |row: &QueryResult| {
            Ok(NamedArea {
                id: get::<Uuid>(row, "id")?.into(),
                level: get(row, "level")?,
                pcode: get(row, "pcode")?,
                name: get(row, "name")?,
                names: get(row, "names")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

impl Tx {
    /// An organization's services, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_services_of(&self, organization: OrganizationId) -> Result<HashMap<ServiceId, Standing>, Fault> {
        let text = "SELECT id, version, CASE WHEN assured_on IS NULL THEN 0 ELSE 1 END AS assured FROM service \
                    WHERE organization_id = $1 ORDER BY id FOR UPDATE";
        let rows = self.rows(text, vec![Uuid::from(organization).into()]).await?;
        let read = |row: &QueryResult| {
            let id = ServiceId::from(get::<Uuid>(row, "id")?);
            let is_assured = get::<i32>(row, "assured")? == 1;
            Ok((id, Standing { id, version: get(row, "version")?, is_assured }))
        };
        rows.iter().map(read).collect()
    }

    /// Where an organization's services are given.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn places_of(&self, organization: OrganizationId) -> Result<Vec<StandingPlace>, Fault> {
        let text = "SELECT sl.id AS id, sl.service_id AS service_id, sl.location_id AS location_id \
                    FROM service_at_location sl JOIN service s ON s.id = sl.service_id WHERE s.organization_id = $1";
        let rows = self.rows(text, vec![Uuid::from(organization).into()]).await?;
        let read = |row: &QueryResult| {
            Ok(StandingPlace {
                id: get::<Uuid>(row, "id")?.into(),
                service: get::<Uuid>(row, "service_id")?.into(),
                location: get::<Uuid>(row, "location_id")?.into(),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Remembers what was written under which id of the source.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn remember(&self, source: &str, memos: &[Memo]) -> Result<(), Fault> {
        let row = |memo: &Memo| {
            let Remembered { row, fingerprint, version } = &memo.remembered;
            vec![
                source.into(),
                memo.entity.into(),
                memo.source_id.clone().into(),
                (*row).into(),
                format!("{version}:{fingerprint}").into(),
            ]
        };
        self.add_all(
            "import_source (source, entity, source_id, row_id, content_hash)",
            memos.iter().map(row).collect(),
            "ON CONFLICT (source, entity, source_id) DO UPDATE SET content_hash = excluded.content_hash",
        )
        .await
    }

    /// Adds rows of equal width with as few statements as there can be; `into` names the table and its columns.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_all(&self, into: &str, mut rows: Vec<Vec<Value>>, end: &str) -> Result<(), Fault> {
        let width = rows.first().map_or(1, Vec::len).max(1);
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(MOST_VALUES / width));
            let mut at = 0;
            let mut tuple = |row: &Vec<Value>| {
                let names: Vec<String> = row
                    .iter()
                    .map(|_| {
                        at += 1;
                        format!("${at}")
                    })
                    .collect();
                format!("({})", names.join(", "))
            };
            let tuples: Vec<String> = rows.iter().map(&mut tuple).collect();
            let text = format!("INSERT INTO {into} VALUES {} {end}", tuples.join(", "));
            self.run(&text, rows.into_iter().flatten().collect()).await?;
            rows = rest;
        }
        Ok(())
    }
}
