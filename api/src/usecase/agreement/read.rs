//! Reading agreements: each party its own.

use crate::app::App;
use crate::domain::agreement::{Agreement, AgreementKind, AgreementStatus};
use crate::domain::clock::date_of;
use crate::domain::id::{AgreementId, OrganizationId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::agreements;
use jiff::ToSpan;
use jiff::civil::Date;

/// Which agreements are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct AgreementFilter {
    pub kind: Vec<AgreementKind>,
    pub status: Vec<AgreementStatus>,
    /// Active, and ending within so many days from today.
    pub expiring_within_days: Option<i32>,
    /// This organization is a party too.
    pub party: Option<OrganizationId>,
}

/// The agreements of the asker's organization, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn list(
    app: &App,
    sight: &Sight,
    filter: AgreementFilter,
    window: &Window,
) -> Result<Page<Agreement>, Fault> {
    let today = date_of(app.clock.now());
    let until = |days: i32| today.checked_add(days.max(0).days()).unwrap_or(Date::MAX).to_string();
    let filter = agreements::AgreementFilter {
        kind: filter.kind,
        status: filter.status,
        ends_between: filter.expiring_within_days.map(|days| (today.to_string(), until(days))),
        party: filter.party,
    };
    app.store.agreements(sight, &filter, window).await
}

/// One agreement of the asker's organization.
///
/// # Errors
/// What the engine refuses.
pub async fn one(app: &App, sight: &Sight, id: AgreementId) -> Result<Option<Agreement>, Fault> {
    Ok(app.store.agreements_by_id(sight, &[id]).await?.remove(&id))
}
