//! The members and applications of an organization, in the database.

use crate::domain::actor::{RoleGrant, Scope};
use crate::domain::id::{ClientId, MemberId, OrganizationId, ProgramId};
use crate::domain::membership::{Client, Member, administers};
use crate::domain::page::{Page, Window};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::{Order, Sql, body, counted, json, page, window_clause};
use passerelle_entity::member_invitation;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use uuid::Uuid;

/// A member; needs `member m`.
const MEMBER: &str = "OBJ('id', UID(m.id), 'organization_id', UID(m.organization_id), 'name', m.name, 'roles', JSON(m.roles), \
    'is_active', m.is_active, 'is_bound', EXISTS (SELECT 1 FROM member_identity mi WHERE mi.member_id = m.id), \
    'invited_until', (SELECT max(mv.valid_until) FROM member_invitation mv WHERE mv.member_id = m.id AND mv.used_at IS NULL), \
    'last_used_at', m.last_used_at, 'ended_at', m.ended_at, 'version', m.version, 'created_at', m.created_at)";

/// An application; needs `client_application m`.
const CLIENT: &str = "OBJ('id', UID(m.id), 'organization_id', UID(m.organization_id), 'name', m.name, 'scopes', JSON(m.scopes), \
    'is_active', m.is_active, \
    'secrets', LIST(OBJ('id', UID(ms.id), 'hint', ms.hint, 'created_at', ms.created_at, 'valid_until', ms.valid_until, \
      'ended_at', ms.ended_at, 'last_used_at', ms.last_used_at) BY ms.created_at DESC, ms.id DESC \
      FROM client_secret ms WHERE ms.client_id = m.id), \
    'last_used_at', m.last_used_at, 'ended_at', m.ended_at, 'version', m.version, 'created_at', m.created_at)";

/// One of the two kinds.
trait Kept: DeserializeOwned {
    const TABLE: &'static str;
    const BODY: &'static str;
}

impl Kept for Member {
    const TABLE: &'static str = "member";
    const BODY: &'static str = MEMBER;
}

impl Kept for Client {
    const TABLE: &'static str = "client_application";
    const BODY: &'static str = CLIENT;
}

/// The statement that reads those of an organization with these keys.
fn of_keys<T: Kept>(organization: OrganizationId, keys: &[Uuid]) -> Sql {
    let mut sql = Sql::default();
    let organization = sql.bind(Uuid::from(organization));
    let names = sql.bind_all(keys.iter().copied());
    sql.text = format!(
        "SELECT CAST({} AS TEXT) AS body FROM {} m WHERE m.organization_id = {organization} AND m.id IN ({names})",
        T::BODY,
        T::TABLE
    );
    sql
}

impl Door {
    /// A page of an organization's members by name, or of those who are active or not.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn members(
        &self,
        organization: OrganizationId,
        active: Option<bool>,
        window: &Window,
    ) -> Result<Page<Member>, Fault> {
        self.kept(organization, active, window).await
    }

    /// A page of an organization's applications by name, or of those that are active or not.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn clients(
        &self,
        organization: OrganizationId,
        active: Option<bool>,
        window: &Window,
    ) -> Result<Page<Client>, Fault> {
        self.kept(organization, active, window).await
    }

    async fn kept<T: Kept>(
        &self,
        organization: OrganizationId,
        active: Option<bool>,
        window: &Window,
    ) -> Result<Page<T>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(Uuid::from(organization));
        let only = active.map(|active| format!(" AND m.is_active = {}", sql.bind(active))).unwrap_or_default();
        let found = format!("FROM {} m WHERE m.organization_id = {own}{only}", T::TABLE);
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let end =
            window_clause(&mut sql, window, Order { by: "m.name", id: "m.id", is_number: false, descending: false });
        sql.text = format!("SELECT CAST({} AS TEXT) AS body, m.name AS k, m.id AS id{count} {found}{end}", T::BODY);
        let page = page(&self.rows(&sql.text, sql.values).await?, window, T::TABLE)?;
        counted(self, page, window, counting).await
    }

    /// The members of an organization with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn members_by_id(
        &self,
        organization: OrganizationId,
        keys: &[Uuid],
    ) -> Result<HashMap<Uuid, Member>, Fault> {
        let sql = of_keys::<Member>(organization, keys);
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body::<Member>(row, "member").map(|found| (found.id.into(), found))).collect()
    }

    /// The applications of an organization with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn clients_by_id(
        &self,
        organization: OrganizationId,
        keys: &[Uuid],
    ) -> Result<HashMap<Uuid, Client>, Fault> {
        let sql = of_keys::<Client>(organization, keys);
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body::<Client>(row, "client_application").map(|found| (found.id.into(), found))).collect()
    }
}

impl Tx {
    /// Lets only one at a time change who may get in for an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_memberships(&self, organization: OrganizationId) -> Result<(), Fault> {
        let text = "UPDATE organization SET epoch = epoch WHERE id = $1";
        self.run(text, vec![Uuid::from(organization).into()]).await.map(drop)
    }

    /// A member of an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn member(&self, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Fault> {
        let sql = of_keys::<Member>(organization, &[id.into()]);
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "member")).transpose()
    }

    /// An application of an organization.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn client(&self, organization: OrganizationId, id: ClientId) -> Result<Option<Client>, Fault> {
        let sql = of_keys::<Client>(organization, &[id.into()]);
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "client_application")).transpose()
    }

    /// The active members who manage an organization's members and applications.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn administrators(&self, organization: OrganizationId) -> Result<Vec<MemberId>, Fault> {
        let text = "SELECT id, roles FROM member WHERE organization_id = $1 AND is_active \
                    AND roles LIKE '%\"ADMINISTRATOR\"%' ORDER BY id";
        let mut found = Vec::new();
        for row in self.rows(text, vec![Uuid::from(organization).into()]).await? {
            let key: Uuid = row.try_get("", "id").map_err(|_| Fault::Store("a member does not read".into()))?;
            let roles: String = row.try_get("", "roles").map_err(|_| Fault::Corrupt("member", key))?;
            let roles: Vec<RoleGrant> = serde_json::from_str(&roles).map_err(|_| Fault::Corrupt("member", key))?;
            if administers(&roles) {
                found.push(key.into());
            }
        }
        Ok(found)
    }

    /// The programs in which an organization takes part, and whether it leads each.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn parts_in_programs(&self, organization: OrganizationId) -> Result<HashMap<ProgramId, bool>, Fault> {
        let text = "SELECT p.id AS id, CASE WHEN p.lead_organization_id = $1 THEN TRUE ELSE FALSE END AS leads \
                    FROM program p WHERE p.lead_organization_id = $1 OR EXISTS (SELECT 1 FROM program_organization po \
                    WHERE po.program_id = p.id AND po.organization_id = $1)";
        let corrupt = |_| Fault::Store("a program does not read".into());
        let rows = self.rows(text, vec![Uuid::from(organization).into()]).await?;
        let read = |row: &sea_orm::QueryResult| {
            let id: Uuid = row.try_get("", "id").map_err(corrupt)?;
            Ok((id.into(), row.try_get("", "leads").map_err(corrupt)?))
        };
        rows.iter().map(read).collect()
    }

    /// Gives a member other roles. Where one is taken away, tokens issued before are good no more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_roles(&self, id: MemberId, roles: &[RoleGrant], narrows: bool) -> Result<(), Fault> {
        let text = "UPDATE member SET roles = $1, epoch = epoch + $2, version = version + 1 WHERE id = $3";
        self.run(text, vec![json(&roles)?.into(), i32::from(narrows).into(), Uuid::from(id).into()]).await.map(drop)
    }

    /// Gives an application other scopes. Where one is taken away, tokens issued before are good no more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_scopes(&self, id: ClientId, scopes: &[Scope], narrows: bool) -> Result<(), Fault> {
        let text = "UPDATE client_application SET scopes = $1, epoch = epoch + $2, version = version + 1 WHERE id = $3";
        self.run(text, vec![json(&scopes)?.into(), i32::from(narrows).into(), Uuid::from(id).into()]).await.map(drop)
    }

    /// Notes that something else of an application changed; with `ends`, tokens issued before are good no more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn client_changed(&self, id: ClientId, ends: bool) -> Result<(), Fault> {
        let text = "UPDATE client_application SET epoch = epoch + $1, version = version + 1 WHERE id = $2";
        self.run(text, vec![i32::from(ends).into(), Uuid::from(id).into()]).await.map(drop)
    }

    /// Ends a member's or application's access.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_access(&self, id: Uuid, is_client: bool, now: i64) -> Result<(), Fault> {
        let table = if is_client { "client_application" } else { "member" };
        let text = format!(
            "UPDATE {table} SET is_active = FALSE, ended_at = $1, epoch = epoch + 1, version = version + 1 WHERE id = $2"
        );
        self.run(&text, vec![now.into(), id.into()]).await?;
        let text = "UPDATE member_invitation SET valid_until = $1 WHERE member_id = $2 AND used_at IS NULL AND valid_until > $1";
        self.run(text, vec![now.into(), id.into()]).await.map(drop)
    }

    /// Adds an invitation for a member; those before it are good no more.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn invite(
        &self,
        (member, organization): (MemberId, OrganizationId),
        code_hash: &str,
        (now, until): (i64, i64),
        by: Option<Uuid>,
    ) -> Result<(), Fault> {
        let text = "UPDATE member_invitation SET valid_until = $1 WHERE member_id = $2 AND used_at IS NULL AND valid_until > $1";
        self.run(text, vec![now.into(), Uuid::from(member).into()]).await?;
        self.add(member_invitation::Model {
            id: Uuid::now_v7(),
            member_id: member.into(),
            organization_id: organization.into(),
            code_hash: code_hash.to_owned(),
            valid_until: until,
            created_by: by,
            created_at: now,
            ..member_invitation::Model::default()
        })
        .await
    }

    /// Ends an organization: nobody gets in for it any more. Tells whether there was one that had not ended.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn end_organization(&self, id: OrganizationId, now: i64) -> Result<bool, Fault> {
        let text = "UPDATE organization SET ended_at = $1, epoch = epoch + 1, version = version + 1 \
                    WHERE id = $2 AND ended_at IS NULL";
        Ok(self.run(text, vec![now.into(), Uuid::from(id).into()]).await? == 1)
    }
}
