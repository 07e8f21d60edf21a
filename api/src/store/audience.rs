//! Who can read a thing: the organizations, as their best-placed people could. Written in the words of each kind's own
//! scoped read, and asked when a change is given its place.

use crate::domain::change::{ChangeSubject, EVERYBODY};
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::statement::Sql;
use sea_orm::QueryResult;
use uuid::Uuid;

/// An organization that can read a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reader {
    pub subject: Uuid,
    /// [`EVERYBODY`] where everybody can who is known.
    pub organization: Uuid,
    /// The case that the thing is part of.
    pub case: Option<Uuid>,
    pub program: Option<Uuid>,
}

impl Reader {
    /// Reads a row that has the four columns.
    ///
    /// # Errors
    /// A row that does not read.
    pub fn read(row: &QueryResult) -> Result<Self, Fault> {
        let unreadable = |_| Fault::Store("a reader does not read".into());
        Ok(Self {
            subject: row.try_get("", "subject_id").map_err(unreadable)?,
            organization: row.try_get("", "organization_id").map_err(unreadable)?,
            case: row.try_get("", "case_id").map_err(unreadable)?,
            program: row.try_get("", "program_id").map_err(unreadable)?,
        })
    }
}

/// A side of the things of a table: who can read them, and where. `{keys}` stands for the keys asked for.
fn side(key: &str, organization: &str, case: &str, program: &str, from: &str) -> String {
    format!(
        "SELECT {key} AS subject_id, {organization} AS organization_id, {case} AS case_id, {program} AS program_id \
         FROM {from} WHERE {key} IN ({{keys}})"
    )
}

const NONE: &str = "CAST(NULL AS UUID)";
const GRANTED: &str = "access_grant ag JOIN case_file c ON c.id = ag.case_id AND ag.until_at IS NULL";

/// What the holder's organization alone can read of a case.
fn held(table: &str) -> Vec<String> {
    let from = format!("{table} x JOIN case_file c ON c.id = x.case_id");
    vec![side("x.id", "c.holder_organization_id", "c.id", "c.program_id", &from)]
}

/// What everybody can read who is known.
fn open(from: &str) -> String {
    side("x.id", "{everybody}", NONE, NONE, from)
}

fn referral() -> Vec<String> {
    let of = |organization, from| side("r.id", organization, "r.case_id", "r.program_id", from);
    vec![
        of("r.sender_organization_id", "referral r"),
        of("r.receiver_organization_id", "referral r") + " AND r.sent_at IS NOT NULL",
        of("p.lead_organization_id", "referral r JOIN program p ON p.id = r.program_id") + " AND r.sent_at IS NOT NULL",
    ]
}

fn program() -> Vec<String> {
    vec![
        side("p.id", "p.lead_organization_id", NONE, "p.id", "program p"),
        side("po.program_id", "po.organization_id", NONE, "po.program_id", "program_organization po"),
    ]
}

fn revision() -> Vec<String> {
    let reviewed = "service_revision rv JOIN program p ON p.id = rv.program_id \
                    JOIN program_directory pd ON pd.program_id = p.id AND pd.needs_review";
    vec![
        side("rv.id", "rv.organization_id", NONE, "rv.program_id", "service_revision rv"),
        side("rv.id", "p.lead_organization_id", NONE, "rv.program_id", reviewed)
            + " AND rv.state IN ('IN_REVIEW', 'SENT_BACK', 'PUBLISHED')",
    ]
}

fn two(table: &str, first: &str, second: &str, program: &str) -> Vec<String> {
    [first, second].map(|organization| side("x.id", organization, NONE, program, table)).into()
}

/// The statements that find the readers of things of a kind, to be joined. There is no wildcard, so that a new kind can't
/// be forgotten.
fn sides(subject: ChangeSubject) -> Vec<String> {
    use ChangeSubject as Of;
    match subject {
        Of::Referral => referral(),
        Of::Case => vec![
            side("c.id", "c.holder_organization_id", "c.id", "c.program_id", "case_file c"),
            side("c.id", "ag.organization_id", "c.id", "c.program_id", GRANTED),
        ],
        Of::Person => vec![
            side("c.person_id", "c.holder_organization_id", "c.id", "c.program_id", "case_file c"),
            side("c.person_id", "ag.organization_id", "c.id", "c.program_id", GRANTED),
        ],
        Of::Need => held("need"),
        Of::Consent => held("consent"),
        Of::Plan => held("plan"),
        Of::PlanItem => held("plan_item"),
        Of::DirectService => held("direct_service"),
        Of::CaseAlias => {
            let from = "case_alias x JOIN case_file c ON c.id = x.case_id";
            vec![side("x.id", "x.organization_id", "c.id", "c.program_id", from)]
        }
        Of::CaseTransfer => two("case_transfer x", "x.from_organization_id", "x.to_organization_id", "x.program_id"),
        Of::Redaction => two("redaction x", "x.organization_id", "x.holder_organization_id", "x.program_id"),
        Of::ConsentOverride => {
            vec![side("x.id", "x.organization_id", "x.case_id", "x.program_id", "consent_override x")]
        }
        Of::Service => vec![
            side("x.id", "x.organization_id", NONE, NONE, "service x"),
            open("service x") + " AND x.visibility <> 'OWN' AND x.status <> 'RETIRED'",
        ],
        Of::ServiceRevision => revision(),
        Of::ServiceCorrection => {
            two("service_correction x", "x.organization_id", "x.reported_by_organization_id", NONE)
        }
        Of::Agreement => vec![side("x.agreement_id", "x.organization_id", NONE, NONE, "agreement_party x")],
        Of::Notification => vec![side("x.id", "x.organization_id", NONE, "x.program_id", "notification x")],
        Of::Program => program(),
        Of::Organization => vec![open("organization x")],
        Of::Area => vec![open("area x")],
        Of::Activity => vec![open("activity x")],
        Of::CommunityNeed => vec![open("community_need x")],
    }
}

impl Tx {
    /// Who can read these things of a kind at this moment, each organization once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn readers(&self, subject: ChangeSubject, keys: &[Uuid]) -> Result<Vec<Reader>, Fault> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::default();
        let mut text = sides(subject).join(" UNION ");
        text = text.replace("{keys}", &sql.bind_all(keys.iter().copied()));
        if text.contains("{everybody}") {
            text = text.replace("{everybody}", &sql.bind(EVERYBODY));
        }
        sql.text = text;
        self.rows(&sql.text, sql.values).await?.iter().map(Reader::read).collect()
    }
}
