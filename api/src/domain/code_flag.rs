//! Booleans as the engines tell them: SQLite writes 0 and 1 where PostgreSQL writes false and true.

use serde::{Deserialize, Deserializer};

/// Reads a boolean that may come as a number.
///
/// # Errors
/// Anything else than a boolean or a number.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Plain(bool),
        Number(i64),
    }
    Ok(match Flag::deserialize(deserializer)? {
        Flag::Plain(value) => value,
        Flag::Number(value) => value != 0,
    })
}
