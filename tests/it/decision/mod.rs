//! The steps before and around a decision: questions, partial acceptance, the waiting list, held places, redirection,
//! an acceptance taken back, and who works on it.

mod alone;
mod assigned;
mod partly;
mod questions;
mod redirected;
mod slots;
mod taken_back;
mod waiting;

use crate::support::app::{Persona, TestApp};
use jiff::SignedDuration;
use passerelle::token::Kind;
use uuid::Uuid;

/// The same person, with a token of now.
fn again(app: &TestApp, who: &Persona) -> Persona {
    let token = app.token(who.id, who.organization, Kind::Member, 0, 0);
    Persona { token: Some(token), ..who.clone() }
}

/// Moves time on by so many hours, and gives everybody a token of then.
fn later<const N: usize>(app: &TestApp, hours: i64, who: [&Persona; N]) -> [Persona; N] {
    app.clock.advance(SignedDuration::from_hours(hours));
    who.map(|who| again(app, who))
}

/// Taken and held places of a service.
async fn places(app: &TestApp, service: Uuid) -> (i32, i32) {
    let text = "SELECT taken, held FROM capacity WHERE service_id = $1";
    let rows = app.app.store.rows(text, vec![service.into()]).await.unwrap();
    (rows[0].try_get("", "taken").unwrap(), rows[0].try_get("", "held").unwrap())
}
