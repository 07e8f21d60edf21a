//! Redactions that are asked of receivers once a consent is withdrawn.

use crate::domain::case::ConsentField;
use crate::domain::code::Code as _;
use crate::domain::consent::{Redaction, RedactionCause};
use crate::domain::id::{ConsentId, OrganizationId, ProgramId, RedactionId, ReferralId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::consents::{Concern, concern};
use crate::store::door::{Door, Tx};
use crate::store::referral_writes::codes;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use passerelle_entity::redaction;
use uuid::Uuid;

/// Which redactions are asked for; what is absent does not limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct RedactionFilter {
    pub is_confirmed: Option<bool>,
    pub referral: Option<ReferralId>,
}

/// A redaction to ask for.
#[derive(Debug, Clone, Copy)]
pub struct NewRedaction<'a> {
    pub id: RedactionId,
    pub removal: Removal<'a>,
    /// UTC microseconds.
    pub due: i64,
}

/// What is to be removed, by whom, and why.
#[derive(Debug, Clone, Copy)]
pub struct Removal<'a> {
    pub cause: RedactionCause,
    pub consent: Option<ConsentId>,
    pub referral: ReferralId,
    pub receiver: OrganizationId,
    pub holder: OrganizationId,
    pub program: ProgramId,
    /// Only these; all of it when nothing is named.
    pub fields: Option<&'a [ConsentField]>,
}

/// A redaction; `own` is the parameter of the asker's organization: why, and which consent it was, is the holder's to know.
#[must_use]
pub fn redaction(own: &str) -> String {
    format!(
        "OBJ('id', UID(rd.id), 'referral_id', UID(rd.referral_id), \
         'consent_id', CASE WHEN rd.holder_organization_id = {own} THEN UID(rd.consent_id) END, \
         'cause', CASE WHEN rd.holder_organization_id = {own} THEN rd.cause END, 'fields', JSON(rd.fields), \
         'organization_id', UID(rd.organization_id), 'asked_at', rd.asked_at, 'due_at', rd.due_at, \
         'confirmed_at', rd.confirmed_at)"
    )
}

/// The condition under which `redaction rd` is the asker's to see: as the receiver, also after its window has closed, or
/// as the holder of the case. Also gives the parameter of the asker's organization.
fn redactions_of(sql: &mut Sql, sight: &Sight) -> (String, String) {
    let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    let received = sql.within(&sight.referrals, "rd.program_id");
    let held = sql.within(&sight.cases, "rd.program_id");
    let visible =
        format!("((rd.organization_id = {own} AND {received}) OR (rd.holder_organization_id = {own} AND {held}))");
    (visible, own)
}

fn one_redaction(sql: &mut Sql, sight: &Sight, id: RedactionId) -> String {
    let (visible, own) = redactions_of(sql, sight);
    let key = sql.bind(Uuid::from(id));
    format!("SELECT CAST({} AS TEXT) AS body FROM redaction rd WHERE rd.id = {key} AND {visible}", redaction(&own))
}

impl Tx {
    /// Asks a receiver to remove what it was shown. Written last.
    pub fn ask_redaction(&self, new: NewRedaction<'_>, now: i64) {
        let removal = new.removal;
        self.add_last(redaction::Model {
            id: new.id.into(),
            cause: removal.cause.code().into(),
            consent_id: removal.consent.map(Uuid::from),
            referral_id: removal.referral.into(),
            organization_id: removal.receiver.into(),
            holder_organization_id: removal.holder.into(),
            program_id: removal.program.into(),
            fields: removal.fields.map(codes),
            asked_at: now,
            due_at: new.due,
            ..redaction::Model::default()
        });
    }

    /// A redaction that the asker may see, and the program it belongs to.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn redaction(&self, sight: &Sight, id: RedactionId) -> Result<Option<(Redaction, Concern)>, Fault> {
        let mut sql = Sql::default();
        let text = one_redaction(&mut sql, sight, id);
        let Some(row) = self.rows(&text, sql.values).await?.first().map(|row| body(row, "redaction")).transpose()?
        else {
            return Ok(None);
        };
        let text = "SELECT id, organization_id, holder_organization_id, program_id FROM redaction WHERE id = $1";
        let rows = self.rows(text, vec![Uuid::from(id).into()]).await?;
        Ok(rows.first().map(concern).transpose()?.map(|concern| (row, concern)))
    }

    /// Keeps that a receiver has removed what it was shown, once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn confirm_redaction(&self, id: RedactionId, by: Uuid, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE redaction SET confirmed_at = $1, confirmed_by = $2 WHERE id = $3 AND confirmed_at IS NULL";
        Ok(self.run(text, vec![now.into(), by.into(), Uuid::from(id).into()]).await? == 1)
    }

    /// Redactions that are overdue at `now` and of which nobody was told, so many at the most; each is told once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_overdue_redactions(&self, now: i64, most: u32) -> Result<Vec<Concern>, Fault> {
        let text = format!(
            "SELECT id, organization_id, holder_organization_id, program_id FROM redaction \
             WHERE confirmed_at IS NULL AND told_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT {most} FOR UPDATE"
        );
        self.take(&text, now.into(), "UPDATE redaction SET told_at = $1 WHERE told_at IS NULL", now).await
    }
}

impl Door {
    /// A redaction that the asker may see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn redaction(&self, sight: &Sight, id: RedactionId) -> Result<Option<Redaction>, Fault> {
        let mut sql = Sql::default();
        let text = one_redaction(&mut sql, sight, id);
        self.rows(&text, sql.values).await?.first().map(|row| body(row, "redaction")).transpose()
    }

    /// The redactions with these keys that the asker may see.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn redactions_by_id(&self, sight: &Sight, keys: &[Uuid]) -> Result<Vec<Redaction>, Fault> {
        let mut sql = Sql::default();
        let (visible, own) = redactions_of(&mut sql, sight);
        let names = sql.bind_all(keys.iter().copied());
        let body_of = redaction(&own);
        let text =
            format!("SELECT CAST({body_of} AS TEXT) AS body FROM redaction rd WHERE rd.id IN ({names}) AND {visible}");
        self.rows(&text, sql.values).await?.iter().map(|row| body(row, "redaction")).collect()
    }

    /// A page of the redactions that the asker may see, the newest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn redactions(
        &self,
        sight: &Sight,
        filter: RedactionFilter,
        window: &Window,
    ) -> Result<Page<Redaction>, Fault> {
        let found = |sql: &mut Sql| {
            let (visible, own) = redactions_of(sql, sight);
            let mut text = format!("FROM redaction rd WHERE {visible}");
            match filter.is_confirmed {
                Some(true) => text += " AND rd.confirmed_at IS NOT NULL",
                Some(false) => text += " AND rd.confirmed_at IS NULL",
                None => {}
            }
            if let Some(referral) = filter.referral {
                text += &format!(" AND rd.referral_id = {}", sql.bind(Uuid::from(referral)));
            }
            (text, own)
        };
        let mut sql = Sql::default();
        let (from, own) = found(&mut sql);
        let count = if window.count { format!(", (SELECT count(*) {from}) AS total") } else { String::new() };
        let order = Order { by: "rd.asked_at", id: "rd.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(rd.asked_at AS TEXT) AS k, rd.id AS id{count} {from}{end}",
            redaction(&own)
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "redaction")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total {}", found(&mut sql).0);
        counted(self, page, window, sql).await
    }
}
