//! Imports about which a publisher decides, in the database.

use crate::domain::code::Code;
use crate::domain::id::{ImportRunId, OrganizationId};
use crate::domain::import_run::{Difference, PublisherRun, RunDecision, RunStatus};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::ledger::Deed;
use crate::store::statement::{Order, Sql, body, counted, json, page, window_clause};
use passerelle_entity::import_request;
use sea_orm::QueryResult;
use uuid::Uuid;

const RUN: &str = "OBJ('id', UID(ir.id), 'source', ir.source, 'status', ir.status, 'file_name', rq.file_name, \
    'decision', rq.decision, 'decided_at', rq.decided_at, 'failure', rq.failure, 'version', rq.version, \
    'created_at', ir.created_at, 'closed_at', ir.closed_at, \
    'looks_again', rq.look_again)";
const FROM: &str = "FROM import_request rq JOIN import_run ir ON ir.id = rq.run_id";

/// A file that a publisher said yes to, with how it is to be taken.
#[derive(Debug, Clone)]
pub struct Material {
    pub run: ImportRunId,
    pub source: String,
    /// The file in base 64.
    pub file: String,
    pub category_map: Option<String>,
    pub country: Option<String>,
    pub language: String,
    pub mirror: bool,
}

fn material(row: &QueryResult) -> Result<Material, Fault> {
    let read = || -> Result<Material, sea_orm::DbErr> {
        Ok(Material {
            run: row.try_get::<Uuid>("", "id")?.into(),
            source: row.try_get("", "source")?,
            file: row.try_get("", "file")?,
            category_map: row.try_get("", "category_map")?,
            country: row.try_get("", "country")?,
            language: row.try_get("", "language")?,
            mirror: row.try_get("", "mirror")?,
        })
    };
    read().map_err(|_| Fault::Store("a file to import does not read".into()))
}

impl Door {
    /// A page of the imports about which an organization decides, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn publisher_runs(
        &self,
        organization: OrganizationId,
        status: &[RunStatus],
        window: &Window,
    ) -> Result<Page<PublisherRun>, Fault> {
        let mut sql = Sql::default();
        let mut found = format!("{FROM} WHERE rq.organization_id = {}", sql.bind(Uuid::from(organization)));
        if !status.is_empty() {
            let codes = sql.bind_all(status.iter().map(|status| status.code()));
            found += &format!(" AND ir.status IN ({codes})");
        }
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "rq.created_at", id: "rq.run_id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({RUN} AS TEXT) AS body, CAST(rq.created_at AS TEXT) AS k, rq.run_id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "import_run")?;
        counted(self, page, window, counting).await
    }

    /// The imports with these keys about which an organization decides.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn publisher_runs_by_id(
        &self,
        organization: OrganizationId,
        keys: &[Uuid],
    ) -> Result<Vec<PublisherRun>, Fault> {
        let mut sql = Sql::default();
        let (own, keys) = (sql.bind(Uuid::from(organization)), sql.bind_all(keys.iter().copied()));
        let text = format!(
            "SELECT CAST({RUN} AS TEXT) AS body {FROM} WHERE rq.organization_id = {own} AND rq.run_id IN ({keys})"
        );
        self.rows(&text, sql.values).await?.iter().map(|row| body(row, "import_run")).collect()
    }

    /// What an import about which an organization decides would do.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn publisher_differences(
        &self,
        organization: OrganizationId,
        run: ImportRunId,
    ) -> Result<Vec<Difference>, Fault> {
        let text = format!("SELECT ir.changes AS body {FROM} WHERE rq.organization_id = $1 AND rq.run_id = $2");
        let rows = self.rows(&text, vec![Uuid::from(organization).into(), Uuid::from(run).into()]).await?;
        rows.first().map_or(Ok(Vec::new()), |row| body(row, "import_run"))
    }
}

impl Tx {
    /// Keeps the file of an import that a publisher is to decide about.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_import_request(
        &self,
        organization: OrganizationId,
        file_name: &str,
        material: &Material,
        now: i64,
    ) -> Result<(), Fault> {
        self.add(import_request::Model {
            run_id: material.run.into(),
            organization_id: organization.into(),
            file_name: file_name.to_owned(),
            file: material.file.clone(),
            category_map: material.category_map.clone(),
            country: material.country.clone(),
            language: material.language.clone(),
            mirror: material.mirror,
            version: 1,
            created_at: now,
            ..import_request::Model::default()
        })
        .await
    }

    /// An import about which an organization decides, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_publisher_run(
        &self,
        organization: OrganizationId,
        run: ImportRunId,
    ) -> Result<Option<PublisherRun>, Fault> {
        let values = vec![Uuid::from(run).into(), Uuid::from(organization).into()];
        let lock = "UPDATE import_request SET version = version WHERE run_id = $1 AND organization_id = $2";
        self.run(lock, values.clone()).await?;
        let text =
            format!("SELECT CAST({RUN} AS TEXT) AS body {FROM} WHERE rq.run_id = $1 AND rq.organization_id = $2");
        self.rows(&text, values).await?.first().map(|row| body(row, "import_run")).transpose()
    }

    /// Notes what a publisher decided. What is refused needs its file no more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn decide_import(&self, run: ImportRunId, decision: RunDecision, deed: &Deed) -> Result<(), Fault> {
        let text = "UPDATE import_request SET decision = $1, decided_at = $2, decided_by = $3, version = version + 1, \
                    file = CASE WHEN $1 = 'REFUSE' THEN '' ELSE file END WHERE run_id = $4";
        let values = vec![decision.code().into(), deed.now.into(), deed.principal.into(), Uuid::from(run).into()];
        self.run(text, values).await.map(drop)
    }

    /// Takes up the next import that its publisher wants, unless another node has taken it up since `since`.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_up_import(&self, since: i64, now: i64) -> Result<Option<Material>, Fault> {
        self.take_up("rq.decision = 'APPLY' AND rq.failure IS NULL", since, now).await
    }

    /// Takes up the next import that is to be looked at anew, in the same way.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_up_look(&self, since: i64, now: i64) -> Result<Option<Material>, Fault> {
        self.take_up("rq.look_again AND rq.decision IS NULL", since, now).await
    }

    async fn take_up(&self, which: &'static str, since: i64, now: i64) -> Result<Option<Material>, Fault> {
        let text = format!(
            "SELECT ir.id AS id, ir.source AS source, rq.file AS file, rq.category_map AS category_map, \
             rq.country AS country, rq.language AS language, rq.mirror AS mirror FROM import_request rq \
             JOIN import_run ir ON ir.id = rq.run_id WHERE {which} \
             AND ir.status = 'PREVIEWED' AND (rq.taken_at IS NULL OR rq.taken_at < $1) \
             ORDER BY rq.decided_at, rq.run_id LIMIT 1"
        );
        let Some(found) = self.rows(&text, vec![since.into()]).await?.first().map(material).transpose()? else {
            return Ok(None);
        };
        let text = "UPDATE import_request SET taken_at = $1 WHERE run_id = $2 AND (taken_at IS NULL OR taken_at < $3)";
        let taken = self.run(text, vec![now.into(), Uuid::from(found.run).into(), since.into()]).await?;
        Ok((taken == 1).then_some(found))
    }

    /// Notes how a wanted import ended: with nothing, or with the code of what was against it. Its file is needed no more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_import(&self, run: ImportRunId, failure: Option<&str>) -> Result<(), Fault> {
        let text = "UPDATE import_request SET failure = $1, file = '', version = version + 1 WHERE run_id = $2";
        self.run(text, vec![failure.map(str::to_owned).into(), Uuid::from(run).into()]).await.map(drop)
    }

    /// Marks the imports of a source that nobody has decided about to be looked at anew: what they would do has changed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn look_again(&self, source: &str) -> Result<(), Fault> {
        let text = "UPDATE import_request SET look_again = TRUE WHERE decision IS NULL AND run_id IN \
                    (SELECT ir.id FROM import_run ir WHERE ir.source = $1 AND ir.status = 'PREVIEWED')";
        self.run(text, vec![source.into()]).await.map(drop)
    }

    /// Keeps what an import would do now, unless somebody has decided about it meanwhile.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn looked_again(&self, run: ImportRunId, hash: &str, all: &[Difference]) -> Result<(), Fault> {
        let key = Uuid::from(run);
        let text = "UPDATE import_request SET look_again = FALSE, taken_at = NULL, version = version + 1 \
                    WHERE run_id = $1 AND decision IS NULL";
        if self.run(text, vec![key.into()]).await? == 1 {
            let text = "UPDATE import_run SET hash = $1, changes = $2 WHERE id = $3 AND status = 'PREVIEWED'";
            self.run(text, vec![hash.into(), json(all)?.into(), key.into()]).await?;
        }
        Ok(())
    }
}
