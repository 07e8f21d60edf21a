//! Conflicts of imports and words of sources that publishers decide about themselves: whose a source is, what each side
//! said, and imports that are looked at anew after that.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE import_publisher (
  source TEXT NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX import_publisher_of ON import_publisher (organization_id, source);
INSERT INTO import_publisher (source, organization_id, created_at)
  SELECT ir.source, rq.organization_id, rq.created_at FROM import_request rq JOIN import_run ir ON ir.id = rq.run_id
  WHERE rq.run_id = (SELECT rx.run_id FROM import_request rx JOIN import_run ix ON ix.id = rx.run_id
    WHERE ix.source = ir.source ORDER BY rx.created_at, rx.run_id LIMIT 1);
ALTER TABLE import_conflict ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE import_conflict ADD COLUMN decided_by TEXT
  CONSTRAINT import_conflict_decided_by CHECK (decided_by IN ('STANDING', 'INCOMING', 'BOTH', 'OPERATOR'));
ALTER TABLE import_conflict ADD COLUMN wish TEXT
  CONSTRAINT import_conflict_wish CHECK (wish IN ('KEEP_BOTH', 'KEEP_STANDING', 'TAKE_INCOMING'));
ALTER TABLE import_conflict ADD COLUMN wished_by TEXT
  CONSTRAINT import_conflict_wished_by CHECK (wished_by IN ('STANDING', 'INCOMING'));
UPDATE import_conflict SET decided_by = 'OPERATOR' WHERE decision IS NOT NULL;
ALTER TABLE import_quarantine ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE import_quarantine ADD COLUMN decision TEXT
  CONSTRAINT import_quarantine_decision CHECK (decision IN ('MAP', 'REFUSE'));
ALTER TABLE import_quarantine ADD COLUMN category_code TEXT REFERENCES category (code);
ALTER TABLE import_quarantine ADD COLUMN decided_at BIGINT;
CREATE INDEX import_quarantine_as ON import_quarantine (category_code) WHERE category_code IS NOT NULL;
ALTER TABLE import_request ADD COLUMN look_again BOOLEAN NOT NULL DEFAULT FALSE";

const DOWN: &str = "
ALTER TABLE import_request DROP COLUMN look_again;
DROP INDEX import_quarantine_as;
ALTER TABLE import_quarantine DROP COLUMN decided_at;
ALTER TABLE import_quarantine DROP COLUMN category_code;
ALTER TABLE import_quarantine DROP COLUMN decision;
ALTER TABLE import_quarantine DROP COLUMN version;
ALTER TABLE import_conflict DROP COLUMN wished_by;
ALTER TABLE import_conflict DROP COLUMN wish;
ALTER TABLE import_conflict DROP COLUMN decided_by;
ALTER TABLE import_conflict DROP COLUMN version;
DROP TABLE import_publisher";
