//! Webhooks: where an organization is told of changes, the keys that sign, what is to be told, and how each attempt went.
//! What a receiver answered beyond its status is not kept.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE webhook_endpoint (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  topics TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT webhook_endpoint_state CHECK (state IN ('ENABLED', 'PAUSED', 'DISABLED')),
  because TEXT,
  signing TEXT NOT NULL CONSTRAINT webhook_endpoint_signing CHECK (signing IN ('KEY_PAIR', 'SHARED_SECRET')),
  cursor BIGINT NOT NULL,
  failing_since BIGINT,
  told INTEGER NOT NULL DEFAULT 0,
  last_success_at BIGINT,
  spared_until BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoint_of ON webhook_endpoint (organization_id, created_at, id);
CREATE INDEX webhook_endpoint_failing ON webhook_endpoint (organization_id) WHERE failing_since IS NOT NULL;

CREATE TABLE webhook_key (
  id UUID NOT NULL PRIMARY KEY,
  endpoint_id UUID NOT NULL REFERENCES webhook_endpoint (id),
  secret_sealed TEXT NOT NULL,
  public_key TEXT,
  created_at BIGINT NOT NULL,
  ends_at BIGINT
);
CREATE INDEX webhook_key_of ON webhook_key (endpoint_id, created_at);

CREATE TABLE webhook_delivery (
  id UUID NOT NULL PRIMARY KEY,
  endpoint_id UUID NOT NULL REFERENCES webhook_endpoint (id),
  organization_id UUID NOT NULL,
  sequence BIGINT,
  place BIGINT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  kind TEXT NOT NULL,
  change TEXT NOT NULL CONSTRAINT webhook_delivery_change CHECK (change IN ('UPSERT', 'TOMBSTONE')),
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL CONSTRAINT webhook_delivery_state CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  claim UUID,
  claimed_until BIGINT,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  CONSTRAINT webhook_delivery_once UNIQUE (endpoint_id, sequence, subject_id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at, endpoint_id) WHERE state = 'PENDING';
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (endpoint_id, subject_id, place) WHERE state = 'PENDING';
CREATE INDEX webhook_delivery_log ON webhook_delivery (endpoint_id, created_at, id);
CREATE INDEX webhook_delivery_old ON webhook_delivery (created_at);

CREATE TABLE webhook_attempt (
  id UUID NOT NULL PRIMARY KEY,
  delivery_id UUID NOT NULL REFERENCES webhook_delivery (id),
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER,
  latency_ms INTEGER NOT NULL
);
CREATE INDEX webhook_attempt_of ON webhook_attempt (delivery_id, at)";

const DOWN: &str = "
DROP TABLE webhook_attempt;
DROP TABLE webhook_delivery;
DROP TABLE webhook_key;
DROP TABLE webhook_endpoint";
