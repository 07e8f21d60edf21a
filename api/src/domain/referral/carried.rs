//! What a referral carries beside the need: how the sender wants to hear back, how the person must not be contacted, and
//! which help was given or asked for elsewhere.

use crate::domain::code::codes;
use crate::domain::rule::{RuleCode, Rules};
use crate::domain::sealed::{Private, Sealed};
use serde::{Deserialize, Serialize};

codes! {
    /// By which way the sender wants to hear back.
    pub enum FollowUpChannel {
        /// In this system: the steps and the outcome, as they are recorded.
        InSystem = "IN_SYSTEM",
        /// By phone, from one focal point to the other.
        Phone = "PHONE",
        /// By e-mail, from one focal point to the other.
        Email = "EMAIL",
        /// At a meeting on cases.
        Meeting = "MEETING",
    }
}

codes! {
    /// What sender and receiver agree to exchange about a referral. It never reaches beyond what the person agreed to be
    /// told back.
    pub enum FollowUpTopic {
        /// That the person was contacted.
        FirstContact = "FIRST_CONTACT",
        /// Whether the person came.
        Attendance = "ATTENDANCE",
        /// How far the service has come.
        Progress = "PROGRESS",
        /// What was reached.
        Outcome = "OUTCOME",
        /// What else the person turned out to need.
        FurtherNeeds = "FURTHER_NEEDS",
    }
}

codes! {
    /// How a person must not be contacted.
    pub enum ContactRestriction {
        /// The person was asked, and there is no restriction.
        None = "NONE",
        /// Nobody has said: ask the sender before the first contact.
        NotStated = "NOT_STATED",
        /// No text messages.
        NoSms = "NO_SMS",
        /// No phone calls.
        NoCall = "NO_CALL",
        /// No messages on an answering machine.
        NoVoicemail = "NO_VOICEMAIL",
        /// No e-mail.
        NoEmail = "NO_EMAIL",
        /// No letters.
        NoLetter = "NO_LETTER",
        /// No visits at home.
        NoHomeVisit = "NO_HOME_VISIT",
        /// No word to family, neighbors or the community.
        NotThroughOthers = "NOT_THROUGH_OTHERS",
        /// Only through the sender.
        OnlyThroughSender = "ONLY_THROUGH_SENDER",
        /// Another restriction, said in the text beside it.
        Other = "OTHER",
    }
}

codes! {
    /// How it is known that help was given or asked for.
    pub enum HelpSource {
        /// It was recorded as given directly.
        Direct = "DIRECT",
        /// It was asked for by another referral of the case.
        Referral = "REFERRAL",
        /// The person told of it.
        Told = "TOLD",
    }
}

codes! {
    /// What became of help that was asked for elsewhere.
    pub enum HelpStanding {
        /// It was asked for, and nobody has taken it on yet.
        Asked = "ASKED",
        /// Somebody has taken it on.
        UnderWay = "UNDER_WAY",
        /// It was given.
        Given = "GIVEN",
        /// It was asked for and not given, or not to the end.
        Ended = "ENDED",
    }
}

/// How the sender wants to hear back. Empty when nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUp {
    pub channel: Option<FollowUpChannel>,
    /// ISO 8601: by when. It is the deadline of the outcome where it comes before the usual one.
    pub by: Option<String>,
    pub about: Option<Vec<FollowUpTopic>>,
}

/// How the person must not be contacted, as far as the asker may know. Empty until somebody has said.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Restrictions {
    pub codes: Option<Vec<ContactRestriction>>,
    pub text: Option<Sealed>,
}

/// Help that was given or asked for, as a category: never by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// The code of a category.
    pub category: String,
    pub source: HelpSource,
    pub standing: HelpStanding,
}

/// Help elsewhere, as far as the asker may know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PriorHelp {
    /// What the server knows; frozen when the referral is sent.
    pub known: Option<Vec<Help>>,
    /// What the person told of.
    pub told: Option<Vec<Help>>,
}

/// The most entries of help that the person told of.
const MOST_HELP: usize = 20;
/// The most characters of the text beside restrictions.
const MOST_TEXT: usize = 500;

/// What the sender says of all this. What is absent stays as it was said before.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub follow_up: Option<FollowUp>,
    pub restrictions: Option<(Vec<ContactRestriction>, Option<Private<String>>)>,
    pub help: Option<Vec<Help>>,
}

impl Details {
    /// Notes what is wrong, below `details`; `today` and `last` bound the day of the follow-up.
    pub fn check(&self, today: &str, last: &str, rules: &mut Rules) {
        if let Some(by) = self.follow_up.as_ref().and_then(|follow_up| follow_up.by.as_deref()) {
            rules.check((today..=last).contains(&by), "details.followUp.by", RuleCode::DateOutOfRange);
        }
        if let Some((codes, text)) = &self.restrictions {
            let alone = |code: &ContactRestriction| {
                matches!(code, ContactRestriction::None | ContactRestriction::NotStated) && codes.len() > 1
            };
            let at = "details.restrictions.codes";
            rules.check(!codes.is_empty(), at, RuleCode::Required);
            rules.check(!codes.iter().any(alone), at, RuleCode::Invalid);
            let needs_text = codes.contains(&ContactRestriction::Other);
            rules.check(text.is_some() || !needs_text, "details.restrictions.text", RuleCode::TextRequired);
            let has_any = !matches!(codes[..], [ContactRestriction::None | ContactRestriction::NotStated]);
            rules.check(text.is_none() || has_any, "details.restrictions.text", RuleCode::Invalid);
            if let Some(text) = text {
                rules.text("details.restrictions.text", text.expose(), 1, MOST_TEXT);
            }
        }
        let help = self.help.as_deref().unwrap_or_default();
        rules.check(help.len() <= MOST_HELP, "details.priorHelp", RuleCode::TooLong);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_alone_and_other_is_explained() {
        use ContactRestriction::{NoSms, None, NotStated, Other};
        let broken = |codes: &[ContactRestriction], text: Option<&str>| {
            let text = text.map(|text| Private::new(text.to_owned()));
            let details = Details { restrictions: Some((codes.to_vec(), text)), ..Details::default() };
            let mut rules = Rules::default();
            details.check("2026-11-25", "2031-11-25", &mut rules);
            rules.settle().is_err()
        };
        assert!(!broken(&[None], Option::None) && !broken(&[NoSms, Other], Some("only in the morning")));
        assert!(!broken(&[NotStated], Option::None));
        assert!(broken(&[], Option::None), "none is said, not left out");
        assert!(broken(&[None, NoSms], Option::None) && broken(&[NotStated, NoSms], Option::None));
        assert!(broken(&[Other], Option::None) && broken(&[None], Some("only in the morning")));
    }
}
