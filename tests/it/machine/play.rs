//! One sequence, played on a server beside the model.

use super::commands::{About, BEGINNING, COMMANDS, UNANNOUNCED};
use super::invariants as check;
use super::model::{Deed, HOUR, Model, Service};
use super::nothing::{elsewhere, told};
use super::people::{PEOPLE, persona, recorded};
use super::stored::{Made, Stored, done_by_clock, told_by_clock};
use crate::support::app::TestApp;
use crate::support::clocked::run_clock;
use crate::support::seed::run as statement;
use crate::support::situations::{answer, code};
use crate::support::verbs::{Referred, Story, done, text};
use crate::support::world::{World, add_service, gid};
use jiff::SignedDuration;
use passerelle::domain::clock::{Clock as _, date_of};
use passerelle::domain::global_id::{Kind, decode};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A step of a sequence.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Somebody tries something; mostly what may be done now.
    Do { likely: bool, pick: usize, deed: Deed },
    /// Two at once, through two servers.
    Both(usize, usize),
    /// The last command that took effect comes again with its key, with the same input or another.
    Again { is_same: bool },
    /// Hours pass, and mostly the clock does what is due.
    Wait { hours: i64, runs: bool },
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
    made: Made,
    stories: Vec<(Story, String)>,
    before: Stored,
    last: Option<(usize, &'static str, Value)>,
    /// What was done, for whoever reads of a failure.
    done: Vec<String>,
    /// What the clock did, and what was recorded as the person's own.
    pub reached: BTreeSet<&'static str>,
}

impl<'a> Play<'a> {
    /// Cases with a draft each, to a service with few places. Each sequence begins at the same instant, and the clock has
    /// nothing more to do with those before it.
    pub async fn open(servers: &'a Servers, limited: Service, needs: &[&'static str]) -> Self {
        let (app, world) = (&servers.one, &servers.world);
        servers.one.clock.restart();
        servers.two.clock.restart();
        statement(app, "UPDATE referral SET clock_at = NULL", vec![]).await;
        statement(app, "UPDATE service SET offers_free_places = FALSE", vec![]).await;
        let service = add_service(app, world.provider, world.district, limited.total).await;
        let other = add_service(app, world.provider, world.district, None).await;
        let keeps = "UPDATE service SET allows_overbooking = $1, keeps_waiting_list = $2, \
                     holds_places_at_sending = $3, offers_free_places = $4 WHERE id = $5";
        let Service { overbooking, list, slots, offers, .. } = limited;
        let values = [overbooking, list, slots, offers].map(sea_orm::Value::from).into_iter().chain([service.into()]);
        statement(app, keeps, values.collect()).await;
        let manager = persona(app, world, 0);
        let (mut stories, mut made) = (Vec::new(), Made { services: vec![service, other], ..Made::default() });
        for urgency in needs {
            let story = Story::urgent(app, world, &manager, world.provider, urgency).await;
            done(app, &manager, "createReferral", story.draft(service), "").await;
            let query = "query($id: ID!) { case(by: { id: $id }) { consents { id } } }";
            let seen = app.run(&manager, query, json!({ "id": story.case })).await;
            made.needs.push(decode(&story.need).unwrap().1);
            stories.push((story, text(&seen["case"]["consents"][0]["id"])));
        }
        let before = Stored::read(app, &made).await;
        made.referrals.clone_from(&before.keys);
        let model = Model::new(limited, needs, app.app.now());
        Self { servers, model, made, stories, before, last: None, done: Vec::new(), reached: BTreeSet::new() }
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
            Step::Wait { hours, runs } => self.wait(hours, runs).await,
        }
    }

    /// Hours pass. What the clock does then, on either server, is what the model says.
    async fn wait(&mut self, hours: i64, runs: bool) -> Result<(), TestCaseError> {
        let Servers { one, two, world } = self.servers;
        self.done.push(format!("{hours} hours, the clock runs: {runs}"));
        for app in [one, two] {
            app.clock.advance(SignedDuration::from_hours(hours));
        }
        self.model.now += hours * HOUR;
        let today = date_of(one.clock.now()).to_string();
        statement(one, "UPDATE service SET assured_on = $1", vec![today.into()]).await;
        if runs {
            let app = if hours % 2 == 0 { one } else { two };
            prop_assert_eq!(run_clock(app).await.map(|ran| ran.put_off), Some(0), "the clock runs");
            let (swept, at) = (self.model.sweep(), self.model.now);
            let mut written: [Vec<(usize, String)>; 3] = Default::default();
            for (rows, table) in written.iter_mut().zip(["event", "audit", "outbox"]) {
                *rows = done_by_clock(one, &self.made, table, at).await;
            }
            self.done.push(format!("the clock did {:?}", swept.events));
            self.reached.extend(swept.events.iter().map(|(_, event)| *event));
            check::invariant_4_of_the_clock(written, &swept.events)?;
            let told: Vec<(usize, String)> =
                swept.told.iter().map(|(on, kind, who)| (*on, format!("{kind} {who}"))).collect();
            prop_assert_eq!(told_by_clock(one, &self.made, world.provider, at).await, told, "told by the clock");
        }
        self.holds().await
    }

    /// More than a year in which nobody does anything: then nothing waits for nobody.
    pub async fn silence(&mut self) -> Result<(), TestCaseError> {
        for days in [35, 100, 130, 130] {
            self.step(Step::Wait { hours: days * 24, runs: true }).await?;
        }
        check::invariant_10_nothing_waits_for_nobody(&self.servers.one, &self.made).await
    }

    /// One of all that may be done now.
    fn chosen(&self, pick: usize) -> Option<Deed> {
        let mut all = Vec::new();
        // Whatever a command is, it comes up as often as another.
        for what in COMMANDS {
            let every = (0..self.model.referrals.len())
                .flat_map(|on| (0..PEOPLE.len()).flat_map(move |who| [false, true].map(move |other| (on, who, other))));
            let for_person = pick.is_multiple_of(3);
            let deeds = every.map(|(on, who, other)| Deed { who, what, on, other, is_fresh: true, for_person });
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
        let services: Vec<String> = self.made.services.iter().map(|id| gid(Kind::Service, *id)).collect();
        let about = About {
            referral,
            id: &gid(Kind::Referral, self.made.referrals[deed.on]),
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
        let part = self.model.row(deed.who, deed.on, deed.what).ok().map(|(_, part)| part);
        let (counts, committed, before) =
            (Stored::counts(app).await, self.model.committed, self.model.referrals.clone());
        let right = self.model.answer(deed);
        self.done.push(format!("{} {} on {}, other {}: {right}", PEOPLE[deed.who].0, deed.what, deed.on, deed.other));
        let who = persona(app, &self.servers.world, deed.who);
        let given = answer(app, &who, deed.what, input.clone()).await;
        let got = code(&given, deed.what);
        prop_assert_eq!(&got, right, "{:?} by {} on {:?}", deed, PEOPLE[deed.who].0, before[deed.on]);
        let made = self.model.committed - committed;
        let counted = Stored::counts(app).await;
        let more: Vec<i64> = counted.iter().zip(&counts).map(|(now, before)| now - before).collect();
        check::invariant_4_one_event_audit_and_outbox_row(&more, made, got != "ok", &format!("{deed:?} gave {got}"))?;
        if got == "NOT_FOUND" {
            let nothing = answer(app, &who, deed.what, elsewhere(&input)).await;
            check::invariant_7_what_is_not_yours_does_not_exist(&told(&given), &told(&nothing), deed.what)?;
        }
        if got == "ok" {
            self.recorded_as(deed, part, &input).await?;
            self.reached.extend(deed.speaks_for_person().then_some(deed.what));
            self.last = Some((deed.who, deed.what, input));
        }
        self.holds().await
    }

    /// The step stands with the part that was played: the person's, with the way in which they asked, where it was recorded
    /// as theirs.
    async fn recorded_as(&self, deed: Deed, part: Option<&str>, input: &Value) -> Result<(), TestCaseError> {
        let right = match part {
            _ if deed.speaks_for_person() => ("PERSON", Some("PHONE")),
            Some(part) => (recorded(part), None),
            None => return Ok(()),
        };
        let subject =
            ["referralId", "consentId"].iter().find_map(|name| input[name].as_str()).map(|id| decode(id).unwrap().1);
        let Some(subject) = subject else { return Ok(()) };
        let text =
            "SELECT acting_role, channel FROM event WHERE subject_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1";
        let row = &self.servers.one.app.store.rows(text, vec![subject.into(), deed.what.into()]).await.unwrap()[0];
        let (role, channel): (String, Option<String>) =
            (row.try_get("", "acting_role").unwrap(), row.try_get("", "channel").unwrap());
        prop_assert_eq!((role.as_str(), channel.as_deref()), right, "{:?} is recorded", deed);
        Ok(())
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

    /// Two at once, through two servers.
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
        let stored = Stored::read(one, &self.made).await;
        let orders = [(&forth, forth_codes), (&back, back_codes)];
        let is_forth = check::invariant_6_one_of_two_wins([a.as_str(), b.as_str()], orders, &stored)?;
        self.model = if is_forth { forth } else { back };
        self.holds().await
    }

    /// The last key comes again.
    async fn again(&mut self, is_same: bool) -> Result<(), TestCaseError> {
        let Some((who, what, mut input)) = self.last.clone() else { return Ok(()) };
        if !is_same {
            match input.get("expectedVersion").and_then(Value::as_i64) {
                Some(version) => input["expectedVersion"] = json!(version + 7),
                None => {
                    let mut services = self.made.services.iter().map(|id| json!(gid(Kind::Service, *id)));
                    input["serviceId"] = services.find(|service| *service != input["serviceId"]).unwrap();
                }
            }
        }
        let app = &self.servers.one;
        let counts = Stored::counts(app).await;
        let got = code(&answer(app, &persona(app, &self.servers.world, who), what, input).await, what);
        let counted = Stored::counts(app).await;
        check::invariant_5_a_key_has_one_effect(is_same, &got, &[counts, counted], what)?;
        self.holds().await
    }

    /// What is stored is what the model says, and the invariants hold of it.
    async fn holds(&mut self) -> Result<(), TestCaseError> {
        let stored = Stored::read(&self.servers.one, &self.made).await;
        prop_assert!(stored.is(&self.model), "stored\n{:?}\nbut should be\n{:?}", stored, Stored::of(&self.model));
        check::of_a_moment(&stored, &self.before, &self.model)?;
        self.made.referrals.clone_from(&stored.keys);
        self.before = stored;
        Ok(())
    }

    /// At the end of a sequence.
    pub async fn adds_up(&self) -> Result<(), TestCaseError> {
        check::invariant_9_the_counts_add_up(&self.servers.one, &self.made).await
    }
}
