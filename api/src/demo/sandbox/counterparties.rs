//! The counterparties at work: each looks into its inbox and takes one step with every referral.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::manner::{Act, Manner};
use super::repeating::Sender;
use super::{CAST, POSTS, actor};
use crate::app::App;
use crate::demo::stage::{Hand, again};
use crate::demo::written::{complete, start};
use crate::domain::actor::Actor;
use crate::domain::page::Window;
use crate::domain::policy::Sight;
use crate::domain::referral::{GoalResult, Reason, Referral, Status};
use crate::domain::rule::{Failure, Fault, Outcome};
use crate::usecase::referral::{self, Cited, Decline, Direction, ReferralFilter, Which};

/// How many referrals a counterparty looks at in one round.
const MOST: usize = 50;

/// A counterparty with the members who act for it.
struct Bot {
    manner: Manner,
    intake: Actor,
    worker: Actor,
}

/// All counterparties of a demonstration.
pub struct Counterparties {
    bots: Vec<Bot>,
    sender: Option<Sender>,
}

impl Counterparties {
    /// Those that the demonstration remembers; none where it was made without them.
    #[must_use]
    pub fn read(marks: &BTreeMap<String, Uuid>) -> Self {
        let [intake, worker, _] = POSTS;
        let bot = |(number, name, manner): &(usize, &str, Manner)| {
            let who = |post| actor(marks, (*number, name), post);
            Some(Bot { manner: *manner, intake: who(intake)?, worker: who(worker)? })
        };
        Self { bots: CAST.iter().filter_map(bot).collect(), sender: Sender::read(marks) }
    }

    /// One round: one step with each referral that waits for a counterparty, and the referrals that one of them sends.
    /// Tells how many steps were taken.
    ///
    /// # Errors
    /// What the engine refuses; what the rules refuse is left for the next round.
    pub async fn round(&self, app: &App) -> Result<usize, Fault> {
        let mut steps = 0;
        for bot in &self.bots {
            for waiting in bot.waiting(app).await? {
                steps += usize::from(bot.step(app, &waiting).await?);
            }
        }
        if let Some(sender) = &self.sender {
            steps += sender.round(app).await?;
        }
        Ok(steps)
    }
}

impl Bot {
    async fn waiting(&self, app: &App) -> Result<Vec<Referral>, Fault> {
        let all = [Status::Sent, Status::Acknowledged, Status::Accepted, Status::InService];
        let status: Vec<Status> = all.into_iter().filter(|status| self.manner.next(*status).is_some()).collect();
        if status.is_empty() {
            return Ok(Vec::new());
        }
        let filter = ReferralFilter { direction: Some(Direction::Received), status, ..ReferralFilter::default() };
        let page = referral::list(app, &Sight::of(&self.intake), &filter, &Window::first(MOST)).await?;
        Ok(page.items.into_iter().map(|(_, referral)| referral).collect())
    }

    /// Takes the next step; whoever repeats takes it again under the same key, which changes nothing, and under another
    /// one, which is refused.
    async fn step(&self, app: &App, referral: &Referral) -> Result<bool, Fault> {
        let Some(act) = self.manner.next(referral.status) else { return Ok(false) };
        let key = format!("sandbox-{}-{}", Uuid::from(referral.id), referral.version);
        let taken = settled(self.act(app, act, referral, &key).await)?;
        if self.manner == Manner::Repeating {
            settled(self.act(app, act, referral, &key).await)?;
            settled(self.act(app, act, referral, &format!("{key}-again")).await)?;
        }
        Ok(taken)
    }

    async fn act(&self, app: &App, act: Act, referral: &Referral, key: &str) -> Outcome<()> {
        let which = Which { referral: referral.id, expected_version: referral.version };
        let hand = Hand::new(app, key);
        match act {
            Act::Acknowledge => {
                referral::acknowledge(app, again(&self.intake, "acknowledgeReferral", key), which).await.map(drop)
            }
            Act::Accept => {
                referral::accept(app, again(&self.intake, "acceptReferral", key), which, None).await.map(drop)
            }
            Act::Decline => {
                let reason = Reason::NoCapacity;
                let input = Decline { which, reason, note: None, cited: Cited::default() };
                referral::decline(app, again(&self.intake, "declineReferral", key), input).await.map(drop)
            }
            Act::Start => start(&hand, &self.worker, which).await,
            Act::Complete => complete(&hand, &self.worker, which, GoalResult::Achieved, None).await,
        }
    }
}

/// Whether a step was taken. What the rules refuse is nothing to worry about: somebody was faster.
///
/// # Errors
/// Our own faults.
pub fn settled<T>(outcome: Outcome<T>) -> Result<bool, Fault> {
    match outcome {
        Ok(_) => Ok(true),
        Err(Failure::Fault(fault)) => Err(fault),
        Err(Failure::Rules(_) | Failure::Refused(_)) => Ok(false),
    }
}
