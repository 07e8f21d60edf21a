//! One write from beginning to end: who asks, under which idempotency key, in one transaction.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::id::ProgramId;
use crate::domain::policy::{Power, Sight, may};
use crate::domain::rule::{Failure, Fault, Outcome, Refusal, Rule, RuleCode};
use crate::store::door::Tx;
use crate::store::ledger::{Deed, Happening, Known, deed_of};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicBool, Ordering};

/// For how long a key is remembered: a tablet may be without a line for weeks.
const KEPT_DAYS: i64 = 30;

/// Forgets keys that were used more than thirty days ago.
///
/// # Errors
/// What the engine refuses.
pub async fn forget_old_keys(app: &App) -> Result<u64, Fault> {
    app.store.forget_keys(app.now() - KEPT_DAYS * 24 * 3_600_000_000).await
}

/// A write that somebody asks for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub actor: &'a Actor,
    /// The mutation's name.
    pub mutation: &'static str,
    /// The request's id, for the audit.
    pub request: &'a str,
    /// The caller's idempotency key.
    pub key: &'a str,
    /// The whole input as it came, as JSON, by which a replay is told from another input under the same key.
    pub input: &'a str,
    /// Set when the answer is that of an earlier request with the same key.
    pub replayed: &'a AtomicBool,
}

/// A write that has begun, or one that was answered before.
pub enum Begun<'a, T> {
    /// Go on.
    Fresh(Box<Work<'a>>),
    /// The same key came with the same input: this was the answer, and nothing changes.
    Again(T),
}

/// A write under way. Dropped without [`Work::commit`], it leaves no trace.
pub struct Work<'a> {
    pub tx: Tx,
    pub app: &'a App,
    pub actor: &'a Actor,
    pub deed: Deed,
    key: String,
}

/// Begins a write.
///
/// # Errors
/// Nobody is known; the key is not printable text of 1 to 255 characters; the key came with another input.
pub async fn begin<'a, T: DeserializeOwned>(app: &'a App, ask: Ask<'a>) -> Outcome<Begun<'a, T>> {
    let deed = deed_of(ask.actor, ask.mutation, ask.request, app.now()).ok_or(Refusal::Unauthenticated)?;
    if ask.key.is_empty() || ask.key.len() > 255 || !ask.key.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        return Err(Rule::at("idempotencyKey", RuleCode::Invalid).into());
    }
    let tx = app.store.begin().await?;
    match tx.take_key(&deed, ask.key, &fingerprint(app, &deed, ask.input)).await? {
        Known::New => Ok(Begun::Fresh(Box::new(Work { tx, app, actor: ask.actor, deed, key: ask.key.to_owned() }))),
        Known::Other => Err(Rule::at("idempotencyKey", RuleCode::IdempotencyConflict).into()),
        Known::Answered(answer) => {
            ask.replayed.store(true, Ordering::Relaxed);
            serde_json::from_str(&answer)
                .map(Begun::Again)
                .map_err(|_| Fault::Store("a kept answer does not read".into()).into())
        }
    }
}

/// The fingerprint of an input. Keyed, because an input may hold text about a person that could be guessed from a
/// plain hash.
pub(super) fn fingerprint(app: &App, deed: &Deed, input: &str) -> String {
    let digest: String = Sha256::digest(input.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    app.sealer.blind_index("idempotency.input", deed.organization.into(), &digest)
}

/// Opens a write, or answers at once what the same key was answered before. With a power and a rule, that answer is given
/// only to whoever still has the power, and the rule is told to others; what is answered without it must be read anew by the
/// eyes of whoever asks.
macro_rules! open {
    ($app:expr, $ask:expr, $power:expr, $rule:expr) => {
        match $crate::usecase::work::begin($app, $ask).await? {
            $crate::usecase::work::Begun::Again(answer) => {
                return if $crate::domain::policy::may($ask.actor, $power, None) {
                    Ok(answer)
                } else {
                    Err($rule.into())
                };
            }
            $crate::usecase::work::Begun::Fresh(work) => *work,
        }
    };
    ($app:expr, $ask:expr) => {
        match $crate::usecase::work::begin($app, $ask).await? {
            $crate::usecase::work::Begun::Again(answer) => return Ok(answer),
            $crate::usecase::work::Begun::Fresh(work) => *work,
        }
    };
}
pub(crate) use open;

impl<'a> Work<'a> {
    /// A write that nobody asks for: the clock's own.
    #[must_use]
    pub fn of_clock(app: &'a App, tx: Tx, deed: Deed) -> Self {
        Self { tx, app, actor: &Actor::Anonymous, deed, key: String::new() }
    }

    /// Makes everything durable that nobody asked for.
    ///
    /// # Errors
    /// What the engine refuses; then nothing was changed, or it is not known.
    pub async fn done(self) -> Result<(), Fault> {
        self.tx.commit().await
    }
}

impl Work<'_> {
    /// What the asker can see.
    #[must_use]
    pub fn sight(&self) -> Sight {
        Sight::of(self.actor)
    }

    /// That the asker has a power in a program.
    ///
    /// # Errors
    /// NOT_PERMITTED at `field`.
    pub fn needs(&self, power: Power, program: Option<ProgramId>, field: &str) -> Result<(), Failure> {
        if may(self.actor, power, program) { Ok(()) } else { Err(Rule::at(field, RuleCode::NotPermitted).into()) }
    }

    /// Writes down what happened. What a coordinator is told reaches somebody, whether there is one or not.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn record(&self, happening: &Happening) -> Result<(), Fault> {
        let notify = self.tx.reaching(happening.notify.clone(), happening.subject.1).await?;
        self.tx.record(&self.deed, &Happening { notify, ..happening.clone() });
        Ok(())
    }

    /// Keeps the answer under its key and makes everything durable.
    ///
    /// # Errors
    /// What the engine refuses; then nothing was changed, or it is not known.
    pub async fn commit<T: Serialize>(self, answer: T) -> Outcome<T> {
        let kept = serde_json::to_string(&answer).map_err(|_| Fault::Store("an answer can't be written".into()))?;
        self.tx.keep_answer(&self.deed, &self.key, &kept);
        self.tx.commit().await?;
        Ok(answer)
    }
}

/// That a version is the one the caller read.
///
/// # Errors
/// STALE_VERSION with the present version.
pub fn fresh(expected: i32, current: i32) -> Result<(), Failure> {
    use crate::domain::rule::Detail;
    if expected == current {
        Ok(())
    } else {
        Err(Rule::at("expectedVersion", RuleCode::StaleVersion).with(Detail::Version(current)).into())
    }
}

/// Writes down that an identified party was refused. A failure to do so is logged: the refusal itself stands.
pub async fn note_refusal(app: &App, ask: Ask<'_>, rules: &[Rule]) {
    use crate::domain::code::Code;
    let Some(deed) = deed_of(ask.actor, ask.mutation, ask.request, app.now()) else { return };
    let outcome = rules.first().map_or("REFUSED", |rule| rule.code.code());
    if let Err(fault) = app.store.audit_refusal(&deed, outcome).await {
        crate::app::log_fault(&fault, ask.request);
    }
}
