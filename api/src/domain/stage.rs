//! Where the work on a case stands, and the table of moves from one stage to another.

use crate::domain::code::codes;

codes! {
    /// Where the work on a case stands. More stages may come: take one you do not know for work under way.
    pub enum CaseStage {
        /// Opened; nothing has been assessed yet.
        Open = "OPEN",
        /// Needs, risks and skills are being assessed, or assessed anew.
        Assessing = "ASSESSING",
        /// The person agreed to a plan.
        Planned = "PLANNED",
        /// Help is being given, directly or by referral.
        InProgress = "IN_PROGRESS",
        /// Help was given; the person is followed up.
        FollowUp = "FOLLOW_UP",
        /// Interrupted; it goes on from the stage it was in.
        OnHold = "ON_HOLD",
        /// Closed, because another organization took it over.
        Transferred = "TRANSFERRED",
        /// Closed.
        Closed = "CLOSED",
    }
}

use CaseStage::{Assessing, FollowUp, InProgress, OnHold, Open, Planned};

/// The moves that the holder makes by hand. Work may be assessed anew whenever circumstances change; planned and in
/// progress are reached by what happens, a plan agreed to and help begun.
const BY_HAND: &[(CaseStage, CaseStage)] = &[
    (Open, Assessing),
    (Planned, Assessing),
    (InProgress, Assessing),
    (FollowUp, Assessing),
    (InProgress, FollowUp),
    (FollowUp, InProgress),
    (Open, OnHold),
    (Assessing, OnHold),
    (Planned, OnHold),
    (InProgress, OnHold),
    (FollowUp, OnHold),
];

impl CaseStage {
    /// The stages to which the holder may move a case from here; `before` is the stage before an interruption.
    #[must_use]
    pub fn next(self, before: Option<Self>) -> Vec<Self> {
        if self == OnHold {
            return before.into_iter().filter(|stage| *stage != OnHold).collect();
        }
        BY_HAND.iter().filter(|(from, _)| *from == self).map(|(_, to)| *to).collect()
    }

    /// The stages from which what happens carries a case on to this one. It never carries a case back, and never one
    /// that is on hold.
    #[must_use]
    pub fn carried_from(self) -> &'static [Self] {
        match self {
            Planned => &[Open, Assessing],
            InProgress => &[Open, Assessing, Planned],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Code as _;

    #[test]
    fn an_interrupted_case_goes_on_where_it_was() {
        assert_eq!(OnHold.next(Some(InProgress)), vec![InProgress]);
        assert_eq!(OnHold.next(None), Vec::new());
        assert_eq!(Open.next(None), vec![Assessing, OnHold]);
    }

    #[test]
    fn nobody_moves_a_case_to_an_end_by_hand_or_on_from_one() {
        for stage in CaseStage::ALL {
            let ends = |stage: &CaseStage| matches!(stage, CaseStage::Closed | CaseStage::Transferred);
            assert!(!stage.next(None).iter().any(ends), "{}", stage.code());
            assert!(!ends(stage) || stage.next(None).is_empty(), "{}", stage.code());
            assert!(!stage.carried_from().contains(&OnHold), "{}", stage.code());
        }
    }
}
