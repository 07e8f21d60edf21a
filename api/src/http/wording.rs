//! The executor's wording turned into ours, repeating nothing of the request.

use async_graphql::ServerError;

use super::code::Code;
use super::guard::shape::Shape;

/// What is said of a fault of ours.
pub(super) const FAULT: &str = "Something went wrong on our side. The request id tells us where to look.";

/// The code and sentence of an error that has none of ours, by the wording of the executor,
/// which the exact version in the lock file fixes.
pub(super) fn classify(error: &ServerError, shape: &Shape) -> (Code, String) {
    let text = error.message.as_str();
    let say = |code, message: &str| (code, message.to_owned());
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    if starts(&["Variable "]) && text.ends_with(" is not defined.") {
        return say(Code::BadUserInput, "A variable that must have a value has none.");
    }
    if starts(&["Invalid value for argument", "Expected input type", "Failed to parse"])
        || starts(&["The \"first\"", "The \"last\""])
    {
        return (Code::BadUserInput, masked(without_value(text), shape));
    }
    if starts(&["Unknown operation named", "Operation name required"]) {
        return say(Code::OperationNotFound, "The document has no operation of that name.");
    }
    if starts(&["Query is nested too deep", "The recursion depth"]) {
        return say(Code::DepthLimit, "The document is nested too deep.");
    }
    if starts(&["Query is too complex"]) {
        return say(Code::CostLimit, "The operation costs more than one request may.");
    }
    if starts(&["The number of directives", "The amount of aliases"]) {
        return say(Code::DocumentLimit, "The document has too many directives or aliases.");
    }
    if starts(&["Subscriptions are not supported"]) {
        return say(Code::BadRequest, "Subscriptions are not served here.");
    }
    if error.path.is_empty() && !error.locations.is_empty() {
        return (Code::ValidationFailed, masked(without_value(text), shape));
    }
    say(Code::Internal, FAULT)
}

/// The message up to the place where a value of the caller begins.
fn without_value(text: &str) -> &str {
    const VALUES: [&str; 3] = [", found ", " does not contain the value", "\": "];
    let end = VALUES.iter().filter_map(|mark| text.find(mark)).min();
    match end {
        // The mark that ends a quoted type keeps its quote.
        Some(at) if text[at..].starts_with("\": ") => &text[..=at],
        Some(at) => &text[..at],
        None => text,
    }
}

/// The message with every quoted word hidden that is no name of the schema.
fn masked(text: &str, shape: &Shape) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            out.push('"');
        }
        let quoted = index % 2 == 1;
        let known = part
            .split(['.', '[', ']', '!'])
            .all(|word| word.is_empty() || shape.knows(word) || word.parse::<u16>().is_ok());
        out.push_str(if quoted && !known { "?" } else { part });
    }
    if !out.ends_with(['.', '?', '!']) {
        out.push('.');
    }
    out
}
