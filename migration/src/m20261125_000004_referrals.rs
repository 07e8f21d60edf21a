//! Referrals with the goals they froze, and what was achieved for each.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE referral (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  need_id UUID NOT NULL REFERENCES need (id),
  service_id UUID NOT NULL REFERENCES service (id),
  service_at_location_id UUID REFERENCES service_at_location (id),
  consent_id UUID REFERENCES consent (id),
  sender_organization_id UUID NOT NULL REFERENCES organization (id),
  receiver_organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  area_id UUID REFERENCES area (id),
  category_code TEXT NOT NULL,
  dimension TEXT NOT NULL,
  level TEXT NOT NULL,
  urgency TEXT NOT NULL,
  status TEXT NOT NULL CONSTRAINT referral_status CHECK (status IN ('DRAFT', 'SENT', 'ACKNOWLEDGED', 'INFO_REQUESTED',
    'WAITLISTED', 'OFFERED', 'ACCEPTED', 'IN_SERVICE', 'ON_HOLD', 'CANCEL_REQUESTED', 'COMPLETED', 'ENDED_EARLY',
    'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED')),
  reason TEXT,
  background_sealed TEXT,
  note_sealed TEXT,
  client_reference_sealed TEXT,
  client_reference_index TEXT,
  previous_id UUID REFERENCES referral (id),
  root_id UUID NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  capacity_id UUID REFERENCES capacity (id),
  is_overbooked BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  opened_at BIGINT,
  acknowledged_at BIGINT,
  decided_at BIGINT,
  first_contact_on TEXT,
  started_at BIGINT,
  service_on TEXT,
  ended_at BIGINT,
  loop_closed_at BIGINT,
  loop_meaning TEXT,
  acknowledge_due_at BIGINT,
  decide_due_at BIGINT,
  contact_due_at BIGINT,
  next_due_at BIGINT,
  verification TEXT NOT NULL DEFAULT 'UNVERIFIED',
  version INTEGER NOT NULL DEFAULT 1,
  updated_at BIGINT NOT NULL,
  CONSTRAINT referral_reasoned CHECK (status NOT IN ('DECLINED', 'WITHDRAWN', 'ENDED_EARLY', 'EXPIRED') OR reason IS NOT NULL),
  CONSTRAINT referral_sent CHECK (status IN ('DRAFT', 'WITHDRAWN') OR sent_at IS NOT NULL)
);
CREATE UNIQUE INDEX referral_open_once ON referral (need_id, service_id)
  WHERE status NOT IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED');
CREATE UNIQUE INDEX referral_client_reference ON referral (sender_organization_id, client_reference_index)
  WHERE client_reference_index IS NOT NULL;
CREATE INDEX referral_inbox ON referral (receiver_organization_id, status, created_at, id) WHERE sent_at IS NOT NULL;
CREATE INDEX referral_inbox_all ON referral (receiver_organization_id, created_at, id);
CREATE INDEX referral_sent_by ON referral (sender_organization_id, created_at, id);
CREATE INDEX referral_of_case ON referral (case_id, created_at, id);
CREATE INDEX referral_of_service ON referral (service_id, created_at, id);
CREATE INDEX referral_of_program ON referral (program_id, created_at, id);

CREATE TABLE referral_goal (
  referral_id UUID NOT NULL REFERENCES referral (id),
  goal_id UUID NOT NULL REFERENCES goal (id),
  position INTEGER NOT NULL,
  result TEXT CONSTRAINT referral_goal_result CHECK (result IN ('ACHIEVED', 'PARTLY', 'NOT_ACHIEVED')),
  achieved_on TEXT,
  quantity DOUBLE PRECISION,
  unit_sealed TEXT,
  note_sealed TEXT,
  PRIMARY KEY (referral_id, goal_id)
);

CREATE TABLE event (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  case_id UUID REFERENCES case_file (id),
  at BIGINT NOT NULL,
  organization_id UUID NOT NULL,
  principal_id UUID NOT NULL,
  acting_role TEXT NOT NULL,
  from_status TEXT,
  to_status TEXT,
  reason TEXT,
  program_id UUID,
  area_id UUID,
  dimension TEXT,
  level TEXT,
  receiver_organization_id UUID
);
CREATE INDEX event_of_subject ON event (subject_id, at, id);
CREATE INDEX event_of_case ON event (case_id, at, id)";

const DOWN: &str = "
DROP TABLE event;
DROP TABLE referral_goal;
DROP TABLE referral";
