//! How the directory is searched, and what an organization is told.

use crate::domain::actor::MemberRole;
use crate::domain::area::Area;
use crate::domain::case::Sex;
use crate::domain::code::codes;
use crate::domain::id::{AreaId, MemberId, NotificationId, OrganizationId};
use crate::domain::organization::{Organization, OrganizationKind};
use crate::domain::schedule::OpenMoment;
use crate::domain::service::{Category, CostKind, Dimension, Level, ReturnType, ServiceStatus};
use crate::domain::sphere::Near;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most that somebody can pay.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxCost {
    /// Not below zero.
    pub amount: f64,
    /// ISO 4217.
    pub currency: String,
    /// The day on which the price has to hold, ISO 8601.
    pub on: String,
}

/// By what day a confirmation of an entry is fresh. A program may ask for it more often than the server does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FreshOn {
    /// The day on which somebody asks, ISO 8601.
    pub today: String,
    /// The first day whose confirmations still count where no program says otherwise, ISO 8601.
    pub since: String,
}

/// By what services are ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceOrder {
    /// By the folded name.
    Name { descending: bool },
    /// By when they were published.
    PublishedAt { descending: bool },
    /// By how well they answer the text, or by how new they are without one. What takes nobody or was not confirmed
    /// in time comes last.
    Relevance { descending: bool, fresh: FreshOn },
    /// By how far their nearest place is from the point asked for.
    Distance { descending: bool },
    /// By how many places are free; those that do not state it count as less than none.
    OpenPlaces { descending: bool },
}

impl ServiceOrder {
    /// Whether large comes first.
    #[must_use]
    pub fn descending(&self) -> bool {
        match self {
            Self::Name { descending }
            | Self::PublishedAt { descending }
            | Self::Relevance { descending, .. }
            | Self::Distance { descending }
            | Self::OpenPlaces { descending } => *descending,
        }
    }

    /// A letter for each order that a cursor of it begins with, so that a cursor of another list is known. Names and
    /// instants, which came first, have none.
    #[must_use]
    pub fn mark(&self) -> &'static str {
        match self {
            Self::Name { .. } | Self::PublishedAt { .. } => "",
            Self::Relevance { .. } => "R",
            Self::Distance { .. } => "D",
            Self::OpenPlaces { .. } => "P",
        }
    }
}

/// What is known of a person for whom services are looked for. What is not known excludes nothing, and nothing of it is
/// kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seeker {
    /// Completed years, 0 to 120.
    pub age: Option<i32>,
    pub sex: Option<Sex>,
    pub return_type: Option<ReturnType>,
    /// Whether they returned from abroad.
    pub is_returnee: Option<bool>,
}

/// Which services are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct ServiceFilter {
    pub category: Vec<String>,
    pub dimension: Vec<Dimension>,
    pub level: Vec<Level>,
    /// In this area or one below it.
    pub area: Option<AreaId>,
    pub organization: Option<OrganizationId>,
    pub organization_kind: Vec<OrganizationKind>,
    pub text: Option<String>,
    pub language: Vec<String>,
    pub status: Vec<ServiceStatus>,
    /// Only those that take referrals today: published, classified, open, funded and confirmed in time.
    pub open_on: Option<FreshOn>,
    /// Only those that do not take referrals today, by the same measure.
    pub closed_on: Option<FreshOn>,
    /// Only those without a category, or only those with one.
    pub unclassified: Option<bool>,
    /// The day on which the category is retired without the service having followed; `true` for only those, `false` for only
    /// the others.
    pub retired_on: Option<(String, bool)>,
    /// In these categories or below these branches of the taxonomy.
    pub category_within: Vec<String>,
    /// Given within so many kilometers of a point.
    pub near: Option<Near>,
    /// To which this person may come, as far as the conditions say.
    pub person: Option<Seeker>,
    pub cost: Vec<CostKind>,
    /// Only those that cost nothing, or of which a price is known that is not above this.
    pub max_cost: Option<MaxCost>,
    /// Whether places are free: only those that state some, or only those that state none to be left.
    pub has_open_places: Option<bool>,
    /// Only those that need none of these documents, folded.
    pub documents_missing: Vec<String>,
    /// Only those that need no other documents than these, folded.
    pub documents_at_hand: Option<Vec<String>>,
    /// Only those that are open at this moment.
    pub open: Option<OpenMoment>,
}

impl ServiceFilter {
    /// Whether few services are left by what is looked up first, so that the rest is asked of each of them.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.text.is_some() || self.near.is_some()
    }
}

/// Which areas are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct AreaFilter {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// 0 is the country.
    pub level: Option<i32>,
    /// Right below this area.
    pub parent: Option<AreaId>,
    /// This area and all below it.
    pub within: Option<AreaId>,
    /// A part of a name, or a whole P-code.
    pub text: Option<String>,
}

/// Which organizations are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct OrganizationFilter {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Of any of these kinds.
    pub kind: Vec<OrganizationKind>,
}

/// Something an organization is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    /// The mutation or clock that caused it, such as `sendReferral`.
    pub kind: String,
    /// The kind of thing it is about, as a global identifier names it.
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// UTC microseconds.
    pub at: i64,
    /// Only those of the organization with this role are told.
    pub role: Option<MemberRole>,
    /// The member who works on it.
    pub member_id: Option<MemberId>,
    /// Whether the next step is the organization's.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub must_act: bool,
    /// When somebody of the organization marked it as read, UTC microseconds.
    pub read_at: Option<i64>,
}

/// Which notifications are asked for; what is not said does not limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotificationFilter {
    /// Those whose next step is still to be done by the organization, or the others.
    pub must_act: Option<bool>,
    /// Those not yet marked as read, or the others.
    pub unread: Option<bool>,
}

codes! {
    /// By what the services of a search are counted.
    pub enum Facet {
        /// All of them.
        All = "ALL",
        /// Those that take referrals today.
        Open = "OPEN",
        /// By category.
        Category = "CATEGORY",
        /// By dimension of reintegration.
        Dimension = "DIMENSION",
        /// By level.
        Level = "LEVEL",
        /// By area that they reach.
        Area = "AREA",
        /// By language spoken.
        Language = "LANGUAGE",
        /// By organization that gives them.
        Organization = "ORGANIZATION",
    }
}

/// How the services of a search are spread: values with their counts, the most frequent first.
#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// How many services were counted.
    pub all: i64,
    /// Whether these are all that are found.
    pub is_complete: bool,
    pub open: i64,
    pub categories: Vec<(Category, i64)>,
    pub dimensions: Vec<(Dimension, i64)>,
    pub levels: Vec<(Level, i64)>,
    pub areas: Vec<(Area, i64)>,
    pub languages: Vec<(String, i64)>,
    pub organizations: Vec<(Organization, i64)>,
}

impl Facets {
    /// Puts the most frequent values first, and those that are as frequent in the order of their names.
    pub fn sort(&mut self) {
        fn sort<T, K: Ord>(values: &mut [(T, i64)], key: impl Fn(&T) -> K) {
            values.sort_by_key(|(value, count)| (-count, key(value)));
        }
        sort(&mut self.categories, |category| category.code.clone());
        sort(&mut self.dimensions, |dimension| *dimension);
        sort(&mut self.levels, |level| *level);
        sort(&mut self.areas, |area| (area.level, area.name.clone(), area.id));
        sort(&mut self.languages, String::clone);
        sort(&mut self.organizations, |organization| (organization.name.clone(), organization.id));
    }
}
