//! The sandbox: an organization for whoever tries an app of their own, and four counterparties that answer it each in
//! their own manner. They act through the same use cases as everybody else.

mod counterparties;
mod manner;
mod repeating;
#[cfg(test)]
mod tests;

pub use counterparties::Counterparties;
pub use manner::Manner;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::cast::Post;
use super::directory::one;
use super::organizations::{DECLINING, PARTIES, PROMPT, REPEATING, SANDBOX, SILENT};
use super::services::{Offer, SANDBOX_OFFERS};
use super::stage::Stage;
use crate::domain::actor::{Actor, RoleGrant, Standing};
use crate::domain::global_id::{Kind, encode};
use crate::domain::rule::Outcome;

/// The program of the sandbox, by its number.
const PROGRAM: usize = 3;

/// The counterparties: the organization's number, the name of its rows, how it answers.
const CAST: [(usize, &str, Manner); 4] = [
    (PROMPT, "PROMPT", Manner::Prompt),
    (SILENT, "SILENT", Manner::Silent),
    (DECLINING, "DECLINING", Manner::Declining),
    (REPEATING, "REPEATING", Manner::Repeating),
];

/// The posts at which a counterparty acts.
const POSTS: [(Post, &str); 3] = [(Post::Intake, "intake"), (Post::Worker, "worker"), (Post::Cases, "cases")];

/// Publishes the counterparties' services and remembers who acts for them.
///
/// # Errors
/// What a use case refuses.
pub async fn enter(stage: &mut Stage<'_>) -> Outcome<()> {
    stage.ago(super::HOUR);
    stage.mark("sandbox.program", stage.programs[PROGRAM]);
    stage.mark("sandbox.organization", stage.organizations[SANDBOX]);
    for (number, name, _) in CAST {
        stage.mark(&format!("sandbox.{name}.organization"), stage.organizations[number]);
        for (post, label) in POSTS.iter().filter(|(post, _)| stage.has(number, *post)).copied().collect::<Vec<_>>() {
            if let Some(member) = stage.actor(number, post)?.principal() {
                stage.mark(&format!("sandbox.{name}.{label}"), member);
            }
        }
    }
    for offer in &SANDBOX_OFFERS {
        let Offer { organization, areas, .. } = offer;
        let service = one(stage, offer, areas[0]).await?;
        if let Some((_, name, _)) = CAST.iter().find(|(number, ..)| number == organization) {
            stage.mark(&format!("sandbox.{name}"), service);
        }
    }
    stage.mark("sandbox.area", stage.areas[SANDBOX_OFFERS[0].areas[0]]);
    Ok(())
}

/// The sandbox's rows as public ids, each with the name of its environment variable.
#[must_use]
pub fn ids(marks: &BTreeMap<String, Uuid>) -> Vec<(String, String)> {
    let rest = [
        ("sandbox.program", Kind::Program, "SANDBOX_PROGRAM"),
        ("sandbox.organization", Kind::Organization, "SANDBOX_ORGANIZATION"),
        ("sandbox.area", Kind::Area, "SANDBOX_AREA"),
    ];
    let services =
        CAST.iter().map(|(_, name, _)| (format!("sandbox.{name}"), Kind::Service, format!("SANDBOX_{name}_SERVICE")));
    let organizations = CAST.iter().map(|(_, name, _)| {
        (format!("sandbox.{name}.organization"), Kind::Organization, format!("SANDBOX_{name}_ORGANIZATION"))
    });
    rest.iter()
        .map(|(mark, kind, variable)| ((*mark).to_owned(), *kind, (*variable).to_owned()))
        .chain(services)
        .chain(organizations)
        .filter_map(|(mark, kind, variable)| marks.get(&mark).map(|row| (variable, encode(kind, *row))))
        .collect()
}

/// Whoever holds a post of a counterparty.
fn actor(marks: &BTreeMap<String, Uuid>, (number, name): (usize, &str), (post, label): (Post, &str)) -> Option<Actor> {
    let organization = (*marks.get(&format!("sandbox.{name}.organization"))?).into();
    let id = (*marks.get(&format!("sandbox.{name}.{label}"))?).into();
    let standing = Standing { organization, kinds: PARTIES[number].kinds.to_vec() };
    Some(Actor::Member { id, standing, roles: vec![RoleGrant { role: post.role(), program: None }] })
}
