//! The operations that are measured: their documents, and what each request asks and must be answered.

use crate::casework::{Casework, Waiting};
use crate::client::{Ask, Expect};
use crate::directory::{Directory, Organization};
use crate::random::Random;
use clap::ValueEnum;
use passerelle::domain::global_id::{Kind, encode};
use serde_json::json;
use uuid::Uuid;

/// How many different requests a read is asked with.
const VARIETY: usize = 5_000;

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Operation {
    /// The first 20 services of a category in an area, with organization and locations, for everybody.
    Q1,
    /// A case by its identifier, with its referrals and what became of each goal.
    Q2,
    /// A provider's inbox: the newest 50 in a state, and how many there are.
    Q3,
    /// A provider accepts a referral.
    M1,
    /// A provider reports delivery and outcomes.
    M2,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    CaseManager,
    Intake,
    Worker,
}

impl Person {
    /// All of them, in the order in which tokens are listed for each organization.
    pub const ALL: [Self; 3] = [Self::CaseManager, Self::Intake, Self::Worker];

    /// The person's key at an organization.
    pub fn at(self, organization: &Organization) -> Uuid {
        match self {
            Self::CaseManager => organization.case_manager,
            Self::Intake => organization.intake,
            Self::Worker => organization.worker,
        }
    }

    /// The place of the person's token, for the organization at this place.
    fn token(self, organization: usize) -> Option<usize> {
        let place = Self::ALL.iter().position(|person| *person == self)?;
        Some(organization * Self::ALL.len() + place)
    }
}

impl Operation {
    /// All operations, in the order they are measured.
    pub const ALL: [Self; 5] = [Self::Q1, Self::Q2, Self::Q3, Self::M1, Self::M2];

    /// What it is, in words.
    pub fn told(self) -> &'static str {
        match self {
            Self::Q1 => "directory page: 20 services of a category in an area, with organization and locations",
            Self::Q2 => "a case by identifier, with referrals and outcomes",
            Self::Q3 => "a provider's inbox: the newest 50 of a state, and their number",
            Self::M1 => "accept a referral",
            Self::M2 => "report delivery and outcomes",
        }
    }

    /// Whether each of its requests can be sent only once.
    pub fn writes(self) -> bool {
        matches!(self, Self::M1 | Self::M2)
    }

    /// The document that is sent.
    pub fn document(self) -> &'static str {
        match self {
            Self::Q1 => {
                "query($category: [String!], $area: ID) { services(first: 20, filter: { category: $category, areaId: $area }) \
                 { nodes { id name organization { name } locations { location { name latitude longitude } } } } }"
            }
            Self::Q2 => {
                "query($identifier: String!) { case(by: { identifier: $identifier }) { id identifier referrals { nodes { \
                 id status service { name } receiver { name } goals { position result achievedOn quantity unit } } } } }"
            }
            Self::Q3 => {
                "query($status: [ReferralStatus!]) { referrals(first: 50, filter: { direction: RECEIVED, status: $status }) \
                 { totalCount nodes { id caseIdentifier urgency createdAt service { name } } } }"
            }
            Self::M1 => {
                "mutation($input: AcceptReferralInput!) { acceptReferral(input: $input) { referral { id status version } \
                 userErrors { code field message } } }"
            }
            Self::M2 => {
                "mutation($input: CompleteReferralInput!) { completeReferral(input: $input) { referral { id status version \
                 } userErrors { code field message } } }"
            }
        }
    }

    /// The requests: for reads a variety to choose from, for writes each of them once.
    pub fn asks(self, directory: &Directory, casework: &Casework, random: &mut Random) -> Vec<Ask> {
        match self {
            Self::Q1 => pages(directory),
            Self::Q2 => (0..VARIETY).map(|_| case(casework, random)).collect(),
            Self::Q3 => inboxes(casework),
            Self::M1 => shuffled(&casework.to_accept, random).map(accept).collect(),
            Self::M2 => shuffled(&casework.to_complete, random).map(complete).collect(),
        }
    }
}

/// The fullest pages: those of 20, or the ten fullest where the network is too small for such.
fn pages(directory: &Directory) -> Vec<Ask> {
    let mut reach: Vec<_> =
        directory.reach.iter().map(|((category, area), count)| (*count, *category, *area)).collect();
    reach.sort_by(|one, other| other.cmp(one));
    let full = reach.iter().filter(|(count, ..)| *count >= 20).count();
    reach.truncate(full.max(10));
    let ask = |(count, category, area): (usize, usize, Uuid)| Ask {
        token: None,
        variables: json!({ "category": [directory.categories[category].code], "area": encode(Kind::Area, area) }),
        expect: vec![
            Expect::Items("/data/services/nodes".into(), count.min(20)),
            Expect::Text("/data/services/nodes/0/organization/name".into(), "Organization ".into()),
            Expect::Text("/data/services/nodes/0/locations/0/location/name".into(), "Center ".into()),
        ],
    };
    reach.into_iter().map(ask).collect()
}

fn case(casework: &Casework, random: &mut Random) -> Ask {
    let case = &casework.cases[random.below(casework.cases.len())];
    Ask {
        token: Person::CaseManager.token(case.holder),
        variables: json!({ "identifier": case.identifier }),
        expect: vec![
            Expect::Items("/data/case/referrals/nodes".into(), case.referrals),
            Expect::Items("/data/case/referrals/nodes/0/goals".into(), 2),
            Expect::Text("/data/case/referrals/nodes/0/receiver/name".into(), "Organization ".into()),
            Expect::Text("/data/case/referrals/nodes/0/service/name".into(), "Service ".into()),
        ],
    }
}

/// Inboxes of states that the writes of this benchmark do not change, so that their numbers stay as they are.
fn inboxes(casework: &Casework) -> Vec<Ask> {
    let mut kept: Vec<_> = casework
        .inboxes
        .iter()
        .filter(|((_, state), _)| ["SENT", "IN_SERVICE", "DECLINED"].contains(state))
        .map(|((receiver, state), count)| (*receiver, *state, *count))
        .collect();
    kept.sort_unstable();
    let full = kept.iter().any(|(.., count)| *count >= 50);
    kept.retain(|(.., count)| *count >= 50 || !full);
    let ask = |(receiver, state, count): (usize, &str, usize)| Ask {
        token: Person::Intake.token(receiver),
        variables: json!({ "status": [state] }),
        expect: vec![
            Expect::Items("/data/referrals/nodes".into(), count.min(50)),
            Expect::Number("/data/referrals/totalCount".into(), count as i64),
            Expect::Text("/data/referrals/nodes/0/service/name".into(), "Service ".into()),
        ],
    };
    kept.into_iter().map(ask).collect()
}

fn shuffled<'a>(waiting: &'a [Waiting], random: &mut Random) -> impl Iterator<Item = &'a Waiting> {
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last + 1));
    }
    order.into_iter().map(|place| &waiting[place])
}

fn accept(waiting: &Waiting) -> Ask {
    let input = json!({
        "idempotencyKey": format!("accept-{}", waiting.id),
        "referralId": encode(Kind::Referral, waiting.id),
        "expectedVersion": waiting.version,
    });
    Ask {
        token: Person::Intake.token(waiting.receiver),
        variables: json!({ "input": input }),
        expect: moved("acceptReferral", "ACCEPTED", waiting),
    }
}

fn complete(waiting: &Waiting) -> Ask {
    let outcome = |goal: Uuid| {
        json!({ "goalId": encode(Kind::Goal, goal), "result": "ACHIEVED", "achievedOn": "2026-11-20", "quantity": 2.5,
            "unit": "months", "note": "has a workshop and a first customer" })
    };
    let input = json!({
        "idempotencyKey": format!("complete-{}", waiting.id),
        "referralId": encode(Kind::Referral, waiting.id),
        "expectedVersion": waiting.version,
        "serviceOn": "2026-11-20",
        "firstContactOn": "2026-11-10",
        "outcomes": waiting.goals.iter().map(|goal| outcome(goal.id)).collect::<Vec<_>>(),
    });
    Ask {
        token: Person::Worker.token(waiting.receiver),
        variables: json!({ "input": input }),
        expect: moved("completeReferral", "COMPLETED", waiting),
    }
}

fn moved(mutation: &str, status: &str, waiting: &Waiting) -> Vec<Expect> {
    vec![
        Expect::Items(format!("/data/{mutation}/userErrors"), 0),
        Expect::Text(format!("/data/{mutation}/referral/status"), status.into()),
        Expect::Number(format!("/data/{mutation}/referral/version"), i64::from(waiting.version) + 1),
    ]
}
