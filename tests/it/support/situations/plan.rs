//! Situations of plans, direct services and community activities.

use super::{Row, Stage};
use crate::support::app::TestApp;
use crate::support::verbs::{Story, done, text};
use crate::support::world::{World, gid};
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of plans, direct services and community activities.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "draftPlan",
        situation: "for the partner's case, sent to the provider",
        prepare: |stage| async { drafting(&stage.sent().await.0, 3) }.boxed_local(),
    },
    Row {
        mutation: "agreePlan",
        situation: "of the partner's case",
        prepare: |stage| async { agreeing(&stage.drafted().await.1) }.boxed_local(),
    },
    Row {
        mutation: "activatePlan",
        situation: "of the partner's case",
        prepare: |stage| async { stage.agreed().await.1.input(json!({})) }.boxed_local(),
    },
    Row {
        mutation: "updatePlanItem",
        situation: "of the partner's case",
        prepare: |stage| {
            async {
                let (_, plan) = stage.active().await;
                json!({ "planItemId": plan.items[0], "expectedVersion": plan.version, "status": "IN_PROGRESS" })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "moveCase",
        situation: "of the partner, sent to the provider",
        prepare: |stage| {
            async { json!({ "caseId": stage.sent().await.0.case, "expectedVersion": 3, "to": "ASSESSING" }) }
                .boxed_local()
        },
    },
    Row {
        mutation: "updateNeed",
        situation: "of the partner's case, sent to the provider",
        prepare: |stage| async { on_need(&stage.sent().await.0, json!({ "urgency": "URGENT" })) }.boxed_local(),
    },
    Row {
        mutation: "withdrawNeed",
        situation: "of the partner's case",
        prepare: |stage| async { on_need(&stage.story().await, json!({})) }.boxed_local(),
    },
    Row {
        mutation: "reopenNeed",
        situation: "of the partner's case",
        prepare: |stage| {
            async {
                let story = stage.story().await;
                let withdrawal = on_need(&story, json!({}));
                done(stage.app, &stage.world.case_manager, "withdrawNeed", withdrawal, "").await;
                on_need(&story, json!({ "expectedVersion": 2 }))
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "recordDirectService",
        situation: "in the partner's case, sent to the provider",
        prepare: |stage| async { helping(&stage.sent().await.0) }.boxed_local(),
    },
    Row {
        mutation: "recordContact",
        situation: "in the partner's case, sent to the provider",
        prepare: |stage| async { telling(stage, &stage.sent().await.0, 3) }.boxed_local(),
    },
    Row {
        mutation: "registerActivity",
        situation: "of the asker's own",
        prepare: |stage| async { project(stage.world) }.boxed_local(),
    },
    Row {
        mutation: "reportActivity",
        situation: "of the municipality",
        prepare: |stage| {
            async {
                let world = stage.world;
                let select = "activity { id }";
                let made = done(stage.app, &world.editor, "registerActivity", project(world), select).await;
                json!({ "activityId": made["activity"]["id"], "expectedVersion": 1, "returnees": 3, "nonReturnees": 9,
                        "outcome": "The well gives water" })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "registerCommunityNeed",
        situation: "of the asker's own",
        prepare: |stage| async { wanting(stage.world) }.boxed_local(),
    },
    Row {
        mutation: "updateCommunityNeed",
        situation: "of the municipality",
        prepare: |stage| {
            async {
                let world = stage.world;
                let select = "communityNeed { id }";
                let made = done(stage.app, &world.editor, "registerCommunityNeed", wanting(world), select).await;
                json!({ "communityNeedId": made["communityNeed"]["id"], "expectedVersion": 1, "status": "MET" })
            }
            .boxed_local()
        },
    },
];

/// A version of a plan as it was last seen.
#[derive(Debug, Clone)]
pub struct Planned {
    pub id: String,
    pub version: i64,
    pub items: Vec<String>,
}

impl Planned {
    fn of(payload: &Value) -> Self {
        let plan = &payload["plan"];
        let items = plan["items"].as_array().unwrap().iter().map(|item| text(&item["id"])).collect();
        Self { id: text(&plan["id"]), version: plan["version"].as_i64().unwrap(), items }
    }

    /// The input of a command on this version.
    pub fn input(&self, more: Value) -> Value {
        let mut input = json!({ "planId": self.id, "expectedVersion": self.version });
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            input[name] = value;
        }
        input
    }

    /// The case manager runs a command on a plan, which must take effect.
    pub async fn made(app: &TestApp, world: &World, command: &str, input: Value) -> Self {
        let select = "plan { id version items { id } }";
        Self::of(&done(app, &world.case_manager, command, input, select).await)
    }
}

/// A plan with one economic item by referral.
pub fn drafting(story: &Story, version: i64) -> Value {
    json!({ "caseId": story.case, "expectedVersion": version, "items": [{ "needId": story.need,
            "goal": "CANARY-GOAL live from my own work", "deliveryMode": "REFERRAL", "dueBy": "2027-03-31",
            "budget": { "amount": "1500.50", "currency": "XOF" } }] })
}

/// The person's agreement to a draft.
pub fn agreeing(plan: &Planned) -> Value {
    plan.input(json!({ "agreedOn": "2026-11-25", "method": "VERBAL", "participants": ["PERSON", "CASE_MANAGER"] }))
}

/// Help given directly, with an outcome for every goal.
pub fn helping(story: &Story) -> Value {
    json!({ "caseId": story.case, "needId": story.need, "deliveredOn": "2026-11-25", "outcomes": story.outcomes(),
            "meaning": "PARTLY_MET", "note": "CANARY-NOTE came twice" })
}

/// A person put in touch with the provider's service, by hand.
pub fn telling(stage: &Stage<'_>, story: &Story, version: i64) -> Value {
    json!({ "caseId": story.case, "expectedVersion": version, "needId": story.need,
            "serviceId": gid(Kind::Service, stage.service), "kind": "REDIRECTION", "passed": ["NAME", "PHONE"],
            "personAgreed": true, "madeOn": "2026-11-25" })
}

/// A change of the story's need in its first version.
pub fn on_need(story: &Story, more: Value) -> Value {
    let mut input = json!({ "caseId": story.case, "needId": story.need, "expectedVersion": 1 });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        input[name] = value;
    }
    input
}

/// A project of a community, which has no case.
pub fn project(world: &World) -> Value {
    json!({ "categoryCode": "SOC.COM.INFRASTRUCTURE", "areaId": gid(Kind::Area, world.district), "name": "A well",
            "description": "Dug together", "startsOn": "2026-12-01", "plannedParticipants": 20 })
}

/// What a community needs.
pub fn wanting(world: &World) -> Value {
    json!({ "categoryCode": "PSY.COM.STIGMA_REDUCTION", "areaId": gid(Kind::Area, world.district), "urgency": "ROUTINE",
            "description": "People who return are met with distrust" })
}

impl Stage<'_> {
    /// A draft of a plan.
    pub async fn drafted(&self) -> (Story, Planned) {
        let story = self.story().await;
        let plan = Planned::made(self.app, self.world, "draftPlan", drafting(&story, 3)).await;
        (story, plan)
    }

    /// A plan to which the person agreed.
    pub async fn agreed(&self) -> (Story, Planned) {
        let (story, plan) = self.drafted().await;
        let plan = Planned::made(self.app, self.world, "agreePlan", agreeing(&plan)).await;
        (story, plan)
    }

    /// A plan that is followed.
    pub async fn active(&self) -> (Story, Planned) {
        let (story, plan) = self.agreed().await;
        let plan = Planned::made(self.app, self.world, "activatePlan", plan.input(json!({}))).await;
        (story, plan)
    }
}
