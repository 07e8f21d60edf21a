//! Who can see a case and why, for its holder, for the asker, and for the person whom it is about.

mod read;
mod report;

pub use read::mark_read;
pub use report::{Report, report};

use crate::app::App;
use crate::domain::access::{AccessBecause, AccessReason, CaseAccess};
use crate::domain::actor::Actor;
use crate::domain::global_id::Kind;
use crate::domain::id::{CaseId, ProgramId, ReferralId};
use crate::domain::page::{Page, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::{Power, Sight, may, parties};
use crate::domain::referral::{Party, Referral};
use crate::domain::rule::Fault;
use crate::store::cases::CaseKey;
use uuid::Uuid;

/// Who can see a case that the asker's organization holds, the earliest first; nothing for anybody else.
///
/// # Errors
/// What the engine refuses.
pub async fn case_access(
    app: &App,
    sight: &Sight,
    case: CaseId,
    with_ended: bool,
    window: &Window,
) -> Result<Page<CaseAccess>, Fault> {
    app.store.case_access(sight, case, with_ended, window).await
}

/// Why the asker can see a case or a referral; nothing for what the asker can't see and for what does not exist.
///
/// # Errors
/// What the engine refuses.
pub async fn why_can_i_see(app: &App, actor: &Actor, thing: (Kind, Uuid)) -> Result<Option<Vec<AccessReason>>, Fault> {
    match thing {
        (Kind::Case, key) => of_case(app, actor, key.into()).await,
        (Kind::Referral, key) => of_referral(app, actor, key.into()).await,
        _ => Ok(None),
    }
}

async fn of_case(app: &App, actor: &Actor, id: CaseId) -> Result<Option<Vec<AccessReason>>, Fault> {
    let sight = Sight::of(actor);
    let parts = Parts::at(&[&["program_id"], &["is_held"], &["opened_at"]]);
    let Some(case) = app.store.case(&sight, &CaseKey::Id(id), &parts).await? else { return Ok(None) };
    let powers = powers(actor, case.program_id);
    if case.is_held {
        let from_at = Some(case.opened_at);
        let held = AccessReason {
            because: AccessBecause::Holder,
            party: None,
            fields: Vec::new(),
            referral_id: None,
            from_at,
            powers,
        };
        return Ok(Some(vec![held]));
    }
    let grants = app.store.own_access(&sight, id).await?;
    Ok(Some(grants.into_iter().map(|grant| of_grant(grant, None, powers.clone())).collect()))
}

async fn of_referral(app: &App, actor: &Actor, id: ReferralId) -> Result<Option<Vec<AccessReason>>, Fault> {
    let sight = Sight::of(actor);
    let Some(referral) = app.store.referral(&sight, id, &to_explain()).await? else { return Ok(None) };
    let powers = powers(actor, referral.program_id);
    let party = parties(actor, &referral).first().copied();
    let grants = app.store.own_access(&sight, referral.case_id).await?;
    let own = grants.into_iter().filter(|grant| grant.referral_id == Some(id));
    let mut reasons: Vec<AccessReason> = own.map(|grant| of_grant(grant, party, powers.clone())).collect();
    if reasons.is_empty() {
        reasons.push(AccessReason {
            because: side(actor, &referral, party),
            party,
            fields: Vec::new(),
            referral_id: Some(id),
            from_at: referral.times.sent_at.or(Some(referral.times.created_at)),
            powers,
        });
    }
    Ok(Some(reasons))
}

fn side(actor: &Actor, referral: &Referral, party: Option<Party>) -> AccessBecause {
    let own = actor.organization();
    if own == Some(referral.sender.id) {
        AccessBecause::Holder
    } else if own == Some(referral.receiver.id) && party != Some(Party::Coordinator) {
        AccessBecause::Referral
    } else {
        AccessBecause::Coordination
    }
}

fn of_grant(grant: CaseAccess, party: Option<Party>, powers: Vec<Power>) -> AccessReason {
    AccessReason {
        because: AccessBecause::Referral,
        party,
        fields: grant.fields,
        referral_id: grant.referral_id,
        from_at: Some(grant.from_at),
        powers,
    }
}

fn to_explain() -> Parts {
    Parts::at(&[
        &["case_id"],
        &["program_id"],
        &["lead_organization_id"],
        &["sender", "id"],
        &["receiver", "id"],
        &["times"],
    ])
}

fn powers(actor: &Actor, program: ProgramId) -> Vec<Power> {
    use crate::domain::code::Code as _;
    Power::ALL.iter().copied().filter(|power| may(actor, *power, Some(program))).collect()
}
