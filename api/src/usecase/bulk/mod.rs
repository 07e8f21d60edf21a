//! Bulk jobs: somebody asks for all rows of a kind, any node reads them as that same person could at that moment, and the
//! file is fetched once by a link. Large ones need a second person of the same organization.

mod approve;
mod cancel;
mod compose;
mod file;
mod import;
mod link;
mod read;
mod run;
mod start;
mod start_import;
mod upload;

pub use approve::approve;
pub use cancel::cancel;
pub use compose::{Cut, NoCut, Reader, Wanted};
pub use import::Doer;
pub use link::{LinkTo, MadeLink, link, secret_of};
pub use read::{job, jobs, jobs_by_id};
pub use run::Runner;
pub use start::{StartExport, start_export};
pub use start_import::{StartImport, start_import};

use crate::app::App;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::bulk::{BulkJob, still};
use crate::domain::global_id::Kind;
use crate::domain::id::{BulkJobId, OrganizationId};
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::ledger::{Deed, Happening};
use crate::store::sealing::Place;
use uuid::Uuid;

/// Which job, in which version.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    pub job: BulkJobId,
    pub expected_version: i32,
}

/// Whoever started a job, as they stand now; nothing when they may no longer read all that they could.
///
/// # Errors
/// What the engine refuses.
async fn starter(app: &App, job: &BulkJob) -> Result<Option<Actor>, Fault> {
    let actor = app.store.actor_now(job.principal_id, job.organization_id.into()).await?;
    Ok(actor.and_then(|actor| still(actor, &job.rights)))
}

/// What the clock does with a job is done in the name of whoever started it.
fn deed(job: &BulkJob, name: &'static str, now: i64) -> Deed {
    Deed {
        organization: job.organization_id,
        principal: job.principal_id,
        principal_kind: if job.principal_kind == "CLIENT" { "CLIENT" } else { "MEMBER" },
        mutation: name,
        request: request_of(job),
        now,
    }
}

/// Under which name the steps of a job stand in the logs and the audit.
fn request_of(job: &BulkJob) -> String {
    format!("bulk-{}", Uuid::from(job.id))
}

/// Whom a job's end is told: the member who started it; the administrators for an application, which hears what they hear.
fn to_starter(job: &BulkJob) -> Notice {
    let told = Notice::to(job.organization_id);
    if job.principal_kind == "CLIENT" {
        Notice { role: Some(MemberRole::Administrator), ..told }
    } else {
        Notice { member: Some(job.principal_id.into()), ..told }
    }
}

/// Those who answer for what leaves an organization.
fn to_those_who_answer(organization: OrganizationId) -> [Notice; 2] {
    [MemberRole::Administrator, MemberRole::DataProtection]
        .map(|role| Notice { role: Some(role), ..Notice::to(organization) })
}

/// Writes down what happened to a job, and tells of it: each notification is a change that its readers are told of.
fn record(tx: &Tx, deed: &Deed, job: &BulkJob, version: i32, told: impl IntoIterator<Item = Notice>) {
    let subject = (Kind::BulkJob, job.id.into());
    let count = |rows: i64| i32::try_from(rows).unwrap_or(i32::MAX);
    let progress = job.expected_rows.map(|expected| (count(job.row_count), count(expected)));
    tx.record(deed, &Happening { progress, ..Happening::to(subject, "ADMINISTRATOR", version) });
    for notice in told {
        tx.tell(&notice, deed.mutation, subject, deed.now);
    }
}

/// Where a piece of a job's file is sealed.
fn piece_place(job: BulkJobId) -> Place {
    Place { table: "bulk_piece", column: "body_sealed", row: job.into() }
}
