//! Proposals to hand cases over, in the database: read by their two sides, and what goes along when one is accepted.

use crate::domain::agreement::Terms;
use crate::domain::case::{Consent, ConsentField};
use crate::domain::case_transfer::{CaseTransfer, CaseTransferDecline, CaseTransferReason, CaseTransferStatus};
use crate::domain::code::Code;
use crate::domain::id::{CaseId, CaseTransferId, ConsentId, OrganizationId, ProgramId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::consents::consent;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, counted, keys, page, window_clause};
use sea_orm::QueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// A proposal to add.
#[derive(Debug)]
pub struct NewTransfer {
    pub id: Uuid,
    pub case: CaseId,
    pub program: ProgramId,
    pub from: OrganizationId,
    pub to: OrganizationId,
    pub consent: ConsentId,
    pub reason: CaseTransferReason,
    /// Sealed for this row.
    pub note: Option<String>,
    /// UTC microseconds.
    pub until_at: i64,
}

/// How a proposal ends.
#[derive(Debug, Default)]
pub struct Ending {
    pub status: CaseTransferStatus,
    pub decline_reason: Option<CaseTransferDecline>,
    /// Sealed for this row.
    pub answer: Option<String>,
    pub handed_over: Option<i32>,
}

/// Which proposals are asked for.
#[derive(Debug, Clone, Default)]
pub struct TransferFilter {
    pub status: Vec<CaseTransferStatus>,
    /// Only those made to the asker's organization, or only those it made.
    pub is_received: Option<bool>,
}

/// An unanswered proposal whose time is over.
#[derive(Debug, Clone, Copy)]
pub struct Unanswered {
    pub id: CaseTransferId,
    pub case: CaseId,
    pub program: ProgramId,
    pub from: OrganizationId,
    pub to: OrganizationId,
    pub version: i32,
}

const OPEN: &str = "NOT IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'VOIDED')";

const JOINED: &str = "case_transfer t JOIN case_file c ON c.id = t.case_id JOIN consent cn ON cn.id = t.consent_id \
    JOIN organization tf ON tf.id = t.from_organization_id JOIN organization tt ON tt.id = t.to_organization_id";

/// A proposal; `own` is the parameter of the asker's organization. The other side reads of the case what it needs to
/// decide, as long as it may decide and the person agrees.
fn transfer(own: &str) -> String {
    let asked = format!(
        "(t.status = 'PROPOSED' AND t.to_organization_id = {own} AND c.holder_organization_id = t.from_organization_id \
         AND c.status = 'OPEN' AND cn.ended_at IS NULL AND cn.fields LIKE '%\"CASE_IDENTIFIER\"%')"
    );
    let shown = format!("(c.holder_organization_id = {own} OR {asked})");
    let (from, to) = (fragment::organization("tf"), fragment::organization("tt"));
    format!(
        "OBJ('id', UID(t.id), 'case_id', UID(t.case_id), 'program_id', UID(t.program_id), 'from', {from}, 'to', {to}, \
         'consent_id', UID(t.consent_id), 'status', t.status, 'reason', t.reason, \
         'note', CASE WHEN t.from_organization_id = {own} OR {shown} THEN t.note_sealed END, \
         'decline_reason', t.decline_reason, 'answer', t.answer_sealed, \
         'identifier', CASE WHEN {shown} THEN c.identifier END, \
         'needs', LIST(OBJ('category', nd.category_code, 'urgency', nd.urgency) BY nd.created_at, nd.id FROM need nd \
           WHERE nd.case_id = t.case_id AND nd.status NOT IN ('MET', 'WITHDRAWN') AND {shown}), \
         'open_referrals', CASE WHEN {shown} THEN (SELECT count(*) FROM referral r WHERE r.case_id = t.case_id \
           AND r.sender_organization_id = c.holder_organization_id AND r.status {OPEN}) END, \
         'proposed_at', t.proposed_at, 'until_at', t.until_at, 'ended_at', t.ended_at, \
         'handed_over', t.handed_over, 'version', t.version)"
    )
}

/// The condition that the asker's organization is one of the two sides, and the parameter that names it.
fn seen(sql: &mut Sql, sight: &Sight) -> (String, String) {
    let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    let within = sql.within(&sight.cases, "t.program_id");
    (format!("(t.from_organization_id = {own} OR t.to_organization_id = {own}) AND {within}"), own)
}

fn by_id(sql: &mut Sql, sight: &Sight, ids: &[Uuid]) -> String {
    let (seen, own) = seen(sql, sight);
    let names = sql.bind_all(ids.iter().copied());
    format!("SELECT CAST({} AS TEXT) AS body FROM {JOINED} WHERE t.id IN ({names}) AND {seen}", transfer(&own))
}

fn found(sql: &mut Sql, sight: &Sight, filter: &TransferFilter) -> (String, String) {
    let (seen, own) = seen(sql, sight);
    let mut text = format!("FROM {JOINED} WHERE {seen}");
    if !filter.status.is_empty() {
        text += &format!(" AND t.status IN ({})", sql.bind_all(filter.status.iter().map(|status| status.code())));
    }
    match filter.is_received {
        Some(true) => text += &format!(" AND t.to_organization_id = {own}"),
        Some(false) => text += &format!(" AND t.from_organization_id = {own}"),
        None => {}
    }
    (text, own)
}

impl Door {
    /// The proposals with these keys of which the asker's organization is a side.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn transfers_by_id(
        &self,
        sight: &Sight,
        ids: &[CaseTransferId],
    ) -> Result<HashMap<CaseTransferId, CaseTransfer>, Fault> {
        let mut sql = Sql::default();
        let ids: Vec<Uuid> = ids.iter().map(|id| Uuid::from(*id)).collect();
        let text = by_id(&mut sql, sight, &ids);
        let rows = self.rows(&text, sql.values).await?;
        rows.iter().map(|row| body::<CaseTransfer>(row, "case_transfer").map(|found| (found.id, found))).collect()
    }

    /// A page of the proposals of which the asker's organization is a side, the newest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case_transfers(
        &self,
        sight: &Sight,
        filter: &TransferFilter,
        window: &Window,
    ) -> Result<Page<CaseTransfer>, Fault> {
        let mut sql = Sql::default();
        let (from, own) = found(&mut sql, sight, filter);
        let count = if window.count { format!(", (SELECT count(*) {from}) AS total") } else { String::new() };
        let order = Order { by: "t.proposed_at", id: "t.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(t.proposed_at AS TEXT) AS k, t.id AS id{count} {from}{end}",
            transfer(&own)
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "case_transfer")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total {}", found(&mut sql, sight, filter).0);
        counted(self, page, window, sql).await
    }

    /// Unanswered proposals whose time is over at `now`, a bounded number of them.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn unanswered_transfers(&self, now: i64) -> Result<Vec<Unanswered>, Fault> {
        let text = "SELECT id, case_id, program_id, from_organization_id, to_organization_id, version \
                    FROM case_transfer WHERE status = 'PROPOSED' AND until_at <= $1 ORDER BY until_at, id LIMIT 100";
        self.rows(text, vec![now.into()]).await?.iter().map(unanswered).collect()
    }
}

fn unanswered(row: &QueryResult) -> Result<Unanswered, Fault> {
    let unreadable = |_| Fault::Store("a proposal does not read".into());
    let key = |column| row.try_get::<Uuid>("", column).map_err(unreadable);
    Ok(Unanswered {
        id: key("id")?.into(),
        case: key("case_id")?.into(),
        program: key("program_id")?.into(),
        from: key("from_organization_id")?.into(),
        to: key("to_organization_id")?.into(),
        version: row.try_get("", "version").map_err(unreadable)?,
    })
}

impl Tx {
    /// A proposal of which the asker's organization is a side.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn transfer(&self, sight: &Sight, id: CaseTransferId) -> Result<Option<CaseTransfer>, Fault> {
        let mut sql = Sql::default();
        let text = by_id(&mut sql, sight, &[id.into()]);
        self.rows(&text, sql.values).await?.first().map(|row| body(row, "case_transfer")).transpose()
    }

    /// Adds a proposal; false while another one runs for the case.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_transfer(&self, new: NewTransfer, now: i64) -> Result<bool, Fault> {
        let text = "INSERT INTO case_transfer (id, case_id, program_id, from_organization_id, to_organization_id, \
                    consent_id, status, reason, note_sealed, proposed_at, until_at, version) \
                    VALUES ($1, $2, $3, $4, $5, $6, 'PROPOSED', $7, $8, $9, $10, 1) ON CONFLICT DO NOTHING";
        let values = vec![
            new.id.into(),
            Uuid::from(new.case).into(),
            Uuid::from(new.program).into(),
            Uuid::from(new.from).into(),
            Uuid::from(new.to).into(),
            Uuid::from(new.consent).into(),
            new.reason.code().into(),
            new.note.into(),
            now.into(),
            new.until_at.into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    /// The proposal that runs for a case, held until this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn running_transfer(&self, case: CaseId) -> Result<Option<Unanswered>, Fault> {
        let text = "SELECT id, case_id, program_id, from_organization_id, to_organization_id, version \
                    FROM case_transfer WHERE case_id = $1 AND status = 'PROPOSED' FOR NO KEY UPDATE";
        self.rows(text, vec![Uuid::from(case).into()]).await?.first().map(unanswered).transpose()
    }

    /// Ends a proposal, if it is still the one that was read and runs.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_transfer(
        &self,
        id: CaseTransferId,
        version: i32,
        ending: Ending,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE case_transfer SET status = $1, decline_reason = $2, answer_sealed = $3, handed_over = $4, \
                    ended_at = $5, version = version + 1 WHERE id = $6 AND version = $7 AND status = 'PROPOSED'";
        let values = vec![
            ending.status.code().into(),
            ending.decline_reason.map(|reason| reason.code().to_owned()).into(),
            ending.answer.into(),
            ending.handed_over.into(),
            now.into(),
            Uuid::from(id).into(),
            version.into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    /// The consent under which a proposal was made, as it stands now.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn consent_of_transfer(&self, id: CaseTransferId) -> Result<Consent, Fault> {
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM case_transfer t JOIN consent cn ON cn.id = t.consent_id \
             WHERE t.id = $1",
            consent("cn")
        );
        let rows = self.rows(&text, vec![Uuid::from(id).into()]).await?;
        body(rows.first().ok_or(Fault::Corrupt("case_transfer", id.into()))?, "consent")
    }

    /// Whether an organization leads a program or works in it; who only pays for it does not.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn works_in(&self, organization: OrganizationId, program: ProgramId) -> Result<bool, Fault> {
        let text = "SELECT p.id FROM program p WHERE p.id = $2 AND (p.lead_organization_id = $1 \
                    OR EXISTS (SELECT 1 FROM program_organization po WHERE po.program_id = p.id \
                    AND po.organization_id = $1 AND po.part = 'MEMBER'))";
        let rows = self.rows(text, vec![Uuid::from(organization).into(), Uuid::from(program).into()]).await?;
        Ok(!rows.is_empty())
    }

    /// The terms of all agreements in force on `today` between two organizations.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn terms_between(
        &self,
        one: OrganizationId,
        other: OrganizationId,
        today: &str,
    ) -> Result<Vec<Terms>, Fault> {
        let party = |name: &str| {
            format!(
                "EXISTS (SELECT 1 FROM agreement_party ap WHERE ap.agreement_id = a.id AND ap.organization_id = {name})"
            )
        };
        let text = format!(
            "SELECT CAST(OBJ('id', UID(a.id), 'data_allowed', JSON(a.data_allowed), \
             'response_times', JSON(a.response_times)) AS TEXT) AS body FROM agreement a \
             WHERE a.status = 'ACTIVE' AND a.valid_from <= $3 AND (a.valid_to IS NULL OR a.valid_to >= $3) \
             AND {} AND {} ORDER BY a.created_at DESC, a.id DESC LIMIT 100",
            party("$1"),
            party("$2")
        );
        let values = vec![Uuid::from(one).into(), Uuid::from(other).into(), today.into()];
        self.rows(&text, values).await?.iter().map(|row| body(row, "agreement")).collect()
    }

    /// What is known of the person of a case, as fields.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn fields_known(&self, case: CaseId) -> Result<Vec<ConsentField>, Fault> {
        let text = "SELECT pf.field AS field FROM case_file c JOIN person_field pf ON pf.person_id = c.person_id \
                    WHERE c.id = $1 ORDER BY pf.field";
        let rows = self.rows(text, vec![Uuid::from(case).into()]).await?;
        let code = |row: &QueryResult| row.try_get::<String>("", "field").ok();
        Ok(rows.iter().filter_map(code).filter_map(|code| ConsentField::from_code(&code)).collect())
    }

    /// The open cases of an organization in a program for which no proposal runs, the oldest first, so many at the most.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn cases_to_hand_over(
        &self,
        holder: OrganizationId,
        program: ProgramId,
        most: usize,
    ) -> Result<Vec<CaseId>, Fault> {
        let text = format!(
            "SELECT c.id AS id FROM case_file c WHERE c.holder_organization_id = $1 AND c.program_id = $2 \
             AND c.status = 'OPEN' AND NOT EXISTS (SELECT 1 FROM case_transfer t WHERE t.case_id = c.id \
             AND t.status = 'PROPOSED') ORDER BY c.opened_at, c.id LIMIT {most}"
        );
        keys(&self.rows(&text, vec![Uuid::from(holder).into(), Uuid::from(program).into()]).await?)
    }
}
