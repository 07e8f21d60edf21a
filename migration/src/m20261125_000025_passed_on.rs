//! What a receiver proposes, and what it passes on: the need that it finds besides, and the part of its own referral that
//! another organization gives. A proposal outlives its draft, which is thrown away when nobody looks at it.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE referral ADD COLUMN parent_id UUID REFERENCES referral (id);
CREATE INDEX referral_passed_on ON referral (parent_id, created_at, id) WHERE parent_id IS NOT NULL;
CREATE TABLE referral_proposal (
  id UUID NOT NULL PRIMARY KEY,
  from_referral_id UUID NOT NULL REFERENCES referral (id),
  draft_id UUID NOT NULL,
  need_id UUID NOT NULL REFERENCES need (id),
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  service_id UUID NOT NULL REFERENCES service (id),
  category_code TEXT NOT NULL REFERENCES category (code),
  urgency TEXT NOT NULL,
  reason_sealed TEXT,
  proposed_at BIGINT NOT NULL
);
CREATE INDEX referral_proposal_from ON referral_proposal (from_referral_id, proposed_at, id);
CREATE UNIQUE INDEX referral_proposal_draft ON referral_proposal (draft_id);
CREATE INDEX referral_proposal_need ON referral_proposal (need_id);
CREATE INDEX referral_proposal_case ON referral_proposal (case_id);
CREATE INDEX referral_proposal_organization ON referral_proposal (organization_id);
CREATE INDEX referral_proposal_service ON referral_proposal (service_id);
CREATE INDEX referral_proposal_category ON referral_proposal (category_code)";

const DOWN: &str = "
DROP TABLE referral_proposal;
DROP INDEX referral_passed_on;
ALTER TABLE referral DROP COLUMN parent_id";
