//! What a parked command said, as a keyed fingerprint: the same key with another command is a conflict, and not its
//! repetition. Since when an endpoint is off.

crate::dialect::step!(UP, DOWN);

// parked_command.fingerprint: null for what was parked before this step.
// webhook_endpoint.off_since: null while it is on, and for one that was off before this step.
const UP: &str = "
ALTER TABLE parked_command ADD COLUMN fingerprint TEXT;
ALTER TABLE webhook_endpoint ADD COLUMN off_since BIGINT";

const DOWN: &str = "
ALTER TABLE webhook_endpoint DROP COLUMN off_since;
ALTER TABLE parked_command DROP COLUMN fingerprint";
