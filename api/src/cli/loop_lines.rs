//! The five steps of the loop as lines for a shell: publish, refer, accept, report, close. Each acts on something that
//! was prepared for it and has a fixed key, so that it works by itself, in any order, and again.

use crate::demo::LoopIds;
use crate::demo::personas::{CASE_MANAGER, DIRECTORY_EDITOR, INTAKE, SERVICE_WORKER};

/// One step.
pub struct Step {
    pub title: &'static str,
    /// Whose token it needs, by the number in the list of personas.
    pub persona: usize,
    /// The document; names in braces stand for what [`VARIABLES`] lists.
    document: &'static str,
}

/// The steps, in the order of the loop.
pub const STEPS: [Step; 5] = [
    Step {
        title: "publish a service",
        persona: DIRECTORY_EDITOR,
        document: "mutation{publishService(input:{idempotencyKey:\"loop-1\",categoryCode:\"SOC.IND.DOCUMENTATION\",\
                   language:\"fr\",name:\"Permanence d’état civil du samedi\",servedAreaIds:[\"{AREA}\"],\
                   capacity:{total:20}}){service{id name}userErrors{message}}}",
    },
    Step {
        title: "refer a person to a service",
        persona: CASE_MANAGER,
        document: "mutation{createReferral(input:{idempotencyKey:\"loop-2\",caseId:\"{CASE}\",needId:\"{NEED}\",\
                   serviceId:\"{SERVICE}\",personInformed:true,send:true}){referral{id status}userErrors{message}}}",
    },
    Step {
        title: "accept a referral",
        persona: INTAKE,
        document: "mutation{acceptReferral(input:{idempotencyKey:\"loop-3\",referralId:\"{TO_ACCEPT}\",\
                   expectedVersion:2}){referral{id status}userErrors{message}}}",
    },
    Step {
        title: "report its outcome",
        persona: SERVICE_WORKER,
        document: "mutation{completeReferral(input:{idempotencyKey:\"loop-4\",referralId:\"{TO_REPORT}\",\
                   expectedVersion:4,serviceOn:\"{DAY}\",outcomes:[{goalId:\"{GOAL}\",result:ACHIEVED}]})\
                   {referral{id status}userErrors{message}}}",
    },
    Step {
        title: "close the loop",
        persona: CASE_MANAGER,
        document: "mutation{closeReferralLoop(input:{idempotencyKey:\"loop-5\",referralId:\"{TO_CLOSE}\",\
                   expectedVersion:5,meaning:MET}){referral{id status loopMeaning}userErrors{message}}}",
    },
];

/// What the documents name in braces, with its value. The environment file sets each under `PASSERELLE_` and the name.
#[must_use]
pub fn values(ids: &LoopIds) -> [(&'static str, &str); 8] {
    [
        ("AREA", &ids.area),
        ("CASE", &ids.case),
        ("NEED", &ids.need),
        ("SERVICE", &ids.service),
        ("TO_ACCEPT", &ids.accept),
        ("TO_REPORT", &ids.report),
        ("GOAL", &ids.goal),
        ("TO_CLOSE", &ids.close),
    ]
}

/// The name of the day in the documents: set apart, because it is no id.
pub const DAY: &str = "DAY";

impl Step {
    /// The line with everything in it: address, token and ids.
    #[must_use]
    pub fn line(&self, address: &str, token: &str, ids: &LoopIds) -> String {
        let mut document = self.document.replace("{DAY}", &ids.made_on);
        for (name, value) in values(ids) {
            document = document.replace(&format!("{{{name}}}"), value);
        }
        let body = body(&document);
        format!(
            "curl -s {address}/graphql -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -d '{body}'"
        )
    }

    /// The line as the README has it: everything that differs from start to start comes from the environment file.
    #[cfg(test)]
    fn readme(&self) -> String {
        let mut body = body(self.document);
        for name in ["AREA", "CASE", "NEED", "SERVICE", "TO_ACCEPT", "TO_REPORT", "GOAL", "TO_CLOSE", DAY] {
            body = body.replace(&format!("{{{name}}}"), &format!("'$PASSERELLE_{name}'"));
        }
        format!(
            ". ./passerelle-demo.env && curl -s \"$PASSERELLE_URL/graphql\" \\\n  \
             -H \"Authorization: Bearer $PASSERELLE_{}\" -H 'Content-Type: application/json' \\\n  -d '{body}'",
            crate::demo::personas::PERSONAS[self.persona].variable
        )
    }
}

/// A document as the body of a request.
fn body(document: &str) -> String {
    serde_json::json!({ "query": document }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> LoopIds {
        let id = |text: &str| text.to_owned();
        LoopIds {
            case: id("C"),
            service: id("S"),
            area: id("A"),
            need: id("N"),
            console_need: id("M"),
            accept: id("R1"),
            report: id("R2"),
            goal: id("G"),
            close: id("R3"),
            made_on: id("2026-11-25"),
        }
    }

    #[test]
    fn no_name_in_braces_is_left_and_quotes_close() {
        let names: Vec<String> =
            values(&ids()).iter().map(|(name, _)| *name).chain([DAY]).map(|name| format!("{{{name}}}")).collect();
        for step in &STEPS {
            for line in [step.line("http://127.0.0.1:1", "T", &ids()), step.readme()] {
                assert!(names.iter().all(|name| !line.contains(name)), "{line}");
                assert_eq!(line.matches('\'').count() % 2, 0, "{line}");
            }
        }
    }

    #[test]
    fn every_document_is_one_of_our_schema() {
        for step in &STEPS {
            let parsed = async_graphql::parser::parse_query(step.document);
            assert!(parsed.is_ok(), "{}", step.document);
        }
    }

    /// Once the README has its markers, it has these lines between them.
    #[test]
    fn the_readme_lists_these_lines() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        let Ok(readme) = std::fs::read_to_string(path) else { return };
        let Some((_, rest)) = readme.split_once("<!-- loop:begin -->") else { return };
        let (listed, _) = rest.split_once("<!-- loop:end -->").unwrap();
        let missing: Vec<String> = STEPS.iter().map(Step::readme).filter(|line| !listed.contains(line)).collect();
        assert!(missing.is_empty(), "the README lacks these lines:\n{}", missing.join("\n\n"));
    }
}
