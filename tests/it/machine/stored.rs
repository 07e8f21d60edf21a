//! What is stored, beside what the model says.

use super::model::Model;
use super::sweep::KINDS;
use crate::support::app::TestApp;
use uuid::Uuid;

/// A referral as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub need: usize,
    pub service: usize,
    pub status: String,
    pub version: i64,
    pub overbooked: bool,
    pub verification: String,
    pub closed: bool,
    /// Closed by the clock, because nobody said what the result means.
    pub unseen: bool,
    pub contested: bool,
    /// Open grants.
    pub grants: i64,
}

/// What a sequence made, by which it is found again.
#[derive(Debug, Clone, Default)]
pub struct Made {
    pub services: Vec<Uuid>,
    pub needs: Vec<Uuid>,
    /// In the order in which they were begun, those included that the clock threw away since.
    pub referrals: Vec<Uuid>,
}

/// What is compared.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    pub keys: Vec<Uuid>,
    pub referrals: Vec<Line>,
    needs: Vec<String>,
    /// Taken and held places.
    pub places: Vec<(i32, i32)>,
    /// When the clock looks at each.
    pub clocks: Vec<Option<i64>>,
}

impl Stored {
    /// What the database says.
    pub async fn read(app: &TestApp, made: &Made) -> Self {
        let store = &app.app.store;
        let both = || made.services.iter().map(|id| (*id).into()).collect::<Vec<sea_orm::Value>>();
        let text = "SELECT r.id, r.need_id, r.service_id, r.status, r.version, r.is_overbooked, r.verification, \
                    r.loop_closed_at, r.loop_unseen, r.contested_at, r.clock_at, (SELECT count(*) FROM access_grant g \
                    WHERE g.cause_id = r.id AND g.until_at IS NULL) AS grants FROM referral r \
                    WHERE r.service_id IN ($1, $2) ORDER BY r.id";
        let purged = Line { status: "PURGED".into(), ..Line::default() };
        let mut found = Self {
            keys: made.referrals.clone(),
            referrals: vec![purged; made.referrals.len()],
            clocks: vec![None; made.referrals.len()],
            ..Self::default()
        };
        for row in store.rows(text, both()).await.unwrap() {
            let id: Uuid = row.try_get("", "id").unwrap();
            let at = found.keys.iter().position(|known| *known == id).unwrap_or(found.keys.len());
            if at == found.keys.len() {
                found.keys.push(id);
                found.referrals.push(Line::default());
                found.clocks.push(None);
            }
            found.referrals[at] = line(&row, made);
            found.clocks[at] = row.try_get("", "clock_at").unwrap();
        }
        for need in &made.needs {
            let row = &store.rows("SELECT status FROM need WHERE id = $1", vec![(*need).into()]).await.unwrap()[0];
            found.needs.push(row.try_get("", "status").unwrap());
        }
        for service in &made.services {
            let text = "SELECT taken, held FROM capacity WHERE service_id = $1";
            let row = &store.rows(text, vec![(*service).into()]).await.unwrap()[0];
            found.places.push((row.try_get("", "taken").unwrap(), row.try_get("", "held").unwrap()));
        }
        found
    }

    /// What the model says.
    pub fn of(model: &Model) -> Self {
        let line = |one: &super::model::Referral| match one.status {
            "PURGED" => Line { status: "PURGED".into(), ..Line::default() },
            status => Line {
                need: one.need,
                service: one.service,
                status: status.into(),
                version: one.version,
                overbooked: one.overbooked,
                verification: one.verification.into(),
                closed: one.closed,
                unseen: one.closed && one.meaning.is_none(),
                contested: one.contested,
                grants: one.granted.into(),
            },
        };
        Self {
            referrals: model.referrals.iter().map(line).collect(),
            needs: model.needs.iter().map(|need| need.status.to_owned()).collect(),
            places: model.services.iter().map(|service| (service.taken, service.held)).collect(),
            ..Self::default()
        }
    }

    /// Whether it is what the model says.
    pub fn is(&self, model: &Model) -> bool {
        let other = Self::of(model);
        (&self.referrals, &self.needs, &self.places) == (&other.referrals, &other.needs, &other.places)
    }

    /// Events, allowing audit rows, outbox rows but for what somebody is only told, refusing audit rows.
    pub async fn counts(app: &TestApp) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in [
            "event",
            "audit WHERE decision = 'ALLOW'",
            "outbox WHERE subject_kind <> 'Notification'",
            "audit WHERE decision = 'DENY'",
        ] {
            counts.push(app.count(table).await);
        }
        counts
    }
}

fn line(row: &sea_orm::QueryResult, made: &Made) -> Line {
    let version: i32 = row.try_get("", "version").unwrap();
    let key = |column: &str| row.try_get::<Uuid>("", column).unwrap();
    let is = |column: &str| row.try_get::<Option<i64>>("", column).unwrap().is_some();
    let place = |all: &[Uuid], key: Uuid| all.iter().position(|known| *known == key).unwrap();
    Line {
        need: place(&made.needs, key("need_id")),
        service: place(&made.services, key("service_id")),
        status: row.try_get("", "status").unwrap(),
        version: version.into(),
        overbooked: row.try_get("", "is_overbooked").unwrap(),
        verification: row.try_get("", "verification").unwrap(),
        closed: is("loop_closed_at"),
        unseen: row.try_get("", "loop_unseen").unwrap(),
        contested: is("contested_at"),
        grants: row.try_get("", "grants").unwrap(),
    }
}

/// What a run of the clock wrote down of a sequence's referrals: from one table of those that hear of every command.
pub async fn done_by_clock(app: &TestApp, made: &Made, table: &str, at: i64) -> Vec<(usize, String)> {
    let (name, by_clock) = match table {
        "event" => ("kind", "acting_role = 'CLOCK'"),
        "audit" => ("operation", "principal_kind = 'CLOCK'"),
        _ => ("kind", "TRUE"),
    };
    let text = format!("SELECT subject_id, {name} AS name FROM {table} WHERE at = $1 AND {by_clock}");
    of_mine(app, made, &text, at, |row| row.try_get("", "name").unwrap()).await
}

/// Who was told what by a run of the clock, of a sequence's referrals.
pub async fn told_by_clock(app: &TestApp, made: &Made, provider: Uuid, at: i64) -> Vec<(usize, String)> {
    let text = "SELECT subject_id, kind, organization_id, role FROM notification WHERE at = $1";
    let told = of_mine(app, made, text, at, |row| {
        let kind: String = row.try_get("", "kind").unwrap();
        let side = if row.try_get::<Uuid>("", "organization_id").unwrap() == provider { "R" } else { "S" };
        let who = match row.try_get::<Option<String>>("", "role").unwrap().as_deref() {
            Some("COORDINATOR") => "CO".to_owned(),
            Some("SUPERVISOR") => format!("{side}S"),
            Some("INTAKE") => "RI".to_owned(),
            _ => format!("{side}W"),
        };
        format!("{kind} {who}")
    });
    let mut told = told.await;
    told.retain(|(_, told)| KINDS.contains(&told.split(' ').next().unwrap()));
    told
}

async fn of_mine(
    app: &TestApp,
    made: &Made,
    text: &str,
    at: i64,
    name: impl Fn(&sea_orm::QueryResult) -> String,
) -> Vec<(usize, String)> {
    let rows = app.app.store.rows(text, vec![at.into()]).await.unwrap();
    let mine = rows.iter().filter_map(|row| {
        let subject: Uuid = row.try_get("", "subject_id").unwrap();
        made.referrals.iter().position(|known| *known == subject).map(|on| (on, name(row)))
    });
    let mut mine: Vec<(usize, String)> = mine.collect();
    mine.sort_unstable();
    mine
}
