//! What exports tell of the directory beside the objects of the reference API: the areas around each location.

use crate::domain::clock::date_of;
use crate::domain::rule::Fault;
use crate::hsds::export::Around;
use crate::store::door::Door;
use crate::store::statement::Sql;
use jiff::Timestamp;
use sea_orm::{QueryResult, TryGetable};
use std::collections::HashMap;
use uuid::Uuid;

/// Most values in one list; SQLite takes 32,766 in one statement.
const MOST: usize = 5_000;

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Store(format!("a column {column} does not read")))
}

impl Door {
    /// The areas around locations, from the country to the one they lie in.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn areas_around(&self, locations: &[Uuid]) -> Result<HashMap<String, Vec<Around>>, Fault> {
        let mut found: HashMap<String, Vec<Around>> = HashMap::new();
        for ids in locations.chunks(MOST) {
            let mut sql = Sql::default();
            let ids = sql.bind_all(ids.iter().copied());
            let text = format!(
                "SELECT lo.id AS id, a.level AS level, a.pcode AS code, a.name AS name, a.country AS country \
                 FROM location lo JOIN area_closure up ON up.descendant_id = lo.area_id \
                 JOIN area a ON a.id = up.ancestor_id WHERE lo.id IN ({ids}) ORDER BY lo.id, a.level, a.id"
            );
            for row in self.rows(&text, sql.values).await? {
                let around = Around {
                    level: get(&row, "level")?,
                    code: get(&row, "code")?,
                    name: get(&row, "name")?,
                    country: get(&row, "country")?,
                };
                found.entry(get::<Uuid>(&row, "id")?.to_string()).or_default().push(around);
            }
        }
        Ok(found)
    }

    /// The countries of organizations.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn countries_of(&self, organizations: &[Uuid]) -> Result<HashMap<String, String>, Fault> {
        let mut found = HashMap::new();
        for ids in organizations.chunks(MOST) {
            let mut sql = Sql::default();
            let text =
                format!("SELECT id, country FROM organization WHERE id IN ({})", sql.bind_all(ids.iter().copied()));
            for row in self.rows(&text, sql.values).await? {
                found.insert(get::<Uuid>(&row, "id")?.to_string(), get(&row, "country")?);
            }
        }
        Ok(found)
    }

    /// The days on which services were published.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn published_on(&self, services: &[Uuid]) -> Result<HashMap<String, String>, Fault> {
        let mut found = HashMap::new();
        for ids in services.chunks(MOST) {
            let mut sql = Sql::default();
            let text =
                format!("SELECT id, published_at FROM service WHERE id IN ({})", sql.bind_all(ids.iter().copied()));
            for row in self.rows(&text, sql.values).await? {
                let at = Timestamp::from_microsecond(get(&row, "published_at")?).unwrap_or_default();
                found.insert(get::<Uuid>(&row, "id")?.to_string(), date_of(at).to_string());
            }
        }
        Ok(found)
    }

    /// The areas with a P-code, of whatever country and edition.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn areas_coded(&self, code: &str) -> Result<Vec<Uuid>, Fault> {
        let text = "SELECT id FROM area WHERE pcode = $1 ORDER BY id";
        self.rows(text, vec![code.into()]).await?.iter().map(|row| get(row, "id")).collect()
    }

    /// Whether a table has a row with this key.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn has_row(&self, table: &'static str, key: Uuid) -> Result<bool, Fault> {
        let rows = self.rows(&format!("SELECT id FROM {table} WHERE id = $1"), vec![key.into()]).await?;
        Ok(!rows.is_empty())
    }
}
