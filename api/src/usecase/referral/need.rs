//! How a need stands after what was done for it. Several referrals may run for one need.

use crate::domain::case::NeedStatus;
use crate::domain::id::ReferralId;
use crate::domain::referral::LoopMeaning;
use crate::domain::rule::Failure;
use crate::usecase::work::Work;

/// How a need stands after one result.
pub(crate) fn meant(meaning: LoopMeaning) -> NeedStatus {
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
/// holder withdrew stays withdrawn.
///
/// # Errors
/// What the engine refuses.
pub(super) async fn settle(
    work: &Work<'_>,
    referral: ReferralId,
    was: Option<LoopMeaning>,
    is: Option<LoopMeaning>,
) -> Result<(), Failure> {
    let (need, status) = work.tx.hold_need_of(referral).await?;
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
