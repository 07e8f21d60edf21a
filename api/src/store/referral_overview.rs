//! How many referrals stand where, and how many are late.

use crate::domain::code::Code as _;
use crate::domain::policy::Sight;
use crate::domain::referral::Status;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::referral_view::View;
use crate::store::statement::Sql;
use sea_orm::QueryResult;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The numbers of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub status: Status,
    pub count: i64,
    /// Those whose deadline has passed.
    pub overdue: i64,
    /// Those whose deadline passes within a day.
    pub due_soon: i64,
}

/// The numbers from each side; a state without a referral is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub sent: Vec<Tally>,
    pub received: Vec<Tally>,
    pub coordinated: Vec<Tally>,
}

impl Door {
    /// The numbers of the referrals that the asker sees: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn referral_overview(&self, sight: &Sight, now: i64) -> Result<Overview, Fault> {
        let mut sql = Sql::default();
        let view = View::of(&mut sql, sight);
        let (now, soon) = (sql.bind(now), sql.bind(now + DAY));
        let part = |side: i32, seen: &str| {
            format!(
                "SELECT {side} AS side, r.status AS status, count(*) AS number, \
                 sum(CASE WHEN r.next_due_at < {now} THEN 1 ELSE 0 END) AS overdue, \
                 sum(CASE WHEN r.next_due_at >= {now} AND r.next_due_at <= {soon} THEN 1 ELSE 0 END) AS due_soon \
                 FROM referral r LEFT JOIN program rp ON rp.id = r.program_id WHERE {seen} GROUP BY r.status"
            )
        };
        sql.text = format!(
            "{} UNION ALL {} UNION ALL {} ORDER BY 1, 2",
            part(1, &view.sends),
            part(2, &view.receives),
            part(3, &view.coordinates)
        );
        let mut overview = Overview::default();
        for row in self.rows(&sql.text, sql.values).await? {
            let (side, tally) = tally(&row)?;
            match side {
                1 => overview.sent.push(tally),
                2 => overview.received.push(tally),
                _ => overview.coordinated.push(tally),
            }
        }
        Ok(overview)
    }
}

fn tally(row: &QueryResult) -> Result<(i32, Tally), Fault> {
    let unreadable = |_| Fault::Store("an overview does not read".into());
    let number = |column: &str| row.try_get::<i64>("", column).map_err(unreadable);
    let status: String = row.try_get("", "status").map_err(unreadable)?;
    let status = Status::from_code(&status).ok_or_else(|| Fault::Store("a state does not read".into()))?;
    let tally = Tally { status, count: number("number")?, overdue: number("overdue")?, due_soon: number("due_soon")? };
    Ok((row.try_get("", "side").map_err(unreadable)?, tally))
}
