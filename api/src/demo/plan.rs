//! What will have happened, planned backward from now: each referral ends where the table says, and its steps lie
//! before that.

use super::organizations::{NETWORK, PARTNER, REGION};
use super::places::serves;
use super::random::Random;
use super::services::{Offer, Standing};
use super::stage::Stage;
use super::{DAY, HOUR};
use crate::domain::referral::{LoopMeaning, Reason};

/// Where a referral ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Draft,
    Sent,
    Acknowledged,
    Accepted,
    InService,
    Completed,
    Closed(LoopMeaning),
    Declined(Reason),
    Withdrawn(Reason),
}

/// How many referrals end up where.
const ENDS: &[(End, usize)] = &[
    (End::Draft, 8),
    (End::Sent, 20),
    (End::Acknowledged, 18),
    (End::Accepted, 20),
    (End::InService, 24),
    (End::Completed, 14),
    (End::Closed(LoopMeaning::Met), 33),
    (End::Closed(LoopMeaning::PartlyMet), 8),
    (End::Closed(LoopMeaning::NotMet), 3),
    (End::Closed(LoopMeaning::NoLongerNeeded), 2),
    (End::Declined(Reason::NoCapacity), 6),
    (End::Declined(Reason::NotEligible), 4),
    (End::Declined(Reason::OutOfArea), 3),
    (End::Declined(Reason::WrongService), 2),
    (End::Declined(Reason::Other), 2),
    (End::Declined(Reason::PersonDeclined), 1),
    (End::Withdrawn(Reason::PersonMoved), 4),
    (End::Withdrawn(Reason::NoLongerNeeded), 3),
    (End::Withdrawn(Reason::OrganizationUnreachable), 3),
];

/// How many of the declined and withdrawn are followed by another attempt.
const SECOND_ATTEMPTS: usize = 20;

/// How many cases there are, beside the prepared one.
pub const CASES: usize = 40;

/// Something that happens, at an instant in UTC microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub at: i64,
    pub what: What,
}

/// What happens; numbers are those of the plan's cases and referrals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Open(usize),
    Need(usize),
    Consent(usize),
    Create(usize),
    CreateAndSend(usize),
    Send(usize),
    Acknowledge(usize),
    Accept(usize),
    Start(usize),
    Complete(usize),
    Close(usize, LoopMeaning),
    Decline(usize, Reason),
    Withdraw(usize, Reason),
}

/// A case that will have been opened.
#[derive(Debug, Clone, Copy)]
pub struct CasePlan {
    pub holder: usize,
    pub program: usize,
    pub area: usize,
}

/// A referral that will have been made.
#[derive(Debug, Clone, Copy)]
pub struct ReferralPlan {
    pub case: usize,
    /// The service's number on the stage.
    pub service: usize,
    /// The earlier referral for the same need, if this is another attempt.
    pub previous: Option<usize>,
}

/// The plan: what there is, and what happens, in the order of time.
pub struct Plan {
    pub cases: Vec<CasePlan>,
    pub referrals: Vec<ReferralPlan>,
    pub steps: Vec<Step>,
}

/// Makes the plan.
pub fn plan(stage: &Stage<'_>, random: &mut Random) -> Plan {
    let cases: Vec<CasePlan> = (0..CASES).map(case).collect();
    let mut ends: Vec<End> = ENDS.iter().flat_map(|(end, count)| std::iter::repeat_n(*end, *count)).collect();
    random.shuffle(&mut ends);
    let mut referrals: Vec<ReferralPlan> = Vec::with_capacity(ends.len());
    let mut chains: Vec<Vec<Step>> = Vec::with_capacity(ends.len());
    let failed = |end: &End| matches!(end, End::Declined(_) | End::Withdrawn(_));
    // Those that go on come first, so that a failed attempt can be planned to lie before the one that follows it.
    ends.sort_by_key(failed);
    let first_failed = ends.iter().position(failed).unwrap_or(ends.len());
    for (number, end) in ends.iter().enumerate() {
        let follows = number.checked_sub(first_failed).filter(|after| *after < SECOND_ATTEMPTS);
        let case = follows.map_or(number % CASES, |after| referrals[after].case);
        let like = follows.map(|after| referrals[after].service);
        let service = target(stage, random, &cases[case], like);
        let last = match follows.and_then(|after| chains[after].first()) {
            Some(next) => next.at - random.between(HOUR, 2 * DAY),
            None => stage.now - age(random, *end),
        };
        if let Some(after) = follows {
            referrals[after].previous = Some(number);
        }
        referrals.push(ReferralPlan { case, service, previous: None });
        chains.push(chain(random, number, *end, last));
    }
    let steps = in_order(random, &cases, &referrals, chains);
    Plan { cases, referrals, steps }
}

fn case(number: usize) -> CasePlan {
    let (holder, program, areas): (usize, usize, &[usize]) = match number % 5 {
        0 => (PARTNER, 0, &[4, 5]),
        1 => (NETWORK, 1, &[6, 7]),
        2 => (PARTNER, 2, &[8, 9]),
        3 => (REGION, 2, &[8, 9]),
        _ => (NETWORK, 0, &[4, 6]),
    };
    CasePlan { holder, program, area: areas[(number / 5) % areas.len()] }
}

/// A service that takes referrals where the person lives and is not the holder's own; of the same category as `like` where one is given.
fn target(stage: &Stage<'_>, random: &mut Random, case: &CasePlan, like: Option<usize>) -> usize {
    let open = |offer: &Offer| {
        // What is for women only is left to the prepared case, so that no plan breaks a rule.
        let restricted = offer.standing == Standing::Sheltered && offer.category == "SOC.IND.HOUSING";
        matches!(offer.standing, Standing::Open | Standing::Sheltered)
            && !restricted
            && offer.organization != case.holder
    };
    let fits = |number: usize, strict: bool| {
        let offer = stage.services[number].offer;
        let alike = like
            .is_none_or(|like| stage.services[like].offer.category == offer.category && (!strict || like != number));
        open(offer) && alike && serves(stage.services[number].area, case.area)
    };
    let all = |strict| (0..stage.services.len()).filter(|number| fits(*number, strict)).collect::<Vec<usize>>();
    random.pick(&all(true)).or_else(|| random.pick(&all(false))).unwrap_or(0)
}

/// How long ago the last step was. What waits for somebody is overdue in about one case of four.
fn age(random: &mut Random, end: End) -> i64 {
    match end {
        End::Draft => random.between(HOUR, 2 * DAY),
        End::Sent if random.chance(25) => random.between(6 * DAY, 9 * DAY),
        End::Sent => random.between(HOUR, 30 * HOUR),
        End::Acknowledged if random.chance(25) => random.between(15 * DAY, 18 * DAY),
        End::Acknowledged => random.between(2 * HOUR, 4 * DAY),
        End::Accepted if random.chance(25) => random.between(15 * DAY, 20 * DAY),
        End::Accepted => random.between(3 * HOUR, 6 * DAY),
        End::InService => random.between(DAY, 18 * DAY),
        End::Completed => random.between(4 * HOUR, 8 * DAY),
        End::Closed(_) => random.between(2 * HOUR, 22 * DAY),
        End::Declined(_) | End::Withdrawn(_) => random.between(5 * HOUR, 25 * DAY),
    }
}

/// The steps of one referral, the last of them at `last`.
fn chain(random: &mut Random, number: usize, end: End, last: i64) -> Vec<Step> {
    let at_once = random.chance(65);
    let begin: &[What] =
        if at_once { &[What::CreateAndSend(number)] } else { &[What::Create(number), What::Send(number)] };
    let mut whats: Vec<What> = if end == End::Draft { vec![What::Create(number)] } else { begin.to_vec() };
    let (acknowledged, accepted) = (What::Acknowledge(number), What::Accept(number));
    let (started, completed) = (What::Start(number), What::Complete(number));
    match end {
        End::Draft | End::Sent => {}
        End::Acknowledged => whats.push(acknowledged),
        End::Accepted => whats.extend([acknowledged, accepted]),
        End::InService => whats.extend([acknowledged, accepted, started]),
        End::Completed => whats.extend([acknowledged, accepted, started, completed]),
        End::Closed(meaning) => {
            whats.extend([acknowledged, accepted, started, completed, What::Close(number, meaning)]);
        }
        End::Declined(reason) => whats.extend([acknowledged, What::Decline(number, reason)]),
        End::Withdrawn(reason) => whats.push(What::Withdraw(number, reason)),
    }
    let mut at = last;
    let mut steps = Vec::with_capacity(whats.len());
    for what in whats.into_iter().rev() {
        steps.push(Step { at, what });
        at -= gap(random, what);
    }
    steps.reverse();
    steps
}

/// How long before a step the one before it was.
fn gap(random: &mut Random, what: What) -> i64 {
    match what {
        What::Send(_) => random.between(HOUR / 4, DAY),
        What::Acknowledge(_) => random.between(HOUR / 2, 36 * HOUR),
        What::Accept(_) | What::Decline(..) => random.between(3 * HOUR, 3 * DAY),
        What::Start(_) => random.between(DAY, 5 * DAY),
        What::Complete(_) => random.between(3 * DAY, 12 * DAY),
        What::Close(..) => random.between(6 * HOUR, 4 * DAY),
        What::Withdraw(..) => random.between(DAY, 3 * DAY),
        What::Open(_) | What::Need(_) | What::Consent(_) | What::Create(_) | What::CreateAndSend(_) => 0,
    }
}

/// All steps by time: each case is opened before its first referral, each need is added when it is first referred.
fn in_order(random: &mut Random, cases: &[CasePlan], referrals: &[ReferralPlan], chains: Vec<Vec<Step>>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut opened = vec![i64::MAX; cases.len()];
    for (number, chain) in chains.iter().enumerate() {
        let Some(first) = chain.first() else { continue };
        let case = referrals[number].case;
        let before = first.at - HOUR / 6;
        if referrals[number].previous.is_none() {
            steps.push(Step { at: before, what: What::Need(number) });
        }
        steps.push(Step { at: before + HOUR / 12, what: What::Consent(number) });
        opened[case] = opened[case].min(before);
    }
    for (case, first) in opened.into_iter().enumerate().filter(|(_, first)| *first < i64::MAX) {
        steps.push(Step { at: first - random.between(HOUR, 30 * HOUR), what: What::Open(case) });
    }
    steps.extend(chains.into_iter().flatten());
    steps.sort_by_key(|step| step.at);
    steps
}
