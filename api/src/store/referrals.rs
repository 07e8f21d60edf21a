//! Referrals in the database: each read is scoped to the parties, and loads only what the asker may see.

use crate::domain::case::Urgency;
use crate::domain::code::Code;
use crate::domain::id::{CaseId, MemberId, NeedId, ReferralId, ServiceId};
use crate::domain::page::{Page, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::referral::{Referral, Status};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::referral_view::View;
use crate::store::statement::{Order, Sql, body, page, window_clause};
use uuid::Uuid;

/// Whether referrals sent or received are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Sent,
    Received,
}

/// By what referrals are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReferralOrder {
    /// The newest first.
    #[default]
    CreatedAt,
    /// What is due first comes first; what has no deadline comes last.
    NextDueAt,
}

impl ReferralOrder {
    /// The expression, as the indexes have it.
    fn order(self) -> Order {
        match self {
            Self::CreatedAt => Order { by: "r.created_at", id: "r.id", is_number: true, descending: true },
            Self::NextDueAt => Order {
                by: "coalesce(r.next_due_at, 9223372036854775807)",
                id: "r.id",
                is_number: true,
                descending: false,
            },
        }
    }
}

/// Which referrals are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    pub direction: Option<Direction>,
    pub status: Vec<Status>,
    pub urgency: Vec<Urgency>,
    pub service: Option<ServiceId>,
    pub case: Option<CaseId>,
    pub need: Option<NeedId>,
    /// Whether the deadline of the next step has passed at this instant.
    pub overdue_at: Option<i64>,
    /// Whether the loop is still to be closed.
    pub loop_open: Option<bool>,
    /// Given to this member by the receiver.
    pub assigned_to: Option<MemberId>,
    pub order: ReferralOrder,
}

fn conditions(sql: &mut Sql, filter: &ReferralFilter) -> String {
    let mut text = String::new();
    if !filter.status.is_empty() {
        text += &format!(" AND r.status IN ({})", sql.bind_all(filter.status.iter().map(|status| status.code())));
    }
    if !filter.urgency.is_empty() {
        text += &format!(" AND r.urgency IN ({})", sql.bind_all(filter.urgency.iter().map(|code| code.code())));
    }
    let keys = [
        ("r.service_id", filter.service.map(Uuid::from)),
        ("r.case_id", filter.case.map(Uuid::from)),
        ("r.need_id", filter.need.map(Uuid::from)),
    ];
    for (column, key) in keys {
        if let Some(key) = key {
            text += &format!(" AND {column} = {}", sql.bind(key));
        }
    }
    if let Some(member) = filter.assigned_to {
        text += &format!(" AND r.assignee_id = {}", sql.bind(Uuid::from(member)));
    }
    if let Some(now) = filter.overdue_at {
        text += &format!(" AND r.next_due_at < {}", sql.bind(now));
    }
    match filter.loop_open {
        Some(true) => text += " AND r.loop_closed_at IS NULL",
        Some(false) => text += " AND r.loop_closed_at IS NOT NULL",
        None => {}
    }
    text
}

/// The condition under which the asker is a party of `referral r` in `program rp`.
pub fn visible_to(sql: &mut Sql, sight: &Sight) -> String {
    View::of(sql, sight).visible(None)
}

/// The statement that reads the referrals with these keys that the asker is a party of.
pub fn by_keys(sql: &mut Sql, sight: &Sight, ids: &[ReferralId]) -> String {
    let view = View::of(sql, sight);
    let keys = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
    format!(
        "SELECT CAST({} AS TEXT) AS body {} WHERE r.id IN ({keys}) AND {}",
        view.json(&Parts::All),
        view.from(&Parts::All),
        view.visible(None)
    )
}

fn one(sql: &mut Sql, sight: &Sight, column: &str, value: impl Into<sea_orm::Value>, parts: &Parts) -> String {
    let view = View::of(sql, sight);
    let key = sql.bind(value);
    format!(
        "SELECT CAST({} AS TEXT) AS body {} WHERE {column} = {key} AND {}",
        view.json(parts),
        view.from(parts),
        view.visible(None)
    )
}

impl Door {
    /// A page of the referrals that the asker is a party of, in the order asked for: one statement, the count in it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referrals(
        &self,
        sight: &Sight,
        filter: &ReferralFilter,
        window: &Window,
    ) -> Result<Page<Referral>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let found = format!("{}{}", view.visible(filter.direction), conditions(&mut sql, filter));
        // A need is the sender's own: who filters by one asks only for what they sent.
        let found = if filter.need.is_some() { format!("{} AND {found}", view.sends) } else { found };
        // A coordinator does not learn which referrals are of one person.
        let found =
            if filter.case.is_some() { format!("({} OR {}) AND {found}", view.sends, view.receives) } else { found };
        let counted = format!("FROM referral r LEFT JOIN program rp ON rp.id = r.program_id WHERE {found}");
        let counting = (format!("SELECT count(*) AS total {counted}"), sql.values.clone());
        let count = if window.count { format!(", (SELECT count(*) {counted}) AS total") } else { String::new() };
        let order = filter.order.order();
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST({} AS TEXT) AS k, r.id AS id{count} {} WHERE {found}{end}",
            view.json(&window.parts),
            order.by,
            view.from(&window.parts)
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        let mut page = page(&rows, window, "referral")?;
        if window.count && page.total.is_none() {
            page.total = Some(self.count(counting).await?);
        }
        Ok(page)
    }

    /// Parts of a referral that the asker is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral(&self, sight: &Sight, id: ReferralId, parts: &Parts) -> Result<Option<Referral>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, sight, "r.id", Uuid::from(id), parts);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "referral")).transpose()
    }

    /// A referral that the asker's organization sent under its own reference.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral_by_reference(&self, sight: &Sight, index: &str) -> Result<Option<Referral>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let key = sql.bind(index);
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body {} WHERE r.client_reference_index = {key} AND {}",
            view.json(&Parts::All),
            view.from(&Parts::All),
            view.sends
        );
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "referral")).transpose()
    }
}

impl Tx {
    /// Parts of a referral that the asker is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral(&self, sight: &Sight, id: ReferralId, parts: &Parts) -> Result<Option<Referral>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, sight, "r.id", Uuid::from(id), parts);
        let rows = self.rows(&text, sql.values).await?;
        rows.first().map(|row| body(row, "referral")).transpose()
    }
}
