//! What a referral carries beside the need: how the sender wants to hear back, how the person must not be contacted, and
//! which help was given or asked for elsewhere.
//!
//! `help_known` is what the server knew when the referral was sent; until then it is looked up.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE referral ADD COLUMN follow_up_channel TEXT;
ALTER TABLE referral ADD COLUMN follow_up_by TEXT;
ALTER TABLE referral ADD COLUMN follow_up_about TEXT NOT NULL DEFAULT '[]';
ALTER TABLE referral ADD COLUMN restrictions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE referral ADD COLUMN restrictions_sealed TEXT;
ALTER TABLE referral ADD COLUMN help_told TEXT NOT NULL DEFAULT '[]';
ALTER TABLE referral ADD COLUMN help_known TEXT";

const DOWN: &str = "
ALTER TABLE referral DROP COLUMN help_known;
ALTER TABLE referral DROP COLUMN help_told;
ALTER TABLE referral DROP COLUMN restrictions_sealed;
ALTER TABLE referral DROP COLUMN restrictions;
ALTER TABLE referral DROP COLUMN follow_up_about;
ALTER TABLE referral DROP COLUMN follow_up_by;
ALTER TABLE referral DROP COLUMN follow_up_channel";
