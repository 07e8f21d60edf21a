//! Identity providers that vouch for members: who they are, the keys they published last, whom they know as which member,
//! the codes by which a member is bound the first time, and the identity tokens that were used already.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
CREATE TABLE identity_provider (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID REFERENCES organization (id),
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  audience TEXT NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  keys TEXT,
  keys_at BIGINT,
  tried_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX identity_provider_by_issuer ON identity_provider (issuer, audience);
CREATE INDEX identity_provider_of ON identity_provider (organization_id);

CREATE TABLE member_identity (
  id UUID NOT NULL PRIMARY KEY,
  member_id UUID NOT NULL REFERENCES member (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  provider_id UUID NOT NULL REFERENCES identity_provider (id),
  subject_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT member_identity_once UNIQUE (provider_id, subject_hash, organization_id)
);
CREATE INDEX member_identity_of ON member_identity (member_id);
CREATE INDEX member_identity_in ON member_identity (organization_id);

CREATE TABLE member_invitation (
  id UUID NOT NULL PRIMARY KEY,
  member_id UUID NOT NULL REFERENCES member (id),
  organization_id UUID NOT NULL REFERENCES organization (id),
  code_hash TEXT NOT NULL,
  valid_until BIGINT NOT NULL,
  used_at BIGINT,
  created_by UUID,
  created_at BIGINT NOT NULL,
  CONSTRAINT member_invitation_once UNIQUE (code_hash)
);
CREATE INDEX member_invitation_of ON member_invitation (member_id, created_at);
CREATE INDEX member_invitation_in ON member_invitation (organization_id);

CREATE TABLE used_id_token (
  token_hash TEXT NOT NULL PRIMARY KEY,
  good_until BIGINT NOT NULL
);
CREATE INDEX used_id_token_by_age ON used_id_token (good_until)";

const DOWN: &str = "
DROP TABLE used_id_token;
DROP TABLE member_invitation;
DROP TABLE member_identity;
DROP TABLE identity_provider";
