//! Links by which a file is fetched once. A link's secret is made from its key under the server's own key and kept nowhere;
//! a keyed hash of it is kept, by which it is known again.

use crate::app::App;
use crate::domain::bulk::{BulkSight, BulkState, LINK_GOOD_FOR};
use crate::domain::id::BulkJobId;
use crate::domain::rule::{Outcome, Refusal, Rule, RuleCode};
use crate::domain::sealed::Private;
use crate::store::bulk_files::{IN, NewLink, OUT};
use crate::usecase::work::{Ask, open};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record;

/// Which file, from which byte on.
#[derive(Debug, Clone, Copy)]
pub struct LinkTo {
    pub job: BulkJobId,
    pub start_at: i64,
}

/// A link that was made.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct MadeLink {
    pub id: Uuid,
    pub job: BulkJobId,
    pub expires_at: i64,
    /// Whether something is uploaded by it.
    pub is_upload: bool,
}

/// The secret of a link, to be shown to whoever had it made.
#[must_use]
pub fn secret_of(app: &App, id: Uuid) -> Private<String> {
    Private::new(app.sealer.keyed_hash("bulk_link", &id.to_string()))
}

/// What is kept of a secret.
pub(super) fn hash_of(app: &App, secret: &str) -> String {
    app.sealer.keyed_hash("bulk_link.kept", secret)
}

/// Makes a link to a file for whoever started its job. What arrived of a download that broke need not be sent again: the
/// next link begins behind it.
///
/// # Errors
/// NOT_FOUND for whom does not see the job; NOT_PERMITTED for all but whoever started it; NOT_NOW where there is no file
/// and none is waited for; INVALID for a byte that it does not have, or that is not the one that comes next.
pub async fn link(app: &App, ask: Ask<'_>, to: LinkTo) -> Outcome<MadeLink> {
    let work = open!(app, ask);
    let sight = BulkSight::of(work.actor).ok_or(Refusal::Unauthenticated)?;
    let job = work.tx.lock_bulk_job(&sight, to.job).await?;
    let job = job.ok_or_else(|| Rule::at("bulkJobId", RuleCode::NotFound))?;
    if job.principal_id != work.deed.principal {
        return Err(Rule::at("bulkJobId", RuleCode::NotPermitted).into());
    }
    let now = work.deed.now;
    let (side, fits) = match job.state {
        BulkState::Done if job.expires_at.is_some_and(|end| end > now) => (OUT, (0..job.bytes).contains(&to.start_at)),
        BulkState::AwaitingUpload => (IN, job.received == Some(to.start_at)),
        _ => return Err(Rule::at("bulkJobId", RuleCode::NotNow).into()),
    };
    if !fits {
        return Err(Rule::at("offset", RuleCode::Invalid).into());
    }
    // By chance alone, so that nothing of it follows from when it was made.
    let made = MadeLink { id: Uuid::new_v4(), job: job.id, expires_at: now + LINK_GOOD_FOR, is_upload: side == IN };
    let secret_hash = hash_of(app, secret_of(app, made.id).expose());
    let kept = NewLink {
        id: made.id,
        job: job.id,
        side,
        secret_hash,
        start_at: to.start_at,
        created_at: now,
        expires_at: made.expires_at,
    };
    work.tx.add_bulk_link(&kept).await?;
    record(&work.tx, &work.deed, &job, job.version, None);
    work.commit(made).await
}
