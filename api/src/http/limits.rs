//! The limits of a request: one table, read by the guard, the documentation and the tests.

use crate::graphql::cost;

/// Every bound a request must keep; see [`Limits::table`] for what each one means.
///
/// The defaults are what we publish. A deployment may lower them; raising `brackets` above 60
/// meets the parser's own recursion limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The GraphQL document, in bytes.
    pub document_bytes: usize,
    /// The HTTP body, in bytes.
    pub body_bytes: usize,
    /// The query string of a GET, in bytes.
    pub query_string_bytes: usize,
    /// Lexical tokens of the document.
    pub tokens: usize,
    /// Brackets of any kind open at once.
    pub brackets: usize,
    /// One name of the document, in bytes.
    pub name_bytes: usize,
    /// Fragment definitions.
    pub fragments: usize,
    /// Fields after every fragment is written out, `__typename` included, over all operations.
    pub expanded_fields: usize,
    /// Levels of fields; a document that only asks for introspection is exempt.
    pub depth: usize,
    /// Aliases after every fragment is written out.
    pub aliases: usize,
    /// Root fields of one operation after every fragment is written out.
    pub root_fields: usize,
    /// Directives written in the document.
    pub directives: usize,
    /// Nesting of the JSON variables.
    pub variables_depth: usize,
    /// Values of the JSON body, by its commas.
    pub values: usize,
    /// `first`, `last`, and the number of `ids`.
    pub page: usize,
    /// The cost of an operation, computed before it runs.
    pub cost: u64,
    /// Errors in one answer.
    pub errors: usize,
    /// One error message, in bytes; messages stay below it.
    pub message_bytes: usize,
}

impl Limits {
    /// The size of a connection that names neither `first` nor `last`.
    pub const DEFAULT_PAGE: u64 = cost::DEFAULT_PAGE;
    /// The assumed size of a list that is not a connection.
    pub const ASSUMED_LIST: u64 = cost::ASSUMED_LIST;
    /// The cost of one mutation, before what it returns.
    pub const MUTATION_COST: u64 = cost::MUTATION;
    /// The cost of one introspection root field.
    pub const INTROSPECTION_COST: u64 = 10;
    /// The bound of introspection's own price: the standard query of the tools needs a third.
    pub const INTROSPECTION_PRICE: u64 = 50_000;

    /// Name, value and meaning of every limit, for documentation.
    #[must_use]
    pub fn table(&self) -> Vec<(&'static str, u64, &'static str)> {
        let row = |name, value: usize, meaning| (name, value as u64, meaning);
        vec![
            row("document", self.document_bytes, "bytes of the GraphQL document"),
            row("body", self.body_bytes, "bytes of the HTTP body"),
            row("queryString", self.query_string_bytes, "bytes of the query string of a GET"),
            row("tokens", self.tokens, "lexical tokens of the document"),
            row("brackets", self.brackets, "brackets open at once"),
            row("name", self.name_bytes, "bytes of one name"),
            row("fragments", self.fragments, "fragment definitions"),
            row("expandedFields", self.expanded_fields, "fields with fragments written out"),
            row("depth", self.depth, "levels of fields, introspection exempt"),
            row("aliases", self.aliases, "aliases with fragments written out"),
            row("rootFields", self.root_fields, "root fields of one operation"),
            row("directives", self.directives, "directives of the document"),
            row("variablesDepth", self.variables_depth, "nesting of the JSON variables"),
            row("values", self.values, "values of the JSON body"),
            row("page", self.page, "items of one page, ids of one call"),
            ("cost", self.cost, "cost of one operation"),
            row("errors", self.errors, "errors of one answer"),
            row("message", self.message_bytes, "bytes of one error message"),
        ]
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 16 * 1024,
            body_bytes: 256 * 1024,
            query_string_bytes: 64 * 1024,
            tokens: 2_000,
            brackets: 32,
            name_bytes: 128,
            fragments: 32,
            expanded_fields: 2_000,
            depth: 15,
            aliases: 30,
            root_fields: 10,
            directives: 20,
            variables_depth: 32,
            values: 4_000,
            page: 100,
            cost: 2_000,
            errors: 10,
            message_bytes: 200,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_every_limit_once() {
        let table = Limits::default().table();
        let fields = format!("{:?}", Limits::default()).matches(": ").count();
        assert_eq!(table.len(), fields);
        let names: std::collections::BTreeSet<_> = table.iter().map(|row| row.0).collect();
        assert_eq!(names.len(), table.len());
    }
}
