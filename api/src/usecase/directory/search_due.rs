//! Services that are not found as they stand: those that stood before there was a search, and those whose
//! organization was renamed.

use crate::app::App;
use crate::domain::rule::Fault;

/// Derives anew by what services are found, for all that are due; tells how many these were. Each batch is a
/// transaction, and two nodes that do the same do no harm.
///
/// # Errors
/// What the engine refuses.
pub async fn search_due(app: &App) -> Result<usize, Fault> {
    let mut done = 0;
    loop {
        let due = app.store.search_due().await?;
        if due.is_empty() {
            return Ok(done);
        }
        let tx = app.store.begin().await?;
        tx.refresh_search(&due).await?;
        tx.commit().await?;
        done += due.len();
    }
}
