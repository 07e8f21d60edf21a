//! How much of many at once is begun in the time of one request.

use crate::graphql::context::BeginUntil;
use async_graphql::Context;
use tokio::time::Instant;

/// How far a batch or envelope gets in the time of one request.
pub(crate) struct Pacing {
    until: Option<Instant>,
    has_new: bool,
    postponed: usize,
}

impl Pacing {
    /// The pacing of a request that begins now.
    pub fn of(ctx: &Context<'_>) -> Self {
        let until = ctx.data_opt::<BeginUntil>().map(|until| until.0);
        Self { until, has_new: false, postponed: 0 }
    }

    /// Whether another one is begun. Once nothing more is, all the rest waits: their order holds. Something new is done in
    /// each request, so that whoever sends the same again gets on.
    pub fn goes_on(&mut self) -> bool {
        let is_over = self.has_new && self.until.is_some_and(|until| Instant::now() >= until);
        let waits = self.postponed > 0 || is_over;
        self.postponed += usize::from(waits);
        !waits
    }

    /// One ended; `is_new` tells whether it changed something.
    pub fn ended(&mut self, is_new: bool) {
        self.has_new |= is_new;
    }

    /// Whether all were begun.
    pub fn is_whole(&self) -> bool {
        self.postponed == 0
    }
}
