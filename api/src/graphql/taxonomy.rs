//! The taxonomy in the schema: editions with those who endorsed them, and local terms.

use crate::domain::global_id::Kind;
use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::Translations;
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode};
use crate::domain::taxonomy as domain;
use crate::graphql::category::Category;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::error::UserError;
use crate::graphql::input::Reader;
use crate::graphql::payload::payload;
use crate::graphql::scalar::{DateTime, LanguageTag, LocalDate, id};
use crate::graphql::text::{LocalizedName, localized, named};
use crate::usecase::Ask;
use crate::usecase::taxonomy::{self, AddTerm, ChangeTerm, Endorse, RetireTerm};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

/// An edition of the standard categories.
pub struct TaxonomyEdition(domain::Edition);

/// An edition of the standard categories. No edition deletes any: it retires them, and names what follows.
#[Object]
impl TaxonomyEdition {
    /// The code, such as 2026-1.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The title in `language`, or in the request's language.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language of the title; the request's language when not given.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        let english = self.0.labels.get("en").map_or(self.0.code.as_str(), String::as_str);
        named(ctx, language, english, &self.0.labels)
    }

    /// The titles in all languages.
    async fn labels(&self) -> Vec<LocalizedName> {
        localized(&self.0.labels)
    }

    /// First day on which it is in force.
    async fn valid_from(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.valid_from))
    }

    /// Last day on which it is in force; null while no later one took its place.
    async fn valid_to(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.valid_to.as_deref())
    }

    /// When it was put in force; null while it waits for its first day.
    async fn applied_at(&self) -> Option<DateTime> {
        self.0.applied_at.map(DateTime)
    }

    /// Which of its categories take the place of earlier ones. What has one successor follows it, in figures too; what has
    /// several is reviewed service by service.
    async fn crosswalk(&self) -> Vec<TaxonomySuccession> {
        let of = |of: &domain::Follows| TaxonomySuccession { from_code: of.from.clone(), to_code: of.to.clone() };
        self.0.crosswalk.iter().map(of).collect()
    }

    /// The government bodies that endorsed it, the first to do so first.
    async fn endorsements(&self) -> Vec<TaxonomyEndorsement> {
        self.0.endorsements.iter().map(TaxonomyEndorsement::of).collect()
    }
}

/// That a category takes the place of an earlier one.
#[derive(SimpleObject)]
pub struct TaxonomySuccession {
    /// The code of the earlier one.
    from_code: String,
    /// The code of the one that takes its place.
    to_code: String,
}

/// That a government body took an edition as its own.
#[derive(SimpleObject)]
pub struct TaxonomyEndorsement {
    /// For which country or area.
    area_id: ID,
    /// The government body.
    organization_id: ID,
    /// The version of the standard operating procedures that it endorsed with it; null when it named none.
    sop_version: Option<String>,
    /// When it did so.
    endorsed_at: DateTime,
}

impl TaxonomyEndorsement {
    fn of(of: &domain::Endorsement) -> Self {
        Self {
            area_id: id(Kind::Area, of.area_id),
            organization_id: id(Kind::Organization, of.organization_id),
            sop_version: Some(of.sop_version.clone()).filter(|version| !version.is_empty()),
            endorsed_at: DateTime(of.endorsed_at),
        }
    }
}

/// A label in one language.
#[derive(Debug, Clone, InputObject)]
pub struct LabelInput {
    /// The language.
    language: LanguageTag,
    /// The label in it, 1 to 200 characters.
    label: String,
}

fn labels(given: Vec<LabelInput>) -> Result<Translations, Failure> {
    let mut labels = Translations::new();
    for LabelInput { language, label } in given {
        let tag = canonical_tag(&language.0).ok_or_else(|| Rule::at("labels", RuleCode::Invalid))?;
        if labels.insert(tag, label.trim().to_owned()).is_some() {
            return Err(Rule::at("labels", RuleCode::Invalid).into());
        }
    }
    Ok(labels)
}

/// A category of your own below a standard one.
#[derive(Debug, Clone, InputObject)]
pub struct AddLocalCategoryInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The code of the standard category above. It counts as that one in all figures.
    parent_code: String,
    /// The last part of its code: capitals, digits and low lines, beginning with a capital, at most 40.
    name: String,
    /// Its labels, one for each language.
    labels: Vec<LabelInput>,
    /// The program whose partners share it; your organization must lead it. Without one it is your organization's own.
    program_id: Option<ID>,
}

/// Other labels for a local category.
#[derive(Debug, Clone, InputObject)]
pub struct ChangeLocalCategoryInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// Its code.
    code: String,
    /// The version you read.
    expected_version: i32,
    /// All its labels, one for each language; those not named are dropped.
    labels: Vec<LabelInput>,
}

/// The end of a local category.
#[derive(Debug, Clone, InputObject)]
pub struct RetireLocalCategoryInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// Its code.
    code: String,
    /// The version you read.
    expected_version: i32,
    /// The code of the category to use in its place.
    successor_code: Option<String>,
}

/// What is endorsed where.
#[derive(Debug, Clone, InputObject)]
pub struct EndorseTaxonomyInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255
    /// printable signs without blanks.
    idempotency_key: String,
    /// The code of the edition.
    edition: String,
    /// The country, or the area in it, for which you endorse it.
    area_id: ID,
    /// The version of the standard operating procedures that you endorse with it, at most 100 characters.
    sop_version: Option<String>,
}

payload! {
    /// The category that was added, or what to put right.
    AddLocalCategoryPayload {
        /// The category; null when it was not added.
        category: Category
    }
}

payload! {
    /// The category that was changed, or what to put right.
    ChangeLocalCategoryPayload {
        /// The category; null when it was not changed.
        category: Category
    }
}

payload! {
    /// The category that was retired, or what to put right.
    RetireLocalCategoryPayload {
        /// The category; null when it was not retired.
        category: Category
    }
}

payload! {
    /// The edition that was endorsed, or what to put right.
    EndorseTaxonomyPayload {
        /// The edition with all its endorsements; null when it was not endorsed.
        edition: TaxonomyEdition
    }
}

/// A category as it stands after a write, read through the asker's own eyes.
async fn told<P>(ctx: &Context<'_>, ask: Ask<'_>, done: Outcome<String>) -> Option<P>
where
    P: From<Result<Option<Category>, Vec<UserError>>>,
{
    Some(match settle(ctx, ask, done).await? {
        Ok(code) => P::from(Ok(ctx.found(taxonomy::term(ctx.app(), &ctx.sight(), &code).await).map(Category))),
        Err(errors) => P::from(Err(errors)),
    })
}

/// Mutations on the taxonomy.
#[derive(Default)]
pub struct TaxonomyMutation;

#[Object]
impl TaxonomyMutation {
    /// Adds a category that is finer than a standard one, for your organization with EDIT_DIRECTORY or for a program that
    /// it leads with COORDINATE_REFERRALS. Others see it only where something is classified under it.
    async fn add_local_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] input: AddLocalCategoryInput,
    ) -> Option<AddLocalCategoryPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "addLocalCategory", &input.idempotency_key, &text);
        let done = async {
            let mut read = Reader::default();
            let program = read.optional("programId", Kind::Program, input.program_id.as_ref());
            let term = AddTerm {
                parent: input.parent_code.clone(),
                name: input.name.clone(),
                labels: labels(input.labels.clone())?,
                program,
            };
            taxonomy::add_term(ctx.app(), ask, read.settle(term)?).await
        };
        told(ctx, ask, done.await).await
    }

    /// Gives a local category of your organization or program other labels. Takes what adding it takes.
    async fn change_local_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category and its labels.")] input: ChangeLocalCategoryInput,
    ) -> Option<ChangeLocalCategoryPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "changeLocalCategory", &input.idempotency_key, &text);
        let done = async {
            let labels = labels(input.labels.clone())?;
            let change = ChangeTerm { code: input.code.clone(), expected_version: input.expected_version, labels };
            taxonomy::change_term(ctx.app(), ask, change).await
        };
        told(ctx, ask, done.await).await
    }

    /// Retires a local category of your organization or program: nothing new is classified under it after today, and what
    /// is stays. Takes what adding it takes.
    async fn retire_local_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which category, and what follows it.")] input: RetireLocalCategoryInput,
    ) -> Option<RetireLocalCategoryPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "retireLocalCategory", &input.idempotency_key, &text);
        let end = RetireTerm {
            code: input.code.clone(),
            expected_version: input.expected_version,
            successor: input.successor_code.clone(),
        };
        told(ctx, ask, taxonomy::retire_term(ctx.app(), ask, end).await).await
    }

    /// Endorses an edition of the taxonomy in force, and a version of the standard operating procedures with it, for an
    /// area of your country: a national government body anywhere in it, a local one below the country. Needs
    /// EDIT_DIRECTORY in the whole organization. Endorsed again, nothing changes.
    async fn endorse_taxonomy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is endorsed where.")] input: EndorseTaxonomyInput,
    ) -> Option<EndorseTaxonomyPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "endorseTaxonomy", &input.idempotency_key, &text);
        let done = async {
            let mut read = Reader::default();
            let area = read.key("areaId", Kind::Area, &input.area_id);
            let sop_version = input.sop_version.clone().unwrap_or_default();
            let endorse = Endorse { edition: input.edition.clone(), area, sop_version };
            taxonomy::endorse(ctx.app(), ask, read.settle(endorse)?).await
        };
        Some(match settle(ctx, ask, done.await).await? {
            Ok(code) => {
                let found = taxonomy::editions(ctx.app()).await;
                let one = |all: Vec<domain::Edition>| all.into_iter().find(|edition| edition.code == code);
                Ok(ctx.found(found.map(one)).map(TaxonomyEdition)).into()
            }
            Err(errors) => Err(errors).into(),
        })
    }
}

/// Queries on the taxonomy.
#[derive(Default)]
pub struct TaxonomyQuery;

#[Object]
impl TaxonomyQuery {
    /// The editions of the standard categories with the government bodies that endorsed them, the newest first. Public.
    async fn taxonomy_editions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<TaxonomyEdition>> {
        let found = taxonomy::editions(ctx.app()).await.map_err(|fault| ctx.broke(&fault))?;
        Ok(found.into_iter().map(TaxonomyEdition).collect())
    }
}
