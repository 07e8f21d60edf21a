//! Situations of calendars and limits.

use super::Row;
use crate::support::world::gid;
use futures_util::FutureExt as _;
use passerelle::domain::global_id::Kind;
use serde_json::{Value, json};

/// The mutations of calendars and limits.
pub const ROWS: &[Row] = &[
    Row {
        mutation: "setProgramLimits",
        situation: "of the program",
        prepare: |stage| async { limits(&gid(Kind::Program, stage.world.program)) }.boxed_local(),
    },
    Row { mutation: "setWorkingCalendar", situation: "of one's own", prepare: |_| async { calendar() }.boxed_local() },
    Row {
        mutation: "setWorkingCalendar",
        situation: "of an area",
        prepare: |stage| {
            async {
                let mut input = calendar();
                input["areaId"] = json!(gid(Kind::Area, stage.world.district));
                input
            }
            .boxed_local()
        },
    },
];

/// Urgent referrals are decided within ten hours.
pub fn limits(program: &str) -> Value {
    json!({ "programId": program, "expectedVersion": 0, "limits": [{
        "urgency": "URGENT", "acknowledgeHours": 5, "decideHours": 10, "contactHours": 20, "outcomeDays": 30,
    }] })
}

/// A week that ends on Friday and Saturday.
pub fn calendar() -> Value {
    json!({ "expectedVersion": 0, "timeZone": "Asia/Amman", "restDays": ["FRIDAY", "SATURDAY"],
            "holidays": ["2026-11-29"] })
}
