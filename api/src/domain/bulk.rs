//! Bulk jobs: exports and imports that go on beside the server. Who starts one is asked anew at every step what they may read.

use crate::domain::actor::{Actor, MemberRole};
use crate::domain::code::{Code as _, codes};
use crate::domain::id::{BulkJobId, OrganizationId};
use crate::domain::policy::{Extent, Power, extent};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How many jobs of one organization are under way at once.
pub const MOST_OPEN: i64 = 5;
/// How long a link is good, in microseconds.
pub const LINK_GOOD_FOR: i64 = 15 * 60_000_000;
/// How long a file can be fetched after its job is done, in microseconds.
pub const FILE_KEPT: i64 = 24 * 3_600_000_000;
/// How long a job waits for somebody to do the next step, in microseconds.
pub const WAITS_FOR_PEOPLE: i64 = 7 * 24 * 3_600_000_000;
/// Above how many rows somebody else must agree to an export, where a deployment says nothing.
pub const ROWS_ALONE: i64 = 10_000;
/// How many rows are read and kept in one step.
pub const ROWS_AT_ONCE: usize = 1_000;
/// How many bytes of a file are taken in.
pub const MOST_UPLOADED: i64 = 64 * 1024 * 1024;
/// How many lines of an import are done in one step: one envelope.
pub const LINES_AT_ONCE: usize = crate::domain::envelope::MOST_COMMANDS;
/// How long a line of an import is, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;
/// How often a step may fail in a row before the job is given up.
pub const MOST_FAILURES: i32 = 5;

codes! {
    /// Which way a bulk job goes.
    pub enum BulkDirection {
        /// Out of here, into a file.
        Export = "EXPORT",
        /// Into here, from a file.
        Import = "IMPORT",
    }
}

codes! {
    /// What a bulk job is about. More may come: take one you do not know for a job that you did not start.
    pub enum BulkKind {
        /// The directory's services, as you can read them.
        Services = "SERVICES",
        /// Referrals that your organization is a party of, without texts and without the person.
        Referrals = "REFERRALS",
        /// Cases that your organization can read, without the person.
        Cases = "CASES",
        /// Commands that are done one by one, as `submitEnvelope` takes them; only into here.
        Commands = "COMMANDS",
    }
}

codes! {
    /// Where a bulk job stands. More may come: take one you do not know for a job under way.
    pub enum BulkState {
        /// It will be begun soon.
        Queued = "QUEUED",
        /// It has so many rows that somebody else of your organization must agree.
        AwaitingApproval = "AWAITING_APPROVAL",
        /// Its file is still to be uploaded.
        AwaitingUpload = "AWAITING_UPLOAD",
        /// It goes on, or waits for tomorrow's rows.
        Running = "RUNNING",
        /// It is done; its file can be fetched for a day.
        Done = "DONE",
        /// It was given up; the job says why.
        Failed = "FAILED",
        /// Somebody stopped it.
        Cancelled = "CANCELLED",
        /// Its file was thrown away, or nobody agreed in time.
        Expired = "EXPIRED",
    }
}

impl BulkState {
    /// Whether something is still to come before the file is there.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::AwaitingApproval | Self::AwaitingUpload | Self::Running)
    }
}

codes! {
    /// Why a bulk job was given up. More may come.
    pub enum BulkError {
        /// Whoever started it can no longer read what it is about.
        AccessEnded = "ACCESS_ENDED",
        /// The filter names something that does not fit.
        FilterInvalid = "FILTER_INVALID",
        /// What was uploaded is not what was said would be.
        ChecksumWrong = "CHECKSUM_WRONG",
        /// A line of it is longer than 64 KiB.
        Unreadable = "UNREADABLE",
        /// It failed on our side, several times.
        Internal = "INTERNAL",
    }
}

codes! {
    /// What a job is for. It is kept with the record of who exported what.
    pub enum BulkPurpose {
        /// Keep another system in step.
        Sync = "SYNC",
        /// Work for the persons concerned.
        Care = "CARE",
        /// Coordinate between partners.
        Coordination = "COORDINATION",
        /// Monitor and evaluate.
        Monitoring = "MONITORING",
        /// Account for what was done.
        Audit = "AUDIT",
    }
}

/// A bulk job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkJob {
    pub id: BulkJobId,
    pub organization_id: OrganizationId,
    pub direction: BulkDirection,
    pub kind: BulkKind,
    pub state: BulkState,
    pub purpose: BulkPurpose,
    /// The member or application that started it.
    pub principal_id: Uuid,
    pub principal_kind: String,
    /// What they had when they started it, as [`rights_of`] tells it.
    pub rights: Vec<String>,
    /// The filter as JSON.
    pub asked: Option<String>,
    /// Rows that are in the file so far.
    pub row_count: i64,
    /// Rows that there were when they were counted.
    pub expected_rows: Option<i64>,
    /// The cursor of the last row in the file.
    pub reached: Option<String>,
    /// When the last row was read, UTC microseconds.
    pub read_at: Option<i64>,
    /// Parts of the file.
    pub pieces: i32,
    /// Bytes of the file so far, compressed.
    pub bytes: i64,
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The cursor of the changes from which its reader goes on.
    pub changes_after: Option<String>,
    pub approved_by: Option<Uuid>,
    pub approved_at: Option<i64>,
    /// Until when it waits for rows that may be exported, UTC microseconds.
    pub waits_until: Option<i64>,
    /// When its file is thrown away, UTC microseconds.
    pub expires_at: Option<i64>,
    pub error: Option<BulkError>,
    /// How often the present step failed.
    pub failures: i32,
    /// How many bytes will be uploaded, for an import.
    pub upload_bytes: Option<i64>,
    /// Their SHA-256 as it was said beforehand.
    pub upload_sha256: Option<String>,
    /// How many of them have come.
    pub received: Option<i64>,
    /// In how many pieces.
    pub uploaded: Option<i32>,
    /// Grows with each node that takes it up.
    pub token: i64,
    pub version: i32,
    pub created_at: i64,
    pub ended_at: Option<i64>,
}

/// A file that is fetched, and how far.
#[derive(Debug, Clone)]
pub struct Course {
    pub job: BulkJob,
    /// The byte that is sent next.
    pub at: i64,
}

/// A file whose sending begins.
#[derive(Debug, Clone)]
pub struct OpenFile {
    /// What the reader may call it.
    pub name: String,
    /// How many bytes are sent.
    pub length: u64,
    /// From which byte on.
    pub start_at: i64,
    pub course: Course,
}

/// A file that is taken in, and how far.
#[derive(Debug, Clone)]
pub struct Upload {
    pub job: BulkJob,
    /// The byte that comes next.
    pub at: i64,
    /// The piece that comes next.
    pub number: i32,
}

/// What has come of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    pub bytes: i64,
    pub of: i64,
    pub is_whole: bool,
}

/// Which jobs somebody sees: their own, and all of the organization for those who answer for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkSight {
    pub organization: OrganizationId,
    pub principal: Uuid,
    pub answers: bool,
}

impl BulkSight {
    /// What `actor` sees; nothing for nobody.
    #[must_use]
    pub fn of(actor: &Actor) -> Option<Self> {
        Some(Self { organization: actor.organization()?, principal: actor.principal()?, answers: answers(actor) })
    }
}

/// Whether `actor` answers for what their organization exports: its administrators, and those who watch over the
/// protection of data, in all programs. An application never does.
#[must_use]
pub fn answers(actor: &Actor) -> bool {
    let Actor::Member { roles, .. } = actor else { return false };
    roles.iter().any(|grant| {
        grant.program.is_none() && matches!(grant.role, MemberRole::Administrator | MemberRole::DataProtection)
    })
}

/// Whether `actor` may export things of a kind at all.
#[must_use]
pub fn may_export(actor: &Actor, kind: BulkKind) -> bool {
    let has = |power| extent(actor, power) != Extent::Nothing;
    match kind {
        BulkKind::Services => actor.organization().is_some(),
        BulkKind::Referrals => has(Power::ReadReferrals) || has(Power::CoordinateReferrals),
        BulkKind::Cases => has(Power::ReadCases),
        // Commands only come in.
        BulkKind::Commands => false,
    }
}

/// Whether `actor` may do any of the commands of an import; each is judged on its own.
#[must_use]
pub fn may_import(actor: &Actor) -> bool {
    [Power::SendReferrals, Power::DecideReferrals, Power::DeliverServices, Power::WriteCases]
        .into_iter()
        .any(|power| extent(actor, power) != Extent::Nothing)
}

/// Whether others must hear that things of a kind leave: all but the directory.
#[must_use]
pub fn is_told(kind: BulkKind) -> bool {
    kind != BulkKind::Services
}

/// The roles or scopes that somebody has, in an order of their own.
#[must_use]
pub fn rights_of(actor: &Actor) -> Vec<String> {
    let rights: BTreeSet<String> = match actor {
        Actor::Anonymous => BTreeSet::new(),
        Actor::Client { scopes, .. } => scopes.iter().map(|scope| scope.code().to_owned()).collect(),
        Actor::Member { roles, .. } => {
            let told = |program: Uuid| format!(":{program}");
            let right = |role: MemberRole, program: Option<Uuid>| {
                format!("{}{}", role.code(), program.map(told).unwrap_or_default())
            };
            roles.iter().map(|grant| right(grant.role, grant.program.map(Uuid::from))).collect()
        }
    };
    rights.into_iter().collect()
}

/// Somebody as they are now, with no more scopes than they had when they started; nothing where they have lost something
/// since: what they read before could be more than they may read now.
#[must_use]
pub fn still(actor: Actor, rights: &[String]) -> Option<Actor> {
    let now = rights_of(&actor);
    if !rights.iter().all(|right| now.contains(right)) {
        return None;
    }
    // No scopes at all are not all scopes.
    let scope = if rights.is_empty() { "-".to_owned() } else { rights.join(" ") };
    Some(actor.narrowed_to(&scope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::{RoleGrant, Scope, Standing};
    use crate::domain::organization::OrganizationKind;

    fn standing() -> Standing {
        Standing { organization: Uuid::from_u128(1).into(), kinds: vec![OrganizationKind::ServiceProvider] }
    }

    fn member(roles: &[(MemberRole, Option<u128>)]) -> Actor {
        let grant = |(role, program): &(MemberRole, Option<u128>)| RoleGrant {
            role: *role,
            program: program.map(|program| Uuid::from_u128(program).into()),
        };
        Actor::Member { id: Uuid::from_u128(2).into(), standing: standing(), roles: roles.iter().map(grant).collect() }
    }

    #[test]
    fn who_lost_something_is_no_longer_who_started() {
        let before = rights_of(&member(&[(MemberRole::Intake, Some(7)), (MemberRole::CaseManager, None)]));
        let same = member(&[(MemberRole::CaseManager, None), (MemberRole::Intake, Some(7))]);
        assert_eq!(still(same.clone(), &before), Some(same));
        assert_eq!(still(member(&[(MemberRole::CaseManager, None)]), &before), None);
        let elsewhere = member(&[(MemberRole::Intake, Some(8)), (MemberRole::CaseManager, None)]);
        assert_eq!(still(elsewhere, &before), None);
    }

    #[test]
    fn an_application_keeps_the_scopes_it_started_with() {
        let client = |scopes: &[Scope]| Actor::Client {
            id: Uuid::from_u128(3).into(),
            standing: standing(),
            scopes: scopes.to_vec(),
        };
        let before = rights_of(&client(&[Scope::ReferralsRead]));
        let more = client(&[Scope::CasesRead, Scope::ReferralsRead]);
        assert_eq!(still(more, &before), Some(client(&[Scope::ReferralsRead])));
        assert_eq!(still(client(&[Scope::CasesRead]), &before), None);
        assert_eq!(still(client(&[Scope::CasesRead]), &[]), Some(client(&[])));
    }

    #[test]
    fn only_people_answer_for_exports_and_only_everywhere() {
        assert!(answers(&member(&[(MemberRole::Administrator, None)])));
        assert!(answers(&member(&[(MemberRole::DataProtection, None)])));
        assert!(!answers(&member(&[(MemberRole::DataProtection, Some(7)), (MemberRole::Supervisor, None)])));
    }
}
