//! What is kept of a referral after its acceptance: interruptions, progress, requests to stop, disputes and voiding.
//!
//! `before_status` is always the state to which the next way back leads. `held_from_status` is the state before an
//! interruption that a request to stop came on top of. `void_asked_by` is the principal who asked first, because the
//! second has to be somebody else.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE referral ADD COLUMN held_at BIGINT;
ALTER TABLE referral ADD COLUMN held_from_status TEXT;
ALTER TABLE referral ADD COLUMN hold_reason TEXT;
ALTER TABLE referral ADD COLUMN hold_note_sealed TEXT;
ALTER TABLE referral ADD COLUMN progress_reported_at BIGINT;
ALTER TABLE referral ADD COLUMN progress_note_sealed TEXT;
ALTER TABLE referral ADD COLUMN cancel_by TEXT;
ALTER TABLE referral ADD COLUMN cancel_reason TEXT;
ALTER TABLE referral ADD COLUMN cancel_note_sealed TEXT;
ALTER TABLE referral ADD COLUMN contest_note_sealed TEXT;
ALTER TABLE referral ADD COLUMN dispute_about TEXT;
ALTER TABLE referral ADD COLUMN dispute_by TEXT;
ALTER TABLE referral ADD COLUMN dispute_note_sealed TEXT;
ALTER TABLE referral ADD COLUMN dispute_before TEXT;
ALTER TABLE referral ADD COLUMN dispute_decision TEXT;
ALTER TABLE referral ADD COLUMN dispute_decided_at BIGINT;
ALTER TABLE referral ADD COLUMN void_asked_at BIGINT;
ALTER TABLE referral ADD COLUMN void_asked_by UUID;
ALTER TABLE referral ADD COLUMN void_asked_as TEXT;
ALTER TABLE referral ADD COLUMN void_reason TEXT;
ALTER TABLE referral ADD COLUMN voided_at BIGINT;
CREATE INDEX referral_of_need ON referral (need_id);
ALTER TABLE event ADD COLUMN progress_done INTEGER;
ALTER TABLE event ADD COLUMN progress_planned INTEGER";

const DOWN: &str = "
ALTER TABLE event DROP COLUMN progress_planned;
ALTER TABLE event DROP COLUMN progress_done;
DROP INDEX referral_of_need;
ALTER TABLE referral DROP COLUMN voided_at;
ALTER TABLE referral DROP COLUMN void_reason;
ALTER TABLE referral DROP COLUMN void_asked_as;
ALTER TABLE referral DROP COLUMN void_asked_by;
ALTER TABLE referral DROP COLUMN void_asked_at;
ALTER TABLE referral DROP COLUMN dispute_decided_at;
ALTER TABLE referral DROP COLUMN dispute_decision;
ALTER TABLE referral DROP COLUMN dispute_before;
ALTER TABLE referral DROP COLUMN dispute_note_sealed;
ALTER TABLE referral DROP COLUMN dispute_by;
ALTER TABLE referral DROP COLUMN dispute_about;
ALTER TABLE referral DROP COLUMN contest_note_sealed;
ALTER TABLE referral DROP COLUMN cancel_note_sealed;
ALTER TABLE referral DROP COLUMN cancel_reason;
ALTER TABLE referral DROP COLUMN cancel_by;
ALTER TABLE referral DROP COLUMN progress_note_sealed;
ALTER TABLE referral DROP COLUMN progress_reported_at;
ALTER TABLE referral DROP COLUMN hold_note_sealed;
ALTER TABLE referral DROP COLUMN hold_reason;
ALTER TABLE referral DROP COLUMN held_from_status;
ALTER TABLE referral DROP COLUMN held_at";
