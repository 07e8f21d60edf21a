//! Imports that are looked at before they are made, services that two publishers both have, and the words of a source.
//! A row of a crosswalk is never changed or taken away: what was mapped once stays, and a later edition stands beside it.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE import_run (
  id UUID NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  status TEXT NOT NULL CONSTRAINT import_run_status CHECK (status IN ('PREVIEWED', 'APPLIED', 'REFUSED')),
  hash TEXT NOT NULL,
  changes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE INDEX import_run_by_age ON import_run (created_at, id);

CREATE TABLE import_conflict (
  id UUID NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  name TEXT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  cause TEXT NOT NULL CONSTRAINT import_conflict_cause CHECK (cause IN ('SAME_IDENTIFIER', 'SAME_NAME_AND_PLACE')),
  decision TEXT CONSTRAINT import_conflict_decision CHECK (decision IN ('KEEP_BOTH', 'KEEP_STANDING', 'TAKE_INCOMING')),
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  CONSTRAINT import_conflict_once UNIQUE (source, source_id, service_id)
);
CREATE INDEX import_conflict_of ON import_conflict (service_id);
CREATE INDEX import_conflict_by_age ON import_conflict (created_at, id);

CREATE TABLE crosswalk (
  source TEXT NOT NULL,
  scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  edition TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  category_code TEXT NOT NULL REFERENCES category (code),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (source, scheme, code, edition)
);
CREATE INDEX crosswalk_to ON crosswalk (category_code);

CREATE TABLE import_quarantine (
  source TEXT NOT NULL,
  scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  label TEXT NOT NULL,
  suggestion TEXT REFERENCES category (code),
  services INTEGER NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (source, scheme, code)
);
CREATE INDEX import_quarantine_to ON import_quarantine (suggestion);
CREATE INDEX import_source_by_id ON import_source (entity, source_id)";

const DOWN: &str = "
DROP INDEX import_source_by_id;
DROP TABLE import_quarantine;
DROP TABLE crosswalk;
DROP TABLE import_conflict;
DROP TABLE import_run";
