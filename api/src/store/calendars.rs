//! Working calendars and limits in the database, and the terms under which a referral is sent.

use crate::domain::actor::{MemberRole, RoleGrant, Scope};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::Urgency;
use crate::domain::id::{AreaId, OrganizationId, ProgramId};
use crate::domain::referral::clocks::Limits;
use crate::domain::rule::Fault;
use crate::domain::webhook::schedule::{UNDELIVERABLE_AFTER, URGENT_UNDELIVERABLE_AFTER};
use crate::store::door::{Door, Tx};
use crate::store::statement::{Sql, body, json};
use crate::store::webhook_work::failing_since;
use passerelle_entity::{calendar, program_limits};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarOf {
    Organization(OrganizationId),
    Area(AreaId),
}

impl CalendarOf {
    fn column(self) -> (&'static str, Uuid) {
        match self {
            Self::Organization(id) => ("organization_id", id.into()),
            Self::Area(id) => ("area_id", id.into()),
        }
    }
}

/// The limits that a program set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgramLimits {
    pub limits: Limits,
    /// 0 while nothing was set.
    pub version: i32,
}

/// The terms under which a receiver is sent something.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// What the program set.
    pub program: Option<Limits>,
    /// By which days the receiver works.
    pub calendar: Option<WorkingCalendar>,
    /// The roles of its active members who take in or answer for it.
    roles: Vec<Vec<RoleGrant>>,
    /// The scopes of its active applications.
    scopes: Vec<Vec<Scope>>,
    /// Since when its endpoint has taken nothing.
    failing_since: Option<i64>,
}

impl Terms {
    /// Whether a referral reaches somebody: there is somebody who could take it in, in its program, and the receiver's own
    /// system, where it has named one, has not been silent for a day, or for two hours where it is urgent.
    #[must_use]
    pub fn is_reachable(&self, program: ProgramId, urgency: Urgency, now: i64) -> bool {
        let limit = match urgency {
            Urgency::Routine => UNDELIVERABLE_AFTER,
            Urgency::Urgent | Urgency::Emergency => URGENT_UNDELIVERABLE_AFTER,
        };
        self.is_staffed(program) && self.failing_since.is_none_or(|since| since > now - limit)
    }

    fn is_staffed(&self, program: ProgramId) -> bool {
        let person = takes_in(&self.roles, program);
        let reads = |scope: &Scope| matches!(scope, Scope::ReferralsRead | Scope::ReferralsWrite);
        person || self.scopes.iter().flatten().any(reads)
    }
}

/// Whether one of these members takes in referrals of a program, or answers for that work.
pub(super) fn takes_in(roles: &[Vec<RoleGrant>], program: ProgramId) -> bool {
    roles.iter().flatten().any(|grant| {
        matches!(grant.role, MemberRole::Intake | MemberRole::Supervisor)
            && grant.program.is_none_or(|only| only == program)
    })
}

const CALENDAR: &str = "OBJ('time_zone', k.time_zone, 'rest_days', JSON(k.rest_days), 'holidays', JSON(k.holidays), \
    'version', CASE WHEN k.area_id IS NULL OR kc.depth = 0 THEN k.version ELSE 0 END)";

/// The nearest calendar: the organization's own, or that of the area or of the closest area around it that has one.
fn nearest(sql: &mut Sql, organization: Option<OrganizationId>, area: Option<AreaId>) -> String {
    let organization = sql.bind(organization.map(Uuid::from).unwrap_or_default());
    let area = sql.bind(area.map(Uuid::from).unwrap_or_default());
    format!(
        "FROM calendar k LEFT JOIN area_closure kc ON kc.ancestor_id = k.area_id AND kc.descendant_id = {area} \
         WHERE k.organization_id = {organization} OR kc.depth IS NOT NULL \
         ORDER BY CASE WHEN k.organization_id IS NULL THEN kc.depth ELSE -1 END LIMIT 1"
    )
}

impl Door {
    /// The calendar that applies to an organization and in an area; none where nobody set one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn working_calendar(
        &self,
        organization: Option<OrganizationId>,
        area: Option<AreaId>,
    ) -> Result<Option<WorkingCalendar>, Fault> {
        let mut sql = Sql::default();
        let nearest = nearest(&mut sql, organization, area);
        sql.text = format!("SELECT CAST({CALENDAR} AS TEXT) AS body {nearest}");
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "calendar")).transpose()
    }

    /// The limits that a program set.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn program_limits(&self, program: ProgramId) -> Result<ProgramLimits, Fault> {
        let text = "SELECT CAST(OBJ('limits', JSON(pl.limits), 'version', pl.version) AS TEXT) AS body \
                    FROM program_limits pl WHERE pl.program_id = $1";
        let rows = self.rows(text, vec![Uuid::from(program).into()]).await?;
        rows.first().map_or(Ok(ProgramLimits::default()), |row| body(row, "program_limits"))
    }
}

impl Tx {
    /// The terms under which a receiver is sent something in a program, for somebody in an area: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn terms(
        &self,
        receiver: OrganizationId,
        program: ProgramId,
        area: Option<AreaId>,
    ) -> Result<Terms, Fault> {
        let mut sql = Sql::default();
        let calendar = nearest(&mut sql, Some(receiver), area);
        let (receiver, program) = (sql.bind(Uuid::from(receiver)), sql.bind(Uuid::from(program)));
        sql.text = format!(
            "SELECT CAST(OBJ('program', JSON((SELECT pl.limits FROM program_limits pl WHERE pl.program_id = {program})), \
             'calendar', JSON((SELECT CAST({CALENDAR} AS TEXT) {calendar})), \
             'roles', LIST(JSON(m.roles) BY m.id FROM member m WHERE m.organization_id = {receiver} AND m.is_active \
               AND (m.roles LIKE '%\"INTAKE\"%' OR m.roles LIKE '%\"SUPERVISOR\"%')), \
             'scopes', LIST(JSON(ca.scopes) BY ca.id FROM client_application ca WHERE ca.organization_id = {receiver} \
               AND ca.is_active), 'failing_since', {failing}) AS TEXT) AS body",
            failing = failing_since(&receiver)
        );
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.first().map_or(Ok(Terms::default()), |row| body(row, "member"))
    }

    /// The version of a calendar that was set for this very organization or area; 0 when there is none.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn calendar_version(&self, of: CalendarOf) -> Result<i32, Fault> {
        let (column, key) = of.column();
        let text = format!("SELECT version FROM calendar WHERE {column} = $1 FOR UPDATE");
        version(&self.rows(&text, vec![key.into()]).await?)
    }

    /// Sets a calendar whose version was read in this transaction. Tells whether nobody else was faster.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_calendar(&self, of: CalendarOf, new: &WorkingCalendar, now: i64) -> Result<bool, Fault> {
        let (column, key) = of.column();
        let (rest_days, holidays) = (json(&new.rest_days)?, json(&new.holidays)?);
        if new.version == 1 {
            let row = calendar::Model {
                id: Uuid::now_v7(),
                organization_id: (column == "organization_id").then_some(key),
                area_id: (column == "area_id").then_some(key),
                time_zone: new.time_zone.clone(),
                rest_days,
                holidays,
                version: 1,
                updated_at: now,
            };
            return match self.try_add(row).await {
                Ok(()) => Ok(true),
                Err(error) if crate::store::door::breaks_unique(&error, "calendar_", "calendar.") => Ok(false),
                Err(error) => Err(crate::store::door::fault(&error)),
            };
        }
        let text = format!(
            "UPDATE calendar SET time_zone = $2, rest_days = $3, holidays = $4, version = $5, updated_at = $6 \
             WHERE {column} = $1 AND version = $5 - 1"
        );
        let zone = new.time_zone.clone();
        let values = vec![key.into(), zone.into(), rest_days.into(), holidays.into(), new.version.into(), now.into()];
        Ok(self.run(&text, values).await? == 1)
    }

    /// The limits that a program set, locked.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn program_limits(&self, program: ProgramId) -> Result<ProgramLimits, Fault> {
        let text = "SELECT CAST(OBJ('limits', JSON(pl.limits), 'version', pl.version) AS TEXT) AS body \
                    FROM program_limits pl WHERE pl.program_id = $1 FOR UPDATE";
        let rows = self.rows(text, vec![Uuid::from(program).into()]).await?;
        rows.first().map_or(Ok(ProgramLimits::default()), |row| body(row, "program_limits"))
    }

    /// Sets the limits of a program whose version was read in this transaction. Tells whether nobody else was faster.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_program_limits(&self, id: ProgramId, new: &ProgramLimits, now: i64) -> Result<bool, Fault> {
        let limits = json(&new.limits)?;
        if new.version == 1 {
            let row = program_limits::Model { program_id: id.into(), limits, version: 1, updated_at: now };
            return match self.try_add(row).await {
                Ok(()) => Ok(true),
                Err(error) if crate::store::door::breaks_unique(&error, "program_limits", "program_limits.") => {
                    Ok(false)
                }
                Err(error) => Err(crate::store::door::fault(&error)),
            };
        }
        let values = vec![Uuid::from(id).into(), limits.into(), new.version.into(), now.into()];
        let text = "UPDATE program_limits SET limits = $2, version = $3, updated_at = $4 \
                    WHERE program_id = $1 AND version = $3 - 1";
        Ok(self.run(text, values).await? == 1)
    }

    /// The organization that leads a program in which another takes part; none when it takes no part in it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn program_led_by(&self, program: ProgramId) -> Result<Option<OrganizationId>, Fault> {
        let text = "SELECT lead_organization_id AS id FROM program WHERE id = $1";
        let rows = self.rows(text, vec![Uuid::from(program).into()]).await?;
        let found: Vec<OrganizationId> = crate::store::statement::keys(&rows)?;
        Ok(found.first().copied())
    }

    /// Whether an area lies in the country of an organization; none when there is no such area.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn is_in_country_of(&self, area: AreaId, organization: OrganizationId) -> Result<Option<bool>, Fault> {
        let text = "SELECT a.country AS country, (SELECT o.country FROM organization o WHERE o.id = $2) AS home \
                    FROM area a WHERE a.id = $1";
        let rows = self.rows(text, vec![Uuid::from(area).into(), Uuid::from(organization).into()]).await?;
        let read = |row: &sea_orm::QueryResult| {
            let text = |column: &str| row.try_get::<String>("", column);
            Ok(text("country")? == text("home")?)
        };
        rows.first().map(read).transpose().map_err(|_: sea_orm::DbErr| Fault::Store("an area does not read".into()))
    }

    /// The programs that an organization leads and that cover an area, or one around it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn leads_in(&self, organization: OrganizationId, area: AreaId) -> Result<Vec<ProgramId>, Fault> {
        let text = "SELECT p.id AS id FROM program p WHERE p.lead_organization_id = $1 AND EXISTS (SELECT 1 \
                    FROM program_area pa JOIN area_closure pc ON pc.ancestor_id = pa.area_id \
                    WHERE pa.program_id = p.id AND pc.descendant_id = $2)";
        let values = vec![Uuid::from(organization).into(), Uuid::from(area).into()];
        crate::store::statement::keys(&self.rows(text, values).await?)
    }
}

fn version(rows: &[sea_orm::QueryResult]) -> Result<i32, Fault> {
    let version = rows.first().map_or(Ok(0), |row| row.try_get("", "version"));
    version.map_err(|_| Fault::Store("a version does not read".into()))
}
