//! Inputs of bulk jobs.

use crate::domain::bulk::{BulkKind, BulkPurpose, BulkState};
use crate::domain::global_id::Kind;
use crate::domain::rule::{Failure, RuleCode};
use crate::graphql::input::Reader;
use crate::graphql::referral_query::ReferralFilter;
use crate::graphql::service_filter::ServiceFilter;
use crate::usecase::bulk::{LinkTo, StartExport, StartImport, Which};
use async_graphql::{ID, InputObject, InputType};

/// What is to be exported, and what for.
#[derive(InputObject)]
pub struct StartBulkExportInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255 printable characters.
    pub idempotency_key: String,
    /// What is exported.
    kind: BulkKind,
    /// What for.
    purpose: BulkPurpose,
    /// Which services; for `kind: SERVICES` only.
    services: Option<ServiceFilter>,
    /// Which referrals; for `kind: REFERRALS` only.
    referrals: Option<ReferralFilter>,
}

impl StartBulkExportInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// INVALID for a filter of another kind.
    pub fn checked(&self) -> Result<StartExport, Failure> {
        let mut reader = Reader::default();
        reader.check(self.services.is_none() || self.kind == BulkKind::Services, "services", RuleCode::Invalid);
        reader.check(self.referrals.is_none() || self.kind == BulkKind::Referrals, "referrals", RuleCode::Invalid);
        let filter = match (&self.services, &self.referrals) {
            (Some(filter), _) => Some(filter.to_value()),
            (None, Some(filter)) => Some(filter.to_value()),
            (None, None) => None,
        };
        let asked = filter.and_then(|filter| filter.into_json().ok()).map(|filter| filter.to_string());
        reader.settle(StartExport { kind: self.kind, purpose: self.purpose, asked })
    }
}

/// What is to be imported: lines of JSON, each with `madeAt` and a `command` as in `submitEnvelope`.
#[derive(InputObject)]
pub struct StartBulkImportInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255 printable characters.
    pub idempotency_key: String,
    /// How many bytes will be uploaded, 64 MiB at the most.
    bytes: i32,
    /// Their SHA-256, in 64 hexadecimal digits.
    sha256: String,
}

impl StartBulkImportInput {
    /// The input in the domain's terms.
    #[must_use]
    pub fn read(&self) -> StartImport {
        StartImport { bytes: self.bytes.into(), sha256: self.sha256.clone() }
    }
}

/// The job that somebody agrees to.
#[derive(InputObject)]
pub struct ApproveBulkJobInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255 printable characters.
    pub idempotency_key: String,
    /// The job.
    bulk_job_id: ID,
    /// The version you read.
    expected_version: i32,
}

/// The job that is stopped.
#[derive(InputObject)]
pub struct CancelBulkJobInput {
    /// Your key for this request: the same key with the same input is answered the same and changes nothing. 1 to 255 printable characters.
    pub idempotency_key: String,
    /// The job.
    bulk_job_id: ID,
    /// The version you read.
    expected_version: i32,
}

impl ApproveBulkJobInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Which, Failure> {
        which(&self.bulk_job_id, self.expected_version)
    }
}

impl CancelBulkJobInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<Which, Failure> {
        which(&self.bulk_job_id, self.expected_version)
    }
}

fn which(id: &ID, expected_version: i32) -> Result<Which, Failure> {
    let mut reader = Reader::default();
    let job = reader.key("bulkJobId", Kind::BulkJob, id);
    reader.settle(Which { job, expected_version })
}

/// The file that is to be fetched or uploaded.
#[derive(InputObject)]
pub struct CreateBulkLinkInput {
    /// Your key for this request: the same key with the same input is answered the same link and changes nothing. 1 to 255 printable characters.
    pub idempotency_key: String,
    /// The job.
    bulk_job_id: ID,
    /// How many bytes of the file you have already, from a download that broke; the link begins behind them. For an upload, `receivedBytes` of the job.
    #[graphql(default = 0)]
    offset: i32,
}

impl CreateBulkLinkInput {
    /// The input in the domain's terms.
    ///
    /// # Errors
    /// An identifier of another kind.
    pub fn checked(&self) -> Result<LinkTo, Failure> {
        let mut reader = Reader::default();
        let job = reader.key("bulkJobId", Kind::BulkJob, &self.bulk_job_id);
        reader.settle(LinkTo { job, start_at: self.offset.into() })
    }
}

/// Which jobs are asked for; what is absent does not limit.
#[derive(InputObject, Default)]
pub struct BulkJobFilter {
    /// In any of these states.
    pub state: Option<Vec<BulkState>>,
}
