//! Rust source as a checker wants it: code only, and every path written out.

/// The code of a source text: comments are gone, and what stands in string and character
/// literals is gone too. Line breaks stay, so that lines keep their numbers.
pub fn code_of(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let (mut code, mut at) = (String::with_capacity(source.len()), 0);
    while let Some(&here) = text.get(at) {
        let after_word = at > 0 && is_word(text[at - 1]);
        let end = match (here, text.get(at + 1)) {
            ('/', Some('/')) => line_end(&text, at),
            ('/', Some('*')) => comment_end(&text, at),
            ('"', _) => string_end(&text, at),
            ('r', Some('"' | '#')) if !after_word => raw_end(&text, at),
            ('b' | 'c', Some('r')) if !after_word => raw_end(&text, at + 1),
            ('\'', _) => char_end(&text, at),
            _ => at,
        };
        if end <= at {
            code.push(here);
            at += 1;
            continue;
        }
        code.push(' ');
        code.extend(text[at..end.min(text.len())].iter().filter(|it| **it == '\n'));
        at = end;
    }
    code
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn line_end(text: &[char], from: usize) -> usize {
    text[from..].iter().position(|it| *it == '\n').map_or(text.len(), |length| from + length)
}

/// Comments of this kind may hold others of their kind.
fn comment_end(text: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0_usize, from);
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string_end(text: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < text.len() && text[at] != '"' {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// `from` stands on the `r`. Gives a place not beyond it when no raw string begins there.
fn raw_end(text: &[char], from: usize) -> usize {
    let hashes = text[from + 1..].iter().take_while(|it| **it == '#').count();
    let start = from + 1 + hashes;
    if text.get(start) != Some(&'"') {
        return 0;
    }
    let closes =
        |at: usize| text[at] == '"' && text[at + 1..].iter().take(hashes).filter(|it| **it == '#').count() == hashes;
    (start + 1..text.len()).find(|at| closes(*at)).map_or(text.len(), |at| at + 1 + hashes)
}

/// A quote begins a character or a lifetime; for a lifetime it gives the place itself.
fn char_end(text: &[char], from: usize) -> usize {
    match (text.get(from + 1), text.get(from + 2)) {
        (Some('\\'), Some(_)) => {
            let rest = text.get(from + 3..).unwrap_or_default();
            rest.iter().position(|it| *it == '\'').map_or(text.len(), |length| from + 4 + length)
        }
        (Some(_), Some('\'')) => from + 3,
        _ => from,
    }
}

/// Every path of a code text on a line of its own, as `crate::store::door`: imports in braces
/// are multiplied out, and `self::` and `super::` are replaced by what they stand for in the
/// module `module` (its segments below the crate's root). Other tokens stand between the paths,
/// parted by single spaces.
pub fn written_out(code: &str, module: &[&str]) -> String {
    let tokens = tokens(code);
    let (mut lines, mut words, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        if tokens[at] == "use" {
            let end = tokens[at..].iter().position(|it| it == ";").map_or(tokens.len(), |n| at + n);
            let mut place = at + 1;
            expand(&tokens[..end], &mut place, &[], &mut lines);
            at = end;
            continue;
        }
        let mut path = vec![tokens[at].clone()];
        while tokens.get(at + 1).is_some_and(|it| it == "::") && at + 2 < tokens.len() {
            path.push(tokens[at + 2].clone());
            at += 2;
        }
        words.push(absolute(&path, module).join("::"));
        at += 1;
    }
    let imports: Vec<String> = lines.iter().map(|path: &Vec<String>| absolute(path, module).join("::")).collect();
    format!("{}\n{}\n", imports.join("\n"), words.join(" "))
}

fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match rest.find(|it| !is_word(it)) {
            Some(0) if rest.starts_with("::") => 2,
            Some(0) => first.len_utf8(),
            Some(length) => length,
            None => rest.len(),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Reads one import tree from `place` on and adds its paths.
fn expand(tokens: &[String], place: &mut usize, before: &[String], paths: &mut Vec<Vec<String>>) {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(*place) {
        match token.as_str() {
            "{" => {
                *place += 1;
                while tokens.get(*place).is_some_and(|it| it != "}") {
                    expand(tokens, place, &path, paths);
                    *place += usize::from(tokens.get(*place).is_some_and(|it| it == ","));
                }
                *place += 1;
                return;
            }
            "," | "}" => break,
            "::" => {}
            name => path.push(name.to_owned()),
        }
        *place += 1;
    }
    paths.push(path);
}

fn absolute(path: &[String], module: &[&str]) -> Vec<String> {
    let supers = path.iter().skip_while(|it| *it == "self").take_while(|it| *it == "super").count();
    let selves = path.iter().take_while(|it| *it == "self").count();
    // A lone `self` is a receiver, not a path.
    if path.len() < 2 || selves + supers == 0 {
        return path.to_vec();
    }
    let kept = module.len().saturating_sub(supers);
    let mut whole = vec!["crate".to_owned()];
    whole.extend(module[..kept].iter().map(|it| (*it).to_owned()));
    whole.extend_from_slice(&path[selves + supers..]);
    whole
}

/// Whether `words` occurs in `text` with nothing that belongs to a name on either side.
pub fn mentions(text: &str, words: &str) -> bool {
    let name_before = words.starts_with(is_word);
    let name_after = words.ends_with(is_word);
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_word);
        let after = text[at + words.len()..].chars().next().is_some_and(is_word);
        !(name_before && before || name_after && after)
    })
}

#[cfg(test)]
mod tests {
    use super::{code_of, mentions, written_out};

    #[test]
    fn only_code_is_left() {
        let source = "a // sea_orm\n/* x /* sea_orm */ sea_orm */ b \"sea_orm \\\" sea_orm\" c\n\
            r#\"sea_orm \" sea_orm\"# d 'a' '\\'' '\"' e<'static> br\"sea_orm\" f r#type bar\"sea_orm\"";
        let words: Vec<String> = code_of(source).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words.join(" "), "a b c d e<'static> f r#type bar");
        assert_eq!(code_of("1 /* \n\n */ \"\n\" 2").lines().count(), 4);
    }

    #[test]
    fn paths_are_written_out() {
        let code = "use crate::{domain::{self, ids::*}, store as s}; fn f(self) { super::super::store \
            :: door(); self::g() } use super::super::{http};";
        let text = written_out(code, &["graphql", "referral"]);
        for path in ["crate::domain::ids", "crate::store", "crate::http", "crate::store::door"] {
            assert!(mentions(&text, path), "{path} in\n{text}");
        }
        assert!(mentions(&text, "crate::graphql::referral::g") && mentions(&text, "( self )"));
    }

    #[test]
    fn words_are_whole() {
        assert!(mentions("x passerelle::run", "passerelle"));
        assert!(!mentions("passerelle_entity my_passerelle", "passerelle"));
        assert!(mentions("pub async fn go", "async fn") && !mentions("async fns", "async fn"));
        assert!(mentions("a . begin (", ". begin ("));
    }
}
