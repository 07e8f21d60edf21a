//! What is stored, beside what the model says.

use super::model::Model;
use super::rows::is_ended;
use crate::support::app::TestApp;
use crate::support::world::gid;
use passerelle::domain::global_id::Kind;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A referral: need, service, status, version, overbooked, verification, loop closed, contested, open grants.
type Line = (usize, usize, String, i64, bool, String, bool, bool, i64);

/// What is compared.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    pub ids: Vec<String>,
    referrals: Vec<Line>,
    needs: Vec<String>,
    /// Taken and held places.
    places: Vec<(i32, i32)>,
}

impl Stored {
    /// What the database says.
    pub async fn read(app: &TestApp, services: &[Uuid]) -> Self {
        let store = &app.app.store;
        let both = || services.iter().map(|id| (*id).into()).collect::<Vec<sea_orm::Value>>();
        let text = "SELECT r.id, r.need_id, r.service_id, r.status, r.version, r.is_overbooked, r.verification, \
                    r.loop_closed_at, r.contested_at, n.status AS need_status, (SELECT count(*) FROM access_grant g \
                    WHERE g.cause_id = r.id AND g.until_at IS NULL) AS grants FROM referral r \
                    JOIN need n ON n.id = r.need_id WHERE r.service_id IN ($1, $2) ORDER BY r.id";
        let (mut found, mut keys) = (Self::default(), Vec::<Uuid>::new());
        for row in store.rows(text, both()).await.unwrap() {
            let [id, need, service] =
                ["id", "need_id", "service_id"].map(|name| row.try_get::<Uuid>("", name).unwrap());
            let at = keys.iter().position(|known| *known == need).unwrap_or_else(|| {
                keys.push(need);
                found.needs.push(row.try_get("", "need_status").unwrap());
                keys.len() - 1
            });
            let version: i32 = row.try_get("", "version").unwrap();
            let is = |name: &str| row.try_get::<Option<i64>>("", name).unwrap().is_some();
            found.ids.push(gid(Kind::Referral, id));
            found.referrals.push((
                at,
                services.iter().position(|known| *known == service).unwrap(),
                row.try_get("", "status").unwrap(),
                version.into(),
                row.try_get("", "is_overbooked").unwrap(),
                row.try_get("", "verification").unwrap(),
                is("loop_closed_at"),
                is("contested_at"),
                row.try_get("", "grants").unwrap(),
            ));
        }
        for service in services {
            let text = "SELECT taken, held FROM capacity WHERE service_id = $1";
            let row = &store.rows(text, vec![(*service).into()]).await.unwrap()[0];
            found.places.push((row.try_get("", "taken").unwrap(), row.try_get("", "held").unwrap()));
        }
        found
    }

    /// What the model says.
    pub fn of(model: &Model) -> Self {
        let line = |one: &super::model::Referral| {
            let (status, verification) = (one.status.to_owned(), one.verification.to_owned());
            let grants = i64::from(one.granted);
            (
                one.need,
                one.service,
                status,
                one.version,
                one.overbooked,
                verification,
                one.closed,
                one.contested,
                grants,
            )
        };
        Self {
            ids: Vec::new(),
            referrals: model.referrals.iter().map(line).collect(),
            needs: model.needs.iter().map(|need| need.status.to_owned()).collect(),
            places: model.services.iter().map(|service| (service.taken, service.held)).collect(),
        }
    }

    /// Whether it is what the model says.
    pub fn is(&self, model: &Model) -> bool {
        let other = Self::of(model);
        (&self.referrals, &self.needs, &self.places) == (&other.referrals, &other.needs, &other.places)
    }

    /// The invariants of what is stored, told without the model's states.
    pub fn holds(&self, model: &Model) -> Result<(), TestCaseError> {
        let mut open = BTreeMap::new();
        for (need, service, status, .., grants) in &self.referrals {
            // Invariant 1: a state of the table.
            prop_assert!(is_ended(status) || STATES.contains(&status.as_str()), "{}", status);
            if is_ended(status) {
                // Invariant 8.
                prop_assert_eq!(*grants, 0, "a grant outlives {}", status);
            } else {
                // Invariant 2.
                prop_assert!(open.insert((need, service), ()).is_none(), "two open for one need and service");
            }
        }
        // Invariant 3.
        for (at, ((taken, held), service)) in self.places.iter().zip(&model.services).enumerate() {
            let lines = || self.referrals.iter().filter(|line| line.1 == at);
            let taking = ["ACCEPTED", "IN_SERVICE", "ON_HOLD", "CANCEL_REQUESTED"];
            let takes = lines().filter(|line| taking.contains(&line.2.as_str())).count();
            let marked = lines().filter(|line| line.4 && taking.contains(&line.2.as_str())).count();
            prop_assert_eq!(*taken, i32::try_from(takes).unwrap(), "places taken");
            let total = service.total.unwrap_or(i32::MAX);
            let beyond = (taken + held).saturating_sub(total).max(0);
            prop_assert!(service.overbooking || beyond == 0, "places beyond the total");
            prop_assert!(beyond == 0 || marked > 0, "places beyond the total without a mark");
        }
        Ok(())
    }

    /// Events, allowing audit rows, outbox rows, refusing audit rows.
    pub async fn counts(app: &TestApp) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in ["event", "audit WHERE decision = 'ALLOW'", "outbox", "audit WHERE decision = 'DENY'"] {
            counts.push(app.count(table).await);
        }
        counts
    }
}

const STATES: [&str; 10] = [
    "DRAFT",
    "SENT",
    "ACKNOWLEDGED",
    "INFO_REQUESTED",
    "WAITLISTED",
    "OFFERED",
    "ACCEPTED",
    "IN_SERVICE",
    "ON_HOLD",
    "CANCEL_REQUESTED",
];

/// Invariant 9: what the events say was sent, by organization at the time, is what stands in some state; and each
/// referral stands where its last event left it.
pub async fn adds_up(app: &TestApp, services: &[Uuid]) -> Result<(), TestCaseError> {
    let mine = "(SELECT id FROM referral WHERE service_id IN ($1, $2))";
    let text = format!(
        "SELECT subject_id, organization_id, receiver_organization_id, from_status, to_status FROM event \
         WHERE subject_id IN {mine} ORDER BY at, id"
    );
    let both = || services.iter().map(|id| (*id).into()).collect::<Vec<sea_orm::Value>>();
    let (mut sent, mut last) = (BTreeMap::new(), BTreeMap::<Uuid, String>::new());
    for row in app.app.store.rows(&text, both()).await.unwrap() {
        let subject: Uuid = row.try_get("", "subject_id").unwrap();
        let to: Option<String> = row.try_get("", "to_status").unwrap();
        let from: Option<String> = row.try_get("", "from_status").unwrap();
        // What is done while it is sent sends it no second time.
        if to.as_deref() == Some("SENT") && from != to {
            let by: (Uuid, Option<Uuid>) =
                (row.try_get("", "organization_id").unwrap(), row.try_get("", "receiver_organization_id").unwrap());
            *sent.entry(by).or_insert(0) += 1;
        }
        last.insert(subject, to.unwrap());
    }
    let text = "SELECT id, status, sent_at, sender_organization_id, receiver_organization_id FROM referral \
                WHERE service_id IN ($1, $2)";
    let mut standing = BTreeMap::new();
    for row in app.app.store.rows(text, both()).await.unwrap() {
        let (id, status): (Uuid, String) = (row.try_get("", "id").unwrap(), row.try_get("", "status").unwrap());
        if let Some(known) = last.get(&id) {
            prop_assert_eq!(known, &status, "the last event of a referral");
        }
        if row.try_get::<Option<i64>>("", "sent_at").unwrap().is_some() {
            let by: (Uuid, Option<Uuid>) = (
                row.try_get("", "sender_organization_id").unwrap(),
                row.try_get("", "receiver_organization_id").unwrap(),
            );
            *standing.entry(by).or_insert(0) += 1;
        }
    }
    prop_assert_eq!(standing, sent, "summed over states, what was sent");
    Ok(())
}
