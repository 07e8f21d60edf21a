//! Who takes part, where, and which services there are. Instants are UTC microseconds since 1970 in a BIGINT, so that
//! their order is time order on both engines; dates are ISO 8601 text of ten characters for the same reason.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE organization (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  names TEXT NOT NULL DEFAULT '{}',
  description TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL,
  kinds TEXT NOT NULL,
  website TEXT,
  email TEXT,
  epoch INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX organization_by_name ON organization (name, id);

CREATE TABLE area (
  id UUID NOT NULL PRIMARY KEY,
  country TEXT NOT NULL,
  level INTEGER NOT NULL,
  pcode TEXT NOT NULL,
  edition TEXT NOT NULL DEFAULT '',
  parent_id UUID REFERENCES area (id),
  name TEXT NOT NULL,
  names TEXT NOT NULL DEFAULT '{}',
  valid_from TEXT,
  valid_to TEXT,
  CONSTRAINT area_code UNIQUE (country, level, pcode, edition)
);
CREATE INDEX area_by_parent ON area (parent_id, name, id);
CREATE INDEX area_by_country ON area (country, level, name, id);

CREATE TABLE area_closure (
  ancestor_id UUID NOT NULL REFERENCES area (id),
  descendant_id UUID NOT NULL REFERENCES area (id),
  depth INTEGER NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX area_closure_up ON area_closure (descendant_id, ancestor_id);

CREATE TABLE program (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  names TEXT NOT NULL DEFAULT '{}',
  lead_organization_id UUID NOT NULL REFERENCES organization (id),
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX program_by_lead ON program (lead_organization_id, id);

CREATE TABLE program_area (
  program_id UUID NOT NULL REFERENCES program (id),
  area_id UUID NOT NULL REFERENCES area (id),
  PRIMARY KEY (program_id, area_id)
);

CREATE TABLE program_organization (
  program_id UUID NOT NULL REFERENCES program (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  part TEXT NOT NULL CONSTRAINT program_organization_part CHECK (part IN ('MEMBER', 'FUNDER')),
  PRIMARY KEY (program_id, organization_id, part)
);
CREATE INDEX program_organization_of ON program_organization (organization_id, program_id);

CREATE TABLE member (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  epoch INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX member_of ON member (organization_id, id);

CREATE TABLE client_application (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  epoch INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL
);
CREATE INDEX client_application_of ON client_application (organization_id, id);

CREATE TABLE category (
  code TEXT NOT NULL PRIMARY KEY,
  dimension TEXT NOT NULL,
  level TEXT NOT NULL,
  labels TEXT NOT NULL
);

CREATE TABLE service (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID REFERENCES program (id),
  category_code TEXT REFERENCES category (code),
  dimension TEXT,
  level TEXT,
  status TEXT NOT NULL CONSTRAINT service_status CHECK (status IN ('PUBLISHED', 'PAUSED', 'RETIRED')),
  pause_reason TEXT,
  visibility TEXT NOT NULL CONSTRAINT service_visibility CHECK (visibility IN ('PUBLIC', 'PARTNERS', 'OWN')),
  language TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  translations TEXT NOT NULL DEFAULT '{}',
  application_process TEXT NOT NULL DEFAULT '',
  eligibility TEXT NOT NULL DEFAULT '{}',
  languages TEXT NOT NULL DEFAULT '[]',
  required_documents TEXT NOT NULL DEFAULT '[]',
  cost TEXT NOT NULL DEFAULT '{}',
  contacts TEXT NOT NULL DEFAULT '[]',
  takes_referrals BOOLEAN NOT NULL,
  allows_overbooking BOOLEAN NOT NULL DEFAULT FALSE,
  assured_on TEXT,
  assured_by UUID,
  search_text TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  source TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  published_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT service_classified CHECK ((category_code IS NULL) = (dimension IS NULL) AND (category_code IS NULL) = (level IS NULL))
);
CREATE INDEX service_by_age ON service (published_at, id);
CREATE INDEX service_by_name ON service (sort_name, id);
CREATE INDEX service_by_category ON service (category_code, published_at, id);
CREATE INDEX service_by_cell ON service (dimension, level, published_at, id);
CREATE INDEX service_of ON service (organization_id, published_at, id);

CREATE TABLE service_language (
  service_id UUID NOT NULL REFERENCES service (id),
  language TEXT NOT NULL,
  PRIMARY KEY (language, service_id)
);
CREATE INDEX service_language_of ON service_language (service_id);

CREATE TABLE service_reach (
  area_id UUID NOT NULL REFERENCES area (id),
  service_id UUID NOT NULL REFERENCES service (id),
  PRIMARY KEY (area_id, service_id)
);
CREATE INDEX service_reach_of ON service_reach (service_id, area_id);

CREATE TABLE location (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  kind TEXT NOT NULL CONSTRAINT location_kind CHECK (kind IN ('PHYSICAL', 'VIRTUAL', 'CONFIDENTIAL')),
  name TEXT NOT NULL,
  address TEXT NOT NULL DEFAULT '',
  area_id UUID REFERENCES area (id),
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  created_at BIGINT NOT NULL,
  CONSTRAINT location_hidden CHECK (kind <> 'CONFIDENTIAL' OR (latitude IS NULL AND longitude IS NULL AND address = '')),
  CONSTRAINT location_latitude CHECK (latitude IS NULL OR (latitude BETWEEN -90 AND 90)),
  CONSTRAINT location_longitude CHECK (longitude IS NULL OR (longitude BETWEEN -180 AND 180))
);
CREATE INDEX location_of ON location (organization_id, id);

CREATE TABLE service_at_location (
  id UUID NOT NULL PRIMARY KEY,
  service_id UUID NOT NULL REFERENCES service (id),
  location_id UUID NOT NULL REFERENCES location (id),
  created_at BIGINT NOT NULL,
  CONSTRAINT service_at_location_once UNIQUE (service_id, location_id)
);
CREATE INDEX service_at_location_at ON service_at_location (location_id);

CREATE TABLE service_area (
  service_id UUID NOT NULL REFERENCES service (id),
  area_id UUID NOT NULL REFERENCES area (id),
  PRIMARY KEY (service_id, area_id)
);
CREATE INDEX service_area_at ON service_area (area_id);

CREATE TABLE capacity (
  id UUID NOT NULL PRIMARY KEY,
  service_id UUID NOT NULL REFERENCES service (id),
  service_at_location_id UUID REFERENCES service_at_location (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  total INTEGER CONSTRAINT capacity_total CHECK (total >= 0),
  taken_elsewhere INTEGER NOT NULL DEFAULT 0 CONSTRAINT capacity_elsewhere CHECK (taken_elsewhere >= 0),
  taken INTEGER NOT NULL DEFAULT 0 CONSTRAINT capacity_taken CHECK (taken >= 0),
  held INTEGER NOT NULL DEFAULT 0 CONSTRAINT capacity_held CHECK (held >= 0),
  as_of BIGINT NOT NULL
);
CREATE UNIQUE INDEX capacity_of_service ON capacity (service_id) WHERE service_at_location_id IS NULL;
CREATE UNIQUE INDEX capacity_of_place ON capacity (service_at_location_id) WHERE service_at_location_id IS NOT NULL;
CREATE INDEX capacity_by_service ON capacity (service_id);

CREATE TABLE import_source (
  source TEXT NOT NULL,
  entity TEXT NOT NULL,
  source_id TEXT NOT NULL,
  row_id UUID NOT NULL,
  content_hash TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (source, entity, source_id)
)";

const DOWN: &str = "
DROP TABLE import_source;
DROP TABLE capacity;
DROP TABLE service_area;
DROP TABLE service_at_location;
DROP TABLE location;
DROP TABLE service_reach;
DROP TABLE service_language;
DROP TABLE service;
DROP TABLE category;
DROP TABLE client_application;
DROP TABLE member;
DROP TABLE program_organization;
DROP TABLE program_area;
DROP TABLE program;
DROP TABLE area_closure;
DROP TABLE area;
DROP TABLE organization";
