//! What stands beside each write in its transaction: audit row, outbox row, idempotency record, notifications.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE audit (
  id UUID NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  organization_id UUID,
  principal_id UUID,
  principal_kind TEXT NOT NULL,
  operation TEXT NOT NULL,
  decision TEXT NOT NULL CONSTRAINT audit_decision CHECK (decision IN ('ALLOW', 'DENY')),
  outcome TEXT NOT NULL,
  subject_kind TEXT,
  subject_id UUID,
  request_id TEXT NOT NULL
);
CREATE INDEX audit_of ON audit (organization_id, at, id);
CREATE INDEX audit_subject ON audit (subject_id, at);

CREATE TABLE outbox (
  id UUID NOT NULL PRIMARY KEY,
  sequence BIGINT,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  receiver_organization_id UUID,
  case_id UUID,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_sequence ON outbox (sequence);
CREATE INDEX outbox_waiting ON outbox (id) WHERE sequence IS NULL;

CREATE TABLE idempotency (
  organization_id UUID NOT NULL,
  principal_id UUID NOT NULL,
  mutation TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, principal_id, mutation, idempotency_key)
);
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE key_check (
  purpose TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE notification (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX notification_of ON notification (organization_id, at, id)";

const DOWN: &str = "
DROP TABLE notification;
DROP TABLE key_check;
DROP TABLE idempotency;
DROP TABLE outbox;
DROP TABLE audit";
