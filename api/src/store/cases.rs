//! Cases in the database: read as holder or through a grant.

use crate::domain::case::{Case, CaseStatus};
use crate::domain::code::Code;
use crate::domain::id::{CaseId, ProgramId};
use crate::domain::page::{Page, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Sight};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment::{self, Object};
use crate::store::statement::{Order, Sql, body, page, window_clause};
use std::collections::HashMap;
use uuid::Uuid;

/// Which cases are asked for.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    pub status: Vec<CaseStatus>,
    pub program: Option<ProgramId>,
}

/// How the asker stands to `case_file c`: the condition of holding it, and that of a running grant of a field.
struct View {
    organization: String,
    held: String,
    /// Where the asker's role lets them use their organization's grants at all.
    within: String,
}

impl View {
    fn of(sql: &mut Sql, sight: &Sight) -> Self {
        let organization = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
        let holds = sql.within(&sight.cases, "c.program_id");
        let within = sql.within(&sight.referrals, "c.program_id");
        Self { held: format!("(c.holder_organization_id = {organization} AND {holds})"), organization, within }
    }

    /// A running grant to the asker's organization, of which the asker's role may make use.
    fn granted(&self) -> String {
        self.grant("")
    }

    fn grant(&self, field: &str) -> String {
        format!(
            "({} AND EXISTS (SELECT 1 FROM access_grant ag WHERE ag.case_id = c.id AND ag.organization_id = {} \
             AND ag.until_at IS NULL{field}))",
            self.within, self.organization
        )
    }

    /// The column's value if the asker holds the case or a grant shows the field.
    fn shown(&self, field: &str, column: &str) -> String {
        let grant = self.grant(&format!(" AND ag.fields LIKE '%\"{field}\"%'"));
        format!("CASE WHEN {} OR {grant} THEN {column} END", self.held)
    }

    fn json(&self, sight: &Sight, parts: &Parts) -> String {
        let Self { held, organization, .. } = self;
        let held_only = |column: &str| format!("CASE WHEN {held} THEN {column} END");
        let held_or_zero = |column: &str| format!("CASE WHEN {held} THEN {column} ELSE 0 END");
        let facts = if sight.is_government { "NULL".into() } else { held_only("c.return_facts_sealed") };
        // The holder's other work must not be read off the times and the version by a receiver.
        Object::of(parts)
            .always("id", "UID(c.id)")
            .inside("holder", |parts| fragment::organization_of(parts, "ho", "c.holder_organization_id"))
            .field("program_id", "UID(c.program_id)")
            .field("area_id", held_only("UID(c.area_id)"))
            .field("status", "c.status")
            .always("is_held", format!("(CASE WHEN {held} THEN 1 ELSE 0 END)"))
            .inside("identifier", |_| self.shown("CASE_IDENTIFIER", "c.identifier"))
            .inside("age_band", |_| self.shown("AGE_BAND", "c.age_band"))
            .inside("sex", |_| self.shown("SEX", "c.sex"))
            .inside("language", |_| self.shown("LANGUAGE", "c.language"))
            .field("return_facts", facts)
            .field("close_reason", held_only("c.close_reason"))
            .field("remigration", held_only("c.remigration"))
            .field("opened_at", held_or_zero("c.opened_at"))
            .field("closed_at", held_only("c.closed_at"))
            .field("updated_at", held_or_zero("c.updated_at"))
            .field("version", held_or_zero("c.version"))
            .inside("needs", |_| {
                let need = need("nd");
                format!("LIST({need} BY nd.created_at, nd.id FROM need nd WHERE nd.case_id = c.id AND {held})")
            })
            .inside("consents", |_| {
                let consent = consent("cn");
                format!("LIST({consent} BY cn.created_at, cn.id FROM consent cn WHERE cn.case_id = c.id AND {held})")
            })
            .inside("aliases", |_| {
                format!(
                    "LIST(OBJ('id', UID(al.id), 'scheme', al.scheme, 'value', al.value_sealed) BY al.scheme, al.id \
                     FROM case_alias al WHERE al.case_id = c.id AND al.organization_id = {organization})"
                )
            })
            .end()
    }
}

/// A need with its goals; `n` is the table's alias.
fn need(n: &str) -> String {
    format!(
        "OBJ('id', UID({n}.id), 'case_id', UID({n}.case_id), 'category', {n}.category_code, 'dimension', {n}.dimension, \
         'level', {n}.level, 'urgency', {n}.urgency, 'delivery', {n}.delivery, 'status', {n}.status, 'parent_id', UID({n}.parent_need_id), \
         'goals', LIST(OBJ('id', UID(gl.id), 'position', gl.position, 'text', gl.text_sealed) BY gl.position, gl.id \
           FROM goal gl WHERE gl.need_id = {n}.id), \
         'created_at', {n}.created_at, 'updated_at', {n}.updated_at, 'version', {n}.version)"
    )
}

fn consent(c: &str) -> String {
    format!(
        "OBJ('id', UID({c}.id), 'case_id', UID({c}.case_id), 'receiver_id', UID({c}.receiver_organization_id), \
         'basis', {c}.basis, 'purpose', {c}.purpose, 'fields', JSON({c}.fields), 'method', {c}.method, \
         'language', {c}.language, 'notice_version', {c}.notice_version, 'given_on', {c}.given_on, \
         'expires_on', {c}.expires_on, 'ended_at', {c}.ended_at, 'created_at', {c}.created_at, 'version', {c}.version)"
    )
}

/// Which one case is asked for.
#[derive(Debug, Clone)]
pub enum CaseKey {
    Id(CaseId),
    /// The canonical twelve symbols.
    Identifier(String),
    /// The asker's own number: scheme and blind index.
    Alias(String, String),
}

fn one(sql: &mut Sql, sight: &Sight, key: &CaseKey, parts: &Parts) -> String {
    let view = View::of(sql, sight);
    let by = match key {
        CaseKey::Id(id) => format!("c.id = {}", sql.bind(Uuid::from(*id))),
        CaseKey::Identifier(identifier) => format!("c.identifier = {}", sql.bind(identifier.clone())),
        CaseKey::Alias(scheme, index) => format!(
            "c.id = (SELECT ca.case_id FROM case_alias ca WHERE ca.organization_id = {} AND ca.scheme = {} AND ca.value_index = {})",
            view.organization,
            sql.bind(scheme.clone()),
            sql.bind(index.clone())
        ),
    };
    // An identifier is a name, not a key: it finds only what is shown to the asker under that name.
    let shown = match key {
        CaseKey::Identifier(_) => format!("({}) IS NOT NULL", view.shown("CASE_IDENTIFIER", "c.identifier")),
        CaseKey::Id(_) | CaseKey::Alias(..) => format!("({} OR {})", view.held, view.granted()),
    };
    format!(
        "SELECT CAST({} AS TEXT) AS body FROM case_file c LEFT JOIN organization ho ON ho.id = c.holder_organization_id \
         WHERE {by} AND {shown}",
        view.json(sight, parts)
    )
}

impl Door {
    /// Parts of a case that the asker holds or was granted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case(&self, sight: &Sight, key: &CaseKey, parts: &Parts) -> Result<Option<Case>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, sight, key, parts);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "case_file")).transpose()
    }

    /// The cases with these keys that the asker holds or was granted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn cases_by_id(&self, sight: &Sight, ids: &[CaseId]) -> Result<HashMap<CaseId, Case>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM case_file c LEFT JOIN organization ho ON ho.id = c.holder_organization_id \
             WHERE c.id IN ({names}) AND ({} OR {})",
            view.json(sight, &Parts::All),
            view.held,
            view.granted()
        );
        let rows = self.rows(&text, sql.values).await?;
        rows.iter().map(|row| body::<Case>(row, "case_file").map(|case| (case.id, case))).collect()
    }

    /// A page of the cases that the asker's organization holds, newest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn cases(&self, sight: &Sight, filter: &CaseFilter, window: &Window) -> Result<Page<Case>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let mut found = format!(
            "FROM case_file c LEFT JOIN organization ho ON ho.id = c.holder_organization_id WHERE {}",
            if sight.cases == Extent::Nothing { "1 = 0" } else { view.held.as_str() }
        );
        if !filter.status.is_empty() {
            let names = sql.bind_all(filter.status.iter().map(|status| status.code()));
            found += &format!(" AND c.status IN ({names})");
        }
        if let Some(program) = filter.program {
            found += &format!(" AND c.program_id = {}", sql.bind(Uuid::from(program)));
        }
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "c.opened_at", id: "c.id", is_number: true, descending: true };
        let counting = (format!("SELECT count(*) AS total {found}"), sql.values.clone());
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(c.opened_at AS TEXT) AS k, c.id AS id{count} {found}{end}",
            view.json(sight, &window.parts)
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        let mut page = page(&rows, window, "case_file")?;
        if window.count && page.total.is_none() {
            page.total = Some(self.count(counting).await?);
        }
        Ok(page)
    }

    /// Runs a counting statement, for pages that came back empty.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn count(&self, (text, values): (String, Vec<sea_orm::Value>)) -> Result<i64, Fault> {
        let rows = self.rows(&text, values).await?;
        let unreadable = |_| Fault::Store("a count does not read".into());
        rows.first().map_or(Ok(0), |row| row.try_get("", "total").map_err(unreadable))
    }
}

impl Tx {
    /// A case that the asker holds or was granted.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case(&self, sight: &Sight, id: CaseId) -> Result<Option<Case>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, sight, &CaseKey::Id(id), &Parts::All);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "case_file")).transpose()
    }

    /// Raises a case's version, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn touch_case(&self, id: CaseId, version: i32, now: i64) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE case_file SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3",
                vec![now.into(), Uuid::from(id).into(), version.into()],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Closes a case, if it is still the one that was read and open.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn close_case(
        &self,
        case: &Case,
        reason: &str,
        remigration: Option<&str>,
        now: i64,
    ) -> Result<bool, Fault> {
        let changed = self
            .run(
                "UPDATE case_file SET status = 'CLOSED', close_reason = $1, remigration = $2, closed_at = $3, \
                 updated_at = $3, version = version + 1 WHERE id = $4 AND version = $5 AND status = 'OPEN'",
                vec![
                    reason.into(),
                    remigration.map(str::to_owned).into(),
                    now.into(),
                    Uuid::from(case.id).into(),
                    case.version.into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Whether a referral of the case is still open.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn has_open_referral(&self, case: CaseId) -> Result<bool, Fault> {
        let rows = self
            .rows(
                "SELECT 1 AS found FROM referral WHERE case_id = $1 AND status NOT IN \
                 ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED') LIMIT 1",
                vec![Uuid::from(case).into()],
            )
            .await?;
        Ok(!rows.is_empty())
    }
}
