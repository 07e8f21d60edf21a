//! A person beside the case: known field by field in compartments, each value sealed. A field has the code under which a
//! consent releases it, so that nothing is shown that was not asked for by its own name.

use crate::domain::case::ConsentField;
use crate::domain::code::{Code, codes};
use crate::domain::id::{CaseId, PersonId};
use crate::domain::rule::{RuleCode, Rules};
use crate::domain::sealed::{Private, Sealed};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

codes! {
    /// What is known of a person, in parts that are granted apart.
    pub enum Compartment {
        /// Who the person is.
        Identity = "IDENTITY",
        /// How to reach the person.
        Contact = "CONTACT",
        /// What makes the person vulnerable, and what protects them.
        Vulnerability = "VULNERABILITY",
        /// The person's health.
        Health = "HEALTH",
    }
}

codes! {
    /// A recognized vulnerability. Help never depends on belonging to one, and a flag alone unlocks nothing.
    pub enum VulnerabilityFlag {
        /// A child without any caring adult.
        UnaccompaniedChild = "UNACCOMPANIED_CHILD",
        /// A child apart from its parents, with other relatives.
        SeparatedChild = "SEPARATED_CHILD",
        /// A person who was trafficked.
        VictimOfTrafficking = "VICTIM_OF_TRAFFICKING",
        /// A person who lived through gender-based violence.
        SurvivorGbv = "SURVIVOR_GBV",
        /// A person who lived through other violence or abuse.
        SurvivorViolenceAbuse = "SURVIVOR_VIOLENCE_ABUSE",
        /// A person who was abused by smugglers.
        SmugglingAbuse = "SMUGGLING_ABUSE",
        /// A lasting illness.
        ChronicIllness = "CHRONIC_ILLNESS",
        /// A need for mental health care.
        MentalHealth = "MENTAL_HEALTH",
        /// A disability.
        Disability = "DISABILITY",
        /// Pregnant or breastfeeding.
        PregnantLactating = "PREGNANT_LACTATING",
        /// An older person at risk.
        OlderPerson = "OLDER_PERSON",
        /// Alone at the head of a household.
        SingleHeadedHousehold = "SINGLE_HEADED_HOUSEHOLD",
        /// A household headed by a child.
        ChildHeadedHousehold = "CHILD_HEADED_HOUSEHOLD",
        /// At risk for sexual orientation, gender identity or expression, or sex characteristics.
        Sogiesc = "SOGIESC",
        /// Of a minority or an indigenous people.
        MinorityIndigenous = "MINORITY_INDIGENOUS",
        /// A possible need for international protection.
        IntlProtectionNeed = "INTL_PROTECTION_NEED",
        /// Was detained.
        ExDetainee = "EX_DETAINEE",
        /// In debt because of the migration.
        Indebted = "INDEBTED",
    }
}

impl ConsentField {
    /// The compartment of a field that says who the person is, or something about them that is as personal; none for
    /// what is shared under the case's identifier alone.
    #[must_use]
    pub fn compartment(self) -> Option<Compartment> {
        use ConsentField as F;
        match self {
            F::CaseIdentifier
            | F::Need
            | F::Goals
            | F::Urgency
            | F::AgeBand
            | F::Sex
            | F::Language
            | F::ContactThroughSender
            | F::PriorHelp => None,
            F::GivenName | F::FamilyName | F::BirthDate | F::Nationality | F::DocumentNumbers => {
                Some(Compartment::Identity)
            }
            F::Phone | F::Email | F::Address | F::Caregiver => Some(Compartment::Contact),
            F::ChronicIllness | F::MentalHealth | F::Disability | F::PregnantLactating | F::HealthNeeds => {
                Some(Compartment::Health)
            }
            F::ProtectiveFactors
            | F::UnaccompaniedChild
            | F::SeparatedChild
            | F::VictimOfTrafficking
            | F::SurvivorGbv
            | F::SurvivorViolenceAbuse
            | F::SmugglingAbuse
            | F::OlderPerson
            | F::SingleHeadedHousehold
            | F::ChildHeadedHousehold
            | F::Sogiesc
            | F::MinorityIndigenous
            | F::IntlProtectionNeed
            | F::ExDetainee
            | F::Indebted => Some(Compartment::Vulnerability),
        }
    }

    /// The vulnerability that it is, if it is one.
    #[must_use]
    pub fn flag(self) -> Option<VulnerabilityFlag> {
        VulnerabilityFlag::from_code(self.code())
    }
}

/// Those of the fields that identify somebody or are as personal: they move under an agreement only.
#[must_use]
pub fn identified(fields: &[ConsentField]) -> Vec<ConsentField> {
    fields.iter().copied().filter(|field| field.compartment().is_some()).collect()
}

/// A person, as far as the asker may know them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    pub id: PersonId,
    /// The case through which the person is seen.
    pub case_id: CaseId,
    /// Only what is filled.
    pub fields: Vec<PersonField>,
}

/// One thing that is known of a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonField {
    pub field: ConsentField,
    /// Not loaded for whom may only know that there is one.
    pub value: Option<Sealed>,
    /// UTC microseconds.
    pub updated_at: i64,
}

/// The fields by which a child is known, beside the age band.
pub const SIGNS_OF_A_CHILD: &[ConsentField] =
    &[ConsentField::BirthDate, ConsentField::UnaccompaniedChild, ConsentField::SeparatedChild];

impl PersonField {
    /// Whether it says that the person is below 18 on `today`: a date of birth, or that a child is alone; nothing where it
    /// says neither.
    #[must_use]
    pub fn says_child(&self, value: Option<&str>, today: Date) -> Option<bool> {
        match self.field {
            ConsentField::UnaccompaniedChild | ConsentField::SeparatedChild => Some(true),
            ConsentField::BirthDate => {
                let born: Date = value?.parse().ok()?;
                born.checked_add(18.years()).ok().map(|grown| today < grown)
            }
            _ => None,
        }
    }
}

/// When a vulnerability was assessed, by whom, and when it must be looked at again. Kept sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// ISO 8601.
    pub assessed_on: String,
    /// The role or the name of who assessed it.
    pub assessed_by: String,
    /// ISO 8601.
    pub review_on: String,
}

/// What becomes of one field: a value, or nothing any more.
#[derive(Debug, Clone)]
pub struct FieldChange {
    pub field: ConsentField,
    pub value: Option<Private<String>>,
}

/// Checks the form of a value: nobody is asked whether it is true.
pub fn check_form(rules: &mut Rules, at: &str, field: ConsentField, value: &Private<String>) {
    let text = value.expose().as_str();
    let longest = match field {
        ConsentField::GivenName | ConsentField::FamilyName => 100,
        ConsentField::Address | ConsentField::Caregiver => 500,
        ConsentField::HealthNeeds => 2_000,
        // A list that was checked item by item, or one of the forms below.
        _ => 20_000,
    };
    rules.text(at, text, 1, longest);
    let formed = match field {
        ConsentField::Nationality => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        ConsentField::Phone => is_phone(text),
        ConsentField::Email => is_email(text),
        _ => true,
    };
    rules.check(formed, at, RuleCode::Invalid);
}

/// Whether it has the form of a telephone number: 5 to 15 digits, a plus sign before them or none, and what people put
/// between them.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (5..=15).contains(&digits)
        && text.len() <= 30
        && rest.bytes().all(|byte| byte.is_ascii_digit() || b" -().".contains(&byte))
}

/// Whether it has the form of an e-mail address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let plain = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    let Some((name, place)) = text.rsplit_once('@') else { return false };
    plain
        && text.len() <= 254
        && !name.is_empty()
        && place.contains('.')
        && !place.starts_with('.')
        && !place.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_a_field_of_its_own_by_which_it_is_released() {
        for flag in VulnerabilityFlag::ALL {
            let field = ConsentField::from_code(flag.code()).unwrap();
            assert_eq!(field.flag(), Some(*flag));
            assert!(field.compartment().is_some(), "{}", flag.code());
        }
    }

    #[test]
    fn what_goes_under_the_identifier_alone_is_not_identified() {
        let pseudonymous = [ConsentField::CaseIdentifier, ConsentField::AgeBand, ConsentField::ContactThroughSender];
        assert_eq!(identified(&pseudonymous), []);
        let mixed = [ConsentField::Need, ConsentField::Phone, ConsentField::Disability];
        assert_eq!(identified(&mixed), [ConsentField::Phone, ConsentField::Disability]);
    }

    #[test]
    fn telephone_numbers_and_addresses_are_told_by_their_form() {
        for good in ["+221 77 123 45 67", "0612345678", "(033) 555-12.34"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "1234", "call me", "+22177123456789012", "77 123 + 45"] {
            assert!(!is_phone(bad), "{bad}");
        }
        assert!(is_email("a.b@example.org") && is_email("x@y.z"));
        for bad in ["", "a", "a@", "@b.c", "a b@c.d", "a@b", "a@.b"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
