//! Contacts that are less than a referral: in a referral two members of staff are in touch and the person is handed on; here
//! the person was told where to go, or was put in touch by hand. They are recorded, so that nobody tells the same twice,
//! and they never count as referrals.

use crate::domain::code::codes;
use crate::domain::id::{CaseId, LightContactId, NeedId, ServiceId};
use crate::domain::rule::{RuleCode, Rules};
use serde::{Deserialize, Serialize};

codes! {
    /// What a contact was that is less than a referral.
    pub enum LightContactKind {
        /// The person was told of a service, such as a hotline's number; nothing about the person was handed on.
        Information = "INFORMATION",
        /// The person was put in touch with a specialist: at most name, location and phone were handed on, by hand. It is
        /// for staff who are no specialists and meet a need for protection.
        Redirection = "REDIRECTION",
    }
}

codes! {
    /// What may be handed on when somebody is put in touch.
    pub enum PassedDetail {
        /// The person's name.
        Name = "NAME",
        /// Where the person is.
        Location = "LOCATION",
        /// The person's phone number.
        Phone = "PHONE",
    }
}

/// A contact, as the holder of the case recorded it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LightContact {
    pub id: LightContactId,
    pub case_id: CaseId,
    pub need_id: Option<NeedId>,
    pub service_id: ServiceId,
    pub kind: LightContactKind,
    pub passed: Vec<PassedDetail>,
    /// ISO 8601.
    pub made_on: String,
    pub recorded_at: i64,
}

/// Notes what is wrong with a contact: nothing is handed on with mere information; who is put in touch agreed to it, and
/// something was handed on; nothing is recorded before its day.
pub fn check(
    kind: LightContactKind,
    passed: &[PassedDetail],
    agreed: bool,
    (made_on, today): (&str, &str),
    rules: &mut Rules,
) {
    rules.check(made_on <= today, "madeOn", RuleCode::DateOutOfRange);
    match kind {
        LightContactKind::Information => rules.check(passed.is_empty(), "passed", RuleCode::Invalid),
        LightContactKind::Redirection => {
            rules.check(!passed.is_empty(), "passed", RuleCode::Required);
            rules.check(agreed, "personAgreed", RuleCode::ConsentMissing);
        }
    }
    let is_twice = |(at, detail): (usize, &PassedDetail)| passed[..at].contains(detail);
    rules.check(!passed.iter().enumerate().any(is_twice), "passed", RuleCode::Invalid);
}
