use super::*;
use crate::domain::language::Language;
use jiff::Timestamp;
use jiff::civil::Date;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn office() -> Vec<Schedule> {
    let zone = "Africa/Lagos";
    vec![
        Schedule::weekly(&[0, 1, 2, 3, 4], 540, 720, zone),
        Schedule::weekly(&[0, 1, 2, 3, 4], 780, 1020, zone),
        Schedule::weekly(&[5], 600, 840, zone),
    ]
}

fn open(all: &[Schedule], text: &str) -> Option<bool> {
    is_open_at(all, at(text))
}

fn next(all: &[Schedule], text: &str) -> Option<String> {
    next_opening(all, at(text)).map(|at| at.to_string())
}

#[test]
fn a_lunch_break_is_two_periods() {
    let all = office();
    // Wednesday; Lagos is an hour ahead.
    for (text, expected) in [
        ("2026-11-25T07:59:59Z", false),
        ("2026-11-25T08:00:00Z", true),
        ("2026-11-25T11:00:00Z", false),
        ("2026-11-25T12:00:00Z", true),
        ("2026-11-25T16:00:00Z", false),
        ("2026-11-28T10:00:00Z", true),
        ("2026-11-29T10:00:00Z", false),
    ] {
        assert_eq!(open(&all, text), Some(expected), "{text}");
    }
    assert_eq!(next(&all, "2026-11-25T08:00:00Z").as_deref(), Some("2026-11-25T08:00:00Z"));
    assert_eq!(next(&all, "2026-11-25T08:00:01Z").as_deref(), Some("2026-11-25T12:00:00Z"));
    assert_eq!(next(&all, "2026-11-28T15:00:00Z").as_deref(), Some("2026-11-30T08:00:00Z"));
}

#[test]
fn a_night_goes_on_after_midnight() {
    let all = [Schedule::weekly(&[4], 1320, 360, "Asia/Amman")];
    // Friday from 22:00 to Saturday 06:00, three hours ahead.
    for (text, expected) in [
        ("2026-11-27T18:59:00Z", false),
        ("2026-11-27T19:00:00Z", true),
        ("2026-11-28T02:59:00Z", true),
        ("2026-11-28T03:00:00Z", false),
        ("2026-11-27T02:00:00Z", false),
    ] {
        assert_eq!(open(&all, text), Some(expected), "{text}");
    }
}

#[test]
fn round_the_clock_is_always_open_and_never_opens() {
    for closes in [1440, 0] {
        let all = [Schedule::weekly(&[0, 1, 2, 3, 4, 5, 6], 0, closes, "Europe/Paris")];
        for hour in 0..24 {
            assert_eq!(open(&all, &format!("2026-03-29T{hour:02}:30:00Z")), Some(true));
        }
        assert_eq!(next(&all, "2026-03-28T00:00:00Z"), None);
    }
}

#[test]
fn periods_that_meet_open_once() {
    let all = [Schedule::weekly(&[0], 540, 720, "UTC"), Schedule::weekly(&[0], 720, 900, "UTC")];
    assert_eq!(next(&all, "2026-11-30T10:00:00Z").as_deref(), Some("2026-12-07T09:00:00Z"));
}

#[test]
fn the_wall_clock_rules_when_clocks_change() {
    // Paris jumps from 02:00 to 03:00 on 2026-03-29 and back from 03:00 to 02:00 on 2026-10-25, both Sundays.
    let day = [Schedule::weekly(&[6], 540, 600, "Europe/Paris")];
    assert_eq!(next(&day, "2026-03-22T09:00:00Z").as_deref(), Some("2026-03-29T07:00:00Z"));
    assert_eq!(next(&day, "2026-10-19T00:00:00Z").as_deref(), Some("2026-10-25T08:00:00Z"));
    let skipped = [Schedule::weekly(&[6], 150, 240, "Europe/Paris")];
    assert_eq!(next(&skipped, "2026-03-28T00:00:00Z").as_deref(), Some("2026-03-29T01:00:00Z"), "at the jump");
    assert_eq!(open(&skipped, "2026-03-29T01:00:00Z"), Some(true));
    assert_eq!(open(&skipped, "2026-03-29T00:59:59Z"), Some(false));
    // 02:30 comes twice: open both times.
    for text in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
        assert_eq!(open(&skipped, text), Some(true), "{text}");
    }
}

#[test]
fn months_weeks_and_counts() {
    let days = |schedule: &Schedule| -> Vec<String> {
        let rule = schedule.rule().unwrap();
        let first: Date = "2026-01-01".parse().unwrap();
        let all = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(120);
        all.filter(|day| rule.falls_on(*day)).map(|day| day.to_string()[5..].to_owned()).collect()
    };
    let monthly = Schedule { frequency: Some(Frequency::Monthly), ..Schedule::default() };
    let ordinal = Schedule { days: ",2MO,-1FR,".into(), ..monthly.clone() };
    assert_eq!(days(&ordinal), ["01-12", "01-30", "02-09", "02-27", "03-09", "03-27", "04-13", "04-24"]);
    let last = Schedule { month_days: ",-1,".into(), ..monthly.clone() };
    assert_eq!(days(&last), ["01-31", "02-28", "03-31", "04-30"]);
    let both = Schedule { days: ",FR,".into(), month_days: ",13,".into(), ..monthly };
    assert_eq!(days(&both), ["02-13", "03-13"]);
    let start = Some("2026-01-07".to_owned());
    let weekly = Schedule { every: 2, starts_on: start, ..Schedule::weekly(&[0, 2], 0, 60, "UTC") };
    assert_eq!(days(&weekly)[..4], ["01-07", "01-19", "01-21", "02-02"]);
    let sunday = Schedule { week_start: "SU".into(), ..Schedule { days: ",SU,WE,".into(), ..weekly.clone() } };
    assert_eq!(days(&sunday)[..3], ["01-07", "01-18", "01-21"]);
    let counted = Schedule { occurrences: Some(3), valid_to: Some("2026-02-01".into()), ..weekly.clone() };
    assert_eq!(days(&counted), ["01-07", "01-19", "01-21"]);
    let from = Schedule { valid_from: Some("2026-01-20".into()), ..counted };
    assert_eq!(days(&from), ["01-21"]);
    let of_start = Schedule { days: String::new(), every: 1, until: Some("2026-01-20".into()), ..weekly };
    assert_eq!(days(&of_start), ["01-07", "01-14"]);
    assert_eq!(of_start.settled().0.days, ",WE,");
}

#[test]
fn what_does_not_go_together_decides_nothing() {
    let weekly = Schedule::weekly(&[0], 540, 600, "UTC");
    for broken in [
        Schedule { frequency: None, ..weekly.clone() },
        Schedule { every: 2, ..weekly.clone() },
        Schedule { occurrences: Some(2), ..weekly.clone() },
        Schedule { days: ",2MO,".into(), ..weekly.clone() },
        Schedule { month_days: ",1,".into(), ..weekly.clone() },
        Schedule { days: ",XX,".into(), ..weekly.clone() },
        Schedule { until: Some("soon".into()), ..weekly.clone() },
    ] {
        assert!(broken.rule().is_none(), "{broken:?}");
        assert_eq!(is_open_at([&broken], at("2026-11-30T09:30:00Z")), None);
        let (_, bounds) = broken.settled();
        assert!(bounds.first_on > bounds.last_on);
    }
    let words = Schedule { description: "By appointment".into(), ..Schedule::default() };
    assert_eq!(open(&[words.clone(), weekly.clone()], "2026-11-30T09:30:00Z"), Some(true));
    assert_eq!(open(&[words, weekly.clone()], "2026-11-30T10:30:00Z"), None, "the words may say otherwise");
    assert_eq!(open(&[], "2026-11-30T10:30:00Z"), None);
    let lost = Schedule { zone: "Nowhere/Town".into(), ..weekly };
    assert_eq!(open(&[lost], "2026-11-30T09:30:00Z"), None);
}

#[test]
fn hours_and_days_have_words() {
    let day = Schedule::weekly(&[0, 4], 540, 1440, "UTC");
    assert_eq!(in_words(&day, Language::En), "Monday, Friday 09:00–24:00");
    assert_eq!(in_words(&day, Language::Fr), "lundi, vendredi 09:00–24:00");
    let month =
        Schedule { frequency: Some(Frequency::Monthly), every: 2, days: ",-1MO,".into(), ..Schedule::default() };
    assert_eq!(in_words(&month, Language::En), "Monday (-1) every 2 months");
    for (text, expected) in
        [("09:05", Some(545)), ("24:00", Some(1440)), ("24:01", None), ("9:00", None), ("09:60", None), ("0900", None)]
    {
        assert_eq!(minutes(text), expected, "{text}");
    }
}

#[test]
fn a_key_stays_with_what_is_said() {
    let owner = Uuid::from_u128(7);
    let one = Schedule::weekly(&[0], 540, 600, "UTC").of(owner);
    assert_eq!(one.clone().of(owner), one);
    assert_ne!(Schedule::weekly(&[1], 540, 600, "UTC").of(owner).id, one.id);
    assert_ne!(one.clone().of(Uuid::from_u128(8)).id, one.id);
}
