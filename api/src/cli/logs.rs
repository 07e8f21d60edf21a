//! Logs go to standard error, as one JSON object a line in production.

use std::io;
use std::panic;

use tracing_subscriber::EnvFilter;

/// Whether a text is a filter of logs, such as `info,passerelle=debug`.
#[must_use]
pub fn filter(text: &str) -> Option<EnvFilter> {
    EnvFilter::try_new(text).ok()
}

/// Begins to write logs as JSON lines.
pub fn json(filter: EnvFilter) {
    let logs = tracing_subscriber::fmt().json().with_writer(io::stderr).with_env_filter(filter).finish();
    begin(logs);
}

/// Begins to write logs for a person who looks on.
pub fn plain(filter: EnvFilter) {
    let logs = tracing_subscriber::fmt().compact().with_ansi(false).with_writer(io::stderr).with_env_filter(filter);
    begin(logs.finish());
}

fn begin(logs: impl tracing::Subscriber + Send + Sync) {
    // In one process there is one subscriber; a second begin changes nothing.
    if tracing::subscriber::set_global_default(logs).is_ok() {
        hook();
    }
}

/// A panic's message may repeat what it tripped over, so only its place is told.
fn hook() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place = place.as_deref().unwrap_or("unknown"), "a panic");
    }));
}
