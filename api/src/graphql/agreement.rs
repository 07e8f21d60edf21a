//! Agreements as types of the schema.

use crate::domain::agreement::{self, AgreementKind, AgreementStatus};
use crate::domain::case::ConsentField;
use crate::domain::global_id::Kind;
use crate::graphql::area::Area;
use crate::graphql::context::Here;
use crate::graphql::organization::Organization;
use crate::graphql::paging::connection;
use crate::graphql::scalar::{DateTime, LocalDate, id};
use crate::graphql::service_parts::ContactRole;
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// An agreement.
#[derive(Clone)]
pub struct Agreement(pub Arc<agreement::Agreement>);

connection!(AgreementConnection, AgreementEdge, Agreement, "agreements");

/// A party of an agreement.
#[derive(SimpleObject)]
pub struct AgreementParty {
    /// The organization.
    organization: Organization,
    /// When it confirmed; null as long as it has not.
    confirmed_at: Option<DateTime>,
}

/// By when a receiver answers, in hours; null where the default limit holds.
#[derive(SimpleObject)]
pub struct ResponseHours {
    /// To say that a referral has arrived.
    acknowledge: Option<i32>,
    /// To decide.
    decide: Option<i32>,
    /// To contact the person, from the acceptance on.
    contact: Option<i32>,
}

impl From<agreement::Hours> for ResponseHours {
    fn from(hours: agreement::Hours) -> Self {
        let narrow = |hours: Option<i64>| hours.and_then(|hours| i32::try_from(hours).ok());
        Self { acknowledge: narrow(hours.acknowledge), decide: narrow(hours.decide), contact: narrow(hours.contact) }
    }
}

/// By when a receiver answers, by urgency.
#[derive(SimpleObject)]
pub struct ResponseTimes {
    /// For emergencies.
    emergency: ResponseHours,
    /// For urgent referrals.
    urgent: ResponseHours,
    /// For all others.
    routine: ResponseHours,
}

/// What organizations agreed on: which data may move between them, for which services and where, and by when a receiver
/// answers. Only its parties see it.
#[Object]
impl Agreement {
    /// The agreement's public identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Agreement, self.0.id)
    }

    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its form.
    async fn kind(&self) -> AgreementKind {
        self.0.kind
    }

    /// How it stands.
    async fn status(&self) -> AgreementStatus {
        self.0.status
    }

    /// Whether it is in force today: confirmed by all parties, not ended, and between its dates.
    async fn is_in_force(&self, ctx: &Context<'_>) -> bool {
        self.0.in_force(&ctx.app().today())
    }

    /// The organization that registered it.
    async fn registered_by_id(&self) -> ID {
        id(Kind::Organization, self.0.registered_by)
    }

    /// Its parties, by name.
    async fn parties(&self) -> Vec<AgreementParty> {
        let party = |party: &agreement::AgreementParty| AgreementParty {
            organization: Organization(Arc::new(party.organization.clone())),
            confirmed_at: party.confirmed_at.map(DateTime),
        };
        self.0.parties.iter().map(party).collect()
    }

    /// The first day on which it holds.
    async fn valid_from(&self) -> Option<LocalDate> {
        LocalDate::stored(Some(&self.0.valid_from))
    }

    /// The last day on which it holds; null when it has no end.
    async fn valid_to(&self) -> Option<LocalDate> {
        LocalDate::stored(self.0.valid_to.as_deref())
    }

    /// The codes of the service categories it is about; empty for all.
    async fn category_codes(&self) -> &[String] {
        &self.0.categories
    }

    /// The areas it is about, with all that lies in them; empty for all.
    async fn areas(&self) -> Vec<Area> {
        self.0.areas.iter().cloned().map(|area| Area(Arc::new(area))).collect()
    }

    /// The fields that may be disclosed under it, where the person's consent lists them too.
    async fn data_allowed(&self) -> &[ConsentField] {
        &self.0.data_allowed
    }

    /// By when a receiver answers.
    async fn response_times(&self) -> ResponseTimes {
        let times = self.0.response_times;
        ResponseTimes { emergency: times.emergency.into(), urgent: times.urgent.into(), routine: times.routine.into() }
    }

    /// Who bears which cost; empty where nothing is said.
    async fn cost_rule(&self) -> &str {
        &self.0.cost_rule
    }

    /// How the parties reach each other: roles, never named persons.
    async fn contacts(&self) -> Vec<ContactRole> {
        self.0.contacts.iter().map(ContactRole::from).collect()
    }

    /// Where the signed document is kept.
    async fn document_ref(&self) -> Option<&str> {
        self.0.document_ref.as_deref()
    }

    /// When a party ended it.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// When it was registered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
