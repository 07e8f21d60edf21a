//! How much may be asked for, and how much runs at once, as an operator sets it.

use super::arguments::Serve;
use super::configuration::Complaints;
use crate::domain::budget::{Rate, Rates};
use crate::domain::bulk::ROWS_ALONE;
use crate::http::{Connections, Room, Rooms};

const POINTS: &str = "must be a number of points an hour up to 1000000000; 0 counts nothing";
const ROWS: &str = "must be a number of rows up to 1000000000";
const PROXIES: &str = "must be a number of proxies from 0 to 8";
const PLACES: &str = "must be four numbers from 1 to 4096: writes, reads, heavy reads, batches, such as 256,256,8,4";
const CONNECTIONS: &str = "must be four numbers from 1 to 1000000: in all, from one address, of one caller, of one organization, \
    such as 20000,2000,500,5000";

/// The budgets.
pub fn rates(complaints: &mut Complaints, given: &Serve) -> Rates {
    let usual = Rates::default();
    let mut points = |argument: &str, value: Option<&str>, usual: Rate| {
        let points = complaints.parsed(argument, value, usual.points, POINTS);
        if !(0..=1_000_000_000).contains(&points) {
            complaints.add(argument, POINTS);
        }
        Rate { points, ..usual }
    };
    let principal = points("--points-per-caller", given.points_per_caller.as_deref(), usual.principal);
    let organization =
        points("--points-per-organization", given.points_per_organization.as_deref(), usual.organization);
    let address = points("--points-without-token", given.points_without_token.as_deref(), usual.address);
    let proxies = complaints.parsed("--proxies", given.proxies.as_deref(), usual.proxies, PROXIES);
    if proxies > 8 {
        complaints.add("--proxies", PROXIES);
    }
    let (exported_rows, imported_rows) = rows(complaints, given);
    Rates { principal, organization, address, exported_rows, imported_rows, proxies, ..usual }
}

fn rows(complaints: &mut Complaints, given: &Serve) -> (Rate, Rate) {
    let Rates { exported_rows: out, imported_rows: into, .. } = Rates::default();
    let mut rate = |argument, value: Option<&str>, usual: Rate| Rate {
        points: whole(complaints, argument, value, usual.points),
        ..usual
    };
    let out = rate("--exported-rows-per-day", given.exported_rows_per_day.as_deref(), out);
    (out, rate("--imported-rows-per-day", given.imported_rows_per_day.as_deref(), into))
}

/// Above how many rows somebody else must agree to an export.
pub fn export_rows_alone(complaints: &mut Complaints, given: &Serve) -> i64 {
    whole(complaints, "--export-rows-alone", given.export_rows_alone.as_deref(), ROWS_ALONE)
}

fn whole(complaints: &mut Complaints, argument: &str, value: Option<&str>, usual: i64) -> i64 {
    let rows = complaints.parsed(argument, value, usual, ROWS);
    if !(0..=1_000_000_000).contains(&rows) {
        complaints.add(argument, ROWS);
    }
    rows
}

/// The places.
pub fn rooms(complaints: &mut Complaints, given: &Serve) -> Rooms {
    let usual = Rooms::default();
    let Some(text) = given.places.as_deref() else { return usual };
    let numbers: Vec<usize> = text.split(',').filter_map(|each| each.trim().parse().ok()).collect();
    let [writes, reads, heavy, background] = numbers[..] else {
        complaints.add("--places", PLACES);
        return usual;
    };
    if numbers.iter().any(|each| !(1..=4_096).contains(each)) {
        complaints.add("--places", PLACES);
    }
    let room = |at_once, usual: Room| Room { at_once, ..usual };
    Rooms {
        writes: room(writes, usual.writes),
        reads: room(reads, usual.reads),
        heavy: room(heavy, usual.heavy),
        background: room(background, usual.background),
    }
}

/// The connections.
pub fn connections(complaints: &mut Complaints, given: &Serve) -> Connections {
    let usual = Connections::default();
    let Some(text) = given.connections.as_deref() else { return usual };
    let numbers: Vec<usize> = text.split(',').filter_map(|each| each.trim().parse().ok()).collect();
    let [node, address, caller, organization] = numbers[..] else {
        complaints.add("--connections", CONNECTIONS);
        return usual;
    };
    if numbers.iter().any(|each| !(1..=1_000_000).contains(each)) {
        complaints.add("--connections", CONNECTIONS);
        return usual;
    }
    Connections { node, address, caller, organization }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &Serve) -> (Rates, Rooms, usize) {
        let mut complaints = Complaints::default();
        let read = (rates(&mut complaints, given), rooms(&mut complaints, given));
        (read.0, read.1, complaints.count())
    }

    #[test]
    fn what_is_given_is_taken_and_what_is_wrong_is_told() {
        assert_eq!(read(&Serve::default()), (Rates::default(), Rooms::default(), 0));
        let some = |text: &str| Some(text.to_owned());
        let given = Serve {
            points_per_caller: some("500"),
            points_per_organization: some("0"),
            proxies: some("1"),
            places: some("4, 5,6,7"),
            exported_rows_per_day: some("700"),
            ..Serve::default()
        };
        let (rates, rooms, wrong) = read(&given);
        assert_eq!(rates.exported_rows, Rate::each_day(700));
        assert_eq!((rates.principal.points, rates.organization.points, rates.proxies, wrong), (500, 0, 1, 0));
        assert_eq!((rooms.writes.at_once, rooms.background.at_once), (4, 7));
        let given = Serve {
            points_per_caller: some("-1"),
            points_without_token: some("many"),
            proxies: some("9"),
            places: some("1,2,3"),
            ..Serve::default()
        };
        assert_eq!(read(&given).2, 4);
        let mut complaints = Complaints::default();
        let mut given = |text: &str| {
            let given = Serve { connections: some(text), ..Serve::default() };
            connections(&mut complaints, &given)
        };
        assert_eq!(given("9, 3,2,4"), Connections { node: 9, address: 3, caller: 2, organization: 4 });
        assert_eq!([given("9,3,2"), given("9,3,0,4")], [Connections::default(); 2]);
        assert_eq!(complaints.count(), 2);
    }
}
