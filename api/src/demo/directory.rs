//! Areas, organizations, programs, people and services are entered.

use super::cast::{Post, engage};
use super::organizations::{FUND, INSTITUTE, PARTIES, PLANS};
use super::places::{COUNTRY, PLACES};
use super::services::{OFFERS, Offer, Standing};
use super::stage::{Placed, Stage};
use super::{DAY, HOUR, texts};
use crate::domain::case::Sex;
use crate::domain::id::ServiceId;
use crate::domain::organization::Translations;
use crate::domain::rule::{Outcome, Rules};
use crate::domain::schedule::Schedule;
use crate::domain::service::{ContactRole, Cost, CostKind, Eligibility, LocationKind, ServiceTexts, Visibility};
use crate::domain::service_entry::{PlaceEntry, Places, ServiceEntry};
use crate::usecase::directory::{NewArea, NewOrganization, NewProgram, area_add, organization_add, program_add};
use crate::usecase::revision::{Draft, draft_new};
use crate::usecase::service::{Target, pause, publish};

/// How long ago the network began, in days.
const BEGAN: i64 = 200;
/// How long ago a stale service was last confirmed, in days.
const STALE: i64 = 130;
/// How long ago the other services were confirmed, in days; they stay fresh for four more weeks.
const CONFIRMED: i64 = 59;

/// Enters all of it.
///
/// # Errors
/// What a use case refuses.
pub async fn enter(stage: &mut Stage<'_>) -> Outcome<()> {
    stage.ago(BEGAN * DAY);
    for place in &PLACES {
        let new = NewArea {
            country: COUNTRY.into(),
            level: place.level,
            pcode: place.pcode.into(),
            name: place.name.into(),
            names: names(&[("en", place.english), ("fr", place.name), ("ar", place.arabic)]),
            parent: place.parent.map(|number| stage.areas[number]),
            ..NewArea::default()
        };
        let id = area_add(stage.app, &new).await?;
        stage.areas.push(id);
    }
    for party in &PARTIES {
        let new = NewOrganization {
            name: party.name.into(),
            names: names(&[("en", party.english), ("fr", party.name)]),
            description: party.description.into(),
            country: COUNTRY.into(),
            kinds: party.kinds.to_vec(),
            ..NewOrganization::default()
        };
        let id = organization_add(stage.app, &new).await?;
        stage.organizations.push(id);
    }
    for plan in &PLANS {
        let new = NewProgram {
            name: plan.name.into(),
            names: names(&[("en", plan.english), ("fr", plan.name)]),
            lead: stage.organizations[plan.lead],
            members: plan.members.iter().map(|number| stage.organizations[*number]).collect(),
            funders: vec![stage.organizations[FUND]],
            areas: plan.areas.iter().map(|number| stage.areas[*number]).collect(),
        };
        let id = program_add(stage.app, &new).await?;
        stage.programs.push(id);
    }
    engage(stage).await?;
    services(stage).await
}

async fn services(stage: &mut Stage<'_>) -> Outcome<()> {
    let mut moment = 0;
    for offer in &OFFERS {
        for area in offer.areas {
            moment += HOUR / 4;
            let days = if offer.standing == Standing::Stale { STALE } else { CONFIRMED };
            stage.ago(days * DAY - moment);
            let id = one(stage, offer, *area).await?;
            stage.services.push(Placed { area: *area, id, offer });
        }
    }
    draft(stage).await
}

/// One entry that its organization has begun and not published.
async fn draft(stage: &Stage<'_>) -> Outcome<()> {
    let [offer, ..] = &OFFERS;
    let actor = stage.actor(offer.organization, Post::Directory)?;
    let entry = ServiceEntry {
        category: (!offer.category.is_empty()).then(|| Some(offer.category.to_owned())),
        visibility: Some(Visibility::Public),
        language: Some("fr".into()),
        name: Some(texts::DRAFT.into()),
        takes_referrals: Some(true),
        ..ServiceEntry::default()
    };
    let draft = Draft { entry: entry.checked_new(Rules::default())?, capacity: None, replaces: None };
    let mut key = String::new();
    draft_new(stage.app, stage.ask(actor, "publishService", &mut key), draft).await.map(drop)
}

/// Publishes one service of an offer, in one area.
///
/// # Errors
/// What the use case refuses.
pub async fn one(stage: &Stage<'_>, offer: &'static Offer, area: usize) -> Outcome<ServiceId> {
    let actor = stage.actor(offer.organization, Post::Directory)?;
    let entry = entry(stage, offer, area).checked_new(Rules::default())?;
    let full = offer.standing == Standing::Full;
    let places =
        offer.places.map(|total| Places { total: Some(total), taken_elsewhere: Some(if full { total } else { 0 }) });
    let mut key = String::new();
    let service = publish(stage.app, stage.ask(actor, "publishService", &mut key), entry, places).await?;
    if offer.standing == Standing::Paused {
        let target = Target { service, expected_version: 1 };
        let mut key = String::new();
        pause(stage.app, stage.ask(actor, "pauseService", &mut key), target, texts::PAUSED).await?;
    }
    Ok(service)
}

/// Weekdays with a break at noon, and Saturday mornings.
fn office_hours() -> Vec<Schedule> {
    let zone = "Africa/Dakar";
    vec![
        Schedule::weekly(&[0, 1, 2, 3, 4], 510, 780, zone),
        Schedule::weekly(&[0, 1, 2, 3, 4], 870, 1050, zone),
        Schedule::weekly(&[5], 540, 720, zone),
    ]
}

fn entry(stage: &Stage<'_>, offer: &Offer, area: usize) -> ServiceEntry {
    let place = &PLACES[area];
    let hidden = offer.standing == Standing::Sheltered;
    let spot = PlaceEntry {
        location: None,
        kind: if hidden { LocationKind::Confidential } else { LocationKind::Physical },
        name: if hidden { "Lieu confidentiel".into() } else { format!("{}, {}", offer.name, place.name) },
        address: if hidden { String::new() } else { format!("Quartier du marché, {}", place.name) },
        area: Some(stage.areas[area]),
        latitude: (!hidden).then_some(place.point.0),
        longitude: (!hidden).then_some(place.point.1),
        schedules: None,
        transportation: None,
        accessibility: None,
    };
    let english = ServiceTexts { name: format!("{} – {}", offer.english, place.english), description: String::new() };
    let housing = hidden && offer.category == "SOC.IND.HOUSING";
    let eligibility = Eligibility {
        minimum_age: offer.category.starts_with("ECO.").then_some(16),
        sex: housing.then_some(Sex::Female),
        non_returnees: Some(!offer.category.starts_with("ECO.")),
        ..Eligibility::default()
    };
    ServiceEntry {
        category: (!offer.category.is_empty()).then(|| Some(offer.category.to_owned())),
        visibility: Some(if hidden || offer.standing == Standing::Sandbox {
            Visibility::Partners
        } else {
            Visibility::Public
        }),
        language: Some("fr".into()),
        name: Some(format!("{} – {}", offer.name, place.name)),
        description: Some(offer.description.to_owned()),
        translations: Some(vec![("en".into(), english)]),
        application_process: Some("Sur orientation d’un partenaire ou à l’accueil, sans rendez-vous.".into()),
        eligibility: Some(eligibility),
        languages: Some(vec!["fr".into(), "wo".into()]),
        required_documents: Some(Vec::new()),
        cost: Some(Cost { kind: CostKind::Free, text: String::new() }),
        schedules: (!hidden).then(office_hours),
        contacts: Some(vec![ContactRole {
            role: "Accueil des orientations".into(),
            phone: None,
            email: Some(format!("accueil-{}@example.org", offer.organization)),
        }]),
        takes_referrals: Some(offer.standing != Standing::Closed),
        keeps_waiting_list: Some(offer.organization == INSTITUTE),
        places: Some(vec![spot]),
        areas: Some(vec![stage.areas[area]]),
        ..ServiceEntry::default()
    }
}

fn names(all: &[(&str, &str)]) -> Translations {
    all.iter().map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned())).collect()
}
