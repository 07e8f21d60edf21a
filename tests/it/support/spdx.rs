//! Just enough of SPDX license expressions to ask whether a list of licenses satisfies one.

use std::iter::Peekable;
use std::vec::IntoIter;

/// Whether someone who accepts only the licenses of `allowed` may use what is licensed under
/// `expression`. Understands `AND`, `OR`, `WITH`, parentheses and the old `/` for `OR`. A license
/// with an exception counts as one name, such as `Apache-2.0 WITH LLVM-exception`. An expression
/// that cannot be read is never satisfied.
pub fn is_satisfied(expression: &str, allowed: &[&str]) -> bool {
    let mut tokens = tokens(expression).into_iter().peekable();
    any_of(&mut tokens, allowed).unwrap_or(false) && tokens.next().is_none()
}

type Tokens = Peekable<IntoIter<String>>;

fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// `None` means that the expression cannot be read. Both sides are always read to the end, so
/// that a mistake behind a satisfied part is not overlooked.
fn any_of(tokens: &mut Tokens, allowed: &[&str]) -> Option<bool> {
    let mut satisfied = all_of(tokens, allowed)?;
    while tokens.next_if(|word| word == "OR").is_some() {
        satisfied |= all_of(tokens, allowed)?;
    }
    Some(satisfied)
}

fn all_of(tokens: &mut Tokens, allowed: &[&str]) -> Option<bool> {
    let mut satisfied = one(tokens, allowed)?;
    while tokens.next_if(|word| word == "AND").is_some() {
        satisfied &= one(tokens, allowed)?;
    }
    Some(satisfied)
}

fn one(tokens: &mut Tokens, allowed: &[&str]) -> Option<bool> {
    let mut license = name(tokens.next()?)?;
    if license == "(" {
        let satisfied = any_of(tokens, allowed)?;
        tokens.next_if(|word| word == ")")?;
        return Some(satisfied);
    }
    if tokens.next_if(|word| word == "WITH").is_some() {
        let exception = name(tokens.next()?).filter(|word| word != "(")?;
        license = format!("{license} WITH {exception}");
    }
    Some(allowed.contains(&license.as_str()))
}

fn name(word: String) -> Option<String> {
    (!["AND", "OR", "WITH", ")"].contains(&word.as_str())).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::is_satisfied;

    #[test]
    fn expressions_are_read_as_lawyers_read_them() {
        let allowed = ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"];
        let table = [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only / MIT", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
            ("(MIT OR GPL-3.0-only) AND ISC", true),
            ("MIT OR GPL-3.0-only AND AGPL-3.0-only", true),
            ("MIT AND (ISC OR (GPL-2.0-only AND MIT))", true),
            ("GPL-3.0-only", false),
            ("AGPL-3.0-or-later", false),
            ("MIT AND GPL-3.0-or-later", false),
            ("(MIT OR ISC) AND AGPL-3.0-only", false),
            ("Apache-2.0 WITH Other-exception", false),
            ("MIT WITH LLVM-exception", false),
            ("Apache-2.0+", false),
            ("mit", false),
            ("", false),
            ("MIT OR", false),
            ("MIT ISC", false),
            ("(MIT", false),
            ("MIT)", false),
            ("MIT AND OR ISC", false),
            ("MIT OR (ISC AND)", false),
        ];
        for (expression, expected) in table {
            assert_eq!(is_satisfied(expression, &allowed), expected, "{expression:?}");
        }
    }
}
