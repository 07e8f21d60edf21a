//! Handing something over: only what the answer's head says is of interest.

use std::error::Error;
use std::io;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::RETRY_AFTER;

use super::{Call, NoReply, Outgoing};

/// The most bytes of an answer that are read and thrown away, so that the connection can be used again.
const MOST_DRAINED: usize = 16 * 1024;

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// The header of this name.
    pub retry_after: Option<String>,
}

/// Why something was not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotHanded {
    /// The address, or all that its name leads to, may not be reached: nothing was sent.
    #[error("the address may not be reached")]
    Forbidden,
    /// No connection, or none that is encrypted as it must be.
    #[error("the server does not answer as it should")]
    Unreachable,
    /// It took too long.
    #[error("the server took too long")]
    TooLong,
}

impl Outgoing {
    /// Sends a call and looks at the head of the answer. What follows is not kept; a redirect is an answer like any other.
    ///
    /// # Errors
    /// [`NotHanded`].
    pub async fn hand_over(&self, call: Call) -> Result<Head, NotHanded> {
        let request = self.request(call).map_err(|_: NoReply| NotHanded::Forbidden)?;
        tokio::time::timeout(self.longest, self.head(request)).await.map_err(|_| NotHanded::TooLong)?
    }

    async fn head(&self, request: Request<Full<Bytes>>) -> Result<Head, NotHanded> {
        let answer = self.client.request(request).await.map_err(|error| why(&error))?;
        let (head, body) = answer.into_parts();
        let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        // A body that is too long or never ends costs the connection and nothing else.
        let drained = Limited::new(body, MOST_DRAINED).collect();
        let _ = tokio::time::timeout(self.longest / 10, drained).await;
        Ok(Head { status: head.status.as_u16(), retry_after })
    }
}

fn why(error: &hyper_util::client::legacy::Error) -> NotHanded {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = cause {
        let refused = this.downcast_ref::<io::Error>().is_some_and(|it| it.kind() == io::ErrorKind::PermissionDenied);
        if refused {
            return NotHanded::Forbidden;
        }
        cause = this.source();
    }
    NotHanded::Unreachable
}
