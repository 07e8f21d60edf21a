//! Rows by the thousand, as statements with many rows of literals: far faster than one insert each.

use crate::failure::Done;
use passerelle::store::dialect::Engine;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityName, EntityTrait, Iterable, ModelTrait, Value};
use std::fmt::Write as _;

/// Rows of one statement.
const ROWS: usize = 1_000;

/// A way to add many rows.
pub struct Bulk<'a> {
    pub database: &'a DatabaseConnection,
    pub engine: Engine,
}

impl Bulk<'_> {
    /// Adds rows to the table they belong to.
    pub async fn add<M>(&self, rows: &[M]) -> Done<()>
    where
        M: ModelTrait,
        <M::Entity as EntityTrait>::Column: Iterable,
    {
        let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter().collect();
        let names: Vec<String> = columns.iter().map(|column| column.as_column_ref().1.to_string()).collect();
        for part in rows.chunks(ROWS) {
            let mut text = format!("INSERT INTO {} ({}) VALUES", M::Entity::default().table_name(), names.join(", "));
            for (at, row) in part.iter().enumerate() {
                for (place, column) in columns.iter().enumerate() {
                    text.push_str(match (place, at) {
                        (0, 0) => "(",
                        (0, _) => ",(",
                        _ => ",",
                    });
                    self.literal(row.get(*column), &mut text)?;
                }
                text.push(')');
            }
            self.run(&text).await?;
        }
        Ok(())
    }

    /// Runs a statement without parameters.
    pub async fn run(&self, text: &str) -> Done<()> {
        self.database.execute_unprepared(text).await?;
        Ok(())
    }

    fn literal(&self, value: Value, text: &mut String) -> Done<()> {
        match value {
            Value::Bool(Some(value)) => text.push_str(if value { "TRUE" } else { "FALSE" }),
            Value::Int(Some(value)) => write!(text, "{value}")?,
            Value::BigInt(Some(value)) => write!(text, "{value}")?,
            Value::Double(Some(value)) => write!(text, "{value:?}")?,
            Value::String(Some(value)) => write!(text, "'{}'", value.replace('\'', "''"))?,
            Value::Uuid(Some(value)) if self.engine == Engine::Postgres => write!(text, "'{value}'")?,
            Value::Uuid(Some(value)) => write!(text, "X'{}'", value.simple())?,
            Value::Bool(None)
            | Value::Int(None)
            | Value::BigInt(None)
            | Value::Double(None)
            | Value::String(None)
            | Value::Uuid(None) => text.push_str("NULL"),
            other => return Err(format!("no literal for {other:?}").into()),
        }
        Ok(())
    }
}
