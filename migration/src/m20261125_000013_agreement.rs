//! Agreements between organizations: under which identified data may move, and by when a receiver answers. A referral
//! keeps the one it was sent under, a grant the one under which it shows who the person is.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE agreement (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  kind TEXT NOT NULL,
  status TEXT NOT NULL CONSTRAINT agreement_status CHECK (status IN ('DRAFT', 'ACTIVE', 'ENDED')),
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  categories TEXT NOT NULL,
  data_allowed TEXT NOT NULL,
  response_times TEXT NOT NULL,
  cost_rule TEXT NOT NULL,
  contacts TEXT NOT NULL,
  document_ref TEXT,
  warned_60_at BIGINT,
  warned_30_at BIGINT,
  warned_7_at BIGINT,
  ended_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX agreement_ends ON agreement (valid_to, id) WHERE status = 'ACTIVE';
CREATE TABLE agreement_party (
  agreement_id UUID NOT NULL REFERENCES agreement (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  confirmed_at BIGINT,
  confirmed_by UUID,
  PRIMARY KEY (agreement_id, organization_id)
);
CREATE INDEX agreement_party_of ON agreement_party (organization_id, agreement_id);
CREATE TABLE agreement_area (
  agreement_id UUID NOT NULL REFERENCES agreement (id),
  area_id UUID NOT NULL REFERENCES area (id),
  PRIMARY KEY (agreement_id, area_id)
);
ALTER TABLE referral ADD COLUMN agreement_id UUID REFERENCES agreement (id);
ALTER TABLE access_grant ADD COLUMN agreement_id UUID REFERENCES agreement (id)";

const DOWN: &str = "
ALTER TABLE access_grant DROP COLUMN agreement_id;
ALTER TABLE referral DROP COLUMN agreement_id;
DROP TABLE agreement_area;
DROP TABLE agreement_party;
DROP TABLE agreement";
