//! Several changes as one statement, so that PostgreSQL is asked once. Only for changes of which none reads what another
//! writes: all parts of a statement see the database as it was before.

use sea_orm::Statement;

/// Changes as one statement: all but the last as parts of a WITH, their parameters numbered on.
#[must_use]
pub fn joined(mut statements: Vec<Statement>) -> Vec<Statement> {
    let Some(last) = statements.pop() else { return statements };
    if statements.is_empty() {
        return vec![last];
    }
    let backend = last.db_backend;
    let (mut text, mut values) = (String::new(), Vec::new());
    for (at, statement) in statements.into_iter().enumerate() {
        text += &format!("{} w{at} AS (", if at == 0 { "WITH" } else { "," });
        renumbered(&statement.sql, values.len(), &mut text);
        text.push(')');
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
    }
    text.push(' ');
    renumbered(&last.sql, values.len(), &mut text);
    values.extend(last.values.into_iter().flat_map(|values| values.0));
    vec![Statement::from_sql_and_values(backend, text, values)]
}

/// A statement's text with parameters that begin after `before` others. Its texts hold no dollar sign but theirs.
fn renumbered(text: &str, before: usize, out: &mut String) {
    let mut parts = text.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = part[..digits].parse().unwrap_or_default();
        out.push_str(&format!("${}{}", number + before, &part[digits..]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{DatabaseBackend, Value};

    fn statement(text: &str, values: &[i32]) -> Statement {
        let values: Vec<Value> = values.iter().map(|value| (*value).into()).collect();
        Statement::from_sql_and_values(DatabaseBackend::Postgres, text, values)
    }

    #[test]
    fn changes_are_joined_with_their_parameters_numbered_on() {
        let one = statement("UPDATE a SET b = $2 WHERE c = $1", &[1, 2]);
        let other = statement("INSERT INTO d VALUES ($1, $1)", &[3]);
        let third = statement("DELETE FROM e WHERE f = $1", &[4]);
        assert_eq!(
            joined(vec![one.clone(), other, third]),
            [statement(
                "WITH w0 AS (UPDATE a SET b = $2 WHERE c = $1), w1 AS (INSERT INTO d VALUES ($3, $3)) \
                 DELETE FROM e WHERE f = $4",
                &[1, 2, 3, 4]
            )]
        );
        assert_eq!(joined(vec![one.clone()]), [one]);
        assert_eq!(joined(vec![]), []);
    }
}
