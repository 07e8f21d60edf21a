//! Situations of who may get in for the partner.

use super::{Row, Stage};
use crate::support::verbs::done;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

/// The mutations on members and applications.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "addClient",
        situation: "of the asker's own organization",
        prepare: |_| async { json!({ "name": "Case system", "scopes": ["SERVICES_WRITE"] }) }.boxed_local(),
    },
    Row {
        mutation: "changeClientScopes",
        situation: "of the partner",
        prepare: |stage| {
            async { stage.application(json!({ "scopes": ["CASES_READ", "REFERRALS_READ"] })).await.0 }.boxed_local()
        },
    },
    Row {
        mutation: "rotateClientSecret",
        situation: "of the partner",
        prepare: |stage| async { stage.application(json!({})).await.0 }.boxed_local(),
    },
    Row {
        mutation: "endClientSecret",
        situation: "of the partner",
        prepare: |stage| {
            async {
                let (input, secret) = stage.application(json!({})).await;
                json!({ "clientId": input["clientId"], "secretId": secret })
            }
            .boxed_local()
        },
    },
    Row {
        mutation: "endClient",
        situation: "of the partner",
        prepare: |stage| async { stage.application(json!({})).await.0 }.boxed_local(),
    },
    Row {
        mutation: "addMember",
        situation: "of the asker's own organization",
        prepare: |_| async { json!({ "name": "New", "roles": [{ "role": "DIRECTORY_EDITOR" }] }) }.boxed_local(),
    },
    Row {
        mutation: "inviteMember",
        situation: "of the partner",
        prepare: |stage| async { stage.colleague(json!({})).await }.boxed_local(),
    },
    Row {
        mutation: "changeMemberRoles",
        situation: "of the partner",
        prepare: |stage| async { stage.colleague(json!({ "roles": [{ "role": "INTAKE" }] })).await }.boxed_local(),
    },
    Row {
        mutation: "endMember",
        situation: "of the partner",
        prepare: |stage| async { stage.colleague(json!({})).await }.boxed_local(),
    },
];

impl Stage<'_> {
    /// The input of a change of an application that the partner has just added, and the id of its secret.
    async fn application(&self, more: Value) -> (Value, Value) {
        let input = json!({ "name": "Case system", "scopes": ["CASES_READ", "CASES_WRITE"] });
        let select = "client { id version secrets { secretId } }";
        let made = done(self.app, &self.world.administrator, "addClient", input, select).await;
        let client = &made["client"];
        let input = json!({ "clientId": client["id"], "expectedVersion": client["version"] });
        (with(input, more), client["secrets"][0]["secretId"].clone())
    }

    /// The input of a change of a member whom the partner has just added.
    async fn colleague(&self, more: Value) -> Value {
        let input = json!({ "name": "Colleague", "roles": [{ "role": "CASE_MANAGER" }, { "role": "INTAKE" }] });
        let made = done(self.app, &self.world.administrator, "addMember", input, "member { id version }").await;
        let input = json!({ "memberId": made["member"]["id"], "expectedVersion": made["member"]["version"] });
        with(input, more)
    }
}

fn with(mut input: Value, more: Value) -> Value {
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        input[name] = value;
    }
    input
}
