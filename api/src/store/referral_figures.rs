//! Why referrals ended, how those of a program stand, and which are stuck: read in one statement each, counted in the
//! domain.

use crate::domain::case::Urgency;
use crate::domain::id::{OrganizationId, ProgramId};
use crate::domain::parts::Parts;
use crate::domain::policy::{Extent, Sight};
use crate::domain::reasons::Ended;
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::domain::stuck::{Stuck, WAITING_DAYS};
use crate::store::door::Door;
use crate::store::figures::Scope;
use crate::store::referral_view::View;
use crate::store::statement::{Sql, body};
use serde::Deserialize;
use uuid::Uuid;

/// What ended in a program.
#[derive(Debug, Deserialize)]
pub struct ProgramEndings {
    /// Whether the asker's organization only pays for the program.
    #[serde(deserialize_with = "crate::domain::code_flag::flag")]
    pub only_pays: bool,
    pub ended: Vec<Ended>,
}

/// Referrals of a program between two organizations in one state.
#[derive(Debug, Deserialize)]
pub struct Standing {
    pub sender: OrganizationId,
    pub receiver: OrganizationId,
    pub urgency: Urgency,
    pub status: Status,
    pub count: i64,
    /// Those whose deadline has passed.
    pub overdue: i64,
    /// The earliest deadline that has passed, UTC microseconds.
    pub oldest_due: Option<i64>,
}

/// A referral that ended, with the reason given; needs `referral r`, `service s` and its category as `ft`.
fn ended(reason: &str) -> String {
    format!(
        "OBJ('status', r.status, 'reason', {reason}, 'provider', UID(r.receiver_organization_id), \
         'category', ft.standard_code, 'area', UID(r.area_id), 'at', r.ended_at, 'assured_on', s.assured_on, \
         'person', UID(r.case_id))"
    )
}

/// The condition that `referral r` was sent and ended otherwise than by delivery.
const UNDELIVERED: &str = "r.sent_at IS NOT NULL AND r.status IN ('DECLINED', 'ENDED_EARLY', 'EXPIRED', 'WITHDRAWN')";

impl Door {
    /// The referrals of a program that ended undelivered from one instant to before another (UTC microseconds); nothing
    /// for a program of which the asker may not read figures.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn program_endings(
        &self,
        sight: &Sight,
        program: ProgramId,
        (since, before): (i64, i64),
    ) -> Result<Option<ProgramEndings>, Fault> {
        let mut sql = Sql::default();
        let Scope { program, from, only_pays } = Scope::of(&mut sql, sight, program);
        let (since, before) = (sql.bind(since), sql.bind(before));
        sql.text = format!(
            "SELECT CAST(OBJ('only_pays', {only_pays}, 'ended', LIST({} BY r.ended_at, r.id FROM referral r \
             JOIN service s ON s.id = r.service_id JOIN category ft ON ft.code = r.category_code \
             WHERE r.program_id = {program} AND r.ended_at >= {since} AND r.ended_at < {before} AND {UNDELIVERED})) \
             AS TEXT) AS body {from}",
            ended("r.reason")
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.first().map(|row| body(row, "program")).transpose()
    }

    /// The referrals that the asker's organization sent or received and that ended undelivered from one instant to before
    /// another (UTC microseconds), with the reasons that it is told.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn own_endings(&self, sight: &Sight, (since, before): (i64, i64)) -> Result<Vec<Ended>, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let (since, before) = (sql.bind(since), sql.bind(before));
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body {} JOIN category ft ON ft.code = r.category_code \
             WHERE ({} OR {}) AND r.ended_at >= {since} AND r.ended_at < {before} AND {UNDELIVERED} ORDER BY r.ended_at, r.id",
            ended(&view.reason()),
            view.from(&Parts::none()),
            view.sends,
            view.receives
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body(row, "referral")).collect()
    }

    /// How the sent referrals of a program stand, for whom reaches it in the organization that leads it; nothing for others.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn program_standing(
        &self,
        (lead, reach): (OrganizationId, &Extent),
        program: ProgramId,
        now: i64,
    ) -> Result<Option<Vec<Standing>>, Fault> {
        let mut sql = Sql::default();
        let (lead, program, now) = (sql.bind(Uuid::from(lead)), sql.bind(Uuid::from(program)), sql.bind(now));
        let within = sql.within(reach, "p.id");
        sql.text = format!(
            "SELECT CAST(LIST(OBJ('sender', UID(t.sender), 'receiver', UID(t.receiver), 'urgency', t.urgency, \
             'status', t.status, 'count', t.number, 'overdue', t.overdue, 'oldest_due', t.oldest_due) \
             BY t.sender, t.receiver, t.urgency, t.status FROM (SELECT r.sender_organization_id AS sender, \
             r.receiver_organization_id AS receiver, r.urgency AS urgency, r.status AS status, count(*) AS number, \
             sum(CASE WHEN r.next_due_at < {now} THEN 1 ELSE 0 END) AS overdue, \
             min(CASE WHEN r.next_due_at < {now} THEN r.next_due_at END) AS oldest_due FROM referral r \
             WHERE r.program_id = {program} AND r.sent_at IS NOT NULL AND r.loop_closed_at IS NULL \
             AND r.status NOT IN ('WITHDRAWN', 'VOIDED') GROUP BY r.sender_organization_id, r.receiver_organization_id, \
             r.urgency, r.status) t) AS TEXT) AS body \
             FROM program p WHERE p.id = {program} AND p.lead_organization_id = {lead} AND {within}"
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.first().map(|row| body(row, "program")).transpose()
    }

    /// The referrals of people in a country that are stuck: whoever owns the next step is late, or somebody waits on a
    /// list for 90 days.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn stuck_in(&self, country: &str, now: i64) -> Result<Vec<Stuck>, Fault> {
        let text = "SELECT CAST(OBJ('area', UID(r.area_id), 'category', CASE WHEN s.visibility = 'PUBLIC' \
             THEN ft.standard_code END, 'dimension', r.dimension, 'status', r.status, 'since', CASE \
             WHEN r.next_due_at < $2 THEN r.next_due_at ELSE r.waitlisted_at END, 'person', UID(r.case_id)) AS TEXT) AS body \
             FROM referral r JOIN area a ON a.id = r.area_id JOIN service s ON s.id = r.service_id \
             JOIN category ft ON ft.code = r.category_code WHERE a.country = $1 AND r.sent_at IS NOT NULL \
             AND r.ended_at IS NULL AND r.status <> 'VOIDED' \
             AND (r.next_due_at < $2 OR (r.status = 'WAITLISTED' AND r.waitlisted_at < $3))";
        let waited = now - WAITING_DAYS * 86_400_000_000;
        let rows = self.rows(text, vec![country.into(), now.into(), waited.into()]).await?;
        rows.iter().map(|row| body(row, "referral")).collect()
    }
}
