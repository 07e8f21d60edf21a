//! Taking over a directory of services.

use std::io::Write;

use super::arguments::ImportHsds;
use super::failed::{Ending, Failed};
use super::migrate::unwritten;
use crate::hsds;

/// Reads an HSDS directory and tells what it holds and what could not be taken.
///
/// # Errors
/// The directory can't be read as a whole.
pub fn hsds(asked: &ImportHsds, out: &mut impl Write) -> Result<(), Failed> {
    let directory = hsds::read(&asked.path)
        .map_err(|fault| Failed::with(Ending::Refused, format!("{fault}; nothing of it was taken.")))?;
    let services: usize = directory.organizations.iter().map(|organization| organization.services.len()).sum();
    let counts = serde_json::json!({
        "organizations": directory.organizations.len(),
        "services": services,
        "notTaken": directory.refused.iter().filter(|row| !row.taken).count(),
        "fieldsLeftOut": directory.refused.iter().filter(|row| row.taken).count(),
    });
    writeln!(out, "{counts}").map_err(unwritten)?;
    for row in &directory.refused {
        let line = serde_json::to_string(row).map_err(|error| unwritten(error.into()))?;
        writeln!(out, "{line}").map_err(unwritten)?;
    }
    Ok(())
}
