//! Referrals in the database: each read is scoped to the parties, and loads only what the asker may see.

use crate::domain::case::Urgency;
use crate::domain::code::Code;
use crate::domain::id::{CaseId, NeedId, ReferralId, ServiceId};
use crate::domain::page::{Page, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Sight};
use crate::domain::referral::{Referral, Status};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment::{self, Object};
use crate::store::statement::{Order, Sql, body, page, window_clause};
use uuid::Uuid;

/// Whether referrals sent or received are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Sent,
    Received,
}

/// Which referrals are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    pub direction: Option<Direction>,
    pub status: Vec<Status>,
    pub urgency: Vec<Urgency>,
    pub service: Option<ServiceId>,
    pub case: Option<CaseId>,
    pub need: Option<NeedId>,
    /// Whether the deadline of the next step has passed at this instant.
    pub overdue_at: Option<i64>,
    /// Whether the loop is still to be closed.
    pub loop_open: Option<bool>,
}

/// How the asker stands to `referral r`.
struct View {
    organization: String,
    sends: String,
    receives: String,
    coordinates: String,
}

impl View {
    fn of(sql: &mut Sql, sight: &Sight) -> Self {
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
            organization,
        }
    }

    fn visible(&self, direction: Option<Direction>) -> String {
        match direction {
            Some(Direction::Sent) => self.sends.clone(),
            Some(Direction::Received) => self.receives.clone(),
            None => format!("({} OR {} OR {})", self.sends, self.receives, self.coordinates),
        }
    }

    /// The tables a referral is read from. They are outer joins on keys, which both engines leave out when nothing of
    /// the joined table is used; only the grants have to be left out here.
    fn from(&self, parts: &Parts) -> String {
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
             LEFT JOIN organization rr ON rr.id = r.receiver_organization_id{grants}",
            fragment::SERVICE_JOINS,
        )
    }

    /// A column's value if the asker sends, or receives and a running grant shows the field. A grant is to the
    /// organization; who is there only as coordinator makes no use of it.
    fn shown(&self, field: &str, column: &str) -> String {
        let Self { sends, receives, .. } = self;
        format!("CASE WHEN {sends} OR ({receives} AND ag.fields LIKE '%\"{field}\"%') THEN {column} END")
    }

    /// A column's value for sender and receiver, not for the coordinator.
    fn of_parties(&self, column: &str) -> String {
        format!("CASE WHEN {} OR {} THEN {column} END", self.sends, self.receives)
    }

    fn json(&self, parts: &Parts) -> String {
        let Self { sends, receives, coordinates, .. } = self;
        // Why a sender took a referral back is often the person's own affair: the receiver learns only that it is.
        let reason = format!("CASE WHEN {sends} OR {coordinates} OR r.status <> 'WITHDRAWN' THEN r.reason END");
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
                format!("CASE WHEN {sends} OR ({receives} AND r.status <> 'WITHDRAWN') THEN r.note_sealed END"),
            )
            .field("client_reference", sent("r.client_reference_sealed"))
            .field("previous_id", format!("CASE WHEN {sends} OR {coordinates} THEN UID(r.previous_id) END"))
            .field("attempt", format!("CASE WHEN {sends} OR {coordinates} THEN r.attempt END"))
            .field("capacity_id", "UID(r.capacity_id)")
            .field("is_overbooked", "r.is_overbooked")
            .inside("goals", |parts| self.goals(parts))
            .inside("released", |parts| self.released(parts))
            .inside("times", |parts| columns(parts, TIMES))
            .inside("due", |parts| columns(parts, DUE))
            .field("first_contact_on", "r.first_contact_on")
            .field("service_on", "r.service_on")
            .field("loop_meaning", "r.loop_meaning")
            .field("verification", "r.verification")
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
            .inside("text", |_| self.shown("GOALS", "go.text_sealed"))
            .field("result", self.of_parties("rg.result"))
            .field("achieved_on", self.of_parties("rg.achieved_on"))
            .field("quantity", self.of_parties("rg.quantity"))
            .field("unit", self.of_parties("rg.unit_sealed"))
            .field("note", self.of_parties("rg.note_sealed"))
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
            .inside("identifier", |_| self.shown("CASE_IDENTIFIER", "c.identifier"))
            .inside("age_band", |_| self.shown("AGE_BAND", "c.age_band"))
            .inside("sex", |_| self.shown("SEX", "c.sex"))
            .inside("language", |_| self.shown("LANGUAGE", "c.language"))
            .inside("contact_through_sender", |_| self.shown("CONTACT_THROUGH_SENDER", "1"))
            .end();
        format!("JSON(CASE WHEN {sends} OR ({receives} AND ag.id IS NOT NULL) THEN {released} END)")
    }
}

/// Whether one of the parts is shown by a grant.
fn uses_grants(parts: &Parts) -> bool {
    parts.has("background") || parts.has("released") || parts.of("goals").is_some_and(|goals| goals.has("text"))
}

/// An object of columns of `referral r`, each under its own name or the name before it.
fn columns(parts: &Parts, columns: &[(&str, &str)]) -> String {
    columns.iter().fold(Object::of(parts), |object, (field, column)| object.field(field, column)).end()
}

const TIMES: &[(&str, &str)] = &[
    ("created_at", "r.created_at"),
    ("updated_at", "r.updated_at"),
    ("sent_at", "r.sent_at"),
    ("opened_at", "r.opened_at"),
    ("acknowledged_at", "r.acknowledged_at"),
    ("decided_at", "r.decided_at"),
    ("started_at", "r.started_at"),
    ("ended_at", "r.ended_at"),
    ("loop_closed_at", "r.loop_closed_at"),
];
const DUE: &[(&str, &str)] = &[
    ("acknowledge", "r.acknowledge_due_at"),
    ("decide", "r.decide_due_at"),
    ("contact", "r.contact_due_at"),
    ("next", "r.next_due_at"),
];

fn conditions(sql: &mut Sql, filter: &ReferralFilter) -> String {
    let mut text = String::new();
    if !filter.status.is_empty() {
        text += &format!(" AND r.status IN ({})", sql.bind_all(filter.status.iter().map(|status| status.code())));
    }
    if !filter.urgency.is_empty() {
        text += &format!(" AND r.urgency IN ({})", sql.bind_all(filter.urgency.iter().map(|code| code.code())));
    }
    let keys = [
        ("r.service_id", filter.service.map(Uuid::from)),
        ("r.case_id", filter.case.map(Uuid::from)),
        ("r.need_id", filter.need.map(Uuid::from)),
    ];
    for (column, key) in keys {
        if let Some(key) = key {
            text += &format!(" AND {column} = {}", sql.bind(key));
        }
    }
    if let Some(now) = filter.overdue_at {
        text += &format!(" AND r.next_due_at < {}", sql.bind(now));
    }
    match filter.loop_open {
        Some(true) => text += " AND r.loop_closed_at IS NULL",
        Some(false) => text += " AND r.loop_closed_at IS NOT NULL",
        None => {}
    }
    text
}

/// The condition under which the asker is a party of `referral r` in `program rp`.
pub fn visible_to(sql: &mut Sql, sight: &Sight) -> String {
    View::of(sql, sight).visible(None)
}

/// The statement that reads the referrals with these keys that the asker is a party of.
pub fn by_keys(sql: &mut Sql, sight: &Sight, ids: &[ReferralId]) -> String {
    let view = View::of(sql, sight);
    let keys = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
    format!(
        "SELECT CAST({} AS TEXT) AS body {} WHERE r.id IN ({keys}) AND {}",
        view.json(&Parts::All),
        view.from(&Parts::All),
        view.visible(None)
    )
}

fn one(sql: &mut Sql, sight: &Sight, column: &str, value: impl Into<sea_orm::Value>, parts: &Parts) -> String {
    let view = View::of(sql, sight);
    let key = sql.bind(value);
    format!(
        "SELECT CAST({} AS TEXT) AS body {} WHERE {column} = {key} AND {}",
        view.json(parts),
        view.from(parts),
        view.visible(None)
    )
}

impl Door {
    /// A page of the referrals that the asker is a party of, newest first: one statement, the count in it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referrals(
        &self,
        sight: &Sight,
        filter: &ReferralFilter,
        window: &Window,
    ) -> Result<Page<Referral>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let found = format!("{}{}", view.visible(filter.direction), conditions(&mut sql, filter));
        // A need is the sender's own: who filters by one asks only for what they sent.
        let found = if filter.need.is_some() { format!("{} AND {found}", view.sends) } else { found };
        // A coordinator does not learn which referrals are of one person.
        let found =
            if filter.case.is_some() { format!("({} OR {}) AND {found}", view.sends, view.receives) } else { found };
        let counted = format!("FROM referral r LEFT JOIN program rp ON rp.id = r.program_id WHERE {found}");
        let counting = (format!("SELECT count(*) AS total {counted}"), sql.values.clone());
        let count = if window.count { format!(", (SELECT count(*) {counted}) AS total") } else { String::new() };
        let order = Order { by: "r.created_at", id: "r.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(r.created_at AS TEXT) AS k, r.id AS id{count} {} WHERE {found}{end}",
            view.json(&window.parts),
            view.from(&window.parts)
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        let mut page = page(&rows, window, "referral")?;
        if window.count && page.total.is_none() {
            page.total = Some(self.count(counting).await?);
        }
        Ok(page)
    }

    /// Parts of a referral that the asker is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral(&self, sight: &Sight, id: ReferralId, parts: &Parts) -> Result<Option<Referral>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, sight, "r.id", Uuid::from(id), parts);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "referral")).transpose()
    }

    /// A referral that the asker's organization sent under its own reference.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral_by_reference(&self, sight: &Sight, index: &str) -> Result<Option<Referral>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let key = sql.bind(index);
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body {} WHERE r.client_reference_index = {key} AND {}",
            view.json(&Parts::All),
            view.from(&Parts::All),
            view.sends
        );
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "referral")).transpose()
    }
}

impl Tx {
    /// Parts of a referral that the asker is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral(&self, sight: &Sight, id: ReferralId, parts: &Parts) -> Result<Option<Referral>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, sight, "r.id", Uuid::from(id), parts);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "referral")).transpose()
    }
}
