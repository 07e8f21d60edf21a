//! Drafting the next version of a plan.

use super::{of_plan, stale};
use crate::app::App;
use crate::domain::case::{Case, Delivery};
use crate::domain::id::{CaseId, NeedId, OrganizationId, PlanId};
use crate::domain::plan::Casework;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::plan_writes::NewItem;
use crate::usecase::referral::seal;
use crate::usecase::work::{Ask, Work, fresh, open as begin};
use uuid::Uuid;

/// The most items a plan may have.
pub const MAX_ITEMS: usize = 50;
/// The most characters an item's goal may have.
pub const MAX_GOAL: usize = 500;

/// The next version of a case's plan.
#[derive(Debug, Clone)]
pub struct Draft {
    pub case: CaseId,
    pub expected_version: i32,
    pub items: Vec<DraftItem>,
}

/// What is to be done for one need.
#[derive(Debug, Clone)]
pub struct DraftItem {
    pub need: NeedId,
    /// In the person's own words; the need's goals stand where there is none.
    pub goal: Option<Private<String>>,
    pub delivery: Delivery,
    /// Who answers for it; the holder when nothing is said.
    pub responsible: Option<OrganizationId>,
    /// ISO 8601.
    pub due_by: Option<String>,
    /// A decimal number and an ISO 4217 code.
    pub budget: Option<(String, String)>,
}

/// The holder drafts the next version of a case's plan. What is followed stays so until the person has agreed to the
/// new version and it is made active; a version that was not followed yet is superseded at once.
///
/// # Errors
/// Those of a held case; NOT_FOUND for needs of other cases and unknown organizations; NEED_CLOSED for a withdrawn one.
pub async fn draft(app: &App, ask: Ask<'_>, input: Draft) -> Outcome<(CaseId, PlanId)> {
    let work = begin!(app, ask);
    check(&input)?;
    let (case, done) = super::held_case(&work, input.case).await?;
    fresh(input.expected_version, case.version)?;
    check_needs(&case, &input.items)?;
    check_organizations(&work, &input.items).await?;
    let (id, _) = write(&work, &case, &done, &input.items).await?;
    work.record(&of_plan(&case, id, 1)).await?;
    work.commit((case.id, id.into())).await
}

/// Writes the next version of a plan, as a draft. Gives its key and that of its last item.
///
/// # Errors
/// TOO_LONG for more items than a plan may have; STALE_VERSION where the case changed meanwhile.
pub(super) async fn write(
    work: &Work<'_>,
    case: &Case,
    done: &Casework,
    items: &[DraftItem],
) -> Outcome<(Uuid, Option<Uuid>)> {
    if items.len() > MAX_ITEMS {
        return Err(Rule::at("items", RuleCode::TooLong).into());
    }
    // First, so that of two who draft at once the second waits here and is told that it came too late.
    if !work.tx.touch_case(case.id, case.version, work.deed.now).await? {
        return Err(stale(case.version));
    }
    let id = Uuid::new_v4();
    let number = done.plans.first().map_or(1, |latest| latest.number + 1);
    work.tx.add_plan(case, id, number, work.deed.now).await?;
    let mut last = None;
    for (position, item) in (1_i32..).zip(items) {
        let key = Uuid::new_v4();
        let new = NewItem {
            id: key,
            need: item.need,
            position,
            goal: seal(work, "plan_item", "goal_sealed", key, item.goal.as_ref())?,
            delivery: item.delivery,
            responsible: item.responsible.unwrap_or(case.holder.id),
            due_by: item.due_by.as_deref(),
            budget: item.budget.as_ref().map(|(amount, currency)| (amount.as_str(), currency.as_str())),
        };
        work.tx.add_plan_item(case.id, id, new, work.deed.now).await?;
        last = Some(key);
    }
    Ok((id, last))
}

fn check(input: &Draft) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.check(!input.items.is_empty(), "items", RuleCode::Required);
    rules.check(input.items.len() <= MAX_ITEMS, "items", RuleCode::TooLong);
    for (at, item) in input.items.iter().enumerate() {
        if let Some(goal) = &item.goal {
            rules.text(&format!("items.{at}.goal"), goal.expose(), 1, MAX_GOAL);
        }
        if let Some((amount, currency)) = &item.budget {
            rules.check(is_amount(amount), &format!("items.{at}.budget.amount"), RuleCode::Invalid);
            let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
            rules.check(is_code, &format!("items.{at}.budget.currency"), RuleCode::Invalid);
        }
    }
    rules.settle()
}

/// A decimal number without a sign: up to 12 digits, and after a point 1 to 3 more.
fn is_amount(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole, 12) && digits(part, 3)
}

fn check_needs(case: &Case, items: &[DraftItem]) -> Outcome<()> {
    let mut rules = Rules::default();
    for (at, item) in items.iter().enumerate() {
        let field = format!("items.{at}.needId");
        match case.needs.iter().find(|need| need.id == item.need) {
            None => rules.add(Rule::at(&field, RuleCode::NotFound)),
            Some(need) => {
                rules.check(need.status != crate::domain::case::NeedStatus::Withdrawn, &field, RuleCode::NeedClosed)
            }
        }
    }
    rules.settle()
}

async fn check_organizations(work: &Work<'_>, items: &[DraftItem]) -> Outcome<()> {
    let named: Vec<OrganizationId> = items.iter().filter_map(|item| item.responsible).collect();
    if named.is_empty() {
        return Ok(());
    }
    let known = work.tx.known_organizations(&named).await?;
    let mut rules = Rules::default();
    for (at, item) in items.iter().enumerate() {
        let found = item.responsible.is_none_or(|id| known.contains(&id));
        rules.check(found, &format!("items.{at}.responsibleId"), RuleCode::NotFound);
    }
    rules.settle()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_decimals() {
        for good in ["0", "1500", "1500.5", "0.125", "123456789012.999"] {
            assert!(is_amount(good), "{good}");
        }
        for bad in ["", "-1", "1.", ".5", "1e3", "1,5", "1.2345", "1234567890123", "NaN", " 1", "1.5.2"] {
            assert!(!is_amount(bad), "{bad}");
        }
    }
}
