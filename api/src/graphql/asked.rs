//! Which parts of a thing a document asks for. What is not asked for is neither read from the database nor made into
//! JSON: a page of an inbox that shows a service's name does not load its places. A field that no table here knows
//! asks for all, so that forgetting one makes a document slower, never wrong.

use crate::domain::parts::Parts;
use async_graphql::{Context, SelectionField};

/// The fields of a type, and the parts each of them is made of.
pub struct Fields(&'static [(&'static str, &'static [Part])]);

/// A part by its path in the domain, and the type of what is asked for inside it, when that is known.
pub struct Part(&'static [&'static str], Option<&'static Fields>);

const fn all(path: &'static [&'static str]) -> Part {
    Part(path, None)
}

const fn inside(path: &'static [&'static str], fields: &'static Fields) -> Part {
    Part(path, Some(fields))
}

/// An organization's fields.
pub const ORGANIZATION: Fields = Fields(&[
    ("id", &[all(&["id"])]),
    ("name", &[all(&["name"]), all(&["names"])]),
    ("services", &[all(&["id"])]),
    ("webhookEndpoints", &[all(&["id"])]),
    ("webhookEndpoint", &[all(&["id"])]),
]);

/// A location's fields.
const LOCATION: Fields = Fields(&[
    ("id", &[all(&["id"])]),
    ("kind", &[all(&["kind"])]),
    ("name", &[all(&["kind"]), all(&["name"])]),
    ("address", &[all(&["address"])]),
    ("area", &[all(&["area"])]),
    ("latitude", &[all(&["latitude"])]),
    ("longitude", &[all(&["longitude"])]),
    ("transportation", &[all(&["kind"]), all(&["transportation"])]),
    ("accessibility", &[all(&["accessibility"])]),
]);

/// What tells when a service is given at a place.
const HOURS: &[Part] = &[all(&["schedules"]), all(&["location", "schedules"]), all(&["inherited"])];

const SERVICE_AT_LOCATION: Fields = Fields(&[
    ("id", &[all(&["id"])]),
    ("location", &[inside(&["location"], &LOCATION)]),
    ("schedules", HOURS),
    ("nextOpening", HOURS),
    ("isOpenAt", HOURS),
]);

/// What tells when a service is given anywhere.
const ANY_HOURS: &[Part] = &[
    all(&["schedules"]),
    all(&["places", "schedules"]),
    all(&["places", "location", "schedules"]),
    all(&["places", "inherited"]),
];

/// What tells whether a service is open.
const OPEN: &[Part] = &[
    all(&["status"]),
    all(&["category"]),
    all(&["takes_referrals"]),
    all(&["assured_on"]),
    all(&["funding_ends"]),
    all(&["max_age_days"]),
];

/// A service's fields.
pub const SERVICE: Fields = Fields(&[
    ("id", &[all(&["id"])]),
    ("version", &[all(&["version"])]),
    ("createdAt", &[all(&["created_at"])]),
    ("updatedAt", &[all(&["updated_at"])]),
    ("publishedAt", &[all(&["published_at"])]),
    ("organization", &[inside(&["organization"], &ORGANIZATION)]),
    ("programId", &[all(&["program_id"])]),
    ("category", &[all(&["category"])]),
    ("dimension", &[all(&["category"])]),
    ("level", &[all(&["category"])]),
    ("status", &[all(&["status"])]),
    ("visibility", &[all(&["visibility"])]),
    ("language", &[all(&["language"])]),
    ("name", &[all(&["language"]), all(&["name"]), all(&["translations"])]),
    ("nameLanguage", &[all(&["language"]), all(&["translations"])]),
    ("description", &[all(&["language"]), all(&["description"]), all(&["translations"])]),
    ("languages", &[all(&["languages"])]),
    ("keepsWaitingList", &[all(&["keeps_waiting_list"])]),
    ("waitingListOrder", &[all(&["keeps_waiting_list"])]),
    ("holdsPlacesAtSending", &[all(&["holds_places_at_sending"])]),
    ("offersFreePlaces", &[all(&["offers_free_places"])]),
    ("isOpenForReferrals", OPEN),
    ("closedBecause", OPEN),
    ("assuredOn", &[all(&["assured_on"])]),
    ("isStale", &[all(&["assured_on"]), all(&["max_age_days"])]),
    ("fundingEnds", &[all(&["funding_ends"])]),
    ("freshness", &[all(&["id"])]),
    ("locations", &[inside(&["places"], &SERVICE_AT_LOCATION)]),
    (
        "listing",
        &[
            all(&["alternate_name"]),
            all(&["url"]),
            all(&["alert"]),
            all(&["accreditations"]),
            all(&["interpretation"]),
            all(&["cost_options"]),
            all(&["funding"]),
        ],
    ),
    ("schedules", &[all(&["schedules"])]),
    ("nextOpening", ANY_HOURS),
    ("isOpenAt", ANY_HOURS),
    ("servedAreas", &[all(&["areas"])]),
    ("capacities", &[all(&["capacities"]), all(&["places"]), all(&["organization", "id"])]),
    ("openPlaces", &[all(&["capacities"]), all(&["organization", "id"])]),
    ("distanceKm", &[all(&["id"])]),
]);

const REFERRAL_GOAL: Fields = Fields(&[
    ("goalId", &[all(&["id"])]),
    ("position", &[all(&["position"])]),
    ("isTaken", &[all(&["is_left_out"])]),
    ("text", &[all(&["id"]), all(&["text"])]),
    ("result", &[all(&["result"])]),
    ("achievedOn", &[all(&["achieved_on"])]),
    ("quantity", &[all(&["quantity"])]),
    ("unit", &[all(&["id"]), all(&["unit"])]),
    ("note", &[all(&["id"]), all(&["note"])]),
]);

/// What a referral releases of a person; who they are is read only where it is asked for.
const REFERRED_PERSON: Fields = Fields(&[
    ("ageBand", &[all(&["age_band"])]),
    ("sex", &[all(&["sex"])]),
    ("language", &[all(&["language"])]),
    ("contactThroughSender", &[all(&["contact_through_sender"])]),
    ("givenName", &[all(&["person"])]),
    ("familyName", &[all(&["person"])]),
    ("birthDate", &[all(&["person"])]),
    ("nationality", &[all(&["person"])]),
    ("documentNumbers", &[all(&["person"])]),
    ("phone", &[all(&["person"])]),
    ("email", &[all(&["person"])]),
    ("address", &[all(&["person"])]),
    ("caregiver", &[all(&["person"])]),
    ("vulnerabilities", &[all(&["person"])]),
    ("protectiveFactors", &[all(&["person"])]),
    ("healthNeeds", &[all(&["person"])]),
]);

/// A referral's fields.
pub const REFERRAL: Fields = Fields(&[
    ("id", &[all(&["id"])]),
    ("version", &[all(&["version"])]),
    ("status", &[all(&["status"])]),
    ("statusLabel", &[all(&["status"])]),
    ("urgency", &[all(&["urgency"])]),
    ("categoryCode", &[all(&["category"])]),
    ("dimension", &[all(&["dimension"])]),
    ("level", &[all(&["level"])]),
    ("service", &[inside(&["service"], &SERVICE)]),
    (
        "serviceAtLocation",
        &[
            all(&["service_at_location_id"]),
            all(&["service", "places", "id"]),
            inside(&["service", "places"], &SERVICE_AT_LOCATION),
        ],
    ),
    ("sender", &[inside(&["sender"], &ORGANIZATION)]),
    ("receiver", &[inside(&["receiver"], &ORGANIZATION)]),
    ("programId", &[all(&["program_id"])]),
    ("caseIdentifier", &[all(&["released", "identifier"])]),
    ("person", &[inside(&["released"], &REFERRED_PERSON)]),
    ("case", &[all(&["case_id"])]),
    ("needId", &[all(&["need_id"])]),
    ("agreementId", &[all(&["agreement_id"])]),
    ("goals", &[inside(&["goals"], &REFERRAL_GOAL)]),
    ("reason", &[all(&["reason"])]),
    ("reasonLabel", &[all(&["reason"])]),
    ("attempt", &[all(&["attempt"])]),
    ("isOverbooked", &[all(&["is_overbooked"])]),
    ("createdAt", &[all(&["times", "created_at"])]),
    ("updatedAt", &[all(&["times", "updated_at"])]),
    ("sentAt", &[all(&["times", "sent_at"])]),
    ("openedAt", &[all(&["times", "opened_at"])]),
    ("acknowledgedAt", &[all(&["times", "acknowledged_at"])]),
    ("decidedAt", &[all(&["times", "decided_at"])]),
    ("firstContactOn", &[all(&["first_contact_on"])]),
    ("startedAt", &[all(&["times", "started_at"])]),
    ("serviceOn", &[all(&["service_on"])]),
    ("endedAt", &[all(&["times", "ended_at"])]),
    ("loopClosedAt", &[all(&["times", "loop_closed_at"])]),
    ("loopMeaning", &[all(&["loop_meaning"])]),
    ("verification", &[all(&["verification"])]),
    ("acknowledgeDueAt", &[all(&["due", "acknowledge"])]),
    ("decideDueAt", &[all(&["due", "decide"]), all(&["status"]), all(&["times", "info_asked_at"])]),
    ("isPaused", &[all(&["status"])]),
    ("pausedSeconds", &[all(&["paused_micros"]), all(&["status"]), all(&["times", "info_asked_at"])]),
    ("infoRequests", &[all(&["decision", "questions"])]),
    (
        "waiting",
        &[
            all(&["decision", "waiting"]),
            all(&["times", "waitlisted_at"]),
            all(&["expected_on"]),
            all(&["due", "review"]),
        ],
    ),
    (
        "heldPlace",
        &[
            all(&["id"]),
            all(&["due", "offer_until"]),
            all(&["due", "slot_until"]),
            all(&["offers_lapsed"]),
            all(&["decision", "offer_note"]),
        ],
    ),
    ("redirectedTo", &[all(&["decision", "redirected"])]),
    ("chain", &[all(&["id"]), all(&["chain"])]),
    ("restNeedId", &[all(&["decision", "rest_need_id"])]),
    ("assignee", &[all(&["decision", "assignee"])]),
    ("contactDueAt", &[all(&["due", "contact"])]),
    ("outcomeDueAt", &[all(&["due", "outcome"])]),
    ("plannedEndOn", &[all(&["planned_end_on"])]),
    ("progress", &[all(&["id"]), all(&["progress"])]),
    ("hold", &[all(&["id"]), all(&["status"]), all(&["hold"]), all(&["before"]), all(&["due", "review"])]),
    (
        "cancellation",
        &[
            all(&["id"]),
            all(&["status"]),
            all(&["cancellation"]),
            all(&["times", "cancel_asked_at"]),
            all(&["times", "contested_at"]),
        ],
    ),
    ("dispute", &[all(&["id"]), all(&["dispute"]), all(&["times", "disputed_at"])]),
    ("goesOnSince", &[all(&["times", "goes_on_at"])]),
    ("voiding", &[all(&["voiding"])]),
    ("nextDueAt", &[all(&["due", "next"])]),
    ("isOverdue", &[all(&["due", "next"])]),
    (
        "isDeliverable",
        &[
            all(&["sender", "id"]),
            all(&["receiver", "id"]),
            all(&["program_id"]),
            all(&["lead_organization_id"]),
            all(&["times", "sent_at"]),
            all(&["due", "unreachable"]),
        ],
    ),
    (
        "availableActions",
        &[
            all(&["status"]),
            all(&["sender", "id"]),
            all(&["receiver", "id"]),
            all(&["program_id"]),
            all(&["lead_organization_id"]),
            all(&["times", "loop_closed_at"]),
            all(&["times", "sent_at"]),
            all(&["chain", "parent_id"]),
            all(&["times", "contested_at"]),
            all(&["times", "disputed_at"]),
            all(&["dispute", "decided_at"]),
            all(&["voiding"]),
            all(&["service_at_location_id"]),
            all(&["service", "status"]),
            all(&["service", "category"]),
            all(&["service", "takes_referrals"]),
            all(&["service", "assured_on"]),
            all(&["service", "allows_overbooking"]),
            all(&["service", "keeps_waiting_list"]),
            all(&["capacity_id"]),
            all(&["info_rounds"]),
            all(&["times", "decided_at"]),
            all(&["due", "offer_until"]),
            all(&["due", "slot_until"]),
            all(&["service", "capacities"]),
        ],
    ),
    (
        "details",
        &[all(&["id"]), all(&["follow_up"]), all(&["may_report_back"]), all(&["restrictions"]), all(&["prior_help"])],
    ),
    ("sendBlockers", &[all(&["id"]), all(&["status"])]),
    ("events", &[all(&["id"])]),
]);

/// A case's fields.
pub const CASE: Fields = Fields(&[
    ("id", &[all(&["id"])]),
    ("version", &[all(&["is_held"]), all(&["version"])]),
    ("identifier", &[all(&["identifier"])]),
    ("holder", &[inside(&["holder"], &ORGANIZATION)]),
    ("programId", &[all(&["program_id"])]),
    ("areaId", &[all(&["area_id"])]),
    ("status", &[all(&["status"])]),
    ("stage", &[all(&["stage"])]),
    ("casework", &[all(&["id"]), all(&["is_held"]), all(&["stage"])]),
    ("isHeld", &[all(&["is_held"])]),
    ("ageBand", &[all(&["age_band"])]),
    ("sex", &[all(&["sex"])]),
    ("language", &[all(&["language"])]),
    ("person", &[all(&["person"])]),
    ("returnFacts", &[all(&["return_facts"])]),
    ("closeReason", &[all(&["close_reason"])]),
    ("remigration", &[all(&["remigration"])]),
    ("openedAt", &[all(&["is_held"]), all(&["opened_at"])]),
    ("closedAt", &[all(&["closed_at"])]),
    ("updatedAt", &[all(&["is_held"]), all(&["updated_at"])]),
    ("needs", &[all(&["needs"])]),
    ("consents", &[all(&["consents"])]),
    ("aliases", &[all(&["aliases"])]),
    ("referrals", &[all(&["id"])]),
    ("timeline", &[all(&["id"]), all(&["is_held"])]),
]);

/// What is asked for of the thing that the field being resolved gives.
#[must_use]
pub fn here(ctx: &Context<'_>, fields: &Fields) -> Parts {
    of(ctx.look_ahead().selection_fields(), fields)
}

/// What is asked for of the thing that a field of the payload gives.
#[must_use]
pub fn below(ctx: &Context<'_>, field: &str, fields: &Fields) -> Parts {
    of(ctx.look_ahead().field(field).selection_fields(), fields)
}

/// What is asked for of each item of a connection.
#[must_use]
pub fn items(ctx: &Context<'_>, fields: &Fields) -> Parts {
    let ahead = ctx.look_ahead();
    let nodes = ahead.field("nodes").selection_fields();
    of(nodes.into_iter().chain(ahead.field("edges").field("node").selection_fields()).collect(), fields)
}

fn of(selected: Vec<SelectionField<'_>>, fields: &Fields) -> Parts {
    let mut parts = Parts::none();
    for field in selected.iter().flat_map(SelectionField::selection_set) {
        if field.name() == "__typename" {
            continue;
        }
        let Some((_, made_of)) = fields.0.iter().find(|(name, _)| *name == field.name()) else { return Parts::All };
        for Part(path, kind) in *made_of {
            parts.add(path, kind.map_or(Parts::All, |kind| of(vec![field], kind)));
        }
    }
    parts
}
