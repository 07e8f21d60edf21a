//! Registering an agreement.

use super::{must_act, record};
use crate::app::App;
use crate::domain::agreement::{
    Agreement, AgreementKind, AgreementParty, AgreementStatus, Hours, MOST_HOURS, ResponseTimes,
};
use crate::domain::case::ConsentField;
use crate::domain::id::{AgreementId, AreaId, OrganizationId};
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::service::ContactRole;
use crate::domain::service_entry::check_contact;
use crate::store::agreements::Scope;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// The most parties beside the one that registers.
const MOST_PARTIES: usize = 20;
/// The most categories, areas or contacts.
const MOST_PARTS: usize = 50;

/// What is agreed on.
#[derive(Debug, Clone)]
pub struct Register {
    pub kind: AgreementKind,
    /// The other parties.
    pub parties: Vec<OrganizationId>,
    /// ISO 8601.
    pub valid_from: String,
    /// ISO 8601, the last day.
    pub valid_to: Option<String>,
    /// Codes of service categories; empty means all.
    pub categories: Vec<String>,
    /// Areas with all that lies in them; empty means all.
    pub areas: Vec<AreaId>,
    pub data_allowed: Vec<ConsentField>,
    pub response_times: ResponseTimes,
    pub cost_rule: String,
    pub contacts: Vec<ContactRole>,
    pub document_ref: Option<String>,
}

/// A party registers an agreement; the others must confirm it before it is in force.
///
/// # Errors
/// NOT_PERMITTED without the power to manage agreements; what is wrong with the input, all at once.
pub async fn register(app: &App, ask: Ask<'_>, input: Register) -> Outcome<AgreementId> {
    let work = begin!(app, ask, Power::ManageAgreements, Rule::at("", RuleCode::NotPermitted));
    work.needs(Power::ManageAgreements, None, "")?;
    check(&input)?;
    check_references(&work, &input).await?;
    let own = work.deed.organization;
    let mut parties = vec![own];
    parties.extend(input.parties.iter().copied());
    let areas = input.areas.clone();
    let agreement = agreed(input, own, work.deed.now);
    let scope = Scope { parties: &parties, areas: &areas };
    work.tx.add_agreement(&agreement, scope, work.deed.principal).await?;
    record(&work, agreement.id, 1, &parties, must_act).await?;
    work.commit(agreement.id).await
}

fn agreed(input: Register, own: OrganizationId, now: i64) -> Agreement {
    let mut data_allowed = input.data_allowed;
    data_allowed.sort_unstable();
    data_allowed.dedup();
    Agreement {
        id: Uuid::now_v7().into(),
        registered_by: own,
        kind: input.kind,
        status: AgreementStatus::Draft,
        valid_from: input.valid_from,
        valid_to: input.valid_to,
        categories: input.categories,
        areas: Vec::new(),
        data_allowed,
        response_times: input.response_times,
        cost_rule: input.cost_rule,
        contacts: input.contacts,
        document_ref: input.document_ref,
        parties: Vec::<AgreementParty>::new(),
        ended_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn check(input: &Register) -> Result<(), Failure> {
    let mut rules = Rules::default();
    rules.check(!input.parties.is_empty(), "partyIds", RuleCode::Required);
    rules.check(input.parties.len() <= MOST_PARTIES, "partyIds", RuleCode::TooLong);
    let ends_after = input.valid_to.as_ref().is_none_or(|last| *last >= input.valid_from);
    rules.check(ends_after, "validTo", RuleCode::DateOutOfRange);
    for (name, length) in
        [("categoryCodes", input.categories.len()), ("areaIds", input.areas.len()), ("contacts", input.contacts.len())]
    {
        rules.check(length <= MOST_PARTS, name, RuleCode::TooLong);
    }
    let times = &input.response_times;
    for (name, hours) in [("emergency", times.emergency), ("urgent", times.urgent), ("routine", times.routine)] {
        check_hours(&mut rules, &format!("responseTimes.{name}"), hours);
    }
    rules.text("costRule", &input.cost_rule, 0, 2_000);
    for (at, contact) in input.contacts.iter().enumerate() {
        check_contact(contact, &format!("contacts.{at}"), &mut rules);
    }
    if let Some(reference) = &input.document_ref {
        rules.text("documentRef", reference, 1, 300);
    }
    rules.settle()
}

fn check_hours(rules: &mut Rules, at: &str, hours: Hours) {
    for (name, hours) in [("acknowledge", hours.acknowledge), ("decide", hours.decide), ("contact", hours.contact)] {
        let within = hours.is_none_or(|hours| (1..=MOST_HOURS).contains(&hours));
        rules.check(within, &format!("{at}.{name}"), RuleCode::Invalid);
    }
}

/// That everything named exists, and each party and area once.
async fn check_references(work: &Work<'_>, input: &Register) -> Result<(), Failure> {
    let mut rules = Rules::default();
    let known = work.tx.known_organizations(&input.parties).await?;
    for (at, party) in input.parties.iter().enumerate() {
        let field = format!("partyIds.{at}");
        rules.check(known.contains(party), &field, RuleCode::NotFound);
        let twice = *party == work.deed.organization || input.parties[..at].contains(party);
        rules.check(!twice, &field, RuleCode::Invalid);
    }
    for (at, code) in input.categories.iter().enumerate() {
        let found = work.tx.category_or_group(work.deed.organization, code, &work.app.today()).await?.is_some();
        rules.check(found, &format!("categoryCodes.{at}"), RuleCode::NotFound);
    }
    if !input.areas.is_empty() {
        let known = work.tx.known_areas(&input.areas).await?;
        for (at, area) in input.areas.iter().enumerate() {
            let field = format!("areaIds.{at}");
            rules.check(known.contains(area), &field, RuleCode::NotFound);
            rules.check(!input.areas[..at].contains(area), &field, RuleCode::Invalid);
        }
    }
    rules.settle()
}
