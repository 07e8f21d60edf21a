//! Whether a person could be taken, before anything is sent. It stores nothing: what is said of the person is forgotten
//! with the answer.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::clock::date_of;
use crate::domain::criterion::{AreaFit, Attributes, Checked, Moment, ages, check};
use crate::domain::id::{AreaId, CaseId, ServiceId};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::service::Service;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub service: ServiceId,
    /// A case of the asker's organization, for what is not said of the person.
    pub case: Option<CaseId>,
    pub person: Attributes,
    /// Where the person lives.
    pub area: Option<AreaId>,
}

/// What can be said by each published condition, with the service; nothing for a service that the asker can't see and
/// for a case that the asker's organization does not hold. The provider learns nothing of it.
///
/// # Errors
/// What the engine refuses; facts that can't be opened.
pub async fn check_eligibility(
    app: &App,
    actor: &Actor,
    question: Question,
) -> Result<Option<(Service, Vec<Checked>)>, Fault> {
    let sight = Sight::of(actor);
    let Some(service) = app.store.services_by_id(&sight, &[question.service]).await?.remove(&question.service) else {
        return Ok(None);
    };
    let (mut person, mut area) = (question.person, question.area);
    if let Some(id) = question.case {
        let found =
            if sight.organization.is_some() { app.store.cases_by_id(&sight, &[id]).await? } else { return Ok(None) };
        let Some(case) = found.get(&id).filter(|case| case.is_held) else { return Ok(None) };
        let returned = app.return_facts(case)?.map(|facts| facts.return_type());
        person.age = person.age.or(case.age_band.map(ages));
        person.sex = person.sex.or(case.sex);
        person.return_type = person.return_type.or(returned);
        person.is_returnee = person.is_returnee.or(Some(true));
        person.languages = person.languages.or(case.language.clone().map(|language| vec![language]));
        area = area.or(case.area_id);
    }
    if let Some(area) = area {
        person.area = Some(app.store.area_fit(service.id, area).await?);
    }
    let moment = Moment {
        today: date_of(app.clock.now()),
        now: app.now(),
        max_age_days: app.policy.service_max_age_days,
        shows_places: sight.organization.is_some(),
    };
    let checked = check(&service, &person, moment);
    Ok(Some((service, checked)))
}

impl AreaFit {
    /// How a place lies to others, by whether it is in one of them and whether it holds one.
    #[must_use]
    pub fn of(inside: bool, around: bool) -> Self {
        match (inside, around) {
            (true, _) => Self::Inside,
            (false, true) => Self::Around,
            (false, false) => Self::Outside,
        }
    }
}
