//! That the person said that a service goes on though the consent under which it was sent has been withdrawn.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE referral ADD COLUMN goes_on_at BIGINT";

const DOWN: &str = "
ALTER TABLE referral DROP COLUMN goes_on_at";
