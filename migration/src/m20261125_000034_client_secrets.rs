//! Secrets with which applications get their own tokens, several at a time so that they can be changed without a gap; how
//! often somebody failed to sign in lately, which all nodes count together; when access ended, and when it was last used.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE organization ADD COLUMN ended_at BIGINT;
ALTER TABLE member ADD COLUMN ended_at BIGINT;
ALTER TABLE member ADD COLUMN last_used_at BIGINT;
ALTER TABLE client_application ADD COLUMN ended_at BIGINT;
ALTER TABLE client_application ADD COLUMN last_used_at BIGINT;

CREATE TABLE client_secret (
  id UUID NOT NULL PRIMARY KEY,
  client_id UUID NOT NULL REFERENCES client_application (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  secret_hash TEXT NOT NULL,
  hint TEXT NOT NULL,
  valid_until BIGINT,
  ended_at BIGINT,
  last_used_at BIGINT,
  created_by UUID,
  created_at BIGINT NOT NULL,
  CONSTRAINT client_secret_once UNIQUE (client_id, secret_hash)
);
CREATE INDEX client_secret_of ON client_secret (client_id, created_at, id);

CREATE TABLE sign_in_miss (
  bucket TEXT NOT NULL,
  minute BIGINT NOT NULL,
  misses INTEGER NOT NULL,
  PRIMARY KEY (bucket, minute)
);
CREATE INDEX sign_in_miss_by_age ON sign_in_miss (minute)";

const DOWN: &str = "
DROP TABLE sign_in_miss;
DROP TABLE client_secret;
ALTER TABLE client_application DROP COLUMN last_used_at;
ALTER TABLE client_application DROP COLUMN ended_at;
ALTER TABLE member DROP COLUMN last_used_at;
ALTER TABLE member DROP COLUMN ended_at;
ALTER TABLE organization DROP COLUMN ended_at";
