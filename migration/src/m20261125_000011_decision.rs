//! What the steps before and around a decision keep: the receiver's questions with their answers, which goals were
//! taken on and what became of the others, where a referral was redirected to, and what a service does with those who
//! wait.
//!
//! A referral holds a place before it is accepted exactly while it is OFFERED or `slot_until_at` is set; `capacity_id`
//! then says which.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE service ADD COLUMN keeps_waiting_list BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE service ADD COLUMN holds_places_at_sending BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE need ADD COLUMN parent_need_id UUID REFERENCES need (id);
CREATE INDEX need_parent ON need (parent_need_id) WHERE parent_need_id IS NOT NULL;
ALTER TABLE referral_goal ADD COLUMN is_left_out BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE referral ADD COLUMN rest_need_id UUID REFERENCES need (id);
ALTER TABLE referral ADD COLUMN redirected_to_id UUID REFERENCES referral (id) ON DELETE SET NULL;
ALTER TABLE referral ADD COLUMN offer_note_sealed TEXT;
CREATE INDEX referral_rest ON referral (rest_need_id) WHERE rest_need_id IS NOT NULL;
CREATE INDEX referral_redirected ON referral (redirected_to_id) WHERE redirected_to_id IS NOT NULL;
CREATE INDEX referral_assigned ON referral (assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;
CREATE TABLE referral_question (
  id UUID NOT NULL PRIMARY KEY,
  referral_id UUID NOT NULL REFERENCES referral (id),
  round INTEGER NOT NULL CONSTRAINT referral_question_round CHECK (round BETWEEN 1 AND 2),
  position INTEGER NOT NULL CONSTRAINT referral_question_place CHECK (position BETWEEN 1 AND 10),
  question_sealed TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answer_sealed TEXT,
  answered_at BIGINT,
  CONSTRAINT referral_question_once UNIQUE (referral_id, round, position),
  CONSTRAINT referral_question_answered CHECK ((answer_sealed IS NULL) = (answered_at IS NULL))
)";

const DOWN: &str = "
DROP TABLE referral_question;
DROP INDEX referral_assigned;
DROP INDEX referral_redirected;
DROP INDEX referral_rest;
ALTER TABLE referral DROP COLUMN offer_note_sealed;
ALTER TABLE referral DROP COLUMN redirected_to_id;
ALTER TABLE referral DROP COLUMN rest_need_id;
ALTER TABLE referral_goal DROP COLUMN is_left_out;
DROP INDEX need_parent;
ALTER TABLE need DROP COLUMN parent_need_id;
ALTER TABLE service DROP COLUMN holds_places_at_sending;
ALTER TABLE service DROP COLUMN keeps_waiting_list";
