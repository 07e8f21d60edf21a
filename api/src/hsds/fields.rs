//! Which tables and fields of HSDS are read.

/// Tables that are read: file name and HSDS object name.
pub(super) const TABLES: [(&str, &str); 21] = [
    ("organizations.csv", "organization"),
    ("services.csv", "service"),
    ("service_at_location.csv", "service_at_location"),
    ("locations.csv", "location"),
    ("addresses.csv", "address"),
    ("phones.csv", "phone"),
    ("contacts.csv", "contact"),
    ("schedules.csv", "schedule"),
    ("regular_schedules.csv", "regular_schedule"),
    ("organization_identifiers.csv", "organization_identifier"),
    ("cost_options.csv", "cost_option"),
    ("funding.csv", "funding"),
    ("accessibility.csv", "accessibility"),
    ("service_areas.csv", "service_area"),
    ("languages.csv", "language"),
    ("required_documents.csv", "required_document"),
    ("service_capacity.csv", "service_capacity"),
    ("units.csv", "unit"),
    ("attributes.csv", "attribute"),
    ("taxonomy_terms.csv", "taxonomy_term"),
    ("taxonomies.csv", "taxonomy"),
];

/// Columns whose cells are numbers.
pub(super) const NUMBERS: [&str; 11] = [
    "latitude",
    "longitude",
    "minimum_age",
    "maximum_age",
    "available",
    "maximum",
    "interval",
    "count",
    "extension",
    "timezone",
    "amount",
];

/// The fields of an entity that are taken or that only tie rows together;
/// every other one is told of in the report.
pub(super) fn known(entity: &str) -> &'static [&'static str] {
    match entity {
        "organization" => &ORGANIZATION,
        "organization_identifier" => &["id", "organization_id", "identifier_scheme", "identifier_type", "identifier"],
        "cost_option" => &COST_OPTION,
        "funding" => &["id", "organization_id", "service_id", "source", "valid_to"],
        "accessibility" => &["id", "location_id", "description", "details", "url"],
        "service" => &SERVICE,
        "service_at_location" => &[
            "id",
            "service_id",
            "location_id",
            "description",
            "location",
            "contacts",
            "phones",
            "schedules",
            "regular_schedules",
            "regular_schedule",
            "service_areas",
            "attributes",
        ],
        "location" => &LOCATION,
        "address" => &ADDRESS,
        "phone" | "contact" => &CONTACT,
        "schedule" | "regular_schedule" => &SCHEDULE,
        "service_area" => &["id", "service_id", "service_at_location_id", "name", "description", "uri"],
        "language" => &["id", "service_id", "location_id", "phone_id", "name", "code", "note"],
        "required_document" => &["id", "service_id", "document"],
        "service_capacity" => {
            &["id", "service_id", "unit_id", "unit", "available", "maximum", "description", "updated"]
        }
        "attribute" => {
            &["id", "link_id", "link_entity", "link_type", "taxonomy_term_id", "taxonomy_term", "label", "value"]
        }
        "taxonomy_term" => &["id", "code", "name", "taxonomy", "taxonomy_detail", "taxonomy_id", "parent_id"],
        _ => &["id", "name"],
    }
}

const ORGANIZATION: [&str; 9] = [
    "id",
    "name",
    "alternate_name",
    "description",
    "email",
    "website",
    "country",
    "attributes",
    "organization_identifiers",
];

const COST_OPTION: [&str; 8] =
    ["id", "service_id", "option", "currency", "amount", "amount_description", "valid_from", "valid_to"];

const SERVICE: [&str; 31] = [
    "id",
    "organization_id",
    "organization",
    "name",
    "description",
    "status",
    "url",
    "application_process",
    "eligibility_description",
    "minimum_age",
    "maximum_age",
    "fees_description",
    "cost_options",
    "funding",
    "alternate_name",
    "alert",
    "accreditations",
    "interpretation_services",
    "assured_date",
    "last_modified",
    "languages",
    "required_documents",
    "contacts",
    "phones",
    "capacities",
    "attributes",
    "schedules",
    "regular_schedules",
    "regular_schedule",
    "service_areas",
    "service_at_locations",
];

const LOCATION: [&str; 18] = [
    "id",
    "description",
    "organization_id",
    "location_type",
    "name",
    "latitude",
    "longitude",
    "external_identifier",
    "external_identifier_type",
    "transportation",
    "accessibility",
    "addresses",
    "contacts",
    "phones",
    "schedules",
    "regular_schedules",
    "regular_schedule",
    "attributes",
];

const ADDRESS: [&str; 11] = [
    "id",
    "location_id",
    "attention",
    "address_1",
    "address_2",
    "city",
    "region",
    "state_province",
    "postal_code",
    "country",
    "address_type",
];

const CONTACT: [&str; 12] = [
    "id",
    "organization_id",
    "service_id",
    "service_at_location_id",
    "location_id",
    "contact_id",
    "name",
    "title",
    "department",
    "phones",
    "number",
    "extension",
];

const SCHEDULE: [&str; 24] = [
    "id",
    "service_id",
    "location_id",
    "service_at_location_id",
    "valid_from",
    "valid_to",
    "freq",
    "interval",
    "count",
    "byday",
    "bymonthday",
    "description",
    "opens_at",
    "closes_at",
    "notes",
    "timezone",
    "timezone_name",
    "dtstart",
    "until",
    "wkst",
    "byweekno",
    "byyearday",
    "weekday",
    "original_text",
];
