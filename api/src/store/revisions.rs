//! Drafts of entries in the database. They lie in a table of their own, so that nothing that reads the directory can show
//! one.

use crate::domain::code::Code;
use crate::domain::id::{OrganizationId, ServiceId, ServiceRevisionId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Extent;
use crate::domain::revision::{RevisionState, ServiceRevision};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::ledger::Deed;
use crate::store::statement::{Order, Sql, body, counted, json, keys, page, window_clause};
use passerelle_entity::service_revision;
use uuid::Uuid;

/// Which drafts somebody can see: those of their organization, and in the programs that it leads and that ask for a
/// review, those that were submitted.
#[derive(Debug, Clone)]
pub struct RevisionSight {
    pub organization: OrganizationId,
    pub reviews: Extent,
}

const REVISION: &str = "OBJ('id', UID(rv.id), 'service_id', UID(rv.service_id), \
    'organization_id', UID(rv.organization_id), 'program_id', UID(rv.program_id), 'name', rv.name, \
    'proposal', JSON(rv.entry), 'state', rv.state, 'based_on', rv.based_on, 'written_by', UID(rv.written_by), \
    'submitted_by', UID(rv.submitted_by), 'submitted_at', rv.submitted_at, 'reviewed_by', UID(rv.reviewed_by), \
    'reviewed_by_organization_id', UID(rv.reviewed_by_organization_id), 'reviewed_at', rv.reviewed_at, \
    'review_note', rv.review_note, 'version', rv.version, 'created_at', rv.created_at, 'updated_at', rv.updated_at)";

fn visible(sql: &mut Sql, sight: &RevisionSight) -> String {
    let own = sql.bind(Uuid::from(sight.organization));
    let within = sql.within(&sight.reviews, "rv.program_id");
    format!(
        "(rv.organization_id = {own} OR (rv.state IN ('IN_REVIEW', 'SENT_BACK', 'PUBLISHED') AND {within} \
         AND EXISTS (SELECT 1 FROM program p JOIN program_directory pd ON pd.program_id = p.id \
           WHERE p.id = rv.program_id AND p.lead_organization_id = {own} AND pd.needs_review)))"
    )
}

fn by_id(sql: &mut Sql, sight: &RevisionSight, ids: &[Uuid]) -> String {
    let visible = visible(sql, sight);
    let names = sql.bind_all(ids.iter().copied());
    format!("SELECT CAST({REVISION} AS TEXT) AS body FROM service_revision rv WHERE rv.id IN ({names}) AND {visible}")
}

impl Door {
    /// A page of the drafts that the asker can see, the newest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn revisions(
        &self,
        sight: &RevisionSight,
        states: &[RevisionState],
        window: &Window,
    ) -> Result<Page<ServiceRevision>, Fault> {
        let mut sql = Sql::default();
        let mut found = format!("FROM service_revision rv WHERE {}", visible(&mut sql, sight));
        if !states.is_empty() {
            let codes = sql.bind_all(states.iter().map(|state| state.code()));
            found += &format!(" AND rv.state IN ({codes})");
        }
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "rv.created_at", id: "rv.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({REVISION} AS TEXT) AS body, CAST(rv.created_at AS TEXT) AS k, rv.id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "service_revision")?;
        counted(self, page, window, counting).await
    }

    /// The drafts with these keys that the asker can see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn revisions_by_id(&self, sight: &RevisionSight, ids: &[Uuid]) -> Result<Vec<ServiceRevision>, Fault> {
        let mut sql = Sql::default();
        let text = by_id(&mut sql, sight, ids);
        self.rows(&text, sql.values).await?.iter().map(|row| body(row, "service_revision")).collect()
    }
}

impl Tx {
    /// A draft that the asker can see, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_revision(
        &self,
        sight: &RevisionSight,
        id: ServiceRevisionId,
    ) -> Result<Option<ServiceRevision>, Fault> {
        self.run("UPDATE service_revision SET version = version WHERE id = $1", vec![Uuid::from(id).into()]).await?;
        let mut sql = Sql::default();
        let text = by_id(&mut sql, sight, &[id.into()]);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "service_revision")).transpose()
    }

    /// The change of a service that is being written or reviewed, if there is one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn open_revision(&self, service: ServiceId) -> Result<Option<Uuid>, Fault> {
        let text = "SELECT rv.id AS id FROM service_revision rv WHERE rv.service_id = $1 \
                    AND rv.state IN ('DRAFT', 'IN_REVIEW', 'SENT_BACK')";
        let found: Vec<Uuid> = keys(&self.rows(text, vec![Uuid::from(service).into()]).await?)?;
        Ok(found.first().copied())
    }

    /// Adds a draft.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_revision(&self, new: &ServiceRevision) -> Result<(), Fault> {
        self.add(service_revision::Model {
            id: new.id.into(),
            service_id: new.service_id.map(Uuid::from),
            organization_id: new.organization_id.into(),
            program_id: new.program_id.map(Uuid::from),
            name: new.name.clone(),
            entry: json(&new.proposal)?,
            state: new.state.code().into(),
            based_on: new.based_on,
            written_by: new.written_by,
            version: new.version,
            created_at: new.created_at,
            updated_at: new.updated_at,
            ..service_revision::Model::default()
        })
        .await
    }

    /// Writes a draft anew.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn rewrite_revision(&self, anew: &ServiceRevision) -> Result<(), Fault> {
        let text = "UPDATE service_revision SET program_id = $1, name = $2, entry = $3, state = $4, based_on = $5, \
                    written_by = $6, updated_at = $7, version = version + 1 WHERE id = $8";
        let values = vec![
            anew.program_id.map(Uuid::from).into(),
            anew.name.clone().into(),
            json(&anew.proposal)?.into(),
            anew.state.code().into(),
            anew.based_on.into(),
            anew.written_by.into(),
            anew.updated_at.into(),
            Uuid::from(anew.id).into(),
        ];
        self.run(text, values).await.map(drop)
    }

    /// Hands a draft over for review.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn submit_revision(&self, revision: &ServiceRevision, deed: &Deed) -> Result<(), Fault> {
        let text = "UPDATE service_revision SET state = 'IN_REVIEW', submitted_by = $1, submitted_at = $2, \
                    updated_at = $2, version = version + 1 WHERE id = $3";
        let values = vec![deed.principal.into(), deed.now.into(), Uuid::from(revision.id).into()];
        self.run(text, values).await.map(drop)
    }

    /// Says what became of a draft, with the reviewer's word where there was a review.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn close_revision(
        &self,
        revision: &ServiceRevision,
        state: RevisionState,
        service: Option<ServiceId>,
        (note, reviewer): (&str, Option<OrganizationId>),
        deed: &Deed,
    ) -> Result<(), Fault> {
        let text = "UPDATE service_revision SET state = $1, service_id = $2, review_note = $3, \
                    reviewed_by_organization_id = $4, reviewed_by = $5, reviewed_at = $6, updated_at = $7, \
                    version = version + 1 WHERE id = $8";
        let values = vec![
            state.code().into(),
            service.map(Uuid::from).into(),
            note.into(),
            reviewer.map(Uuid::from).into(),
            reviewer.map(|_| deed.principal).into(),
            reviewer.map(|_| deed.now).into(),
            deed.now.into(),
            Uuid::from(revision.id).into(),
        ];
        self.run(text, values).await.map(drop)
    }
}
