//! One case that is prepared for the five steps that the welcome shows: each step has a need or a referral of its own,
//! so that each can be done first, last and twice.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::cast::Post;
use super::organizations::{MUNICIPALITY, PARTNER};
use super::services::{LOOP_OFFER, OFFERS};
use super::stage::{Placed, Stage, found};
use super::walk::CaseState;
use super::written::{add_need, agree, complete, plain, start};
use super::{DAY, HOUR};
use crate::domain::case::{AgeBand, ConsentMethod, Sex, Urgency};
use crate::domain::global_id::{Kind, encode};
use crate::domain::id::{NeedId, ReferralId};
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::referral::GoalResult;
use crate::domain::rule::Outcome;
use crate::usecase::case::{self, Open};
use crate::usecase::referral::{self, Which};

/// The needs of the case, one for each step after publishing, and one for those who walk the whole loop themselves.
const GOALS: [&str; 5] = [
    "Obtenir une carte d’identité en cours de validité.",
    "Obtenir l’acte de naissance du plus jeune enfant.",
    "Faire transcrire un acte établi à l’étranger.",
    "Obtenir un certificat de résidence.",
    "Obtenir un livret de famille.",
];

/// The versions at which the prepared referrals wait.
pub const SENT_VERSION: i32 = 2;
/// See [`SENT_VERSION`].
pub const IN_SERVICE_VERSION: i32 = 4;

/// Prepares the case.
///
/// # Errors
/// What a use case refuses.
pub async fn prepare(stage: &mut Stage<'_>) -> Outcome<()> {
    let service =
        found(stage.services.iter().copied().find(|one| std::ptr::eq(one.offer, &OFFERS[LOOP_OFFER])), "service")?;
    let manager = stage.actor(PARTNER, Post::Cases)?.clone();
    stage.ago(9 * DAY);
    let input = Open {
        program: stage.programs[0],
        area: Some(stage.areas[4]),
        age_band: Some(AgeBand::From25To39),
        sex: Some(Sex::Female),
        language: Some("fr".into()),
        return_facts: None,
    };
    let mut key = String::new();
    let id = case::open(stage.app, stage.ask(&manager, "openCase", &mut key), input).await?;
    let mut case = CaseState { id, version: 1 };
    agree(&stage.hand, &manager, case, stage.organizations[MUNICIPALITY], ConsentMethod::Written).await?;
    case.version += 1;
    let mut needs = Vec::with_capacity(GOALS.len());
    for goal in &GOALS {
        needs.push(add_need(&stage.hand, &manager, case, service.offer.category, Urgency::Routine, &[goal]).await?);
        case.version += 1;
    }
    stage.mark("loop.case", id);
    stage.mark("loop.service", service.id);
    stage.mark("loop.area", stage.areas[4]);
    for (name, need) in [("loop.need.refer", needs[0]), ("loop.need.console", needs[4])] {
        stage.mark(name, need);
    }
    let close = waiting(stage, case, needs[3], service, 3).await?;
    stage.mark("loop.close", close);
    let report = waiting(stage, case, needs[2], service, 2).await?;
    stage.mark("loop.report", report);
    let goals = found(referral::after(stage.app, &Sight::of(&manager), report, &Parts::All).await?, "referral")?.goals;
    stage.mark("loop.goal", found(goals.first(), "goal")?.id);
    let accept = waiting(stage, case, needs[1], service, 0).await?;
    stage.mark("loop.accept", accept);
    Ok(())
}

/// A referral that has been sent and has come so many steps further: accepted, in service, completed.
async fn waiting(stage: &Stage<'_>, case: CaseState, need: NeedId, service: Placed, steps: u8) -> Outcome<ReferralId> {
    let (manager, mut key) = (stage.actor(PARTNER, Post::Cases)?, String::new());
    stage.ago(HOUR + 2 * DAY * i64::from(steps));
    let ask = stage.ask(manager, "createReferral", &mut key);
    let id = referral::create(stage.app, ask, plain(case.id, need, service.id, true)).await?;
    let (intake, worker) = (stage.actor(MUNICIPALITY, Post::Intake)?, stage.actor(MUNICIPALITY, Post::Worker)?);
    let which = |expected_version| Which { referral: id, expected_version };
    if steps > 0 {
        stage.ago(2 * DAY * i64::from(steps) - DAY);
        referral::accept(stage.app, stage.ask(intake, "acceptReferral", &mut key), which(SENT_VERSION), None).await?;
    }
    if steps > 1 {
        stage.ago(2 * DAY * i64::from(steps) - 2 * DAY);
        start(&stage.hand, worker, which(SENT_VERSION + 1)).await?;
    }
    if steps > 2 {
        stage.ago(DAY);
        complete(&stage.hand, worker, which(IN_SERVICE_VERSION), GoalResult::Achieved, None).await?;
    }
    Ok(id)
}

/// The prepared rows, found again by their names, as public ids.
#[derive(Debug, Clone)]
pub struct LoopIds {
    pub case: String,
    pub service: String,
    pub area: String,
    pub need: String,
    pub console_need: String,
    pub accept: String,
    pub report: String,
    pub goal: String,
    pub close: String,
    /// The day on which the network was made, ISO 8601.
    pub made_on: String,
}

impl LoopIds {
    /// Finds them; nothing when the network is not whole.
    #[must_use]
    pub fn read(marks: &BTreeMap<String, Uuid>) -> Option<Self> {
        let id = |kind, name: &str| marks.get(name).map(|key| encode(kind, *key));
        let report = *marks.get("loop.report")?;
        Some(Self {
            case: id(Kind::Case, "loop.case")?,
            service: id(Kind::Service, "loop.service")?,
            area: id(Kind::Area, "loop.area")?,
            need: id(Kind::Need, "loop.need.refer")?,
            console_need: id(Kind::Need, "loop.need.console")?,
            accept: id(Kind::Referral, "loop.accept")?,
            report: encode(Kind::Referral, report),
            goal: id(Kind::Goal, "loop.goal")?,
            close: id(Kind::Referral, "loop.close")?,
            made_on: made_on(report)?,
        })
    }
}

/// A version 7 key tells when it was made.
fn made_on(key: Uuid) -> Option<String> {
    let (seconds, _) = key.get_timestamp()?.to_unix();
    let instant = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(crate::domain::clock::date_of(instant).to_string())
}
