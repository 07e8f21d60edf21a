//! Answering what the receiver asked.

use super::held::{move_decision, paused_until};
use super::{Which, choose, go, happening, seal};
use crate::app::App;
use crate::domain::id::ReferralId;
use crate::domain::referral::decision::MAX_QUESTION_TEXT;
use crate::domain::referral::{Command, Status};
use crate::domain::rule::{Detail, Failure, Outcome, Rule, RuleCode, Rules};
use crate::domain::sealed::Private;
use crate::store::decision_writes::OpenQuestion;
use crate::store::referral_writes::Facts;
use crate::usecase::work::{Ask, open as begin};

/// What the sender answers.
#[derive(Debug, Clone)]
pub struct AnswerInfo {
    pub which: Which,
    pub answers: Vec<Answer>,
}

/// An answer to one question.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The question's place in the round, from 1.
    pub position: i32,
    /// 1 to 500 characters.
    pub text: Private<String>,
}

/// What is told of questions that were not answered, by their place.
const UNANSWERED: [&str; 10] = [
    "QUESTION_1",
    "QUESTION_2",
    "QUESTION_3",
    "QUESTION_4",
    "QUESTION_5",
    "QUESTION_6",
    "QUESTION_7",
    "QUESTION_8",
    "QUESTION_9",
    "QUESTION_10",
];

/// The sender answers all that was asked, and the decision clock goes on: its deadline moves by the pause, by seven days
/// at the most. Nothing more is disclosed under a consent that is over, nor under what
/// stood in for one and is over.
///
/// # Errors
/// Those of `choose`; INCOMPLETE with the unanswered questions; NOT_FOUND for one that was not asked; CONSENT_MISSING.
pub async fn answer_info(app: &App, ask: Ask<'_>, input: AnswerInfo) -> Outcome<ReferralId> {
    let work = begin!(app, ask);
    check(&input)?;
    let chosen = choose(&work, input.which, Command::AnswerInfo).await?;
    let referral = &chosen.referral;
    let open = work.tx.open_questions(referral.id).await?;
    check_all(&open, &input.answers)?;
    if work.tx.ground_is_over(referral.id, &app.today(), work.deed.now).await? {
        return Err(Rule::at("referralId", RuleCode::ConsentMissing).into());
    }
    let now = work.deed.now;
    let facts = paused_until(referral, Facts::default(), now);
    go(&work, &chosen, Status::Acknowledged, move_decision(referral, facts, referral.running_pause(now))).await?;
    for question in open {
        let answer = input.answers.iter().find(|answer| answer.position == question.position);
        let text = answer.map(|answer| &answer.text);
        if let Some(sealed) = seal(&work, "referral_question", "answer_sealed", question.id, text)? {
            work.tx.answer_question(question.id, &sealed, now);
        }
    }
    work.record(&happening(&chosen, Status::Acknowledged, None)).await?;
    work.commit(referral.id).await
}

fn check(input: &AnswerInfo) -> Outcome<()> {
    let mut rules = Rules::default();
    for (at, answer) in input.answers.iter().enumerate() {
        rules.text(&format!("answers.{at}.text"), answer.text.expose(), 1, MAX_QUESTION_TEXT);
        let twice = input.answers[..at].iter().any(|earlier| earlier.position == answer.position);
        rules.check(!twice, &format!("answers.{at}.number"), RuleCode::Invalid);
    }
    rules.settle()
}

/// An answer for every question, and no other.
fn check_all(open: &[OpenQuestion], answers: &[Answer]) -> Result<(), Failure> {
    let mut rules = Rules::default();
    for (at, answer) in answers.iter().enumerate() {
        let asked = open.iter().any(|question| question.position == answer.position);
        rules.check(asked, &format!("answers.{at}.number"), RuleCode::NotFound);
    }
    rules.settle()?;
    let unanswered = |question: &&OpenQuestion| answers.iter().all(|answer| answer.position != question.position);
    let name = |question: &OpenQuestion| usize::try_from(question.position - 1).ok().and_then(|at| UNANSWERED.get(at));
    let missing: Vec<&'static str> = open.iter().filter(unanswered).filter_map(name).copied().collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Rule::at("answers", RuleCode::Incomplete).with(Detail::Missing(missing)).into())
    }
}
