//! Contacts that are less than a referral: a person was told of a service, or put in touch with it by hand.

crate::dialect::step!(UP, DOWN);

// light_contact: what the holder of a case recorded. passed: which of name, location and phone were handed on, as codes;
// the values themselves never pass through here.
const UP: &str = "
CREATE TABLE light_contact (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES case_file (id),
    need_id UUID REFERENCES need (id),
    service_id UUID NOT NULL REFERENCES service (id),
    kind TEXT NOT NULL,
    passed TEXT NOT NULL,
    made_on TEXT NOT NULL,
    made_by UUID NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX light_contact_case ON light_contact (case_id, recorded_at, id);
CREATE INDEX light_contact_need ON light_contact (need_id);
CREATE INDEX light_contact_service ON light_contact (service_id)";

const DOWN: &str = "DROP TABLE light_contact";
