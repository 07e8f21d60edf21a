//! The first look at a document: one pass over its bytes, before any parser sees them.
//!
//! The parser behind us recurses over nested brackets; a few kilobytes of `[[[[` would end the
//! process. This pass needs constant memory and one step per byte, and refuses what is too
//! large, too deep or not text of GraphQL at all. It does not check grammar.

use async_graphql::parser::Pos;

use crate::http::code::Code;
use crate::http::limits::Limits;
use crate::http::refusal::Refusal;

/// What the pass counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Lexical tokens.
    pub tokens: usize,
    /// The most brackets open at once.
    pub brackets: usize,
    /// Steps the pass took; at most a small multiple of the bytes.
    pub steps: usize,
}

/// Scans a document.
///
/// # Errors
/// `DOCUMENT_LIMIT`, `DEPTH_LIMIT` for brackets, `PARSE_FAILED` for bytes no document has, and
/// `BAD_USER_INPUT` for strings that no database can keep.
pub fn scan(text: &str, limits: &Limits) -> Result<Scanned, Refusal> {
    if text.len() > limits.document_bytes {
        return Err(Refusal::limit(Code::DocumentLimit, "bytes", limits.document_bytes));
    }
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, open: 0, seen: Scanned::default() };
    while let Some(byte) = scanner.peek() {
        scanner.token(byte, limits)?;
    }
    Ok(scanner.seen)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    open: usize,
    seen: Scanned,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    fn advance(&mut self, bytes: usize) {
        self.at += bytes;
        self.seen.steps += 1;
    }

    fn advance_while(&mut self, keep: fn(u8) -> bool) {
        while self.peek().is_some_and(keep) {
            self.advance(1);
        }
    }

    fn token(&mut self, byte: u8, limits: &Limits) -> Result<(), Refusal> {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => self.advance(1),
            0xef if self.starts_with(&[0xef, 0xbb, 0xbf]) => self.advance(3),
            b'#' => self.comment()?,
            b'"' => self.count(limits).and_then(|()| self.string())?,
            b'{' | b'(' | b'[' => self.count(limits).and_then(|()| self.bracket(limits))?,
            b'}' | b')' | b']' => {
                self.count(limits)?;
                self.open = self.open.saturating_sub(1);
                self.advance(1);
            }
            b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|' => {
                self.count(limits)?;
                self.advance(1);
            }
            b'.' if self.starts_with(b"...") => {
                self.count(limits)?;
                self.advance(3);
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.count(limits).and_then(|()| self.name(limits))?,
            b'-' | b'0'..=b'9' => self.count(limits).and_then(|()| self.number(limits))?,
            _ => return Err(self.syntax_error()),
        }
        Ok(())
    }

    fn count(&mut self, limits: &Limits) -> Result<(), Refusal> {
        self.seen.tokens += 1;
        if self.seen.tokens > limits.tokens {
            return Err(Refusal::limit(Code::DocumentLimit, "tokens", limits.tokens));
        }
        Ok(())
    }

    fn bracket(&mut self, limits: &Limits) -> Result<(), Refusal> {
        self.open += 1;
        self.seen.brackets = self.seen.brackets.max(self.open);
        if self.open > limits.brackets {
            return Err(Refusal::limit(Code::DepthLimit, "open brackets", limits.brackets));
        }
        self.advance(1);
        Ok(())
    }

    fn name(&mut self, limits: &Limits) -> Result<(), Refusal> {
        let start = self.at;
        self.advance_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        self.bounded(start, limits)
    }

    fn number(&mut self, limits: &Limits) -> Result<(), Refusal> {
        let start = self.at;
        self.advance_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
        self.bounded(start, limits)
    }

    fn bounded(&self, start: usize, limits: &Limits) -> Result<(), Refusal> {
        if self.at - start > limits.name_bytes {
            let what = "bytes in one name or number";
            return Err(Refusal::limit(Code::DocumentLimit, what, limits.name_bytes));
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), Refusal> {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' | b'\r' => return Ok(()),
                0..=8 | 11..=31 | 127 => return Err(self.syntax_error()),
                _ => self.advance(1),
            }
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), Refusal> {
        if self.starts_with(b"\"\"\"") {
            self.advance(3);
            return self.block_string();
        }
        self.advance(1);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.advance(1);
                    return Ok(());
                }
                b'\\' => self.escape()?,
                0..=8 | 10..=31 | 127 => return Err(self.syntax_error()),
                _ => self.advance(1),
            }
        }
        Err(self.syntax_error())
    }

    fn block_string(&mut self) -> Result<(), Refusal> {
        while let Some(byte) = self.peek() {
            if self.starts_with(b"\"\"\"") {
                self.advance(3);
                return Ok(());
            }
            match byte {
                b'\\' if self.starts_with(b"\\\"\"\"") => self.advance(4),
                0..=8 | 11 | 12 | 14..=31 | 127 => return Err(self.syntax_error()),
                _ => self.advance(1),
            }
        }
        Err(self.syntax_error())
    }

    /// An escape; `\u` must name a character that text can hold. Half of a surrogate pair is
    /// none, and NUL is one that PostgreSQL refuses in text.
    fn escape(&mut self) -> Result<(), Refusal> {
        let Some(kind) = self.bytes.get(self.at + 1).copied() else {
            return Err(self.syntax_error());
        };
        if kind != b'u' {
            // Which letters may follow is grammar, the parser's matter.
            self.advance(2);
            return Ok(());
        }
        let digits = self.bytes.get(self.at + 2..self.at + 6);
        let text = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let sound = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match sound.and_then(|text| u32::from_str_radix(text, 16).ok()) {
            None => Err(self.syntax_error()),
            Some(0 | 0xd800..=0xdfff) => {
                Err(Refusal::new(Code::BadUserInput, "A string of the document holds NUL or half of a surrogate pair.")
                    .at(self.pos()))
            }
            Some(_) => {
                self.advance(6);
                Ok(())
            }
        }
    }

    fn syntax_error(&self) -> Refusal {
        syntax_error(self.pos())
    }

    /// Line and column of the present byte, both from 1; computed only for a refusal.
    fn pos(&self) -> Pos {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        Pos { line, column }
    }
}

/// What is said of every syntax error: the place and nothing of the text.
pub fn syntax_error(pos: Pos) -> Refusal {
    let message = format!("Syntax error at {}:{}.", pos.line, pos.column);
    Refusal::new(Code::ParseFailed, message).at(pos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<Code> {
        scan(text, &Limits::default()).err().map(|refusal| refusal.code)
    }

    #[test]
    fn tokens_and_brackets_are_counted_outside_strings_and_comments() {
        let text = "{ a(b: \"[[[ \\\" {{\", c: \"\"\"( \\\"\"\" {\"\"\") # ((((\n ...F }";
        let seen = scan(text, &Limits::default()).unwrap();
        assert_eq!((seen.tokens, seen.brackets), (13, 2));
    }

    #[test]
    fn the_place_of_a_syntax_error_is_told() {
        let refusal = scan("{\n  é", &Limits::default()).unwrap_err();
        assert_eq!(refusal.message, "Syntax error at 2:3.");
    }

    #[test]
    fn limits_hold_at_their_edge() {
        let nest = |levels| "[".repeat(levels);
        assert_eq!(code(&nest(32)), None);
        assert_eq!(code(&nest(33)), Some(Code::DepthLimit));
        assert_eq!(code(&"a ".repeat(2_000)), None);
        assert_eq!(code(&"a ".repeat(2_001)), Some(Code::DocumentLimit));
        assert_eq!(code(&"a".repeat(128)), None);
        assert_eq!(code(&"a".repeat(129)), Some(Code::DocumentLimit));
        assert_eq!(code(&" ".repeat(16_384)), None);
        assert_eq!(code(&" ".repeat(16_385)), Some(Code::DocumentLimit));
    }

    #[test]
    fn strings_must_end_and_hold_text() {
        assert_eq!(code("\"a"), Some(Code::ParseFailed));
        assert_eq!(code("\"a\n\""), Some(Code::ParseFailed));
        assert_eq!(code("\"\\"), Some(Code::ParseFailed));
        assert_eq!(code("\"\"\"a\"\""), Some(Code::ParseFailed));
        assert_eq!(code("\"\\u12\""), Some(Code::ParseFailed));
        assert_eq!(code("\"\\u0000\""), Some(Code::BadUserInput));
        assert_eq!(code("\"\\ud83d\""), Some(Code::BadUserInput));
        assert_eq!(code("\"\\\\u0000\""), None, "a backslash and five letters");
        assert_eq!(code("\0"), Some(Code::ParseFailed));
        assert_eq!(code("# \0"), Some(Code::ParseFailed));
    }
}
