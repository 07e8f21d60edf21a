//! Asking the sender something before deciding.

use super::{Which, choose, go, happening};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::decision::{LONGEST_PAUSE, MAX_QUESTION_TEXT, MOST_QUESTIONS};
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::decision_writes::NewQuestion;
use crate::store::referral_writes::Facts;
use crate::store::sealing::Place;
use crate::usecase::work::{Ask, open as begin};
use uuid::Uuid;

/// What the receiver asks.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    pub which: Which,
    /// 1 to 10, each of 1 to 500 characters.
    pub questions: Vec<Private<String>>,
}

/// The receiver asks the sender something. The decision clock stands still until the answer, for seven days at the
/// most, and no more than twice for one referral.
///
/// # Errors
/// Those of `choose`; REQUIRED, TOO_LONG; ASKED_TOO_OFTEN the third time.
pub async fn request_info(app: &App, ask: Ask<'_>, input: RequestInfo) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input)?;
    let chosen = choose(&work, input.which, Command::RequestInfo).await?;
    let referral = &chosen.referral;
    if referral.was_asked_enough() {
        return Err(Rule::at("referralId", RuleCode::AskedTooOften).into());
    }
    let (round, now) = (referral.info_rounds + 1, work.deed.now);
    let facts = Facts::default()
        .set("info_asked_at", now)
        .set("info_rounds", round)
        // Who asks has it: an answer leads back to ACKNOWLEDGED.
        .set("acknowledged_at", referral.times.acknowledged_at.or(Some(now)))
        .due(Some(now + LONGEST_PAUSE));
    go(&work, &chosen, Status::InfoRequested, facts).await?;
    work.tx.add_questions(referral.id, round, sealed(app, &input.questions)?, now).await?;
    work.record(&happening(&chosen, Status::InfoRequested, None)).await?;
    work.commit(referral.id).await
}

fn check(input: &RequestInfo) -> Outcome<()> {
    let mut rules = Rules::default();
    rules.check(!input.questions.is_empty(), "questions", RuleCode::Required);
    rules.check(input.questions.len() <= MOST_QUESTIONS, "questions", RuleCode::TooLong);
    for (at, question) in input.questions.iter().enumerate() {
        rules.text(&format!("questions.{at}"), question.expose(), 1, MAX_QUESTION_TEXT);
    }
    rules.settle()
}

fn sealed(app: &App, questions: &[Private<String>]) -> Result<Vec<NewQuestion>, Fault> {
    let sealed = |(position, question): (i32, &Private<String>)| {
        let id = Uuid::now_v7();
        let place = Place { table: "referral_question", column: "question_sealed", row: id };
        let text = app.sealer.seal(place, question.expose())?.as_stored().to_owned();
        Ok(NewQuestion { id, position, text })
    };
    (1_i32..).zip(questions).map(sealed).collect()
}
