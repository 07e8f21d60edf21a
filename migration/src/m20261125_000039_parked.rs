//! Commands that were queued on a device without a line and wait for a person, and the version a thing had after an
//! event.

crate::dialect::step!(UP, DOWN);

// parked_command: who queued what on which device, about what, in which version they had seen it, and why it was not
// simply done. The command is sealed: it may hold texts about a person. made_at is the device's own time, told and never
// used.
// event.version: the version of the subject after the event; null for events from before this step.
const UP: &str = "
CREATE TABLE parked_command (
    id UUID NOT NULL PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organization (id),
    author_id UUID NOT NULL,
    device_id TEXT NOT NULL,
    mutation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    program_id UUID REFERENCES program (id),
    seen_version INTEGER,
    made_at BIGINT NOT NULL,
    parked_at BIGINT NOT NULL,
    because TEXT NOT NULL,
    command_sealed TEXT NOT NULL,
    status TEXT NOT NULL,
    settled_by UUID,
    settled_at BIGINT,
    version INTEGER NOT NULL,
    UNIQUE (organization_id, author_id, mutation, idempotency_key)
);
CREATE INDEX parked_command_list ON parked_command (organization_id, parked_at, id);
CREATE INDEX parked_command_program ON parked_command (program_id);
ALTER TABLE event ADD COLUMN version INTEGER";

const DOWN: &str = "
ALTER TABLE event DROP COLUMN version;
DROP TABLE parked_command";
