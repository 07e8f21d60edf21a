//! Inputs of the mutations on agreements.

use crate::domain::agreement::{self, AgreementKind, AgreementStatus};
use crate::domain::case::ConsentField;
use crate::domain::global_id::Kind;
use crate::domain::rule::Failure;
use crate::graphql::input::Reader;
use crate::graphql::scalar::LocalDate;
use crate::graphql::service_input::ContactRoleInput;
use crate::usecase::agreement::{Register, Which};
use async_graphql::{ID, InputObject};

/// What is agreed on.
#[derive(InputObject)]
pub struct RegisterAgreementInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// Its form.
    pub kind: AgreementKind,
    /// The other parties, 1 to 20; your organization is one without being named.
    pub party_ids: Vec<ID>,
    /// The first day on which it holds.
    pub valid_from: LocalDate,
    /// The last day on which it holds; no end when absent.
    pub valid_to: Option<LocalDate>,
    /// The codes of the service categories or groups it is about, with all below them and the local terms that extend them,
    /// 50 at the most; all when absent or empty.
    pub category_codes: Option<Vec<String>>,
    /// The areas it is about, with all that lies in them, 50 at the most; all when absent or empty.
    pub area_ids: Option<Vec<ID>>,
    /// The fields that may be disclosed under it, where the person's consent lists them too.
    pub data_allowed: Vec<ConsentField>,
    /// By when a receiver answers, where it is not by the default limits.
    pub response_times: Option<ResponseTimesInput>,
    /// Who bears which cost, at most 2,000 characters.
    pub cost_rule: Option<String>,
    /// How the parties reach each other, 50 at the most: roles, never named persons.
    pub contacts: Option<Vec<ContactRoleInput>>,
    /// Where the signed document is kept, 1 to 300 characters.
    pub document_ref: Option<String>,
}

/// By when a receiver answers, by urgency; the default limits hold for what is absent.
#[derive(InputObject)]
pub struct ResponseTimesInput {
    /// For emergencies.
    pub emergency: Option<ResponseHoursInput>,
    /// For urgent referrals.
    pub urgent: Option<ResponseHoursInput>,
    /// For all others.
    pub routine: Option<ResponseHoursInput>,
}

/// Limits in hours, each 1 to 2,160; the default holds for what is absent.
#[derive(InputObject)]
pub struct ResponseHoursInput {
    /// To say that a referral has arrived.
    pub acknowledge: Option<i32>,
    /// To decide.
    pub decide: Option<i32>,
    /// To contact the person, from the acceptance on.
    pub contact: Option<i32>,
}

impl ResponseHoursInput {
    fn read(given: Option<&Self>) -> agreement::Hours {
        given.map_or_else(agreement::Hours::default, |given| agreement::Hours {
            acknowledge: given.acknowledge.map(i64::from),
            decide: given.decide.map(i64::from),
            contact: given.contact.map(i64::from),
        })
    }
}

impl ResponseTimesInput {
    fn read(&self) -> agreement::ResponseTimes {
        agreement::ResponseTimes {
            emergency: ResponseHoursInput::read(self.emergency.as_ref()),
            urgent: ResponseHoursInput::read(self.urgent.as_ref()),
            routine: ResponseHoursInput::read(self.routine.as_ref()),
        }
    }
}

impl RegisterAgreementInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind.
    pub fn checked(&self) -> Result<Register, Failure> {
        let mut reader = Reader::default();
        let parties = reader.keys("partyIds", Kind::Organization, &self.party_ids);
        let areas = reader.keys("areaIds", Kind::Area, self.area_ids.as_deref().unwrap_or_default());
        let reference = self.document_ref.as_deref().map(str::trim);
        reader.settle(Register {
            kind: self.kind,
            parties,
            valid_from: self.valid_from.store(),
            valid_to: self.valid_to.map(LocalDate::store),
            categories: self.category_codes.clone().unwrap_or_default(),
            areas,
            data_allowed: self.data_allowed.clone(),
            response_times: self.response_times.as_ref().map(ResponseTimesInput::read).unwrap_or_default(),
            cost_rule: self.cost_rule.as_deref().map(str::trim).unwrap_or_default().to_owned(),
            contacts: self.contacts.clone().unwrap_or_default().into_iter().map(Into::into).collect(),
            document_ref: reference.map(str::to_owned),
        })
    }
}

/// Which agreement is confirmed.
#[derive(InputObject)]
pub struct ConfirmAgreementInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The agreement.
    pub agreement_id: ID,
    /// The agreement's version that you read.
    pub expected_version: i32,
}

impl ConfirmAgreementInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Which, Failure> {
        which(&self.agreement_id, self.expected_version)
    }
}

/// Which agreement is ended.
#[derive(InputObject)]
pub struct EndAgreementInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The agreement.
    pub agreement_id: ID,
    /// The agreement's version that you read.
    pub expected_version: i32,
}

impl EndAgreementInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Which, Failure> {
        which(&self.agreement_id, self.expected_version)
    }
}

fn which(id: &ID, expected_version: i32) -> Result<Which, Failure> {
    let mut reader = Reader::default();
    let agreement = reader.key("agreementId", Kind::Agreement, id);
    reader.settle(Which { agreement, expected_version })
}

/// Which agreements are asked for; what is absent does not limit.
#[derive(InputObject, Default)]
pub struct AgreementFilter {
    /// Any of these forms.
    pub kind: Option<Vec<AgreementKind>>,
    /// Any of these.
    pub status: Option<Vec<AgreementStatus>>,
    /// Active, and ending within so many days from today.
    pub expiring_within_days: Option<i32>,
    /// This organization is a party too.
    pub party_id: Option<ID>,
}
