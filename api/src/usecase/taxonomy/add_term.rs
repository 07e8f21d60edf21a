//! A local term is added below a standard one.

use crate::app::App;
use crate::domain::id::ProgramId;
use crate::domain::organization::Translations;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::service::Category;
use crate::domain::taxonomy::{is_name, local_code};
use crate::usecase::taxonomy::{check_labels, may_extend, record, usable};
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// A new local term.
#[derive(Debug, Clone)]
pub struct AddTerm {
    /// The standard term above.
    pub parent: String,
    /// The last part of its code.
    pub name: String,
    pub labels: Translations,
    /// The program whose partners share it; without one it is the organization's own.
    pub program: Option<ProgramId>,
}

/// Adds a term that is finer than a standard one, whose dimension and level it has and as which it counts in all
/// figures. Gives its code.
///
/// # Errors
/// Rules that the input breaks; NOT_FOUND for a parent that can't be used; INVALID for one that is local itself;
/// NOT_PERMITTED; ALREADY_EXISTS.
pub async fn add_term(app: &App, ask: Ask<'_>, input: AddTerm) -> Outcome<String> {
    let work = begin!(app, ask);
    let mut rules = Rules::default();
    rules.check(is_name(&input.name), "name", RuleCode::Invalid);
    check_labels(&input.labels, &mut rules);
    rules.settle()?;
    let organization = may_extend(&work, input.program).await?;
    let parent = usable(&work, &input.parent).await?.ok_or_else(|| Rule::at("parentCode", RuleCode::NotFound))?;
    if parent.organization_id.is_some() {
        return Err(Rule::at("parentCode", RuleCode::Invalid).into());
    }
    let whose = input.program.map_or(Uuid::from(organization), Uuid::from);
    let term = Category {
        code: local_code(&parent.code, &input.name, whose),
        labels: input.labels,
        parent: Some(parent.code.clone()),
        standard: parent.code,
        valid_from: app.today(),
        organization_id: Some(organization),
        program_id: input.program,
        ..Category { dimension: parent.dimension, level: parent.level, edition: parent.edition, ..Category::default() }
    };
    if !work.tx.add_local_term(&term).await? {
        return Err(Rule::at("name", RuleCode::AlreadyExists).into());
    }
    record(&work, organization, &term, 1).await?;
    work.commit(term.code).await
}
