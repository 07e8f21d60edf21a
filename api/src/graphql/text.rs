//! Texts of the directory in the language asked for.

use crate::domain::language_tag::in_tag;
use crate::domain::organization::Translations;
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::scalar::LanguageTag;
use async_graphql::{Context, SimpleObject};

/// A name in one language.
#[derive(Debug, Clone, SimpleObject)]
pub struct LocalizedName {
    /// The language.
    pub language: LanguageTag,
    /// The name in it.
    pub name: String,
}

/// The tag asked for by an argument, or else the request's language.
#[must_use]
pub fn wanted(ctx: &Context<'_>, language: Option<LanguageTag>) -> String {
    language.map_or_else(|| ctx.language().tag().to_owned(), |tag| tag.0)
}

/// The name in the language asked for, or the base name.
#[must_use]
pub fn named(ctx: &Context<'_>, language: Option<LanguageTag>, base: &str, names: &Translations) -> String {
    in_tag(names, &wanted(ctx, language)).map_or_else(|| base.to_owned(), |(_, name)| name.clone())
}

/// All names.
#[must_use]
pub fn localized(names: &Translations) -> Vec<LocalizedName> {
    names.iter().map(|(tag, name)| LocalizedName { language: LanguageTag(tag.clone()), name: name.clone() }).collect()
}

/// A text to search by: trimmed, and nothing when blank.
///
/// # Errors
/// BAD_USER_INPUT for one of more than 200 characters or with a null sign.
pub fn search_text(text: Option<String>) -> async_graphql::Result<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > 200 || text.contains('\0') {
        return Err(bad_input("A text to search by has at most 200 characters and no null signs."));
    }
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
