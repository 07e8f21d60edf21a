//! A government body takes an edition of the taxonomy, and the procedures that go with it, as its own.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::AreaId;
use crate::domain::organization::OrganizationKind;
use crate::domain::policy::Power;
use crate::domain::rule::{Failure, Outcome, Refusal, Rule, RuleCode, Rules};
use crate::domain::taxonomy::Endorsement;
use crate::store::ledger::Happening;
use crate::usecase::work::{Ask, Work, open as begin};
use uuid::Uuid;

/// What is endorsed where.
#[derive(Debug, Clone)]
pub struct Endorse {
    /// The edition of the taxonomy.
    pub edition: String,
    /// The country or the area in it for which it is endorsed.
    pub area: AreaId,
    /// The version of the standard operating procedures endorsed with it; empty for none.
    pub sop_version: String,
}

/// Endorses an edition for an area of the organization's country: a national government body anywhere in it, a local
/// one below the country. Gives the edition's code; endorsed again, nothing changes.
///
/// # Errors
/// NOT_FOUND for an edition or area that does not exist; NOT_NOW for an edition that is not in force; NOT_PERMITTED for
/// whoever is no government body of the country.
pub async fn endorse(app: &App, ask: Ask<'_>, input: Endorse) -> Outcome<String> {
    let work = begin!(app, ask);
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let mut rules = Rules::default();
    rules.text("sopVersion", &input.sop_version, 0, 100);
    rules.settle()?;
    let days = work.tx.edition_days(&input.edition).await?;
    let (from, to) = days.ok_or_else(|| Rule::at("edition", RuleCode::NotFound))?;
    check_area(&work, input.area).await?;
    let today = app.today();
    if from > today || to.is_some_and(|to| to < today) {
        return Err(Rule::at("edition", RuleCode::NotNow).into());
    }
    let endorsement = Endorsement {
        area_id: input.area,
        organization_id: organization,
        sop_version: input.sop_version.trim().to_owned(),
        endorsed_at: work.deed.now,
    };
    if work.tx.add_endorsement(&input.edition, &endorsement, work.deed.principal).await? {
        let happening = Happening {
            area: Some(input.area),
            ..Happening::to((Kind::Area, Uuid::from(input.area)), "GOVERNMENT", 1)
        };
        work.record(&happening).await?;
    }
    work.commit(input.edition).await
}

async fn check_area(work: &Work<'_>, area: AreaId) -> Result<(), Failure> {
    let organization = work.actor.organization().ok_or(Refusal::Unauthenticated)?;
    let home = work.tx.is_in_country_of(area, organization).await?;
    let is_home = home.ok_or_else(|| Rule::at("areaId", RuleCode::NotFound))?;
    work.needs(Power::EditDirectory, None, "areaId")?;
    let standing = work.actor.standing().ok_or(Refusal::Unauthenticated)?;
    let level = work.tx.area(area).await?.map_or(0, |area| area.level);
    let governs = standing.kinds.contains(&OrganizationKind::NationalGovernment)
        || (level > 0 && standing.kinds.contains(&OrganizationKind::LocalGovernment));
    if is_home && governs { Ok(()) } else { Err(Rule::at("areaId", RuleCode::NotPermitted).into()) }
}
