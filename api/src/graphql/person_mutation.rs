//! What is known of a person, written down by their case's holder.

use crate::domain::case::ConsentField;
use crate::domain::global_id::Kind;
use crate::domain::person::{Assessment, FieldChange, VulnerabilityFlag};
use crate::domain::rule::{Failure, RuleCode};
use crate::domain::sealed::Private;
use crate::graphql::case::Case;
use crate::graphql::case_mutation::told;
use crate::graphql::context::{Here, ask, canonical};
use crate::graphql::input::Reader;
use crate::graphql::payload::payload;
use crate::graphql::scalar::LocalDate;
use crate::usecase::person::{SetPerson, set_person};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

/// The most numbers of documents or protective factors.
const MOST_ITEMS: usize = 20;

/// What is known of a person. A field that is not given stays as it is; null removes it. Only the form of a value is
/// checked.
#[derive(InputObject)]
pub struct SetPersonInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The case.
    pub case_id: ID,
    /// The case's version that you read.
    pub expected_version: i32,
    /// The given name, 1 to 100 characters.
    pub given_name: MaybeUndefined<String>,
    /// The family name, 1 to 100 characters.
    pub family_name: MaybeUndefined<String>,
    /// The date of birth.
    pub birth_date: MaybeUndefined<LocalDate>,
    /// The nationality, ISO 3166-1 alpha-2.
    pub nationality: MaybeUndefined<String>,
    /// The numbers of identity documents, 20 of 1 to 100 characters at the most.
    pub document_numbers: MaybeUndefined<Vec<String>>,
    /// The person's own telephone number: 5 to 15 digits, with a plus sign before them or none.
    pub phone: MaybeUndefined<String>,
    /// The person's own e-mail address.
    pub email: MaybeUndefined<String>,
    /// Where the person lives, 1 to 500 characters.
    pub address: MaybeUndefined<String>,
    /// Who cares for the person, and how to reach them, 1 to 500 characters.
    pub caregiver: MaybeUndefined<String>,
    /// All recognized vulnerabilities from now on, each once; what is not among them is removed.
    pub vulnerabilities: MaybeUndefined<Vec<VulnerabilityInput>>,
    /// What protects the person, 20 of 1 to 300 characters at the most.
    pub protective_factors: MaybeUndefined<Vec<String>>,
    /// What the person needs for their health, 1 to 2,000 characters.
    pub health_needs: MaybeUndefined<String>,
}

/// A recognized vulnerability, as it was assessed.
#[derive(InputObject)]
pub struct VulnerabilityInput {
    /// Which one.
    pub flag: VulnerabilityFlag,
    /// When it was assessed.
    pub assessed_on: LocalDate,
    /// The role or the name of who assessed it, 1 to 120 characters.
    pub assessed_by: String,
    /// When it must be looked at again; not before it was assessed.
    pub review_on: LocalDate,
}

/// The changes that an input asks for.
#[derive(Default)]
struct Changes(Vec<(&'static str, FieldChange)>);

impl Changes {
    fn add(&mut self, name: &'static str, field: ConsentField, value: MaybeUndefined<String>) {
        let value = match value {
            MaybeUndefined::Undefined => return,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(text) => Some(Private::new(text.trim().to_owned())),
        };
        self.0.push((name, FieldChange { field, value }));
    }

    /// A list is kept as one text; an empty one is none.
    fn add_list(
        &mut self,
        reader: &mut Reader,
        name: &'static str,
        field: ConsentField,
        list: &MaybeUndefined<Vec<String>>,
        longest: usize,
    ) {
        let value = match list {
            MaybeUndefined::Undefined => return,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(items) => {
                reader.check(items.len() <= MOST_ITEMS, name, RuleCode::TooLong);
                for (at, item) in items.iter().take(MOST_ITEMS).enumerate() {
                    let length = item.trim().chars().count();
                    let at = format!("{name}.{at}");
                    reader.check(length > 0, &at, RuleCode::Required);
                    reader.check(length <= longest, &at, RuleCode::TooLong);
                    reader.check(!item.contains('\0'), &at, RuleCode::Invalid);
                }
                let items: Vec<&str> = items.iter().map(|item| item.trim()).collect();
                (!items.is_empty()).then(|| Private::new(serde_json::Value::from(items).to_string()))
            }
        };
        self.0.push((name, FieldChange { field, value }));
    }
}

impl SetPersonInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// Identifiers of another kind; lists that are too long.
    pub fn checked(&self) -> Result<SetPerson, Failure> {
        let mut reader = Reader::default();
        let case = reader.key("caseId", Kind::Case, &self.case_id);
        let birth_date = match self.birth_date {
            MaybeUndefined::Undefined => MaybeUndefined::Undefined,
            MaybeUndefined::Null => MaybeUndefined::Null,
            MaybeUndefined::Value(day) => MaybeUndefined::Value(day.store()),
        };
        let mut changes = Changes::default();
        changes.add("givenName", ConsentField::GivenName, self.given_name.clone());
        changes.add("familyName", ConsentField::FamilyName, self.family_name.clone());
        changes.add("birthDate", ConsentField::BirthDate, birth_date);
        changes.add("nationality", ConsentField::Nationality, self.nationality.clone());
        let documents = ConsentField::DocumentNumbers;
        changes.add_list(&mut reader, "documentNumbers", documents, &self.document_numbers, 100);
        changes.add("phone", ConsentField::Phone, self.phone.clone());
        changes.add("email", ConsentField::Email, self.email.clone());
        changes.add("address", ConsentField::Address, self.address.clone());
        changes.add("caregiver", ConsentField::Caregiver, self.caregiver.clone());
        let factors = ConsentField::ProtectiveFactors;
        changes.add_list(&mut reader, "protectiveFactors", factors, &self.protective_factors, 300);
        changes.add("healthNeeds", ConsentField::HealthNeeds, self.health_needs.clone());
        let vulnerabilities = match &self.vulnerabilities {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(Vec::new()),
            MaybeUndefined::Value(given) => Some(given.iter().map(VulnerabilityInput::assessed).collect()),
        };
        reader.settle(SetPerson { case, expected_version: self.expected_version, changes: changes.0, vulnerabilities })
    }
}

impl VulnerabilityInput {
    fn assessed(&self) -> (VulnerabilityFlag, Private<Assessment>) {
        let assessment = Assessment {
            assessed_on: self.assessed_on.store(),
            assessed_by: self.assessed_by.trim().to_owned(),
            review_on: self.review_on.store(),
        };
        (self.flag, Private::new(assessment))
    }
}

payload! {
    /// The case whose person was written down.
    SetPersonPayload {
        /// The case, whose version the change raised; null when nothing was changed.
        case: Case
    }
}

/// Mutations on persons.
#[derive(Default)]
pub struct PersonMutation;

#[Object]
impl PersonMutation {
    /// Keeps what your organization knows of the person of a case that it holds, each value sealed. Nobody else sees any of
    /// it, but for what a consent lists and an agreement allows, once a receiver has taken the person on. Needs
    /// WRITE_CASES; never for a government body.
    async fn set_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known.")] input: SetPersonInput,
    ) -> Option<SetPersonPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "setPerson", &input.idempotency_key, &text);
        let done = async { set_person(ctx.app(), ask, input.checked()?).await }.await;
        told(ctx, ask, done).await
    }
}
