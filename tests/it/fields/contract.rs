//! The object types of the contract, read from its text.

use std::collections::BTreeMap;

/// A field of an object type.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    /// The named type, without lists and exclamation marks.
    pub kind: String,
    /// Whether it can't be asked without an argument.
    pub needs_arguments: bool,
    pub is_connection: bool,
}

/// Object types and interfaces by name.
pub struct Contract {
    pub objects: BTreeMap<String, Vec<Field>>,
    pub interfaces: Vec<String>,
}

/// The text without descriptions, arguments' defaults kept.
fn bare(text: &str) -> String {
    text.split("\"\"\"").step_by(2).collect()
}

impl Contract {
    pub fn read(text: &str) -> Self {
        let bare = bare(text);
        let (mut objects, mut interfaces) = (BTreeMap::new(), Vec::new());
        for block in bare.split("\n}") {
            let Some((head, body)) = block.split_once('{') else { continue };
            // Scalars stand in one line before it.
            let mut words = head.trim().lines().last().unwrap_or_default().split_whitespace();
            match (words.next(), words.next()) {
                (Some("type"), Some(name)) => drop(objects.insert(name.to_owned(), fields(body))),
                (Some("interface" | "union"), Some(name)) => interfaces.push(name.to_owned()),
                _ => {}
            }
        }
        assert!(objects.len() > 200, "this is not the contract");
        Self { objects, interfaces }
    }
}

fn fields(body: &str) -> Vec<Field> {
    let mut found = Vec::new();
    let mut rest = body.trim();
    while !rest.is_empty() {
        let end = rest.find(['(', ':']).unwrap();
        let name = rest[..end].trim().to_owned();
        let mut arguments = "";
        if rest[end..].starts_with('(') {
            let close = closing(&rest[end..]);
            arguments = &rest[end + 1..end + close];
            rest = &rest[end + close + 1..];
        } else {
            rest = &rest[end..];
        }
        rest = rest.trim_start_matches(':').trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let kind = rest[..end].to_owned();
        rest = rest[end..].trim_start();
        while rest.starts_with('@') {
            let end = rest.find(['(', '\n']).unwrap_or(rest.len());
            rest = if rest[end..].starts_with('(') { &rest[end + closing(&rest[end..]) + 1..] } else { &rest[end..] };
            rest = rest.trim_start();
        }
        let named = kind.replace(['[', ']', '!'], "");
        let needs = |line: &str| line.trim().trim_end_matches(',').ends_with('!') && !line.contains('=');
        found.push(Field {
            name,
            needs_arguments: arguments.lines().any(needs),
            is_connection: named.ends_with("Connection"),
            kind: named,
        });
    }
    found
}

/// Where the bracket that opens a text is closed.
fn closing(text: &str) -> usize {
    let mut depth = 0_i32;
    let mut in_text = false;
    for (at, sign) in text.char_indices() {
        match sign {
            '"' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    panic!("never closed: {text}")
}
