//! Services as they are written.

use crate::domain::code::Code;
use crate::domain::id::{CapacityId, OrganizationId, ServiceAtLocationId, ServiceId};
use crate::domain::listing_entry::ListingEntry;
use crate::domain::rule::Fault;
use crate::domain::service::{Category, Service, ServiceStatus};
use crate::domain::service_entry::{Places, ServiceEntry};
use crate::store::door::Tx;
use crate::store::schedules::ScheduleOf;
use crate::store::statement::{Sql, json};
use passerelle_entity::{capacity, service_area, service_language};
use sea_orm::Value;
use uuid::Uuid;

/// Who publishes a service, and the day on which it counts as confirmed.
#[derive(Debug, Clone)]
pub struct Publication<'a> {
    pub id: ServiceId,
    pub organization: OrganizationId,
    pub assured_on: &'a str,
    pub assured_by: Uuid,
}

/// The columns that an entry sets; `category` is the one its code names.
fn columns(entry: &ServiceEntry, category: Option<&Category>) -> Result<Vec<(&'static str, Value)>, Fault> {
    let mut set: Vec<(&'static str, Value)> = Vec::new();
    if let Some(program) = entry.program {
        set.push(("program_id", program.map(Uuid::from).into()));
    }
    if entry.category.is_some() {
        set.push(("category_code", category.map(|category| category.code.clone()).into()));
        set.push(("dimension", category.map(|category| category.dimension.code().to_owned()).into()));
        set.push(("level", category.map(|category| category.level.code().to_owned()).into()));
    }
    if let Some(ends) = &entry.funding_ends {
        set.push(("funding_ends", ends.clone().into()));
        set.push(("funding_told_on", None::<String>.into()));
    }
    let texts = [
        ("visibility", entry.visibility.map(|visibility| visibility.code().to_owned())),
        ("language", entry.language.clone()),
        ("name", entry.name.clone()),
        ("description", entry.description.clone()),
        ("translations", entry.translations_by_tag().as_ref().map(json).transpose()?),
        ("application_process", entry.application_process.clone()),
        ("eligibility", entry.eligibility.as_ref().map(json).transpose()?),
        ("languages", entry.languages.as_ref().map(json).transpose()?),
        ("required_documents", entry.required_documents.as_ref().map(json).transpose()?),
        ("cost", entry.cost.as_ref().map(json).transpose()?),
        ("contacts", entry.contacts.as_ref().map(json).transpose()?),
    ];
    set.extend(texts.into_iter().filter_map(|(column, text)| text.map(|text| (column, text.into()))));
    set.extend(listed(&entry.listing)?);
    let flags = [
        ("takes_referrals", entry.takes_referrals),
        ("allows_overbooking", entry.allows_overbooking),
        ("keeps_waiting_list", entry.keeps_waiting_list),
        ("holds_places_at_sending", entry.holds_places_at_sending),
        ("offers_free_places", entry.offers_free_places),
    ];
    set.extend(flags.into_iter().filter_map(|(column, flag)| flag.map(|flag| (column, flag.into()))));
    Ok(set)
}

/// The columns of what is said beside what referrals need.
fn listed(entry: &ListingEntry) -> Result<Vec<(&'static str, Value)>, Fault> {
    let texts = [
        ("alternate_name", entry.alternate_name.clone()),
        ("alert", entry.alert.clone()),
        ("accreditations", entry.accreditations.clone()),
        ("interpretation", entry.interpretation.clone()),
        ("cost_options", entry.cost_options.as_ref().map(json).transpose()?),
        ("funding", entry.funding.as_ref().map(json).transpose()?),
    ];
    let said = texts.into_iter().filter_map(|(column, text)| text.map(|text| (column, text.into())));
    let url = entry.url.clone().map(|url| ("url", Some(url).filter(|url| !url.is_empty()).into()));
    Ok(said.chain(url).collect())
}

fn index_columns(entry: &ServiceEntry, standing: Option<&Service>) -> [(&'static str, Value); 2] {
    let (search_text, sort_name) = entry.index_texts(standing);
    [("search_text", search_text.into()), ("sort_name", sort_name.into())]
}

impl Tx {
    /// Adds a service, without its places, areas and capacity.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn insert_service(
        &self,
        publication: &Publication<'_>,
        entry: &ServiceEntry,
        category: Option<&Category>,
        now: i64,
    ) -> Result<(), Fault> {
        let mut set = columns(entry, category)?;
        set.extend(index_columns(entry, None));
        set.extend([
            ("id", Uuid::from(publication.id).into()),
            ("organization_id", Uuid::from(publication.organization).into()),
            ("status", ServiceStatus::Published.code().into()),
            ("assured_on", publication.assured_on.into()),
            ("assured_by", publication.assured_by.into()),
            ("published_at", now.into()),
            ("created_at", now.into()),
            ("updated_at", now.into()),
        ]);
        let mut sql = Sql::default();
        let (names, values): (Vec<_>, Vec<_>) = set.into_iter().unzip();
        let parameters = sql.bind_all(values);
        sql.text = format!("INSERT INTO service ({}) VALUES ({parameters})", names.join(", "));
        self.run(&sql.text, sql.values).await?;
        self.put_service_lists(publication.id, entry).await
    }

    /// Changes what an entry says of a service, and raises its version.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn update_service(
        &self,
        standing: &Service,
        entry: &ServiceEntry,
        category: Option<&Category>,
        now: i64,
    ) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let mut set = columns(entry, category)?;
        set.extend(index_columns(entry, Some(standing)));
        set.push(("updated_at", now.into()));
        let set: Vec<String> =
            set.into_iter().map(|(column, value)| format!("{column} = {}", sql.bind(value))).collect();
        let key = sql.bind(Uuid::from(standing.id));
        sql.text = format!("UPDATE service SET {}, version = version + 1 WHERE id = {key}", set.join(", "));
        self.run(&sql.text, sql.values).await?;
        self.put_service_lists(standing.id, entry).await
    }

    /// Puts the languages and areas of an entry in the place of what stood there.
    async fn put_service_lists(&self, id: ServiceId, entry: &ServiceEntry) -> Result<(), Fault> {
        let key = Uuid::from(id);
        if let Some(languages) = &entry.languages {
            self.run("DELETE FROM service_language WHERE service_id = $1", vec![key.into()]).await?;
            for language in languages {
                self.add(service_language::Model { service_id: key, language: language.clone() }).await?;
            }
        }
        if let Some(areas) = &entry.areas {
            self.run("DELETE FROM service_area WHERE service_id = $1", vec![key.into()]).await?;
            for area in areas {
                self.add(service_area::Model { service_id: key, area_id: (*area).into() }).await?;
            }
        }
        if let Some(schedules) = &entry.schedules {
            self.put_schedules(&[(ScheduleOf::Service(key), schedules)]).await?;
        }
        Ok(())
    }

    /// States the places of a service, as a whole or at one location, as the provider gives them now. What referrals
    /// have taken or hold is left alone, even where the new total is below it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_capacity(
        &self,
        organization: OrganizationId,
        service: ServiceId,
        place: Option<ServiceAtLocationId>,
        places: Places,
        now: i64,
    ) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let (total, elsewhere) = (sql.bind(places.total), sql.bind(places.taken_elsewhere));
        let (as_of, key) = (sql.bind(now), sql.bind(Uuid::from(service)));
        let at = place.map_or("IS NULL".to_owned(), |place| format!("= {}", sql.bind(Uuid::from(place))));
        sql.text = format!(
            "UPDATE capacity SET total = {total}, taken_elsewhere = coalesce({elsewhere}, taken_elsewhere), \
             as_of = {as_of} WHERE service_id = {key} AND service_at_location_id {at}"
        );
        // The service's row is locked, so nobody adds the same capacity between these two statements.
        if self.run(&sql.text, sql.values).await? > 0 {
            return Ok(());
        }
        self.add(capacity::Model {
            id: CapacityId::from(Uuid::now_v7()).into(),
            service_id: service.into(),
            service_at_location_id: place.map(Uuid::from),
            organization_id: organization.into(),
            total: places.total,
            taken_elsewhere: places.taken_elsewhere.unwrap_or_default(),
            taken: 0,
            held: 0,
            as_of: now,
        })
        .await
    }
}
