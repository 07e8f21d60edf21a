//! Does the commands of imports through the schema itself: each line is one command of an envelope, as a device would have
//! queued it, with the same rights, the same keys and the same answers.

use crate::domain::actor::Actor;
use crate::domain::rule::Fault;
use crate::graphql::bulk_rows::Rows;
use crate::graphql::envelope::EnvelopeCommandInput;
use crate::usecase::bulk::Doer;
use async_graphql::{InputType, Request, Value, Variables};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::json;

/// What is told of each line.
const RESULT: &str = "mutation outcome explanation isRepeat landedAt referral { id version status } parkedCommandId \
    userErrors { code field message }";

impl Doer for Rows {
    fn done<'a>(
        &'a self,
        actor: &'a Actor,
        request: &'a str,
        lines: &'a [Vec<u8>],
        first: i64,
    ) -> BoxFuture<'a, Result<Vec<String>, Fault>> {
        self.land(actor, request, lines, first).boxed()
    }
}

impl Rows {
    async fn land(&self, actor: &Actor, request: &str, lines: &[Vec<u8>], first: i64) -> Result<Vec<String>, Fault> {
        let commands: Vec<Option<Value>> = lines.iter().map(|line| command(line)).collect();
        let known: Vec<Value> = commands.iter().flatten().cloned().collect();
        let mut results =
            if known.is_empty() { Vec::new() } else { self.envelope(actor, request, known, first).await? };
        results.reverse();
        let number = |at: usize| first + i64::try_from(at).unwrap_or(i64::MAX);
        let told = |(at, command): (usize, &Option<Value>)| match command {
            None => Ok(json!({ "line": number(at), "outcome": "UNREADABLE" }).to_string()),
            Some(_) => {
                let result = results.pop().ok_or_else(|| Fault::Store("a command was not answered".into()))?;
                Ok(json!({ "line": number(at), "result": result }).to_string())
            }
        };
        commands.iter().enumerate().map(told).collect()
    }

    /// The results of an envelope. Its key is that of its first line, so that the same lines are the same envelope.
    async fn envelope(
        &self,
        actor: &Actor,
        request: &str,
        commands: Vec<Value>,
        first: i64,
    ) -> Result<Vec<serde_json::Value>, Fault> {
        let document = format!(
            "mutation($input: SubmitEnvelopeInput!) {{ done: submitEnvelope(input: $input) {{ \
             results {{ {RESULT} }} userErrors {{ code }} }} }}"
        );
        let key = format!("{request}-{first}-{}", commands.len());
        let input = json!({ "idempotencyKey": key, "deviceId": "bulk", "commands": commands });
        let variables = Variables::from_json(json!({ "input": input }));
        let answer = self.executed(actor, request, Request::new(document).variables(variables)).await?;
        let failed = |what: &str| Fault::Unavailable(format!("an envelope of an import was not done: {what}"));
        if let Some(error) = answer.errors.first() {
            let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            return Err(failed(&code.map(ToString::to_string).unwrap_or_default()));
        }
        let data = answer.data.into_json().map_err(|_| failed("its answer does not read"))?;
        let results = data["done"]["results"].as_array().cloned();
        results.ok_or_else(|| failed(data["done"]["userErrors"][0]["code"].as_str().unwrap_or_default()))
    }
}

/// The command of a line, if it is one.
fn command(line: &[u8]) -> Option<Value> {
    let json: serde_json::Value = serde_json::from_slice(line).ok()?;
    let value = Value::from_json(json).ok()?;
    <EnvelopeCommandInput as InputType>::parse(Some(value.clone())).ok()?;
    Some(value)
}
