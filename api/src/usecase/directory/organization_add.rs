//! An organization takes part from now on.

use crate::app::App;
use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;
use crate::domain::organization::{OrganizationKind, Translations};
use crate::domain::rule::{Outcome, RuleCode, Rules};
use crate::store::organizations;
use crate::usecase::directory::{check_names, is_country};
use uuid::Uuid;

/// A new organization.
#[derive(Debug, Clone, Default)]
pub struct NewOrganization {
    pub name: String,
    /// Names by language tag.
    pub names: Translations,
    pub description: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// At least one.
    pub kinds: Vec<OrganizationKind>,
    pub website: Option<String>,
    /// For operators; never shown.
    pub email: Option<String>,
}

/// Adds an organization.
///
/// # Errors
/// Rules that the input breaks.
pub async fn organization_add(app: &App, new: &NewOrganization) -> Outcome<OrganizationId> {
    let mut rules = Rules::default();
    rules.text("name", &new.name, 1, 200);
    check_names(&new.names, &mut rules);
    rules.text("description", &new.description, 0, 5_000);
    rules.check(is_country(&new.country), "country", RuleCode::Invalid);
    rules.check(!new.kinds.is_empty(), "kinds", RuleCode::Required);
    let is_web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    rules.check(new.website.as_deref().is_none_or(is_web), "website", RuleCode::Invalid);
    rules.check(new.email.as_deref().is_none_or(|email| email.contains('@')), "email", RuleCode::Invalid);
    rules.settle()?;

    let (id, now) = (OrganizationId::from(Uuid::now_v7()), app.now());
    let row = organizations::NewOrganization {
        id,
        name: new.name.trim(),
        names: &new.names,
        description: new.description.trim(),
        country: &new.country,
        kinds: &new.kinds,
        website: new.website.as_deref(),
        email: new.email.as_deref(),
        alternate_name: "",
        identifiers: &[],
    };
    let tx = app.store.begin().await?;
    tx.add_organization(&row, now).await?;
    tx.note_operation("organizationAdd", (Kind::Organization, id.into()), Some(id), now).await?;
    tx.commit().await?;
    Ok(id)
}
