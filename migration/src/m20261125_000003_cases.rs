//! Cases, needs, goals, consents. Columns that end in `_sealed` hold authenticated ciphertext bound to their row.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE case_file (
  id UUID NOT NULL PRIMARY KEY,
  identifier TEXT NOT NULL,
  holder_organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  area_id UUID REFERENCES area (id),
  status TEXT NOT NULL CONSTRAINT case_status CHECK (status IN ('OPEN', 'CLOSED')),
  age_band TEXT,
  sex TEXT,
  language TEXT,
  return_facts_sealed TEXT,
  close_reason TEXT,
  remigration TEXT,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  updated_at BIGINT NOT NULL,
  CONSTRAINT case_identifier UNIQUE (identifier),
  CONSTRAINT case_closed CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL) AND (status = 'CLOSED') = (close_reason IS NOT NULL))
);
CREATE INDEX case_file_held ON case_file (holder_organization_id, opened_at, id);
CREATE INDEX case_file_program ON case_file (program_id, opened_at, id);

CREATE TABLE case_alias (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  scheme TEXT NOT NULL,
  value_sealed TEXT NOT NULL,
  value_index TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT case_alias_value UNIQUE (organization_id, scheme, value_index)
);
CREATE INDEX case_alias_of ON case_alias (case_id, organization_id);

CREATE TABLE need (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  area_id UUID REFERENCES area (id),
  category_code TEXT NOT NULL REFERENCES category (code),
  dimension TEXT NOT NULL,
  level TEXT NOT NULL,
  urgency TEXT NOT NULL,
  delivery TEXT NOT NULL CONSTRAINT need_delivery CHECK (delivery IN ('DIRECT', 'REFERRAL')),
  status TEXT NOT NULL CONSTRAINT need_status CHECK (status IN ('OPEN', 'MET', 'PARTLY_MET', 'NOT_MET', 'WITHDRAWN')),
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX need_of ON need (case_id, created_at, id);

CREATE TABLE goal (
  id UUID NOT NULL PRIMARY KEY,
  need_id UUID NOT NULL REFERENCES need (id),
  case_id UUID NOT NULL REFERENCES case_file (id),
  position INTEGER NOT NULL,
  text_sealed TEXT NOT NULL,
  CONSTRAINT goal_position UNIQUE (need_id, position)
);

CREATE TABLE consent (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  receiver_organization_id UUID NOT NULL REFERENCES organization (id),
  basis TEXT NOT NULL,
  purpose TEXT NOT NULL,
  fields TEXT NOT NULL,
  method TEXT NOT NULL,
  language TEXT NOT NULL,
  notice_version TEXT NOT NULL,
  given_on TEXT NOT NULL,
  expires_on TEXT,
  ended_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX consent_of ON consent (case_id, receiver_organization_id, created_at, id);

CREATE TABLE access_grant (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  purpose TEXT NOT NULL,
  fields TEXT NOT NULL,
  cause_kind TEXT NOT NULL,
  cause_id UUID NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT
);
CREATE INDEX access_grant_open ON access_grant (organization_id, case_id, until_at);
CREATE INDEX access_grant_cause ON access_grant (cause_id);
CREATE INDEX access_grant_case ON access_grant (case_id)";

const DOWN: &str = "
DROP TABLE access_grant;
DROP TABLE consent;
DROP TABLE goal;
DROP TABLE need;
DROP TABLE case_alias;
DROP TABLE case_file";
