//! What a consent says beside what it releases, its withdrawal and its expiry, overrides in a person's vital interest,
//! and the redactions asked of receivers.
//!
//! `ended_at` of a consent is when it was withdrawn, `report_back_ended_at` when only the word back was; `told_soon_at`
//! and `told_at` are when its holder was told that it expires soon and that it has expired. A referral is sent under a
//! consent or, in its place, under an override.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
ALTER TABLE consent ADD COLUMN report_back BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE consent ADD COLUMN report_back_ended_at BIGINT;
ALTER TABLE consent ADD COLUMN given_by TEXT NOT NULL DEFAULT 'PERSON';
ALTER TABLE consent ADD COLUMN guardian_relation TEXT;
ALTER TABLE consent ADD COLUMN child_view TEXT;
ALTER TABLE consent ADD COLUMN caregiver_informed BOOLEAN;
ALTER TABLE consent ADD COLUMN caregiver_reason_sealed TEXT;
ALTER TABLE consent ADD COLUMN withdrawn_channel TEXT;
ALTER TABLE consent ADD COLUMN told_soon_at BIGINT;
ALTER TABLE consent ADD COLUMN told_at BIGINT;
CREATE INDEX consent_expiry ON consent (expires_on, id) WHERE ended_at IS NULL AND told_at IS NULL AND expires_on IS NOT NULL;

CREATE TABLE consent_override (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES case_file (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  program_id UUID NOT NULL REFERENCES program (id),
  receiver_organization_id UUID NOT NULL REFERENCES organization (id),
  basis TEXT NOT NULL CONSTRAINT consent_override_basis CHECK (basis IN ('LIFE_AT_RISK', 'LACKS_CAPACITY')),
  determined_by UUID NOT NULL REFERENCES member (id),
  recorded_by UUID NOT NULL REFERENCES member (id),
  reason_sealed TEXT NOT NULL,
  fields TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  verdict TEXT,
  verdict_sealed TEXT,
  reviewed_by UUID REFERENCES member (id),
  reviewed_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT consent_override_reviewed CHECK ((verdict IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL OR reviewed_by <> recorded_by))
);
CREATE INDEX consent_override_of ON consent_override (organization_id, created_at, id);
CREATE INDEX consent_override_case ON consent_override (case_id);

ALTER TABLE referral ADD COLUMN override_id UUID REFERENCES consent_override (id);
CREATE INDEX referral_of_consent ON referral (consent_id) WHERE consent_id IS NOT NULL;
CREATE INDEX referral_of_override ON referral (override_id) WHERE override_id IS NOT NULL;

CREATE TABLE redaction (
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
CREATE INDEX redaction_asked ON redaction (organization_id, asked_at, id);
CREATE INDEX redaction_held ON redaction (holder_organization_id, asked_at, id);
CREATE INDEX redaction_of_referral ON redaction (referral_id);
CREATE INDEX redaction_due ON redaction (due_at, id) WHERE confirmed_at IS NULL AND told_at IS NULL";

const DOWN: &str = "
DROP TABLE redaction;
DROP INDEX referral_of_override;
DROP INDEX referral_of_consent;
ALTER TABLE referral DROP COLUMN override_id;
DROP TABLE consent_override;
DROP INDEX consent_expiry;
ALTER TABLE consent DROP COLUMN told_at;
ALTER TABLE consent DROP COLUMN told_soon_at;
ALTER TABLE consent DROP COLUMN withdrawn_channel;
ALTER TABLE consent DROP COLUMN caregiver_reason_sealed;
ALTER TABLE consent DROP COLUMN caregiver_informed;
ALTER TABLE consent DROP COLUMN child_view;
ALTER TABLE consent DROP COLUMN guardian_relation;
ALTER TABLE consent DROP COLUMN given_by;
ALTER TABLE consent DROP COLUMN report_back_ended_at;
ALTER TABLE consent DROP COLUMN report_back";
