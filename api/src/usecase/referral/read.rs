//! Reading one referral.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::id::ReferralId;
use crate::domain::page::{Page, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::referral::Referral;
use crate::domain::rule::Fault;
use crate::domain::sealed::Private;
pub use crate::store::referral_overview::{Overview, Tally};
pub use crate::store::referrals::{Direction, ReferralFilter, ReferralOrder};

/// Parts of a referral as it stands after a write, through the asker's own eyes.
///
/// # Errors
/// What the engine refuses.
pub async fn after(app: &App, sight: &Sight, id: ReferralId, parts: &Parts) -> Result<Option<Referral>, Fault> {
    app.store.referral(sight, id, parts).await
}

/// A referral of the asker's organization by its own reference.
///
/// # Errors
/// What the engine refuses.
pub async fn by_reference(app: &App, sight: &Sight, reference: &str) -> Result<Option<Referral>, Fault> {
    match sight.organization {
        Some(organization) => {
            let index = app.reference_index(organization, &Private::new(reference.to_owned()));
            app.store.referral_by_reference(sight, &index).await
        }
        None => Ok(None),
    }
}

/// How many referrals the asker sees in each state, from each side, and how many of them are late.
///
/// # Errors
/// What the engine refuses.
pub async fn overview(app: &App, sight: &Sight) -> Result<Overview, Fault> {
    app.store.referral_overview(sight, app.now()).await
}

/// The referrals that the asker is a party of, in the order that the filter names.
///
/// # Errors
/// What the engine refuses.
pub async fn list(app: &App, sight: &Sight, filter: &ReferralFilter, window: &Window) -> Result<Page<Referral>, Fault> {
    app.store.referrals(sight, filter, window).await
}

/// A referral that the asker is a party of. The receiver's first read is kept: the sender sees that it was seen. It
/// stops no clock.
///
/// # Errors
/// What the engine refuses.
pub async fn read(app: &App, actor: &Actor, id: ReferralId) -> Result<Option<Referral>, Fault> {
    let sight = Sight::of(actor);
    let Some(referral) = app.store.referral(&sight, id, &Parts::All).await? else { return Ok(None) };
    let unseen = referral.times.opened_at.is_none() && actor.organization() == Some(referral.receiver.id);
    if !unseen {
        return Ok(Some(referral));
    }
    let tx = app.store.begin().await?;
    tx.note_opened(id, app.now()).await?;
    tx.commit().await?;
    app.store.referral(&sight, id, &Parts::All).await
}
