//! The conditions that services publish, and whether somebody meets them, in the schema.

use crate::domain::case::{AgeBand, Sex};
use crate::domain::code::Code as _;
use crate::domain::criterion::{self as domain, Attributes, CheckAnswer, CriterionKind, MOST_STATED};
use crate::domain::global_id::Kind;
use crate::domain::language_tag::{canonical_tag, in_tag};
use crate::domain::service::{ReturnType, Service};
use crate::graphql::context::Here;
use crate::graphql::error::{bad_input, label};
use crate::graphql::scalar::{self, LanguageTag};
use crate::graphql::text::{named, wanted};
use crate::texts::Texts;
use crate::usecase::service::{Question, check_eligibility};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

/// A condition that a service publishes.
#[derive(Debug, Clone, SimpleObject)]
pub struct Criterion {
    /// By which a decline cites it; stable.
    pub key: String,
    /// What it is about.
    pub kind: CriterionKind,
    /// What it says, in the request's language; what the provider wrote itself, in the nearest language it wrote.
    pub text: String,
}

/// Whether somebody meets a condition.
#[derive(Debug, Clone, SimpleObject)]
pub struct CriterionAnswer {
    /// The condition.
    pub criterion: Criterion,
    /// Whether it is met.
    pub answer: CheckAnswer,
    /// The answer in the request's language.
    pub text: String,
}

/// Whether somebody could be taken, as far as it can be said beforehand. It is no decision, and nothing of it is kept.
#[derive(Debug, Clone, SimpleObject)]
pub struct EligibilityCheck {
    /// All answers together: FAIL where one condition is not met, else UNKNOWN where one is not known.
    pub answer: CheckAnswer,
    /// Every published condition, then whether a place is free (not without a token) and whether the service takes
    /// referrals now.
    pub criteria: Vec<CriterionAnswer>,
}

/// What is said of a person; what is not said is not known. It is forgotten with the answer. No name, no number.
#[derive(Debug, Clone, Default, InputObject)]
pub struct PersonAttributesInput {
    /// The age in completed years, 0 to 120.
    age: Option<i32>,
    /// The age in bands, where the age itself is not said.
    age_band: Option<AgeBand>,
    /// The sex.
    sex: Option<Sex>,
    /// How the person returned.
    return_type: Option<ReturnType>,
    /// Whether the person returned at all; false for somebody who never migrated.
    is_returnee: Option<bool>,
    /// The area where the person lives.
    area_id: Option<ID>,
    /// The languages that the person speaks, at most 50.
    languages: Option<Vec<LanguageTag>>,
    /// The documents that the person can bring, in the words of `service.requiredDocuments`, at most 50.
    documents: Option<Vec<String>>,
    /// Whether the person meets conditions in the provider's own words, at most 30.
    criteria: Option<Vec<CriterionMetInput>>,
}

/// Whether a person meets a condition in the provider's own words.
#[derive(Debug, Clone, InputObject)]
pub struct CriterionMetInput {
    /// The condition's key.
    key: String,
    /// Whether it is met.
    is_met: bool,
}

impl PersonAttributesInput {
    fn attributes(&self) -> async_graphql::Result<Attributes> {
        if self.age.is_some_and(|age| !(0..=120).contains(&age)) {
            return Err(bad_input("An age is 0 to 120."));
        }
        let sizes = [self.languages.as_ref().map(Vec::len), self.documents.as_ref().map(Vec::len)];
        if sizes.into_iter().flatten().any(|size| size > 50)
            || self.criteria.as_ref().is_some_and(|all| all.len() > MOST_STATED)
        {
            return Err(bad_input("A list of attributes is too long."));
        }
        let stated = self.criteria.iter().flatten().map(|one| (one.key.clone(), one.is_met));
        Ok(Attributes {
            age: self.age.map(|age| (age, age)).or(self.age_band.map(domain::ages)),
            sex: self.sex,
            return_type: self.return_type,
            // Who returned in some way did return.
            is_returnee: self.is_returnee.or(self.return_type.map(|_| true)),
            area: None,
            languages: self.languages.as_ref().map(|all| all.iter().filter_map(|tag| canonical_tag(&tag.0)).collect()),
            documents: self.documents.clone(),
            stated: stated.collect(),
        })
    }
}

/// A published condition as it is told.
#[must_use]
pub fn told(ctx: &Context<'_>, service: &Service, criterion: &domain::Criterion) -> Criterion {
    Criterion { key: criterion.key.clone(), kind: criterion.kind, text: text(ctx, service, criterion) }
}

fn text(ctx: &Context<'_>, service: &Service, criterion: &domain::Criterion) -> String {
    let language = ctx.language();
    let of = &service.eligibility;
    let say = |key: &str, arguments: &[(&str, &str)]| Texts::global().text(language, key, arguments);
    let listed = |key: &str, values: &[String]| say(key, &[("values", &values.join(", "))]);
    match criterion.kind {
        CriterionKind::Age => {
            let (least, most) = (of.minimum_age.map(|age| age.to_string()), of.maximum_age.map(|age| age.to_string()));
            match (least, most) {
                (Some(least), Some(most)) => say("criterion-age-between", &[("minimum", &least), ("maximum", &most)]),
                (Some(least), None) => say("criterion-age-from", &[("minimum", &least)]),
                (None, most) => say("criterion-age-to", &[("maximum", &most.unwrap_or_default())]),
            }
        }
        CriterionKind::Sex => of.sex.map(|sex| label(language, "criterion-sex", sex.code())).unwrap_or_default(),
        CriterionKind::ReturnType => {
            let labels: Vec<String> =
                of.return_types.iter().map(|one| label(language, "return-type", one.code())).collect();
            listed("criterion-return-type", &labels)
        }
        CriterionKind::Area => {
            let names: Vec<String> =
                service.areas.iter().map(|area| named(ctx, None, &area.name, &area.names)).collect();
            listed("criterion-area", &names)
        }
        CriterionKind::Language => listed("criterion-language", &service.languages),
        CriterionKind::Documents => listed("criterion-documents", &service.required_documents),
        CriterionKind::Stated => {
            let stated = of.criteria.iter().find(|stated| stated.key == criterion.key);
            let in_language = |stated: &domain::StatedCriterion| {
                let found = in_tag(&stated.translations, &wanted(ctx, None));
                found.map_or_else(|| stated.text.clone(), |(_, text)| text.clone())
            };
            stated.map(in_language).unwrap_or_default()
        }
        CriterionKind::Text => of.text.clone(),
        CriterionKind::Returnees => say("criterion-returnees", &[]),
        CriterionKind::Places => say("criterion-places", &[]),
        CriterionKind::Open => say("criterion-open", &[]),
    }
}

/// Asks before anything is sent.
#[derive(Debug, Default)]
pub struct EligibilityQuery;

/// Asks before anything is sent.
#[Object]
impl EligibilityQuery {
    /// Whether a person could be taken by a service, condition by condition. It is asked before a referral, stores nothing
    /// and tells the provider nothing. Null for a service that you may not see, and for a case that your organization does
    /// not hold.
    async fn check_eligibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service's global identifier.")] service_id: ID,
        #[graphql(desc = "What is said of the person; it goes before what the case says.")] person: Option<
            PersonAttributesInput,
        >,
        #[graphql(desc = "A case that your organization holds, for what is not said of the person.")] case_id: Option<
            ID,
        >,
    ) -> async_graphql::Result<Option<EligibilityCheck>> {
        let person = person.unwrap_or_default();
        let Some(service) = scalar::key(Kind::Service, &service_id) else { return Ok(None) };
        let case = match &case_id {
            None => None,
            Some(id) => match scalar::key(Kind::Case, id) {
                Some(case) => Some(case.into()),
                None => return Ok(None),
            },
        };
        let area = person.area_id.as_ref().map(crate::graphql::area::area_key).transpose()?;
        let question = Question { service: service.into(), case, person: person.attributes()?, area };
        let found = check_eligibility(ctx.app(), ctx.actor(), question).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(found.map(|(service, checked)| EligibilityCheck {
            answer: domain::overall(&checked),
            criteria: checked
                .iter()
                .map(|one| CriterionAnswer {
                    criterion: told(ctx, &service, &one.criterion),
                    answer: one.answer,
                    text: label(ctx.language(), "check-answer", one.answer.code()),
                })
                .collect(),
        }))
    }
}
