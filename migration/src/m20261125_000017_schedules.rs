//! When services are given, and what directories say of organizations, services and places that had no column.
//!
//! A schedule belongs to a service, to a service at a location or to a location. It is kept as its source said it, beside
//! three columns that are derived from it so that SQL alone can tell whether something is open: the days between which
//! it can hold (`first_on`, `last_on`), and the day or month from which intervals are counted (`anchor`).

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE schedule (
  id UUID NOT NULL PRIMARY KEY,
  service_id UUID REFERENCES service (id) ON DELETE CASCADE,
  service_at_location_id UUID REFERENCES service_at_location (id) ON DELETE CASCADE,
  location_id UUID REFERENCES location (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  frequency TEXT CONSTRAINT schedule_frequency CHECK (frequency IN ('WEEKLY', 'MONTHLY')),
  every INTEGER NOT NULL DEFAULT 1 CONSTRAINT schedule_every CHECK (every > 0),
  week_start TEXT NOT NULL DEFAULT 'MO',
  days TEXT NOT NULL DEFAULT '',
  month_days TEXT NOT NULL DEFAULT '',
  starts_on TEXT,
  until TEXT,
  occurrences INTEGER,
  opens INTEGER CONSTRAINT schedule_opens CHECK (opens BETWEEN 0 AND 1439),
  closes INTEGER CONSTRAINT schedule_closes CHECK (closes BETWEEN 0 AND 1440),
  zone TEXT NOT NULL,
  valid_from TEXT,
  valid_to TEXT,
  description TEXT NOT NULL DEFAULT '',
  notes TEXT NOT NULL DEFAULT '',
  original TEXT NOT NULL DEFAULT '',
  first_on TEXT NOT NULL,
  last_on TEXT NOT NULL,
  anchor INTEGER NOT NULL,
  CONSTRAINT schedule_of_one CHECK (
    (CASE WHEN service_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN service_at_location_id IS NULL THEN 0 ELSE 1 END)
    + (CASE WHEN location_id IS NULL THEN 0 ELSE 1 END) = 1)
);
CREATE INDEX schedule_of_service ON schedule (service_id, position);
CREATE INDEX schedule_of_place ON schedule (service_at_location_id, position);
CREATE INDEX schedule_of_location ON schedule (location_id, position);
CREATE INDEX schedule_by_zone ON schedule (zone, frequency, opens);
ALTER TABLE organization ADD COLUMN alternate_name TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN identifiers TEXT;
ALTER TABLE service ADD COLUMN alternate_name TEXT NOT NULL DEFAULT '';
ALTER TABLE service ADD COLUMN url TEXT;
ALTER TABLE service ADD COLUMN alert TEXT NOT NULL DEFAULT '';
ALTER TABLE service ADD COLUMN accreditations TEXT NOT NULL DEFAULT '';
ALTER TABLE service ADD COLUMN interpretation TEXT NOT NULL DEFAULT '';
ALTER TABLE service ADD COLUMN cost_options TEXT;
ALTER TABLE service ADD COLUMN funding TEXT;
ALTER TABLE location ADD COLUMN transportation TEXT NOT NULL DEFAULT '';
ALTER TABLE location ADD COLUMN accessibility TEXT";

const DOWN: &str = "
ALTER TABLE location DROP COLUMN accessibility;
ALTER TABLE location DROP COLUMN transportation;
ALTER TABLE service DROP COLUMN funding;
ALTER TABLE service DROP COLUMN cost_options;
ALTER TABLE service DROP COLUMN interpretation;
ALTER TABLE service DROP COLUMN accreditations;
ALTER TABLE service DROP COLUMN alert;
ALTER TABLE service DROP COLUMN url;
ALTER TABLE service DROP COLUMN alternate_name;
ALTER TABLE organization DROP COLUMN identifiers;
ALTER TABLE organization DROP COLUMN alternate_name;
DROP TABLE schedule";
