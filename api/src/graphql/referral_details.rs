//! What a referral carries beside the need, in the schema: how to hear back, how not to contact, help elsewhere.

use crate::domain::referral;
use crate::domain::referral::carried::{
    ContactRestriction, Details, FollowUp, FollowUpChannel, FollowUpTopic, Help, HelpSource, HelpStanding,
};
use crate::graphql::context::Here;
use crate::graphql::input::{distinct, private};
use crate::graphql::scalar::LocalDate;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// What a referral carries beside the need. What is absent stays as it was said before.
#[derive(InputObject, Clone)]
pub struct ReferralDetailsInput {
    /// How you want to hear back. Where nobody says, it is IN_SYSTEM, about the OUTCOME, by the usual deadline.
    pub follow_up: Option<FollowUpInput>,
    /// How the person must not be contacted. Say NONE where the person was asked and has no restriction. Where nobody
    /// says, NOT_STATED is kept when the referral is sent, and the receiver is told to ask you before the first contact.
    pub restrictions: Option<ContactRestrictionsInput>,
    /// Help that the person had or asked for elsewhere and this server does not know of, 20 entries at the most.
    pub prior_help: Option<Vec<PriorHelpInput>>,
}

/// How the sender wants to hear back.
#[derive(InputObject, Clone)]
pub struct FollowUpInput {
    /// By which way; IN_SYSTEM when absent.
    pub channel: Option<FollowUpChannel>,
    /// By which day, from today on. It is the deadline of the outcome where it comes before the usual one.
    pub by: Option<LocalDate>,
    /// What both agree to exchange; the OUTCOME when absent.
    pub about: Option<Vec<FollowUpTopic>>,
}

/// How a person must not be contacted.
#[derive(InputObject, Clone)]
pub struct ContactRestrictionsInput {
    /// The restrictions, at least one. NONE and NOT_STATED stand alone.
    pub codes: Vec<ContactRestriction>,
    /// More about them, up to 500 characters; required with OTHER, and only beside restrictions. Write no name and no
    /// address.
    pub text: Option<String>,
}

/// Help that the person told of.
#[derive(InputObject, Clone)]
pub struct PriorHelpInput {
    /// The category's code.
    pub category_code: String,
    /// What became of it.
    pub standing: HelpStanding,
}

impl ReferralDetailsInput {
    /// The input in the domain's terms.
    #[must_use]
    pub fn read(given: Option<&Self>) -> Details {
        let Some(given) = given.cloned() else { return Details::default() };
        let help = |help: PriorHelpInput| Help {
            category: help.category_code,
            source: HelpSource::Told,
            standing: help.standing,
        };
        Details {
            follow_up: given.follow_up.map(|follow_up| FollowUp {
                channel: follow_up.channel,
                by: follow_up.by.map(LocalDate::store),
                about: follow_up.about.map(|about| distinct(Some(about))),
            }),
            restrictions: given.restrictions.map(|given| (distinct(Some(given.codes)), private(given.text))),
            help: given.prior_help.map(|given| given.into_iter().map(help).collect()),
        }
    }
}

/// How the sender wants to hear back.
#[derive(SimpleObject)]
pub struct ReferralFollowUp {
    /// By which way.
    channel: FollowUpChannel,
    /// By which day; by the usual deadline when absent.
    by: Option<LocalDate>,
    /// What both agree to exchange. It never reaches beyond what the person agreed to be told back.
    about: Vec<FollowUpTopic>,
}

/// Help that was given or asked for elsewhere: what for, never by whom.
#[derive(SimpleObject)]
pub struct PriorHelp {
    /// The category's code.
    category_code: String,
    /// How it is known.
    source: HelpSource,
    /// What became of it.
    standing: HelpStanding,
}

impl From<&Help> for PriorHelp {
    fn from(help: &Help) -> Self {
        Self { category_code: help.category.clone(), source: help.source, standing: help.standing }
    }
}

/// What a referral carries beside the need.
pub struct ReferralDetails(pub Arc<referral::Referral>);

/// What a referral carries beside the need.
#[Object]
impl ReferralDetails {
    /// How the sender wants to hear back; for sender and receiver, null until it is said.
    async fn follow_up(&self) -> Option<ReferralFollowUp> {
        let FollowUp { channel, by, about } = &self.0.follow_up;
        Some(ReferralFollowUp {
            channel: (*channel)?,
            by: LocalDate::stored(by.as_deref()),
            about: about.clone().unwrap_or_default(),
        })
    }

    /// How the person must not be contacted: for the sender, and for the receiver as long as anything is released to it.
    /// Empty in a draft where nobody has said; null for others.
    async fn restrictions(&self) -> Option<&[ContactRestriction]> {
        self.0.restrictions.codes.as_deref()
    }

    /// The text beside the restrictions, where the sender's background is released to you.
    async fn restrictions_text(&self, ctx: &Context<'_>) -> Option<String> {
        let text = self.0.restrictions.text.as_ref();
        ctx.found(ctx.app().course_text(self.0.id, "restrictions_sealed", text)).map(|text| text.into_inner())
    }

    /// Whether the person agrees to word back: what became of it may be told to the sender. For sender and receiver, null
    /// for others and before it is sent.
    async fn may_report_back(&self) -> Option<bool> {
        self.0.may_report_back.map(|may| may != 0)
    }

    /// Which help was given or asked for elsewhere, so that nothing is done twice: as the server knows it, and as the
    /// person told. In a draft it is what would be sent now; afterwards what was sent. For the sender, and for the receiver
    /// where PRIOR_HELP is released to it; null for others. Of services that not everybody may see nothing is told.
    async fn prior_help(&self) -> Option<Vec<PriorHelp>> {
        let help = &self.0.prior_help;
        if help.known.is_none() && help.told.is_none() {
            return None;
        }
        Some(help.known.iter().chain(&help.told).flatten().map(PriorHelp::from).collect())
    }
}
