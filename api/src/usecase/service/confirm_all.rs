//! A provider confirms many entries in one go.

use crate::app::App;
use crate::domain::id::ServiceId;
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::store::services::ServiceChange;
use crate::usecase::Ask;
use crate::usecase::service::standing::{Target, record, standing};
use crate::usecase::work::{Work, open};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most entries confirmed at once.
pub const MOST_CONFIRMED: usize = 100;

/// What became of one entry.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Confirmed {
    pub service: ServiceId,
    /// Why it was not confirmed.
    pub refused: Option<RuleCode>,
}

/// Confirms entries as of today. All of them or none; or, where `row_by_row`, each that can be, whole or not at all.
///
/// # Errors
/// REQUIRED or TOO_LONG at `services`; at each entry those of every change of a service, all told at once, where all or
/// none is asked for; INVALID for an entry that is named twice.
pub async fn confirm_all(app: &App, ask: Ask<'_>, targets: &[Target], row_by_row: bool) -> Outcome<Vec<Confirmed>> {
    let mut rules = Rules::default();
    rules.check(!targets.is_empty(), "services", RuleCode::Required);
    rules.check(targets.len() <= MOST_CONFIRMED, "services", RuleCode::TooLong);
    let mut seen = BTreeSet::new();
    for (index, target) in targets.iter().enumerate() {
        rules.check(seen.insert(target.service), &format!("services.{index}.serviceId"), RuleCode::Invalid);
    }
    rules.settle()?;
    let work = open!(app, ask);
    let mut rows: Vec<usize> = (0..targets.len()).collect();
    // In the order of their keys, so that two who confirm the same entries do not wait for each other.
    rows.sort_by_key(|row| targets.get(*row).map(|target| target.service));
    let mut confirmed: Vec<(usize, Confirmed)> = Vec::new();
    let mut broken: Vec<(usize, Rule)> = Vec::new();
    for (row, target) in rows.into_iter().filter_map(|row| Some((row, *targets.get(row)?))) {
        let refused = match confirm(&work, target).await {
            Ok(()) => None,
            Err(Failure::Rules(rules)) => {
                let code = rules.first().map(|rule| rule.code);
                broken.extend(rules.into_iter().map(|rule| (row, rule)));
                code
            }
            Err(other) => return Err(other),
        };
        confirmed.push((row, Confirmed { service: target.service, refused }));
    }
    if !broken.is_empty() && !row_by_row {
        return Err(Failure::Rules(in_rows(broken)));
    }
    confirmed.sort_by_key(|(row, _)| *row);
    work.commit(confirmed.into_iter().map(|(_, one)| one).collect()).await
}

/// Each broken rule at its row, in input order.
fn in_rows(mut broken: Vec<(usize, Rule)>) -> Vec<Rule> {
    broken.sort_by_key(|(row, _)| *row);
    let at_row = |(row, mut rule): (usize, Rule)| {
        rule.field.splice(0..0, ["services".to_owned(), row.to_string()]);
        rule
    };
    broken.into_iter().map(at_row).collect()
}

async fn confirm(work: &Work<'_>, target: Target) -> Result<(), Failure> {
    let service = standing(work, target, Power::ReportCapacity).await?;
    let today = work.app.today();
    let change = ServiceChange::Assured(&today, work.deed.principal);
    work.tx.change_service(service.id, change, work.deed.now).await?;
    record(work, &service).await?;
    Ok(())
}
