//! Who comes along, and the parts that they play.

use crate::support::app::{Persona, TestApp};
use crate::support::world::World;
use passerelle::token::Kind;

/// By the letters of the table; the partner holds the cases and the provider gives the services.
pub const PEOPLE: [(&str, &[&str]); 10] = [
    ("case manager", &["SW"]),
    ("partner's supervisor", &["SW", "SS"]),
    ("intake", &["RI"]),
    ("worker", &["RW"]),
    ("provider's supervisor", &["RI", "RW", "RS"]),
    ("provider's app", &["RI", "RW"]),
    ("coordinator", &["CO"]),
    ("stranger", &[]),
    ("evaluator", &[]),
    ("ministry's case manager", &[]),
];

/// Somebody with a token of this server and of the present.
pub fn persona(app: &TestApp, world: &World, who: usize) -> Persona {
    let name = PEOPLE[who].0;
    let known = world.everybody().into_iter().find(|(known, _)| *known == name).unwrap().1;
    let kind = if name == "provider's app" { Kind::Client } else { Kind::Member };
    Persona { token: Some(app.token(known.id, known.organization, kind, 0, 0)), ..known }
}

/// How a part stands in what is recorded.
pub fn recorded(part: &str) -> &'static str {
    match part {
        "SW" => "SENDER_WORKER",
        "SS" => "SENDER_SUPERVISOR",
        "RI" => "RECEIVER_INTAKE",
        "RW" => "RECEIVER_WORKER",
        "RS" => "RECEIVER_SUPERVISOR",
        "CO" => "COORDINATOR",
        other => panic!("no part: {other}"),
    }
}
