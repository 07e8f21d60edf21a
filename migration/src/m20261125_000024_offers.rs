//! Services whose free places the clock offers to whoever waits, in the published order.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE service ADD COLUMN offers_free_places BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX service_offering ON service (id) WHERE offers_free_places;
CREATE INDEX referral_on_list ON referral (service_id, waitlisted_at, id) WHERE status = 'WAITLISTED'";

const DOWN: &str = "
DROP INDEX referral_on_list;
DROP INDEX service_offering;
ALTER TABLE service DROP COLUMN offers_free_places";
