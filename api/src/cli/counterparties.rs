//! The sandbox's counterparties, beside the demonstration's server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use super::background::{Background, Chore};
use crate::app::App;
use crate::demo::Counterparties;

/// How often they look: slow enough to watch a referral move.
const PAUSE: Duration = Duration::from_secs(1);

struct Beside {
    app: Arc<App>,
    all: Counterparties,
}

/// Starts them.
#[must_use]
pub fn start(app: Arc<App>, marks: &BTreeMap<String, Uuid>) -> Background {
    Background::start("counterparties", Beside { app, all: Counterparties::read(marks) })
}

impl Chore for Beside {
    async fn until_due(&mut self) {
        sleep(PAUSE).await;
    }

    async fn round(&mut self) {
        if let Err(fault) = self.all.round(&self.app).await {
            tracing::warn!(error = %fault, "the counterparties can't act now");
        }
    }
}
