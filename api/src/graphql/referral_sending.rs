//! What stands in the way of sending a draft, in the schema.

use crate::domain::global_id::Kind;
use crate::domain::referral::{Referral, Status};
use crate::graphql::context::Here;
use crate::graphql::error::UserError;
use crate::graphql::scalar::key;
use crate::usecase::referral::{self, Send};
use async_graphql::{Context, ID, InputObject};

/// How a draft would be sent, as in `sendReferral`.
#[derive(InputObject)]
pub struct SendingInput {
    /// The consent to send under; the newest that covers it when absent.
    pub consent_id: Option<ID>,
    /// What stands in for a consent that could not be had.
    pub override_id: Option<ID>,
    /// Whether the person knows of the referral; true when absent, so that what else is in the way is told.
    #[graphql(default = true)]
    pub person_informed: bool,
    /// Have a place held until the decision is due.
    #[graphql(default)]
    pub hold_place: bool,
}

impl SendingInput {
    // An identifier of another kind names nothing, as one that does not exist.
    fn read(self) -> Send {
        Send {
            consent: self.consent_id.map(|id| key(Kind::Consent, &id).unwrap_or_default().into()),
            person_informed: self.person_informed,
            stands_in: self.override_id.map(|id| key(Kind::ConsentOverride, &id).unwrap_or_default().into()),
            hold_place: self.hold_place,
        }
    }
}

/// Everything that would keep a draft from being sent so.
pub async fn blockers(ctx: &Context<'_>, of: &Referral, how: Option<SendingInput>) -> Option<Vec<UserError>> {
    if of.status != Status::Draft {
        return None;
    }
    let plain = SendingInput { consent_id: None, override_id: None, person_informed: true, hold_place: false };
    let found = referral::blockers(ctx.app(), ctx.actor(), of.id, how.unwrap_or(plain).read()).await;
    let told = |rules: Vec<_>| rules.iter().map(|rule| UserError::told(rule, ctx.language())).collect();
    ctx.found(found.map(|found| found.map(told)))
}
