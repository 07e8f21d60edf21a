//! What governments map with: the taxonomy as a tree of terms with editions, endorsements and local terms; boundaries of
//! areas; searches that found nothing, counted without who or what; and figures that were made once a quarter was over.
//!
//! A cell of `figure_cell` belongs to a block: a row of it is told alone, or only together with the rest of its block, so
//! that everything that is told is a sum of whole blocks. `inside_block` is for those who work in a program,
//! `outside_block`, which only joins blocks of the other, for all others; NULL is never told. `empty_search` has no
//! foreign keys: the nil key and the empty code stand for no area and no category.

crate::dialect::step!(UP, DOWN);

const UP: &str = r#"
ALTER TABLE category ADD COLUMN parent_code TEXT REFERENCES category (code);
ALTER TABLE category ADD COLUMN is_group BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE category ADD COLUMN standard_code TEXT NOT NULL DEFAULT '';
ALTER TABLE category ADD COLUMN edition TEXT NOT NULL DEFAULT '2026-1';
ALTER TABLE category ADD COLUMN valid_from TEXT NOT NULL DEFAULT '2026-01-01';
ALTER TABLE category ADD COLUMN valid_to TEXT;
ALTER TABLE category ADD COLUMN successor_code TEXT REFERENCES category (code);
ALTER TABLE category ADD COLUMN organization_id UUID REFERENCES organization (id);
ALTER TABLE category ADD COLUMN program_id UUID REFERENCES program (id);
ALTER TABLE category ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE category SET standard_code = code;
INSERT INTO category (code, dimension, level, labels, is_group, standard_code) VALUES
  ('ARR', 'SOCIAL', 'INDIVIDUAL', '{"en": "Help on arrival", "fr": "Aide à l’arrivée", "ar": "المساعدة عند الوصول"}', TRUE, 'ARR'),
  ('ECO.IND', 'ECONOMIC', 'INDIVIDUAL', '{"en": "Economic help for individuals", "fr": "Aide économique individuelle", "ar": "المساعدة الاقتصادية للأفراد"}', TRUE, 'ECO.IND'),
  ('ECO.COM', 'ECONOMIC', 'COMMUNITY', '{"en": "Economic help for communities", "fr": "Aide économique aux communautés", "ar": "المساعدة الاقتصادية للمجتمعات المحلية"}', TRUE, 'ECO.COM'),
  ('ECO.STR', 'ECONOMIC', 'STRUCTURAL', '{"en": "Economic structures", "fr": "Structures économiques", "ar": "الهياكل الاقتصادية"}', TRUE, 'ECO.STR'),
  ('SOC.IND', 'SOCIAL', 'INDIVIDUAL', '{"en": "Social help for individuals", "fr": "Aide sociale individuelle", "ar": "المساعدة الاجتماعية للأفراد"}', TRUE, 'SOC.IND'),
  ('SOC.COM', 'SOCIAL', 'COMMUNITY', '{"en": "Social help for communities", "fr": "Aide sociale aux communautés", "ar": "المساعدة الاجتماعية للمجتمعات المحلية"}', TRUE, 'SOC.COM'),
  ('SOC.STR', 'SOCIAL', 'STRUCTURAL', '{"en": "Social structures", "fr": "Structures sociales", "ar": "الهياكل الاجتماعية"}', TRUE, 'SOC.STR'),
  ('PSY.IND', 'PSYCHOSOCIAL', 'INDIVIDUAL', '{"en": "Psychosocial help for individuals", "fr": "Aide psychosociale individuelle", "ar": "المساعدة النفسية الاجتماعية للأفراد"}', TRUE, 'PSY.IND'),
  ('PSY.COM', 'PSYCHOSOCIAL', 'COMMUNITY', '{"en": "Psychosocial help for communities", "fr": "Aide psychosociale aux communautés", "ar": "المساعدة النفسية الاجتماعية للمجتمعات المحلية"}', TRUE, 'PSY.COM'),
  ('PSY.STR', 'PSYCHOSOCIAL', 'STRUCTURAL', '{"en": "Psychosocial structures", "fr": "Structures psychosociales", "ar": "الهياكل النفسية الاجتماعية"}', TRUE, 'PSY.STR');
UPDATE category SET parent_code = CASE WHEN code LIKE 'ARR.%' THEN 'ARR' ELSE substr(code, 1, 7) END
  WHERE NOT is_group AND (code LIKE 'ARR.%' OR substr(code, 1, 7) IN (SELECT code FROM category WHERE is_group));
CREATE INDEX category_by_parent ON category (parent_code, code);
CREATE INDEX category_of ON category (organization_id, code) WHERE organization_id IS NOT NULL;
CREATE INDEX category_in ON category (program_id, code) WHERE program_id IS NOT NULL;

CREATE TABLE category_closure (
  ancestor_code TEXT NOT NULL REFERENCES category (code),
  descendant_code TEXT NOT NULL REFERENCES category (code),
  depth INTEGER NOT NULL,
  PRIMARY KEY (ancestor_code, descendant_code)
);
CREATE INDEX category_closure_up ON category_closure (descendant_code, ancestor_code);
INSERT INTO category_closure (ancestor_code, descendant_code, depth) SELECT code, code, 0 FROM category;
INSERT INTO category_closure (ancestor_code, descendant_code, depth)
  SELECT parent_code, code, 1 FROM category WHERE parent_code IS NOT NULL;

CREATE TABLE taxonomy_edition (
  code TEXT NOT NULL PRIMARY KEY,
  labels TEXT NOT NULL DEFAULT '{}',
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  created_at BIGINT NOT NULL
);
INSERT INTO taxonomy_edition (code, labels, valid_from, created_at)
  VALUES ('2026-1', '{"en": "First edition", "fr": "Première édition", "ar": "الطبعة الأولى"}', '2026-01-01', 0);

CREATE TABLE taxonomy_endorsement (
  id UUID NOT NULL PRIMARY KEY,
  edition TEXT NOT NULL REFERENCES taxonomy_edition (code),
  area_id UUID NOT NULL REFERENCES area (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  sop_version TEXT NOT NULL DEFAULT '',
  endorsed_at BIGINT NOT NULL,
  endorsed_by UUID NOT NULL,
  CONSTRAINT taxonomy_endorsement_once UNIQUE (edition, area_id, organization_id, sop_version)
);
CREATE INDEX taxonomy_endorsement_at ON taxonomy_endorsement (area_id, endorsed_at);

CREATE TABLE area_boundary (
  area_id UUID NOT NULL PRIMARY KEY REFERENCES area (id),
  geometry TEXT NOT NULL,
  map_geometry TEXT NOT NULL,
  west DOUBLE PRECISION NOT NULL,
  south DOUBLE PRECISION NOT NULL,
  east DOUBLE PRECISION NOT NULL,
  north DOUBLE PRECISION NOT NULL,
  imported_at BIGINT NOT NULL
);

CREATE TABLE empty_search (
  day TEXT NOT NULL,
  area_id UUID NOT NULL,
  category_code TEXT NOT NULL,
  searches INTEGER NOT NULL,
  PRIMARY KEY (day, area_id, category_code)
);

CREATE TABLE figure_release (
  quarter TEXT NOT NULL PRIMARY KEY,
  definition TEXT NOT NULL,
  fewest_inside INTEGER NOT NULL,
  fewest_outside INTEGER NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE TABLE figure_cell (
  quarter TEXT NOT NULL REFERENCES figure_release (quarter),
  measure TEXT NOT NULL,
  country TEXT NOT NULL,
  place INTEGER NOT NULL,
  area_id UUID REFERENCES area (id),
  category_code TEXT,
  urgency TEXT,
  counted INTEGER NOT NULL,
  inside_block INTEGER,
  outside_block INTEGER,
  PRIMARY KEY (quarter, measure, country, place)
);
CREATE INDEX figure_cell_of ON figure_cell (quarter, country);
CREATE INDEX event_by_time ON event (subject_kind, at, subject_id) WHERE to_status IS NOT NULL
"#;

const DOWN: &str = "
DROP INDEX event_by_time;
DROP TABLE figure_cell;
DROP TABLE figure_release;
DROP TABLE empty_search;
DROP TABLE area_boundary;
DROP TABLE taxonomy_endorsement;
DROP TABLE taxonomy_edition;
DROP TABLE category_closure;
DROP INDEX category_in;
DROP INDEX category_of;
DROP INDEX category_by_parent;
UPDATE category SET parent_code = NULL;
DELETE FROM category WHERE is_group;
ALTER TABLE category DROP COLUMN version;
ALTER TABLE category DROP COLUMN program_id;
ALTER TABLE category DROP COLUMN organization_id;
ALTER TABLE category DROP COLUMN successor_code;
ALTER TABLE category DROP COLUMN valid_to;
ALTER TABLE category DROP COLUMN valid_from;
ALTER TABLE category DROP COLUMN edition;
ALTER TABLE category DROP COLUMN standard_code;
ALTER TABLE category DROP COLUMN is_group;
ALTER TABLE category DROP COLUMN parent_code";
