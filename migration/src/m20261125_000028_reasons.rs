//! Ways to what ended by who sent and who received it, and to what waits at a receiver that nobody has looked at.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE INDEX referral_ended_at_sender ON referral (sender_organization_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX referral_ended_at_receiver ON referral (receiver_organization_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX referral_in_reach ON referral (receiver_organization_id, program_id)
  WHERE status = 'SENT' AND unreachable_at IS NULL AND clock_at IS NOT NULL";

const DOWN: &str = "
DROP INDEX referral_in_reach;
DROP INDEX referral_ended_at_receiver;
DROP INDEX referral_ended_at_sender";
