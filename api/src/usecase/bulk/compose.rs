//! What reads the rows of an export. It answers what whoever started the job would be answered to a query at that moment,
//! so that an export can't show anything else than the API does.

use crate::domain::actor::Actor;
use crate::domain::bulk::BulkKind;
use crate::domain::rule::Fault;
use futures_util::future::BoxFuture;

/// Which rows are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub kind: BulkKind,
    /// The filter as JSON.
    pub asked: Option<&'a str>,
    /// Only what comes after this cursor.
    pub after: Option<&'a str>,
    /// How many, 100 at the most; with 0 they are counted.
    pub first: usize,
}

/// Rows, each as one line of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cut {
    pub lines: Vec<String>,
    /// The cursor of the last one.
    pub until: Option<String>,
    pub has_more: bool,
    /// How many there are, where they were counted.
    pub total: Option<i64>,
}

/// Why there are no rows.
#[derive(Debug)]
pub enum NoCut {
    /// The filter does not fit.
    Filter,
    /// Our fault, or the database is away.
    Fault(Fault),
}

/// What reads rows for somebody.
pub trait Reader: Send + Sync {
    /// Reads rows as `actor` can see them now; what it shows of persons is written down under `request`.
    ///
    /// # Errors
    /// See [`NoCut`].
    fn cut<'a>(&'a self, actor: &'a Actor, request: &'a str, wanted: Wanted<'a>) -> BoxFuture<'a, Result<Cut, NoCut>>;
}
