//! What a field weighs. One place: the guard prices by it before anything runs, and `@cost` and `@listSize` in the schema
//! are printed from it, in the shape of the GraphQL cost directives specification (draft), so that a partner can compute
//! what a document will cost.

use std::collections::HashSet;
use std::fmt::Write as _;

/// What a mutation weighs, before what it returns.
pub const MUTATION: u64 = 10;
/// What each row of a batch weighs, before what it returns.
pub const ROW: u64 = 5;
/// What a text that may be long weighs under an alias, since copies need one; without, it goes with its object.
pub const LONG_TEXT: u64 = 1;
/// The size of a connection that names neither `first` nor `last`.
pub const DEFAULT_PAGE: u64 = 20;
/// The assumed size of a list that is not a connection.
pub const ASSUMED_LIST: u64 = 10;

/// The fields whose text may have hundreds of characters, or is opened from its seal.
const LONG_TEXTS: [&str; 22] = [
    "answer",
    "answerNote",
    "applicationProcess",
    "background",
    "definition",
    "description",
    "details",
    "document",
    "goal",
    "note",
    "notes",
    "option",
    "outOfOrderReason",
    "pauseReason",
    "proposed",
    "question",
    "reason",
    "reviewNote",
    "statement",
    "text",
    "value",
    "verdictText",
];

/// The lists of an input whose items are done one by one, each at the price of [`ROW`].
pub const BATCHES: [&str; 4] = ["rows", "commands", "services", "caseIds"];

/// The list of a batch's payload: as many items as the input has rows.
pub const RESULTS: &str = "results";

/// Whether a field is a text that may be long; `of` is the named type below lists.
#[must_use]
pub fn is_long_text(name: &str, of: &str) -> bool {
    of == "String" && LONG_TEXTS.contains(&name)
}

/// Whether a type is a wrapper around the node that costs.
#[must_use]
pub fn is_edge(of: &str) -> bool {
    of.ends_with("Edge")
}

const DIRECTIVES: &str = r#""""
What a field, an item of an input's list, or each object of a type weighs when the cost of an operation is computed, which is done before it runs. Where nothing is said an object weighs 1 and a scalar nothing; a text that may be long weighs 1 under an alias.
"""
directive @cost(
	"""
	The weight, a whole number.
	"""
	weight: String!
) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
"""
How many items a list is counted with: as many as the largest of the slicing arguments says, the length of the argument where it is a list itself, else the assumed size. With sized fields it is these fields of what is returned that are counted so.
"""
directive @listSize(
	"""
	How many items are counted where no argument says how many.
	"""
	assumedSize: Int
	"""
	The arguments that say how many items come back, or that hold as many; a path where it lies in an input.
	"""
	slicingArguments: [String!]
	"""
	The fields of what is returned that hold the items, where it is no list itself.
	"""
	sizedFields: [String!]
	"""
	Whether one of the slicing arguments must be given; here none must.
	"""
	requireOneSlicingArgument: Boolean = true
) on FIELD_DEFINITION
"#;

/// The schema with what everything weighs.
#[must_use]
pub fn annotated(sdl: &str) -> String {
    let batches = batches(sdl);
    let mut out = String::with_capacity(sdl.len() + sdl.len() / 8);
    let mut annotator = Annotator { batches, block: Block::Other, in_text: false, field: None };
    for line in sdl.lines() {
        out.push_str(line);
        if let Some(more) = annotator.after(line) {
            // A block opens at the end of its line.
            if line.ends_with('{') {
                out.truncate(out.len() - 1);
                let _ = write!(out, "{more} {{");
            } else {
                let _ = write!(out, " {more}");
            }
        }
        out.push('\n');
    }
    let at = out
        .find("directive @")
        .and_then(|at| out[..at].rfind("\"\"\"\n"))
        .map_or(out.len(), |end| out[..end].rfind("\"\"\"\n").unwrap_or(end));
    out.insert_str(at, DIRECTIVES);
    out
}

/// The payloads that have a result for each row.
fn batches(sdl: &str) -> HashSet<String> {
    let mut of = "";
    let mut found = HashSet::new();
    for line in sdl.lines() {
        if let Some(rest) = line.strip_prefix("type ") {
            of = rest.split_whitespace().next().unwrap_or_default();
        } else if line.starts_with("\tresults: [") && of.ends_with("Payload") {
            found.insert(of.to_owned());
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Mutation,
    Output,
    Input,
    Other,
}

/// A field whose arguments are being read.
struct Field {
    name: String,
    arguments: Vec<String>,
}

struct Annotator {
    batches: HashSet<String>,
    block: Block,
    in_text: bool,
    field: Option<Field>,
}

impl Annotator {
    /// What is to be written behind this line.
    fn after(&mut self, line: &str) -> Option<String> {
        if line.trim() == "\"\"\"" {
            self.in_text = !self.in_text;
            return None;
        }
        if self.in_text {
            return None;
        }
        if !line.starts_with('\t') {
            return self.block(line);
        }
        if self.block == Block::Other {
            return None;
        }
        let text = line.trim_start();
        if let Some(rest) = text.strip_prefix("): ") {
            let field = self.field.take()?;
            return self.field(&field, rest);
        }
        if let Some(field) = &mut self.field {
            field.arguments.extend(text.split(':').next().map(str::to_owned));
            return None;
        }
        if let Some(name) = text.strip_suffix('(') {
            self.field = Some(Field { name: name.to_owned(), arguments: Vec::new() });
            return None;
        }
        let (name, of) = text.split_once(": ")?;
        if self.block == Block::Input {
            return (BATCHES.contains(&name) && of.starts_with('[')).then(|| weight(ROW));
        }
        self.field(&Field { name: name.to_owned(), arguments: Vec::new() }, of)
    }

    fn block(&mut self, line: &str) -> Option<String> {
        let mut words = line.split_whitespace();
        let kind = words.next().unwrap_or_default();
        let name = words.next().unwrap_or_default();
        self.block = match kind {
            "type" if name == "Mutation" => Block::Mutation,
            "type" | "interface" => Block::Output,
            "input" => Block::Input,
            _ => Block::Other,
        };
        (kind == "type" && is_edge(name)).then(|| weight(0))
    }

    fn field(&self, field: &Field, of: &str) -> Option<String> {
        let is_list = of.starts_with('[');
        let of: String =
            of.chars().take_while(|sign| !sign.is_whitespace()).filter(|sign| sign.is_alphanumeric()).collect();
        let mut said = Vec::new();
        if self.block == Block::Mutation {
            said.push(weight(MUTATION));
        }
        let slicing: Vec<&str> = ["first", "last", "ids"]
            .into_iter()
            .filter(|name| field.arguments.iter().any(|each| each == name))
            .collect();
        if of.ends_with("Connection") && !is_list {
            said.push(size(Some(DEFAULT_PAGE), &slicing, &["edges", "nodes"]));
        } else if self.batches.contains(&of) {
            let rows = BATCHES.map(|list| format!("input.{list}"));
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            said.push(size(None, &rows, &[RESULTS]));
        } else if is_list && !["String", "Int", "Float", "Boolean", "ID"].contains(&of.as_str()) {
            let of_page = ["edges", "nodes", RESULTS].contains(&field.name.as_str());
            if !of_page || !slicing.is_empty() {
                said.push(size(Some(ASSUMED_LIST), &slicing, &[]));
            }
        }
        (!said.is_empty()).then(|| said.join(" "))
    }
}

fn weight(weight: u64) -> String {
    format!("@cost(weight: \"{weight}\")")
}

fn size(assumed: Option<u64>, slicing: &[&str], sized: &[&str]) -> String {
    let names = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let mut said: Vec<String> = assumed.map(|size| format!("assumedSize: {size}")).into_iter().collect();
    if !slicing.is_empty() {
        said.push(format!("slicingArguments: [{}]", names(slicing)));
    }
    if !sized.is_empty() {
        said.push(format!("sizedFields: [{}]", names(sized)));
    }
    if !slicing.is_empty() {
        said.push("requireOneSlicingArgument: false".to_owned());
    }
    format!("@listSize({})", said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_weighs_is_told() {
        let sdl = "type Mutation {\n\t\"\"\"\n\tMany: at once\n\t\"\"\"\n\tgoAll(\n\t\tinput: GoAllInput!\n\t): GoAllPayload\n}\n\
                   type GoAllPayload {\n\tresults: [GoResult!]!\n}\ninput GoAllInput {\n\trows: [GoInput!]!\n}\n\
                   type ThingEdge {\n\tnode: Thing!\n}\ntype Thing {\n\tdescription: String!\n\tname: String!\n\tparts: [Part!]!\n\
                   \tthings(\n\t\tfirst: Int,\n\t\tlast: Int\n\t): ThingConnection!\n\tnodes(\n\t\tids: [ID!]!\n\t): [Node]!\n}\n\"\"\"\nX\n\"\"\"\ndirective @include on FIELD\n";
        let told = annotated(sdl);
        for line in [
            "): GoAllPayload @cost(weight: \"10\") @listSize(slicingArguments: [\"input.rows\", \"input.commands\", \"input.services\", \"input.caseIds\"], sizedFields: [\"results\"], requireOneSlicingArgument: false)",
            "rows: [GoInput!]! @cost(weight: \"5\")",
            "type ThingEdge @cost(weight: \"0\") {",
            "\tname: String!\n",
            "parts: [Part!]! @listSize(assumedSize: 10)",
            "): ThingConnection! @listSize(assumedSize: 20, slicingArguments: [\"first\", \"last\"], sizedFields: [\"edges\", \"nodes\"], requireOneSlicingArgument: false)",
            "): [Node]! @listSize(assumedSize: 10, slicingArguments: [\"ids\"], requireOneSlicingArgument: false)",
            "\tresults: [GoResult!]!\n",
            "\"\"\"\ndirective @listSize",
        ] {
            assert!(
                told.contains(line) || told.contains(&line.replace("\"\"\"\ndirective", "directive")),
                "{line}\n{told}"
            );
        }
        async_graphql::parser::parse_schema(&told).unwrap();
    }
}
