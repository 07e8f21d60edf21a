//! What people do, each in one line of a story.

use super::app::{Persona, TestApp};
use super::world::{World, gid};
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// A key nobody used before.
pub fn key() -> String {
    Uuid::now_v7().to_string()
}

/// Runs a mutation that must take effect, and gives its payload.
pub async fn done(app: &TestApp, who: &Persona, name: &str, input: Value, select: &str) -> Value {
    let payload = tried(app, who, name, input, select).await;
    assert_eq!(payload["userErrors"], json!([]), "{name}");
    payload
}

/// Runs a mutation and gives its payload, whatever it says.
pub async fn tried(app: &TestApp, who: &Persona, name: &str, input: Value, select: &str) -> Value {
    app.run(who, &document(name, select), json!({ "input": keyed(input) })).await[name].clone()
}

/// Runs a mutation that must be turned down with a rule, and gives its code.
pub async fn rule(app: &TestApp, who: &Persona, name: &str, input: Value) -> String {
    let payload = tried(app, who, name, input, "").await;
    payload["userErrors"][0]["code"].as_str().unwrap_or_else(|| panic!("{name} took effect: {payload}")).to_owned()
}

/// The document of a mutation.
pub fn document(name: &str, select: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!(
        "mutation($input: {}{rest}Input!) {{ {name}(input: $input) {{ {select} userErrors {{ code message field \
         ... on StaleVersionError {{ currentVersion }} ... on WrongStateError {{ currentStatus possible }} \
         ... on IncompleteError {{ missing }} }} }} }}",
        first.to_uppercase()
    )
}

fn keyed(mut input: Value) -> Value {
    if input.get("idempotencyKey").is_none() {
        input["idempotencyKey"] = json!(key());
    }
    input
}

/// A case with one need of two goals and a consent for the provider.
pub struct Story {
    pub case: String,
    pub identifier: String,
    pub need: String,
    pub goals: Vec<String>,
}

impl Story {
    /// The partner opens a case, adds a need and records the consent.
    pub async fn open(app: &TestApp, world: &World) -> Self {
        Self::open_by(app, world, &world.case_manager, world.provider).await
    }

    /// Somebody opens a case, adds a need and records a consent for a receiver.
    pub async fn open_by(app: &TestApp, world: &World, who: &Persona, receiver: Uuid) -> Self {
        Self::urgent(app, world, who, receiver, "ROUTINE").await
    }

    /// The same with a need of an urgency.
    pub async fn urgent(app: &TestApp, world: &World, who: &Persona, receiver: Uuid, urgency: &str) -> Self {
        let input = json!({
            "programId": gid(Kind::Program, world.program), "areaId": gid(Kind::Area, world.district),
            "ageBand": "FROM_25_TO_39", "sex": "FEMALE", "language": "fr",
            "returnFacts": { "voluntariness": "VOLUNTARY", "assistance": "ASSISTED", "hostLegalSituation": "ASYLUM_REFUSED" },
        });
        let opened = done(app, who, "openCase", input, "case { id identifier version }").await;
        let case = opened["case"]["id"].as_str().unwrap().to_owned();
        let input = json!({
            "caseId": case, "expectedVersion": 1, "categoryCode": "ECO.IND.TVET", "dimension": "ECONOMIC",
            "level": "INDIVIDUAL", "urgency": urgency, "delivery": "REFERRAL",
            "goals": ["CANARY-GOAL learn carpentry", "CANARY-GOAL find a first customer"],
        });
        let added = done(app, who, "addNeed", input, "need { id goals { id } }").await;
        let goals = added["need"]["goals"].as_array().unwrap().iter().map(|goal| text(&goal["id"])).collect();
        let input = json!({
            "caseId": case, "expectedVersion": 2, "receiverId": gid(Kind::Organization, receiver),
            "fields": ["CASE_IDENTIFIER", "NEED", "GOALS", "URGENCY", "AGE_BAND", "LANGUAGE", "CONTACT_THROUGH_SENDER"],
            "method": "VERBAL", "language": "fr", "noticeVersion": "2026-1", "givenOn": "2026-11-25",
        });
        done(app, who, "recordConsent", input, "consent { id }").await;
        Self { case, identifier: text(&opened["case"]["identifier"]), need: text(&added["need"]["id"]), goals }
    }

    /// The input that refers this need to a service.
    pub fn referral(&self, service: Uuid) -> Value {
        json!({
            "caseId": self.case, "needId": self.need, "serviceId": gid(Kind::Service, service),
            "background": "CANARY-BACKGROUND worked as an electrician", "personInformed": true, "send": true,
        })
    }

    /// The partner refers, and the referral is sent.
    pub async fn refer(&self, app: &TestApp, world: &World) -> Referred {
        self.refer_to(app, &world.case_manager, world.service).await
    }

    /// Somebody refers this need to a service.
    pub async fn refer_to(&self, app: &TestApp, who: &Persona, service: Uuid) -> Referred {
        let made = done(app, who, "createReferral", self.referral(service), "referral { id version status }").await;
        Referred { id: text(&made["referral"]["id"]), version: made["referral"]["version"].as_i64().unwrap() }
    }

    /// An outcome for every goal.
    pub fn outcomes(&self) -> Value {
        let outcome = |goal: &String| {
            json!({ "goalId": goal, "result": "ACHIEVED", "achievedOn": "2026-11-25", "quantity": 1.5, "unit": "months",
                    "note": "CANARY-NOTE has a workshop" })
        };
        self.goals.iter().map(outcome).collect()
    }
}

/// A referral in the version that was last seen.
#[derive(Debug, Clone)]
pub struct Referred {
    pub id: String,
    pub version: i64,
}

impl Referred {
    /// The input of a command on this version.
    pub fn input(&self, more: Value) -> Value {
        let mut input = json!({ "referralId": self.id, "expectedVersion": self.version });
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            input[name] = value;
        }
        input
    }

    /// Somebody runs a command, which must take effect.
    pub async fn act(&self, app: &TestApp, who: &Persona, command: &str, more: Value) -> Self {
        let payload = done(app, who, command, self.input(more), "referral { id version }").await;
        Self { id: self.id.clone(), version: payload["referral"]["version"].as_i64().unwrap() }
    }

    /// What somebody sees of it.
    pub async fn seen_by(&self, app: &TestApp, who: &Persona, select: &str) -> Value {
        let query = format!("query($id: ID!) {{ referral(by: {{ id: $id }}) {{ {select} }} }}");
        app.run(who, &query, json!({ "id": self.id })).await["referral"].clone()
    }
}

/// A JSON string.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
