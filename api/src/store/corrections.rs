//! Corrections of entries in the database.

use crate::domain::code::Code;
use crate::domain::correction::{CorrectionAbout, CorrectionStatus, ServiceCorrection};
use crate::domain::id::{OrganizationId, ServiceCorrectionId, ServiceId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Extent;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::ledger::Deed;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use passerelle_entity::service_correction;
use uuid::Uuid;

/// Which corrections somebody can see: those their organization reported, and those of its own services in the programs
/// in which they publish.
#[derive(Debug, Clone)]
pub struct CorrectionSight {
    pub organization: OrganizationId,
    pub publishes: Extent,
}

/// Which corrections are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct CorrectionFilter {
    pub status: Vec<CorrectionStatus>,
    pub service: Option<ServiceId>,
    /// Only those of the asker's own services.
    pub own_services: bool,
}

/// A correction to open.
#[derive(Debug, Clone)]
pub struct NewCorrection {
    pub id: ServiceCorrectionId,
    pub service: ServiceId,
    pub publisher: OrganizationId,
    pub about: CorrectionAbout,
    pub criterion: Option<String>,
    pub text: String,
}

/// A correction; needs `service_correction co`, its service `s`, publisher `cp` and reporter `cr`.
fn correction() -> String {
    format!(
        "OBJ('id', UID(co.id), 'service_id', UID(co.service_id), 'service_name', s.name, 'publisher', {}, \
         'reported_by', {}, 'about', co.about, 'criterion', co.criterion, 'text', co.text, 'status', co.status, \
         'answer', co.answer, 'answered_at', co.answered_at, 'version', co.version, 'created_at', co.created_at, \
         'updated_at', co.updated_at)",
        fragment::organization("cp"),
        fragment::organization("cr"),
    )
}

const FROM: &str = "FROM service_correction co JOIN service s ON s.id = co.service_id \
    JOIN organization cp ON cp.id = co.organization_id JOIN organization cr ON cr.id = co.reported_by_organization_id";

fn own(sql: &mut Sql, sight: &CorrectionSight) -> String {
    let own = sql.bind(Uuid::from(sight.organization));
    let within = sql.within(&sight.publishes, "s.program_id");
    format!("(co.organization_id = {own} AND {within})")
}

fn visible(sql: &mut Sql, sight: &CorrectionSight) -> String {
    let published = own(sql, sight);
    let own = sql.bind(Uuid::from(sight.organization));
    format!("({published} OR co.reported_by_organization_id = {own})")
}

fn found(sql: &mut Sql, sight: &CorrectionSight, filter: &CorrectionFilter) -> String {
    let scope = if filter.own_services { own(sql, sight) } else { visible(sql, sight) };
    let mut text = format!("{FROM} WHERE {scope}");
    if !filter.status.is_empty() {
        let codes = sql.bind_all(filter.status.iter().map(|status| status.code()));
        text += &format!(" AND co.status IN ({codes})");
    }
    if let Some(service) = filter.service {
        text += &format!(" AND co.service_id = {}", sql.bind(Uuid::from(service)));
    }
    text
}

fn by_id(sql: &mut Sql, sight: &CorrectionSight, keys: &[Uuid]) -> String {
    let visible = visible(sql, sight);
    let names = sql.bind_all(keys.iter().copied());
    format!("SELECT CAST({} AS TEXT) AS body {FROM} WHERE co.id IN ({names}) AND {visible}", correction())
}

impl Door {
    /// A page of corrections that the asker can see, the newest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn corrections(
        &self,
        sight: &CorrectionSight,
        filter: &CorrectionFilter,
        window: &Window,
    ) -> Result<Page<ServiceCorrection>, Fault> {
        let mut sql = Sql::default();
        let found = found(&mut sql, sight, filter);
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "co.created_at", id: "co.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(co.created_at AS TEXT) AS k, co.id AS id{count} {found}{end}",
            correction()
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "service_correction")?;
        counted(self, page, window, counting).await
    }

    /// The corrections with these keys that the asker can see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn corrections_by_id(
        &self,
        sight: &CorrectionSight,
        keys: &[Uuid],
    ) -> Result<Vec<ServiceCorrection>, Fault> {
        let mut sql = Sql::default();
        let text = by_id(&mut sql, sight, keys);
        self.rows(&text, sql.values).await?.iter().map(|row| body(row, "service_correction")).collect()
    }
}

impl Tx {
    /// Adds a correction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_correction(&self, new: NewCorrection, deed: &Deed) -> Result<(), Fault> {
        self.add(service_correction::Model {
            id: new.id.into(),
            service_id: new.service.into(),
            organization_id: new.publisher.into(),
            reported_by_organization_id: deed.organization.into(),
            reported_by: deed.principal,
            about: new.about.code().into(),
            criterion: new.criterion,
            text: new.text,
            status: CorrectionStatus::Open.code().into(),
            version: 1,
            created_at: deed.now,
            updated_at: deed.now,
            ..service_correction::Model::default()
        })
        .await
    }

    /// Whether an organization has said the same of a service, and nobody has answered.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn has_open_correction(
        &self,
        service: ServiceId,
        about: CorrectionAbout,
        reporter: OrganizationId,
    ) -> Result<bool, Fault> {
        let text = "SELECT co.id AS id FROM service_correction co WHERE co.service_id = $1 AND co.status = 'OPEN' \
                    AND co.about = $2 AND co.reported_by_organization_id = $3";
        let values = vec![Uuid::from(service).into(), about.code().into(), Uuid::from(reporter).into()];
        Ok(!self.rows(text, values).await?.is_empty())
    }

    /// A correction that the asker can see, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_correction(
        &self,
        sight: &CorrectionSight,
        id: ServiceCorrectionId,
    ) -> Result<Option<ServiceCorrection>, Fault> {
        let text = "UPDATE service_correction SET version = version WHERE id = $1 \
                    AND (organization_id = $2 OR reported_by_organization_id = $2)";
        self.run(text, vec![Uuid::from(id).into(), Uuid::from(sight.organization).into()]).await?;
        let mut sql = Sql::default();
        let text = by_id(&mut sql, sight, &[id.into()]);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "service_correction")).transpose()
    }

    /// Says what became of a correction, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn answer_correction(
        &self,
        read: &ServiceCorrection,
        status: CorrectionStatus,
        answer: &str,
        deed: &Deed,
    ) -> Result<bool, Fault> {
        let text = "UPDATE service_correction SET status = $1, answer = $2, answered_at = $3, answered_by = $4, \
                    updated_at = $3, version = version + 1 WHERE id = $5 AND version = $6";
        let values = vec![
            status.code().into(),
            answer.into(),
            deed.now.into(),
            deed.principal.into(),
            Uuid::from(read.id).into(),
            read.version.into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }
}
