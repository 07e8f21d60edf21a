//! Whether a token still lets its bearer in, asked again and again while a connection is open. Connections of the same
//! bearer ask together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::app::NotIdentified;
use crate::domain::actor::Actor;
use crate::http::behind::Behind;
use crate::token::Claims;

/// Answers are forgotten when there are so many.
const MOST: usize = 20_000;

/// A bearer with the epochs and scopes of their token: another token of the same bearer may carry less.
type Bearer = (Uuid, Uuid, i32, i32, String);

/// What was answered a moment ago.
pub struct Access {
    kept: Mutex<HashMap<Bearer, (Instant, Arc<Actor>)>>,
    fresh: Duration,
}

impl Access {
    /// Answers are given again for so long.
    pub fn new(fresh: Duration) -> Self {
        Self { kept: Mutex::default(), fresh }
    }

    /// Who the bearer is now.
    ///
    /// # Errors
    /// [`NotIdentified`].
    pub async fn ask(&self, app: &dyn Behind, claims: &Claims) -> Result<Arc<Actor>, NotIdentified> {
        let bearer = (claims.sub, claims.org, claims.epoch, claims.org_epoch, claims.scope.clone());
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, actor)) = kept.get(&bearer)
                && at.elapsed() < self.fresh
            {
                return Ok(Arc::clone(actor));
            }
        }
        let found = app.identify(claims).await;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(actor) => {
                if kept.len() >= MOST {
                    kept.retain(|_, (at, _)| at.elapsed() < self.fresh);
                }
                let actor = Arc::new(actor);
                kept.insert(bearer, (Instant::now(), Arc::clone(&actor)));
                Ok(actor)
            }
            Err(why) => {
                kept.remove(&bearer);
                Err(why)
            }
        }
    }
}
