//! How far the tests' webhooks reach: to this machine, and to names that lead where a test says.

use passerelle::domain::webhook::target::Reach;
use passerelle::outgoing::{Egress, Found, Names};
use std::net::IpAddr;
use std::sync::Arc;

/// Names that all lead to one public address, where nothing is listening to a test.
struct OnePublicAddress;

impl Names for OnePublicAddress {
    fn look_up(&self, _: &str) -> Found {
        Box::pin(async { Ok(vec![IpAddr::from([198, 200, 1, 1])]) })
    }
}

/// What tests serve with. No deployment can: there is no option for it.
pub fn egress() -> Egress {
    Egress { reach: Reach::ThisMachineToo, names: Arc::new(OnePublicAddress) }
}
