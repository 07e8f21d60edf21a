//! What the clock tells about consents and redactions, each once.

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::consent::EXPIRES_SOON_DAYS;
use crate::domain::global_id::Kind;
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use jiff::ToSpan as _;

/// How many are told in one transaction.
const AT_ONCE: u32 = 100;

/// Tells holders which of their consents have expired and which will within two weeks, each once. Expiry freezes further
/// disclosure and ends no service. Tells how many were told; call it again until none were.
///
/// # Errors
/// What the engine refuses.
pub async fn tell_expired(app: &App) -> Result<u64, Fault> {
    let (now, today) = (app.now(), crate::domain::clock::date_of(app.clock.now()));
    let last = today.checked_add(EXPIRES_SOON_DAYS.days()).unwrap_or(jiff::civil::Date::MAX);
    let tx = app.store.begin().await?;
    let expired = tx.take_expired_consents(&today.to_string(), now, AT_ONCE).await?;
    let expiring = tx.take_expiring_consents(&last.to_string(), now, AT_ONCE).await?;
    for (concerns, kind, must_act) in [(&expired, "CONSENT_EXPIRED", true), (&expiring, "CONSENT_EXPIRES_SOON", false)]
    {
        for concern in concerns {
            let program = Some(concern.program);
            let notice = Notice { program, must_act, ..Notice::act(concern.holder, MemberRole::CaseManager) };
            tx.tell(&notice.of_kind(kind), kind, (Kind::Consent, concern.id), now);
        }
    }
    tx.commit().await?;
    Ok((expired.len() + expiring.len()) as u64)
}

/// Tells both sides' data-protection focal points which redactions are overdue, each once. Tells how many; call it again
/// until none were.
///
/// # Errors
/// What the engine refuses.
pub async fn tell_overdue(app: &App) -> Result<u64, Fault> {
    const KIND: &str = "REDACTION_OVERDUE";
    let now = app.now();
    let tx = app.store.begin().await?;
    let overdue = tx.take_overdue_redactions(now, AT_ONCE).await?;
    for concern in &overdue {
        for organization in [concern.organization, concern.holder] {
            let notice = Notice::act(organization, MemberRole::DataProtection).of_kind(KIND);
            let notice = Notice { program: Some(concern.program), ..notice };
            tx.tell(&notice, KIND, (Kind::Redaction, concern.id), now);
        }
    }
    tx.commit().await?;
    Ok(overdue.len() as u64)
}
