//! The order of a document's fragments: each after those it spreads.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use crate::http::code::Code;
use crate::http::refusal::Refusal;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

/// The names of the fragments in an order in which each comes after all it spreads, so that
/// whatever is summed over them needs one look at each.
///
/// # Errors
/// `VALIDATION_FAILED` for a fragment that spreads itself or that no operation uses.
pub fn order(document: &ExecutableDocument) -> Result<Vec<&str>, Refusal> {
    let mut spreads = HashMap::new();
    for (name, fragment) in &document.fragments {
        let mut below = Vec::new();
        collect(&fragment.node.selection_set.node, &mut below);
        spreads.insert(name.as_str(), below);
    }
    let mut visit = Visit { spreads: &spreads, marks: HashMap::new(), order: Vec::new() };
    for (_, operation) in document.operations.iter() {
        let mut below = Vec::new();
        collect(&operation.node.selection_set.node, &mut below);
        for name in below {
            visit.fragment(name)?;
        }
    }
    let order = visit.order;
    if order.len() < document.fragments.len() {
        let unused = document.fragments.iter().find(|(name, _)| !order.contains(&name.as_str()));
        let refusal = Refusal::new(Code::ValidationFailed, "A fragment of the document is never used.");
        return Err(match unused {
            Some((_, fragment)) => refusal.at(fragment.pos),
            None => refusal,
        });
    }
    Ok(order)
}

/// Every spread below a selection set, without following any. Recursion is as deep as the
/// brackets of the text, which the scan has bounded.
fn collect<'a>(set: &'a SelectionSet, into: &mut Vec<&'a str>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => collect(&field.node.selection_set.node, into),
            Selection::InlineFragment(inline) => collect(&inline.node.selection_set.node, into),
            Selection::FragmentSpread(spread) => into.push(&spread.node.fragment_name.node),
        }
    }
}

struct Visit<'a, 'b> {
    spreads: &'b HashMap<&'a str, Vec<&'a str>>,
    marks: HashMap<&'a str, Mark>,
    order: Vec<&'a str>,
}

impl<'a> Visit<'a, '_> {
    /// Recursion is as deep as the number of fragments, which was bounded before.
    fn fragment(&mut self, name: &'a str) -> Result<(), Refusal> {
        match self.marks.get(name) {
            Some(Mark::Done) => return Ok(()),
            Some(Mark::Open) => {
                return Err(Refusal::new(Code::ValidationFailed, "A fragment of the document spreads itself."));
            }
            None => {}
        }
        // A spread of no fragment is left to validation, which tells its place.
        let Some(below) = self.spreads.get(name) else { return Ok(()) };
        self.marks.insert(name, Mark::Open);
        for next in below {
            self.fragment(next)?;
        }
        self.marks.insert(name, Mark::Done);
        self.order.push(name);
        Ok(())
    }
}
