//! The courier: plans and delivers, round by round, beside the couriers of other nodes. No endpoint takes more than its
//! share, and those that fail wait in a lane of their own, so that they delay nobody.

use super::deliver::deliver;
use super::failing::tell_failing;
use crate::app::App;
use crate::domain::id::WebhookEndpointId;
use crate::domain::rule::Fault;
use crate::outgoing::{NoClient, Outgoing};
use crate::store::webhook_work::Claimed;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// How much is done at once.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The most deliveries of one endpoint under way, on all nodes together.
    pub per_endpoint: usize,
    /// The most deliveries under way on this node, to endpoints that take what they are sent.
    pub healthy: usize,
    /// The same to endpoints that fail, each one at a time.
    pub failing: usize,
    /// How long a receiver may take.
    pub longest: Duration,
    /// How long a claim holds, in microseconds: longer than a receiver may take, so that nobody else sends meanwhile.
    pub lease: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_endpoint: 4, healthy: 128, failing: 32, longest: Duration::from_secs(15), lease: 45_000_000 }
    }
}

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Changes that were looked at.
    pub planned: usize,
    /// Deliveries that were begun.
    pub begun: usize,
    /// Endpoints whose administrators were told that they fail.
    pub told: u64,
}

impl Round {
    /// Whether nothing was to be done.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        *self == Self::default()
    }
}

/// A node's courier.
pub struct Courier {
    app: Arc<App>,
    outgoing: Outgoing,
    pace: Pace,
    /// Each tells its endpoint, and whether that failed before.
    under_way: JoinSet<(WebhookEndpointId, bool)>,
    /// How many are under way to each endpoint.
    each: HashMap<WebhookEndpointId, usize>,
    healthy: usize,
    failing: usize,
    /// The endpoint that was served last: the next round begins after it.
    last: Option<WebhookEndpointId>,
}

impl Courier {
    /// A courier that has nothing under way.
    ///
    /// # Errors
    /// [`NoClient`]; with the TLS library at hand it does not happen.
    pub fn new(app: Arc<App>, pace: Pace) -> Result<Self, NoClient> {
        let outgoing = app.egress.client()?.within(pace.longest);
        Ok(Self {
            app,
            outgoing,
            pace,
            under_way: JoinSet::new(),
            each: HashMap::new(),
            healthy: 0,
            failing: 0,
            last: None,
        })
    }

    /// How many deliveries are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Plans what is new and begins to send what can be sent, as far as there is room.
    ///
    /// # Errors
    /// What the engine refuses; what was begun goes on.
    pub async fn round(&mut self) -> Result<Round, Fault> {
        while let Some(ended) = self.under_way.try_join_next() {
            self.ended(ended);
        }
        let mut round = Round { told: tell_failing(&self.app).await?, ..Round::default() };
        let mut busy = self.app.store.busy_webhooks(self.app.now()).await?;
        // Everybody's turn comes: the list is gone through in a circle.
        let first = busy.iter().position(|id| Some(*id) > self.last).unwrap_or_default();
        busy.rotate_left(first);
        // What has its share under way is not asked for more, which would cost a transaction each time.
        busy.retain(|id| self.each.get(id).is_none_or(|under_way| *under_way < self.pace.per_endpoint));
        for id in busy {
            self.last = Some(id);
            match self.serve(id).await {
                Ok((planned, begun)) => {
                    round.planned += planned;
                    round.begun += begun;
                }
                Err(Fault::Unavailable(why)) => return Err(Fault::Unavailable(why)),
                // One endpoint that can't be served keeps nobody else from being served.
                Err(fault) => {
                    tracing::error!(error = %fault, endpoint = %Uuid::from(id), "an endpoint can't be served");
                }
            }
        }
        Ok(round)
    }

    /// Waits for so long, or until something that was under way has ended.
    pub async fn wait(&mut self, pause: Duration) {
        if self.under_way.is_empty() {
            return sleep(pause).await;
        }
        if let Ok(Some(ended)) = timeout(pause, self.under_way.join_next()).await {
            self.ended(ended);
        }
    }

    /// Waits until all that is under way has ended.
    pub async fn settle(&mut self) {
        while let Some(ended) = self.under_way.join_next().await {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<(WebhookEndpointId, bool), JoinError>) {
        let Ok((id, failing)) = ended else {
            // It broke, and took its account with it: what is left is counted anew when all has ended.
            if self.under_way.is_empty() {
                (self.healthy, self.failing) = (0, 0);
                self.each.clear();
            }
            return;
        };
        let lane = if failing { &mut self.failing } else { &mut self.healthy };
        *lane = lane.saturating_sub(1);
        if let Entry::Occupied(mut each) = self.each.entry(id) {
            *each.get_mut() -= 1;
            if *each.get() == 0 {
                each.remove();
            }
        }
    }

    async fn serve(&mut self, id: WebhookEndpointId) -> Result<(usize, usize), Fault> {
        let now = self.app.now();
        let tx = self.app.store.begin().await?;
        let Some(endpoint) = tx.webhook_at_hand(id).await? else { return Ok((0, 0)) };
        let planned = if endpoint.waiting < crate::store::webhook_work::MOST_WAITING {
            tx.plan_webhooks(&endpoint, now).await?
        } else {
            0
        };
        let failing = endpoint.failing_since.is_some();
        let (most, room) = if failing {
            (1, self.pace.failing.saturating_sub(self.failing))
        } else {
            (self.pace.per_endpoint, self.pace.healthy.saturating_sub(self.healthy))
        };
        let claimed = tx.claim_webhooks(endpoint, (most, room), (now, now + self.pace.lease)).await?;
        tx.commit().await?;
        let begun = claimed.deliveries.len();
        if failing {
            self.failing += begun
        } else {
            self.healthy += begun
        }
        self.begin(claimed, failing);
        Ok((planned, begun))
    }

    fn begin(&mut self, claimed: Claimed, failing: bool) {
        let claimed = Arc::new(claimed);
        let id = claimed.endpoint.id;
        for at in 0..claimed.deliveries.len() {
            *self.each.entry(id).or_default() += 1;
            let (app, outgoing, claimed) = (Arc::clone(&self.app), self.outgoing.clone(), Arc::clone(&claimed));
            self.under_way.spawn(async move {
                deliver(&app, &outgoing, &claimed, &claimed.deliveries[at]).await;
                (id, failing)
            });
        }
    }
}
