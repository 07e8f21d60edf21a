//! Categories in the schema.

use crate::domain::global_id::Kind;
use crate::domain::service::{self as domain, Dimension, Level};
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::scalar::{LanguageTag, LocalDate, id};
use crate::graphql::text::{LocalizedName, localized, named};
use crate::usecase::browse::{self, TermFilter};
use async_graphql::{Context, ID, Object};

/// A category of the taxonomy of services and needs.
#[derive(Debug, Clone)]
pub struct Category(pub domain::Category);

/// A category of the taxonomy of services and needs. Categories form a tree: groups, standard categories, and local ones
/// that an organization or program added below a standard one.
#[Object]
impl Category {
    /// The stable code, such as `ARR.CASH`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The dimension of reintegration it belongs to.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// The level at which it works.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// The label in `language`, or in the request's language; English where there is none.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language of the label; the request's language when not given.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        let english = self.0.labels.get("en").map_or(self.0.code.as_str(), String::as_str);
        named(ctx, language, english, &self.0.labels)
    }

    /// The labels in all languages.
    async fn labels(&self) -> Vec<LocalizedName> {
        localized(&self.0.labels)
    }

    /// The code of the category or group right above; null at the top.
    async fn parent_code(&self) -> Option<&str> {
        self.0.parent.as_deref()
    }

    /// Whether it only gathers those below: nothing is classified under it itself.
    async fn is_group(&self) -> bool {
        self.0.is_group
    }

    /// The standard category as which it counts in all figures: itself, or for a local one the one above.
    async fn standard_code(&self) -> &str {
        &self.0.standard
    }

    /// The edition of the taxonomy in which it appeared, or under which a local one was added.
    async fn edition(&self) -> &str {
        &self.0.edition
    }

    /// First day on which it may be used.
    async fn valid_from(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.valid_from))
    }

    /// Last day on which it may be used; null unless it is retired. Retired categories stay.
    async fn valid_to(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.valid_to.as_deref())
    }

    /// The code of the one to use in the place of a retired one.
    async fn successor_code(&self) -> Option<&str> {
        self.0.successor.as_deref()
    }

    /// The organization that added it, for a local one.
    async fn organization_id(&self) -> Option<ID> {
        self.0.organization_id.map(|key| id(Kind::Organization, key))
    }

    /// The program whose partners share it, for a local one of a program.
    async fn program_id(&self) -> Option<ID> {
        self.0.program_id.map(|key| id(Kind::Program, key))
    }

    /// The version, for changing a local one.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// The categories that the asker may use.
///
/// # Errors
/// BAD_USER_INPUT for a code with a null sign; a fault of ours, masked.
pub async fn categories(
    ctx: &Context<'_>,
    within: Option<String>,
    with_groups: bool,
    with_retired: bool,
) -> async_graphql::Result<Vec<Category>> {
    if within.as_ref().is_some_and(|code| code.contains('\0')) {
        return Err(bad_input("A category's code has no null signs."));
    }
    let not_ended_before = (!with_retired).then(|| ctx.app().today());
    let filter = TermFilter { within, with_groups, not_ended_before, only_standard: false };
    let found = browse::categories(ctx.app(), &ctx.sight(), &filter).await.map_err(|fault| ctx.broke(&fault))?;
    Ok(found.into_iter().map(Category).collect())
}
