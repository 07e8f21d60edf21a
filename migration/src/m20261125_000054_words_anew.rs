//! The keys under which words are found are made anew: words that are written apart or with a hyphen are one, and those of
//! one script are told apart from those that only sound like them in another.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
DELETE FROM search_key;
INSERT INTO search_due (service_id) SELECT s.id FROM service s WHERE s.status <> '' ON CONFLICT (service_id) DO NOTHING";

const DOWN: &str = "
DELETE FROM search_key;
INSERT INTO search_due (service_id) SELECT s.id FROM service s WHERE s.status <> '' ON CONFLICT (service_id) DO NOTHING";
