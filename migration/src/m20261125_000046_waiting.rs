//! What waits is found by what it waits for: changes for their place among those of the same thing, and commands for a
//! person.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE INDEX outbox_waiting_subject ON outbox (subject_id, version) WHERE sequence IS NULL;
CREATE INDEX parked_command_waiting ON parked_command (parked_at) WHERE status = 'WAITING'";

const DOWN: &str = "
DROP INDEX parked_command_waiting;
DROP INDEX outbox_waiting_subject";
