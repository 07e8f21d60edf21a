//! Whether the directory is true: what is wrong with an entry and what became of the hint, drafts and revisions before
//! they are published, until when a service is funded, and what a decline says about its entry.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE program_directory (
  program_id UUID NOT NULL PRIMARY KEY REFERENCES program (id),
  max_age_days INTEGER CONSTRAINT program_directory_age CHECK (max_age_days BETWEEN 1 AND 366),
  needs_review BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE service_correction (
  id UUID NOT NULL PRIMARY KEY,
  service_id UUID NOT NULL REFERENCES service (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  reported_by_organization_id UUID NOT NULL REFERENCES organization (id),
  reported_by UUID NOT NULL,
  about TEXT NOT NULL,
  criterion TEXT,
  text TEXT NOT NULL,
  status TEXT NOT NULL CONSTRAINT service_correction_status CHECK (status IN ('OPEN', 'TAKEN_OVER', 'DISMISSED')),
  answer TEXT NOT NULL DEFAULT '',
  answered_at BIGINT,
  answered_by UUID,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX service_correction_of ON service_correction (organization_id, created_at, id);
CREATE INDEX service_correction_by ON service_correction (reported_by_organization_id, created_at, id);
CREATE INDEX service_correction_open ON service_correction (service_id) WHERE status = 'OPEN';
CREATE TABLE service_revision (
  id UUID NOT NULL PRIMARY KEY,
  service_id UUID REFERENCES service (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID REFERENCES program (id),
  name TEXT NOT NULL,
  entry TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT service_revision_state
    CHECK (state IN ('DRAFT', 'IN_REVIEW', 'SENT_BACK', 'PUBLISHED', 'DISCARDED')),
  based_on INTEGER,
  written_by UUID NOT NULL,
  submitted_by UUID,
  submitted_at BIGINT,
  reviewed_by UUID,
  reviewed_by_organization_id UUID REFERENCES organization (id),
  reviewed_at BIGINT,
  review_note TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX service_revision_of ON service_revision (organization_id, created_at, id);
CREATE INDEX service_revision_in_review ON service_revision (program_id, created_at, id) WHERE state = 'IN_REVIEW';
CREATE INDEX service_revision_service ON service_revision (service_id);
ALTER TABLE service ADD COLUMN funding_ends TEXT;
ALTER TABLE service ADD COLUMN funding_told_on TEXT;
ALTER TABLE service ADD COLUMN reminded_on TEXT;
ALTER TABLE service ADD COLUMN stale_told_on TEXT;
CREATE INDEX service_by_assurance ON service (assured_on) WHERE status = 'PUBLISHED';
CREATE INDEX service_by_funding ON service (funding_ends) WHERE funding_ends IS NOT NULL;
ALTER TABLE referral ADD COLUMN cited_criterion TEXT;
ALTER TABLE referral ADD COLUMN proposed_criterion TEXT;
ALTER TABLE referral ADD COLUMN declined_while_free INTEGER;
CREATE INDEX referral_signs ON referral (service_id, ended_at) WHERE status IN ('DECLINED', 'EXPIRED');
ALTER TABLE event ADD COLUMN places_free INTEGER";

const DOWN: &str = "
ALTER TABLE event DROP COLUMN places_free;
DROP INDEX referral_signs;
ALTER TABLE referral DROP COLUMN declined_while_free;
ALTER TABLE referral DROP COLUMN proposed_criterion;
ALTER TABLE referral DROP COLUMN cited_criterion;
DROP INDEX service_by_funding;
DROP INDEX service_by_assurance;
ALTER TABLE service DROP COLUMN stale_told_on;
ALTER TABLE service DROP COLUMN reminded_on;
ALTER TABLE service DROP COLUMN funding_told_on;
ALTER TABLE service DROP COLUMN funding_ends;
DROP TABLE service_revision;
DROP TABLE service_correction;
DROP TABLE program_directory";
