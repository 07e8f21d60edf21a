//! Schedules in the database, and the condition that a service is open at an instant.

use crate::domain::code::Code as _;
use crate::domain::id::{LocationId, ServiceId};
use crate::domain::imported::{ImportedLocation, ImportedService};
use crate::domain::rule::Fault;
use crate::domain::schedule::{OpenMoment, Schedule};
use crate::store::door::{Door, Tx};
use crate::store::fragment::OPEN_PLACE;
use crate::store::statement::Sql;
use jiff::civil::Date;
use sea_orm::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// What a schedule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleOf {
    /// A service as a whole.
    Service(Uuid),
    /// A service at a location.
    Place(Uuid),
    /// A location.
    Location(Uuid),
}

/// The columns that name what a schedule belongs to.
const OWNERS: [&str; 3] = ["service_id", "service_at_location_id", "location_id"];

impl ScheduleOf {
    fn key(self) -> Uuid {
        match self {
            Self::Service(key) | Self::Place(key) | Self::Location(key) => key,
        }
    }

    fn column(self) -> usize {
        match self {
            Self::Service(_) => 0,
            Self::Place(_) => 1,
            Self::Location(_) => 2,
        }
    }
}

/// The schedules for which `condition` on `schedule {alias}` holds, as the domain has them.
#[must_use]
pub fn schedules(alias: &str, condition: &str) -> String {
    format!(
        "LIST(OBJ('id', UID({alias}.id), 'frequency', {alias}.frequency, 'every', {alias}.every, \
         'week_start', {alias}.week_start, 'days', {alias}.days, 'month_days', {alias}.month_days, \
         'starts_on', {alias}.starts_on, 'until', {alias}.until, 'occurrences', {alias}.occurrences, \
         'opens', {alias}.opens, 'closes', {alias}.closes, 'zone', {alias}.zone, 'valid_from', {alias}.valid_from, \
         'valid_to', {alias}.valid_to, 'description', {alias}.description, 'notes', {alias}.notes, \
         'original', {alias}.original) BY {alias}.position FROM schedule {alias} WHERE {condition})"
    )
}

fn row(owner: ScheduleOf, position: i32, schedule: &Schedule) -> Vec<Value> {
    let (schedule, bounds) = schedule.clone().settled();
    let schedule = schedule.of(owner.key());
    let mut row: Vec<Value> = vec![schedule.id.into()];
    row.extend((0..OWNERS.len()).map(|column| (column == owner.column()).then(|| owner.key()).into()));
    row.extend([
        position.into(),
        schedule.frequency.map(|frequency| frequency.code().to_owned()).into(),
        schedule.every.into(),
        schedule.week_start.into(),
        schedule.days.into(),
        schedule.month_days.into(),
        schedule.starts_on.into(),
        schedule.until.into(),
        schedule.occurrences.into(),
        schedule.opens.into(),
        schedule.closes.into(),
        schedule.zone.into(),
        schedule.valid_from.into(),
        schedule.valid_to.into(),
        schedule.description.into(),
        schedule.notes.into(),
        schedule.original.into(),
        bounds.first_on.into(),
        bounds.last_on.into(),
        bounds.anchor.into(),
    ]);
    row
}

const INTO: &str = "schedule (id, service_id, service_at_location_id, location_id, position, frequency, every, \
    week_start, days, month_days, starts_on, until, occurrences, opens, closes, zone, valid_from, valid_to, description, \
    notes, original, first_on, last_on, anchor)";

impl Tx {
    /// Puts these schedules in the place of those that each of these things had. One that stands twice is kept once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_schedules(&self, all: &[(ScheduleOf, &[Schedule])]) -> Result<(), Fault> {
        for (at, column) in OWNERS.iter().enumerate() {
            let mut sql = Sql::default();
            let keys: Vec<Uuid> = all.iter().filter(|(of, _)| of.column() == at).map(|(of, _)| of.key()).collect();
            for keys in keys.chunks(500) {
                sql.values.clear();
                let names = sql.bind_all(keys.iter().copied());
                self.run(&format!("DELETE FROM schedule WHERE {column} IN ({names})"), sql.values.clone()).await?;
            }
        }
        self.add_schedules(all).await
    }

    /// Adds schedules of what has none yet.
    async fn add_schedules(&self, all: &[(ScheduleOf, &[Schedule])]) -> Result<(), Fault> {
        let mut rows = Vec::new();
        for (of, schedules) in all {
            let mut told: Vec<&Schedule> = Vec::new();
            for (schedule, position) in schedules.iter().zip(0_i32..) {
                if !told.contains(&schedule) {
                    told.push(schedule);
                    rows.push(row(*of, position, schedule));
                }
            }
        }
        // Two that differ only in what their start says of their days are the same once that is written out.
        self.add_all(INTO, rows, "ON CONFLICT (id) DO NOTHING").await
    }

    /// Puts the schedules of a service at a location in the place of what stood there.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_schedules_at(
        &self,
        service: ServiceId,
        location: LocationId,
        schedules: &[Schedule],
    ) -> Result<(), Fault> {
        let text = "SELECT id FROM service_at_location WHERE service_id = $1 AND location_id = $2";
        let values = vec![Uuid::from(service).into(), Uuid::from(location).into()];
        for found in self.rows(text, values).await? {
            let place: Uuid = found.try_get("", "id").map_err(|_| Fault::Store("a place does not read".into()))?;
            self.put_schedules(&[(ScheduleOf::Place(place), schedules)]).await?;
        }
        Ok(())
    }

    /// Takes away all that is known of when a location is open, when services are given there, and where it lies: it is a
    /// secret now.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forget_where_and_when(&self, location: LocationId) -> Result<(), Fault> {
        self.run("DELETE FROM service_point WHERE location_id = $1", vec![Uuid::from(location).into()]).await?;
        let text = "DELETE FROM schedule WHERE location_id = $1 OR service_at_location_id IN \
                    (SELECT id FROM service_at_location WHERE location_id = $1)";
        self.run(text, vec![Uuid::from(location).into()]).await.map(drop)
    }

    /// Puts the schedules of imported services, and of their places, in the place of what stood there, if they are not
    /// new. The places have to be written before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_imported_schedules(&self, services: &[&ImportedService], are_new: bool) -> Result<(), Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(services.iter().map(|service| Uuid::from(service.id)));
        let text = format!(
            "SELECT id, service_id AS service, location_id AS location FROM service_at_location WHERE service_id IN ({names})"
        );
        let mut places: HashMap<(Uuid, Uuid), Uuid> = HashMap::new();
        for row in self.rows(&text, sql.values).await? {
            let key = |column: &str| row.try_get("", column).map_err(|_| Fault::Store("a place does not read".into()));
            places.insert((key("service")?, key("location")?), key("id")?);
        }
        let mut all: Vec<(ScheduleOf, &[Schedule])> = Vec::new();
        for service in services {
            let own = Uuid::from(service.id);
            all.push((ScheduleOf::Service(own), &service.schedules));
            let at = |location: LocationId| places.get(&(own, Uuid::from(location))).copied();
            all.extend(
                service
                    .places
                    .iter()
                    .filter_map(|place| Some((ScheduleOf::Place(at(place.location)?), place.schedules.as_slice()))),
            );
        }
        if are_new { self.add_schedules(&all).await } else { self.put_schedules(&all).await }
    }

    /// Puts the schedules of imported locations in the place of what stood there, if they are not new.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_location_schedules(&self, locations: &[&ImportedLocation], are_new: bool) -> Result<(), Fault> {
        let all: Vec<(ScheduleOf, &[Schedule])> = locations
            .iter()
            .map(|location| (ScheduleOf::Location(location.id.into()), location.schedules.as_slice()))
            .collect();
        if are_new { self.add_schedules(&all).await } else { self.put_schedules(&all).await }
    }
}

impl Door {
    /// What the clocks show at `at`, UTC microseconds, in each zone in which a schedule is told.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn open_moment(&self, at: i64) -> Result<OpenMoment, Fault> {
        // From one zone to the next by the index, however many schedules there are.
        let text = "WITH RECURSIVE zones (zone) AS (SELECT min(zone) FROM schedule UNION ALL \
                    SELECT (SELECT min(sd.zone) FROM schedule sd WHERE sd.zone > zones.zone) FROM zones \
                    WHERE zones.zone IS NOT NULL) SELECT zone FROM zones WHERE zone IS NOT NULL";
        let zones = self.rows(text, vec![]).await?;
        let name = |row: &sea_orm::QueryResult| row.try_get::<String>("", "zone").ok();
        Ok(OpenMoment::of(at, zones.iter().filter_map(name).collect()))
    }
}

/// The condition on `service s` that it is open: at a place by the schedules of the service there, or else those of the
/// place, or else its own; and by its own where it is given at no place. The hours of secret places open nothing: whether
/// it is found would tell them.
pub fn is_open(sql: &mut Sql, moment: &OpenMoment) -> String {
    if moment.walls.is_empty() {
        return "1 = 0".into();
    }
    let walls: Vec<String> = moment.walls.iter().map(|wall| at_wall(sql, wall)).collect();
    let open = format!("({})", walls.join(" OR "));
    format!(
        "s.id IN (SELECT sl.service_id FROM schedule sd JOIN service_at_location sl ON sl.id = sd.service_at_location_id \
           JOIN location lo ON lo.id = sl.location_id WHERE {open} AND {OPEN_PLACE} \
         UNION SELECT sl.service_id FROM schedule sd JOIN service_at_location sl ON sl.location_id = sd.location_id \
           JOIN location lo ON lo.id = sl.location_id WHERE {open} AND {OPEN_PLACE} AND NOT EXISTS (SELECT 1 FROM schedule so2 WHERE so2.service_at_location_id = sl.id) \
         UNION SELECT sd.service_id FROM schedule sd WHERE sd.service_id IS NOT NULL AND {open} AND \
           (NOT EXISTS (SELECT 1 FROM service_at_location sl WHERE sl.service_id = sd.service_id) OR \
            EXISTS (SELECT 1 FROM service_at_location sl JOIN location lo ON lo.id = sl.location_id \
              WHERE sl.service_id = sd.service_id AND {OPEN_PLACE} AND NOT EXISTS (SELECT 1 FROM schedule so2 WHERE so2.service_at_location_id = sl.id) AND \
              NOT EXISTS (SELECT 1 FROM schedule so2 WHERE so2.location_id = sl.location_id))))"
    )
}

fn at_wall(sql: &mut Sql, (day, minute, zones): &(Date, i32, Vec<String>)) -> String {
    let zones = sql.bind_all(zones.iter().cloned());
    let minute = sql.bind(*minute);
    let mut any = vec![format!(
        "(sd.opens <= {minute} AND (sd.closes > {minute} OR sd.closes <= sd.opens) AND {})",
        falls_on(sql, *day)
    )];
    if let Ok(before) = day.yesterday() {
        any.push(format!("(sd.closes <= sd.opens AND sd.closes > {minute} AND {})", falls_on(sql, before)));
    }
    format!("(sd.zone IN ({zones}) AND ({}))", any.join(" OR "))
}

/// The condition that `schedule sd` falls on a day. It says of the stored columns what `Rule::falls_on` says of a rule.
fn falls_on(sql: &mut Sql, day: Date) -> String {
    let (week, month) = Schedule::numbers(day);
    let text = sql.bind(day.to_string());
    let (week, month) = (sql.bind(week), sql.bind(month));
    let [weekday, nth, from_end, day_of_month, from_month_end] = Schedule::names_of(day);
    format!(
        "sd.first_on <= {text} AND sd.last_on >= {text} AND \
         ((sd.frequency = 'WEEKLY' AND (({week} - sd.anchor) / 7) % sd.every = 0 AND sd.days LIKE '%,{weekday},%') OR \
          (sd.frequency = 'MONTHLY' AND ({month} - sd.anchor) % sd.every = 0 AND \
           (sd.days = '' OR sd.days LIKE '%,{weekday},%' OR sd.days LIKE '%,{nth},%' OR sd.days LIKE '%,{from_end},%') AND \
           (sd.month_days = '' OR sd.month_days LIKE '%,{day_of_month},%' OR sd.month_days LIKE '%,{from_month_end},%')))"
    )
}
