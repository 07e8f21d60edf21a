//! Proposals to hand a case over from its holder to another organization. `until_at` is when an unanswered one lapses;
//! `ended_at` is when it was answered, taken back or lapsed. A case has one running proposal at the most.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE case_transfer (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  program_id UUID NOT NULL REFERENCES program (id),
  from_organization_id UUID NOT NULL REFERENCES organization (id),
  to_organization_id UUID NOT NULL REFERENCES organization (id),
  consent_id UUID NOT NULL REFERENCES consent (id),
  status TEXT NOT NULL CONSTRAINT case_transfer_status
    CHECK (status IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN', 'LAPSED')),
  reason TEXT NOT NULL,
  note_sealed TEXT,
  decline_reason TEXT,
  answer_sealed TEXT,
  proposed_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  ended_at BIGINT,
  handed_over INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT case_transfer_sides CHECK (from_organization_id <> to_organization_id),
  CONSTRAINT case_transfer_ended CHECK ((status = 'PROPOSED') = (ended_at IS NULL)),
  CONSTRAINT case_transfer_declined CHECK ((status = 'DECLINED') = (decline_reason IS NOT NULL))
);
CREATE UNIQUE INDEX case_transfer_running ON case_transfer (case_id) WHERE status = 'PROPOSED';
CREATE INDEX case_transfer_of ON case_transfer (case_id, proposed_at, id);
CREATE INDEX case_transfer_from ON case_transfer (from_organization_id, proposed_at, id);
CREATE INDEX case_transfer_to ON case_transfer (to_organization_id, proposed_at, id);
CREATE INDEX case_transfer_due ON case_transfer (until_at, id) WHERE status = 'PROPOSED'";

const DOWN: &str = "
DROP TABLE case_transfer";
