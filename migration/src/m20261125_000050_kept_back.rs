//! What a parked command said, as a keyed fingerprint: the same key with another command is a conflict, and not its
//! repetition. What waits for its place in the order of changes, by what it is about. Since when an endpoint is off.

crate::dialect::step!(UP, DOWN);

// parked_command.fingerprint: null for what was parked before this step.
// webhook_endpoint.off_since: null while it is on, and for one that was off before this step.
const UP: &str = "
ALTER TABLE parked_command ADD COLUMN fingerprint TEXT;
CREATE INDEX outbox_waiting_subject ON outbox (subject_id, version, id) WHERE sequence IS NULL;
ALTER TABLE webhook_endpoint ADD COLUMN off_since BIGINT";

const DOWN: &str = "
ALTER TABLE webhook_endpoint DROP COLUMN off_since;
DROP INDEX outbox_waiting_subject;
ALTER TABLE parked_command DROP COLUMN fingerprint";
