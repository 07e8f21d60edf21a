//! Hours and days in words.

use super::rule::Day;
use super::{Frequency, Schedule, codes_of};
use crate::domain::language::Language;

/// Days in English, French and Arabic, Monday first.
const DAYS: [[&str; 7]; 3] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
];

const MONTHLY: [&str; 3] = ["each month", "chaque mois", "كل شهر"];
const WEEKS: [&str; 3] = ["every % weeks", "toutes les % semaines", "كل % أسابيع"];
const MONTHS: [&str; 3] = ["every % months", "tous les % mois", "كل % أشهر"];

/// A minute of the day as a clock shows it, `00:00` to `24:00`.
#[must_use]
pub fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of the day that a clock shows, written as `HH:MM`.
#[must_use]
pub fn minutes(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, most: i32| {
        let formed = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| formed && (0..=most).contains(number))
    };
    let minute = number(hours, 24)? * 60 + number(minutes, 59)?;
    (minute <= 1440).then_some(minute)
}

/// A schedule in words, for those who read no rules: its own where it has some.
#[must_use]
pub fn in_words(schedule: &Schedule, language: Language) -> String {
    if !schedule.description.is_empty() {
        return schedule.description.clone();
    }
    let column = match language {
        Language::En => 0,
        Language::Fr => 1,
        Language::Ar => 2,
    };
    let name = |code: &str| {
        let day = Day::read(code)?;
        let at = usize::try_from(day.weekday.to_monday_zero_offset()).ok()?;
        let name = DAYS[column].get(at)?;
        Some(if day.ordinal == 0 { (*name).to_owned() } else { format!("{name} ({})", day.ordinal) })
    };
    let mut days: Vec<String> = codes_of(&schedule.days).filter_map(name).collect();
    days.extend(codes_of(&schedule.month_days).map(str::to_owned));
    let mut parts = vec![days.join(", ")];
    parts.push(match (schedule.frequency, schedule.every) {
        (Some(Frequency::Weekly), 2..) => WEEKS[column].replace('%', &schedule.every.to_string()),
        (Some(Frequency::Monthly), 2..) => MONTHS[column].replace('%', &schedule.every.to_string()),
        (Some(Frequency::Monthly), _) => MONTHLY[column].to_owned(),
        _ => String::new(),
    });
    match (schedule.opens, schedule.closes) {
        (Some(opens), Some(closes)) => parts.push(format!("{}–{}", clock(opens), clock(closes))),
        (Some(minute), None) | (None, Some(minute)) => parts.push(clock(minute)),
        (None, None) => {}
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}
