//! One text of SQL for two engines. Statements are written with `$1` parameters, which both understand, and with a few
//! words that stand for what the engines call differently:
//!
//! | word | PostgreSQL | SQLite |
//! |---|---|---|
//! | `OBJ(` | `json_build_object(` | `json_object(` |
//! | `LIST(x BY y FROM z)` | a JSON array of `x` in the order of `y`, never null | the same |
//! | `BOTH(x WITH y)` | one object of two | the same, without what is null in `y` |
//! | `UID(column)` | the column | its bytes as hexadecimal digits, null kept |
//! | `JSON(column)` | text as JSON | the same |
//! | `ROWS(x)` | rows `a`, `b`, `c`, `d` (number, text, number, text) of a JSON array of arrays | the same |
//! | `EACH(x)` | rows `value` of a JSON array, which may be another row's | the same |
//! | `KEY(x)` | a key that `UID` made a text of | the same |
//! | `BEFORE(day, n)` | the day `n` days before one, both as ISO 8601 text; nothing before nothing | the same |
//! | `FOR UPDATE` | locks the rows | nothing: the transaction holds the write lock already |
//! | `FOR NO KEY UPDATE` | locks the rows against changes, not against new rows that refer to them | the same nothing |

use sea_orm::DatabaseBackend;

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// Production.
    Postgres,
}

impl Engine {
    /// The engine as the driver names it.
    #[must_use]
    pub fn backend(self) -> DatabaseBackend {
        match self {
            Self::Sqlite => DatabaseBackend::Sqlite,
            Self::Postgres => DatabaseBackend::Postgres,
        }
    }

    /// The text that this engine understands.
    #[must_use]
    pub fn sql(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        self.write(text, &mut out);
        out
    }

    fn write(self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some((at, word)) = next_word(rest) {
            out.push_str(&rest[..at]);
            let inside = &rest[at + word.len()..];
            rest = match word {
                "OBJ(" => {
                    out.push_str(if self == Self::Postgres { "json_build_object(" } else { "json_object(" });
                    inside
                }
                "FOR UPDATE" | "FOR NO KEY UPDATE" => {
                    out.push_str(if self == Self::Postgres { word } else { "" });
                    inside
                }
                _ => {
                    let end = closing(inside);
                    self.call(word, &inside[..end], out);
                    &inside[(end + 1).min(inside.len())..]
                }
            };
        }
        out.push_str(rest);
    }

    fn call(self, word: &str, argument: &str, out: &mut String) {
        match (word, self) {
            ("UID(", Self::Postgres) => out.push_str(argument),
            ("UID(", Self::Sqlite) => *out += &format!("nullif(hex({argument}), '')"),
            ("JSON(", Self::Postgres) => {
                out.push('(');
                self.write(argument, out);
                out.push_str(")::json");
            }
            ("JSON(", Self::Sqlite) => {
                out.push_str("json(");
                self.write(argument, out);
                out.push(')');
            }
            ("EACH(", _) => {
                out.push_str(if self == Self::Postgres { "json_array_elements(" } else { "json_each(" });
                self.write(argument, out);
                out.push(')');
            }
            ("KEY(", Self::Postgres) => *out += &format!("({argument})::uuid"),
            ("KEY(", Self::Sqlite) => *out += &format!("unhex({argument}, '-')"),
            ("BOTH(", _) => self.both(argument, out),
            ("BEFORE(", _) => self.before(argument, out),
            ("ROWS(", Self::Postgres) => {
                *out += &format!(
                    "(SELECT (e.value->>0)::bigint AS a, e.value->>1 AS b, (e.value->>2)::bigint AS c, e.value->>3 AS d \
                     FROM json_array_elements(({argument})::json) e (value))"
                );
            }
            ("ROWS(", Self::Sqlite) => {
                *out += &format!(
                    "(SELECT e.value->>0 AS a, e.value->>1 AS b, e.value->>2 AS c, e.value->>3 AS d FROM json_each({argument}) e)"
                );
            }
            _ => self.list(argument, out),
        }
    }

    fn both(self, argument: &str, out: &mut String) {
        let with = outermost(argument, " WITH ").unwrap_or(argument.len());
        let (first, second) = (&argument[..with], argument[with..].trim_start_matches(" WITH "));
        let [open, between, close] = match self {
            Self::Postgres => ["((", ")::jsonb || (", ")::jsonb)::json"],
            Self::Sqlite => ["json_patch(", ", ", ")"],
        };
        out.push_str(open);
        self.write(first, out);
        out.push_str(between);
        self.write(second, out);
        out.push_str(close);
    }

    fn before(self, argument: &str, out: &mut String) {
        let (day, days) = argument.split_once(", ").unwrap_or((argument, "0"));
        *out += &match self {
            Self::Postgres => format!("to_char(({day})::date - ({days}), 'YYYY-MM-DD')"),
            Self::Sqlite => format!("date({day}, '-' || ({days}) || ' days')"),
        };
    }

    fn list(self, argument: &str, out: &mut String) {
        let from = outermost(argument, " FROM ").unwrap_or(argument.len());
        let by = outermost(&argument[..from], " BY ").unwrap_or(from);
        let (item, order, source) = (&argument[..by], argument[by..from].trim_start_matches(" BY "), &argument[from..]);
        let (open, end, close) = match self {
            Self::Postgres => ("coalesce((SELECT json_agg(", "", "), '[]'::json)"),
            Self::Sqlite => ("json((SELECT json_group_array(json(", ")", "))"),
        };
        out.push_str(open);
        self.write(item, out);
        *out += &format!("{end} ORDER BY {order})");
        self.write(source, out);
        out.push_str(close);
    }
}

const WORDS: [&str; 11] =
    ["OBJ(", "LIST(", "UID(", "JSON(", "BOTH(", "BEFORE(", "ROWS(", "EACH(", "KEY(", "FOR UPDATE", "FOR NO KEY UPDATE"];

/// The first word of ours, looked for in one pass: every statement comes through here each time it is sent.
fn next_word(text: &str) -> Option<(usize, &'static str)> {
    let begins = |byte: u8| matches!(byte, b'O' | b'L' | b'U' | b'J' | b'B' | b'R' | b'F' | b'E' | b'K');
    text.bytes().enumerate().filter(|(_, byte)| begins(*byte)).find_map(|(at, _)| {
        let word = WORDS.iter().find(|word| text.as_bytes()[at..].starts_with(word.as_bytes()))?;
        Some((at, *word))
    })
}

/// Where the bracket that was opened before `text` closes.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return at,
            b')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Where `mark` stands outside all brackets.
fn outermost(text: &str, mark: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && text[at..].starts_with(mark) => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_become_what_the_engine_calls_them() {
        let text = "SELECT LIST(OBJ('id', UID(a.id), 'n', JSON(a.names)) BY a.name, a.id FROM area a WHERE a.id = $1) FOR UPDATE";
        assert_eq!(
            Engine::Postgres.sql(text),
            "SELECT coalesce((SELECT json_agg(json_build_object('id', a.id, 'n', (a.names)::json) ORDER BY a.name, a.id) FROM area a WHERE a.id = $1), '[]'::json) FOR UPDATE"
        );
        assert_eq!(
            Engine::Sqlite.sql(text),
            "SELECT json((SELECT json_group_array(json(json_object('id', nullif(hex(a.id), ''), 'n', json(a.names))) ORDER BY a.name, a.id) FROM area a WHERE a.id = $1)) "
        );
    }
    #[test]
    fn rows_of_an_array_have_keys_again() {
        let text = "SELECT KEY(e.value->>0) FROM EACH(JSON($1)) e";
        assert_eq!(Engine::Postgres.sql(text), "SELECT (e.value->>0)::uuid FROM json_array_elements(($1)::json) e");
        assert_eq!(Engine::Sqlite.sql(text), "SELECT unhex(e.value->>0, '-') FROM json_each(json($1)) e");
    }
    #[test]
    fn two_objects_become_one() {
        let text = "BOTH(OBJ('a', 1) WITH OBJ('b', JSON(x)))";
        assert_eq!(
            Engine::Postgres.sql(text),
            "((json_build_object('a', 1))::jsonb || (json_build_object('b', (x)::json))::jsonb)::json"
        );
        assert_eq!(Engine::Sqlite.sql(text), "json_patch(json_object('a', 1), json_object('b', json(x)))");
    }
}
