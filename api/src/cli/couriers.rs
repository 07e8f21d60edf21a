//! Webhooks in the background: what changed is told to whoever asked for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::background::{Background, Chore};
use super::failed::{Ending, Failed};
use crate::app::App;
use crate::usecase::webhook::{Courier, Pace};

/// The pause while there is work.
const BUSY: Duration = Duration::from_millis(100);
/// The longest pause while there is none.
const IDLE: Duration = Duration::from_secs(1);
/// How long what is under way is waited for at the end; what has not ended by then is sent again by another node.
const LAST: Duration = Duration::from_secs(16);

struct Couriers {
    courier: Courier,
    pause: Duration,
}

/// Starts it.
///
/// # Errors
/// The TLS client can't be made.
pub fn start(app: &Arc<App>) -> Result<Background, Failed> {
    let courier = Courier::new(Arc::clone(app), Pace::default())
        .map_err(|error| Failed::with(Ending::Broken, format!("{error}.")))?;
    Ok(Background::start("webhooks", Couriers { courier, pause: BUSY }))
}

impl Chore for Couriers {
    async fn until_due(&mut self) {
        self.courier.wait(self.pause).await;
    }

    async fn round(&mut self) {
        self.pause = match self.courier.round().await {
            Ok(round) if round.is_idle() && self.courier.under_way() == 0 => (self.pause * 2).min(IDLE),
            Ok(_) => BUSY,
            Err(fault) => {
                tracing::warn!(error = %fault, "webhooks can't be sent now");
                IDLE
            }
        };
    }

    /// Nothing more is begun; what is under way is waited for.
    async fn last(&mut self) {
        if timeout(LAST, self.courier.settle()).await.is_err() {
            let under_way = self.courier.under_way();
            tracing::warn!(under_way, "webhooks under way were not waited for any longer");
        }
    }
}
