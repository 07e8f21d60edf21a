//! Editions of the standard terms in the database: as they were loaded, and as they are put in force.

use crate::domain::code::Code;
use crate::domain::edition::{Crosswalk, EditionTerm, TermChange, TermDifference, closure};
use crate::domain::id::{OrganizationId, ServiceId};
use crate::domain::organization::Translations;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, body, json};
use sea_orm::{QueryResult, TryGetable, Value};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Most keys in one statement.
const MOST: usize = 1_000;

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Fault> {
    row.try_get("", column).map_err(|_| Fault::Store(format!("a column {column} does not read")))
}

/// An edition to keep.
#[derive(Debug, Clone)]
pub struct NewEdition<'a> {
    pub code: &'a str,
    pub labels: &'a Translations,
    /// Its first day.
    pub valid_from: &'a str,
    pub terms: &'a [EditionTerm],
    pub crosswalk: &'a Crosswalk,
}

/// An edition as it is put in force.
#[derive(Debug, Clone)]
pub struct Taken {
    pub valid_from: String,
    pub terms: Vec<EditionTerm>,
    pub crosswalk: Crosswalk,
}

/// Services that were filed elsewhere, with whose they are and their new versions.
pub type Followed = BTreeMap<OrganizationId, Vec<(ServiceId, i32)>>;

impl Door {
    /// How many services and open needs are filed under each term.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn term_uses(&self) -> Result<HashMap<String, (i64, i64)>, Fault> {
        let text = "SELECT c.code AS code, (SELECT count(*) FROM service s WHERE s.category_code = c.code \
                    AND s.status <> 'RETIRED') AS services, (SELECT count(*) FROM need n WHERE n.category_code = c.code \
                    AND n.status = 'OPEN') AS needs FROM category c WHERE c.organization_id IS NULL";
        let rows = self.rows(text, vec![]).await?;
        let read = |row: &QueryResult| Ok((get(row, "code")?, (get(row, "services")?, get(row, "needs")?)));
        rows.iter().map(read).collect()
    }

    /// The edition that waits, and its first day.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn waiting_edition(&self) -> Result<Option<(String, String)>, Fault> {
        let text =
            "SELECT code, valid_from FROM taxonomy_edition WHERE applied_at IS NULL ORDER BY valid_from, code LIMIT 1";
        let rows = self.rows(text, vec![]).await?;
        rows.first().map(|row| Ok((get(row, "code")?, get(row, "valid_from")?))).transpose()
    }
}

impl Tx {
    /// Keeps an edition that is to be put in force on its first day; tells whether its code was free.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_edition(&self, new: &NewEdition<'_>, now: i64) -> Result<bool, Fault> {
        let text = "INSERT INTO taxonomy_edition (code, labels, valid_from, created_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (code) DO NOTHING";
        let values = vec![new.code.into(), json(new.labels)?.into(), new.valid_from.into(), now.into()];
        if self.run(text, values).await? == 0 {
            return Ok(false);
        }
        let mut rows = Vec::new();
        for term in new.terms {
            rows.push(vec![
                new.code.into(),
                term.code.clone().into(),
                term.parent.clone().into(),
                term.dimension.code().into(),
                term.level.code().into(),
                term.is_group.into(),
                json(&term.labels)?.into(),
            ]);
        }
        self.add_all("taxonomy_term (edition, code, parent_code, dimension, level, is_group, labels)", rows, "")
            .await?;
        let pair = |(from, to): (&String, &String)| vec![new.code.into(), from.clone().into(), to.clone().into()];
        let pairs = new.crosswalk.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
        self.add_all("taxonomy_crosswalk (edition, from_code, to_code)", pairs.map(pair).collect(), "").await?;
        Ok(true)
    }

    /// Takes up an edition that waits, so that it is put in force once; nothing if somebody else has.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_edition(&self, code: &str, now: i64) -> Result<Option<Taken>, Fault> {
        let text = "UPDATE taxonomy_edition SET applied_at = $1 WHERE code = $2 AND applied_at IS NULL";
        if self.run(text, vec![now.into(), code.into()]).await? == 0 {
            return Ok(None);
        }
        let own = || vec![code.into()];
        let days = self.rows("SELECT valid_from FROM taxonomy_edition WHERE code = $1", own()).await?;
        let valid_from = days.first().map(|row| get(row, "valid_from")).transpose()?.unwrap_or_default();
        let text = "SELECT CAST(OBJ('code', t.code, 'parent', t.parent_code, 'dimension', t.dimension, 'level', t.level, \
                    'is_group', t.is_group, 'labels', JSON(t.labels)) AS TEXT) AS body FROM taxonomy_term t \
                    WHERE t.edition = $1 ORDER BY t.code";
        let rows = self.rows(text, own()).await?;
        let terms = rows.iter().map(|row| body(row, "taxonomy_term")).collect::<Result<_, Fault>>()?;
        let text = "SELECT from_code, to_code FROM taxonomy_crosswalk WHERE edition = $1 ORDER BY from_code, to_code";
        let mut crosswalk = Crosswalk::new();
        for row in self.rows(text, own()).await? {
            crosswalk.entry(get(&row, "from_code")?).or_default().push(get(&row, "to_code")?);
        }
        Ok(Some(Taken { valid_from, terms, crosswalk }))
    }

    /// Puts the terms of an edition in force: new ones are added, those that stand are changed, and those that are gone end
    /// the day before. A term with one successor counts as that one in all figures from now on, with the local terms below.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_edition(
        &self,
        edition: &str,
        taken: &Taken,
        differences: &[TermDifference],
        day_before: &str,
    ) -> Result<(), Fault> {
        let terms: HashMap<&str, &EditionTerm> = taken.terms.iter().map(|term| (term.code.as_str(), term)).collect();
        let of = |change: &TermChange| *change == TermChange::Added;
        for one in differences.iter().filter(|one| of(&one.change)) {
            let Some(term) = terms.get(one.code.as_str()) else { continue };
            self.add_term(edition, &taken.valid_from, term).await?;
        }
        for one in differences {
            match (one.change, terms.get(one.code.as_str())) {
                (_, Some(term)) => self.change_term(term).await?,
                (_, None) => self.end_term(one, day_before).await?,
            }
        }
        let text =
            "UPDATE taxonomy_edition SET valid_to = $1 WHERE code <> $2 AND valid_to IS NULL AND valid_from < $3";
        self.run(text, vec![day_before.into(), edition.into(), taken.valid_from.clone().into()]).await?;
        self.rebuild_closure().await
    }

    async fn add_term(&self, edition: &str, valid_from: &str, term: &EditionTerm) -> Result<(), Fault> {
        let row = vec![
            term.code.clone().into(),
            term.dimension.code().into(),
            term.level.code().into(),
            json(&term.labels)?.into(),
            term.is_group.into(),
            term.code.clone().into(),
            edition.into(),
            valid_from.into(),
        ];
        let into = "category (code, dimension, level, labels, is_group, standard_code, edition, valid_from)";
        self.add_all(into, vec![row], "").await
    }

    async fn change_term(&self, term: &EditionTerm) -> Result<(), Fault> {
        let text = "UPDATE category SET dimension = $1, level = $2, labels = $3, is_group = $4, parent_code = $5, \
                    valid_to = NULL, successor_code = NULL, standard_code = code, version = version + 1 WHERE code = $6";
        let values = vec![
            term.dimension.code().into(),
            term.level.code().into(),
            json(&term.labels)?.into(),
            term.is_group.into(),
            term.parent.clone().into(),
            term.code.clone().into(),
        ];
        self.run(text, values).await?;
        let text =
            "UPDATE category SET dimension = $1, level = $2 WHERE parent_code = $3 AND organization_id IS NOT NULL";
        let values = vec![term.dimension.code().into(), term.level.code().into(), term.code.clone().into()];
        self.run(text, values).await?;
        self.search_due_in(&term.code).await
    }

    async fn end_term(&self, gone: &TermDifference, day_before: &str) -> Result<(), Fault> {
        let successor = gone.successors.first().filter(|_| gone.change == TermChange::Replaced);
        let own = || Value::from(gone.code.clone());
        let Some(successor) = successor else {
            let text = "UPDATE category SET valid_to = $1, version = version + 1 WHERE code = $2";
            return self.run(text, vec![day_before.into(), own()]).await.map(drop);
        };
        let next = || Value::from(successor.clone());
        let text = "UPDATE category SET valid_to = $1, successor_code = $2, version = version + 1 WHERE code = $3";
        self.run(text, vec![day_before.into(), next(), own()]).await?;
        for text in [
            // Also what was followed by this one before, and the local terms below it.
            "UPDATE category SET standard_code = $1 WHERE standard_code = $2",
            "UPDATE category SET successor_code = $1 WHERE successor_code = $2",
            "UPDATE category SET parent_code = $1, version = version + 1, \
             dimension = (SELECT n.dimension FROM category n WHERE n.code = $1), \
             level = (SELECT n.level FROM category n WHERE n.code = $1) \
             WHERE parent_code = $2 AND organization_id IS NOT NULL",
            // By the words of the old one the services are still found.
            "INSERT INTO category_term (category_code, terms) SELECT $1, ct.terms FROM category_term ct \
             WHERE ct.category_code = $2 ON CONFLICT DO NOTHING",
        ] {
            self.run(text, vec![next(), own()]).await?;
        }
        let text = "SELECT labels FROM category WHERE code = $1";
        let rows = self.rows(text, vec![own()]).await?;
        let labels: String = rows.first().map(|row| get(row, "labels")).transpose()?.unwrap_or_default();
        let labels: Translations = serde_json::from_str(&labels).unwrap_or_default();
        let words = labels.into_values().map(|label| vec![next(), label.into()]).collect();
        self.add_all("category_term (category_code, terms)", words, "ON CONFLICT DO NOTHING").await
    }

    async fn rebuild_closure(&self) -> Result<(), Fault> {
        let mut parents = BTreeMap::new();
        for row in self.rows("SELECT code, parent_code FROM category", vec![]).await? {
            parents.insert(get::<String>(&row, "code")?, get::<Option<String>>(&row, "parent_code")?);
        }
        self.run("DELETE FROM category_closure", vec![]).await?;
        let row = |(above, below, depth): (String, String, i32)| vec![above.into(), below.into(), depth.into()];
        let rows = closure(&parents).into_iter().map(row).collect();
        self.add_all("category_closure (ancestor_code, descendant_code, depth)", rows, "").await
    }

    /// Files services of replaced terms under what took their place, and gives services the dimension and level that their
    /// term has now. What an import remembers of them follows, so that it still takes them for its own.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn follow_terms(&self, now: i64) -> Result<Followed, Fault> {
        let text = "SELECT s.id AS id, s.organization_id AS organization_id, s.version AS version, n.code AS code, \
                    n.dimension AS dimension, n.level AS level FROM service s JOIN category c ON c.code = s.category_code \
                    JOIN category n ON n.code = CASE WHEN c.organization_id IS NULL AND c.valid_to IS NOT NULL \
                    AND c.successor_code IS NOT NULL THEN c.successor_code ELSE c.code END \
                    WHERE n.code <> s.category_code OR n.dimension <> s.dimension OR n.level <> s.level ORDER BY s.id";
        let mut followed = Followed::new();
        let mut by_term: BTreeMap<(String, String, String), Vec<(Uuid, i32)>> = BTreeMap::new();
        for row in self.rows(text, vec![]).await? {
            let (id, version): (Uuid, i32) = (get(&row, "id")?, get(&row, "version")?);
            let term = (get(&row, "code")?, get(&row, "dimension")?, get(&row, "level")?);
            by_term.entry(term).or_default().push((id, version));
            let organization = get::<Uuid>(&row, "organization_id")?.into();
            followed.entry(organization).or_default().push((id.into(), version + 1));
        }
        for ((code, dimension, level), services) in by_term {
            for part in services.chunks(MOST) {
                self.file_under((&code, &dimension, &level), part, now).await?;
            }
            self.search_due_in(&code).await?;
        }
        Ok(followed)
    }

    async fn file_under(
        &self,
        (code, dimension, level): (&str, &str, &str),
        services: &[(Uuid, i32)],
        now: i64,
    ) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let ids = sql.bind_all(services.iter().map(|(id, _)| *id));
        let remembered = format!(
            "SELECT source, source_id, row_id, content_hash FROM import_source WHERE entity = 'service' AND row_id IN ({ids})"
        );
        let versions: HashMap<Uuid, i32> = services.iter().copied().collect();
        let mut memos = Vec::new();
        for row in self.rows(&remembered, sql.values.clone()).await? {
            let (id, hash): (Uuid, String) = (get(&row, "row_id")?, get(&row, "content_hash")?);
            let Some((version, rest)) = hash.split_once(':') else { continue };
            // A service that a member has in hand stays theirs.
            let Some(next) = versions.get(&id).filter(|at| at.to_string() == version).map(|at| at + 1) else {
                continue;
            };
            let (source, source_id): (String, String) = (get(&row, "source")?, get(&row, "source_id")?);
            let hash = format!("{next}:{rest}");
            memos.push(vec![source.into(), "service".into(), source_id.into(), id.into(), hash.into()]);
        }
        let [code, dimension, level] = [code, dimension, level].map(|text| sql.bind(text));
        let now = sql.bind(now);
        let text = format!(
            "UPDATE service SET category_code = {code}, dimension = {dimension}, level = {level}, updated_at = {now}, \
             version = version + 1 WHERE id IN ({ids})"
        );
        self.run(&text, sql.values).await?;
        let into = "import_source (source, entity, source_id, row_id, content_hash)";
        let end = "ON CONFLICT (source, entity, source_id) DO UPDATE SET content_hash = excluded.content_hash";
        self.add_all(into, memos, end).await
    }

    /// Whose services are filed under terms that are retired without one successor: by organization one of the services.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn to_review(&self, codes: &[String]) -> Result<BTreeMap<OrganizationId, ServiceId>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(codes.iter().cloned());
        let text = format!(
            "SELECT s.organization_id AS organization_id, s.id AS id FROM service s WHERE s.category_code IN ({names}) \
             AND s.status <> 'RETIRED' ORDER BY s.organization_id, s.id"
        );
        let mut first = BTreeMap::new();
        for row in self.rows(&text, sql.values).await? {
            let organization: OrganizationId = get::<Uuid>(&row, "organization_id")?.into();
            first.entry(organization).or_insert(get::<Uuid>(&row, "id")?.into());
        }
        Ok(first)
    }
}
