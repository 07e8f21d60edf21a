//! Editions of the taxonomy as they were loaded, and what follows what in them. An edition whose `applied_at` is empty waits
//! for its first day.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE taxonomy_edition ADD COLUMN applied_at BIGINT;
UPDATE taxonomy_edition SET applied_at = created_at;
CREATE INDEX taxonomy_edition_due ON taxonomy_edition (valid_from) WHERE applied_at IS NULL;

CREATE TABLE taxonomy_term (
  edition TEXT NOT NULL REFERENCES taxonomy_edition (code),
  code TEXT NOT NULL,
  parent_code TEXT,
  dimension TEXT NOT NULL,
  level TEXT NOT NULL,
  is_group BOOLEAN NOT NULL,
  labels TEXT NOT NULL,
  PRIMARY KEY (edition, code)
);
INSERT INTO taxonomy_term (edition, code, parent_code, dimension, level, is_group, labels)
  SELECT c.edition, c.code, c.parent_code, c.dimension, c.level, c.is_group, c.labels FROM category c
  WHERE c.organization_id IS NULL AND c.edition IN (SELECT e.code FROM taxonomy_edition e);

CREATE TABLE taxonomy_crosswalk (
  edition TEXT NOT NULL REFERENCES taxonomy_edition (code),
  from_code TEXT NOT NULL,
  to_code TEXT NOT NULL,
  PRIMARY KEY (edition, from_code, to_code)
);
CREATE INDEX category_follows ON category (successor_code) WHERE successor_code IS NOT NULL";

const DOWN: &str = "
DROP INDEX category_follows;
DROP TABLE taxonomy_crosswalk;
DROP TABLE taxonomy_term;
DROP INDEX taxonomy_edition_due;
ALTER TABLE taxonomy_edition DROP COLUMN applied_at";
