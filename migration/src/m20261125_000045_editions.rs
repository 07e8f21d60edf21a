//! Editions of the taxonomy as they were loaded, what follows what in them, and what became of areas when boundaries were
//! drawn anew. An edition whose `applied_at` is empty waits for its first day.

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
CREATE INDEX category_follows ON category (successor_code) WHERE successor_code IS NOT NULL;

CREATE TABLE area_crosswalk (
  from_id UUID NOT NULL REFERENCES area (id),
  to_id UUID NOT NULL REFERENCES area (id),
  weight DOUBLE PRECISION NOT NULL,
  valid_from TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (from_id, to_id)
);
CREATE INDEX area_crosswalk_to ON area_crosswalk (to_id, from_id)";

const DOWN: &str = "
DROP TABLE area_crosswalk;
DROP INDEX category_follows;
DROP TABLE taxonomy_crosswalk;
DROP TABLE taxonomy_term;
DROP INDEX taxonomy_edition_due;
ALTER TABLE taxonomy_edition DROP COLUMN applied_at";
