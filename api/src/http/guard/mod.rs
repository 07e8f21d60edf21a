//! The document guard: what is decided about a document before the executor sees it.
//!
//! 1. [`scan`]: one pass over the bytes.
//! 2. The parser of `async_graphql`, safe now because size and nesting are bounded.
//! 3. [`fragments`], [`measure`]: one look at each fragment, however often it is spread.
//! 4. [`cost`]: the price of the one operation that will run, with its variables.
//!
//! Steps 1 to 3 depend on the text alone and are remembered by it.

mod cost;
mod costliest;
mod fragments;
mod measure;
mod remembered;
pub mod scan;
pub mod shape;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod naive;

use std::sync::Arc;

use async_graphql::Variables;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::parser::{self, Positioned};
use serde_json::json;

pub use self::measure::root_fields;
use self::remembered::Remembered;
use self::shape::{Shape, ShapeError};
use super::code::Code;
use super::limits::Limits;
use super::refusal::Refusal;

/// The guard of one schema.
pub struct Guard {
    shape: Shape,
    limits: Limits,
    remembered: Remembered,
}

/// A document that passed everything that depends on its text alone.
pub struct Guarded {
    /// The parsed document.
    pub document: ExecutableDocument,
    /// Its fragments, each after those it spreads.
    order: Vec<String>,
    /// Steps the passes took: a measure of work that does not depend on the machine.
    pub steps: usize,
}

impl Guard {
    /// A guard for the schema that prints this SDL.
    ///
    /// # Errors
    /// [`ShapeError`] when the text is not SDL.
    pub fn new(sdl: &str, limits: Limits) -> Result<Self, ShapeError> {
        let remembered = Remembered::new();
        Ok(Self { shape: Shape::from_sdl(sdl)?, limits, remembered })
    }

    /// The limits this guard holds to.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What the guard knows of the schema.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Everything that depends on the text alone.
    ///
    /// # Errors
    /// A refusal with `DOCUMENT_LIMIT`, `DEPTH_LIMIT`, `PARSE_FAILED`, `VALIDATION_FAILED` or
    /// `BAD_USER_INPUT`.
    pub fn look(&self, text: &str) -> Result<Arc<Guarded>, Refusal> {
        if let Some(guarded) = self.remembered.get(text) {
            return Ok(guarded);
        }
        let guarded = Arc::new(self.examine(text)?);
        self.remembered.keep(text, &guarded);
        Ok(guarded)
    }

    /// The same, of a text that is not run now and pushes nothing out of what is remembered.
    ///
    /// # Errors
    /// As [`Guard::look`].
    pub fn examine(&self, text: &str) -> Result<Guarded, Refusal> {
        let scanned = scan::scan(text, &self.limits)?;
        let document = parser::parse_query(text).map_err(|error| told(&error))?;
        let (order, walked) = self.measure(&document)?;
        Ok(Guarded { document, order, steps: scanned.steps + walked })
    }

    /// The cost of an operation of a guarded document.
    ///
    /// # Errors
    /// `PAGE_SIZE` for a page above the limit, `COST_LIMIT` with the cost, the limit and the
    /// three costliest paths.
    pub fn price(
        &self,
        guarded: &Guarded,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<u64, Refusal> {
        let (document, order) = (&guarded.document, &guarded.order);
        let pricer = cost::Pricer::new(&self.shape, &self.limits, document, order, operation, variables)?;
        let linear = pricer.set(&operation.selection_set.node, pricer.root())?;
        let total = linear.close(1);
        let limit = self.limits.cost;
        if linear.introspection > Limits::INTROSPECTION_PRICE {
            let price = linear.introspection;
            return Err(too_costly(price, Limits::INTROSPECTION_PRICE, &[]));
        }
        if total > limit {
            let paths = costliest::costliest(&pricer, operation)?;
            return Err(too_costly(total, limit, &paths));
        }
        Ok(total)
    }

    fn measure(&self, document: &ExecutableDocument) -> Result<(Vec<String>, usize), Refusal> {
        let limits = &self.limits;
        if document.fragments.len() > limits.fragments {
            return Err(Refusal::limit(Code::DocumentLimit, "fragments", limits.fragments));
        }
        let order = fragments::order(document)?;
        let mut measure = measure::Measure::fragments(document, &order);
        let mut fields = 0_u64;
        for (_, operation) in document.operations.iter() {
            let totals = measure.operation(&operation.node);
            fields = fields.saturating_add(totals.fields);
            self.bounded(document, operation, totals)?;
        }
        if fields > limits.expanded_fields as u64 {
            let what = "fields with its fragments written out";
            return Err(Refusal::limit(Code::DocumentLimit, what, limits.expanded_fields));
        }
        if measure.directives > limits.directives {
            return Err(Refusal::limit(Code::DocumentLimit, "directives", limits.directives));
        }
        Ok((order.into_iter().map(str::to_owned).collect(), measure.steps))
    }

    /// The limits of one operation.
    fn bounded(
        &self,
        document: &ExecutableDocument,
        operation: &Positioned<OperationDefinition>,
        totals: measure::Totals,
    ) -> Result<(), Refusal> {
        let limits = &self.limits;
        let over = |measured: u64, limit: usize| measured > limit as u64;
        let refuse = |code, what, limit| Err(Refusal::limit(code, what, limit).at(operation.pos));
        if over(totals.roots, limits.root_fields) {
            return refuse(Code::DocumentLimit, "root fields in one operation", limits.root_fields);
        }
        if over(totals.aliases, limits.aliases) {
            return refuse(Code::DocumentLimit, "aliases", limits.aliases);
        }
        let mut roots = Vec::new();
        measure::root_fields(document, &operation.node.selection_set.node, &mut roots);
        let introspection = roots.iter().all(|(_, name)| name.starts_with("__"));
        // The executor follows at most as many levels as brackets may be open.
        let depth = if introspection { limits.brackets } else { limits.depth };
        if over(totals.depth, depth) {
            return refuse(Code::DepthLimit, "levels of fields", depth);
        }
        if operation.node.ty == OperationType::Subscription && roots.len() != 1 {
            let message = "A subscription has one field at its root.";
            return Err(Refusal::new(Code::ValidationFailed, message).at(operation.pos));
        }
        if operation.node.ty == OperationType::Mutation {
            let mut keys: Vec<_> = roots.iter().map(|(key, _)| key).collect();
            keys.sort_unstable();
            if keys.windows(2).any(|pair| pair[0] == pair[1]) {
                // The executor would run both and show one result.
                let message = "A mutation may use each response key only once at its root.";
                return Err(Refusal::new(Code::ValidationFailed, message).at(operation.pos));
            }
        }
        Ok(())
    }
}

impl Guarded {
    /// The operation of that name, or the only one.
    ///
    /// # Errors
    /// `OPERATION_NOT_FOUND`.
    pub fn operation(&self, name: Option<&str>) -> Result<&OperationDefinition, Refusal> {
        let refuse = |message: &str| Err(Refusal::new(Code::OperationNotFound, message));
        match (&self.document.operations, name) {
            (DocumentOperations::Single(operation), None) => Ok(&operation.node),
            (DocumentOperations::Multiple(operations), None) if operations.len() > 1 => {
                refuse("The document has several operations; name one in operationName.")
            }
            (DocumentOperations::Multiple(operations), name) => {
                let mut all = operations.iter();
                let found = all.find(|(key, _)| name.is_none_or(|name| key.as_str() == name));
                match found {
                    Some((_, operation)) => Ok(&operation.node),
                    None => refuse("The document has no operation of that name."),
                }
            }
            (DocumentOperations::Single(_), Some(_)) => refuse("The document has no operation of that name."),
        }
    }
}

/// Whether every variable that must have a value has one. The executor would go on without it
/// where an argument may be absent.
///
/// # Errors
/// `BAD_USER_INPUT` at the place of the variable's definition.
pub fn variables_are_given(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let required = !definition.node.var_type.node.nullable && definition.node.default_value.is_none();
        let given = variables.get(&definition.node.name.node);
        let null = given == Some(&async_graphql::Value::Null);
        if required && given.is_none() || !definition.node.var_type.node.nullable && null {
            let message = "A variable that must have a value has none.";
            return Err(Refusal::new(Code::BadUserInput, message).at(definition.pos));
        }
    }
    Ok(())
}

/// What is said of a parser's error: its place, never its message, which repeats the document.
fn told(error: &parser::Error) -> Refusal {
    let pos = error.positions().next();
    let refusal = match error {
        parser::Error::RecursionLimitExceeded => Refusal::new(Code::DepthLimit, "The document is nested too deep."),
        parser::Error::MissingOperation => Refusal::new(Code::ParseFailed, "The document has no operation."),
        parser::Error::OperationDuplicated { .. } | parser::Error::MultipleOperations { .. } => {
            let message = "Operations of one document must have different names.";
            Refusal::new(Code::ValidationFailed, message)
        }
        parser::Error::FragmentDuplicated { .. } => {
            let message = "Fragments of one document must have different names.";
            Refusal::new(Code::ValidationFailed, message)
        }
        _ => return scan::syntax_error(pos.unwrap_or_default()),
    };
    match pos {
        Some(pos) => refusal.at(pos),
        None => refusal,
    }
}

fn too_costly(cost: u64, limit: u64, paths: &[(String, u64)]) -> Refusal {
    let told: Vec<_> = paths.iter().map(|(path, cost)| json!({ "path": path, "cost": cost })).collect();
    Refusal::new(Code::CostLimit, format!("The operation costs {cost}, more than {limit}."))
        .with("cost", cost.into())
        .with("limit", limit.into())
        .with("costliest", told.into())
}
