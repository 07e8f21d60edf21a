//! The sandbox's counterparties, beside the demonstration's server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::background::Background;
use crate::app::App;
use crate::demo::Counterparties;

/// How often they look: slow enough to watch a referral move.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts them.
#[must_use]
pub fn start(app: Arc<App>, marks: &BTreeMap<String, Uuid>) -> Background {
    let all = Arc::new(Counterparties::read(marks));
    Background::start("counterparties", PAUSE, move || {
        let (app, all) = (Arc::clone(&app), Arc::clone(&all));
        async move {
            if let Err(fault) = all.round(&app).await {
                tracing::warn!(error = %fault, "the counterparties can't act now");
            }
            PAUSE
        }
    })
}
