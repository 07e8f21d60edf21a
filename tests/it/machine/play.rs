//! One sequence, played on a server beside the model.

use super::commands::{About, BEGINNING, COMMANDS, UNANNOUNCED};
use super::model::{Deed, HOUR, Model, Service};
use super::nothing::{elsewhere, told};
use super::people::{PEOPLE, persona};
use super::stored::Stored;
use crate::support::app::TestApp;
use crate::support::seed::run as statement;
use crate::support::situations::{answer, code};
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{World, add_service, gid};
use jiff::SignedDuration;
use passerelle::domain::clock::{Clock as _, date_of};
use passerelle::domain::global_id::Kind;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

/// A step of a sequence.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Somebody tries something; mostly what may be done now.
    Do { likely: bool, pick: usize, deed: Deed },
    /// Two at once, through two servers.
    Both(usize, usize),
    /// The last command that took effect comes again with its key, with the same input or another.
    Again { is_same: bool },
    /// Hours pass.
    Wait(i64),
}

/// Two servers over one database.
pub struct Servers {
    pub one: TestApp,
    pub two: TestApp,
    pub world: World,
}

pub struct Play<'a> {
    servers: &'a Servers,
    pub model: Model,
    services: Vec<Uuid>,
    stories: Vec<(Story, String)>,
    last: Option<(usize, &'static str, Value)>,
    /// What was done, for whoever reads of a failure.
    done: Vec<String>,
}

impl<'a> Play<'a> {
    /// Cases with a draft each, to a service with few places.
    pub async fn open(servers: &'a Servers, limited: Service, needs: usize) -> Self {
        let (app, world) = (&servers.one, &servers.world);
        let service = add_service(app, world.provider, world.district, limited.total).await;
        let other = add_service(app, world.provider, world.district, None).await;
        let keeps = "UPDATE service SET allows_overbooking = $1, keeps_waiting_list = $2, \
                     holds_places_at_sending = $3, assured_on = $4 WHERE id = $5";
        let (today, no) = (date_of(app.clock.now()).to_string(), false);
        let Service { overbooking, list, slots, .. } = limited;
        let values =
            |[a, b, c]: [bool; 3], id: Uuid| vec![a.into(), b.into(), c.into(), today.clone().into(), id.into()];
        statement(app, keeps, values([overbooking, list, slots], service)).await;
        statement(app, keeps, values([no, no, no], other)).await;
        let manager = persona(app, world, 0);
        let mut stories = Vec::new();
        for _ in 0..needs {
            let story = Story::open_by(app, world, &manager, world.provider).await;
            done(app, &manager, "createReferral", story.draft(service), "").await;
            let query = "query($id: ID!) { case(by: { id: $id }) { consents { id } } }";
            let seen = app.run(&manager, query, json!({ "id": story.case })).await;
            stories.push((story, text(&seen["case"]["consents"][0]["id"])));
        }
        let now = app.clock.now().as_microsecond();
        let model = Model::new(limited, needs, now);
        Self { servers, model, services: vec![service, other], stories, last: None, done: Vec::new() }
    }

    /// One step. A failure tells what led to it.
    pub async fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        let failed = self.try_step(step).await;
        failed.map_err(|failed| TestCaseError::fail(format!("{failed}\nafter\n{}", self.done.join("\n"))))
    }

    async fn try_step(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Do { likely, pick, deed } => {
                let deed = Deed { on: deed.on % self.model.referrals.len(), ..deed };
                self.one(if likely { self.chosen(pick).unwrap_or(deed) } else { deed }).await
            }
            Step::Both(one, other) => match (self.chosen(one), self.chosen(other)) {
                (Some(one), Some(other)) => self.both([one, other]).await,
                _ => Ok(()),
            },
            Step::Again { is_same } => self.again(is_same).await,
            Step::Wait(hours) => {
                let by = SignedDuration::from_hours(hours);
                self.done.push(format!("{hours} hours"));
                self.servers.one.clock.advance(by);
                self.servers.two.clock.advance(by);
                self.model.now += hours * HOUR;
                Ok(())
            }
        }
    }

    /// One of all that may be done now.
    fn chosen(&self, pick: usize) -> Option<Deed> {
        let mut all = Vec::new();
        // Whatever a command is, it comes up as often as another.
        for what in COMMANDS {
            let every = (0..self.model.referrals.len())
                .flat_map(|on| (0..PEOPLE.len()).flat_map(move |who| [false, true].map(move |other| (on, who, other))));
            let deeds = every.map(|(on, who, other)| Deed { who, what, on, other, is_fresh: true });
            let may: Vec<Deed> = deeds.filter(|deed| self.model.clone().answer(*deed) == "ok").collect();
            if !may.is_empty() {
                all.push(may[pick / 64 % may.len()]);
            }
        }
        (!all.is_empty()).then(|| all[pick % all.len()])
    }

    async fn input(&self, deed: Deed) -> Value {
        let app = &self.servers.one;
        let referral = &self.model.referrals[deed.on];
        let (story, consent) = &self.stories[referral.need];
        let stored = Stored::read(app, &self.services).await;
        let services: Vec<String> = self.services.iter().map(|id| gid(Kind::Service, *id)).collect();
        let about = About {
            referral,
            id: &stored.ids[deed.on],
            story,
            services: &services,
            worker: &gid(Kind::Member, self.servers.world.worker.id),
            consent: (consent, 1 + i64::from(!self.model.needs[referral.need].consented)),
            today: date_of(app.clock.now()),
        };
        about.input(deed)
    }

    /// What `availableActions` says: nothing for whom the referral does not exist.
    async fn announced(&self, deed: Deed, id: &Value) -> Option<Result<(), String>> {
        let who = persona(&self.servers.one, &self.servers.world, deed.who);
        let select = "availableActions { mutation isAvailable unavailableBecause }";
        let referral = Referred { id: id.as_str()?.to_owned(), version: 0 };
        let seen = referral.seen_by(&self.servers.one, &who, select).await;
        let action =
            seen["availableActions"].as_array()?.iter().find(|action| action["mutation"] == deed.what)?.clone();
        let because = action["unavailableBecause"].as_str().unwrap_or_default().to_owned();
        Some(if action["isAvailable"] == true { Ok(()) } else { Err(because) })
    }

    /// Somebody tries something: it is announced and answered as the model says, and leaves what the model says.
    pub async fn one(&mut self, deed: Deed) -> Result<(), TestCaseError> {
        let app = &self.servers.one;
        let input = self.input(deed).await;
        if !UNANNOUNCED.contains(&deed.what) {
            let id = input.get("referralId").or(input.get("previousId")).unwrap();
            let told = match self.model.row(deed.who, deed.on, deed.what) {
                Ok(_) => Some(Ok(())),
                Err("NOT_FOUND") => None,
                Err("NOT_PERMITTED") => Some(Err("PARTY".to_owned())),
                Err(_) => Some(Err("STATE".to_owned())),
            };
            prop_assert_eq!(self.announced(deed, id).await, told, "{:?} announced", deed);
        }
        let (counts, committed, before) =
            (Stored::counts(app).await, self.model.committed, self.model.referrals.clone());
        let right = self.model.answer(deed);
        self.done.push(format!("{} {} on {}, other {}: {right}", PEOPLE[deed.who].0, deed.what, deed.on, deed.other));
        let who = persona(app, &self.servers.world, deed.who);
        let given = answer(app, &who, deed.what, input.clone()).await;
        let got = code(&given, deed.what);
        prop_assert_eq!(&got, right, "{:?} by {} on {:?}", deed, PEOPLE[deed.who].0, before[deed.on]);
        // Invariant 4: one event, audit row and outbox row for each thing that changed; of a refusal an audit row only.
        let made = self.model.committed - committed;
        let refused = i64::from(got != "ok");
        let counted = Stored::counts(app).await;
        let more: Vec<i64> = counted.iter().zip(&counts).map(|(now, before)| now - before).collect();
        prop_assert_eq!(more, vec![made, made, made, refused], "{:?} gave {}", deed, got);
        if got == "NOT_FOUND" {
            // Invariant 7: the same answer as for what does not exist.
            let nothing = answer(app, &who, deed.what, elsewhere(&input)).await;
            prop_assert_eq!(told(&given), told(&nothing), "{:?}", deed);
        }
        if got == "ok" {
            self.last = Some((deed.who, deed.what, input));
        }
        self.holds().await
    }

    /// All of these are refused as the model says, and change nothing.
    pub async fn refused(&mut self, deeds: &[Deed]) -> Result<(), TestCaseError> {
        let app = &self.servers.one;
        let input = match deeds.first() {
            Some(deed) => self.input(*deed).await,
            None => return Ok(()),
        };
        for deed in deeds {
            let mut input = input.clone();
            input["idempotencyKey"] = json!(crate::support::verbs::key());
            let who = persona(app, &self.servers.world, deed.who);
            let got = code(&answer(app, &who, deed.what, input).await, deed.what);
            prop_assert_eq!(&got, self.model.answer(*deed), "{:?} on {:?}", deed, self.model.referrals[deed.on]);
        }
        self.holds().await
    }

    /// Invariant 6: of two at once it is as if one had come before the other.
    async fn both(&mut self, deeds: [Deed; 2]) -> Result<(), TestCaseError> {
        if deeds.iter().any(|deed| BEGINNING.contains(&deed.what) || deed.what == "withdrawConsent") {
            return Ok(());
        }
        let [first, second] = deeds;
        self.done.push(format!("at once {first:?} {second:?}"));
        let inputs = [self.input(first).await, self.input(second).await];
        // Whoever comes second has read an old version where both are about one referral.
        let after = |deed: Deed| Deed { is_fresh: first.on != second.on, ..deed };
        let (mut forth, mut back) = (self.model.clone(), self.model.clone());
        let forth_codes = [forth.answer(first), forth.answer(after(second))];
        let back_codes = [back.answer(second), back.answer(after(first))];
        let sends = async |app: &TestApp, deed: Deed, input: &Value| loop {
            let who = persona(app, &self.servers.world, deed.who);
            let got = code(&answer(app, &who, deed.what, input.clone()).await, deed.what);
            if got != "UNAVAILABLE" {
                return got;
            }
        };
        let Servers { one, two, .. } = self.servers;
        let (a, b) = futures_util::future::join(sends(one, first, &inputs[0]), sends(two, second, &inputs[1])).await;
        let stored = Stored::read(one, &self.services).await;
        let got = [a.as_str(), b.as_str()];
        let is_forth = got == forth_codes && stored.is(&forth);
        prop_assert!(
            is_forth || got == [back_codes[1], back_codes[0]] && stored.is(&back),
            "{:?} at once gave {:?}, in order {:?} or {:?}\n{:?}",
            deeds,
            got,
            forth_codes,
            back_codes,
            stored
        );
        self.model = if is_forth { forth } else { back };
        self.holds().await
    }

    /// Invariant 5: a key that comes again has no other effect, and with other input it is refused.
    async fn again(&mut self, is_same: bool) -> Result<(), TestCaseError> {
        let Some((who, what, mut input)) = self.last.clone() else { return Ok(()) };
        if !is_same {
            match input.get("expectedVersion").and_then(Value::as_i64) {
                Some(version) => input["expectedVersion"] = json!(version + 7),
                None => {
                    let mut services = self.services.iter().map(|id| json!(gid(Kind::Service, *id)));
                    input["serviceId"] = services.find(|service| *service != input["serviceId"]).unwrap();
                }
            }
        }
        let app = &self.servers.one;
        let counts = Stored::counts(app).await;
        let got = code(&answer(app, &persona(app, &self.servers.world, who), what, input).await, what);
        let counted = Stored::counts(app).await;
        if is_same {
            prop_assert_eq!(&got, "ok", "{} again", what);
            prop_assert_eq!(counted, counts, "{} again", what);
        } else {
            prop_assert_eq!(&got, "IDEMPOTENCY_CONFLICT", "{} with other input", what);
            prop_assert_eq!(&counted[..3], &counts[..3], "{} with other input", what);
        }
        self.holds().await
    }

    /// What is stored is what the model says, and the invariants hold of it.
    async fn holds(&self) -> Result<(), TestCaseError> {
        let stored = Stored::read(&self.servers.one, &self.services).await;
        prop_assert!(stored.is(&self.model), "stored\n{:?}\nbut should be\n{:?}", stored, Stored::of(&self.model));
        stored.holds(&self.model)
    }

    /// Invariant 9, at the end of a sequence.
    pub async fn adds_up(&self) -> Result<(), TestCaseError> {
        super::stored::adds_up(&self.servers.one, &self.services).await
    }
}
