//! What a thing looks like when it leaves the database: JSON made by the engine, so that a page with all that hangs on
//! it is one statement. The shapes are those of the domain's structs, without the parts that nobody asked for.

use crate::domain::parts::Parts;
use crate::store::schedules::schedules;
use std::fmt::Display;

/// The most fields of one object: PostgreSQL takes a hundred arguments.
const MOST_FIELDS: usize = 48;

/// An object of JSON that holds only the parts asked for.
#[must_use]
pub struct Object<'a> {
    parts: &'a Parts,
    fields: Vec<String>,
}

impl<'a> Object<'a> {
    /// An object of nothing yet.
    pub fn of(parts: &'a Parts) -> Self {
        Self { parts, fields: Vec::new() }
    }

    /// A field that the reader can't do without.
    pub fn always(mut self, field: &str, value: impl Display) -> Self {
        self.fields.push(format!("'{field}', {value}"));
        self
    }

    /// A field that is there if it is asked for.
    pub fn field(self, field: &str, value: impl Display) -> Self {
        if self.parts.has(field) { self.always(field, value) } else { self }
    }

    /// A field that is there if it is asked for, with those of its parts that are.
    pub fn inside(self, field: &str, value: impl FnOnce(&Parts) -> String) -> Self {
        match self.parts.of(field) {
            Some(parts) => self.always(field, value(parts)),
            None => self,
        }
    }

    /// The expression: one object, or several made one where there are too many fields.
    #[must_use]
    pub fn end(self) -> String {
        let objects = self.fields.chunks(MOST_FIELDS).map(|fields| format!("OBJ({})", fields.join(", ")));
        objects.reduce(|first, second| format!("BOTH({first} WITH {second})")).unwrap_or_else(|| "OBJ()".to_owned())
    }
}

/// All of an organization; `o` is the table's alias.
#[must_use]
pub fn organization(o: &str) -> String {
    organization_of(&Parts::All, o, &format!("{o}.id"))
}

/// An organization; `o` is the table's alias, and `id` the column that holds its key, which need not be of that table.
#[must_use]
pub fn organization_of(parts: &Parts, o: &str, id: &str) -> String {
    Object::of(parts)
        .field("id", format!("UID({id})"))
        .field("name", format!("{o}.name"))
        .field("names", format!("JSON({o}.names)"))
        .field("description", format!("{o}.description"))
        .field("country", format!("{o}.country"))
        .field("kinds", format!("JSON({o}.kinds)"))
        .field("website", format!("{o}.website"))
        .field("alternate_name", format!("{o}.alternate_name"))
        .field("identifiers", format!("JSON(coalesce({o}.identifiers, '[]'))"))
        .field("works_unseen", works_unseen(id))
        .field("version", format!("{o}.version"))
        .field("created_at", format!("{o}.created_at"))
        .field("updated_at", format!("{o}.updated_at"))
        .end()
}

/// That the organization with this key gives services of which none is public.
fn works_unseen(id: &str) -> String {
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM service us WHERE us.organization_id = {id} AND us.visibility <> 'PUBLIC') \
         AND NOT EXISTS (SELECT 1 FROM service us WHERE us.organization_id = {id} AND us.visibility = 'PUBLIC' \
         AND us.status <> 'RETIRED') THEN 1 ELSE 0 END"
    )
}

/// An area; `a` is the table's alias.
#[must_use]
pub fn area(a: &str) -> String {
    format!(
        "OBJ('id', UID({a}.id), 'country', {a}.country, 'level', {a}.level, 'pcode', {a}.pcode, 'name', {a}.name, \
         'names', JSON({a}.names), 'parent', UID({a}.parent_id), 'valid_from', {a}.valid_from, 'valid_to', {a}.valid_to)"
    )
}

/// A program with its organizations and areas; needs `program p` and `organization pl`, its lead.
#[must_use]
pub fn program() -> String {
    let lead = organization("pl");
    let other = organization("px");
    let covered = area("pa");
    let part = |part: &str| {
        format!(
            "LIST({other} BY px.name, px.id FROM program_organization po JOIN organization px \
             ON px.id = po.organization_id WHERE po.program_id = p.id AND po.part = '{part}')"
        )
    };
    format!(
        "OBJ('id', UID(p.id), 'name', p.name, 'names', JSON(p.names), 'lead', {lead}, 'members', {}, 'funders', {}, \
         'limits', JSON((SELECT pm.limits FROM program_limits pm WHERE pm.program_id = p.id)), \
         'limits_version', coalesce((SELECT pm.version FROM program_limits pm WHERE pm.program_id = p.id), 0), \
         'areas', LIST({covered} BY pa.name, pa.id FROM program_area pc JOIN area pa ON pa.id = pc.area_id \
           WHERE pc.program_id = p.id))",
        part("MEMBER"),
        part("FUNDER")
    )
}

/// A category; `c` is the table's alias, which may be of an outer join.
#[must_use]
pub fn category(c: &str) -> String {
    format!(
        "JSON(CASE WHEN {c}.code IS NULL THEN NULL ELSE OBJ('code', {c}.code, 'dimension', {c}.dimension, \
         'level', {c}.level, 'labels', JSON({c}.labels), 'parent', {c}.parent_code, 'is_group', {c}.is_group, \
         'standard', {c}.standard_code, 'edition', {c}.edition, 'valid_from', {c}.valid_from, 'valid_to', {c}.valid_to, \
         'successor', {c}.successor_code, 'organization_id', UID({c}.organization_id), \
         'program_id', UID({c}.program_id), 'version', {c}.version) END)"
    )
}

/// The joins that [`service`] needs, beside `service s`. They are outer joins on keys, which both engines leave out when
/// nothing of the joined table is used.
pub const SERVICE_JOINS: &str =
    " LEFT JOIN organization so ON so.id = s.organization_id LEFT JOIN category sc ON sc.code = s.category_code";

/// A service; needs `service s` and [`SERVICE_JOINS`].
#[must_use]
pub fn service(parts: &Parts) -> String {
    Object::of(parts)
        .field("id", "UID(s.id)")
        .inside("organization", |parts| organization_of(parts, "so", "s.organization_id"))
        .field("program_id", "UID(s.program_id)")
        .field("program", PROGRAM)
        .inside("category", |_| category("sc"))
        .field("status", "s.status")
        .field("pause_reason", "s.pause_reason")
        .field("visibility", "s.visibility")
        .field("language", "s.language")
        .field("name", "s.name")
        .field("description", "s.description")
        .field("translations", "JSON(s.translations)")
        .field("application_process", "s.application_process")
        .field("eligibility", "JSON(s.eligibility)")
        .field("languages", "JSON(s.languages)")
        .field("required_documents", "JSON(s.required_documents)")
        .field("cost", "JSON(s.cost)")
        .field("contacts", "JSON(s.contacts)")
        .field("takes_referrals", "s.takes_referrals")
        .field("allows_overbooking", "s.allows_overbooking")
        .field("keeps_waiting_list", "s.keeps_waiting_list")
        .field("holds_places_at_sending", "s.holds_places_at_sending")
        .field("offers_free_places", "s.offers_free_places")
        .field("assured_on", "s.assured_on")
        .field("funding_ends", "s.funding_ends")
        .field("max_age_days", MAX_AGE)
        .field("source", "s.source")
        .field("alternate_name", "s.alternate_name")
        .field("url", "s.url")
        .field("alert", "s.alert")
        .field("accreditations", "s.accreditations")
        .field("interpretation", "s.interpretation")
        .field("cost_options", "JSON(coalesce(s.cost_options, '[]'))")
        .field("funding", "JSON(coalesce(s.funding, '[]'))")
        .field("version", "s.version")
        .field("published_at", "s.published_at")
        .field("created_at", "s.created_at")
        .field("updated_at", "s.updated_at")
        .inside("places", places)
        .inside("areas", |_| {
            let served = area("ax");
            format!(
                "LIST({served} BY ax.name, ax.id FROM service_area sx JOIN area ax ON ax.id = sx.area_id \
                 WHERE sx.service_id = s.id)"
            )
        })
        .field("capacities", CAPACITIES)
        .inside("schedules", |_| schedules("sd", &format!("sd.service_id = s.id AND {TELLS_HOURS}")))
        .end()
}

/// The program by which a service is given, with its name.
const PROGRAM: &str =
    "JSON((SELECT OBJ('id', UID(sg.id), 'name', sg.name) FROM program sg WHERE sg.id = s.program_id))";

/// After how many days without a confirmation a service of its program is stale, where the program says so.
const MAX_AGE: &str = "(SELECT pd.max_age_days FROM program_directory pd WHERE pd.program_id = s.program_id)";

const CAPACITIES: &str = "LIST(OBJ('id', UID(cp.id), 'service_at_location_id', UID(cp.service_at_location_id), \
    'total', cp.total, 'taken_elsewhere', cp.taken_elsewhere, 'taken', cp.taken, 'held', cp.held, 'as_of', cp.as_of) \
    BY cp.id FROM capacity cp WHERE cp.service_id = s.id)";

/// That `location lo` is no secret. Of a secret one nothing is read by which somebody could find it or wait there.
pub const OPEN_PLACE: &str = "lo.kind <> 'CONFIDENTIAL'";

/// That the hours of `service s` are not those of secret places alone: somebody who knows such a place by other ways
/// must not learn when people come to it.
const TELLS_HOURS: &str = "(NOT EXISTS (SELECT 1 FROM service_at_location sh WHERE sh.service_id = s.id) OR EXISTS \
    (SELECT 1 FROM service_at_location sh JOIN location lh ON lh.id = sh.location_id \
     WHERE sh.service_id = s.id AND lh.kind <> 'CONFIDENTIAL'))";

/// A service at a location; needs `service_at_location sl`, `location lo` and its area `la`, joined outside.
pub fn place(parts: &Parts) -> String {
    let location = |parts: &Parts| {
        Object::of(parts)
            .field("id", "UID(lo.id)")
            .field("kind", "lo.kind")
            .field("name", "lo.name")
            .field("address", format!("CASE WHEN {OPEN_PLACE} THEN lo.address ELSE '' END"))
            .inside("area", |_| format!("JSON(CASE WHEN la.id IS NULL THEN NULL ELSE {} END)", area("la")))
            .field("latitude", format!("CASE WHEN {OPEN_PLACE} THEN lo.latitude END"))
            .field("longitude", format!("CASE WHEN {OPEN_PLACE} THEN lo.longitude END"))
            .field("transportation", format!("CASE WHEN {OPEN_PLACE} THEN lo.transportation ELSE '' END"))
            .field(
                "accessibility",
                format!("JSON(CASE WHEN {OPEN_PLACE} THEN coalesce(lo.accessibility, '[]') ELSE '[]' END)"),
            )
            .inside("schedules", |_| schedules("sdl", &format!("sdl.location_id = lo.id AND {OPEN_PLACE}")))
            .end()
    };
    Object::of(parts)
        .field("id", "UID(sl.id)")
        .inside("location", location)
        .inside("schedules", |_| schedules("sdp", &format!("sdp.service_at_location_id = sl.id AND {OPEN_PLACE}")))
        .inside("inherited", |_| schedules("sdi", &format!("sdi.service_id = sl.service_id AND {OPEN_PLACE}")))
        .end()
}

fn places(parts: &Parts) -> String {
    let place = place(parts);
    format!(
        "LIST({place} BY lo.name, sl.id FROM service_at_location sl JOIN location lo ON lo.id = sl.location_id \
         LEFT JOIN area la ON la.id = lo.area_id WHERE sl.service_id = s.id)"
    )
}

/// What stays of a service for those from whom it is hidden by now, but who have a referral to it: who gives it, what it
/// is called and whether it is on offer. No place, no contact, no count, no text. The shape is that of [`service`].
#[must_use]
pub fn hidden_service(parts: &Parts) -> String {
    Object::of(parts)
        .field("id", "UID(s.id)")
        .inside("organization", |parts| organization_of(parts, "so", "s.organization_id"))
        .inside("category", |_| category("sc"))
        .field("status", "s.status")
        .field("visibility", "s.visibility")
        .field("language", "s.language")
        .field("name", "s.name")
        .field("takes_referrals", "s.takes_referrals")
        .field("allows_overbooking", "s.allows_overbooking")
        .field("keeps_waiting_list", "s.keeps_waiting_list")
        .field("holds_places_at_sending", "s.holds_places_at_sending")
        .field("offers_free_places", "s.offers_free_places")
        .field("assured_on", "s.assured_on")
        .field("funding_ends", "s.funding_ends")
        .field("max_age_days", MAX_AGE)
        .field("version", "s.version")
        .field("published_at", "s.published_at")
        .field("created_at", "s.created_at")
        .field("updated_at", "s.updated_at")
        .end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::organization::Organization;
    use crate::domain::service::{Location, Service};

    /// The names of a struct's fields, all of which an expression has to fill: what it forgets would silently be empty.
    fn fields(of: &impl serde::Serialize) -> Vec<String> {
        let value = serde_json::to_value(of).unwrap();
        value.as_object().unwrap().keys().map(|field| format!("'{field}', ")).collect()
    }

    #[test]
    fn every_field_is_filled() {
        let service = service(&Parts::All);
        for field in fields(&Service::default()).iter().chain(&fields(&Location::default())) {
            // How far it is can be told only where somebody asks from a point.
            if field == "'distance', " {
                continue;
            }
            assert!(service.contains(field), "{field}");
        }
        let organization = organization("o");
        for field in fields(&Organization::default()) {
            assert!(organization.contains(&field), "{field}");
        }
    }

    #[test]
    fn only_what_is_asked_for_is_read() {
        let parts = Parts::at(&[&["name"], &["organization", "id"], &["places", "location", "latitude"]]);
        assert_eq!(
            service(&parts),
            "OBJ('organization', OBJ('id', UID(s.organization_id)), 'name', s.name, \
             'places', LIST(OBJ('location', OBJ('latitude', CASE WHEN lo.kind <> 'CONFIDENTIAL' THEN lo.latitude END)) BY lo.name, sl.id FROM service_at_location sl \
             JOIN location lo ON lo.id = sl.location_id LEFT JOIN area la ON la.id = lo.area_id \
             WHERE sl.service_id = s.id))"
        );
        assert_eq!(service(&Parts::none()), "OBJ()");
    }
}
