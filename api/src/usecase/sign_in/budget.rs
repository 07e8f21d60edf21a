//! How often somebody may fail. Tries are counted before they are judged, and those that succeed are taken back: so of many
//! at the same time no more fail than may. Nobody is counted by the name of a client alone: otherwise anybody who knows it
//! could lock its owner out.

use crate::app::App;
use crate::domain::rule::Fault;
use crate::domain::sign_in::{NotGranted, PER_ADDRESS, PER_CLIENT_AND_ADDRESS, place};
use crate::store::door::Tx;
use std::net::IpAddr;

/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// What a try is counted under.
pub struct Budget {
    /// By hash, with how many may fail in a minute.
    counted: Vec<(String, i32)>,
    minute: i64,
    /// Until the next minute, in seconds.
    wait: i64,
}

impl Budget {
    /// The budget of somebody who says to be `who`, at an address; of the address alone where nobody is named.
    #[must_use]
    pub fn of(app: &App, who: Option<&str>, address: IpAddr) -> Self {
        let (place, now) = (place(address), app.now());
        let mut counted = vec![(app.sealer.keyed_hash("sign-in-address", &place), PER_ADDRESS)];
        if let Some(who) = who {
            let pair = app.sealer.keyed_hash("sign-in-client", &format!("{place} {who}"));
            counted.push((pair, PER_CLIENT_AND_ADDRESS));
        }
        let minute = now.div_euclid(MINUTE);
        let wait = ((minute + 1) * MINUTE - now).div_euclid(1_000_000) + 1;
        Self { counted, minute, wait }
    }

    /// That somebody may try; nothing is written, so that whoever may not costs next to nothing.
    ///
    /// # Errors
    /// TooOften.
    pub async fn look(&self, app: &App) -> Result<Result<(), NotGranted>, Fault> {
        let buckets: Vec<String> = self.counted.iter().map(|(bucket, _)| bucket.clone()).collect();
        let misses = app.store.sign_in_misses(&buckets, self.minute).await?;
        let spent = self.counted.iter().zip(misses).any(|((_, most), misses)| misses >= *most);
        Ok(if spent { Err(NotGranted::TooOften(self.wait)) } else { Ok(()) })
    }

    /// Counts a try.
    ///
    /// # Errors
    /// TooOften, where others were faster.
    pub async fn take(&self, tx: &Tx) -> Result<Result<(), NotGranted>, Fault> {
        let mut spent = false;
        for (bucket, most) in &self.counted {
            spent |= tx.count_try(bucket, self.minute).await? > *most;
        }
        Ok(if spent { Err(NotGranted::TooOften(self.wait)) } else { Ok(()) })
    }

    /// Takes the try back.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn give_back(&self, tx: &Tx) -> Result<(), Fault> {
        for (bucket, _) in &self.counted {
            tx.forgive_try(bucket, self.minute).await?;
        }
        Ok(())
    }
}
