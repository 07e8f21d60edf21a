//! How large a document is once its fragments are written out, without writing them out.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};

/// The measures of one selection set with its fragments written out. Sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Fields, `__typename` included.
    pub fields: u64,
    /// Levels of fields.
    pub depth: u64,
    /// Aliases.
    pub aliases: u64,
    /// Fields of the top level only.
    pub roots: u64,
}

impl Totals {
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            aliases: self.aliases.saturating_add(other.aliases),
            roots: self.roots.saturating_add(other.roots),
        }
    }

    fn below_a_field(self, aliased: bool) -> Self {
        Self {
            fields: self.fields.saturating_add(1),
            depth: self.depth + 1,
            aliases: self.aliases.saturating_add(u64::from(aliased)),
            roots: 1,
        }
    }
}

/// Measures selection sets; each fragment is looked at once.
pub struct Measure<'a> {
    known: HashMap<&'a str, Totals>,
    /// Directives written in what was measured; not multiplied by spreads.
    pub directives: usize,
    /// Selections looked at.
    pub steps: usize,
}

impl<'a> Measure<'a> {
    /// Measures the fragments in an order where each comes after those it spreads.
    #[must_use]
    pub fn fragments(document: &'a ExecutableDocument, order: &[&'a str]) -> Self {
        let mut measure = Self { known: HashMap::new(), directives: 0, steps: 0 };
        for name in order {
            if let Some(fragment) = document.fragments.get(*name) {
                measure.directives += fragment.node.directives.len();
                let totals = measure.set(&fragment.node.selection_set.node);
                measure.known.insert(name, totals);
            }
        }
        measure
    }

    /// Measures one operation.
    pub fn operation(&mut self, operation: &OperationDefinition) -> Totals {
        self.directives += operation.directives.len();
        for variable in &operation.variable_definitions {
            self.directives += variable.node.directives.len();
        }
        self.set(&operation.selection_set.node)
    }

    fn set(&mut self, set: &SelectionSet) -> Totals {
        let mut sum = Totals::default();
        for item in &set.items {
            self.steps += 1;
            self.directives += item.node.directives().len();
            let one = match &item.node {
                Selection::Field(field) => {
                    self.set(&field.node.selection_set.node).below_a_field(field.node.alias.is_some())
                }
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    self.known.get(spread.node.fragment_name.node.as_str()).copied().unwrap_or_default()
                }
            };
            sum = sum.beside(one);
        }
        sum
    }
}

/// The top-level fields of a selection set with fragments written out, as (response key, name).
/// Only for sets whose `roots` were measured to be few: then this is short, because every
/// spread leads to at least one of them.
pub fn root_fields<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, into: &mut Vec<(&'a str, &'a str)>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                into.push((&field.node.response_key().node, &field.node.name.node));
            }
            Selection::InlineFragment(inline) => {
                root_fields(document, &inline.node.selection_set.node, into);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    root_fields(document, &fragment.node.selection_set.node, into);
                }
            }
        }
    }
}
