//! What the clock does with entries: it reminds their providers, tells that they are stale, and closes those whose funding
//! has ended.

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::clock::date_of;
use crate::domain::freshness::REMIND_AT_PERCENT;
use crate::domain::global_id::Kind;
use crate::domain::language::Language;
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::ledger::{Deed, Happening};
use crate::store::service_clock::{Aging, Entry};
use crate::texts::Texts;
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

/// How many entries are taken up at once.
const BATCH: u32 = 100;
/// How many days before funding ends its provider is told.
const FUNDING_TOLD_DAYS: i64 = 30;
/// What providers are told.
const DUE: &str = "SERVICE_CONFIRMATION_DUE";
const STALE: &str = "SERVICE_STALE";
const FUNDING_ENDS: &str = "SERVICE_FUNDING_ENDS";
const FUNDING_ENDED: &str = "SERVICE_FUNDING_ENDED";

/// Reminds providers of entries that have reached three quarters of their maximum age, and tells those whose entries are
/// stale; each once for a confirmation. Tells how many were told of.
///
/// # Errors
/// What the engine refuses.
pub async fn tell_aging(app: &App) -> Result<u64, Fault> {
    let mut told = tell_of_age(app, app.policy.service_max_age_days, true).await?;
    for days in app.store.max_ages().await? {
        told += tell_of_age(app, days, false).await?;
    }
    Ok(told)
}

/// Those of one maximum age: the server's own, where no program says another, or one that programs have set.
async fn tell_of_age(app: &App, days: i32, is_own: bool) -> Result<u64, Fault> {
    let today = date_of(app.clock.now());
    let ago = |days: i64| today.checked_sub(days.days()).unwrap_or(Date::MIN).to_string();
    let max = i64::from(days);
    // Rounded up: the first day on which the share is reached.
    let remind = (max * REMIND_AT_PERCENT + 99) / 100;
    let aging = Aging { days, is_own, reminded_at: ago(remind), stale_before: ago(max), today: today.to_string() };
    let tx = app.store.begin().await?;
    let mut told = 0;
    for entry in tx.take_stale(&aging, BATCH).await? {
        tell(&tx, &entry, STALE, app.now());
        told += 1;
    }
    for entry in tx.take_due(&aging, BATCH).await? {
        tell(&tx, &entry, DUE, app.now());
        told += 1;
    }
    tx.commit().await?;
    Ok(told)
}

fn tell(tx: &Tx, entry: &Entry, kind: &'static str, now: i64) {
    tx.tell(&notice(entry, kind), kind, (Kind::Service, entry.id.into()), now);
}

fn notice(entry: &Entry, kind: &'static str) -> Notice {
    let notice = Notice::act(entry.organization, MemberRole::DirectoryEditor).of_kind(kind);
    Notice { program: entry.program, ..notice }
}

/// Tells providers thirty days ahead that funding ends, once; and closes services whose funding has ended. Referrals that
/// run stay as they are. Tells how many it dealt with.
///
/// # Errors
/// What the engine refuses.
pub async fn end_funding(app: &App) -> Result<u64, Fault> {
    let today = date_of(app.clock.now());
    let ahead = today.checked_add(FUNDING_TOLD_DAYS.days()).unwrap_or(Date::MAX).to_string();
    let (tx, now, today) = (app.store.begin().await?, app.now(), today.to_string());
    let mut dealt = 0;
    for entry in tx.take_funding(&today, &ahead, BATCH).await? {
        tell(&tx, &entry, FUNDING_ENDS, now);
        dealt += 1;
    }
    for entry in tx.unfunded(&today, BATCH).await? {
        let language = Language::from_tag(&entry.language).unwrap_or(Language::En);
        let reason = Texts::global().label(language, "closed-because", "FUNDING_ENDED");
        if tx.close_unfunded(entry.id, &reason, now).await? {
            let deed = Deed {
                organization: entry.organization,
                principal: Uuid::nil(),
                principal_kind: "CLOCK",
                mutation: "endServiceFunding",
                request: "clock".to_owned(),
                now,
            };
            let ended = Happening {
                program: entry.program,
                notify: vec![notice(&entry, FUNDING_ENDED)],
                ..Happening::to((Kind::Service, entry.id.into()), "CLOCK", entry.version + 1)
            };
            tx.record(&deed, &ended);
            dealt += 1;
        }
    }
    tx.commit().await?;
    Ok(dealt)
}
