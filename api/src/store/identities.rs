//! Identity providers, and whom they know as which member, in the database.

use crate::domain::id::{MemberId, OrganizationId};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::Sql;
use passerelle_entity::{identity_provider, member_identity};
use sea_orm::QueryResult;
use uuid::Uuid;

/// A provider that may vouch for members.
#[derive(Debug, Clone)]
pub struct Provider {
    pub id: Uuid,
    /// The only organization for whose members it vouches; all of them when none is named.
    pub organization: Option<Uuid>,
    pub issuer: String,
    pub audience: String,
    /// The key set that it published last.
    pub keys: Option<String>,
    /// When that was fetched, UTC microseconds.
    pub keys_at: Option<i64>,
    /// When somebody last tried to fetch one.
    pub tried_at: Option<i64>,
}

/// A member whom a provider knows.
#[derive(Debug, Clone, Copy)]
pub struct Identified {
    pub member: Uuid,
    pub organization: Uuid,
    pub epoch: i32,
    pub organization_epoch: i32,
}

const PROVIDER: &str = "SELECT id, organization_id, issuer, audience, keys, keys_at, tried_at FROM identity_provider";

fn read(row: &QueryResult) -> Result<Provider, Fault> {
    let corrupt = |_| Fault::Store("an identity provider does not read".into());
    Ok(Provider {
        id: row.try_get("", "id").map_err(corrupt)?,
        organization: row.try_get("", "organization_id").map_err(corrupt)?,
        issuer: row.try_get("", "issuer").map_err(corrupt)?,
        audience: row.try_get("", "audience").map_err(corrupt)?,
        keys: row.try_get("", "keys").map_err(corrupt)?,
        keys_at: row.try_get("", "keys_at").map_err(corrupt)?,
        tried_at: row.try_get("", "tried_at").map_err(corrupt)?,
    })
}

impl Door {
    /// The active providers of an issuer for one of these audiences, the oldest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn providers(&self, issuer: &str, audiences: Vec<String>) -> Result<Vec<Provider>, Fault> {
        let mut sql = Sql::default();
        let issuer = sql.bind(issuer);
        let names = sql.bind_all(audiences.into_iter().take(10));
        let text = format!(
            "{PROVIDER} WHERE issuer = {issuer} AND audience IN ({names}) AND is_active ORDER BY created_at, id LIMIT 100"
        );
        self.rows(&text, sql.values).await?.iter().map(read).collect()
    }

    /// One provider as it stands now.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn provider(&self, id: Uuid) -> Result<Option<Provider>, Fault> {
        let rows = self.rows(&format!("{PROVIDER} WHERE id = $1"), vec![id.into()]).await?;
        rows.first().map(read).transpose()
    }

    /// Takes it upon oneself to ask a provider for its keys, unless somebody did since `after`.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn claim_keys(&self, id: Uuid, now: i64, after: i64) -> Result<bool, Fault> {
        let tx = self.begin().await?;
        let text = "UPDATE identity_provider SET tried_at = $1 WHERE id = $2 AND (tried_at IS NULL OR tried_at <= $3)";
        let claimed = tx.run(text, vec![now.into(), id.into(), after.into()]).await? == 1;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Keeps the keys that a provider published.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn keep_keys(&self, id: Uuid, keys: &str, now: i64) -> Result<(), Fault> {
        let tx = self.begin().await?;
        let text = "UPDATE identity_provider SET keys = $1, keys_at = $2 WHERE id = $3";
        tx.run(text, vec![keys.into(), now.into(), id.into()]).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Remembers an identity token until it is over; false for one that was used before. Those that are over are forgotten.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn use_id_token(&self, fingerprint: &str, until: i64, now: i64) -> Result<bool, Fault> {
        self.run("DELETE FROM used_id_token WHERE good_until < $1", vec![(now - 60).into()]).await?;
        let text = "INSERT INTO used_id_token (token_hash, good_until) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(self.run(text, vec![fingerprint.into(), until.into()]).await? == 1)
    }

    /// The active members whom these providers know by a subject, two at the most; of one organization where it is named. A
    /// provider of an organization vouches for its members only.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn identified(
        &self,
        providers: &[Uuid],
        subject: &str,
        organization: Option<Uuid>,
    ) -> Result<Vec<Identified>, Fault> {
        let mut sql = Sql::default();
        let subject = sql.bind(subject);
        let names = sql.bind_all(providers.iter().copied());
        let only = organization.map(|key| format!(" AND m.organization_id = {}", sql.bind(key))).unwrap_or_default();
        let text = format!(
            "SELECT DISTINCT m.id AS member, m.organization_id AS organization, m.epoch AS epoch, \
             o.epoch AS organization_epoch FROM member_identity i JOIN member m ON m.id = i.member_id \
             JOIN organization o ON o.id = m.organization_id JOIN identity_provider p ON p.id = i.provider_id \
             WHERE i.subject_hash = {subject} AND i.provider_id IN ({names}) AND m.is_active AND o.ended_at IS NULL \
             AND i.organization_id = m.organization_id \
             AND (p.organization_id IS NULL OR p.organization_id = m.organization_id){only} ORDER BY m.id LIMIT 2"
        );
        let corrupt = |_| Fault::Store("an identity does not read".into());
        let read = |row: &QueryResult| {
            Ok(Identified {
                member: row.try_get("", "member").map_err(corrupt)?,
                organization: row.try_get("", "organization").map_err(corrupt)?,
                epoch: row.try_get("", "epoch").map_err(corrupt)?,
                organization_epoch: row.try_get("", "organization_epoch").map_err(corrupt)?,
            })
        };
        self.rows(&text, sql.values).await?.iter().map(read).collect()
    }

    /// Uses an invitation up, if it is still good and its member's organization is one that a provider may vouch for; gives
    /// the member and their organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn use_invitation(
        &self,
        code: &str,
        vouches_for: Option<Uuid>,
        now: i64,
    ) -> Result<Option<(MemberId, OrganizationId)>, Fault> {
        let mut sql = Sql::default();
        let (now, code) = (sql.bind(now), sql.bind(code));
        let only = vouches_for.map(|key| format!(" AND organization_id = {}", sql.bind(key))).unwrap_or_default();
        let text = format!(
            "UPDATE member_invitation SET used_at = {now} WHERE code_hash = {code} AND used_at IS NULL \
             AND valid_until > {now} AND member_id IN (SELECT m.id FROM member m WHERE m.is_active){only} \
             RETURNING member_id, organization_id"
        );
        let rows = self.rows(&text, sql.values).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let key = |column: &str| {
            row.try_get::<Uuid>("", column).map_err(|_| Fault::Store("an invitation does not read".into()))
        };
        Ok(Some((key("member_id")?.into(), key("organization_id")?.into())))
    }

    /// Binds a member to whom a provider knows; false where the provider knows another member of the organization by it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn bind_member(
        &self,
        (member, organization): (MemberId, OrganizationId),
        provider: Uuid,
        subject: &str,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "SELECT member_id FROM member_identity WHERE provider_id = $1 AND subject_hash = $2 AND organization_id = $3";
        let rows = self.rows(text, vec![provider.into(), subject.into(), Uuid::from(organization).into()]).await?;
        if let Some(row) = rows.first() {
            let bound: Uuid =
                row.try_get("", "member_id").map_err(|_| Fault::Store("an identity does not read".into()))?;
            return Ok(bound == Uuid::from(member));
        }
        self.add(member_identity::Model {
            id: Uuid::now_v7(),
            member_id: member.into(),
            organization_id: organization.into(),
            provider_id: provider,
            subject_hash: subject.to_owned(),
            created_at: now,
        })
        .await?;
        Ok(true)
    }

    /// Keeps when a member last got a token. Written last.
    pub fn member_used(&self, member: Uuid, now: i64) {
        self.run_last("UPDATE member SET last_used_at = $1 WHERE id = $2", vec![now.into(), member.into()]);
    }

    /// Adds a provider.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_provider(
        &self,
        id: Uuid,
        organization: Option<OrganizationId>,
        (name, issuer, audience): (&str, &str, &str),
        now: i64,
    ) -> Result<(), Fault> {
        self.add(identity_provider::Model {
            id,
            organization_id: organization.map(Uuid::from),
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            is_active: true,
            created_at: now,
            ..identity_provider::Model::default()
        })
        .await
    }

    /// Ends a provider: it vouches for nobody any more. Tells whether there was an active one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_provider(&self, id: Uuid) -> Result<bool, Fault> {
        let text = "UPDATE identity_provider SET is_active = FALSE WHERE id = $1 AND is_active";
        Ok(self.run(text, vec![id.into()]).await? == 1)
    }
}
