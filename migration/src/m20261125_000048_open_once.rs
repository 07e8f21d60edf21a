//! At most one open referral for a need and a service of the same sender. Over all senders, whoever passes a part on, or
//! names a better service, would learn from a refusal where else the person was referred.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
DROP INDEX referral_open_once;
CREATE UNIQUE INDEX referral_open_once ON referral (need_id, service_id, sender_organization_id)
  WHERE status NOT IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED')";

const DOWN: &str = "
DROP INDEX referral_open_once;
CREATE UNIQUE INDEX referral_open_once ON referral (need_id, service_id)
  WHERE status NOT IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED')";
