//! Consents in the database: how they read, their withdrawal, their expiry and their record.

use crate::domain::case::ConsentField;
use crate::domain::code::Code;
use crate::domain::consent_record::ConsentRecord;
use crate::domain::id::{CapacityId, CaseId, ConsentId, OrganizationId, ProgramId, ReferralId};
use crate::domain::policy::Sight;
use crate::domain::referral::Channel;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::redactions::redaction;
use crate::store::referral_writes::codes;
use crate::store::statement::{Sql, body, keys};
use sea_orm::QueryResult;
use uuid::Uuid;

/// A consent; `c` is the table's alias.
#[must_use]
pub fn consent(c: &str) -> String {
    format!(
        "OBJ('id', UID({c}.id), 'case_id', UID({c}.case_id), 'receiver_id', UID({c}.receiver_organization_id), \
         'basis', {c}.basis, 'purpose', {c}.purpose, 'fields', JSON({c}.fields), 'method', {c}.method, \
         'language', {c}.language, 'notice_version', {c}.notice_version, 'given_on', {c}.given_on, \
         'expires_on', {c}.expires_on, 'ended_at', {c}.ended_at, 'report_back', {c}.report_back, \
         'report_back_ended_at', {c}.report_back_ended_at, 'given_by', {c}.given_by, \
         'guardian_relation', {c}.guardian_relation, 'child_view', {c}.child_view, \
         'caregiver_informed', CASE WHEN {c}.caregiver_informed THEN 1 WHEN NOT {c}.caregiver_informed THEN 0 END, \
         'caregiver_reason', {c}.caregiver_reason_sealed, 'withdrawn_channel', {c}.withdrawn_channel, \
         'created_at', {c}.created_at, 'version', {c}.version)"
    )
}

/// A thing of which somebody is to be told: its key, whom it concerns, and its program.
#[derive(Debug, Clone, Copy)]
pub struct Concern {
    pub id: Uuid,
    pub organization: OrganizationId,
    /// The other side, where there is one.
    pub holder: OrganizationId,
    pub program: ProgramId,
}

impl Tx {
    /// The case of a consent. It tells a key only; what is in the case is read through the asker's eyes afterwards.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case_of_consent(&self, id: ConsentId) -> Result<Option<CaseId>, Fault> {
        let text = "SELECT case_id AS id FROM consent WHERE id = $1";
        let found: Vec<CaseId> = keys(&self.rows(text, vec![Uuid::from(id).into()]).await?)?;
        Ok(found.first().copied())
    }

    /// What a consent releases at this moment; nothing if it was withdrawn. It is held so until this transaction ends: who
    /// sends under it and who withdraws it, or single fields of it, can't both have gone first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn hold_consent(&self, id: ConsentId) -> Result<Option<Vec<ConsentField>>, Fault> {
        let text = "SELECT fields AS body FROM consent WHERE id = $1 AND ended_at IS NULL FOR UPDATE";
        let rows = self.rows(text, vec![Uuid::from(id).into()]).await?;
        rows.first().map(|row| body(row, "consent")).transpose()
    }

    /// Withdraws all of a consent, if it is still the one that was read and was not withdrawn before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_consent(
        &self,
        id: ConsentId,
        version: i32,
        channel: Option<Channel>,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE consent SET ended_at = $1, report_back_ended_at = coalesce(report_back_ended_at, $1), \
                    withdrawn_channel = $2, version = version + 1 WHERE id = $3 AND version = $4 AND ended_at IS NULL";
        let channel = channel.map(|channel| channel.code().to_owned());
        Ok(self.run(text, vec![now.into(), channel.into(), Uuid::from(id).into(), version.into()]).await? == 1)
    }

    /// Ends only that a receiver may report back, if the consent is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_report_back(&self, id: ConsentId, version: i32, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE consent SET report_back_ended_at = $1, version = version + 1 \
                    WHERE id = $2 AND version = $3 AND report_back_ended_at IS NULL";
        Ok(self.run(text, vec![now.into(), Uuid::from(id).into(), version.into()]).await? == 1)
    }

    /// Leaves only these fields in a consent, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn narrow_consent(&self, id: ConsentId, version: i32, kept: &[ConsentField]) -> Result<bool, Fault> {
        let text = "UPDATE consent SET fields = $1, version = version + 1 \
                    WHERE id = $2 AND version = $3 AND ended_at IS NULL";
        Ok(self.run(text, vec![codes(kept).into(), Uuid::from(id).into(), version.into()]).await? == 1)
    }

    /// Takes fields off the running grants of all that was sent under a consent. Gives the referrals under which any of
    /// them was ever shown, with their receivers, held until this transaction ends.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn narrow_grants_under(
        &self,
        id: ConsentId,
        gone: &[ConsentField],
    ) -> Result<Vec<(ReferralId, OrganizationId)>, Fault> {
        self.sent_under(id).await?;
        let text = "SELECT ag.id AS id, ag.cause_id, ag.organization_id, ag.until_at, ag.fields AS body \
                    FROM access_grant ag JOIN referral r ON r.id = ag.cause_id WHERE r.consent_id = $1 ORDER BY ag.id";
        let unreadable = |_| Fault::Store("a grant does not read".into());
        let mut shown = Vec::new();
        for row in self.rows(text, vec![Uuid::from(id).into()]).await? {
            let fields: Vec<ConsentField> = body(&row, "access_grant")?;
            if !fields.iter().any(|field| gone.contains(field)) {
                continue;
            }
            let key = |column| row.try_get::<Uuid>("", column).map_err(unreadable);
            let of = (key("cause_id")?.into(), key("organization_id")?.into());
            if !shown.contains(&of) {
                shown.push(of);
            }
            if row.try_get::<Option<i64>>("", "until_at").map_err(unreadable)?.is_none() {
                let kept: Vec<ConsentField> = fields.into_iter().filter(|field| !gone.contains(field)).collect();
                let text = "UPDATE access_grant SET fields = $1 WHERE id = $2";
                self.run(text, vec![codes(&kept).into(), key("id")?.into()]).await?;
            }
        }
        Ok(shown)
    }

    /// The referrals that were sent under a consent, held until this transaction ends: whoever decides on one of them at
    /// the same time has gone before, and is seen, or comes after.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sent_under(&self, id: ConsentId) -> Result<Vec<ReferralId>, Fault> {
        let text = "SELECT id FROM referral WHERE consent_id = $1 ORDER BY id FOR UPDATE";
        keys(&self.rows(text, vec![Uuid::from(id).into()]).await?)
    }

    /// Ends every running grant of the referrals that were sent under a consent. What was granted stays on record.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_grants_under(&self, id: ConsentId, now: i64) -> Result<(), Fault> {
        let text = "UPDATE access_grant SET until_at = $1 WHERE until_at IS NULL \
                    AND cause_id IN (SELECT r.id FROM referral r WHERE r.consent_id = $2)";
        self.run(text, vec![now.into(), Uuid::from(id).into()]).await.map(drop)
    }

    /// Lets a held place go at once: several referrals of one consent may hold places of one service.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn release_place_now(&self, capacity: CapacityId) -> Result<(), Fault> {
        let text = "UPDATE capacity SET held = held - 1 WHERE id = $1 AND held > 0";
        self.run(text, vec![Uuid::from(capacity).into()]).await.map(drop)
    }

    /// Consents of open cases whose last day is before `today`, and of whose expiry nobody was told; each is told once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_expired_consents(&self, today: &str, now: i64, most: u32) -> Result<Vec<Concern>, Fault> {
        let text = expiring("cn.told_at IS NULL AND cn.expires_on < $1", most);
        self.take(&text, today.into(), "UPDATE consent SET told_at = $1 WHERE told_at IS NULL", now).await
    }

    /// Consents of open cases that hold today and no longer after `last`, and of which nobody was told; each is told
    /// once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_expiring_consents(&self, last: &str, now: i64, most: u32) -> Result<Vec<Concern>, Fault> {
        let text = expiring("cn.told_at IS NULL AND cn.told_soon_at IS NULL AND cn.expires_on <= $1", most);
        self.take(&text, last.into(), "UPDATE consent SET told_soon_at = $1 WHERE told_soon_at IS NULL", now).await
    }

    /// Finds things of which somebody is to be told, and marks them so that each is told once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(super) async fn take(
        &self,
        find: &str,
        by: sea_orm::Value,
        mark: &str,
        now: i64,
    ) -> Result<Vec<Concern>, Fault> {
        let found = self.rows(find, vec![by]).await?;
        let concerns: Vec<Concern> = found.iter().map(concern).collect::<Result<_, _>>()?;
        if !concerns.is_empty() {
            let mut sql = Sql::default();
            sql.bind(now);
            let names = sql.bind_all(concerns.iter().map(|concern| concern.id));
            self.run(&format!("{mark} AND id IN ({names})"), sql.values).await?;
        }
        Ok(concerns)
    }
}

fn expiring(condition: &str, most: u32) -> String {
    format!(
        "SELECT cn.id, cn.organization_id, cn.organization_id AS holder_organization_id, c.program_id FROM consent cn \
         JOIN case_file c ON c.id = cn.case_id WHERE {condition} AND cn.ended_at IS NULL AND cn.expires_on IS NOT NULL \
         AND c.status = 'OPEN' ORDER BY cn.expires_on, cn.id LIMIT {most} FOR UPDATE"
    )
}

pub(super) fn concern(row: &QueryResult) -> Result<Concern, Fault> {
    let key = |column| row.try_get::<Uuid>("", column).map_err(|_| Fault::Store("a key does not read".into()));
    Ok(Concern {
        id: key("id")?,
        organization: key("organization_id")?.into(),
        holder: key("holder_organization_id")?.into(),
        program: key("program_id")?.into(),
    })
}

impl Door {
    /// The record of a consent of a case that the asker's organization holds.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn consent_record(&self, sight: &Sight, id: ConsentId) -> Result<Option<ConsentRecord>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
        let held = sql.within(&sight.cases, "c.program_id");
        let key = sql.bind(Uuid::from(id));
        sql.text = format!(
            "SELECT CAST(OBJ('consent', {}, 'holder', {}, 'receiver', {}, 'disclosures', \
             LIST(OBJ('referral_id', UID(ag.cause_id), 'fields', JSON(ag.fields), 'from_at', ag.from_at, \
             'until_at', ag.until_at) BY ag.from_at, ag.id FROM access_grant ag JOIN referral r ON r.id = ag.cause_id \
             WHERE r.consent_id = cn.id), 'redactions', LIST({} BY rd.asked_at, rd.id FROM redaction rd \
             WHERE rd.consent_id = cn.id)) AS TEXT) AS body \
             FROM consent cn JOIN case_file c ON c.id = cn.case_id \
             JOIN organization ho ON ho.id = c.holder_organization_id \
             JOIN organization ro ON ro.id = cn.receiver_organization_id \
             WHERE cn.id = {key} AND c.holder_organization_id = {own} AND {held}",
            consent("cn"),
            fragment::organization("ho"),
            fragment::organization("ro"),
            redaction(&own)
        );
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "consent")).transpose()
    }
}
