//! The counterparty that refers: to each service that the sandbox's organization publishes it sends the same referral
//! twice, as over a bad line, and then the same person once more, as happens when two colleagues do not talk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::counterparties::settled;
use super::{CAST, POSTS, actor};
use crate::app::App;
use crate::demo::stage::{Hand, again};
use crate::demo::texts;
use crate::demo::walk::CaseState;
use crate::demo::written::{add_need, agree, plain};
use crate::domain::actor::Actor;
use crate::domain::case::{AgeBand, ConsentMethod, Sex, Urgency};
use crate::domain::directory::{ServiceFilter, ServiceOrder};
use crate::domain::id::{OrganizationId, ProgramId, ServiceId};
use crate::domain::page::Window;
use crate::domain::policy::Sight;
use crate::domain::rule::{Fault, Outcome};
use crate::domain::service::{Service, ServiceStatus};
use crate::usecase::browse::services;
use crate::usecase::case::{self, Open};
use crate::usecase::referral;

/// How many services are looked at in one round.
const MOST: usize = 20;

/// Who refers, whom to, and which entries were tried at which version.
pub struct Sender {
    actor: Actor,
    program: ProgramId,
    receiver: OrganizationId,
    tried: Mutex<BTreeSet<(ServiceId, i32)>>,
}

impl Sender {
    /// The one that the demonstration remembers.
    pub fn read(marks: &BTreeMap<String, Uuid>) -> Option<Self> {
        let [.., (number, name, _)] = CAST;
        let [.., cases] = POSTS;
        Some(Self {
            actor: actor(marks, (number, name), cases)?,
            program: (*marks.get("sandbox.program")?).into(),
            receiver: (*marks.get("sandbox.organization")?).into(),
            tried: Mutex::default(),
        })
    }

    /// Refers to what is new; tells how many referrals were sent.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn round(&self, app: &App) -> Result<usize, Fault> {
        let filter = ServiceFilter {
            organization: Some(self.receiver),
            status: vec![ServiceStatus::Published],
            unclassified: Some(false),
            ..ServiceFilter::default()
        };
        let order = ServiceOrder::PublishedAt { descending: true };
        let page = services(app, &Sight::of(&self.actor), &filter, &order, &Window::first(MOST)).await?;
        let mut sent = 0;
        for (_, service) in page.items {
            if service.takes_referrals && self.is_new(&service) && settled(self.refer(app, &service).await)? {
                sent += 2;
            }
        }
        Ok(sent)
    }

    fn is_new(&self, service: &Service) -> bool {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.insert((service.id, service.version))
    }

    /// All keys follow from the service, so that a server that starts again repeats nothing.
    async fn refer(&self, app: &App, service: &Service) -> Outcome<()> {
        let key = format!("sandbox-{}", Uuid::from(service.id));
        let hand = Hand::new(app, &key);
        let category = service.category.as_ref().map_or("", |category| category.code.as_str());
        let input = Open {
            program: self.program,
            area: service.areas.first().map(|area| area.id),
            age_band: Some(AgeBand::From25To39),
            sex: Some(Sex::Female),
            language: Some("fr".into()),
            return_facts: None,
        };
        let mut asked = String::new();
        let id = case::open(app, hand.ask(&self.actor, "openCase", &mut asked), input).await?;
        let at = |version| CaseState { id, version };
        agree(&hand, &self.actor, at(1), self.receiver, ConsentMethod::Verbal).await?;
        let goals = texts::goals(category);
        let first = add_need(&hand, &self.actor, at(2), category, Urgency::Routine, goals).await?;
        let second = add_need(&hand, &self.actor, at(3), category, Urgency::Routine, goals).await?;
        let [other_key, colleague] = ["again", "colleague"].map(|word| format!("{key}-{word}"));
        let ask = |key| again(&self.actor, "createReferral", key);
        let one = plain(id, first, service.id, true);
        referral::create(app, ask(&key), one.clone()).await?;
        referral::create(app, ask(&key), one.clone()).await?;
        // Under another key it would be a second open referral for one need, which is refused.
        settled(referral::create(app, ask(&other_key), one).await)?;
        let other = plain(id, second, service.id, true);
        referral::create(app, ask(&colleague), other).await.map(drop)
    }
}
