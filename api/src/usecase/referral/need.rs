//! How a need stands after what was done for it. Several referrals may run for one need.

use crate::domain::case::NeedStatus;
use crate::domain::id::{NeedId, ReferralId};
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
    }
    Ok(())
}

/// Works out anew how a need stands for which help was just recorded that was given directly: it counts among all results.
///
/// # Errors
/// What the engine refuses.
pub(crate) async fn settle_direct(work: &Work<'_>, need: NeedId) -> Result<(), Failure> {
    let results = work.tx.results_for_need(need, ReferralId::default()).await?;
    Ok(work.tx.set_status_of_need(need, come_to(&results), work.deed.now).await?)
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
