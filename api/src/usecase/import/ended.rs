//! What an organization's import came to.

use crate::domain::import_run::Difference;
use crate::usecase::import::plan::Plan;
use crate::usecase::import::report::{Count, Counts};

/// What an organization came to.
#[derive(Debug, Default)]
pub(super) struct Ended {
    pub(super) organizations: Count,
    pub(super) services: Count,
    pub(super) places: Count,
    /// What would be done; of a dry run only.
    pub(super) differences: Vec<Difference>,
}

impl Ended {
    /// Everything stands as it is wanted.
    pub(super) fn untouched(plan: &Plan) -> Self {
        let unchanged = |unchanged| Count { unchanged, ..Count::default() };
        Self {
            organizations: unchanged(1),
            services: unchanged(plan.services.len()),
            places: unchanged(plan.places()),
            differences: Vec::new(),
        }
    }

    /// All of it waits for somebody to decide about its services.
    pub(super) fn held(plan: &Plan) -> Self {
        let refused = |refused| Count { refused, ..Count::default() };
        Self {
            organizations: refused(1),
            services: refused(plan.services.len()),
            places: refused(plan.places()),
            differences: Vec::new(),
        }
    }

    /// Adds it to the counts.
    pub(super) fn count(&self, counts: &mut Counts) {
        counts.organizations = self.organizations;
        counts.services = self.services;
        counts.places = self.places;
    }
}
