//! Where a refused operation's cost comes from, for the developer who must make it cheaper.

use std::collections::HashSet;

use async_graphql::Positioned;
use async_graphql::parser::types::{Field, OperationDefinition, Selection, SelectionSet};

use super::cost::{Pricer, Size};
use super::shape::TypeShape;
use crate::http::refusal::Refusal;

/// How many paths are told.
const TOLD: usize = 3;

/// The costliest lists and connections of an operation, with the cost of each and all below it,
/// the highest first. Paths are made of the schema's field names only.
///
/// # Errors
/// `PAGE_SIZE`, as the pricing itself.
pub fn costliest(pricer: &Pricer<'_>, operation: &OperationDefinition) -> Result<Vec<(String, u64)>, Refusal> {
    let mut search = Search { pricer, path: Vec::new(), entered: HashSet::new(), found: Vec::new() };
    search.set(&operation.selection_set.node, pricer.root(), Place { times: 1, page: 1 })?;
    let mut found = search.found;
    found.sort_by(|(path, cost), (other, than)| than.cmp(cost).then_with(|| path.cmp(other)));
    found.truncate(TOLD);
    Ok(found)
}

/// How often a selection set is resolved, and the page of the connection it is on.
#[derive(Clone, Copy)]
struct Place {
    times: u64,
    page: u64,
}

struct Search<'a, 'b> {
    pricer: &'b Pricer<'a>,
    path: Vec<String>,
    entered: HashSet<String>,
    found: Vec<(String, u64)>,
}

impl Search<'_, '_> {
    fn set(&mut self, set: &SelectionSet, on: Option<&TypeShape>, place: Place) -> Result<(), Refusal> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(field, on, place)?,
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = match condition {
                        Some(condition) => self.pricer.shape.get(&condition.node.on.node),
                        None => on,
                    };
                    self.set(&inline.node.selection_set.node, on, place)?;
                }
                Selection::FragmentSpread(spread) => {
                    // Each fragment is entered once, where it is met first: that is enough to
                    // show where the cost is, and keeps the search as short as the document.
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.pricer.document.fragments.get(name);
                    let Some(fragment) = fragment else { continue };
                    if self.entered.insert(name.to_string()) {
                        let on = self.pricer.shape.get(&fragment.node.type_condition.node.on.node);
                        self.set(&fragment.node.selection_set.node, on, place)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Positioned<Field>, on: Option<&TypeShape>, place: Place) -> Result<(), Refusal> {
        let name = field.node.name.node.as_str();
        let Some((on, shape)) = on.and_then(|on| Some((on, on.fields.get(name)?))) else {
            return Ok(());
        };
        let size = self.pricer.size(field, on, shape)?;
        self.path.push(name.to_owned());
        if matches!(size, Size::Page(_) | Size::List(_)) {
            let cost = self.pricer.field(field, Some(on))?.close(place.page);
            self.found.push((self.path.join("."), cost.saturating_mul(place.times)));
        }
        let below = match size {
            Size::One => Place { times: place.times, page: 1 },
            Size::Page(page) => Place { times: place.times, page },
            Size::List(items) => Place { times: place.times.saturating_mul(items), page: 1 },
            Size::Items => Place { times: place.times.saturating_mul(place.page), page: 1 },
        };
        self.set(&field.node.selection_set.node, self.pricer.shape.get(&shape.of), below)?;
        self.path.pop();
        Ok(())
    }
}
