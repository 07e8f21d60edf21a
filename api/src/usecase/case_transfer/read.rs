//! Reading proposals, as one of their two sides.

use crate::app::App;
use crate::domain::case_transfer::CaseTransfer;
use crate::domain::id::CaseTransferId;
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
pub use crate::store::case_transfers::TransferFilter;

/// A proposal, for those who read cases of either side.
///
/// # Errors
/// What the engine refuses.
pub async fn transfer(app: &App, sight: &Sight, id: CaseTransferId) -> Result<Option<CaseTransfer>, Fault> {
    Ok(app.store.transfers_by_id(sight, &[id]).await?.remove(&id))
}

/// A page of proposals, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn list(
    app: &App,
    sight: &Sight,
    filter: &TransferFilter,
    window: &Window,
) -> Result<Page<CaseTransfer>, Fault> {
    app.store.case_transfers(sight, filter, window).await
}
