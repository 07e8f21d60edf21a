//! One pass over JSON bytes before `serde_json` sees them: nesting, number of values, and NUL in text.

use super::code::Code;
use super::refusal::Refusal;

/// Scans JSON text for more than `depth` open brackets, more than `values` commas and for the
/// escape of NUL. Grammar is left to the parser.
///
/// # Errors
/// `BAD_REQUEST` for nesting and number, `BAD_USER_INPUT` for NUL.
pub fn scan(bytes: &[u8], depth: usize, values: usize) -> Result<(), Refusal> {
    let mut commas = 0_usize;
    let mut open = 0_usize;
    let mut at = 0;
    let mut in_string = false;
    while let Some(byte) = bytes.get(at) {
        match (byte, in_string) {
            (b'\\', true) if bytes[at..].starts_with(b"\\u0000") => return Err(nul()),
            (b'\\', true) => at += 1,
            (b'"', _) => in_string = !in_string,
            (b'[' | b'{', false) => {
                open += 1;
                if open > depth {
                    return Err(too_deep());
                }
            }
            (b']' | b'}', false) => open = open.saturating_sub(1),
            (b',', false) => {
                commas += 1;
                if commas > values {
                    return Err(too_many());
                }
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

fn too_deep() -> Refusal {
    Refusal::new(Code::BadRequest, "The JSON of the request is nested too deep.")
}

fn too_many() -> Refusal {
    Refusal::new(Code::BadRequest, "The JSON of the request holds too many values.")
}

fn nul() -> Refusal {
    Refusal::new(Code::BadUserInput, "A text of the request holds the character NUL.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<Code> {
        scan(text.as_bytes(), 3, 10).err().map(|refusal| refusal.code)
    }

    #[test]
    fn nesting_is_counted_outside_strings() {
        assert_eq!(code("[[[1]]]"), None);
        assert_eq!(code("[[[[1]]]]"), Some(Code::BadRequest));
        assert_eq!(code(r#"{"a":{"b":[1]},"c":[[]]}"#), None);
        assert_eq!(code(r#"{"a":{"b":[{}]}}"#), Some(Code::BadRequest));
        assert_eq!(code(r#"["[[[[", "\"[[[[", "\\"]"#), None);
        assert_eq!(code(&"[".repeat(1_000_000)), Some(Code::BadRequest));
    }

    #[test]
    fn values_are_counted_outside_strings() {
        assert_eq!(code(&format!("[1{}]", ",1".repeat(10))), None);
        assert_eq!(code(&format!("[1{}]", ",1".repeat(11))), Some(Code::BadRequest));
        assert_eq!(code(&format!("[\"{}\"]", ",".repeat(50))), None);
    }

    #[test]
    fn nul_is_found_behind_one_backslash_only() {
        assert_eq!(code(r#"["\u0000"]"#), Some(Code::BadUserInput));
        assert_eq!(code(r#"["\\u0000"]"#), None);
        assert_eq!(code(r#"["\\\u0000"]"#), Some(Code::BadUserInput));
    }
}
