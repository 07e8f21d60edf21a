//! The purpose of a consent and of a window on a case is a code of the closed list of purposes: until now all were for
//! referral to a service and word back on it, which is care.

crate::dialect::step!(UP, DOWN);

const UP: &str = "
UPDATE consent SET purpose = 'CARE' WHERE purpose = 'REFERRAL';
UPDATE access_grant SET purpose = 'CARE' WHERE purpose = 'REFERRAL'";

const DOWN: &str = "
UPDATE access_grant SET purpose = 'REFERRAL' WHERE purpose = 'CARE';
UPDATE consent SET purpose = 'REFERRAL' WHERE purpose = 'CARE'";
