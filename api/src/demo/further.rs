//! What else befalls referrals: questions, waiting lists, parts, redirections, interruptions, early ends, cancellations,
//! disputes, and a record that should not exist. A few short stories between the partner and the institute, each lived
//! through by the use cases, so that every state that people lead to is there to look at.

use super::cast::Post;
use super::organizations::{INSTITUTE, LEAD, PARTNER};
use super::stage::{Placed, Stage, found};
use super::stories::{Act, OF_ONE_CASE, STORIES, name};
use super::walk::CaseState;
use super::written::{add_need, agree, complete, plain, results, start};
use super::{DAY, HOUR, texts};
use crate::domain::actor::Actor;
use crate::domain::case::{AgeBand, ConsentMethod, Sex, Urgency};
use crate::domain::clock::date_of;
use crate::domain::id::NeedId;
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::referral::course::{DisputeAbout, VoidReason};
use crate::domain::referral::{GoalResult, Reason};
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::usecase::case::{self, Open};
use crate::usecase::referral::{self, Which};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// A referral in a story.
struct Thread<'s, 'a> {
    stage: &'s Stage<'a>,
    case: CaseState,
    need: NeedId,
    service: Placed,
    which: Which,
}

/// Lives through the stories.
///
/// # Errors
/// What a use case refuses.
pub async fn further(stage: &Stage<'_>) -> Outcome<()> {
    let training = |area: usize| {
        let mut trainings =
            stage.services.iter().filter(|one| one.offer.organization == INSTITUTE && one.offer.category == TRAINING);
        found(trainings.nth(area).copied(), "service")
    };
    for (number, stories) in (0_i64..).zip(STORIES.chunks(OF_ONE_CASE)) {
        stage.ago(13 * DAY - number * HOUR);
        let manager = stage.actor(PARTNER, Post::Cases)?;
        let mut case = open(stage, manager).await?;
        agree(&stage.hand, manager, case, stage.organizations[INSTITUTE], ConsentMethod::Verbal).await?;
        case.version += 1;
        let mut needs = Vec::with_capacity(stories.len());
        for _ in stories {
            let goals = texts::goals(TRAINING);
            needs.push(add_need(&stage.hand, manager, case, TRAINING, Urgency::Routine, goals).await?);
            case.version += 1;
        }
        for (story, need) in stories.iter().zip(needs) {
            live(stage, (case, need), (training(0)?, training(1)?), story).await?;
        }
    }
    Ok(())
}

const TRAINING: &str = "ECO.IND.TVET";

async fn open(stage: &Stage<'_>, manager: &Actor) -> Outcome<CaseState> {
    let input = Open {
        program: stage.programs[0],
        // Its trainings are given far apart: only the country is known.
        area: Some(stage.areas[0]),
        age_band: Some(AgeBand::From18To24),
        sex: Some(Sex::Male),
        language: Some("wo".into()),
        return_facts: None,
    };
    let mut key = String::new();
    let id = case::open(stage.app, stage.ask(manager, "openCase", &mut key), input).await?;
    Ok(CaseState { id, version: 1 })
}

async fn live(
    stage: &Stage<'_>,
    (case, need): (CaseState, NeedId),
    (service, other): (Placed, Placed),
    story: &[(i64, Act)],
) -> Outcome<()> {
    stage.ago(11 * DAY);
    let mut key = String::new();
    let ask = stage.ask(stage.actor(PARTNER, Post::Cases)?, "createReferral", &mut key);
    let referral = referral::create(stage.app, ask, plain(case.id, need, service.id, true)).await?;
    let which = Which { referral, expected_version: 2 };
    let mut thread = Thread { stage, case, need, service: other, which };
    for (hours, act) in story {
        stage.ago(hours * HOUR);
        thread.act(*act).await?;
        thread.which.expected_version += 1;
    }
    Ok(())
}

impl Thread<'_, '_> {
    async fn act(&self, act: Act) -> Outcome<()> {
        match act {
            Act::Ask | Act::Accept | Act::AcceptPartly | Act::Waitlist | Act::Decline | Act::Redirect => {
                self.decide(act).await
            }
            Act::Offer | Act::Take | Act::Object | Act::AskToVoid | Act::Void => self.lead(act).await,
            Act::Answer | Act::AskToStop | Act::Dispute | Act::TryAgain => self.send(act).await,
            _ => self.serve(act).await,
        }
    }

    /// The receiver's intake.
    async fn decide(&self, act: Act) -> Outcome<()> {
        let (app, which, mut key) = (self.stage.app, self.which, String::new());
        let actor = self.stage.actor(INSTITUTE, Post::Intake)?;
        let ask = self.stage.ask(actor, name(act), &mut key);
        let done = match act {
            Act::Ask => {
                let questions = texts::QUESTIONS.iter().map(|text| written(text)).collect();
                referral::request_info(app, ask, referral::RequestInfo { which, questions }).await
            }
            Act::Accept => referral::accept(app, ask, which, None).await,
            Act::AcceptPartly => {
                let seen = referral::after(app, &Sight::of(actor), which.referral, &Parts::All).await?;
                let taken = found(seen, "referral")?.goals.first().map(|goal| goal.id).into_iter().collect();
                referral::accept_partly(app, ask, referral::AcceptPartly { which, taken }).await
            }
            Act::Waitlist => {
                let expected_on = Some(self.in_days(20));
                referral::waitlist(app, ask, referral::Waitlist { which, expected_on, review_on: None }).await
            }
            Act::Redirect => {
                let (service, reason) = (self.service.id, Reason::WrongService);
                referral::redirect(
                    app,
                    ask,
                    referral::Redirect { which, service, reason, note: None, cited: referral::Cited::default() },
                )
                .await
            }
            _ => {
                referral::decline(
                    app,
                    ask,
                    referral::Decline {
                        which,
                        reason: Reason::NoCapacity,
                        note: None,
                        cited: referral::Cited::default(),
                    },
                )
                .await
            }
        };
        done.map(drop)
    }

    /// Supervisors and the coordinator, and the person who is offered a place.
    async fn lead(&self, act: Act) -> Outcome<()> {
        let (app, which, mut key) = (self.stage.app, self.which, String::new());
        let (organization, post) = match act {
            Act::Take => (PARTNER, Post::Cases),
            Act::AskToVoid => (PARTNER, Post::Supervision),
            Act::Void => (LEAD, Post::Coordination),
            _ => (INSTITUTE, Post::Supervision),
        };
        let ask = self.stage.ask(self.stage.actor(organization, post)?, name(act), &mut key);
        let done = match act {
            Act::Offer => referral::offer_place(app, ask, referral::OfferPlace { which, out_of_order: None }).await,
            Act::Take => referral::take_offer(app, ask, referral::TakeOffer { which, channel: None }).await,
            Act::Object => {
                let statement = written(texts::GOES_ON);
                referral::contest_cancellation(app, ask, referral::ContestCancellation { which, statement }).await
            }
            _ => referral::void(app, ask, referral::Void { which, reason: VoidReason::TestRecord }).await,
        };
        done.map(drop)
    }

    /// The sender's case manager.
    async fn send(&self, act: Act) -> Outcome<()> {
        let (app, which, mut key) = (self.stage.app, self.which, String::new());
        let ask = self.stage.ask(self.stage.actor(PARTNER, Post::Cases)?, name(act), &mut key);
        let done = match act {
            Act::Answer => {
                let one = |(position, text): (i32, &&str)| referral::Answer { position, text: written(text) };
                let answers = (1..).zip(texts::ANSWERS.iter()).map(one).collect();
                referral::answer_info(app, ask, referral::AnswerInfo { which, answers }).await
            }
            Act::AskToStop => {
                let (reason, note, channel) = (Reason::PersonMoved, Some(written(texts::MOVES)), None);
                let input = referral::RequestCancellation { which, reason, note, channel };
                referral::request_cancellation(app, ask, input).await
            }
            Act::Dispute => {
                let (about, note) = (DisputeAbout::NotAsReported, Some(written(texts::DISPUTED)));
                let input = referral::DisputeOutcome { which, about, note, channel: None };
                referral::dispute_outcome(app, ask, input).await
            }
            _ => {
                let next = plain(self.case.id, self.need, self.service.id, true);
                let next = referral::Create { previous: Some(which.referral), ..next };
                referral::create(app, ask, next).await
            }
        };
        done.map(drop)
    }

    /// The receiver's worker.
    async fn serve(&self, act: Act) -> Outcome<()> {
        let (app, which, mut key) = (self.stage.app, self.which, String::new());
        let worker = self.stage.actor(INSTITUTE, Post::Worker)?;
        let ask = self.stage.ask(worker, name(act), &mut key);
        let done = match act {
            Act::Start => return start(&self.stage.hand, worker, which).await,
            Act::Report => return complete(&self.stage.hand, worker, which, GoalResult::Achieved, None).await,
            Act::Hold => {
                let (reason, review_on) = (Reason::PersonUnreachable, self.in_days(20).to_string());
                let input = referral::Hold { which, reason, note: Some(written(texts::AWAY)), review_on };
                referral::hold(app, ask, input).await
            }
            Act::Resume => referral::resume(app, ask, which).await,
            Act::Progress(done) => {
                let note = Some(written(texts::PROGRESS));
                let input = referral::ReportProgress { which, done, planned: Some(10), note, planned_end_on: None };
                referral::report_progress(app, ask, input).await
            }
            Act::EndEarly => {
                let outcomes = results(&self.stage.hand, worker, which, GoalResult::Partly, None).await?;
                let input = referral::EndEarly { which, reason: Reason::PersonMoved, note: None, outcomes };
                referral::end_early(app, ask, input).await
            }
            _ => {
                let input = referral::ConfirmCancellation { which, outcomes: Vec::new(), nothing_delivered: true };
                referral::confirm_cancellation(app, ask, input).await
            }
        };
        done.map(drop)
    }

    /// So many days after the step's own day.
    fn in_days(&self, days: i64) -> Date {
        date_of(self.stage.app.clock.now()).saturating_add(days.days())
    }
}

fn written(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}
