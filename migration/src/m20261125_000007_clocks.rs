//! Limits, working calendars, what the clock has told, and who holds the clock.
//!
//! A referral keeps the limits that applied when it was sent. `referral_rung` says which step of which deadline was told
//! and when; its key makes that once. A lease's `token` grows with each new holder, so that a write of a former one is
//! known by its older token.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE referral ADD COLUMN limits TEXT;
ALTER TABLE referral ADD COLUMN unreachable_at BIGINT;
CREATE TABLE referral_rung (
  referral_id UUID NOT NULL REFERENCES referral (id),
  step TEXT NOT NULL,
  anchor BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (referral_id, step, anchor)
);
CREATE TABLE program_limits (
  program_id UUID NOT NULL PRIMARY KEY REFERENCES program (id),
  limits TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE calendar (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID REFERENCES organization (id),
  area_id UUID REFERENCES area (id),
  time_zone TEXT NOT NULL,
  rest_days TEXT NOT NULL,
  holidays TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT calendar_of_one CHECK ((organization_id IS NULL) <> (area_id IS NULL))
);
CREATE UNIQUE INDEX calendar_organization ON calendar (organization_id) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX calendar_area ON calendar (area_id) WHERE area_id IS NOT NULL;
CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY,
  holder UUID NOT NULL,
  token BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
CREATE INDEX referral_sent_by_due ON referral
  (sender_organization_id, (coalesce(next_due_at, 9223372036854775807)), id);
CREATE INDEX referral_inbox_by_due ON referral
  (receiver_organization_id, (coalesce(next_due_at, 9223372036854775807)), id) WHERE sent_at IS NOT NULL;
CREATE INDEX referral_of_program_by_due ON referral
  (program_id, (coalesce(next_due_at, 9223372036854775807)), id) WHERE sent_at IS NOT NULL";

const DOWN: &str = "
DROP INDEX referral_of_program_by_due;
DROP INDEX referral_inbox_by_due;
DROP INDEX referral_sent_by_due;
DROP TABLE lease;
DROP TABLE calendar;
DROP TABLE program_limits;
DROP TABLE referral_rung;
ALTER TABLE referral DROP COLUMN unreachable_at;
ALTER TABLE referral DROP COLUMN limits";
