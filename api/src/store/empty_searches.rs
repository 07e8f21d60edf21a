//! Searches that found nothing, counted without who searched. Whoever searches again the same day is known by a mark: a
//! hash under that day's salt, which is forgotten with the day, so that no mark can be made again from a name.

use crate::domain::id::{AreaId, MemberId, OrganizationId};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::Sql;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt::Write as _;
use uuid::Uuid;

/// A search that found nothing.
#[derive(Debug, Clone)]
pub struct Looked<'a> {
    pub organization: OrganizationId,
    pub member: MemberId,
    pub area: Option<AreaId>,
    /// A category or a branch; none where the search was for words, or for several.
    pub category: Option<&'a str>,
}

impl Looked<'_> {
    /// By what the same search of the same person is known again, as long as the salt is kept.
    fn mark(&self, salt: &str) -> Result<String, Fault> {
        let mut mac = Hmac::<Sha256>::new_from_slice(salt.as_bytes()).map_err(|_| Fault::Randomness)?;
        let area = self.area.map(Uuid::from).unwrap_or_default();
        let what = format!("{} {area} {}", Uuid::from(self.member), self.category.unwrap_or_default());
        mac.update(what.as_bytes());
        let mut mark = String::new();
        for byte in mac.finalize().into_bytes() {
            let _ = write!(mark, "{byte:02x}");
        }
        Ok(mark)
    }
}

impl Door {
    /// Counts a search that found nothing: its category, its area or else the asker's country, and the day. Neither who
    /// searched nor for what; and only the first of a person's equal ones that day.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn count_empty_search(&self, looked: &Looked<'_>, day: &str) -> Result<(), Fault> {
        let tx = self.begin().await?;
        let mark = looked.mark(&tx.salt_of(day).await?)?;
        let is_first = tx
            .run(
                "INSERT INTO empty_search_mark (day, mark) VALUES ($1, $2) ON CONFLICT (day, mark) DO NOTHING",
                vec![day.into(), mark.into()],
            )
            .await?
            > 0;
        if is_first {
            tx.count_empty(looked, day).await?;
        }
        tx.commit().await
    }
}

impl Tx {
    /// The salt of a day, made when it is first asked for. Those of other days are forgotten, with all marks made of them.
    async fn salt_of(&self, day: &str) -> Result<String, Fault> {
        let kept = "SELECT salt FROM empty_search_salt WHERE day = $1";
        if let Some(row) = self.rows(kept, vec![day.into()]).await?.first() {
            return row.try_get("", "salt").map_err(|_| Fault::Store("a salt does not read".into()));
        }
        for table in ["empty_search_mark", "empty_search_salt"] {
            self.run(&format!("DELETE FROM {table} WHERE day <> $1"), vec![day.into()]).await?;
        }
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|_| Fault::Randomness)?;
        let salt = bytes.iter().fold(String::new(), |salt, byte| salt + &format!("{byte:02x}"));
        let put = "INSERT INTO empty_search_salt (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING";
        self.run(put, vec![day.into(), salt.into()]).await?;
        // Another server may have made it in the meantime.
        let rows = self.rows(kept, vec![day.into()]).await?;
        let row = rows.first().ok_or_else(|| Fault::Store("a salt is gone".into()))?;
        row.try_get("", "salt").map_err(|_| Fault::Store("a salt does not read".into()))
    }

    async fn count_empty(&self, looked: &Looked<'_>, day: &str) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let (day, own) = (sql.bind(day.to_owned()), sql.bind(Uuid::from(looked.organization)));
        let area = match looked.area {
            Some(area) => format!("(SELECT a.id FROM area a WHERE a.id = {})", sql.bind(Uuid::from(area))),
            None => format!(
                "(SELECT a.id FROM area a JOIN organization o ON o.country = a.country WHERE o.id = {own} AND a.level = 0 \
                 ORDER BY CASE WHEN a.valid_to IS NULL THEN 0 ELSE 1 END, a.edition DESC, a.id LIMIT 1)"
            ),
        };
        let (nil, category) = (sql.bind(Uuid::nil()), sql.bind(looked.category.unwrap_or_default().to_owned()));
        sql.text = format!(
            "INSERT INTO empty_search (day, area_id, category_code, searches) SELECT CAST({day} AS TEXT), coalesce({area}, {nil}), \
             coalesce((SELECT c.standard_code FROM category c WHERE c.code = {category}), ''), 1 FROM organization o \
             WHERE o.id = {own} ON CONFLICT (day, area_id, category_code) \
             DO UPDATE SET searches = empty_search.searches + 1"
        );
        self.run(&sql.text, sql.values).await?;
        Ok(())
    }
}
