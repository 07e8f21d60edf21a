//! What a thing looks like when it leaves the database: JSON made by the engine, so that a page with all that hangs on
//! it is one statement. The shapes are those of the domain's structs.

/// An organization; `o` is the table's alias.
#[must_use]
pub fn organization(o: &str) -> String {
    format!(
        "OBJ('id', UID({o}.id), 'name', {o}.name, 'names', JSON({o}.names), 'description', {o}.description, \
         'country', {o}.country, 'kinds', JSON({o}.kinds), 'website', {o}.website, 'version', {o}.version, \
         'created_at', {o}.created_at, 'updated_at', {o}.updated_at)"
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
         'level', {c}.level, 'labels', JSON({c}.labels)) END)"
    )
}

/// The joins that [`service`] needs, beside `service s`.
pub const SERVICE_JOINS: &str =
    " JOIN organization so ON so.id = s.organization_id LEFT JOIN category sc ON sc.code = s.category_code";

/// A service with its organization, places, areas and capacities; needs `service s` and [`SERVICE_JOINS`].
#[must_use]
pub fn service() -> String {
    let organization = organization("so");
    let category = category("sc");
    let place_area = area("la");
    let served = area("ax");
    format!(
        "OBJ('id', UID(s.id), 'organization', {organization}, 'program_id', UID(s.program_id), 'category', {category}, \
         'status', s.status, 'pause_reason', s.pause_reason, 'visibility', s.visibility, 'language', s.language, 'name', s.name, \
         'description', s.description, 'translations', JSON(s.translations), \
         'application_process', s.application_process, 'eligibility', JSON(s.eligibility), \
         'languages', JSON(s.languages), 'required_documents', JSON(s.required_documents), 'cost', JSON(s.cost), \
         'contacts', JSON(s.contacts), 'takes_referrals', s.takes_referrals, \
         'allows_overbooking', s.allows_overbooking, 'assured_on', s.assured_on, 'source', s.source, \
         'version', s.version, 'published_at', s.published_at, 'created_at', s.created_at, 'updated_at', s.updated_at, \
         'places', LIST(OBJ('id', UID(sl.id), 'location', OBJ('id', UID(lo.id), 'kind', lo.kind, 'name', lo.name, \
           'address', lo.address, 'area', JSON(CASE WHEN la.id IS NULL THEN NULL ELSE {place_area} END), \
           'latitude', lo.latitude, 'longitude', lo.longitude)) BY lo.name, sl.id FROM service_at_location sl \
           JOIN location lo ON lo.id = sl.location_id LEFT JOIN area la ON la.id = lo.area_id WHERE sl.service_id = s.id), \
         'areas', LIST({served} BY ax.name, ax.id FROM service_area sx JOIN area ax ON ax.id = sx.area_id \
           WHERE sx.service_id = s.id), \
         'capacities', LIST(OBJ('id', UID(cp.id), 'service_at_location_id', UID(cp.service_at_location_id), \
           'total', cp.total, 'taken_elsewhere', cp.taken_elsewhere, 'taken', cp.taken, 'held', cp.held, \
           'as_of', cp.as_of) BY cp.id FROM capacity cp WHERE cp.service_id = s.id))"
    )
}

/// What stays of a service for those from whom it is hidden by now, but who have a referral to it: who gives it, what it
/// is called and whether it is on offer. No place, no contact, no count, no text. The shape is that of [`service`].
#[must_use]
pub fn hidden_service() -> String {
    let organization = organization("so");
    let category = category("sc");
    format!(
        "OBJ('id', UID(s.id), 'organization', {organization}, 'program_id', NULL, 'category', {category}, \
         'status', s.status, 'pause_reason', NULL, 'visibility', s.visibility, 'language', s.language, 'name', s.name, \
         'description', '', 'translations', JSON('{{}}'), 'application_process', '', 'eligibility', JSON('{{}}'), \
         'languages', JSON('[]'), 'required_documents', JSON('[]'), 'cost', JSON('{{}}'), 'contacts', JSON('[]'), \
         'takes_referrals', s.takes_referrals, 'allows_overbooking', s.allows_overbooking, 'assured_on', s.assured_on, \
         'source', NULL, 'version', s.version, 'published_at', s.published_at, 'created_at', s.created_at, \
         'updated_at', s.updated_at, 'places', JSON('[]'), 'areas', JSON('[]'), 'capacities', JSON('[]'))"
    )
}
