//! Stories of time that passes.

use super::app::{Persona, TestApp};
use super::seed::{run as statement, waiting};
use super::verbs::Referred;
use super::world::World;
use jiff::SignedDuration;
use passerelle::domain::case::Urgency;
use passerelle::domain::clock::Clock as _;
use passerelle::domain::code::Code as _;
use passerelle::domain::global_id::decode;
use passerelle::domain::referral::clocks::{UrgencyLimits, deadlines};
use passerelle::token::Kind;
use passerelle::usecase::clock::{Ran, Runner};
use uuid::Uuid;

/// Lets hours pass.
pub fn age(app: &TestApp, hours: i64) {
    app.clock.advance(SignedDuration::from_hours(hours));
}

/// Lets a node do what is due.
pub async fn run_clock(app: &TestApp) -> Option<Ran> {
    // The lease of the runner before is over, or still this node's.
    Runner::named(Uuid::from_u128(1)).run(&app.app).await.unwrap()
}

/// A referral that was sent just now, with an urgency and its usual limits.
pub async fn urgent(app: &TestApp, world: &World, urgency: &str) -> Referred {
    let referral = waiting(app, world, world.service, 1).await.remove(0);
    let now = app.clock.now();
    let limits = UrgencyLimits::usual(Urgency::from_code(urgency).unwrap());
    let due = deadlines(&limits, &passerelle::domain::calendar::WorkingCalendar::default(), now);
    let text =
        "UPDATE referral SET urgency = $2, acknowledge_due_at = $3, decide_due_at = $4, clock_at = $3 WHERE id = $1";
    let key = decode(&referral.id).unwrap().1;
    statement(app, text, vec![key.into(), urgency.into(), due.acknowledge.into(), due.decide.into()]).await;
    referral
}

/// What was told about a referral: what, and to whom. Whom it was told together is in order.
pub async fn told(app: &TestApp, world: &World, referral: &Referred) -> Vec<(String, String)> {
    let key = decode(&referral.id).unwrap().1;
    let text = "SELECT kind, organization_id, role FROM notification WHERE subject_id = $1 ORDER BY at, kind, role";
    let rows = app.app.store.rows(text, vec![key.into()]).await.unwrap();
    rows.iter()
        .map(|row| {
            let organization: Uuid = row.try_get("", "organization_id").unwrap();
            let role: Option<String> = row.try_get("", "role").unwrap();
            let side = if organization == world.partner { "S" } else { "R" };
            let who = match role.as_deref() {
                Some("COORDINATOR") => "CO".to_owned(),
                Some("SUPERVISOR") => format!("{side}S"),
                Some("CASE_MANAGER" | "SERVICE_WORKER") => format!("{side}W"),
                Some("INTAKE") => "RI".to_owned(),
                _ => side.to_owned(),
            };
            (row.try_get("", "kind").unwrap(), who)
        })
        .collect()
}

/// The state in which a referral is stored.
pub async fn stored(app: &TestApp, referral: &Referred) -> String {
    let key = decode(&referral.id).unwrap().1;
    let rows = app.app.store.rows("SELECT status FROM referral WHERE id = $1", vec![key.into()]).await.unwrap();
    rows[0].try_get("", "status").unwrap()
}

/// A member with a token of this hour, for stories in which the first one is over.
pub fn still(app: &TestApp, who: &Persona) -> Persona {
    Persona { token: Some(app.token(who.id, who.organization, Kind::Member, 0, 0)), ..who.clone() }
}
