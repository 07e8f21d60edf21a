//! Spending of budgets. Where several nodes share a database, a node takes a tenth of a budget in advance and spends it
//! from memory; what it does not need for a while it gives back. On SQLite there is one node, and memory is enough.

use crate::app::App;
use crate::domain::budget::{Level, Payer, Payment, Purse, Rate, Standing};
use crate::domain::rule::Fault;
use crate::store::dialect::Engine;
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Budgets known at once on a node; the ones not used for the longest time are forgotten.
const KNOWN: NonZeroUsize = NonZeroUsize::MIN.saturating_add(65_535);
/// After how many microseconds without use a lease is given back.
pub const IDLE: i64 = 30_000_000;
/// For how long a node does not ask again for a budget that was empty for all, at the least.
const PAUSE: i64 = 100_000;

type Key = (Purse, Uuid);

/// One lease of a budget at a time.
type Gate = Arc<tokio::sync::Mutex<()>>;

/// How a budget stands after a payment, and how long to wait where it was refused.
type Spent = Result<Standing, (Standing, i64)>;

/// What a node knows of a budget.
#[derive(Debug, Clone)]
struct Local {
    /// Points to spend without asking: the whole budget where one node has it, else a lease.
    level: Level,
    /// What was left for all when it was last asked.
    rest: Level,
    /// Before this nothing is asked of the database: there was nothing.
    dry_until: i64,
    used_at: i64,
    /// One lease at a time.
    leasing: Arc<tokio::sync::Mutex<()>>,
}

/// The budgets a node knows.
#[derive(Debug)]
pub struct Budgets(Mutex<LruCache<Key, Local>>);

impl Default for Budgets {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KNOWN)))
    }
}

/// What became of an attempt to spend without asking.
enum Tried {
    Spent(Standing),
    /// Nobody has enough; it makes sense again after so many microseconds.
    Dry(Standing, i64),
    /// The node has not enough; the database may have.
    Short(Arc<tokio::sync::Mutex<()>>),
}

impl Budgets {
    fn known(&self) -> MutexGuard<'_, LruCache<Key, Local>> {
        // Nothing inside can panic half-way, so a poisoned lock still holds sound numbers.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spend(&self, key: Key, rate: &Rate, points: i64, now: i64, is_shared: bool) -> Tried {
        let mut known = self.known();
        let local = known.get_or_insert_mut(key, || fresh(rate, now, is_shared));
        local.used_at = now;
        if is_shared {
            // A lease of a span that is over is worth nothing: all points are there anew.
            if !rate.is_steady && rate.span_of(local.level.at) != rate.span_of(now) {
                *local = fresh(rate, now, true);
            }
            local.level.at = now;
        } else {
            local.level = local.level.at(rate, now);
        }
        let taken = local.level.take(points, points);
        let standing = standing(key.0, rate, local, now, is_shared);
        if taken == points {
            return Tried::Spent(standing);
        }
        if !is_shared {
            let wait = rate.wait(points.min(rate.points) - local.level.points, now);
            return Tried::Dry(standing, wait);
        }
        if now < local.dry_until {
            return Tried::Dry(standing, local.dry_until - now);
        }
        Tried::Short(Arc::clone(&local.leasing))
    }

    fn give(&self, key: Key, rate: &Rate, points: i64) {
        if let Some(local) = self.known().get_mut(&key) {
            local.level.give(rate, points);
        }
    }

    /// The points of leases not used since `since`, taken out of memory.
    fn idle(&self, since: i64) -> Vec<(Key, i64)> {
        let mut known = self.known();
        let held = known
            .iter_mut()
            .filter(|(key, local)| key.0.is_shared() && local.used_at <= since && local.level.points > 0);
        held.map(|(key, local)| (*key, std::mem::take(&mut local.level.points))).collect()
    }
}

fn fresh(rate: &Rate, now: i64, is_shared: bool) -> Local {
    let full = Level::full(rate, now);
    let level = if is_shared { Level { points: 0, at: now } } else { full };
    Local { level, rest: full, dry_until: 0, used_at: now, leasing: Arc::default() }
}

fn standing(purse: Purse, rate: &Rate, local: &Local, now: i64, is_shared: bool) -> Standing {
    let rest = if is_shared { local.rest.at(rate, now).points } else { 0 };
    let remaining = rest.saturating_add(local.level.points).clamp(0, rate.points);
    let wait = rate.wait(rate.points - remaining, now);
    Standing { purse, rate: *rate, remaining, reset_at: now.saturating_add(wait) }
}

impl App {
    /// Charges a request of `points` to whoever pays: all budgets, or none.
    pub async fn pay(&self, payer: Payer, points: i64) -> Payment {
        let purses = payer.purses();
        let mut payment = Payment::default();
        for (at, key) in purses.iter().enumerate() {
            match self.spend(*key, points).await {
                Ok(standing) => payment.standings.extend(standing),
                Err((standing, wait)) => {
                    payment.standings.push(standing);
                    payment.wait = Some(wait);
                    purses[..at].iter().for_each(|key| self.refund(*key, points));
                    return payment;
                }
            }
        }
        payment
    }

    /// Gives back what was charged for a request that was not run.
    pub fn pay_back(&self, payer: Payer, points: i64) {
        payer.purses().into_iter().for_each(|key| self.refund(key, points));
    }

    /// Spends points of one budget: how it stands then, nothing where it is not counted.
    ///
    /// # Errors
    /// How it stands and how long to wait, in microseconds, where there are not as many.
    pub async fn spend(&self, key: (Purse, Uuid), points: i64) -> Result<Option<Standing>, (Standing, i64)> {
        let rate = self.policy.rates.of(key.0);
        if !rate.is_counted() {
            return Ok(None);
        }
        let is_shared = key.0.is_shared() && self.store.engine() == Engine::Postgres;
        let tried = self.budgets.spend(key, &rate, points, self.now(), is_shared);
        let gate = match settled(tried) {
            Ok(settled) => return settled.map(Some),
            Err(gate) => gate,
        };
        let _leasing = gate.lock().await;
        // Another request of this node may have fetched a lease meanwhile.
        if let Ok(settled) = settled(self.budgets.spend(key, &rate, points, self.now(), true)) {
            return settled.map(Some);
        }
        if let Err(fault) = self.lease(key, &rate, points).await {
            // Who can't be counted is served: the database is away, and the request will tell so itself.
            tracing::warn!(error = %fault, "a budget can't be asked for now");
            return Ok(None);
        }
        let now = self.now();
        settled(self.budgets.spend(key, &rate, points, now, true))
            .unwrap_or_else(|_| {
                let local = fresh(&rate, now, true);
                Err((standing(key.0, &rate, &local, now, true), PAUSE))
            })
            .map(Some)
    }

    /// Gives points of one budget back.
    pub fn refund(&self, key: (Purse, Uuid), points: i64) {
        self.budgets.give(key, &self.policy.rates.of(key.0), points);
    }

    async fn lease(&self, key: Key, rate: &Rate, points: i64) -> Result<(), Fault> {
        let now = self.now();
        let held = self.budgets.known().peek(&key).map_or(0, |local| local.level.points);
        let least = (points - held).max(1);
        let leased = self.store.lease_points(key, rate, (least, rate.lease()), now).await?;
        if let Some(local) = self.budgets.known().get_mut(&key) {
            local.level.points = local.level.points.saturating_add(leased.points);
            local.rest = leased.rest;
            if leased.points == 0 {
                let missing = least.min(rate.points) - leased.rest.points;
                local.dry_until = now.saturating_add(rate.wait(missing, now).max(PAUSE));
            }
        }
        Ok(())
    }

    /// Gives back what this node leased and has not used since `since`; tells how many budgets it was.
    ///
    /// # Errors
    /// What the engine refuses; what could not be given back comes back by itself with time.
    pub async fn return_leases(&self, since: i64) -> Result<usize, Fault> {
        if self.store.engine() == Engine::Sqlite {
            return Ok(0);
        }
        let idle = self.budgets.idle(since);
        for (key, points) in &idle {
            let rate = self.policy.rates.of(key.0);
            self.store.return_points(*key, &rate, *points, self.now()).await?;
        }
        Ok(idle.len())
    }

    /// Forgets stored budgets that have come back in full since they were last used.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forget_budgets(&self) -> Result<u64, Fault> {
        let rates = &self.policy.rates;
        let purses = [
            Purse::Principal,
            Purse::Organization,
            Purse::GuessesOfPrincipal,
            Purse::GuessesOfOrganization,
            Purse::ExportedRows,
            Purse::ImportedRows,
        ];
        let longest = purses.iter().map(|purse| rates.of(*purse).seconds).max().unwrap_or_default();
        self.store.forget_budgets(self.now().saturating_sub(longest.saturating_mul(2_000_000))).await
    }
}

fn settled(tried: Tried) -> Result<Spent, Gate> {
    match tried {
        Tried::Spent(standing) => Ok(Ok(standing)),
        Tried::Dry(standing, wait) => Ok(Err((standing, wait))),
        Tried::Short(gate) => Err(gate),
    }
}
