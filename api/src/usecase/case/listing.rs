//! Lists that hang on a case.

use crate::app::App;
use crate::domain::case::Case;
use crate::domain::case::CaseStatus;
use crate::domain::event::Event;
use crate::domain::id::{CaseId, ProgramId, ReferralId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::referral::Referral;
use crate::domain::rule::Fault;
use crate::store::cases::CaseFilter;
use crate::store::events::EventsOf;
use crate::store::referrals::ReferralFilter;

/// The cases that the asker's organization holds, newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn cases(
    app: &App,
    sight: &Sight,
    status: Vec<CaseStatus>,
    program: Option<ProgramId>,
    window: &Window,
) -> Result<Page<Case>, Fault> {
    app.store.cases(sight, &CaseFilter { status, program }, window).await
}

/// The case's referrals that the asker is a party of, newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn referrals(app: &App, sight: &Sight, case: CaseId, window: &Window) -> Result<Page<Referral>, Fault> {
    let filter = ReferralFilter { case: Some(case), ..ReferralFilter::default() };
    app.store.referrals(sight, &filter, window).await
}

/// What happened to a case, as far as the asker may know.
///
/// # Errors
/// What the engine refuses.
pub async fn timeline(app: &App, sight: &Sight, case: &Case, window: &Window) -> Result<Page<Event>, Fault> {
    app.store.events(sight, EventsOf::Case { id: case.id, is_held: case.is_held }, window).await
}

/// What happened to a referral that the asker has read.
///
/// # Errors
/// What the engine refuses.
pub async fn referral_events(app: &App, sight: &Sight, id: ReferralId, window: &Window) -> Result<Page<Event>, Fault> {
    app.store.events(sight, EventsOf::Referral(id), window).await
}
