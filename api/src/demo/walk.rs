//! The plan is lived through: each step is the use case that a partner's request would run.

use std::collections::BTreeSet;

use super::cast::Post;
use super::plan::{CasePlan, Plan, Step, What};
use super::random::Random;
use super::stage::{Placed, Stage, found};
use super::texts;
use super::written::{add_need, agree, complete, plain, start};
use crate::domain::actor::Actor;
use crate::domain::case::{
    AgeBand, Assistance, ConsentMethod, HostLegalSituation, ReturnFacts, Sex, Urgency, Voluntariness,
};
use crate::domain::id::{CaseId, NeedId};
use crate::domain::referral::{GoalResult, LoopMeaning, Reason};
use crate::domain::rule::Outcome;
use crate::domain::sealed::Private;
use crate::usecase::case::{self, Open};
use crate::usecase::referral::{self, Cited, CloseLoop, Create, Decline, Which, Withdraw};

/// A case as it stands.
#[derive(Debug, Clone, Copy)]
pub struct CaseState {
    pub id: CaseId,
    pub version: i32,
}

/// A referral as it stands.
#[derive(Debug, Clone, Copy)]
struct ReferralState {
    need: NeedId,
    which: Option<Which>,
}

struct Walk<'s, 'a> {
    stage: &'s Stage<'a>,
    cases: Vec<CasePlan>,
    plan: Vec<super::plan::ReferralPlan>,
    opened: Vec<Option<CaseState>>,
    begun: Vec<Option<ReferralState>>,
    agreed: BTreeSet<(usize, usize)>,
}

/// Lives through all steps.
///
/// # Errors
/// What a use case refuses.
pub async fn walk(stage: &mut Stage<'_>, random: &mut Random, plan: Plan, progress: &dyn Fn(u64, u64)) -> Outcome<()> {
    let total = u64::try_from(plan.steps.len()).unwrap_or(u64::MAX);
    let mut walk = Walk {
        opened: vec![None; plan.cases.len()],
        begun: vec![None; plan.referrals.len()],
        agreed: BTreeSet::new(),
        cases: plan.cases,
        plan: plan.referrals,
        stage,
    };
    for (done, step) in (1..).zip(plan.steps) {
        walk.step(random, step).await?;
        progress(done, total);
    }
    Ok(())
}

impl Walk<'_, '_> {
    async fn step(&mut self, random: &mut Random, step: Step) -> Outcome<()> {
        self.stage.at(step.at);
        match step.what {
            What::Open(number) => self.open(random, number).await,
            What::Need(number) => self.need(random, number).await,
            What::Consent(number) => self.consent(random, number).await,
            What::Create(number) => self.create(random, number, false).await,
            What::CreateAndSend(number) => self.create(random, number, true).await,
            What::Send(number) => self.send(number).await,
            What::Acknowledge(number) => self.acknowledge(number).await,
            What::Accept(number) => self.accept(number).await,
            What::Start(number) => self.start(number).await,
            What::Complete(number) => self.complete(random, number).await,
            What::Close(number, meaning) => self.close(number, meaning).await,
            What::Decline(number, reason) => self.decline(number, reason).await,
            What::Withdraw(number, reason) => self.withdraw(number, reason).await,
        }
    }

    fn placed(&self, number: usize) -> Placed {
        self.stage.services[self.plan[number].service]
    }

    fn case(&self, number: usize) -> Outcome<CaseState> {
        found(self.opened[self.plan[number].case], "case")
    }

    fn sender(&self, number: usize) -> Outcome<&Actor> {
        self.stage.actor(self.cases[self.plan[number].case].holder, Post::Cases)
    }

    fn receiver(&self, number: usize, post: Post) -> Outcome<&Actor> {
        self.stage.actor(self.placed(number).offer.organization, post)
    }

    fn which(&self, number: usize) -> Outcome<Which> {
        found(self.begun[number].and_then(|begun| begun.which), "referral")
    }

    /// Every command on a referral raises its version by one.
    fn moved(&mut self, number: usize) {
        if let Some(which) = self.begun[number].as_mut().and_then(|begun| begun.which.as_mut()) {
            which.expected_version += 1;
        }
    }

    fn case_moved(&mut self, number: usize) {
        if let Some(case) = self.opened[self.plan[number].case].as_mut() {
            case.version += 1;
        }
    }

    async fn open(&mut self, random: &mut Random, number: usize) -> Outcome<()> {
        let plan = self.cases[number];
        let actor = self.stage.actor(plan.holder, Post::Cases)?;
        let input = Open {
            program: self.stage.programs[plan.program],
            area: Some(self.stage.areas[plan.area]),
            age_band: random.pick(&[
                AgeBand::From18To24,
                AgeBand::From25To39,
                AgeBand::From25To39,
                AgeBand::From40To59,
            ]),
            sex: random.pick(&[Sex::Female, Sex::Male, Sex::Male]),
            language: random.pick(&["fr", "wo", "ff", "ar"]).map(str::to_owned),
            return_facts: Some(facts(random)),
        };
        let mut key = String::new();
        let id = case::open(self.stage.app, self.stage.ask(actor, "openCase", &mut key), input).await?;
        self.opened[number] = Some(CaseState { id, version: 1 });
        Ok(())
    }

    async fn need(&mut self, random: &mut Random, number: usize) -> Outcome<()> {
        let case = self.case(number)?;
        let category = self.placed(number).offer.category;
        let urgency = match random.below(10) {
            0 => Urgency::Emergency,
            1..=3 => Urgency::Urgent,
            _ => Urgency::Routine,
        };
        let need =
            add_need(&self.stage.hand, self.sender(number)?, case, category, urgency, texts::goals(category)).await?;
        self.begun[number] = Some(ReferralState { need, which: None });
        self.case_moved(number);
        Ok(())
    }

    async fn consent(&mut self, random: &mut Random, number: usize) -> Outcome<()> {
        let organization = self.placed(number).offer.organization;
        if !self.agreed.insert((self.plan[number].case, organization)) {
            return Ok(());
        }
        let method = random.pick(&[ConsentMethod::Written, ConsentMethod::Verbal, ConsentMethod::Mark]);
        let receiver = self.stage.organizations[organization];
        let method = method.unwrap_or(ConsentMethod::Verbal);
        agree(&self.stage.hand, self.sender(number)?, self.case(number)?, receiver, method).await?;
        self.case_moved(number);
        Ok(())
    }

    async fn create(&mut self, random: &mut Random, number: usize, send: bool) -> Outcome<()> {
        let previous = self.plan[number].previous;
        let earlier = previous.and_then(|earlier| self.begun[earlier]);
        let begun = found(self.begun[number].or(earlier), "need")?;
        let background = if random.chance(60) { random.pick(&texts::BACKGROUNDS) } else { None };
        let input = Create {
            background: background.map(|text| Private::new(text.to_owned())),
            client_reference: random.chance(30).then(|| Private::new(format!("DOSSIER-{:04}", 1000 + number))),
            previous: earlier.and_then(|earlier| earlier.which).map(|which| which.referral),
            ..plain(self.case(number)?.id, begun.need, self.placed(number).id, send)
        };
        let mut key = String::new();
        let ask = self.stage.ask(self.sender(number)?, "createReferral", &mut key);
        let referral = referral::create(self.stage.app, ask, input).await?;
        let which = Which { referral, expected_version: if send { 2 } else { 1 } };
        self.begun[number] = Some(ReferralState { need: begun.need, which: Some(which) });
        Ok(())
    }

    async fn send(&mut self, number: usize) -> Outcome<()> {
        let (mut key, which) = (String::new(), self.which(number)?);
        let ask = self.stage.ask(self.sender(number)?, "sendReferral", &mut key);
        let how = referral::Send { consent: None, person_informed: true, stands_in: None, hold_place: false };
        referral::send(self.stage.app, ask, which, how).await?;
        self.moved(number);
        Ok(())
    }

    async fn acknowledge(&mut self, number: usize) -> Outcome<()> {
        let (mut key, which) = (String::new(), self.which(number)?);
        let actor = self.receiver(number, Post::Intake)?;
        referral::read(self.stage.app, actor, which.referral).await?;
        let ask = self.stage.ask(actor, "acknowledgeReferral", &mut key);
        referral::acknowledge(self.stage.app, ask, which).await?;
        self.moved(number);
        Ok(())
    }

    async fn accept(&mut self, number: usize) -> Outcome<()> {
        let (mut key, which) = (String::new(), self.which(number)?);
        let ask = self.stage.ask(self.receiver(number, Post::Intake)?, "acceptReferral", &mut key);
        referral::accept(self.stage.app, ask, which, None).await?;
        self.moved(number);
        Ok(())
    }

    async fn start(&mut self, number: usize) -> Outcome<()> {
        let which = self.which(number)?;
        start(&self.stage.hand, self.receiver(number, Post::Worker)?, which).await?;
        self.moved(number);
        Ok(())
    }

    async fn complete(&mut self, random: &mut Random, number: usize) -> Outcome<()> {
        let which = self.which(number)?;
        let result = match random.below(10) {
            0 => GoalResult::NotAchieved,
            1..=2 => GoalResult::Partly,
            _ => GoalResult::Achieved,
        };
        let note = random.pick(&texts::OUTCOMES);
        complete(&self.stage.hand, self.receiver(number, Post::Worker)?, which, result, note).await?;
        self.moved(number);
        Ok(())
    }

    async fn close(&mut self, number: usize, meaning: LoopMeaning) -> Outcome<()> {
        let (mut key, which) = (String::new(), self.which(number)?);
        let ask = self.stage.ask(self.sender(number)?, "closeReferralLoop", &mut key);
        referral::close_loop(self.stage.app, ask, CloseLoop { which, meaning, confirmed_by: None }).await?;
        self.moved(number);
        Ok(())
    }

    async fn decline(&mut self, number: usize, reason: Reason) -> Outcome<()> {
        let (mut key, which) = (String::new(), self.which(number)?);
        let ask = self.stage.ask(self.receiver(number, Post::Intake)?, "declineReferral", &mut key);
        referral::decline(self.stage.app, ask, Decline { which, reason, note: note(reason), cited: cited(reason) })
            .await?;
        self.moved(number);
        Ok(())
    }

    async fn withdraw(&mut self, number: usize, reason: Reason) -> Outcome<()> {
        let (mut key, which) = (String::new(), self.which(number)?);
        let ask = self.stage.ask(self.sender(number)?, "withdrawReferral", &mut key);
        referral::withdraw(self.stage.app, ask, Withdraw { which, reason, note: note(reason), channel: None }).await?;
        self.moved(number);
        Ok(())
    }
}

fn cited(reason: Reason) -> Cited {
    let proposed = (reason == Reason::NotEligible).then(|| texts::NOT_ELIGIBLE.to_owned());
    Cited { criterion: None, proposed }
}

fn note(reason: Reason) -> Option<Private<String>> {
    let text = match reason {
        Reason::Other => texts::OTHER,
        _ => return None,
    };
    Some(Private::new(text.to_owned()))
}

fn facts(random: &mut Random) -> ReturnFacts {
    ReturnFacts {
        voluntariness: random.pick(&[Voluntariness::Voluntary, Voluntariness::Obliged, Voluntariness::Undisclosed]),
        assistance: random.pick(&[Assistance::Assisted, Assistance::Assisted, Assistance::Unassisted]),
        host_legal_situation: random.pick(&[HostLegalSituation::Irregular, HostLegalSituation::Unknown]),
        return_instrument: None,
        humanitarian_setting: random.chance(25),
        host_country: random.pick(&["MR", "MA", "DZ"]).map(str::to_owned),
    }
}
