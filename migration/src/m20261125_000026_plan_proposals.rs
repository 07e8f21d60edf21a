//! What those who help a person propose for the plan that the case's holder makes with them.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE plan_item_proposal (
  id UUID NOT NULL PRIMARY KEY,
  referral_id UUID NOT NULL REFERENCES referral (id),
  case_id UUID NOT NULL REFERENCES case_file (id),
  need_id UUID NOT NULL REFERENCES need (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  goal_sealed TEXT,
  reason_sealed TEXT,
  due_by TEXT,
  status TEXT NOT NULL CONSTRAINT plan_item_proposal_status CHECK (status IN ('PROPOSED', 'ACCEPTED', 'DECLINED')),
  decline_reason TEXT,
  answer_sealed TEXT,
  plan_item_id UUID REFERENCES plan_item (id),
  proposed_at BIGINT NOT NULL,
  answered_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT plan_item_proposal_answered CHECK ((status = 'PROPOSED') = (answered_at IS NULL)),
  CONSTRAINT plan_item_proposal_accepted CHECK ((status = 'ACCEPTED') = (plan_item_id IS NOT NULL)),
  CONSTRAINT plan_item_proposal_declined CHECK ((status = 'DECLINED') = (decline_reason IS NOT NULL))
);
CREATE INDEX plan_item_proposal_referral ON plan_item_proposal (referral_id, proposed_at, id);
CREATE INDEX plan_item_proposal_case ON plan_item_proposal (case_id, proposed_at, id);
CREATE INDEX plan_item_proposal_need ON plan_item_proposal (need_id);
CREATE INDEX plan_item_proposal_organization ON plan_item_proposal (organization_id);
CREATE INDEX plan_item_proposal_program ON plan_item_proposal (program_id);
CREATE INDEX plan_item_proposal_item ON plan_item_proposal (plan_item_id) WHERE plan_item_id IS NOT NULL";

const DOWN: &str = "
DROP TABLE plan_item_proposal";
