//! The work on a case: its stage, the versions of its reintegration plan, help given without a referral. And what is done
//! for a community or for how services are governed: it belongs to an area or an organization and has no column for a
//! case, so that none can be put there.
//!
//! The stage says where the work stands while a case is open; a closed case keeps the stage it was closed from.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE case_file ADD COLUMN stage TEXT NOT NULL DEFAULT 'OPEN' CONSTRAINT case_stage
  CHECK (stage IN ('OPEN', 'ASSESSING', 'PLANNED', 'IN_PROGRESS', 'FOLLOW_UP', 'ON_HOLD'));

CREATE TABLE case_stage_change (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  from_stage TEXT NOT NULL,
  to_stage TEXT NOT NULL,
  cause TEXT NOT NULL,
  reason_sealed TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX case_stage_change_of ON case_stage_change (case_id, at, id);

CREATE TABLE plan (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  number INTEGER NOT NULL,
  status TEXT NOT NULL CONSTRAINT plan_status CHECK (status IN ('DRAFT', 'AGREED', 'ACTIVE', 'SUPERSEDED')),
  agreed_on TEXT,
  method TEXT,
  participants TEXT NOT NULL DEFAULT '[]',
  drafted_at BIGINT NOT NULL,
  activated_at BIGINT,
  ended_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  updated_at BIGINT NOT NULL,
  CONSTRAINT plan_number UNIQUE (case_id, number),
  CONSTRAINT plan_agreed CHECK (status IN ('DRAFT', 'SUPERSEDED') OR (agreed_on IS NOT NULL AND method IS NOT NULL)),
  CONSTRAINT plan_activated CHECK (status <> 'ACTIVE' OR activated_at IS NOT NULL)
);
CREATE UNIQUE INDEX plan_active_once ON plan (case_id) WHERE status = 'ACTIVE';
CREATE INDEX plan_of_program ON plan (program_id, status);

CREATE TABLE plan_item (
  id UUID NOT NULL PRIMARY KEY,
  plan_id UUID NOT NULL REFERENCES plan (id),
  case_id UUID NOT NULL REFERENCES case_file (id),
  need_id UUID NOT NULL REFERENCES need (id),
  position INTEGER NOT NULL,
  goal_sealed TEXT,
  delivery TEXT NOT NULL CONSTRAINT plan_item_delivery CHECK (delivery IN ('DIRECT', 'REFERRAL')),
  responsible_organization_id UUID NOT NULL REFERENCES organization (id),
  due_by TEXT,
  budget_amount TEXT,
  budget_currency TEXT,
  status TEXT NOT NULL CONSTRAINT plan_item_status CHECK (status IN ('PLANNED', 'IN_PROGRESS', 'DONE', 'DROPPED')),
  declined_by TEXT CONSTRAINT plan_item_declined_by CHECK (declined_by IN ('PERSON', 'HOLDER', 'PROVIDER')),
  updated_at BIGINT NOT NULL,
  CONSTRAINT plan_item_position UNIQUE (plan_id, position),
  CONSTRAINT plan_item_dropped CHECK ((status = 'DROPPED') = (declined_by IS NOT NULL)),
  CONSTRAINT plan_item_budget CHECK ((budget_amount IS NULL) = (budget_currency IS NULL))
);
CREATE INDEX plan_item_for_need ON plan_item (need_id);

CREATE TABLE direct_service (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  need_id UUID NOT NULL REFERENCES need (id),
  service_id UUID REFERENCES service (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  area_id UUID REFERENCES area (id),
  category_code TEXT NOT NULL REFERENCES category (code),
  dimension TEXT NOT NULL,
  level TEXT NOT NULL,
  delivered_on TEXT NOT NULL,
  meaning TEXT NOT NULL,
  note_sealed TEXT,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX direct_service_of ON direct_service (case_id, recorded_at, id);
CREATE INDEX direct_service_of_program ON direct_service (program_id, recorded_at);

CREATE TABLE direct_service_goal (
  direct_service_id UUID NOT NULL REFERENCES direct_service (id),
  goal_id UUID NOT NULL REFERENCES goal (id),
  position INTEGER NOT NULL,
  result TEXT NOT NULL CONSTRAINT direct_service_goal_result CHECK (result IN ('ACHIEVED', 'PARTLY', 'NOT_ACHIEVED')),
  achieved_on TEXT,
  quantity DOUBLE PRECISION,
  unit_sealed TEXT,
  note_sealed TEXT,
  PRIMARY KEY (direct_service_id, goal_id)
);

CREATE TABLE activity (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  category_code TEXT NOT NULL REFERENCES category (code),
  dimension TEXT NOT NULL,
  level TEXT NOT NULL CONSTRAINT activity_level CHECK (level IN ('COMMUNITY', 'STRUCTURAL')),
  area_id UUID REFERENCES area (id),
  about_organization_id UUID REFERENCES organization (id),
  agreement_id UUID,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  planned_participants INTEGER,
  returnees INTEGER,
  non_returnees INTEGER,
  outcome TEXT,
  reported_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT activity_about CHECK ((level = 'COMMUNITY' AND area_id IS NOT NULL)
    OR (level = 'STRUCTURAL' AND (area_id IS NOT NULL OR about_organization_id IS NOT NULL OR agreement_id IS NOT NULL))),
  CONSTRAINT activity_counted CHECK (coalesce(planned_participants, 0) >= 0 AND coalesce(returnees, 0) >= 0
    AND coalesce(non_returnees, 0) >= 0),
  CONSTRAINT activity_reported CHECK ((reported_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX activity_by_start ON activity (starts_on, id);
CREATE INDEX activity_of ON activity (organization_id, starts_on, id);
CREATE INDEX activity_in ON activity (area_id, starts_on, id);

CREATE TABLE community_need (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organization (id),
  category_code TEXT NOT NULL REFERENCES category (code),
  dimension TEXT NOT NULL,
  level TEXT NOT NULL CONSTRAINT community_need_level CHECK (level IN ('COMMUNITY', 'STRUCTURAL')),
  area_id UUID REFERENCES area (id),
  about_organization_id UUID REFERENCES organization (id),
  urgency TEXT NOT NULL,
  status TEXT NOT NULL CONSTRAINT community_need_status CHECK (status IN ('OPEN', 'MET', 'PARTLY_MET', 'NOT_MET', 'WITHDRAWN')),
  description TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT community_need_about CHECK ((level = 'COMMUNITY' AND area_id IS NOT NULL)
    OR (level = 'STRUCTURAL' AND (area_id IS NOT NULL OR about_organization_id IS NOT NULL)))
);
CREATE INDEX community_need_by_time ON community_need (created_at, id);
CREATE INDEX community_need_of ON community_need (organization_id, created_at, id);
CREATE INDEX community_need_in ON community_need (area_id, created_at, id);

CREATE INDEX referral_for_need ON referral (need_id, created_at, id);
CREATE INDEX referral_ended_in ON referral (program_id, ended_at) WHERE ended_at IS NOT NULL";

const DOWN: &str = "
DROP INDEX referral_ended_in;
DROP INDEX referral_for_need;
DROP TABLE community_need;
DROP TABLE activity;
DROP TABLE direct_service_goal;
DROP TABLE direct_service;
DROP TABLE plan_item;
DROP TABLE plan;
DROP TABLE case_stage_change;
ALTER TABLE case_file DROP COLUMN stage";
