//! Previewed imports, services that two publishers have, crosswalks and the words they do not know.

use crate::domain::code::Code;
use crate::domain::id::{OrganizationId, ServiceId};
use crate::domain::import_run::{
    Conflict, ConflictCause, ConflictDecision, Difference, ImportRun, Mapping, Quarantined, RunStatus,
};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, json};
use sea_orm::{QueryResult, TryGetable, Value};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most values in one list; SQLite takes 32,766 in one statement.
const MOST: usize = 5_000;

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Store(format!("a column {column} does not read")))
}

fn code<C: Code>(row: &QueryResult, column: &str) -> Result<C, Fault> {
    C::from_code(&get::<String>(row, column)?).ok_or_else(|| Fault::Store(format!("an unknown code in {column}")))
}

/// A standing service that an incoming one may be.
#[derive(Debug, Clone)]
pub struct Standing {
    pub service: ServiceId,
    /// Name as it is sorted.
    pub sort_name: String,
    pub organization: String,
    /// Area and name of each place where it is given; neither where it is given nowhere.
    pub place: Option<(Option<Uuid>, String)>,
}

fn conflict(row: &QueryResult) -> Result<Conflict, Fault> {
    let decision: Option<String> = get(row, "decision")?;
    Ok(Conflict {
        id: get(row, "id")?,
        source: get(row, "source")?,
        source_id: get(row, "source_id")?,
        name: get(row, "name")?,
        standing: get::<Uuid>(row, "service_id")?.into(),
        cause: code::<ConflictCause>(row, "cause")?,
        decision: decision.as_deref().and_then(ConflictDecision::from_code),
    })
}

impl Door {
    /// A previewed import.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn import_run(&self, id: Uuid) -> Result<Option<ImportRun>, Fault> {
        let text = "SELECT id, source, status, hash, changes, created_at FROM import_run WHERE id = $1";
        let read = |row: &QueryResult| {
            let changes: String = get(row, "changes")?;
            let differences: Vec<Difference> =
                serde_json::from_str(&changes).map_err(|_| Fault::Corrupt("import_run", id))?;
            Ok(ImportRun {
                id,
                source: get(row, "source")?,
                status: code::<RunStatus>(row, "status")?,
                hash: get(row, "hash")?,
                created_at: get(row, "created_at")?,
                differences,
            })
        };
        self.rows(text, vec![id.into()]).await?.first().map(read).transpose()
    }

    /// All conflicts, the oldest first; those of one source, if one is named.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn import_conflicts(&self, source: Option<&str>) -> Result<Vec<Conflict>, Fault> {
        let mut sql = Sql::default();
        let of = source.map(|source| format!("WHERE source = {}", sql.bind(source))).unwrap_or_default();
        let text = format!(
            "SELECT id, source, source_id, name, service_id, cause, decision FROM import_conflict {of} \
             ORDER BY created_at, id"
        );
        self.rows(&text, sql.values).await?.iter().map(conflict).collect()
    }

    /// Services of other publishers that have one of these ids, in their source or as their own: id asked for, service.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn same_identifier(&self, source: &str, ids: &[Uuid]) -> Result<Vec<(String, ServiceId)>, Fault> {
        let mut found = Vec::new();
        for ids in ids.chunks(MOST) {
            let mut sql = Sql::default();
            let own = sql.bind(source);
            let texts = sql.bind_all(ids.iter().map(ToString::to_string));
            let keys = sql.bind_all(ids.iter().copied());
            let text = format!(
                "SELECT i.source_id AS asked, s.id AS id FROM import_source i JOIN service s ON s.id = i.row_id \
                 WHERE i.entity = 'service' AND i.source_id IN ({texts}) AND i.source <> {own} AND s.status <> 'RETIRED' \
                 UNION SELECT NULL AS asked, s.id AS id FROM service s WHERE s.id IN ({keys}) \
                 AND (s.source IS NULL OR s.source <> {own}) AND s.status <> 'RETIRED'"
            );
            for row in self.rows(&text, sql.values).await? {
                let id: Uuid = get(&row, "id")?;
                let asked: Option<String> = get(&row, "asked")?;
                found.push((asked.unwrap_or_else(|| id.to_string()), id.into()));
            }
        }
        Ok(found)
    }

    /// Services of other publishers with one of these sorted names, a row for each place where they are given.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn same_name(&self, source: &str, names: &[String]) -> Result<Vec<Standing>, Fault> {
        let mut found = Vec::new();
        for names in names.chunks(MOST) {
            let mut sql = Sql::default();
            let (own, names) = (sql.bind(source), sql.bind_all(names.iter().cloned()));
            let text = format!(
                "SELECT s.id AS id, s.sort_name AS sort_name, o.name AS organization, lo.id AS location, \
                 lo.area_id AS area, lo.name AS place FROM service s JOIN organization o ON o.id = s.organization_id \
                 LEFT JOIN service_at_location sl ON sl.service_id = s.id LEFT JOIN location lo ON lo.id = sl.location_id \
                 WHERE s.sort_name IN ({names}) AND (s.source IS NULL OR s.source <> {own}) AND s.status <> 'RETIRED' \
                 ORDER BY s.id, lo.id"
            );
            for row in self.rows(&text, sql.values).await? {
                let location: Option<Uuid> = get(&row, "location")?;
                let place = match location {
                    Some(_) => Some((get(&row, "area")?, get(&row, "place")?)),
                    None => None,
                };
                found.push(Standing {
                    service: get::<Uuid>(&row, "id")?.into(),
                    sort_name: get(&row, "sort_name")?,
                    organization: get(&row, "organization")?,
                    place,
                });
            }
        }
        Ok(found)
    }

    /// Which of these keys are taken by a row of a table that imports write.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn taken_keys(&self, keys: &[Uuid]) -> Result<HashSet<Uuid>, Fault> {
        let mut taken = HashSet::new();
        for keys in keys.chunks(MOST) {
            let mut sql = Sql::default();
            let ids = sql.bind_all(keys.iter().copied());
            let of = |table: &&str| format!("SELECT id FROM {table} WHERE id IN ({ids})");
            let tables = ["organization", "service", "location", "service_at_location"];
            let text = tables.iter().map(of).collect::<Vec<_>>().join(" UNION ");
            for row in self.rows(&text, sql.values.clone()).await? {
                taken.insert(get(&row, "id")?);
            }
        }
        Ok(taken)
    }

    /// The crosswalk of a source: of each word the mapping that holds on a day, of several the one valid last.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn crosswalk(&self, source: &str, day: &str) -> Result<Vec<Mapping>, Fault> {
        let text = "SELECT scheme, code, edition, valid_from, label, category_code FROM crosswalk \
                    WHERE source = $1 AND valid_from <= $2 ORDER BY scheme, code, valid_from, edition";
        let read = |row: &QueryResult| {
            Ok(Mapping {
                scheme: get(row, "scheme")?,
                code: get(row, "code")?,
                edition: get(row, "edition")?,
                valid_from: get(row, "valid_from")?,
                label: get(row, "label")?,
                category: get(row, "category_code")?,
            })
        };
        let rows = self.rows(text, vec![source.into(), day.into()]).await?;
        let all = rows.iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
        let mut last: HashMap<(String, String), Mapping> = HashMap::new();
        for mapping in all {
            last.insert((mapping.scheme.clone(), mapping.code.clone()), mapping);
        }
        let mut all: Vec<Mapping> = last.into_values().collect();
        all.sort_by(|a, b| (&a.scheme, &a.code).cmp(&(&b.scheme, &b.code)));
        Ok(all)
    }

    /// The words of a source that wait for somebody to map them.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn quarantine(&self, source: &str) -> Result<Vec<Quarantined>, Fault> {
        let text = "SELECT scheme, code, label, suggestion, services FROM import_quarantine WHERE source = $1 \
                    ORDER BY services DESC, scheme, code";
        let read = |row: &QueryResult| {
            Ok(Quarantined {
                scheme: get(row, "scheme")?,
                code: get(row, "code")?,
                label: get(row, "label")?,
                suggestion: get(row, "suggestion")?,
                services: get(row, "services")?,
            })
        };
        self.rows(text, vec![source.into()]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a previewed import.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_import_run(&self, run: &ImportRun) -> Result<(), Fault> {
        let row = vec![
            run.id.into(),
            run.source.clone().into(),
            run.status.code().into(),
            run.hash.clone().into(),
            json(&run.differences)?.into(),
            run.created_at.into(),
        ];
        self.add_all("import_run (id, source, status, hash, changes, created_at)", vec![row], "").await
    }

    /// Closes a previewed import that waits; tells whether it still did.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn close_import_run(&self, id: Uuid, status: RunStatus, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE import_run SET status = $1, closed_at = $2 WHERE id = $3 AND status = 'PREVIEWED'";
        Ok(self.run(text, vec![status.code().into(), now.into(), id.into()]).await? == 1)
    }

    /// Keeps conflicts that are not known yet.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_conflicts(&self, conflicts: &[Conflict], now: i64) -> Result<(), Fault> {
        let row = |conflict: &Conflict| {
            vec![
                conflict.id.into(),
                conflict.source.clone().into(),
                conflict.source_id.clone().into(),
                conflict.name.clone().into(),
                Uuid::from(conflict.standing).into(),
                conflict.cause.code().into(),
                now.into(),
            ]
        };
        let into = "import_conflict (id, source, source_id, name, service_id, cause, created_at)";
        let end = "ON CONFLICT (source, source_id, service_id) DO NOTHING";
        self.add_all(into, conflicts.iter().map(row).collect(), end).await
    }

    /// Retires services whose place an incoming one takes.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn retire_superseded(&self, services: &[ServiceId], now: i64) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let ids = sql.bind_all(services.iter().map(|service| Uuid::from(*service)));
        let text = format!(
            "SELECT id, organization_id, version FROM service WHERE id IN ({ids}) AND status <> 'RETIRED' \
             ORDER BY id FOR UPDATE"
        );
        let mut of: HashMap<OrganizationId, Vec<(ServiceId, i32)>> = HashMap::new();
        for row in self.rows(&text, sql.values.clone()).await? {
            let version: i32 = get(&row, "version")?;
            let service = (get::<Uuid>(&row, "id")?.into(), version + 1);
            of.entry(get::<Uuid>(&row, "organization_id")?.into()).or_default().push(service);
        }
        let now_at = sql.bind(now);
        let text = format!(
            "UPDATE service SET status = 'RETIRED', pause_reason = NULL, updated_at = {now_at}, version = version + 1 \
             WHERE id IN ({ids}) AND status <> 'RETIRED'"
        );
        self.run(&text, sql.values).await?;
        for (organization, services) in of {
            self.note_import(organization, &services, now).await?;
        }
        Ok(())
    }

    /// Adds mappings; those that stand stay as they are. Tells how many are new.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_mappings(&self, source: &str, mappings: &[Mapping], now: i64) -> Result<(), Fault> {
        let row = |mapping: &Mapping| {
            vec![
                source.into(),
                mapping.scheme.clone().into(),
                mapping.code.clone().into(),
                mapping.edition.clone().into(),
                mapping.valid_from.clone().into(),
                mapping.label.clone().into(),
                mapping.category.clone().into(),
                now.into(),
            ]
        };
        let into = "crosswalk (source, scheme, code, edition, valid_from, label, category_code, created_at)";
        let end = "ON CONFLICT (source, scheme, code, edition) DO NOTHING";
        self.add_all(into, mappings.iter().map(row).collect(), end).await
    }

    /// Keeps the words that wait, and lets those go that no longer do; a word keeps the instant it was first seen.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_quarantine(
        &self,
        source: &str,
        words: &[Quarantined],
        gone: &[Quarantined],
        now: i64,
    ) -> Result<(), Fault> {
        for word in gone {
            let text = "DELETE FROM import_quarantine WHERE source = $1 AND scheme = $2 AND code = $3";
            self.run(text, vec![source.into(), word.scheme.clone().into(), word.code.clone().into()]).await?;
        }
        let row = |word: &Quarantined| -> Vec<Value> {
            vec![
                source.into(),
                word.scheme.clone().into(),
                word.code.clone().into(),
                word.label.clone().into(),
                word.suggestion.clone().into(),
                word.services.into(),
                now.into(),
                now.into(),
            ]
        };
        let into = "import_quarantine (source, scheme, code, label, suggestion, services, first_seen_at, last_seen_at)";
        let end = "ON CONFLICT (source, scheme, code) DO UPDATE SET label = excluded.label, \
                   suggestion = excluded.suggestion, services = excluded.services, last_seen_at = excluded.last_seen_at";
        self.add_all(into, words.iter().map(row).collect(), end).await
    }

    /// Some columns of rows as texts, for comparing; nothing where a column is null.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn texts_of(
        &self,
        table: &'static str,
        columns: &[&'static str],
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<String>>, Fault> {
        let mut found = HashMap::new();
        let list: Vec<String> = columns.iter().map(|column| format!("CAST({column} AS TEXT) AS {column}")).collect();
        for ids in ids.chunks(MOST) {
            let mut sql = Sql::default();
            let ids = sql.bind_all(ids.iter().copied());
            let text = format!("SELECT id, {} FROM {table} WHERE id IN ({ids})", list.join(", "));
            for row in self.rows(&text, sql.values).await? {
                let texts = columns.iter().map(|column| Ok(get::<Option<String>>(&row, column)?.unwrap_or_default()));
                found.insert(get(&row, "id")?, texts.collect::<Result<_, Fault>>()?);
            }
        }
        Ok(found)
    }
}
