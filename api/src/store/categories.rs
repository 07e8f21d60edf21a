//! The categories of services and needs, in the database.

use crate::domain::id::OrganizationId;
use crate::domain::rule::Fault;
use crate::domain::service::Category;
use crate::domain::taxonomy::{Edition, Endorsement};
use crate::store::door::{Door, Tx, breaks_unique, fault};
use crate::store::fragment;
use crate::store::statement::{Sql, body, json};
use passerelle_entity::{category, category_closure};
use std::collections::HashSet;
use uuid::Uuid;

/// Which terms are asked for.
#[derive(Debug, Clone, Default)]
pub struct TermFilter {
    /// This term and all below it.
    pub within: Option<String>,
    /// Also those that only gather others.
    pub with_groups: bool,
    /// Also those whose last day was before this one.
    pub not_ended_before: Option<String>,
    /// Only standard terms, no local ones.
    pub only_standard: bool,
}

/// The condition that local terms are the organization's own, or those of a program it takes part in.
fn in_scope(sql: &mut Sql, organization: Option<OrganizationId>) -> String {
    let Some(organization) = organization else { return "c.organization_id IS NULL".into() };
    let own = sql.bind(Uuid::from(organization));
    format!(
        "(c.organization_id IS NULL OR (c.program_id IS NULL AND c.organization_id = {own}) OR c.program_id IN (\
         SELECT p.id FROM program p WHERE p.lead_organization_id = {own} OR EXISTS (SELECT 1 FROM program_organization pt \
         WHERE pt.program_id = p.id AND pt.organization_id = {own})))"
    )
}

impl Door {
    /// The terms that an organization, or the public, may use, by code.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn categories(
        &self,
        organization: Option<OrganizationId>,
        filter: &TermFilter,
    ) -> Result<Vec<Category>, Fault> {
        let mut sql = Sql::default();
        let mut all = vec![in_scope(&mut sql, organization)];
        if let Some(top) = &filter.within {
            let name = sql.bind(top.clone());
            all.push(format!(
                "c.code IN (SELECT cc.descendant_code FROM category_closure cc WHERE cc.ancestor_code = {name})"
            ));
        }
        if !filter.with_groups {
            all.push("NOT c.is_group".into());
        }
        if let Some(day) = &filter.not_ended_before {
            let name = sql.bind(day.clone());
            all.push(format!("(c.valid_to IS NULL OR c.valid_to >= {name})"));
        }
        if filter.only_standard {
            all.push("c.organization_id IS NULL".into());
        }
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM category c WHERE {} ORDER BY c.code",
            fragment::category("c"),
            all.join(" AND ")
        );
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "category")).collect()
    }

    /// The codes of the standard terms that a code stands for: those of a group, or the one that a local term counts as.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn standard_codes_within(&self, code: &str) -> Result<HashSet<String>, Fault> {
        let text = "SELECT cc.descendant_code AS code FROM category_closure cc JOIN category ca \
                    ON ca.standard_code = cc.ancestor_code WHERE ca.code = $1";
        let rows = self.rows(text, vec![code.into()]).await?;
        let read = |row: &sea_orm::QueryResult| row.try_get::<String>("", "code");
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|_| Fault::Store("a code does not read".into()))
    }

    /// The editions of the standard terms with those who endorsed them, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn taxonomy_editions(&self) -> Result<Vec<Edition>, Fault> {
        let text = "SELECT CAST(OBJ('code', e.code, 'labels', JSON(e.labels), 'valid_from', e.valid_from, \
             'valid_to', e.valid_to, 'endorsements', LIST(OBJ('area_id', UID(te.area_id), \
             'organization_id', UID(te.organization_id), 'sop_version', te.sop_version, 'endorsed_at', te.endorsed_at) \
             BY te.endorsed_at, te.id FROM taxonomy_endorsement te WHERE te.edition = e.code), 'applied_at', e.applied_at, \
             'crosswalk', LIST(OBJ('from', tk.from_code, 'to', tk.to_code) BY tk.from_code, tk.to_code \
             FROM taxonomy_crosswalk tk WHERE tk.edition = e.code)) AS TEXT) AS body \
             FROM taxonomy_edition e ORDER BY e.valid_from DESC, e.code DESC";
        self.rows(text, vec![]).await?.iter().map(|row| body(row, "taxonomy_edition")).collect()
    }
}

impl Tx {
    /// The category of a code that an organization may use on a day: no group, not retired, not another's.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn category(
        &self,
        organization: OrganizationId,
        code: &str,
        today: &str,
    ) -> Result<Option<Category>, Fault> {
        let found = self.category_or_group(organization, code, today).await?;
        Ok(found.filter(|category| !category.is_group))
    }

    /// The category or group of a code that an organization may name on a day: not retired, not another's.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn category_or_group(
        &self,
        organization: OrganizationId,
        code: &str,
        today: &str,
    ) -> Result<Option<Category>, Fault> {
        let mut sql = Sql::default();
        let scope = in_scope(&mut sql, Some(organization));
        let (code, today) = (sql.bind(code.to_owned()), sql.bind(today.to_owned()));
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM category c WHERE c.code = {code} \
             AND c.valid_from <= {today} AND (c.valid_to IS NULL OR c.valid_to >= {today}) AND {scope}",
            fragment::category("c")
        );
        self.rows(&sql.text, sql.values).await?.first().map(|row| body(row, "category")).transpose()
    }

    /// A local term that an organization added, locked until the end of the transaction.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn lock_local_term(&self, organization: OrganizationId, code: &str) -> Result<Option<Category>, Fault> {
        let values = || vec![code.into(), Uuid::from(organization).into()];
        self.run("UPDATE category SET version = version WHERE code = $1 AND organization_id = $2", values()).await?;
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM category c WHERE c.code = $1 AND c.organization_id = $2",
            fragment::category("c")
        );
        self.rows(&text, values()).await?.first().map(|row| body(row, "category")).transpose()
    }

    /// Adds a local term below its parent; tells whether its code was free.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_local_term(&self, term: &Category) -> Result<bool, Fault> {
        use crate::domain::code::Code as _;
        let row = category::Model {
            code: term.code.clone(),
            dimension: term.dimension.code().into(),
            level: term.level.code().into(),
            labels: json(&term.labels)?,
            parent_code: term.parent.clone(),
            is_group: false,
            standard_code: term.standard.clone(),
            edition: term.edition.clone(),
            valid_from: term.valid_from.clone(),
            valid_to: None,
            successor_code: None,
            organization_id: term.organization_id.map(Uuid::from),
            program_id: term.program_id.map(Uuid::from),
            version: 1,
        };
        match self.try_add(row).await {
            Err(error) if breaks_unique(&error, "category_pkey", "category.code") => return Ok(false),
            added => added.map_err(|error| fault(&error))?,
        }
        let (ancestor_code, descendant_code) = (term.code.clone(), term.code.clone());
        self.add(category_closure::Model { ancestor_code, descendant_code, depth: 0 }).await?;
        self.run(
            "INSERT INTO category_closure (ancestor_code, descendant_code, depth) \
             SELECT up.ancestor_code, $1, up.depth + 1 FROM category_closure up WHERE up.descendant_code = $2",
            vec![term.code.clone().into(), term.parent.clone().into()],
        )
        .await?;
        Ok(true)
    }

    /// Changes the labels of a local term, or retires it, and raises its version.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_local_term(&self, term: &Category) -> Result<(), Fault> {
        self.run(
            "UPDATE category SET labels = $1, valid_to = $2, successor_code = $3, version = version + 1 WHERE code = $4",
            vec![
                json(&term.labels)?.into(),
                term.valid_to.clone().into(),
                term.successor.clone().into(),
                term.code.clone().into(),
            ],
        )
        .await?;
        self.search_due_in(&term.code).await
    }

    /// From when to when an edition is in force; nothing for an unknown one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn edition_days(&self, code: &str) -> Result<Option<(String, Option<String>)>, Fault> {
        let text = "SELECT valid_from, valid_to FROM taxonomy_edition WHERE code = $1";
        let rows = self.rows(text, vec![code.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let unreadable = |_| Fault::Store("an edition does not read".into());
        let from = row.try_get("", "valid_from").map_err(unreadable)?;
        Ok(Some((from, row.try_get("", "valid_to").map_err(unreadable)?)))
    }

    /// Writes down an endorsement; tells whether it was new.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_endorsement(&self, edition: &str, new: &Endorsement, by: Uuid) -> Result<bool, Fault> {
        let added = self
            .run(
                "INSERT INTO taxonomy_endorsement (id, edition, area_id, organization_id, sop_version, endorsed_at, \
                 endorsed_by) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                vec![
                    Uuid::now_v7().into(),
                    edition.into(),
                    Uuid::from(new.area_id).into(),
                    Uuid::from(new.organization_id).into(),
                    new.sop_version.clone().into(),
                    new.endorsed_at.into(),
                    by.into(),
                ],
            )
            .await?;
        Ok(added == 1)
    }
}
