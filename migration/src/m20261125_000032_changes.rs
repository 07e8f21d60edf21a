//! What organizations are told of changes, in the one order of all changes: who could read a thing when it changed, and
//! who no longer could. Only organizations, kinds, keys and versions: nothing about a person. The organization of nothing
//! but zeros stands for everybody who may read the directory.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE change (
  organization_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  subject_id UUID NOT NULL,
  subject_kind TEXT NOT NULL,
  kind TEXT NOT NULL,
  change TEXT NOT NULL CONSTRAINT change_change CHECK (change IN ('UPSERT', 'TOMBSTONE')),
  program_id UUID,
  version INTEGER NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, sequence, subject_id)
);
CREATE INDEX change_by_place ON change (sequence, subject_id);

CREATE TABLE audience (
  subject_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  subject_kind TEXT NOT NULL,
  case_id UUID,
  program_id UUID,
  PRIMARY KEY (subject_id, organization_id)
);
CREATE INDEX audience_of_case ON audience (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE change_mark (
  name TEXT NOT NULL PRIMARY KEY CONSTRAINT change_mark_name CHECK (name IN ('PLACED', 'FORGOTTEN')),
  sequence BIGINT NOT NULL
);
INSERT INTO change_mark (name, sequence) SELECT 'PLACED', coalesce(max(sequence), 0) FROM outbox;
INSERT INTO change_mark (name, sequence) SELECT 'FORGOTTEN', coalesce(max(sequence), 0) FROM outbox";

const DOWN: &str = "
DROP TABLE change_mark;
DROP TABLE audience;
DROP TABLE change";
