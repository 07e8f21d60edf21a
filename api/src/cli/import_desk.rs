//! What an operator decides about imports: crosswalks, words nobody knows, and services that two publishers have.

use super::arguments::OfDatabase;
use super::database::open_current;
use super::entry::named;
use super::failed::{Ending, Failed};
use super::import_arguments::{Conflicts, Crosswalk, Decide, OfSource};
use super::parts;
use crate::app::App;
use crate::domain::code::Code as _;
use crate::usecase::import;
use uuid::Uuid;

async fn opened(of: &OfDatabase) -> Result<App, Failed> {
    parts::operators(open_current(&named(of)?).await?)
}

/// A cell without signs that would break its line or command a terminal.
fn cell(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

/// Loads a crosswalk and tells how many mappings hold today.
///
/// # Errors
/// The file can't be read or breaks rules; the database can't be used.
pub async fn crosswalk(asked: Crosswalk) -> Result<String, Failed> {
    let text = std::fs::read(&asked.path)
        .map_err(|error| Failed::with(Ending::Refused, format!("{} can't be read ({error}).", asked.path.display())))?;
    let app = opened(&asked.of.of).await?;
    let loaded = import::load_crosswalk(&app, &asked.of.source, &text).await;
    app.store.close().await;
    let loaded = loaded?;
    Ok(format!("rows\t{}\nin force\t{}", loaded.rows, loaded.in_force))
}

/// Lists the words that wait: scheme, code, label, services, suggestion.
///
/// # Errors
/// The database can't be used.
pub async fn quarantine(asked: OfSource) -> Result<String, Failed> {
    let app = opened(&asked.of).await?;
    let words = import::quarantine(&app, &asked.source).await;
    app.store.close().await;
    let mut lines = vec!["scheme\tcode\tlabel\tservices\tsuggestion".to_owned()];
    for word in words? {
        let suggestion = word.suggestion.unwrap_or_default();
        let cells = [word.scheme, word.code, word.label, word.services.to_string(), suggestion];
        lines.push(cells.map(|text| cell(&text)).join("\t"));
    }
    Ok(lines.join("\n"))
}

/// Lists conflicts: id, publisher, id there, name, the standing service, why, what was decided.
///
/// # Errors
/// The database can't be used.
pub async fn conflicts(asked: Conflicts) -> Result<String, Failed> {
    let app = opened(&asked.of).await?;
    let all = import::conflicts(&app, asked.source.as_deref()).await;
    app.store.close().await;
    let mut lines = vec!["conflict\tsource\tid\tname\tstanding\tcause\tdecision".to_owned()];
    for one in all? {
        let decision = one.decision.map(|decision| decision.code()).unwrap_or_default();
        let standing = Uuid::from(one.standing).to_string();
        let (cause, decision) = (one.cause.code().to_owned(), decision.to_owned());
        let cells = [one.id.to_string(), one.source, one.source_id, one.name, standing, cause, decision];
        lines.push(cells.map(|text| cell(&text)).join("\t"));
    }
    Ok(lines.join("\n"))
}

/// Decides a conflict.
///
/// # Errors
/// There is no such conflict; the database can't be used.
pub async fn decide(asked: Decide) -> Result<String, Failed> {
    let app = opened(&asked.of).await?;
    let decided = import::decide(&app, asked.conflict, asked.decision.code()).await;
    app.store.close().await;
    decided?;
    Ok(asked.decision.code().code().to_owned())
}
