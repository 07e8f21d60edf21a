//! What happened, as the parties see it.

use crate::domain::event::Event;
use crate::domain::id::{CaseId, ReferralId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::{Extent, Sight};
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::fragment;
use crate::store::referral_view::about_person;
use crate::store::statement::{Order, Sql, page, window_clause};
use uuid::Uuid;

/// Whose events are asked for. The caller has seen the case or referral through a scoped read.
#[derive(Debug, Clone, Copy)]
pub enum EventsOf {
    /// All of a case for its holder; of anybody else only what they took part in.
    Case {
        id: CaseId,
        is_held: bool,
    },
    Referral(ReferralId),
}

/// An event; needs `event e` and its organization as `eo`. `asker` is the parameter of the asker's organization: who is
/// told of a withdrawal is not told why, and how far a service has come, and why it was interrupted or ended, is told to others as long as the person
/// agrees to word back.
#[must_use]
pub fn event(asker: &str) -> String {
    let silent = "EXISTS (SELECT 1 FROM referral er JOIN consent ec ON ec.id = er.consent_id WHERE er.id = e.subject_id \
                  AND NOT (ec.report_back AND ec.report_back_ended_at IS NULL))";
    let own = format!(
        "CASE WHEN e.organization_id = {asker} OR (e.receiver_organization_id = {asker} AND NOT {silent}) THEN"
    );
    format!(
        "OBJ('id', UID(e.id), 'kind', e.kind, 'subject_kind', e.subject_kind, 'subject_id', UID(e.subject_id), \
         'at', e.at, 'organization', {}, 'acting_role', e.acting_role, 'from_status', e.from_status, \
         'to_status', e.to_status, 'progress_done', {own} e.progress_done END, \
         'progress_planned', {own} e.progress_planned END, \
         'reason', CASE WHEN e.to_status = 'WITHDRAWN' AND e.receiver_organization_id = {asker} \
         AND e.acting_role NOT LIKE 'RECEIVER%' THEN NULL \
         WHEN e.to_status IN ('ENDED_EARLY', 'ON_HOLD') AND e.organization_id <> {asker} AND {silent} THEN NULL \
         WHEN e.to_status IN ('DECLINED', 'ACKNOWLEDGED') AND e.reason IN ({}) AND e.organization_id <> {asker} \
         AND {silent} THEN NULL ELSE e.reason END)",
        fragment::organization("eo"),
        about_person()
    )
}

impl Door {
    /// A page of events, oldest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn events(&self, sight: &Sight, of: EventsOf, window: &Window) -> Result<Page<Event>, Fault> {
        let mut sql = Sql::default();
        let organization: Uuid = sight.organization.map(Uuid::from).unwrap_or_default();
        let own = |sql: &mut Sql| {
            let name = sql.bind(organization);
            format!("(e.organization_id = {name} OR e.receiver_organization_id = {name})")
        };
        let asker = sql.bind(organization);
        let found = match of {
            EventsOf::Referral(id) => format!("e.subject_id = {}", sql.bind(Uuid::from(id))),
            EventsOf::Case { id, is_held: true } if sight.cases != Extent::Nothing => {
                format!("e.case_id = {}", sql.bind(Uuid::from(id)))
            }
            EventsOf::Case { id, .. } => format!("e.case_id = {} AND {}", sql.bind(Uuid::from(id)), own(&mut sql)),
        };
        let found = format!("FROM event e JOIN organization eo ON eo.id = e.organization_id WHERE {found}");
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let counting = (format!("SELECT count(*) AS total {found}"), sql.values.clone());
        let order = Order { by: "e.at", id: "e.id", is_number: true, descending: false };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(e.at AS TEXT) AS k, e.id AS id{count} {found}{end}",
            event(&asker)
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        let mut page = page(&rows, window, "event")?;
        if window.count && page.total.is_none() {
            page.total = Some(self.count(counting).await?);
        }
        Ok(page)
    }
}
