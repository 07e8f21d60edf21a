//! Agreements in the database: seen by their parties only.

use crate::domain::agreement::{Agreement, AgreementKind, AgreementStatus, Terms};
use crate::domain::code::Code;
use crate::domain::id::{AgreementId, AreaId, OrganizationId, ReferralId};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Rows, Tx};
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, counted, json, page, window_clause};
use passerelle_entity::{agreement, agreement_area, agreement_party};
use std::collections::HashMap;
use uuid::Uuid;

/// Which agreements are asked for; what is empty does not limit.
#[derive(Debug, Clone, Default)]
pub struct AgreementFilter {
    pub kind: Vec<AgreementKind>,
    pub status: Vec<AgreementStatus>,
    /// In force on the first day and ending by the second, both ISO 8601.
    pub ends_between: Option<(String, String)>,
    /// This organization is a party too.
    pub party: Option<OrganizationId>,
}

/// An agreement whose end is near.
#[derive(Debug, Clone)]
pub struct Ending {
    pub id: AgreementId,
    /// ISO 8601.
    pub valid_to: String,
    pub parties: Vec<OrganizationId>,
}

/// An agreement; needs `agreement a`.
fn agreement() -> String {
    let (organization, area) = (fragment::organization("ao"), fragment::area("ax"));
    format!(
        "OBJ('id', UID(a.id), 'registered_by', UID(a.organization_id), 'kind', a.kind, 'status', a.status, \
         'valid_from', a.valid_from, 'valid_to', a.valid_to, 'categories', JSON(a.categories), \
         'areas', LIST({area} BY ax.name, ax.id FROM agreement_area ac JOIN area ax ON ax.id = ac.area_id \
           WHERE ac.agreement_id = a.id), \
         'data_allowed', JSON(a.data_allowed), 'response_times', JSON(a.response_times), 'cost_rule', a.cost_rule, \
         'contacts', JSON(a.contacts), 'document_ref', a.document_ref, \
         'parties', LIST(OBJ('organization', {organization}, 'confirmed_at', ap.confirmed_at) BY ao.name, ao.id \
           FROM agreement_party ap JOIN organization ao ON ao.id = ap.organization_id WHERE ap.agreement_id = a.id), \
         'ended_at', a.ended_at, 'version', a.version, 'created_at', a.created_at, 'updated_at', a.updated_at)"
    )
}

/// The condition that an organization, given as a parameter or column, is a party of `agreement a`.
fn is_party(organization: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM agreement_party mp WHERE mp.agreement_id = a.id AND mp.organization_id = {organization})"
    )
}

/// The condition that the list of `agreement a` names the category of `referral r`: itself, or a standard term above it or
/// above the one that it extends. A local term names nothing but itself.
const NAMES_CATEGORY: &str = "(a.categories = '[]' OR replace(a.categories, '\"' || r.category_code || '\"', '') <> a.categories \
    OR EXISTS (SELECT 1 FROM category ka JOIN category_closure kb ON kb.descendant_code = ka.standard_code \
    LEFT JOIN category kx ON kx.successor_code = kb.ancestor_code \
    WHERE ka.code = r.category_code AND (replace(a.categories, '\"' || kb.ancestor_code || '\"', '') <> a.categories \
    OR replace(a.categories, '\"' || kx.code || '\"', '') <> a.categories)))";

/// The condition that `agreement a` is in force on the day `today`, a parameter, between the two sides of `referral r`,
/// for its category and its area.
fn covers(today: &str) -> String {
    format!(
        "a.status = 'ACTIVE' AND a.valid_from <= {today} AND (a.valid_to IS NULL OR a.valid_to >= {today}) \
         AND {} AND {} AND {NAMES_CATEGORY} \
         AND (NOT EXISTS (SELECT 1 FROM agreement_area na WHERE na.agreement_id = a.id) \
           OR EXISTS (SELECT 1 FROM agreement_area na JOIN area_closure nc ON nc.ancestor_id = na.area_id \
             WHERE na.agreement_id = a.id AND nc.descendant_id = r.area_id))",
        is_party("r.sender_organization_id"),
        is_party("r.receiver_organization_id"),
    )
}

/// The agreement that a widened grant rests on: the one under which the referral was sent while it is in force, else
/// another that covers it; nothing where none does. `referral` and `today` are parameters.
#[must_use]
pub fn to_widen(referral: &str, today: &str) -> String {
    format!(
        "(SELECT a.id FROM agreement a JOIN referral r ON r.id = {referral} WHERE {} \
         ORDER BY CASE WHEN a.id = r.agreement_id THEN 0 ELSE 1 END, a.created_at DESC, a.id DESC LIMIT 1)",
        covers(today)
    )
}

fn own(sql: &mut Sql, sight: &Sight) -> String {
    let organization = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    is_party(&organization)
}

fn found(sql: &mut Sql, sight: &Sight, filter: &AgreementFilter) -> String {
    let mut text = format!("FROM agreement a WHERE {}", own(sql, sight));
    for (column, codes) in [
        ("a.kind", filter.kind.iter().map(|kind| kind.code()).collect::<Vec<_>>()),
        ("a.status", filter.status.iter().map(|status| status.code()).collect()),
    ] {
        if !codes.is_empty() {
            text += &format!(" AND {column} IN ({})", sql.bind_all(codes));
        }
    }
    if let Some((from, to)) = &filter.ends_between {
        let (from, to) = (sql.bind(from.clone()), sql.bind(to.clone()));
        text += &format!(" AND a.status = 'ACTIVE' AND a.valid_to >= {from} AND a.valid_to <= {to}");
    }
    if let Some(party) = filter.party {
        let party = sql.bind(Uuid::from(party));
        text += &format!(" AND {}", is_party(&party));
    }
    text
}

impl Door {
    /// A page of the agreements of the asker's organization, the newest first: one statement.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn agreements(
        &self,
        sight: &Sight,
        filter: &AgreementFilter,
        window: &Window,
    ) -> Result<Page<Agreement>, Fault> {
        let mut sql = Sql::default();
        let found = found(&mut sql, sight, filter);
        let counting = Sql { text: format!("SELECT count(*) AS total {found}"), values: sql.values.clone() };
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "a.created_at", id: "a.id", is_number: true, descending: true };
        let end = window_clause(&mut sql, window, order);
        sql.text = format!(
            "SELECT CAST({} AS TEXT) AS body, CAST(a.created_at AS TEXT) AS k, a.id AS id{count} {found}{end}",
            agreement()
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "agreement")?;
        counted(self, page, window, counting).await
    }

    /// The agreements with these keys that the asker's organization is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn agreements_by_id(
        &self,
        sight: &Sight,
        ids: &[AgreementId],
    ) -> Result<HashMap<AgreementId, Agreement>, Fault> {
        let mut sql = Sql::default();
        let own = own(&mut sql, sight);
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        sql.text =
            format!("SELECT CAST({} AS TEXT) AS body FROM agreement a WHERE a.id IN ({names}) AND {own}", agreement());
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.iter().map(|row| body::<Agreement>(row, "agreement").map(|found| (found.id, found))).collect()
    }
}

/// The keys of an agreement's parties and areas.
#[derive(Debug)]
pub struct Scope<'a> {
    pub parties: &'a [OrganizationId],
    pub areas: &'a [AreaId],
}

impl Tx {
    /// An agreement that the asker's organization is a party of.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn agreement(&self, sight: &Sight, id: AgreementId) -> Result<Option<Agreement>, Fault> {
        let mut sql = Sql::default();
        let own = own(&mut sql, sight);
        let key = sql.bind(Uuid::from(id));
        sql.text =
            format!("SELECT CAST({} AS TEXT) AS body FROM agreement a WHERE a.id = {key} AND {own}", agreement());
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.first().map(|row| body(row, "agreement")).transpose()
    }

    /// Adds an agreement that its first party has registered, and with that confirmed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_agreement(&self, new: &Agreement, scope: Scope<'_>, by: Uuid) -> Result<(), Fault> {
        let (id, now) = (Uuid::from(new.id), new.created_at);
        self.add(agreement::Model {
            id,
            organization_id: new.registered_by.into(),
            kind: new.kind.code().into(),
            status: new.status.code().into(),
            valid_from: new.valid_from.clone(),
            valid_to: new.valid_to.clone(),
            categories: json(&new.categories)?,
            data_allowed: json(&new.data_allowed)?,
            response_times: json(&new.response_times)?,
            cost_rule: new.cost_rule.clone(),
            contacts: json(&new.contacts)?,
            document_ref: new.document_ref.clone(),
            version: 1,
            created_at: now,
            updated_at: now,
            ..agreement::Model::default()
        })
        .await?;
        for party in scope.parties {
            let is_first = *party == new.registered_by;
            self.add(agreement_party::Model {
                agreement_id: id,
                organization_id: (*party).into(),
                confirmed_at: is_first.then_some(now),
                confirmed_by: is_first.then_some(by),
            })
            .await?;
        }
        for area in scope.areas {
            self.add(agreement_area::Model { agreement_id: id, area_id: (*area).into() }).await?;
        }
        Ok(())
    }

    /// Says how an agreement stands from now on, if it is still the one that was read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn move_agreement(&self, read: &Agreement, to: AgreementStatus, now: i64) -> Result<bool, Fault> {
        let ended = (to == AgreementStatus::Ended).then_some(now);
        let text = "UPDATE agreement SET status = $1, ended_at = $2, updated_at = $3, version = version + 1 \
                    WHERE id = $4 AND version = $5";
        let values = vec![to.code().into(), ended.into(), now.into(), Uuid::from(read.id).into(), read.version.into()];
        Ok(self.run(text, values).await? == 1)
    }

    /// Keeps that a party has confirmed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn confirm_party(&self, id: AgreementId, party: OrganizationId, by: Uuid, now: i64) -> Result<(), Fault> {
        let text = "UPDATE agreement_party SET confirmed_at = $1, confirmed_by = $2 \
                    WHERE agreement_id = $3 AND organization_id = $4 AND confirmed_at IS NULL";
        let values = vec![now.into(), by.into(), Uuid::from(id).into(), Uuid::from(party).into()];
        self.run(text, values).await.map(drop)
    }

    /// Active agreements that end between two days, ISO 8601, of which the parties may not have been told.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn ending(&self, from: &str, to: &str) -> Result<Vec<Ending>, Fault> {
        let text = "SELECT a.id AS id, a.valid_to AS valid_to, mp.organization_id AS party FROM agreement a \
                    JOIN agreement_party mp ON mp.agreement_id = a.id WHERE a.status = 'ACTIVE' \
                    AND a.valid_to >= $1 AND a.valid_to <= $2 AND a.warned_7_at IS NULL ORDER BY a.valid_to, a.id";
        let unreadable = |_| Fault::Store("an agreement does not read".into());
        let mut found: Vec<Ending> = Vec::new();
        for row in self.rows(text, vec![from.into(), to.into()]).await? {
            let id: Uuid = row.try_get("", "id").map_err(unreadable)?;
            let party: Uuid = row.try_get("", "party").map_err(unreadable)?;
            match found.last_mut() {
                Some(last) if Uuid::from(last.id) == id => last.parties.push(party.into()),
                _ => found.push(Ending {
                    id: id.into(),
                    valid_to: row.try_get("", "valid_to").map_err(unreadable)?,
                    parties: vec![party.into()],
                }),
            }
        }
        Ok(found)
    }

    /// Marks that the parties are told so many days ahead; false when they were told before. What was to be told earlier
    /// is then told as well.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn mark_warned(&self, id: AgreementId, days: i64, now: i64) -> Result<bool, Fault> {
        let (guard, more) = match days {
            7 => ("warned_7_at", "warned_7_at = $1, warned_30_at = coalesce(warned_30_at, $1), "),
            30 => ("warned_30_at", "warned_30_at = $1, "),
            _ => ("warned_60_at", ""),
        };
        let text = format!(
            "UPDATE agreement SET {more}warned_60_at = coalesce(warned_60_at, $1) WHERE id = $2 AND {guard} IS NULL"
        );
        Ok(self.run(&text, vec![now.into(), Uuid::from(id).into()]).await? == 1)
    }
}

/// The terms of all agreements in force on `today` under which a referral may be sent, the newest first.
///
/// # Errors
/// What the engine refuses.
pub async fn agreed_terms(store: &impl Rows, referral: ReferralId, today: &str) -> Result<Vec<Terms>, Fault> {
    let text = format!(
        "SELECT CAST(OBJ('id', UID(a.id), 'data_allowed', JSON(a.data_allowed), \
         'response_times', JSON(a.response_times)) AS TEXT) AS body FROM agreement a JOIN referral r ON r.id = $1 \
         WHERE {} ORDER BY a.created_at DESC, a.id DESC LIMIT 100",
        covers("$2")
    );
    let rows = store.rows(&text, vec![Uuid::from(referral).into(), today.into()]).await?;
    rows.iter().map(|row| body(row, "agreement")).collect()
}
