//! Conflicts and words of imports as their publishers see and decide them, in the database.

use crate::domain::code::Code;
use crate::domain::id::{ImportConflictId, OrganizationId, ServiceId};
use crate::domain::import_desk::{ConflictSide, ImportWord, PublisherConflict, WordDecision};
use crate::domain::import_run::ConflictDecision;
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::ledger::Deed;
use crate::store::statement::{Order, Sql, body, counted, keys, page, window_clause};
use std::collections::HashSet;
use uuid::Uuid;

const FROM: &str = "FROM import_conflict co JOIN service s ON s.id = co.service_id \
    JOIN organization cs ON cs.id = s.organization_id LEFT JOIN import_publisher ip ON ip.source = co.source \
    LEFT JOIN organization ci ON ci.id = ip.organization_id";

const WORD: &str = "OBJ('source', q.source, 'scheme', q.scheme, 'code', q.code, 'label', q.label, \
    'suggestion', q.suggestion, 'services', q.services, 'decision', q.decision, 'category', q.category_code, \
    'version', q.version, 'first_seen_at', q.first_seen_at, 'last_seen_at', q.last_seen_at, 'decided_at', q.decided_at)";

fn conflict() -> String {
    format!(
        "OBJ('id', UID(co.id), 'source', co.source, 'source_id', co.source_id, 'name', co.name, 'cause', co.cause, \
         'service_id', UID(co.service_id), \
         'stands', s.status <> 'RETIRED', 'standing', {}, \
         'incoming', JSON(CASE WHEN ci.id IS NULL THEN NULL ELSE {} END), 'decision', co.decision, \
         'decided_by', co.decided_by, 'decided_at', co.decided_at, 'wish', co.wish, 'wished_by', co.wished_by, \
         'version', co.version, 'created_at', co.created_at)",
        fragment::organization("cs"),
        fragment::organization("ci"),
    )
}

/// The condition that a conflict is one of an organization's services, or of its sources.
fn seen(sql: &mut Sql, organization: OrganizationId) -> String {
    let own = sql.bind(Uuid::from(organization));
    format!(
        "co.id IN (SELECT x.id FROM import_conflict x JOIN service xs ON xs.id = x.service_id \
         WHERE xs.organization_id = {own} UNION SELECT x.id FROM import_conflict x \
         JOIN import_publisher xp ON xp.source = x.source WHERE xp.organization_id = {own})"
    )
}

fn by_id(sql: &mut Sql, organization: OrganizationId, keys: &[Uuid]) -> String {
    let seen = seen(sql, organization);
    let keys = sql.bind_all(keys.iter().copied());
    format!("SELECT CAST({} AS TEXT) AS body {FROM} WHERE co.id IN ({keys}) AND {seen}", conflict())
}

impl Door {
    /// A page of the conflicts of an organization's services and sources, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn publisher_conflicts(
        &self,
        organization: OrganizationId,
        only_open: bool,
        window: &Window,
    ) -> Result<Page<PublisherConflict>, Fault> {
        let mut sql = Sql::default();
        let mut found = format!("{FROM} WHERE {}", seen(&mut sql, organization));
        if only_open {
            found += " AND co.decision IS NULL AND s.status <> 'RETIRED'";
        }
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "co.created_at", id: "co.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(co.created_at AS TEXT) AS k, co.id AS id{count} {found}{end}",
            conflict()
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "import_conflict")?;
        counted(self, page, window, counting).await
    }

    /// The conflicts with these keys that are an organization's.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn publisher_conflicts_by_id(
        &self,
        organization: OrganizationId,
        keys: &[Uuid],
    ) -> Result<Vec<PublisherConflict>, Fault> {
        let mut sql = Sql::default();
        let text = by_id(&mut sql, organization, keys);
        self.rows(&text, sql.values).await?.iter().map(|row| body(row, "import_conflict")).collect()
    }

    /// The words of an organization's sources that no crosswalk knows, those of most services first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn publisher_words(
        &self,
        organization: OrganizationId,
        only_open: bool,
    ) -> Result<Vec<ImportWord>, Fault> {
        let open = if only_open { "AND q.decision IS NULL" } else { "" };
        let text = format!(
            "SELECT CAST({WORD} AS TEXT) AS body FROM import_quarantine q JOIN import_publisher ip ON ip.source = q.source \
             WHERE ip.organization_id = $1 {open} ORDER BY q.services DESC, q.source, q.scheme, q.code"
        );
        let rows = self.rows(&text, vec![Uuid::from(organization).into()]).await?;
        rows.iter().map(|row| body(row, "import_quarantine")).collect()
    }

    /// The words of a source that stand for no category, by scheme and code.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn refused_words(&self, source: &str) -> Result<HashSet<(String, String)>, Fault> {
        let text = "SELECT scheme, code FROM import_quarantine WHERE source = $1 AND decision = 'REFUSE'";
        let rows = self.rows(text, vec![source.into()]).await?;
        let read = |row: &sea_orm::QueryResult| Ok((row.try_get("", "scheme")?, row.try_get("", "code")?));
        let all: Result<_, sea_orm::DbErr> = rows.iter().map(read).collect();
        all.map_err(|_| Fault::Store("a word does not read".into()))
    }
}

impl Tx {
    /// Says who publishes a source, if nobody is known to; tells whether it is this organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn name_publisher(&self, source: &str, organization: OrganizationId, now: i64) -> Result<bool, Fault> {
        let values = || vec![source.into(), Uuid::from(organization).into()];
        let text = "INSERT INTO import_publisher (source, organization_id, created_at) VALUES ($1, $2, $3) \
                    ON CONFLICT (source) DO NOTHING";
        self.run(text, [values(), vec![now.into()]].concat()).await?;
        let text = "SELECT source FROM import_publisher WHERE source = $1 AND organization_id = $2";
        Ok(!self.rows(text, values()).await?.is_empty())
    }

    /// Who publishes these services and a source, each once: whoever is told of a conflict.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sides_of(&self, source: &str, standing: &[ServiceId]) -> Result<Vec<OrganizationId>, Fault> {
        let mut sql = Sql::default();
        let ids = sql.bind_all(standing.iter().map(|service| Uuid::from(*service)));
        let source = sql.bind(source);
        let text = format!(
            "SELECT s.organization_id AS id FROM service s WHERE s.id IN ({ids}) \
             UNION SELECT ip.organization_id AS id FROM import_publisher ip WHERE ip.source = {source} ORDER BY id"
        );
        keys(&self.rows(&text, sql.values).await?)
    }

    /// A conflict of an organization's, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_publisher_conflict(
        &self,
        organization: OrganizationId,
        id: ImportConflictId,
    ) -> Result<Option<PublisherConflict>, Fault> {
        let key = Uuid::from(id);
        self.run("UPDATE import_conflict SET version = version WHERE id = $1", vec![key.into()]).await?;
        let mut sql = Sql::default();
        let text = by_id(&mut sql, organization, &[key]);
        self.rows(&text, sql.values).await?.first().map(|row| body(row, "import_conflict")).transpose()
    }

    /// Decides a conflict; what was wished before is settled with that.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn settle_conflict(
        &self,
        id: Uuid,
        decision: ConflictDecision,
        by: ConflictSide,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE import_conflict SET decision = $1, decided_by = $2, decided_at = $3, wish = NULL, \
                    wished_by = NULL, version = version + 1 WHERE id = $4";
        let values = vec![decision.code().into(), by.code().into(), now.into(), id.into()];
        Ok(self.run(text, values).await? == 1)
    }

    /// Notes what one side wants and only the other can decide.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn wish_conflict(
        &self,
        id: ImportConflictId,
        wish: ConflictDecision,
        by: ConflictSide,
    ) -> Result<(), Fault> {
        let text = "UPDATE import_conflict SET wish = $1, wished_by = $2, version = version + 1 WHERE id = $3";
        let values = vec![wish.code().into(), by.code().into(), Uuid::from(id).into()];
        self.run(text, values).await.map(drop)
    }

    /// A word of an organization's source, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_word(
        &self,
        organization: OrganizationId,
        (source, scheme, code): (&str, &str, &str),
    ) -> Result<Option<ImportWord>, Fault> {
        let values = vec![source.into(), scheme.into(), code.into(), Uuid::from(organization).into()];
        let of = "q.source = $1 AND q.scheme = $2 AND q.code = $3 AND EXISTS (SELECT 1 FROM import_publisher ip \
                  WHERE ip.source = q.source AND ip.organization_id = $4)";
        let lock = "UPDATE import_quarantine AS q SET version = version WHERE";
        self.run(&format!("{lock} {of}"), values.clone()).await?;
        let text = format!("SELECT CAST({WORD} AS TEXT) AS body FROM import_quarantine q WHERE {of}");
        self.rows(&text, values).await?.first().map(|row| body(row, "import_quarantine")).transpose()
    }

    /// Notes what was decided about a word.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn decide_word(
        &self,
        word: &ImportWord,
        decision: WordDecision,
        category: Option<&str>,
        deed: &Deed,
    ) -> Result<(), Fault> {
        let text = "UPDATE import_quarantine SET decision = $1, category_code = $2, decided_at = $3, \
                    version = version + 1 WHERE source = $4 AND scheme = $5 AND code = $6";
        let values = vec![
            decision.code().into(),
            category.map(str::to_owned).into(),
            deed.now.into(),
            word.source.clone().into(),
            word.scheme.clone().into(),
            word.code.clone().into(),
        ];
        self.run(text, values).await.map(drop)
    }
}
