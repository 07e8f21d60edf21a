//! Bulk jobs: exports that go on beside the server, what they have read so far, and the links by which it is fetched.

crate::dialect::step!(UP, DOWN);

// bulk_job: who asked for what and why, how far it has come, and which node works on it. rights are the roles or scopes of
// who started it at that time; asked is the filter as JSON, without anything personal; reached is the cursor of the last row
// that is kept. token grows with each node that takes it up: a write under an older one is refused.
// bulk_piece: a part of a file, sealed: it is read in the order of its numbers and thrown away with the job's file.
// bulk_link: a link that is good once. Only a keyed hash of its secret is kept.
const UP: &str = "
CREATE TABLE bulk_job (
    id UUID NOT NULL PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organization (id),
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    purpose TEXT NOT NULL,
    principal_id UUID NOT NULL,
    principal_kind TEXT NOT NULL,
    rights TEXT NOT NULL,
    asked TEXT,
    row_count BIGINT NOT NULL,
    expected_rows BIGINT,
    reached TEXT,
    read_at BIGINT,
    pieces INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT,
    changes_after TEXT,
    approved_by UUID,
    approved_at BIGINT,
    waits_until BIGINT,
    expires_at BIGINT,
    error TEXT,
    failures INTEGER NOT NULL,
    holder UUID,
    token BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    worked_at BIGINT NOT NULL,
    version INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX bulk_job_list ON bulk_job (organization_id, created_at, id);
CREATE INDEX bulk_job_work ON bulk_job (state, worked_at, id);
CREATE TABLE bulk_piece (
    job_id UUID NOT NULL REFERENCES bulk_job (id),
    side TEXT NOT NULL,
    number INTEGER NOT NULL,
    start_at BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    body_sealed TEXT NOT NULL,
    PRIMARY KEY (job_id, side, number)
);
CREATE TABLE bulk_link (
    id UUID NOT NULL PRIMARY KEY,
    job_id UUID NOT NULL REFERENCES bulk_job (id),
    secret_hash TEXT NOT NULL UNIQUE,
    side TEXT NOT NULL,
    start_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX bulk_link_job ON bulk_link (job_id);
CREATE INDEX bulk_link_age ON bulk_link (expires_at)";

const DOWN: &str = "
DROP TABLE bulk_link;
DROP TABLE bulk_piece;
DROP TABLE bulk_job";
