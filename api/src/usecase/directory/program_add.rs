//! A program begins.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::{AreaId, OrganizationId, ProgramId};
use crate::domain::organization::Translations;
use crate::domain::rule::{Outcome, RuleCode, Rules};
use crate::store::door::Tx;
use crate::store::programs;
use crate::usecase::directory::check_names;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A new program.
#[derive(Debug, Clone)]
pub struct NewProgram {
    pub name: String,
    /// Names by language tag.
    pub names: Translations,
    /// The organization that leads and coordinates it.
    pub lead: OrganizationId,
    /// The organizations that work in it; the lead need not be among them.
    pub members: Vec<OrganizationId>,
    /// The organizations that pay for it.
    pub funders: Vec<OrganizationId>,
    /// The areas it covers.
    pub areas: Vec<AreaId>,
}

/// Adds a program.
///
/// # Errors
/// Rules that the input breaks; NOT_FOUND where an organization or area is unknown.
pub async fn program_add(app: &App, new: &NewProgram) -> Outcome<ProgramId> {
    let mut rules = Rules::default();
    rules.text("name", &new.name, 1, 200);
    check_names(&new.names, &mut rules);
    let tx = app.store.begin().await?;
    check_parts(&tx, new, &mut rules).await?;
    rules.settle()?;

    let (id, now) = (ProgramId::from(Uuid::now_v7()), app.now());
    let row = programs::NewProgram {
        id,
        name: new.name.trim(),
        names: &new.names,
        lead: new.lead,
        members: &once(&new.members),
        funders: &once(&new.funders),
        areas: &once(&new.areas),
    };
    tx.add_program(&row, now).await?;
    tx.note_operation("programAdd", (Kind::Program, id.into()), Some(new.lead), now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn check_parts(tx: &Tx, new: &NewProgram, rules: &mut Rules) -> Outcome<()> {
    let all: Vec<OrganizationId> = [&[new.lead], new.members.as_slice(), &new.funders].concat();
    let known = tx.known_organizations(&all).await?;
    rules.check(known.contains(&new.lead), "lead", RuleCode::NotFound);
    for (field, organizations) in [("members", &new.members), ("funders", &new.funders)] {
        rules.check(organizations.iter().all(|one| known.contains(one)), field, RuleCode::NotFound);
    }
    let known = tx.known_areas(&new.areas).await?;
    rules.check(new.areas.iter().all(|area| known.contains(area)), "areas", RuleCode::NotFound);
    Ok(())
}

/// Each item once.
fn once<T: Copy + Ord>(items: &[T]) -> Vec<T> {
    items.iter().copied().collect::<BTreeSet<T>>().into_iter().collect()
}
