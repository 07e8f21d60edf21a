//! An administrative area is entered.

use crate::app::App;
use crate::domain::area::Area;
use crate::domain::global_id::Kind;
use crate::domain::id::AreaId;
use crate::domain::organization::Translations;
use crate::domain::rule::{Outcome, Rule, RuleCode, Rules};
use crate::usecase::directory::{check_names, is_country};
use jiff::civil::Date;
use uuid::Uuid;

/// A new area.
#[derive(Debug, Clone, Default)]
pub struct NewArea {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// 0 is the country; each level below adds one, 9 at most.
    pub level: i32,
    /// Unique within country, level and edition.
    pub pcode: String,
    /// Which edition of the codes this is; may be empty.
    pub edition: String,
    pub name: String,
    /// Names by language tag.
    pub names: Translations,
    /// The area right above; needed for every level but 0.
    pub parent: Option<AreaId>,
    /// First day, as ISO 8601 text.
    pub valid_from: Option<String>,
    /// Last day, as ISO 8601 text.
    pub valid_to: Option<String>,
}

/// Adds an area.
///
/// # Errors
/// Rules that the input breaks; ALREADY_EXISTS for a code that is taken; NOT_FOUND for an unknown parent.
pub async fn area_add(app: &App, new: &NewArea) -> Outcome<AreaId> {
    check(new)?;
    let tx = app.store.begin().await?;
    if let Some(parent) = new.parent {
        let above = tx.area(parent).await?.ok_or_else(|| Rule::at("parent", RuleCode::NotFound))?;
        if above.country != new.country || above.level + 1 != new.level {
            return Err(Rule::at("parent", RuleCode::Invalid).into());
        }
    }
    let (id, now) = (AreaId::from(Uuid::now_v7()), app.now());
    let area = Area {
        id,
        country: new.country.clone(),
        level: new.level,
        pcode: new.pcode.clone(),
        name: new.name.trim().to_owned(),
        names: new.names.clone(),
        parent: new.parent,
        valid_from: new.valid_from.clone(),
        valid_to: new.valid_to.clone(),
    };
    if !tx.add_area(&area, &new.edition).await? {
        return Err(Rule::at("pcode", RuleCode::AlreadyExists).into());
    }
    tx.note_operation("areaAdd", (Kind::Area, id.into()), None, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// What can be judged without the database.
fn check(new: &NewArea) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.check(is_country(&new.country), "country", RuleCode::Invalid);
    rules.check((0..=9).contains(&new.level), "level", RuleCode::Invalid);
    rules.text("pcode", &new.pcode, 1, 40);
    rules.text("edition", &new.edition, 0, 40);
    rules.text("name", &new.name, 1, 200);
    check_names(&new.names, &mut rules);
    rules.check((new.level == 0) == new.parent.is_none(), "parent", RuleCode::Invalid);
    let day = |text: &Option<String>| text.as_deref().map(str::parse::<Date>).transpose();
    let (from, to) = (day(&new.valid_from), day(&new.valid_to));
    rules.check(from.is_ok(), "validFrom", RuleCode::Invalid);
    let ordered = match (&from, &to) {
        (Ok(Some(from)), Ok(Some(to))) => from <= to,
        _ => true,
    };
    rules.check(to.is_ok() && ordered, "validTo", RuleCode::Invalid);
    rules.settle()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::Failure;

    #[test]
    fn an_area_below_a_country_has_a_parent_and_ends_after_it_begins() {
        let country = NewArea { country: "ML".into(), pcode: "ML".into(), name: "Mali".into(), ..NewArea::default() };
        assert!(check(&country).is_ok());
        let orphan = NewArea {
            level: 1,
            valid_from: Some("2026-01-01".into()),
            valid_to: Some("2025-12-31".into()),
            country: "Mali".into(),
            ..country
        };
        let Err(Failure::Rules(rules)) = check(&orphan) else { panic!("accepted") };
        let fields: Vec<&str> = rules.iter().map(|rule| rule.field[0].as_str()).collect();
        assert_eq!(fields, ["country", "parent", "validTo"]);
    }
}
