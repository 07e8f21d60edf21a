//! Bulk imports: commands that are handed in as a file and done one by one.

crate::dialect::step!(UP, DOWN);

// What was said of the file before it came (upload_bytes, upload_sha256), and how much of it has come in how many pieces.
// Null for exports.
const UP: &str = "
ALTER TABLE bulk_job ADD COLUMN upload_bytes BIGINT;
ALTER TABLE bulk_job ADD COLUMN upload_sha256 TEXT;
ALTER TABLE bulk_job ADD COLUMN received BIGINT;
ALTER TABLE bulk_job ADD COLUMN uploaded INTEGER";

const DOWN: &str = "
ALTER TABLE bulk_job DROP COLUMN uploaded;
ALTER TABLE bulk_job DROP COLUMN received;
ALTER TABLE bulk_job DROP COLUMN upload_sha256;
ALTER TABLE bulk_job DROP COLUMN upload_bytes";
