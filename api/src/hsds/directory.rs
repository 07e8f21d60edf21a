//! What is asked of the directory by the reference API of HSDS, and what comes back.

use crate::domain::language::Language;
use crate::domain::rule::Fault;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

/// The collections of the reference API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// `/services`.
    Services,
    /// `/organizations`.
    Organizations,
    /// `/service_at_locations`.
    ServiceAtLocations,
    /// `/taxonomies`.
    Taxonomies,
    /// `/taxonomy_terms`.
    TaxonomyTerms,
}

impl Collection {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Services, Self::Organizations, Self::ServiceAtLocations, Self::Taxonomies, Self::TaxonomyTerms];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Organizations => "organizations",
            Self::ServiceAtLocations => "service_at_locations",
            Self::Taxonomies => "taxonomies",
            Self::TaxonomyTerms => "taxonomy_terms",
        }
    }
}

/// How much of each object is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fullness {
    /// The key and the instant of the last change.
    Minimal,
    /// Its own properties and what there is one of, as lists hold it.
    #[default]
    Direct,
    /// All that is public about it.
    Full,
    /// The same, with the whole of an organization's services.
    FullService,
}

/// A circle on the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Degrees north of the equator, −90 to 90.
    pub latitude: f64,
    /// Degrees east of Greenwich, −180 to 180.
    pub longitude: f64,
    /// Radius in meters.
    pub meters: f64,
}

/// Which objects are asked for. What is not said does not limit; all that is said must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this one.
    pub id: Option<Uuid>,
    /// Words of which each must occur.
    pub search: Option<String>,
    /// With this term.
    pub taxonomy_term_id: Option<Uuid>,
    /// With any term of this taxonomy.
    pub taxonomy_id: Option<Uuid>,
    /// Given by this organization.
    pub organization_id: Option<Uuid>,
    /// Reaching any of these areas, or one below it; nothing does not limit.
    pub areas: Vec<Uuid>,
    /// Changed at this instant or later, UTC microseconds.
    pub modified_after: Option<i64>,
    /// Only terms without a parent, or only those with one.
    pub top_only: Option<bool>,
    /// Terms right below this one.
    pub parent_id: Option<Uuid>,
    /// At places of this postcode, or within `proximity` meters around their center.
    pub postcode: Option<String>,
    /// Radius in meters around the places of `postcode`.
    pub proximity: Option<f64>,
    /// Within a circle.
    pub near: Option<Near>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    pub collection: Collection,
    pub fullness: Fullness,
    pub filter: Filter,
    /// The language of the texts; their own where nobody asked for one.
    pub language: Option<Language>,
}

/// Which part of the answer is wanted; objects are ordered by their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// So many after leaving out so many, and the count of all.
    Page { skip: u64, size: u64 },
    /// So many after this key, without a count.
    After { key: Option<Uuid>, size: u64 },
}

impl Cut {
    /// The most objects that are wanted.
    #[must_use]
    pub fn size(self) -> u64 {
        match self {
            Self::Page { size, .. } | Self::After { size, .. } => size,
        }
    }
}

/// Objects in the order of their keys.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Each as JSON.
    pub objects: Vec<String>,
    /// The key of the last one.
    pub last: Option<Uuid>,
    /// How many there are in all, where that was asked for.
    pub total: u64,
    /// When the last of the changes of these objects was, UTC microseconds, where that is known.
    pub modified: Option<i64>,
}

/// The public directory as the reference API sees it: what everybody may see without a token, and nothing else.
pub trait Directory: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The objects that a question is about.
    ///
    /// # Errors
    /// What the engine refuses.
    fn list<'a>(&'a self, question: &'a Question, cut: Cut) -> BoxFuture<'a, Result<Found, Fault>>;
}
