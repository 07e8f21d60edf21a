//! What the whole referral machine keeps beside a referral's state, and to whom a notification is addressed.
//!
//! `clock_at` is the next instant at which the clock has something to do with a referral, and `rung` how far the
//! escalation of its present deadline has gone; `before_status` is the state before an interruption. The decision limit
//! runs from `decide_from_at`, which a pause moves.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE referral ADD COLUMN before_status TEXT;
ALTER TABLE referral ADD COLUMN clock_at BIGINT;
ALTER TABLE referral ADD COLUMN rung INTEGER NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN decide_from_at BIGINT;
ALTER TABLE referral ADD COLUMN info_rounds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN info_asked_at BIGINT;
ALTER TABLE referral ADD COLUMN paused_micros BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN waitlisted_at BIGINT;
ALTER TABLE referral ADD COLUMN expected_on TEXT;
ALTER TABLE referral ADD COLUMN review_due_at BIGINT;
ALTER TABLE referral ADD COLUMN reviews_missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN offer_until_at BIGINT;
ALTER TABLE referral ADD COLUMN offers_lapsed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE referral ADD COLUMN slot_until_at BIGINT;
ALTER TABLE referral ADD COLUMN planned_end_on TEXT;
ALTER TABLE referral ADD COLUMN outcome_due_at BIGINT;
ALTER TABLE referral ADD COLUMN progress_done INTEGER;
ALTER TABLE referral ADD COLUMN progress_planned INTEGER;
ALTER TABLE referral ADD COLUMN cancel_asked_at BIGINT;
ALTER TABLE referral ADD COLUMN contested_at BIGINT;
ALTER TABLE referral ADD COLUMN disputed_at BIGINT;
ALTER TABLE referral ADD COLUMN loop_unseen BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE referral ADD COLUMN assignee_id UUID REFERENCES member (id);
CREATE INDEX referral_clock ON referral (clock_at, id) WHERE clock_at IS NOT NULL;
CREATE INDEX referral_due ON referral (next_due_at, id) WHERE next_due_at IS NOT NULL;
CREATE INDEX referral_waiting ON referral (service_id, waitlisted_at, id) WHERE status = 'WAITLISTED';
UPDATE referral SET decide_from_at = sent_at, clock_at = next_due_at WHERE sent_at IS NOT NULL;
UPDATE referral SET clock_at = ended_at WHERE ended_at IS NOT NULL AND loop_closed_at IS NULL AND sent_at IS NOT NULL;
UPDATE referral SET clock_at = updated_at WHERE status = 'DRAFT';
ALTER TABLE event ADD COLUMN channel TEXT;
ALTER TABLE notification ADD COLUMN role TEXT;
ALTER TABLE notification ADD COLUMN member_id UUID REFERENCES member (id);
ALTER TABLE notification ADD COLUMN program_id UUID REFERENCES program (id);
ALTER TABLE notification ADD COLUMN must_act BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE notification ADD COLUMN read_at BIGINT";

const DOWN: &str = "
ALTER TABLE notification DROP COLUMN read_at;
ALTER TABLE notification DROP COLUMN must_act;
ALTER TABLE notification DROP COLUMN program_id;
ALTER TABLE notification DROP COLUMN member_id;
ALTER TABLE notification DROP COLUMN role;
ALTER TABLE event DROP COLUMN channel;
DROP INDEX referral_waiting;
DROP INDEX referral_due;
DROP INDEX referral_clock;
ALTER TABLE referral DROP COLUMN assignee_id;
ALTER TABLE referral DROP COLUMN loop_unseen;
ALTER TABLE referral DROP COLUMN disputed_at;
ALTER TABLE referral DROP COLUMN contested_at;
ALTER TABLE referral DROP COLUMN cancel_asked_at;
ALTER TABLE referral DROP COLUMN progress_planned;
ALTER TABLE referral DROP COLUMN progress_done;
ALTER TABLE referral DROP COLUMN outcome_due_at;
ALTER TABLE referral DROP COLUMN planned_end_on;
ALTER TABLE referral DROP COLUMN slot_until_at;
ALTER TABLE referral DROP COLUMN offers_lapsed;
ALTER TABLE referral DROP COLUMN offer_until_at;
ALTER TABLE referral DROP COLUMN reviews_missed;
ALTER TABLE referral DROP COLUMN review_due_at;
ALTER TABLE referral DROP COLUMN expected_on;
ALTER TABLE referral DROP COLUMN waitlisted_at;
ALTER TABLE referral DROP COLUMN paused_micros;
ALTER TABLE referral DROP COLUMN info_asked_at;
ALTER TABLE referral DROP COLUMN info_rounds;
ALTER TABLE referral DROP COLUMN decide_from_at;
ALTER TABLE referral DROP COLUMN rung;
ALTER TABLE referral DROP COLUMN clock_at;
ALTER TABLE referral DROP COLUMN before_status";
