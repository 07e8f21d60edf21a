//! Persons as types of the schema. A value is opened when it is asked for, and what was opened is written down before the
//! answer is sent.

use crate::domain::case::{AgeBand, ConsentField, Sex};
use crate::domain::code::Code;
use crate::domain::disclosed::Disclosed;
use crate::domain::global_id::Kind;
use crate::domain::person::{self, Assessment, Compartment, VulnerabilityFlag};
use crate::domain::referral::Released;
use crate::domain::rule::Fault;
use crate::graphql::context::Here;
use crate::graphql::scalar::{DateTime, LanguageTag, LocalDate, id};
use async_graphql::{Context, ID, MergedObject, Object, SimpleObject};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use uuid::Uuid;

/// A recognized vulnerability of a person, as it was assessed.
#[derive(SimpleObject)]
pub struct Vulnerability {
    /// Which one.
    flag: VulnerabilityFlag,
    /// When it was assessed.
    assessed_on: Option<LocalDate>,
    /// The role or the name of who assessed it.
    assessed_by: String,
    /// When it must be looked at again.
    review_on: Option<LocalDate>,
}

/// What is known of a person, field by field.
pub struct KnownFields {
    /// The thing through which it is seen.
    subject: (Kind, Uuid),
    person: Option<person::Person>,
}

/// What is known of a person, field by field.
#[Object]
impl KnownFields {
    /// The given name. Null where it is not known or not yours to know.
    async fn given_name(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::GivenName)
    }

    /// The family name. Null where it is not known or not yours to know.
    async fn family_name(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::FamilyName)
    }

    /// The nationality, ISO 3166-1 alpha-2. Null where it is not known or not yours to know.
    async fn nationality(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::Nationality)
    }

    /// The person's own telephone number. Null where it is not known or not yours to know.
    async fn phone(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::Phone)
    }

    /// The person's own e-mail address. Null where it is not known or not yours to know.
    async fn email(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::Email)
    }

    /// Where the person lives. Null where it is not known or not yours to know.
    async fn address(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::Address)
    }

    /// Who cares for the person, and how to reach them. Null where it is not known or not yours to know.
    async fn caregiver(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::Caregiver)
    }

    /// What the person needs for their health. Null where it is not known or not yours to know.
    async fn health_needs(&self, ctx: &Context<'_>) -> Option<String> {
        self.text(ctx, ConsentField::HealthNeeds)
    }

    /// The date of birth. Null where it is not known or not yours to know.
    async fn birth_date(&self, ctx: &Context<'_>) -> Option<LocalDate> {
        LocalDate::stored(self.text(ctx, ConsentField::BirthDate).as_deref())
    }

    /// The numbers of identity documents. Null where they are not known or not yours to know.
    async fn document_numbers(&self, ctx: &Context<'_>) -> Option<Vec<String>> {
        self.parsed(ctx, ConsentField::DocumentNumbers)
    }

    /// What protects the person. Null where it is not known or not yours to know.
    async fn protective_factors(&self, ctx: &Context<'_>) -> Option<Vec<String>> {
        self.parsed(ctx, ConsentField::ProtectiveFactors)
    }

    /// Recognized vulnerabilities; only those that are yours to know. A flag alone unlocks nothing.
    async fn vulnerabilities(&self, ctx: &Context<'_>) -> Vec<Vulnerability> {
        let known = |flag: &VulnerabilityFlag| {
            let field = ConsentField::from_code(flag.code())?;
            let assessment: Assessment = self.parsed(ctx, field)?;
            Some(Vulnerability {
                flag: *flag,
                assessed_on: LocalDate::stored(Some(&assessment.assessed_on)),
                assessed_by: assessment.assessed_by,
                review_on: LocalDate::stored(Some(&assessment.review_on)),
            })
        };
        VulnerabilityFlag::ALL.iter().filter_map(known).collect()
    }
}

impl KnownFields {
    fn text(&self, ctx: &Context<'_>, field: ConsentField) -> Option<String> {
        let person = self.person.as_ref()?;
        let known = person.fields.iter().find(|known| known.field == field)?;
        let value = ctx.found(ctx.app().person_value(person.id, known))?;
        let Some(disclosed) = ctx.data_opt::<Arc<Disclosed>>() else {
            return ctx.found(Err(Fault::Unavailable("nobody keeps account of what is read".into())));
        };
        disclosed.note(self.subject, field.compartment()?);
        Some(value.into_inner())
    }

    fn parsed<T: DeserializeOwned>(&self, ctx: &Context<'_>, field: ConsentField) -> Option<T> {
        let text = self.text(ctx, field)?;
        let person = self.person.as_ref().map(|person| person.id.into()).unwrap_or_default();
        ctx.found(serde_json::from_str(&text).map(Some).map_err(|_| Fault::Corrupt("person_field", person)))
    }
}

/// What is released of a person under the case's identifier.
#[derive(SimpleObject)]
pub struct ReleasedFacts {
    /// The age band.
    age_band: Option<AgeBand>,
    /// The sex.
    sex: Option<Sex>,
    /// The language the person speaks.
    language: Option<LanguageTag>,
    /// Whether you may reach the person through the sender.
    contact_through_sender: bool,
}

/// What a referral releases of a person. Who they are is released field by field, once the receiver has taken them on:
/// where the consent lists the field and an agreement in force allows it.
#[derive(MergedObject)]
pub struct ReferredPerson(ReleasedFacts, KnownFields);

impl ReferredPerson {
    /// What a referral releases.
    #[must_use]
    pub fn of(referral: crate::domain::id::ReferralId, released: &Released) -> Self {
        let facts = ReleasedFacts {
            age_band: released.age_band,
            sex: released.sex,
            language: released.language.clone().map(LanguageTag),
            contact_through_sender: released.contact_through_sender == Some(1),
        };
        let subject = (Kind::Referral, Uuid::from(referral));
        Self(facts, KnownFields { subject, person: released.person.clone() })
    }
}

/// Whether something is known of a person in a compartment.
#[derive(SimpleObject)]
pub struct PersonCompartment {
    /// The compartment.
    compartment: Compartment,
    /// Whether any of its fields is filled.
    is_filled: bool,
    /// When one of its fields last changed; null when none is filled.
    updated_at: Option<DateTime>,
}

/// What a person is beside the fields.
pub struct PersonHead(Arc<person::Person>);

/// What a person is beside the fields.
#[Object]
impl PersonHead {
    /// The person's public identifier. It finds nothing for whom does not see the case.
    async fn id(&self) -> ID {
        id(Kind::Person, self.0.id)
    }

    /// What is filled, for those who watch over it without reading it.
    async fn compartments(&self) -> Vec<PersonCompartment> {
        let of = |compartment: &Compartment| {
            let fields = self.0.fields.iter().filter(|known| known.field.compartment() == Some(*compartment));
            let updated_at = fields.map(|known| known.updated_at).max();
            PersonCompartment {
                compartment: *compartment,
                is_filled: updated_at.is_some(),
                updated_at: updated_at.map(DateTime),
            }
        };
        Compartment::ALL.iter().map(of).collect()
    }
}

/// A person, apart from their case, as the case's holder knows them. Case managers and supervisors read the values; who
/// watches over data protection sees what is filled.
#[derive(MergedObject)]
pub struct Person(PersonHead, KnownFields);

impl Person {
    /// The person of a case.
    #[must_use]
    pub fn of(person: Arc<person::Person>) -> Self {
        let fields = KnownFields { subject: (Kind::Case, person.case_id.into()), person: Some((*person).clone()) };
        Self(PersonHead(person), fields)
    }

    /// The person's public identifier.
    ///
    /// # Errors
    /// None.
    pub async fn id(&self, _: &Context<'_>) -> async_graphql::Result<ID> {
        Ok(id(Kind::Person, self.0.0.id))
    }
}
