//! What GraphiQL offers in the demonstration: the personas, and one loop as seven tabs, each using what the one before
//! it answered. Keys are made new with each load of the page.

use serde_json::{Value, json};

use super::welcome::Bearer;
use crate::demo::LoopIds;
use crate::demo::personas::{CASE_MANAGER, DIRECTORY_EDITOR, INTAKE, PERSONAS, SERVICE_WORKER};

const PUBLISH: &str = "# The municipality's directory editor puts a new service into the directory.
mutation Publish($input: PublishServiceInput!) {
  publishService(input: $input) {
    service { id name visibility }
    userErrors { code field message }
  }
}
";

const REFER: &str = "# A partner's case manager refers a person to it, with the person's consent.
mutation Refer($input: CreateReferralInput!) {
  createReferral(input: $input) {
    referral { id status version goals { goalId } }
    userErrors { code field message }
  }
}
";

const ASK: &str = "# The municipality's intake asks something before it decides; the time to decide stands still.
mutation Ask($input: RequestReferralInfoInput!) {
  requestReferralInfo(input: $input) {
    referral { id status version isPaused infoRequests { number question } }
    userErrors { code field message }
  }
}
";

const ANSWER: &str = "# The case manager answers. The answer tells what you can do now, and why not the rest.
mutation Answer($input: AnswerReferralInfoInput!) {
  answerReferralInfo(input: $input) {
    referral { id status version infoRequests { question answer } availableActions { mutation isAvailable unavailableBecause } }
    userErrors { code field message }
  }
}
";

const ACCEPT: &str = "# The municipality's intake takes the person on.
mutation Accept($input: AcceptReferralInput!) {
  acceptReferral(input: $input) {
    referral { id status version }
    userErrors { code field message }
  }
}
";

const REPORT: &str = "# The service worker reports first contact, delivery and an outcome for every goal.
mutation Report($input: CompleteReferralInput!) {
  completeReferral(input: $input) {
    referral { id status version }
    userErrors { code field message }
  }
}
";

const CLOSE: &str = "# The case manager says what the result means for the person's need. The loop is closed.
mutation Close($input: CloseReferralLoopInput!) {
  closeReferralLoop(input: $input) {
    referral { id status loopMeaning }
    userErrors { code field message }
  }
}
";

/// The page's data; see [`crate::http::graphiql::DemoConsole`].
#[must_use]
pub fn console(bearers: &[Bearer], ids: &LoopIds, today: &str) -> Value {
    json!({
        "demo": true,
        "personas": personas(bearers),
        "tabs": [
            tab("Publish", DIRECTORY_EDITOR, PUBLISH, json!({
                "categoryCode": "SOC.IND.DOCUMENTATION", "language": "fr",
                "name": "Accompagnement aux démarches d’état civil",
                "description": "Un agent accompagne la personne à chaque guichet.",
                "servedAreaIds": [ids.area], "capacity": { "total": 5 },
            })),
            tab("Refer", CASE_MANAGER, REFER, json!({
                "caseId": ids.case, "needId": ids.console_need,
                "serviceId": "{{Publish.publishService.service.id}}", "personInformed": true, "send": true,
            })),
            tab("Ask", INTAKE, ASK, of_referral("Refer.createReferral", json!({
                "questions": ["La personne peut-elle venir le matin ?"],
            }))),
            tab("Answer", CASE_MANAGER, ANSWER, of_referral("Ask.requestReferralInfo", json!({
                "answers": [{ "number": 1, "text": "Oui, sauf le vendredi." }],
            }))),
            tab("Accept", INTAKE, ACCEPT, of_referral("Answer.answerReferralInfo", json!({}))),
            tab("Report", SERVICE_WORKER, REPORT, of_referral("Accept.acceptReferral", json!({
                "firstContactOn": today, "serviceOn": today,
                "outcomes": [{ "goalId": "{{Refer.createReferral.referral.goals.0.goalId}}", "result": "PARTLY" }],
            }))),
            // The need stays open, so that the loop can be walked again.
            tab("Close", CASE_MANAGER, CLOSE, of_referral("Report.completeReferral", json!({ "meaning": "PARTLY_MET" }))),
        ],
    })
}

/// The personas with their tokens.
#[must_use]
pub fn personas(bearers: &[Bearer]) -> Value {
    bearers
        .iter()
        .map(|bearer| {
            json!({
                "name": bearer.persona.name, "organization": bearer.organization(), "kinds": bearer.kinds(),
                "roles": bearer.rights(), "token": bearer.token,
            })
        })
        .collect()
}

fn tab(title: &str, persona: usize, query: &str, mut input: Value) -> Value {
    input["idempotencyKey"] = "{{Page.id}}".into();
    json!({ "title": title, "persona": PERSONAS[persona].name, "query": query, "variables": { "input": input } })
}

/// The input of a command on the referral that an earlier tab answered.
fn of_referral(answer: &str, mut input: Value) -> Value {
    input["referralId"] = format!("{{{{{answer}.referral.id}}}}").into();
    input["expectedVersion"] = format!("{{{{{answer}.referral.version}}}}").into();
    input
}
