//! Inputs of the mutations on cases.

use crate::domain::case::{
    self, AgeBand, Assistance, Basis, CloseReason, ConsentField, ConsentMethod, Delivery, HostLegalSituation, Purpose,
    Remigration, ReturnInstrument, Sex, Urgency, Voluntariness,
};
use crate::domain::consent::{ChildView, GivenBy, GuardianRelation, Terms};
use crate::domain::global_id::Kind;
use crate::domain::rule::{Failure, RuleCode};
use crate::domain::sealed::Private;
use crate::domain::service::{Dimension, Level};
use crate::graphql::input::{Reader, private};
use crate::graphql::scalar::{LanguageTag, LocalDate};
use crate::usecase::case::{AddAlias, AddNeed, Close, Open, RecordConsent, Update};
use async_graphql::{ID, InputObject, MaybeUndefined};

/// What is known when a case is opened.
#[derive(InputObject)]
pub struct OpenCaseInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The program under which it is opened; your organization must take part in it.
    pub program_id: ID,
    /// The area where the person lives.
    pub area_id: Option<ID>,
    /// The person's age band.
    pub age_band: Option<AgeBand>,
    /// The person's sex.
    pub sex: Option<Sex>,
    /// The language the person speaks.
    pub language: Option<LanguageTag>,
    /// Facts about the return; none is needed to open a case.
    pub return_facts: Option<ReturnFactsInput>,
}

/// Facts about a return, each kept apart and each optional.
#[derive(InputObject)]
pub struct ReturnFactsInput {
    /// Whether the person decided to return.
    pub voluntariness: Option<Voluntariness>,
    /// Whether somebody assisted the return.
    pub assistance: Option<Assistance>,
    /// The legal situation in the host country.
    pub host_legal_situation: Option<HostLegalSituation>,
    /// The legal act under which the return took place.
    pub return_instrument: Option<ReturnInstrument>,
    /// Whether it took place in a humanitarian setting.
    #[graphql(default)]
    pub humanitarian_setting: bool,
    /// The country returned from, ISO 3166-1 alpha-2.
    pub host_country: Option<String>,
}

impl OpenCaseInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind, a country that is no code.
    pub fn checked(&self) -> Result<Open, Failure> {
        let mut reader = Reader::default();
        let open = Open {
            program: reader.key("programId", Kind::Program, &self.program_id),
            area: reader.optional("areaId", Kind::Area, self.area_id.as_ref()),
            age_band: self.age_band,
            sex: self.sex,
            language: self.language.as_ref().map(|tag| tag.0.clone()),
            return_facts: self.return_facts.as_ref().map(|facts| facts.read(&mut reader)),
        };
        reader.settle(open)
    }
}

impl ReturnFactsInput {
    fn read(&self, reader: &mut Reader) -> case::ReturnFacts {
        let country = self.host_country.as_deref();
        let formed = country.is_none_or(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()));
        reader.check(formed, "returnFacts.hostCountry", RuleCode::Invalid);
        case::ReturnFacts {
            voluntariness: self.voluntariness,
            assistance: self.assistance,
            host_legal_situation: self.host_legal_situation,
            return_instrument: self.return_instrument,
            humanitarian_setting: self.humanitarian_setting,
            host_country: self.host_country.clone(),
        }
    }
}

/// A change of what is known about whom a case is about. What is not given stays as it is; null is no longer known.
#[derive(InputObject)]
pub struct UpdateCaseInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The area where the person lives.
    pub area_id: MaybeUndefined<ID>,
    /// The person's age band. Whatever says that the person is a child counts more than a band that does not.
    pub age_band: MaybeUndefined<AgeBand>,
    /// The person's sex.
    pub sex: MaybeUndefined<Sex>,
    /// The language the person speaks.
    pub language: MaybeUndefined<LanguageTag>,
    /// Facts about the return; they take the place of all that were known.
    pub return_facts: MaybeUndefined<ReturnFactsInput>,
}

impl UpdateCaseInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind, a country that is no code.
    pub fn checked(&self) -> Result<Update, Failure> {
        let mut reader = Reader::default();
        let update = Update {
            case: reader.key("caseId", Kind::Case, &self.case_id),
            expected_version: self.expected_version,
            area: given(&self.area_id).map(|area| reader.optional("areaId", Kind::Area, area)),
            age_band: given(&self.age_band).map(Option::<&AgeBand>::copied),
            sex: given(&self.sex).map(Option::<&Sex>::copied),
            language: given(&self.language).map(|tag| tag.map(|tag| tag.0.clone())),
            return_facts: given(&self.return_facts).map(|facts| facts.map(|facts| facts.read(&mut reader))),
        };
        reader.settle(update)
    }
}

/// Nothing for what was not given.
fn given<T>(value: &MaybeUndefined<T>) -> Option<Option<&T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// Your own number for a case.
#[derive(InputObject)]
pub struct AddCaseAliasInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// Which of your numberings it belongs to: 1 to 60 letters without accents, digits and - _ . : /
    pub scheme: String,
    /// Your number, 1 to 100 characters; visible to your organization alone.
    pub value: String,
}

impl AddCaseAliasInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<AddAlias, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        reader.settle(AddAlias { case, scheme: self.scheme.trim().to_owned(), value: Private::new(self.value.clone()) })
    }
}

/// What a person requires.
#[derive(InputObject)]
pub struct AddNeedInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The category's code, which must lie in the dimension and level.
    pub category_code: String,
    /// The dimension of reintegration.
    pub dimension: Dimension,
    /// INDIVIDUAL. What a community or a structure requires attaches to an area or an organization, never to a case.
    pub level: Level,
    /// How soon help is needed.
    pub urgency: Urgency,
    /// Whether you answer it yourself or refer.
    pub delivery: Delivery,
    /// What the person wants to reach, in their own words: 1 to 10 goals of 1 to 500 characters.
    pub goals: Vec<String>,
}

impl AddNeedInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<AddNeed, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        reader.settle(AddNeed {
            case,
            expected_version: self.expected_version,
            category: self.category_code.clone(),
            dimension: self.dimension,
            level: self.level,
            urgency: self.urgency,
            delivery: self.delivery,
            goals: self.goals.iter().cloned().map(Private::new).collect(),
        })
    }
}

/// On what ground something may be disclosed.
#[derive(InputObject)]
pub struct RecordConsentInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The organization that may receive the fields.
    pub receiver_id: ID,
    /// The ground.
    #[graphql(default_with = "Basis::Consent")]
    pub basis: Basis,
    /// What the disclosure is for.
    #[graphql(default_with = "Purpose::Care")]
    pub purpose: Purpose,
    /// What may be disclosed; CASE_IDENTIFIER, NEED and URGENCY are needed to decide.
    pub fields: Vec<ConsentField>,
    /// How it was given.
    pub method: ConsentMethod,
    /// The language in which it was explained.
    pub language: LanguageTag,
    /// The version of the privacy notice that was explained, 1 to 60 characters.
    pub notice_version: String,
    /// The day on which it was given; not in the future.
    pub given_on: LocalDate,
    /// The last day on which it holds; no end when absent.
    pub expires_on: Option<LocalDate>,
    /// A question of its own: whether the receiver may tell you what became of it.
    #[graphql(default = true)]
    pub report_back: bool,
    /// Who gave it; for a child, a guardian or the competent authority.
    #[graphql(default_with = "GivenBy::Person")]
    pub given_by: GivenBy,
    /// What the guardian is to the child; with GUARDIAN and only then.
    pub guardian_relation: Option<GuardianRelation>,
    /// What the child said; needed to send about somebody below 18.
    pub child_view: Option<ChildView>,
    /// Whether the child's caregiver was told.
    pub caregiver_informed: Option<bool>,
    /// Why the caregiver was not told, up to 500 characters; required when they were not.
    pub caregiver_reason: Option<String>,
}

impl RecordConsentInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<RecordConsent, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        let receiver = reader.key("receiverId", Kind::Organization, &self.receiver_id);
        reader.settle(RecordConsent {
            case,
            expected_version: self.expected_version,
            receiver,
            basis: self.basis,
            purpose: self.purpose,
            fields: self.fields.clone(),
            method: self.method,
            language: self.language.0.clone(),
            notice_version: self.notice_version.clone(),
            given_on: self.given_on.store(),
            expires_on: self.expires_on.map(LocalDate::store),
            terms: Terms {
                report_back: self.report_back,
                given_by: self.given_by,
                guardian_relation: self.guardian_relation,
                child_view: self.child_view,
                caregiver_informed: self.caregiver_informed.map(i32::from),
                ..Terms::default()
            },
            caregiver_reason: private(self.caregiver_reason.clone()),
        })
    }
}

/// Why a case is closed.
#[derive(InputObject)]
pub struct CloseCaseInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The reason.
    pub reason: CloseReason,
    /// Asked for with REMIGRATED and only then: by choice, out of necessity, or unknown. It is no measure of failure.
    pub remigration: Option<Remigration>,
}

impl CloseCaseInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Close, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        reader.settle(Close {
            case,
            expected_version: self.expected_version,
            reason: self.reason,
            remigration: self.remigration,
        })
    }
}
