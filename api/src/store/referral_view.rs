//! What a referral looks like to one of its parties: sender, receiver or coordinator.

use crate::domain::code::Code as _;
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Sight};
use crate::domain::referral::Reason;
use crate::store::carried_view::{follow_up, prior_help, restrictions};
use crate::store::chain_view::chain;
use crate::store::decision_view::decision;
use crate::store::fragment::{self, Object};
use crate::store::persons;
use crate::store::referrals::Direction;
use crate::store::statement::Sql;
use uuid::Uuid;

/// How the asker stands to `referral r`.
pub struct View {
    organization: String,
    /// The condition of sending it.
    pub sends: String,
    /// The condition of receiving it.
    pub receives: String,
    /// The condition of leading its program as coordinator.
    pub coordinates: String,
    /// What of the person the asker may know.
    person: persons::OfReferral,
}

impl View {
    /// How somebody who sees so far stands to it.
    pub fn of(sql: &mut Sql, sight: &Sight) -> Self {
        let organization = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
        let within = sql.within(&sight.referrals, "r.program_id");
        let led = sql.within(&sight.coordinates, "r.program_id");
        let nothing = || "1 = 0".to_owned();
        let party = sight.referrals != Extent::Nothing && sight.organization.is_some();
        Self {
            sends: if party { format!("(r.sender_organization_id = {organization} AND {within})") } else { nothing() },
            receives: if party {
                format!("(r.receiver_organization_id = {organization} AND r.sent_at IS NOT NULL AND {within})")
            } else {
                nothing()
            },
            coordinates: if sight.coordinates == Extent::Nothing {
                nothing()
            } else {
                format!("(rp.lead_organization_id = {organization} AND r.sent_at IS NOT NULL AND {led})")
            },
            person: persons::OfReferral::of(sql, sight),
            organization,
        }
    }

    /// The condition under which it is seen, from one side or from any.
    pub fn visible(&self, direction: Option<Direction>) -> String {
        match direction {
            Some(Direction::Sent) => self.sends.clone(),
            Some(Direction::Received) => self.receives.clone(),
            None => format!("({} OR {} OR {})", self.sends, self.receives, self.coordinates),
        }
    }

    /// The tables a referral is read from. They are outer joins on keys, which both engines leave out when nothing of
    /// the joined table is used; only the grants have to be left out here.
    pub fn from(&self, parts: &Parts) -> String {
        let grants = if uses_grants(parts) {
            format!(
                " LEFT JOIN access_grant ag ON ag.cause_id = r.id AND ag.organization_id = {} AND ag.until_at IS NULL",
                self.organization
            )
        } else {
            String::new()
        };
        format!(
            "FROM referral r LEFT JOIN program rp ON rp.id = r.program_id LEFT JOIN case_file c ON c.id = r.case_id \
             LEFT JOIN service s ON s.id = r.service_id{} LEFT JOIN organization rs ON rs.id = r.sender_organization_id \
             LEFT JOIN organization rr ON rr.id = r.receiver_organization_id \
             LEFT JOIN consent rc ON rc.id = r.consent_id{grants}",
            fragment::SERVICE_JOINS,
        )
    }

    /// A column's value if the asker sends, or receives and a running grant shows the field. A grant is to the
    /// organization; who is there only as coordinator makes no use of it.
    pub(super) fn shown(&self, field: &str, column: &str) -> String {
        let Self { sends, receives, .. } = self;
        format!(
            "CASE WHEN r.status <> 'VOIDED' AND ({sends} OR ({receives} AND ag.fields LIKE '%\"{field}\"%')) \
             THEN {column} END"
        )
    }

    /// The same of what the case says of the person. Who passes on a part of a referral sends it without holding the case:
    /// they see what their own grant for that referral shows.
    fn disclosed(&self, field: &str, column: &str) -> String {
        let Self { sends, receives, organization, .. } = self;
        format!(
            "CASE WHEN r.status <> 'VOIDED' AND (({sends} AND (r.parent_id IS NULL OR EXISTS (SELECT 1 FROM access_grant gp \
             WHERE gp.cause_id = r.parent_id AND gp.organization_id = {organization} AND gp.until_at IS NULL \
             AND gp.fields LIKE '%\"{field}\"%'))) OR ({receives} AND ag.fields LIKE '%\"{field}\"%')) THEN {column} END"
        )
    }

    /// A column's value for sender and receiver, not for the coordinator, and for nobody once the referral is void.
    pub fn of_parties(&self, column: &str) -> String {
        format!("CASE WHEN r.status <> 'VOIDED' AND ({} OR {}) THEN {column} END", self.sends, self.receives)
    }

    /// What became of it: a column's value for the receiver, and for the sender if the person agreed to word back and did
    /// not end that; never for the coordinator, and for nobody once the referral is void.
    pub fn told_back(&self, column: &str) -> String {
        format!(
            "CASE WHEN r.status <> 'VOIDED' AND (({} AND {TOLD_BACK}) OR {}) THEN {column} END",
            self.sends, self.receives
        )
    }

    /// What a receiver says of the person without telling a result, such as why a service was interrupted or on which day
    /// it was given: for the receiver,
    /// and for the sender's side and the coordinator as long as the person agrees to word back.
    pub fn told_on(&self, column: &str) -> String {
        format!("CASE WHEN {} OR {TOLD_BACK} THEN {column} END", self.receives)
    }

    /// Why it ended, as far as the asker is told.
    pub fn reason(&self) -> String {
        let Self { sends, coordinates, .. } = self;
        // Why a sender took a referral back is often the person's own affair: the receiver learns only that it is.
        let early = self.told_on("r.reason");
        format!(
            "CASE WHEN r.status = 'ENDED_EARLY' OR (r.status = 'DECLINED' AND r.reason IN ({})) THEN {early} \
             WHEN {sends} OR {coordinates} OR r.status <> 'WITHDRAWN' THEN r.reason END",
            about_person()
        )
    }

    /// The referral with the parts asked for.
    pub fn json(&self, parts: &Parts) -> String {
        let Self { sends, receives, coordinates, .. } = self;
        let reason = self.reason();
        let sent = |column: &str| format!("CASE WHEN {sends} THEN {column} END");
        Object::of(parts)
            .always("id", "UID(r.id)")
            .field("case_id", "UID(r.case_id)")
            .field("need_id", sent("UID(r.need_id)"))
            .inside("service", |parts| self.service(parts))
            .field("service_at_location_id", "UID(r.service_at_location_id)")
            .field("consent_id", sent("UID(r.consent_id)"))
            .inside("sender", |parts| fragment::organization_of(parts, "rs", "r.sender_organization_id"))
            .inside("receiver", |parts| fragment::organization_of(parts, "rr", "r.receiver_organization_id"))
            .field("program_id", "UID(r.program_id)")
            .field("lead_organization_id", "UID(rp.lead_organization_id)")
            .field("area_id", "UID(r.area_id)")
            .field("category", "r.category_code")
            .field("dimension", "r.dimension")
            .field("level", "r.level")
            .field("urgency", "r.urgency")
            .field("status", "r.status")
            .field("reason", reason)
            .inside("background", |_| self.shown("NEED", "r.background_sealed"))
            .field(
                "note",
                format!(
                    "CASE WHEN r.status <> 'VOIDED' AND (({sends} AND (r.status = 'WITHDRAWN' OR {TOLD_BACK})) \
                     OR ({receives} AND r.status <> 'WITHDRAWN')) THEN r.note_sealed END"
                ),
            )
            .field(
                "client_reference",
                format!("CASE WHEN r.status <> 'VOIDED' AND {sends} THEN r.client_reference_sealed END"),
            )
            .field("previous_id", format!("CASE WHEN {sends} OR {coordinates} THEN UID(r.previous_id) END"))
            .field("attempt", format!("CASE WHEN {sends} OR {coordinates} THEN r.attempt END"))
            .field("capacity_id", "UID(r.capacity_id)")
            .field("is_overbooked", "r.is_overbooked")
            .inside("goals", |parts| self.goals(parts))
            .inside("released", |parts| self.released(parts))
            .inside("times", |parts| columns(parts, TIMES))
            .inside("due", |parts| columns(parts, DUE))
            .field("first_contact_on", self.told_on("r.first_contact_on"))
            .field("service_on", self.told_on("r.service_on"))
            .field("loop_meaning", "r.loop_meaning")
            .field("verification", "r.verification")
            .field("before", "r.before_status")
            .field("rung", "r.rung")
            .field("info_rounds", "r.info_rounds")
            .field("paused_micros", "r.paused_micros")
            .field("expected_on", "r.expected_on")
            .field("reviews_missed", "r.reviews_missed")
            .field("offers_lapsed", "r.offers_lapsed")
            .field("planned_end_on", "r.planned_end_on")
            .inside("progress", |parts| self.progress(parts))
            .inside("hold", |parts| self.hold(parts))
            .inside("cancellation", |parts| self.cancellation(parts))
            .inside("dispute", |parts| self.dispute(parts))
            .inside("voiding", |parts| self.voiding(parts))
            .field("loop_unseen", "r.loop_unseen")
            .field("assignee_id", "UID(r.assignee_id)")
            .inside("decision", |parts| decision(self, parts))
            .field("agreement_id", self.of_parties("UID(r.agreement_id)"))
            .inside("chain", |parts| chain(self, parts))
            .inside("follow_up", |parts| follow_up(self, parts))
            .field(
                "may_report_back",
                self.of_parties(&format!(
                    "CASE WHEN r.sent_at IS NOT NULL THEN CASE WHEN {TOLD_BACK} THEN 1 ELSE 0 END END"
                )),
            )
            .inside("restrictions", |parts| restrictions(self, parts))
            .inside("prior_help", |parts| prior_help(self, parts))
            .field("version", "r.version")
            .end()
    }

    /// The service, whole for its owner, for whom the directory shows it, and while it is being given; else its name.
    fn service(&self, parts: &Parts) -> String {
        format!(
            "JSON(CASE WHEN s.organization_id = {} OR (s.visibility <> 'OWN' AND s.status <> 'RETIRED') \
             OR r.status IN ('ACCEPTED', 'IN_SERVICE') THEN {} ELSE {} END)",
            self.organization,
            fragment::service(parts),
            fragment::hidden_service(parts)
        )
    }

    fn goals(&self, parts: &Parts) -> String {
        let goal = Object::of(parts)
            .field("id", "UID(rg.goal_id)")
            .field("position", "rg.position")
            .inside("text", |_| self.disclosed("GOALS", "go.text_sealed"))
            .field("result", self.told_back("rg.result"))
            .field("achieved_on", self.told_back("rg.achieved_on"))
            .field("quantity", self.told_back("rg.quantity"))
            .field("unit", self.told_back("rg.unit_sealed"))
            .field("note", self.told_back("rg.note_sealed"))
            .field("is_left_out", "rg.is_left_out")
            .end();
        format!(
            "LIST({goal} BY rg.position, rg.goal_id FROM referral_goal rg LEFT JOIN goal go ON go.id = rg.goal_id \
             WHERE rg.referral_id = r.id)"
        )
    }

    fn released(&self, parts: &Parts) -> String {
        let Self { sends, receives, .. } = self;
        let released = Object::of(parts)
            .field("case_id", "UID(r.case_id)")
            .inside("identifier", |_| self.disclosed("CASE_IDENTIFIER", "c.identifier"))
            .inside("age_band", |_| self.disclosed("AGE_BAND", "c.age_band"))
            .inside("sex", |_| self.disclosed("SEX", "c.sex"))
            .inside("language", |_| self.disclosed("LANGUAGE", "c.language"))
            .inside("contact_through_sender", |_| self.disclosed("CONTACT_THROUGH_SENDER", "1"))
            .inside("person", |_| self.person.json(&self.organization, sends, receives))
            .end();
        format!(
            "JSON(CASE WHEN r.status <> 'VOIDED' AND ({sends} OR ({receives} AND ag.id IS NOT NULL)) THEN {released} END)"
        )
    }
}

/// The reasons that say something of the person, as a list of SQL: what a receiver says of somebody in declining is word
/// back like any other.
#[must_use]
pub fn about_person() -> String {
    let codes = Reason::ALL.iter().filter(|reason| reason.is_about_person());
    codes.map(|reason| format!("'{}'", reason.code())).collect::<Vec<_>>().join(", ")
}

/// That the person agreed to word back and did not end that; needs `consent rc`, which an override leaves empty.
const TOLD_BACK: &str = "(rc.id IS NULL OR (rc.report_back AND rc.report_back_ended_at IS NULL))";

/// Whether one of the parts is shown by a grant.
fn uses_grants(parts: &Parts) -> bool {
    ["background", "released", "restrictions", "prior_help"].into_iter().any(|part| parts.has(part))
        || parts.of("decision").is_some_and(|decision| decision.has("questions"))
        || parts.of("goals").is_some_and(|goals| goals.has("text"))
}

/// An object of columns of `referral r`, each under its own name or the name before it.
pub fn columns(parts: &Parts, columns: &[(&str, &str)]) -> String {
    columns.iter().fold(Object::of(parts), |object, (field, column)| object.field(field, column)).end()
}

/// The columns of [`crate::domain::referral::Times`].
pub const TIMES: &[(&str, &str)] = &[
    ("created_at", "r.created_at"),
    ("updated_at", "r.updated_at"),
    ("sent_at", "r.sent_at"),
    ("opened_at", "r.opened_at"),
    ("acknowledged_at", "r.acknowledged_at"),
    ("decided_at", "r.decided_at"),
    ("started_at", "r.started_at"),
    ("ended_at", "r.ended_at"),
    ("loop_closed_at", "r.loop_closed_at"),
    ("info_asked_at", "r.info_asked_at"),
    ("waitlisted_at", "r.waitlisted_at"),
    ("cancel_asked_at", "r.cancel_asked_at"),
    ("contested_at", "r.contested_at"),
    ("disputed_at", "r.disputed_at"),
    ("goes_on_at", "r.goes_on_at"),
];
/// The columns of [`crate::domain::referral::Due`].
pub const DUE: &[(&str, &str)] = &[
    ("acknowledge", "r.acknowledge_due_at"),
    ("decide", "r.decide_due_at"),
    ("contact", "r.contact_due_at"),
    ("next", "r.next_due_at"),
    ("decide_from", "r.decide_from_at"),
    ("review", "r.review_due_at"),
    ("offer_until", "r.offer_until_at"),
    ("slot_until", "r.slot_until_at"),
    ("outcome", "r.outcome_due_at"),
    ("clock", "r.clock_at"),
    ("unreachable", "r.unreachable_at"),
    ("limits", "JSON(r.limits)"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::referral::{
        Assignee, Decision, Due, Question, Redirected, Referral, ReferralGoal, Times, Waiting,
    };

    #[test]
    fn every_field_is_filled() {
        let text = View::of(&mut Sql::default(), &Sight::of(&Actor::Anonymous)).json(&Parts::All);
        let goal = ReferralGoal::default();
        for value in [
            serde_json::to_value(Referral::default()).unwrap(),
            serde_json::to_value(goal).unwrap(),
            serde_json::to_value(Times::default()).unwrap(),
            serde_json::to_value(Due::default()).unwrap(),
            serde_json::to_value(Decision::default()).unwrap(),
            serde_json::to_value(Question::default()).unwrap(),
            serde_json::to_value(Waiting::default()).unwrap(),
            serde_json::to_value(Assignee::default()).unwrap(),
            serde_json::to_value(Redirected::default()).unwrap(),
        ] {
            for field in value.as_object().unwrap().keys() {
                assert!(text.contains(&format!("'{field}', ")), "{field}");
            }
        }
    }
}
