//! Programs in the schema.

use crate::domain::global_id::Kind;
use crate::domain::organization as domain;
use crate::graphql::area::Area;
use crate::graphql::clock_input::ProgramLimits;
use crate::graphql::organization::Organization;
use crate::graphql::scalar::{self, LanguageTag};
use crate::graphql::text::{LocalizedName, localized, named};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;

/// A program under which cases are opened and services are given.
#[derive(Debug, Clone)]
pub struct Program(pub Arc<domain::Program>);

/// A program under which cases are opened and services are given. Seen by those who take part in it.
#[Object]
impl Program {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::Program, self.0.id)
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

    /// The names in all languages that are known, beside the official one.
    async fn names(&self) -> Vec<LocalizedName> {
        localized(&self.0.names)
    }

    /// The organization that leads it and coordinates its referrals.
    async fn lead(&self) -> Organization {
        Organization::of(self.0.lead.clone())
    }

    /// The organizations that work in it, by name.
    async fn members(&self) -> Vec<Organization> {
        self.0.members.iter().cloned().map(Organization::of).collect()
    }

    /// The organizations that pay for it, by name.
    async fn funders(&self) -> Vec<Organization> {
        self.0.funders.iter().cloned().map(Organization::of).collect()
    }

    /// The areas it covers, by name.
    async fn areas(&self) -> Vec<Area> {
        self.0.areas.iter().cloned().map(Area::of).collect()
    }

    /// How long each step of a referral may take in it.
    async fn limits(&self) -> ProgramLimits {
        ProgramLimits::of(self.0.limits.unwrap_or_default(), self.0.limits_version)
    }
}
