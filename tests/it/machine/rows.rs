//! The rows of the table, read from the tests' own copy of it.

/// A row: a mutation, the states it starts from, where it leads and who takes it.
#[derive(Debug, Clone)]
pub struct Row {
    pub mutation: &'static str,
    pub from: Vec<&'static str>,
    /// A state, `=` for none, `<` for the state before.
    pub to: &'static str,
    pub parties: Vec<&'static str>,
}

/// Whether the receiver has no step left in a state.
pub fn is_ended(status: &str) -> bool {
    ["COMPLETED", "ENDED_EARLY", "DECLINED", "EXPIRED", "WITHDRAWN", "VOIDED"].contains(&status)
}

/// Whether a step is left in a state.
pub fn is_open(status: &str) -> bool {
    !is_ended(status) && status != "PURGED"
}

/// All rows of a referral that exists.
pub fn rows() -> Vec<Row> {
    let table = include_str!("../support/transitions.txt").lines().filter(|line| !line.starts_with('#'));
    let rows = table.map(|line| {
        let cells: Vec<&'static str> = line.split_whitespace().collect();
        let [_, mutation, from, to, parties, ..] = cells[..] else { panic!("no row: {line}") };
        Row { mutation, from: from.split(',').collect(), to, parties: parties.split(',').collect() }
    });
    rows.filter(|row| row.from != ["-"]).collect()
}

impl Row {
    /// Whether it may start from a state.
    pub fn starts_from(&self, status: &str) -> bool {
        match self.from[..] {
            ["sent"] => !["DRAFT", "VOIDED"].contains(&status),
            _ => self.from.contains(&status),
        }
    }
}
