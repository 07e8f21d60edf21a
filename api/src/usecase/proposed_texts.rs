//! The texts of what somebody proposes, opened.

use crate::app::App;
use crate::domain::plan_proposal::PlanItemProposal;
use crate::domain::referral::chain::ReferralProposal;
use crate::domain::rule::Fault;
use crate::domain::sealed::Private;

impl App {
    /// The goal of an item that somebody proposed for a plan.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn proposal_goal(&self, of: &PlanItemProposal) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("plan_item_proposal", "goal_sealed", of.id.into(), sealed);
        of.goal.as_ref().map(open).transpose()
    }

    /// Why somebody proposed an item for a plan.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn item_proposal_reason(&self, of: &PlanItemProposal) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("plan_item_proposal", "reason_sealed", of.id.into(), sealed);
        of.reason.as_ref().map(open).transpose()
    }

    /// What was written with the answer to it.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn item_proposal_answer(&self, of: &PlanItemProposal) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("plan_item_proposal", "answer_sealed", of.id.into(), sealed);
        of.answer.as_ref().map(open).transpose()
    }

    /// Why somebody proposed a referral.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn proposal_reason(&self, of: &ReferralProposal) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral_proposal", "reason_sealed", of.id, sealed);
        of.reason.as_ref().map(open).transpose()
    }
}
