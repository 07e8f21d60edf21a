//! Redactions: what receivers must remove once a consent is withdrawn.

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::consent::{Redaction, reach_of};
use crate::domain::global_id::Kind;
use crate::domain::id::RedactionId;
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Power, Sight, may};
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode};
use crate::store::ledger::Happening;
use crate::store::redactions::RedactionFilter;
use crate::usecase::work::{Ask, open as begin};

/// The receiver says that it has removed what it was shown. It may do so after its window has closed.
///
/// # Errors
/// NOT_FOUND; NOT_PERMITTED for the holder's side and for roles without a part in it; ALREADY_EXISTS.
pub async fn confirm_redaction(app: &App, ask: Ask<'_>, id: RedactionId) -> Outcome<RedactionId> {
    let work = begin!(app, ask);
    let found = work.tx.redaction(&work.sight(), id).await?;
    let (redaction, concern) = found.ok_or_else(|| Rule::at("redactionId", RuleCode::NotFound))?;
    let program = Some(concern.program);
    let watches = reach_of(work.actor, &[MemberRole::DataProtection]).reaches(program);
    let works = [Power::DecideReferrals, Power::DeliverServices].iter().any(|power| may(work.actor, *power, program));
    if redaction.organization_id != work.deed.organization || !(watches || works) {
        return Err(Rule::at("redactionId", RuleCode::NotPermitted).into());
    }
    if !work.tx.confirm_redaction(id, work.deed.principal, work.deed.now).await? {
        return Err(Rule::at("redactionId", RuleCode::AlreadyExists).into());
    }
    work.record(&Happening {
        program,
        receiver: Some(concern.holder),
        ..Happening::to((Kind::Redaction, id.into()), "RECEIVER", 1)
    })
    .await?;
    work.commit(id).await
}

/// A redaction that the asker may see.
///
/// # Errors
/// What the engine refuses.
pub async fn redaction(app: &App, sight: &Sight, id: RedactionId) -> Result<Option<Redaction>, Fault> {
    app.store.redaction(sight, id).await
}

/// The redactions that the asker may see, newest first; only confirmed or only open ones when asked so.
///
/// # Errors
/// What the engine refuses.
pub async fn redactions(
    app: &App,
    sight: &Sight,
    is_confirmed: Option<bool>,
    window: &Window,
) -> Result<Page<Redaction>, Fault> {
    app.store.redactions(sight, RedactionFilter { is_confirmed, referral: None }, window).await
}
