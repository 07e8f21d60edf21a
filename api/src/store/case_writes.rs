//! New rows of cases, needs, goals, consents and aliases.

use crate::domain::case::{AgeBand, Basis, Case, ConsentField, ConsentMethod, Delivery, Purpose, Sex, Urgency};
use crate::domain::code::Code;
use crate::domain::consent::Terms;
use crate::domain::id::{AreaId, CaseId, OrganizationId, ProgramId};
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::domain::service::{Dimension, Level};
use crate::store::door::{Tx, breaks_unique, fault};
use crate::store::referral_writes::codes;
use crate::store::statement::Sql;
use passerelle_entity::{case_alias, case_file, consent, goal, need};
use uuid::Uuid;

/// A case to add.
#[derive(Debug)]
pub struct NewCase<'a> {
    pub id: Uuid,
    /// The canonical twelve symbols.
    pub identifier: &'a str,
    pub holder: OrganizationId,
    pub program: ProgramId,
    pub area: Option<AreaId>,
    pub age_band: Option<AgeBand>,
    pub sex: Option<Sex>,
    pub language: Option<&'a str>,
    pub return_facts: Option<Sealed>,
}

/// What changes of what is known of a case; nothing stays, `Some(None)` is forgotten.
#[derive(Debug)]
pub struct CaseFacts {
    pub area: Option<Option<AreaId>>,
    pub age_band: Option<Option<AgeBand>>,
    pub sex: Option<Option<Sex>>,
    pub language: Option<Option<String>>,
    pub return_facts: Option<Option<Sealed>>,
}

impl CaseFacts {
    /// The columns that change, with their new values.
    fn columns(self) -> Vec<(&'static str, sea_orm::Value)> {
        let area = self.area.map(|area| ("area_id", area.map(Uuid::from).into()));
        let age_band = self.age_band.map(|band| ("age_band", band.map(|band| band.code().to_owned()).into()));
        let sex = self.sex.map(|sex| ("sex", sex.map(|sex| sex.code().to_owned()).into()));
        let language = self.language.map(|tag| ("language", tag.into()));
        let sealed = self.return_facts.map(|facts| facts.map(|facts| facts.as_stored().to_owned()));
        let facts = sealed.map(|facts| ("return_facts_sealed", facts.into()));
        [area, age_band, sex, language, facts].into_iter().flatten().collect()
    }
}

/// A need to add.
#[derive(Debug)]
pub struct NewNeed<'a> {
    pub id: Uuid,
    pub category: &'a str,
    pub dimension: Dimension,
    pub level: Level,
    pub urgency: Urgency,
    pub delivery: Delivery,
}

/// A consent to add.
#[derive(Debug)]
pub struct NewConsent<'a> {
    pub id: Uuid,
    pub receiver: OrganizationId,
    pub basis: Basis,
    pub purpose: Purpose,
    pub fields: &'a [ConsentField],
    pub method: ConsentMethod,
    pub language: &'a str,
    pub notice_version: &'a str,
    pub given_on: &'a str,
    pub expires_on: Option<&'a str>,
    pub terms: &'a Terms,
}

/// An alias to add.
#[derive(Debug)]
pub struct NewAlias<'a> {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub scheme: &'a str,
    pub value: &'a Sealed,
    /// The blind index by which the number is found again.
    pub index: String,
}

impl Tx {
    /// Adds an open case.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_case(&self, new: NewCase<'_>, now: i64) -> Result<(), Fault> {
        self.add(case_file::Model {
            id: new.id,
            identifier: new.identifier.into(),
            holder_organization_id: new.holder.into(),
            program_id: new.program.into(),
            area_id: new.area.map(Uuid::from),
            status: "OPEN".into(),
            age_band: new.age_band.map(|band| band.code().into()),
            sex: new.sex.map(|sex| sex.code().into()),
            language: new.language.map(str::to_owned),
            return_facts_sealed: new.return_facts.map(|sealed| sealed.as_stored().to_owned()),
            close_reason: None,
            remigration: None,
            opened_at: now,
            closed_at: None,
            version: 1,
            updated_at: now,
            stage: "OPEN".into(),
            person_id: None,
        })
        .await
    }

    /// Changes what is known of a case, and raises its version, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_case_facts(&self, id: CaseId, version: i32, facts: CaseFacts, now: i64) -> Result<bool, Fault> {
        let mut sql = Sql::default();
        let mut set = format!("version = version + 1, updated_at = {}", sql.bind(now));
        for (column, value) in facts.columns() {
            set += &format!(", {column} = {}", sql.bind(value));
        }
        let (id, version) = (sql.bind(Uuid::from(id)), sql.bind(version));
        let text = format!("UPDATE case_file SET {set} WHERE id = {id} AND version = {version}");
        Ok(self.run(&text, sql.values).await? == 1)
    }

    /// Adds an organization's own number for a case; false when it gave that number to a case already.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_alias(&self, case: CaseId, new: NewAlias<'_>, now: i64) -> Result<bool, Fault> {
        let added = self
            .try_add(case_alias::Model {
                id: new.id,
                case_id: case.into(),
                organization_id: new.organization.into(),
                scheme: new.scheme.into(),
                value_sealed: new.value.as_stored().to_owned(),
                value_index: new.index,
                created_at: now,
            })
            .await;
        match added {
            Ok(()) => Ok(true),
            Err(error) if breaks_unique(&error, "case_alias_value", "case_alias.value_index") => Ok(false),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Adds an open need to a case.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_need(&self, case: &Case, new: NewNeed<'_>, now: i64) -> Result<(), Fault> {
        self.add(need::Model {
            id: new.id,
            case_id: case.id.into(),
            organization_id: case.holder.id.into(),
            program_id: case.program_id.into(),
            area_id: case.area_id.map(Uuid::from),
            category_code: new.category.into(),
            dimension: new.dimension.code().into(),
            level: new.level.code().into(),
            urgency: new.urgency.code().into(),
            delivery: new.delivery.code().into(),
            status: "OPEN".into(),
            version: 1,
            created_at: now,
            updated_at: now,
            parent_need_id: None,
        })
        .await
    }

    /// Adds a goal to a need.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_goal(
        &self,
        id: Uuid,
        need: Uuid,
        case: CaseId,
        position: i32,
        text: &Sealed,
    ) -> Result<(), Fault> {
        let text_sealed = text.as_stored().to_owned();
        self.add(goal::Model { id, need_id: need, case_id: case.into(), position, text_sealed }).await
    }

    /// Adds a consent to a case.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_consent(&self, case: &Case, new: NewConsent<'_>, now: i64) -> Result<(), Fault> {
        self.add(consent::Model {
            id: new.id,
            case_id: case.id.into(),
            organization_id: case.holder.id.into(),
            receiver_organization_id: new.receiver.into(),
            basis: new.basis.code().into(),
            purpose: new.purpose.code().into(),
            fields: codes(new.fields),
            method: new.method.code().into(),
            language: new.language.into(),
            notice_version: new.notice_version.into(),
            given_on: new.given_on.into(),
            expires_on: new.expires_on.map(str::to_owned),
            ended_at: None,
            version: 1,
            created_at: now,
            report_back: new.terms.report_back,
            given_by: new.terms.given_by.code().into(),
            guardian_relation: new.terms.guardian_relation.map(|relation| relation.code().into()),
            child_view: new.terms.child_view.map(|view| view.code().into()),
            caregiver_informed: new.terms.caregiver_informed.map(|informed| informed == 1),
            caregiver_reason_sealed: new.terms.caregiver_reason.as_ref().map(|text| text.as_stored().to_owned()),
            ..consent::Model::default()
        })
        .await
    }
}
