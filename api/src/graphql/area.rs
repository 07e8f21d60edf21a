//! Administrative areas in the schema.

use crate::app::App;
use crate::domain::area as domain;
use crate::domain::directory::AreaFilter as Filter;
use crate::domain::global_id::Kind;
use crate::domain::id::AreaId;
use crate::graphql::context::Here;
use crate::graphql::error::bad_input;
use crate::graphql::loader::Loaders;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::scalar::{self, Cursor, LanguageTag, LocalDate};
use crate::graphql::text::{LocalizedName, localized, named, search_text};
use crate::usecase::browse;
use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use std::sync::Arc;

/// An administrative area: a country, region, district or municipality.
#[derive(Debug, Clone)]
pub struct Area(pub Arc<domain::Area>);

impl Area {
    /// Wraps an area.
    #[must_use]
    pub fn of(area: domain::Area) -> Self {
        Self(Arc::new(area))
    }
}

connection!(AreaConnection, AreaEdge, Area, "administrative areas");

/// An administrative area: a country, region, district or municipality. Its code is opaque, and stays when it retires.
#[Object]
impl Area {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::Area, self.0.id)
    }

    /// ISO 3166-1 alpha-2 code of the country.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// 0 is the country; each level below adds one.
    async fn level(&self) -> i32 {
        self.0.level
    }

    /// The place code, unique within country, level and edition.
    async fn pcode(&self) -> &str {
        &self.0.pcode
    }

    /// The name in `language`, or in the request's language; the official name where there is none.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language of the name; the request's language when not given.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        named(ctx, language, &self.0.name, &self.0.names)
    }

    /// The names in all languages that are known.
    async fn names(&self) -> Vec<LocalizedName> {
        localized(&self.0.names)
    }

    /// The area right above; null for a country.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Area> {
        let parent = self.0.parent?;
        if let (Some(loaders), Some(app)) = (ctx.data_opt::<Loaders>(), ctx.data_opt::<Arc<App>>()) {
            let found = loaders.areas(app).load_one(parent).await;
            return ctx.nullable(found.map(|area| area.map(Area)).map_err(|fault| ctx.broke(&fault)));
        }
        let found = browse::areas_by_id(ctx.app(), &[parent]).await;
        ctx.found(found.map(|mut found| found.remove(&parent).map(Area::of)))
    }

    /// The areas right below, by name.
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<AreaConnection> {
        let filter = Filter { parent: Some(self.0.id), ..Filter::default() };
        areas_page(ctx, &filter, Slice { first, after, last, before }).await
    }

    /// First day on which the area exists, where known.
    async fn valid_from(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.valid_from.as_deref())
    }

    /// Last day on which the area exists, where it has ended.
    async fn valid_to(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.valid_to.as_deref())
    }
}

/// A page of areas.
///
/// # Errors
/// What is wrong with the window; a fault of ours, masked.
pub async fn areas_page(ctx: &Context<'_>, filter: &Filter, slice: Slice) -> async_graphql::Result<AreaConnection> {
    let window = slice.window(ctx)?;
    let page = browse::areas(ctx.app(), filter, &window).await.map_err(|fault| ctx.broke(&fault))?;
    Ok(AreaConnection::of(page, Area::of))
}

/// How to name one area.
#[derive(Debug, Clone, OneofObject)]
pub enum AreaBy {
    /// By its global identifier.
    Id(ID),
    /// By its place code.
    Code(AreaCode),
}

/// A place code with what makes it unique. Of several editions, the one that is valid today is meant.
#[derive(Debug, Clone, InputObject)]
pub struct AreaCode {
    /// ISO 3166-1 alpha-2 code of the country.
    country: String,
    /// 0 is the country; each level below adds one.
    level: i32,
    /// The place code.
    pcode: String,
}

/// The area named; nothing for an unknown one.
pub async fn area_by(ctx: &Context<'_>, by: AreaBy) -> Option<Area> {
    let found = match by {
        AreaBy::Id(id) => {
            let key = AreaId::from(scalar::key(Kind::Area, &id)?);
            browse::areas_by_id(ctx.app(), &[key]).await.map(|mut found| found.remove(&key))
        }
        AreaBy::Code(AreaCode { country, pcode, .. }) if country.contains('\0') || pcode.contains('\0') => Ok(None),
        AreaBy::Code(AreaCode { country, level, pcode }) => {
            browse::area_by_code(ctx.app(), &country, level, &pcode).await
        }
    };
    ctx.found(found).map(Area::of)
}

/// Which areas are asked for. What is not given does not limit; all that is given must hold.
#[derive(Debug, Clone, Default, InputObject)]
pub struct AreaFilter {
    /// ISO 3166-1 alpha-2 code of the country.
    country: Option<String>,
    /// 0 is the country; each level below adds one.
    level: Option<i32>,
    /// Only areas right below this one.
    parent_id: Option<ID>,
    /// Only this area and all below it, whatever the level.
    within_id: Option<ID>,
    /// A part of a name in any language, or a whole place code. At most 200 characters.
    text: Option<String>,
}

impl AreaFilter {
    /// The filter as the directory understands it.
    ///
    /// # Errors
    /// BAD_USER_INPUT for an identifier of another kind or a text that is too long.
    pub fn checked(self) -> async_graphql::Result<Filter> {
        Ok(Filter {
            country: search_text(self.country)?,
            level: self.level,
            parent: self.parent_id.map(|id| area_key(&id)).transpose()?,
            within: self.within_id.map(|id| area_key(&id)).transpose()?,
            text: search_text(self.text)?,
        })
    }
}

/// The key of an area.
///
/// # Errors
/// BAD_USER_INPUT for an identifier of another kind.
pub fn area_key(id: &ID) -> async_graphql::Result<AreaId> {
    let key = scalar::key(Kind::Area, id).ok_or_else(|| bad_input("This is not an area's identifier."))?;
    Ok(key.into())
}
