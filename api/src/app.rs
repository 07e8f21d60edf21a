//! All that a use case may reach for: the database's door, the clock, the keys.

use crate::domain::actor::Actor;
use crate::domain::budget::Rates;
use crate::domain::case::{Case, CaseAlias, Consent, ConsentField, ReturnFacts};
use crate::domain::case_transfer::CaseTransfer;
use crate::domain::clock::Clock;
use crate::domain::code::Code as _;
use crate::domain::consent::ConsentOverride;
use crate::domain::disclosed::Disclosed;
use crate::domain::id::{DirectServiceId, GoalId, OrganizationId, PersonId, ReferralId};
use crate::domain::person::PersonField;
use crate::domain::plan::{DirectService, PlanItem, StageChange};
use crate::domain::referral::{Question, Referral, ReferralGoal};
use crate::domain::rule::Fault;
use crate::domain::sealed::{Private, Sealed};
use crate::oidc::Providers;
use crate::outgoing::Egress;
use crate::store::door::Door;
use crate::store::sealing::{Place, Sealer};
use crate::token::{Claims, Keyring, SKEW_SECONDS};
use crate::usecase::budget::Budgets;
use std::sync::Arc;

/// What a deployment may set differently.
#[derive(Debug, Clone)]
pub struct Policy {
    /// After how many days without confirmation a service is stale.
    pub service_max_age_days: i32,
    /// The fewest persons of whom a figure is told to those who work in a program, 3 at least.
    pub fewest_inside: i64,
    /// The fewest persons of whom a figure is told to all others, not fewer than inside.
    pub fewest_outside: i64,
    /// How much may be asked for.
    pub rates: Rates,
    /// Above how many rows somebody else must agree to an export.
    pub export_rows_alone: i64,
}

impl Policy {
    /// The fewest persons of whom a figure of a program is told to somebody who works in it, or who only pays for it.
    #[must_use]
    pub fn fewest(&self, only_pays: bool) -> i64 {
        if only_pays { self.fewest_outside } else { self.fewest_inside }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            service_max_age_days: crate::domain::service::MAX_AGE_DAYS,
            fewest_inside: crate::domain::suppression::FEWEST_INSIDE,
            fewest_outside: crate::domain::suppression::FEWEST_OUTSIDE,
            rates: Rates::default(),
            export_rows_alone: crate::domain::bulk::ROWS_ALONE,
        }
    }
}

/// The running server's parts.
pub struct App {
    pub store: Door,
    pub clock: Arc<dyn Clock>,
    pub tokens: Keyring,
    pub sealer: Sealer,
    pub policy: Policy,
    /// What may still be asked for, as this node knows it.
    pub budgets: Budgets,
    /// Where identity providers are asked for their keys.
    pub providers: Providers,
    /// How webhooks leave.
    pub egress: Egress,
}

/// Why a token's bearer is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIdentified {
    /// The bearer is unknown, no longer active, or the token was issued before access ended.
    Refused,
    /// It can't be looked up now.
    Unavailable,
}

impl App {
    /// Who a verified token speaks for, as the database knows them at this moment: the one function that says whether
    /// access still stands. Requests ask it each time, and what stays open must ask it at least every five seconds. It
    /// does not stand when the token's time is over, when the member or application has ended or lost a right, and when
    /// its organization has ended. An application's token that names scopes carries no others.
    ///
    /// # Errors
    /// See [`NotIdentified`].
    pub async fn identify(&self, claims: &Claims) -> Result<Actor, NotIdentified> {
        if self.clock.now().as_second() >= claims.exp.saturating_add(SKEW_SECONDS) {
            return Err(NotIdentified::Refused);
        }
        match self.store.actor(claims.sub, claims.org, claims.epoch, claims.org_epoch).await {
            Ok(Some(actor)) => Ok(actor.narrowed_to(&claims.scope)),
            Ok(None) => Err(NotIdentified::Refused),
            Err(fault) => {
                tracing::error!(error = %fault, "a caller can't be looked up");
                Err(NotIdentified::Unavailable)
            }
        }
    }

    /// Whether the database can be written and has exactly this binary's steps.
    ///
    /// # Errors
    /// Nothing but the fact that it is not ready.
    pub async fn ready(&self) -> Result<(), ()> {
        self.store
            .is_ready()
            .await
            .map_err(|fault| tracing::warn!(error = %fault, "not ready"))
            .and_then(|ready| if ready { Ok(()) } else { Err(()) })
    }

    /// Whether the sealing key is the one under which the database's texts are sealed; the first key to come is it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn holds_the_key(&self) -> Result<bool, Fault> {
        self.store.is_sealed_under(&self.sealer.blind_index("key_check", uuid::Uuid::nil(), "sealing")).await
    }

    /// The present, as UTC microseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now().as_microsecond()
    }

    /// Today in UTC, as ISO 8601 text.
    #[must_use]
    pub fn today(&self) -> String {
        crate::domain::clock::date_of(self.clock.now()).to_string()
    }
}

/// A fault, logged once, here, with the request it belongs to.
pub fn log_fault(fault: &Fault, request: &str) {
    tracing::error!(error = %fault, request.id = request, "a request failed");
}

impl App {
    pub(crate) fn reveal(
        &self,
        table: &'static str,
        column: &'static str,
        row: uuid::Uuid,
        sealed: &Sealed,
    ) -> Result<Private<String>, Fault> {
        Ok(self.sealer.open(Place { table, column, row }, sealed)?)
    }

    /// What is known about the return of a case's person, where it was loaded for the asker.
    ///
    /// # Errors
    /// A text that can't be opened or does not read.
    pub fn return_facts(&self, case: &Case) -> Result<Option<ReturnFacts>, Fault> {
        let Some(sealed) = &case.return_facts else { return Ok(None) };
        let text = self.reveal("case_file", "return_facts_sealed", case.id.into(), sealed)?;
        serde_json::from_str(text.expose()).map(Some).map_err(|_| Fault::Corrupt("case_file", case.id.into()))
    }

    /// A value that is known of a person, where it was loaded for the asker.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn person_value(&self, person: PersonId, field: &PersonField) -> Result<Option<Private<String>>, Fault> {
        let row = person_row(person, field.field);
        field.value.as_ref().map(|sealed| self.reveal("person_field", "value_sealed", row, sealed)).transpose()
    }

    /// Writes down what an operation has read of persons, before its answer is sent; nothing where it read nothing.
    ///
    /// # Errors
    /// What the engine refuses: then nothing may be sent.
    pub async fn keep_account(&self, actor: &Actor, request: &str, disclosed: &Disclosed) -> Result<(), Fault> {
        match disclosed.reading() {
            None => Ok(()),
            Some(reading) => self.store.audit_reading(actor, request, &reading, self.now()).await,
        }
    }

    /// An organization's own number.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn alias_value(&self, alias: &CaseAlias) -> Result<Private<String>, Fault> {
        self.reveal("case_alias", "value_sealed", alias.id.into(), &alias.value)
    }

    /// Why something may be disclosed without a consent.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn override_reason(&self, of: &ConsentOverride) -> Result<Private<String>, Fault> {
        self.reveal("consent_override", "reason_sealed", of.id.into(), &of.reason)
    }

    /// Why a child's caregiver was not told of a consent.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn caregiver_reason(&self, of: &Consent) -> Result<Option<Private<String>>, Fault> {
        let sealed = of.terms.caregiver_reason.as_ref();
        sealed.map(|text| self.reveal("consent", "caregiver_reason_sealed", of.id.into(), text)).transpose()
    }

    /// What the review of an override says.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn override_verdict(&self, of: &ConsentOverride) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("consent_override", "verdict_sealed", of.id.into(), sealed);
        of.verdict_text.as_ref().map(open).transpose()
    }

    /// What was written with a proposal to hand a case over.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn transfer_note(&self, of: &CaseTransfer) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("case_transfer", "note_sealed", of.id.into(), sealed);
        of.note.as_ref().map(open).transpose()
    }

    /// What was written with the answer to it.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn transfer_answer(&self, of: &CaseTransfer) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("case_transfer", "answer_sealed", of.id.into(), sealed);
        of.answer.as_ref().map(open).transpose()
    }

    /// A goal in the person's own words.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn goal_text(&self, goal: GoalId, sealed: &Sealed) -> Result<Private<String>, Fault> {
        self.reveal("goal", "text_sealed", goal.into(), sealed)
    }

    /// The background that the sender wrote.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn background(&self, referral: &Referral) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral", "background_sealed", referral.id.into(), sealed);
        referral.background.as_ref().map(open).transpose()
    }

    /// The sender's own reference, where it was loaded for the asker.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn client_reference(&self, referral: &Referral) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral", "client_reference_sealed", referral.id.into(), sealed);
        referral.client_reference.as_ref().map(open).transpose()
    }

    /// The blind index by which an organization's own reference is found again.
    #[must_use]
    pub fn reference_index(&self, organization: OrganizationId, reference: &Private<String>) -> String {
        self.sealer.blind_index("referral.client_reference", organization.into(), reference.expose())
    }

    /// The text beside a coded reason.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn reason_note(&self, referral: &Referral) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral", "note_sealed", referral.id.into(), sealed);
        referral.note.as_ref().map(open).transpose()
    }

    /// What a receiver asked.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn question_text(&self, asked: &Question) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral_question", "question_sealed", asked.id, sealed);
        asked.question.as_ref().map(open).transpose()
    }

    /// What the sender answered.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn answer_text(&self, asked: &Question) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral_question", "answer_sealed", asked.id, sealed);
        asked.answer.as_ref().map(open).transpose()
    }

    /// Why a place was offered out of the published order.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn offer_note(&self, referral: &Referral) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("referral", "offer_note_sealed", referral.id.into(), sealed);
        referral.decision.offer_note.as_ref().map(open).transpose()
    }

    /// A text that was written about a referral on its way; `column` is where it is sealed.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn course_text(
        &self,
        referral: ReferralId,
        column: &'static str,
        sealed: Option<&Sealed>,
    ) -> Result<Option<Private<String>>, Fault> {
        sealed.map(|sealed| self.reveal("referral", column, referral.into(), sealed)).transpose()
    }

    /// The unit of an outcome's quantity.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn outcome_unit(&self, referral: ReferralId, goal: &ReferralGoal) -> Result<Option<Private<String>>, Fault> {
        let row = outcome_row(referral, goal.id);
        goal.unit.as_ref().map(|sealed| self.reveal("referral_goal", "unit_sealed", row, sealed)).transpose()
    }

    /// The goal of a plan's item in the person's own words.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn item_goal(&self, item: &PlanItem) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("plan_item", "goal_sealed", item.id.into(), sealed);
        item.goal.as_ref().map(open).transpose()
    }

    /// Why a case was moved to another stage.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn stage_reason(&self, change: &StageChange) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("case_stage_change", "reason_sealed", change.id, sealed);
        change.reason.as_ref().map(open).transpose()
    }

    /// The text beside help given directly.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn direct_note(&self, service: &DirectService) -> Result<Option<Private<String>>, Fault> {
        let open = |sealed| self.reveal("direct_service", "note_sealed", service.id.into(), sealed);
        service.note.as_ref().map(open).transpose()
    }

    /// A text of an outcome of help given directly: its unit or its note.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn direct_outcome_text(
        &self,
        service: DirectServiceId,
        goal: GoalId,
        (column, sealed): (&'static str, Option<&Sealed>),
    ) -> Result<Option<Private<String>>, Fault> {
        let row = direct_outcome_row(service, goal);
        sealed.map(|sealed| self.reveal("direct_service_goal", column, row, sealed)).transpose()
    }

    /// The text beside an outcome.
    ///
    /// # Errors
    /// A text that can't be opened.
    pub fn outcome_note(&self, referral: ReferralId, goal: &ReferralGoal) -> Result<Option<Private<String>>, Fault> {
        let row = outcome_row(referral, goal.id);
        goal.note.as_ref().map(|sealed| self.reveal("referral_goal", "note_sealed", row, sealed)).transpose()
    }
}

/// The key to which the texts of an outcome of help given directly are bound: a row of two keys.
#[must_use]
pub fn direct_outcome_row(service: DirectServiceId, goal: GoalId) -> uuid::Uuid {
    uuid::Uuid::new_v5(&service.into(), uuid::Uuid::from(goal).as_bytes())
}

/// The key to which a value known of a person is bound: a row of two keys.
#[must_use]
pub fn person_row(person: PersonId, field: ConsentField) -> uuid::Uuid {
    uuid::Uuid::new_v5(&person.into(), field.code().as_bytes())
}

/// The key to which the note of a goal's outcome is bound: a row of two keys.
#[must_use]
pub fn outcome_row(referral: ReferralId, goal: GoalId) -> uuid::Uuid {
    uuid::Uuid::new_v5(&referral.into(), uuid::Uuid::from(goal).as_bytes())
}
