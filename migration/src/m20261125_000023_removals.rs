//! Receivers remove what they were shown for more causes than a withdrawn consent, and for single fields; and a licensed
//! member confirms what others recorded in their name.
//!
//! The table is made anew, because only so SQLite forgets that a consent was always there. `fields` names what is to be
//! removed; nothing means all of it.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
DROP INDEX redaction_asked;
DROP INDEX redaction_held;
DROP INDEX redaction_of_referral;
DROP INDEX redaction_due;
CREATE TABLE redaction_anew (
  id UUID NOT NULL PRIMARY KEY,
  cause TEXT NOT NULL CONSTRAINT redaction_cause CHECK (cause IN ('CONSENT_WITHDRAWN', 'FIELDS_WITHDRAWN', 'OVERRIDE_UNJUSTIFIED', 'WRONG_PERSON')),
  consent_id UUID REFERENCES consent (id),
  referral_id UUID NOT NULL REFERENCES referral (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  holder_organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  fields TEXT,
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  confirmed_by UUID,
  told_at BIGINT,
  CONSTRAINT redaction_of_fields CHECK ((cause = 'FIELDS_WITHDRAWN') = (fields IS NOT NULL))
);
INSERT INTO redaction_anew (id, cause, consent_id, referral_id, organization_id, holder_organization_id, program_id, asked_at, due_at, confirmed_at, confirmed_by, told_at)
SELECT id, 'CONSENT_WITHDRAWN', consent_id, referral_id, organization_id, holder_organization_id, program_id, asked_at, due_at, confirmed_at, confirmed_by, told_at FROM redaction;
DROP TABLE redaction;
ALTER TABLE redaction_anew RENAME TO redaction;
CREATE UNIQUE INDEX redaction_once ON redaction (referral_id, cause) WHERE fields IS NULL;
CREATE INDEX redaction_asked ON redaction (organization_id, asked_at, id);
CREATE INDEX redaction_held ON redaction (holder_organization_id, asked_at, id);
CREATE INDEX redaction_of_referral ON redaction (referral_id);
CREATE INDEX redaction_of_consent ON redaction (consent_id);
CREATE INDEX redaction_due ON redaction (due_at, id) WHERE confirmed_at IS NULL AND told_at IS NULL;

ALTER TABLE consent_override ADD COLUMN confirmed_at BIGINT;
ALTER TABLE consent_override ADD COLUMN after_withdrawal BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE consent_override SET confirmed_at = created_at";

const DOWN: &str = "
ALTER TABLE consent_override DROP COLUMN after_withdrawal;
ALTER TABLE consent_override DROP COLUMN confirmed_at;
DROP INDEX redaction_once;
DROP INDEX redaction_asked;
DROP INDEX redaction_held;
DROP INDEX redaction_of_referral;
DROP INDEX redaction_of_consent;
DROP INDEX redaction_due;
CREATE TABLE redaction_before (
  id UUID NOT NULL PRIMARY KEY,
  consent_id UUID NOT NULL REFERENCES consent (id),
  referral_id UUID NOT NULL REFERENCES referral (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  holder_organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  confirmed_by UUID,
  told_at BIGINT,
  CONSTRAINT redaction_once UNIQUE (consent_id, referral_id)
);
INSERT INTO redaction_before (id, consent_id, referral_id, organization_id, holder_organization_id, program_id, asked_at, due_at, confirmed_at, confirmed_by, told_at)
SELECT id, consent_id, referral_id, organization_id, holder_organization_id, program_id, asked_at, due_at, confirmed_at, confirmed_by, told_at FROM redaction WHERE cause = 'CONSENT_WITHDRAWN';
DROP TABLE redaction;
ALTER TABLE redaction_before RENAME TO redaction;
CREATE INDEX redaction_asked ON redaction (organization_id, asked_at, id);
CREATE INDEX redaction_held ON redaction (holder_organization_id, asked_at, id);
CREATE INDEX redaction_of_referral ON redaction (referral_id);
CREATE INDEX redaction_due ON redaction (due_at, id) WHERE confirmed_at IS NULL AND told_at IS NULL";
