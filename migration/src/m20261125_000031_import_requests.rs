//! Imports that a publisher decides about without a shell: the file that was looked at, how it is to be taken, and what
//! the publisher said.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE import_request (
  run_id UUID NOT NULL PRIMARY KEY REFERENCES import_run (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  file_name TEXT NOT NULL,
  file TEXT NOT NULL,
  category_map TEXT,
  country TEXT,
  language TEXT NOT NULL,
  mirror BOOLEAN NOT NULL,
  decision TEXT CONSTRAINT import_request_decision CHECK (decision IN ('APPLY', 'REFUSE')),
  decided_at BIGINT,
  decided_by UUID,
  taken_at BIGINT,
  failure TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX import_request_of ON import_request (organization_id, created_at, run_id);
CREATE INDEX import_request_due ON import_request (decided_at, run_id) WHERE decision = 'APPLY' AND failure IS NULL";

const DOWN: &str = "DROP TABLE import_request";
