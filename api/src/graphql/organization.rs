//! Organizations in the schema.

use crate::domain::directory::{OrganizationFilter as Filter, ServiceFilter as Services, ServiceOrder as Order};
use crate::domain::global_id::Kind;
use crate::domain::organization::{self as domain, OrganizationKind};
use crate::domain::page::MOST_COUNTED;
use crate::graphql::context::Here;
use crate::graphql::input::distinct;
use crate::graphql::listing::OrganizationIdentifier;
use crate::graphql::paging::{Slice, connection};
use crate::graphql::scalar::{self, Cursor, DateTime, LanguageTag, Uri};
use crate::graphql::service_page::{ServiceConnection, services_page};
use crate::graphql::text::{LocalizedName, localized, named, search_text};
use crate::graphql::webhook::{WebhookEndpoint, WebhookEndpointConnection, webhook_endpoint, webhook_endpoints};
use async_graphql::{Context, ID, InputObject, Object};
use std::sync::Arc;

/// An organization that takes part.
#[derive(Debug, Clone)]
pub struct Organization(pub Arc<domain::Organization>);

impl Organization {
    /// Wraps an organization.
    #[must_use]
    pub fn of(organization: domain::Organization) -> Self {
        Self(Arc::new(organization))
    }

    /// Whether the asker is told more than its names and what it is.
    fn is_told(&self, ctx: &Context<'_>) -> bool {
        let asks = ctx.actor().standing().map(|standing| standing.organization);
        asks == Some(self.0.id) || !self.0.is_discreet()
    }
}

connection!(OrganizationConnection, OrganizationEdge, Organization, "organizations");

/// An organization that takes part: a provider, an authority, an implementing partner or a donor. All of it is public,
/// but for an organization that gives no public service, or whose own words say that those who come to it are in danger:
/// of that, all others are told its names and what it is, and nothing else.
#[Object]
impl Organization {
    /// The global identifier.
    pub async fn id(&self) -> ID {
        scalar::id(Kind::Organization, self.0.id)
    }

    /// Rises by one with each change.
    pub async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was entered.
    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    pub async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
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

    /// What the organization does; empty where it is not said, or not told to you.
    async fn description(&self, ctx: &Context<'_>) -> &str {
        if self.is_told(ctx) { self.0.description.as_str() } else { "" }
    }

    /// ISO 3166-1 alpha-2 code of its country.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// What it is; it may be several things.
    async fn kinds(&self) -> &[OrganizationKind] {
        &self.0.kinds
    }

    /// Its web page. Null where it has none, or where it is not told to you.
    async fn website(&self, ctx: &Context<'_>) -> Option<Uri> {
        self.0.website.clone().filter(|_| self.is_told(ctx)).map(Uri)
    }

    /// Another name, often the short form; empty where there is none.
    async fn alternate_name(&self) -> &str {
        &self.0.alternate_name
    }

    /// Under which numbers others know it; none where they are not told to you.
    async fn identifiers(&self, ctx: &Context<'_>) -> Vec<OrganizationIdentifier> {
        self.0.identifiers.iter().filter(|_| self.is_told(ctx)).map(Into::into).collect()
    }

    /// The services it gives that you may see, the newest first.
    async fn services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<ServiceConnection> {
        let filter = Services { organization: Some(self.0.id), ..Services::default() };
        let order = Order::PublishedAt { descending: true };
        services_page(ctx, &filter, order, Slice { first, after, last, before }, MOST_COUNTED).await
    }

    /// Where it is told of changes, the oldest first; empty for everybody but those who manage its webhooks.
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<Cursor>,
    ) -> async_graphql::Result<WebhookEndpointConnection> {
        webhook_endpoints(ctx, self.0.id, Slice { first, after, last, before }).await
    }

    /// One place where it is told of changes; null for everybody but those who manage its webhooks.
    async fn webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endpoint's public identifier.")] id: ID,
    ) -> Option<WebhookEndpoint> {
        webhook_endpoint(ctx, self.0.id, &id).await
    }
}

/// Which organizations are asked for. What is not given does not limit; all that is given must hold.
#[derive(Debug, Clone, Default, InputObject)]
pub struct OrganizationFilter {
    /// ISO 3166-1 alpha-2 code of the country.
    country: Option<String>,
    /// Of any of these kinds.
    kind: Option<Vec<OrganizationKind>>,
}

impl OrganizationFilter {
    /// The filter as the directory understands it.
    ///
    /// # Errors
    /// BAD_USER_INPUT for a country that is no text of a code.
    pub fn checked(self) -> async_graphql::Result<Filter> {
        Ok(Filter { country: search_text(self.country)?, kind: distinct(self.kind) })
    }
}
