//! Categories in the schema.

use crate::domain::service::{self as domain, Dimension, Level};
use crate::graphql::scalar::LanguageTag;
use crate::graphql::text::{LocalizedName, localized, named};
use async_graphql::{Context, Object};

/// A category of the taxonomy of services and needs.
#[derive(Debug, Clone)]
pub struct Category(pub domain::Category);

/// A category of the taxonomy of services and needs.
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
}
