//! How a need stands after what was done for it. Several referrals may run for one need.

use crate::domain::actor::MemberRole;
use crate::domain::case::NeedStatus;
use crate::domain::global_id::Kind;
use crate::domain::id::{NeedId, ReferralId};
use crate::domain::notice::Notice;
use crate::domain::referral::LoopMeaning;
use crate::domain::rule::Failure;
use crate::usecase::work::Work;

/// How a need stands after one result.
fn meant(meaning: LoopMeaning) -> NeedStatus {
    match meaning {
        LoopMeaning::Met => NeedStatus::Met,
        LoopMeaning::PartlyMet => NeedStatus::PartlyMet,
        LoopMeaning::NotMet => NeedStatus::NotMet,
        LoopMeaning::NoLongerNeeded => NeedStatus::Withdrawn,
    }
}

/// How a need stands after all results: what met it is not undone by what did not. Without any it is open.
fn come_to(results: &[LoopMeaning]) -> NeedStatus {
    use LoopMeaning::{Met, NoLongerNeeded, NotMet, PartlyMet};
    let best = [Met, PartlyMet, NoLongerNeeded, NotMet].into_iter().find(|meaning| results.contains(meaning));
    best.map_or(NeedStatus::Open, meant)
}

/// Works out anew how the need of a referral stands, whose own result was one thing and is now another. A need that its
/// holder withdrew stays withdrawn. What a receiver passed on says nothing of the need by itself: its result is a part of
/// what the receiver reports.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn settle(
    work: &Work<'_>,
    referral: ReferralId,
    was: Option<LoopMeaning>,
    is: Option<LoopMeaning>,
) -> Result<(), Failure> {
    let (need, status, is_passed_on) = work.tx.hold_need_of(referral).await?;
    if is_passed_on {
        return Ok(());
    }
    let mut results = work.tx.results_for_need(need, referral).await?;
    let by_result = results.iter().copied().chain(was).any(|meaning| meaning == LoopMeaning::NoLongerNeeded);
    if status == NeedStatus::Withdrawn && !by_result {
        return Ok(());
    }
    results.extend(is);
    let to = come_to(&results);
    if to != status {
        work.tx.set_status_of_need(need, to, work.deed.now).await?;
        tell_of_others(work, (need, to), referral).await?;
    }
    Ok(())
}

/// Where a need was met, or is no longer felt, whoever sent another referral for it that still runs is told, to take it
/// back or to let it go on: otherwise a place is held, and more is shown, for what nobody waits for.
async fn tell_of_others(work: &Work<'_>, (need, to): (NeedId, NeedStatus), but: ReferralId) -> Result<(), Failure> {
    const KIND: &str = "NEED_MET_ELSEWHERE";
    if to.is_open() {
        return Ok(());
    }
    for other in work.tx.running_for(need, but).await? {
        let act = Notice { program: Some(other.program), ..Notice::act(other.sender, MemberRole::CaseManager) };
        let subject = (Kind::Referral, other.id.into());
        work.tx.tell(&act.of_kind(KIND), work.deed.mutation, subject, work.deed.now);
    }
    Ok(())
}

/// Works out anew how a need stands for which help was just recorded that was given directly: it counts among all results.
///
/// # Errors
/// What the engine refuses.
pub(crate) async fn settle_direct(work: &Work<'_>, need: NeedId) -> Result<(), Failure> {
    let results = work.tx.results_for_need(need, ReferralId::default()).await?;
    let to = come_to(&results);
    work.tx.set_status_of_need(need, to, work.deed.now).await?;
    tell_of_others(work, (need, to), ReferralId::default()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_result_counts() {
        use LoopMeaning::{Met, NoLongerNeeded, NotMet, PartlyMet};
        for (results, status) in [
            (vec![], NeedStatus::Open),
            (vec![NotMet], NeedStatus::NotMet),
            (vec![NotMet, NoLongerNeeded], NeedStatus::Withdrawn),
            (vec![NoLongerNeeded, PartlyMet, NotMet], NeedStatus::PartlyMet),
            (vec![NotMet, Met, NoLongerNeeded, PartlyMet], NeedStatus::Met),
        ] {
            assert_eq!(come_to(&results), status, "{results:?}");
        }
    }
}
