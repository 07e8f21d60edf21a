//! Where names lead to, and how far webhooks reach.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use super::{Allows, NoClient, Outgoing};
use crate::domain::webhook::target::{Reach, may_connect};

/// The answer to the question where a name leads.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Where names lead to.
pub trait Names: Send + Sync {
    /// The addresses of a name, at this moment.
    fn look_up(&self, host: &str) -> Found;
}

/// Names as this machine knows them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, host: &str) -> Found {
        let host = host.to_owned();
        Box::pin(async move {
            // The port is of no meaning here.
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// How webhooks leave. What a deployment serves has the default; there is no option and no variable that changes it.
#[derive(Clone)]
pub struct Egress {
    pub reach: Reach,
    pub names: Arc<dyn Names>,
}

impl Default for Egress {
    fn default() -> Self {
        Self { reach: Reach::Public, names: Arc::new(SystemNames) }
    }
}

impl Egress {
    /// The public internet, and this machine too: for the demonstration.
    #[must_use]
    pub fn with_this_machine() -> Self {
        Self { reach: Reach::ThisMachineToo, ..Self::default() }
    }

    /// A client that reaches no further.
    ///
    /// # Errors
    /// [`NoClient`]; with the TLS library at hand it does not happen.
    pub fn client(&self) -> Result<Outgoing, NoClient> {
        let allows: Allows = match self.reach {
            Reach::Public => |address| may_connect(address, Reach::Public),
            Reach::ThisMachineToo => |address| may_connect(address, Reach::ThisMachineToo),
        };
        Outgoing::with_names(allows, Arc::clone(&self.names))
    }
}
