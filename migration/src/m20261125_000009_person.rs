//! A person beside the case, known field by field. Each value is sealed for its row; nothing of it is in the clear, and
//! nothing of it has an index. What was read of it is kept with the audit: which classes of fields, of which things.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE person (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX person_of ON person (organization_id, id);
CREATE TABLE person_field (
  person_id UUID NOT NULL REFERENCES person (id),
  field TEXT NOT NULL,
  value_sealed TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, field)
);
ALTER TABLE case_file ADD COLUMN person_id UUID REFERENCES person (id);
CREATE INDEX case_file_person ON case_file (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE audit ADD COLUMN field_classes TEXT;
ALTER TABLE audit ADD COLUMN subjects TEXT";

const DOWN: &str = "
ALTER TABLE audit DROP COLUMN subjects;
ALTER TABLE audit DROP COLUMN field_classes;
DROP INDEX case_file_person;
ALTER TABLE case_file DROP COLUMN person_id;
DROP TABLE person_field;
DROP TABLE person";
