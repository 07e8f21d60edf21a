//! Overrides in the database: disclosures in place of a consent that could not be had.

use crate::domain::actor::RoleGrant;
use crate::domain::case::ConsentField;
use crate::domain::code::Code;
use crate::domain::consent::{ConsentOverride, OverrideBasis, OverrideVerdict};
use crate::domain::id::{CaseId, ConsentOverrideId, MemberId, OrganizationId, ProgramId, ReferralId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Extent;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Rows, Tx};
use crate::store::referral_writes::codes;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use passerelle_entity::consent_override;
use uuid::Uuid;

/// An override to add.
#[derive(Debug)]
pub struct NewOverride<'a> {
    pub id: Uuid,
    pub case: CaseId,
    pub organization: OrganizationId,
    pub program: ProgramId,
    pub receiver: OrganizationId,
    pub basis: OverrideBasis,
    pub determined_by: MemberId,
    pub recorded_by: MemberId,
    /// Sealed for this row.
    pub reason: String,
    pub fields: &'a [ConsentField],
    /// UTC microseconds.
    pub expires_at: i64,
    /// Whether the person had withdrawn a consent for this receiver.
    pub after_withdrawal: bool,
}

/// What a case is to its holder, whoever asks: for those who may act for its person without reading it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub holder: OrganizationId,
    pub program: ProgramId,
    pub is_open: bool,
}

/// Whose overrides are seen: an organization's, in the programs of those who watch over it, and what somebody had a part
/// in themselves.
#[derive(Debug, Clone)]
pub struct Oversight {
    pub organization: OrganizationId,
    pub extent: Extent,
    pub member: Option<MemberId>,
}

const OVERRIDE: &str = "OBJ('id', UID(co.id), 'case_id', UID(co.case_id), 'program_id', UID(co.program_id), \
    'receiver_id', UID(co.receiver_organization_id), 'basis', co.basis, 'determined_by', UID(co.determined_by), \
    'recorded_by', UID(co.recorded_by), 'reason', co.reason_sealed, 'fields', JSON(co.fields), \
    'created_at', co.created_at, 'expires_at', co.expires_at, 'verdict', co.verdict, \
    'verdict_text', co.verdict_sealed, 'confirmed_at', co.confirmed_at, 'after_withdrawal', co.after_withdrawal, 'reviewed_at', co.reviewed_at, 'version', co.version)";

fn seen(sql: &mut Sql, oversight: &Oversight) -> String {
    let own = sql.bind(Uuid::from(oversight.organization));
    let within = sql.within(&oversight.extent, "co.program_id");
    let member = sql.bind(oversight.member.map(Uuid::from).unwrap_or_default());
    format!("co.organization_id = {own} AND ({within} OR co.recorded_by = {member} OR co.determined_by = {member})")
}

fn one(sql: &mut Sql, oversight: &Oversight, id: ConsentOverrideId) -> String {
    let seen = seen(sql, oversight);
    let key = sql.bind(Uuid::from(id));
    format!("SELECT CAST({OVERRIDE} AS TEXT) AS body FROM consent_override co WHERE co.id = {key} AND {seen}")
}

impl Tx {
    /// What a case is to its holder. It tells nothing of the person.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn standing_of_case(&self, id: CaseId) -> Result<Option<Standing>, Fault> {
        let text = "SELECT holder_organization_id, program_id, status FROM case_file WHERE id = $1";
        let rows = self.rows(text, vec![Uuid::from(id).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let unreadable = |_| Fault::Corrupt("case_file", id.into());
        let key = |column| row.try_get::<Uuid>("", column).map_err(unreadable);
        let status: String = row.try_get("", "status").map_err(unreadable)?;
        Ok(Some(Standing {
            holder: key("holder_organization_id")?.into(),
            program: key("program_id")?.into(),
            is_open: status == "OPEN",
        }))
    }

    /// The roles of an active member of an organization; nothing for any other.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn roles_of(&self, id: MemberId, organization: OrganizationId) -> Result<Vec<RoleGrant>, Fault> {
        let text = "SELECT roles AS body FROM member WHERE id = $1 AND organization_id = $2 AND is_active";
        let rows = self.rows(text, vec![Uuid::from(id).into(), Uuid::from(organization).into()]).await?;
        rows.first().map_or_else(|| Ok(Vec::new()), |row| body(row, "member"))
    }

    /// Adds an override.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_override(&self, new: NewOverride<'_>, now: i64) -> Result<(), Fault> {
        self.add(consent_override::Model {
            id: new.id,
            case_id: new.case.into(),
            organization_id: new.organization.into(),
            program_id: new.program.into(),
            receiver_organization_id: new.receiver.into(),
            basis: new.basis.code().into(),
            determined_by: new.determined_by.into(),
            recorded_by: new.recorded_by.into(),
            reason_sealed: new.reason,
            fields: codes(new.fields),
            created_at: now,
            expires_at: new.expires_at,
            confirmed_at: (new.recorded_by == new.determined_by).then_some(now),
            after_withdrawal: new.after_withdrawal,
            version: 1,
            ..consent_override::Model::default()
        })
        .await
    }

    /// Holds an override so until this transaction ends, for those who send under it: no review comes between.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hold_override(&self, id: ConsentOverrideId) -> Result<(), Fault> {
        let text = "SELECT id FROM consent_override WHERE id = $1 FOR UPDATE";
        self.rows(text, vec![Uuid::from(id).into()]).await.map(drop)
    }

    /// An override that the asker sees.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn consent_override(
        &self,
        oversight: &Oversight,
        id: ConsentOverrideId,
    ) -> Result<Option<ConsentOverride>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, oversight, id);
        self.rows(&text, sql.values).await?.first().map(|row| body(row, "consent_override")).transpose()
    }

    /// Keeps what a review found, if the override is still the one that was read and was not reviewed before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn review_override(
        &self,
        seen: &ConsentOverride,
        verdict: OverrideVerdict,
        text: String,
        by: Uuid,
        now: i64,
    ) -> Result<bool, Fault> {
        let update = "UPDATE consent_override SET verdict = $1, verdict_sealed = $2, reviewed_by = $3, reviewed_at = $4, \
                      version = version + 1 WHERE id = $5 AND version = $6 AND verdict IS NULL";
        let values = vec![
            verdict.code().into(),
            text.into(),
            by.into(),
            now.into(),
            Uuid::from(seen.id).into(),
            seen.version.into(),
        ];
        Ok(self.run(update, values).await? == 1)
    }

    /// Keeps that the licensed member confirmed an override, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn confirm_override(&self, id: ConsentOverrideId, version: i32, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE consent_override SET confirmed_at = $1, version = version + 1 \
                    WHERE id = $2 AND version = $3 AND confirmed_at IS NULL";
        Ok(self.run(text, vec![now.into(), Uuid::from(id).into(), version.into()]).await? == 1)
    }

    /// Whether the last consent of a case for a receiver was withdrawn.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn was_withdrawn(&self, case: CaseId, receiver: OrganizationId) -> Result<bool, Fault> {
        let text = "SELECT ended_at FROM consent WHERE case_id = $1 AND receiver_organization_id = $2 \
                    ORDER BY created_at DESC, id DESC LIMIT 1";
        let rows = self.rows(text, vec![Uuid::from(case).into(), Uuid::from(receiver).into()]).await?;
        let ended = rows.first().map(|row| row.try_get::<Option<i64>>("", "ended_at")).transpose();
        Ok(ended.map_err(|_| Fault::Store("a consent's end does not read".into()))?.flatten().is_some())
    }

    /// The referrals that were sent under an override, with their receivers, held until this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sent_under_override(&self, id: ConsentOverrideId) -> Result<Vec<(ReferralId, OrganizationId)>, Fault> {
        let text = "SELECT id, receiver_organization_id FROM referral WHERE override_id = $1 ORDER BY id FOR UPDATE";
        let unreadable = |_| Fault::Corrupt("consent_override", id.into());
        let rows = self.rows(text, vec![Uuid::from(id).into()]).await?;
        rows.iter()
            .map(|row| {
                let key = |column| row.try_get::<Uuid>("", column).map_err(unreadable);
                Ok((key("id")?.into(), key("receiver_organization_id")?.into()))
            })
            .collect()
    }

    /// Ends what was shown under an override. Written last.
    pub fn end_grants_by_override(&self, id: ConsentOverrideId, now: i64) {
        self.run_last(
            "UPDATE access_grant SET until_at = $2 WHERE until_at IS NULL \
             AND cause_id IN (SELECT r.id FROM referral r WHERE r.override_id = $1)",
            vec![Uuid::from(id).into(), now.into()],
        );
    }
}

impl Door {
    /// An override that the asker sees.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn consent_override(
        &self,
        oversight: &Oversight,
        id: ConsentOverrideId,
    ) -> Result<Option<ConsentOverride>, Fault> {
        let mut sql = Sql::default();
        let text = one(&mut sql, oversight, id);
        self.rows(&text, sql.values).await?.first().map(|row| body(row, "consent_override")).transpose()
    }

    /// The overrides with these keys that the asker sees.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn overrides_by_id(&self, oversight: &Oversight, keys: &[Uuid]) -> Result<Vec<ConsentOverride>, Fault> {
        let mut sql = Sql::default();
        let seen = seen(&mut sql, oversight);
        let names = sql.bind_all(keys.iter().copied());
        let text = format!(
            "SELECT CAST({OVERRIDE} AS TEXT) AS body FROM consent_override co WHERE co.id IN ({names}) AND {seen}"
        );
        self.rows(&text, sql.values).await?.iter().map(|row| body(row, "consent_override")).collect()
    }

    /// A page of the overrides that the asker sees, the newest first; only reviewed ones, or only those that wait for a
    /// review, when asked so.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn consent_overrides(
        &self,
        oversight: &Oversight,
        is_reviewed: Option<bool>,
        window: &Window,
    ) -> Result<Page<ConsentOverride>, Fault> {
        let found = |sql: &mut Sql| {
            let seen = seen(sql, oversight);
            let reviewed = match is_reviewed {
                Some(true) => " AND co.verdict IS NOT NULL",
                Some(false) => " AND co.verdict IS NULL",
                None => "",
            };
            format!("FROM consent_override co WHERE {seen}{reviewed}")
        };
        let mut sql = Sql::default();
        let from = found(&mut sql);
        let count = if window.count { format!(", (SELECT count(*) {from}) AS total") } else { String::new() };
        let order = Order { by: "co.created_at", id: "co.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({OVERRIDE} AS TEXT) AS body, CAST(co.created_at AS TEXT) AS k, co.id AS id{count} {from}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "consent_override")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total {}", found(&mut sql));
        counted(self, page, window, sql).await
    }
}

/// An override of an organization's own, whoever there asks.
///
/// # Errors
/// What the engine refuses.
pub async fn own_override(
    store: &impl Rows,
    organization: OrganizationId,
    id: ConsentOverrideId,
) -> Result<Option<ConsentOverride>, Fault> {
    let mut sql = Sql::default();
    let all = Oversight { organization, extent: Extent::Everything, member: None };
    let text = one(&mut sql, &all, id);
    store.rows(&text, sql.values).await?.first().map(|row| body(row, "consent_override")).transpose()
}
