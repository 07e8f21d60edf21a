//! The cost of an operation, computed before it runs.
//!
//! An object costs 1, a connection 1 plus its page size times the cost of one node, another
//! list ten times one item, a mutation 10 plus what it returns, each row of a batch 5 more, a text
//! that may be long 1 under an alias, another scalar nothing: the weights of [`crate::graphql::cost`]. The page size
//! is the one asked for, also through a variable. Introspection has a price of its own.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::parser::{Pos, Positioned};
use async_graphql::{Name, Value, Variables};

use super::shape::{FieldShape, Shape, TypeShape};
use crate::graphql::cost;
use crate::http::code::Code;
use crate::http::limits::Limits;
use crate::http::refusal::Refusal;

/// A cost that may still wait for the page size of the connection it stands in:
/// `fixed + page × each`. So a fragment on a connection needs one look, whatever the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linear {
    /// What does not depend on the page.
    pub fixed: u64,
    /// What each item of the page costs.
    pub each: u64,
    /// The separate price of introspection below.
    pub introspection: u64,
}

impl Linear {
    fn plus(self, other: Self) -> Self {
        Self {
            fixed: self.fixed.saturating_add(other.fixed),
            each: self.each.saturating_add(other.each),
            introspection: self.introspection.saturating_add(other.introspection),
        }
    }

    /// The cost with the page size put in.
    pub fn close(self, page: u64) -> u64 {
        self.fixed.saturating_add(self.each.saturating_mul(page))
    }
}

/// How often what is below a field is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Once.
    One,
    /// A connection of this page size.
    Page(u64),
    /// A list of this many items.
    List(u64),
    /// Once for each item of the page of the connection it stands in.
    Items,
}

/// Prices the selection sets of one operation of a document.
pub struct Pricer<'a> {
    /// The schema.
    pub shape: &'a Shape,
    limits: &'a Limits,
    /// The document, for its fragments.
    pub document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    known: HashMap<&'a str, Linear>,
}

impl<'a> Pricer<'a> {
    /// Prices the fragments first, each once.
    ///
    /// # Errors
    /// `PAGE_SIZE` when a page of more than the limit is asked for.
    pub fn new(
        shape: &'a Shape,
        limits: &'a Limits,
        document: &'a ExecutableDocument,
        order: &'a [String],
        operation: &'a OperationDefinition,
        variables: &'a Variables,
    ) -> Result<Self, Refusal> {
        let known = HashMap::new();
        let mut pricer = Self { shape, limits, document, operation, variables, known };
        for name in order {
            if let Some(fragment) = document.fragments.get(name.as_str()) {
                let on = shape.get(&fragment.node.type_condition.node.on.node);
                let cost = pricer.set(&fragment.node.selection_set.node, on)?;
                pricer.known.insert(name, cost);
            }
        }
        Ok(pricer)
    }

    /// The root type of the operation.
    pub fn root(&self) -> Option<&'a TypeShape> {
        match self.operation.ty {
            OperationType::Query => self.shape.get(self.shape.query()),
            OperationType::Mutation => self.shape.get(self.shape.mutation()?),
            OperationType::Subscription => self.shape.get(self.shape.subscription()?),
        }
    }

    /// The cost of a selection set on a type; nothing where the type is unknown, because then
    /// validation refuses the document.
    ///
    /// # Errors
    /// `PAGE_SIZE`.
    pub fn set(&self, set: &SelectionSet, on: Option<&TypeShape>) -> Result<Linear, Refusal> {
        let mut sum = Linear::default();
        for item in &set.items {
            let cost = match &item.node {
                Selection::Field(field) => self.field(field, on)?,
                Selection::FragmentSpread(spread) => {
                    self.known.get(spread.node.fragment_name.node.as_str()).copied().unwrap_or_default()
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = match condition {
                        Some(condition) => self.shape.get(&condition.node.on.node),
                        None => on,
                    };
                    self.set(&inline.node.selection_set.node, on)?
                }
            };
            sum = sum.plus(cost);
        }
        Ok(sum)
    }

    /// The cost of one field on a type.
    ///
    /// # Errors
    /// `PAGE_SIZE`.
    pub fn field(&self, field: &Positioned<Field>, on: Option<&TypeShape>) -> Result<Linear, Refusal> {
        let name = field.node.name.node.as_str();
        if let Some(of) = match name {
            "__schema" => Some("__Schema"),
            "__type" => Some("__Type"),
            _ => None,
        } {
            let below = self.set(&field.node.selection_set.node, self.shape.get(of))?;
            return Ok(Linear {
                fixed: Limits::INTROSPECTION_COST,
                each: 0,
                introspection: below.fixed.saturating_add(1),
            });
        }
        let Some((on, shape)) = on.and_then(|on| Some((on, on.fields.get(name)?))) else {
            return Ok(Linear::default());
        };
        let size = self.size(field, on, shape)?;
        let Some(of) = self.shape.get(&shape.of) else {
            // One of it goes with its object; each further copy needs an alias.
            let is_copy = shape.long_text && field.node.alias.is_some();
            let fixed = if is_copy { cost::LONG_TEXT } else { 0 };
            return Ok(Linear { fixed, ..Linear::default() });
        };
        let below = self.set(&field.node.selection_set.node, Some(of))?;
        let own = if self.is_mutation(on) {
            Limits::MUTATION_COST.saturating_add(cost::ROW.saturating_mul(self.rows(field)))
        } else {
            1
        };
        Ok(joined(name, size, below, own))
    }

    /// How many things one by one a mutation is asked to do.
    fn rows(&self, field: &Positioned<Field>) -> u64 {
        let Some((_, Value::Object(input))) = self.argument(field, "input") else { return 0 };
        let list = cost::BATCHES.iter().find_map(|name| match input.get(*name) {
            Some(Value::List(rows)) => Some(rows.len() as u64),
            _ => None,
        });
        list.unwrap_or(0)
    }

    fn is_mutation(&self, on: &TypeShape) -> bool {
        self.operation.ty == OperationType::Mutation && self.root().is_some_and(|root| std::ptr::eq(root, on))
    }

    /// How often what is below the field is resolved.
    ///
    /// # Errors
    /// `PAGE_SIZE`.
    pub fn size(&self, field: &Positioned<Field>, on: &TypeShape, shape: &FieldShape) -> Result<Size, Refusal> {
        let name = field.node.name.node.as_str();
        let page = self.page(field, shape)?;
        let of = self.shape.get(&shape.of);
        let is_item = on.connection && (name == "nodes" || name == "edges") || on.batch && name == cost::RESULTS;
        Ok(if is_item && shape.list {
            Size::Items
        } else if of.is_some_and(|of| of.batch) {
            Size::Page(self.rows(field))
        } else if of.is_some_and(|of| of.connection) {
            Size::Page(page.unwrap_or(Limits::DEFAULT_PAGE))
        } else if shape.list {
            let ids = if shape.ids { self.ids(field)? } else { None };
            Size::List(ids.or(page).unwrap_or(Limits::ASSUMED_LIST))
        } else {
            Size::One
        })
    }

    fn page(&self, field: &Positioned<Field>, shape: &FieldShape) -> Result<Option<u64>, Refusal> {
        if !shape.paged {
            return Ok(None);
        }
        let mut page = None;
        for name in ["first", "last"] {
            let Some((pos, Value::Number(number))) = self.argument(field, name) else { continue };
            // A negative number is refused where it is used; here it counts as none.
            let asked = number.as_u64().or_else(|| number.as_f64().map(|float| float as u64));
            let asked = asked.unwrap_or(0);
            if asked > self.limits.page as u64 {
                return Err(self.page_size(pos));
            }
            page = page.max(Some(asked));
        }
        Ok(page.or(Some(shape.default_page)))
    }

    fn ids(&self, field: &Positioned<Field>) -> Result<Option<u64>, Refusal> {
        let Some((pos, Value::List(ids))) = self.argument(field, "ids") else { return Ok(None) };
        if ids.len() > self.limits.page {
            return Err(self.page_size(pos));
        }
        Ok(Some(ids.len() as u64))
    }

    /// The value of an argument: as written, from the variables, or the variable's default.
    fn argument(&self, field: &Positioned<Field>, name: &str) -> Option<(Pos, Value)> {
        let argument = field.node.get_argument(name)?;
        let value = argument.node.clone().into_const_with(|name| self.variable(&name).ok_or(()));
        value.ok().map(|value| (argument.pos, value))
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let given = self.variables.get(name).cloned();
        given.or_else(|| {
            let definitions = &self.operation.variable_definitions;
            let definition = definitions.iter().find(|each| each.node.name.node == *name)?;
            definition.node.default_value().cloned()
        })
    }

    fn page_size(&self, pos: Pos) -> Refusal {
        let limit = self.limits.page;
        Refusal::new(Code::PageSize, format!("A page has at most {limit} items.")).at(pos).with("limit", limit.into())
    }
}

/// The cost of a field from what is below it.
fn joined(name: &str, size: Size, below: Linear, own: u64) -> Linear {
    let introspection = below.introspection;
    let (fixed, each) = match size {
        Size::Page(page) => (own.saturating_add(below.close(page)), 0),
        Size::One => (own.saturating_add(below.close(1)), 0),
        Size::List(items) => (items.saturating_mul(below.close(1).saturating_add(own)), 0),
        // An edge is a wrapper: the node in it is what costs.
        Size::Items => (0, below.close(1).saturating_add(u64::from(name != "edges"))),
    };
    Linear { fixed, each, introspection }
}
