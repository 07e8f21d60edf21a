//! Schedules at random, drawn from a seed that is told when a test fails.

use passerelle::domain::schedule::{Frequency, Schedule, WEEKDAYS, between_commas};

/// Zones on both halves of the Earth, most of them with clocks that change.
pub const ZONES: [&str; 6] =
    ["Europe/Paris", "Asia/Beirut", "Africa/Cairo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];

/// A source of numbers (SplitMix64).
pub struct Random(u64);

/// A source of numbers by its seed.
pub fn source(seed: u64) -> Random {
    Random(seed)
}

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, below `limit`.
    pub fn below(&mut self, limit: i64) -> i64 {
        i64::try_from(self.next() >> 1).unwrap() % limit
    }

    /// True so many times of a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

/// One of these.
pub fn one<'a, T>(random: &mut Random, of: &'a [T]) -> &'a T {
    &of[usize::try_from(random.below(i64::try_from(of.len()).unwrap())).unwrap()]
}

/// A schedule that has a rule.
pub fn schedule(random: &mut Random) -> Schedule {
    let frequency = *one(random, &[Frequency::Weekly, Frequency::Weekly, Frequency::Monthly]);
    let mut days: Vec<String> = Vec::new();
    let mut month_days: Vec<String> = Vec::new();
    // The library we compare with takes days with and without numbers together for days that are both.
    let has_numbers = frequency == Frequency::Monthly && random.chance(50);
    for day in WEEKDAYS {
        if random.chance(30) {
            let ordinal = *one(random, &[1, 2, 3, 5, -1, -2]);
            days.push(if has_numbers { format!("{ordinal}{day}") } else { day.to_owned() });
        }
    }
    if frequency == Frequency::Monthly && (days.is_empty() || random.chance(20)) {
        month_days = [1, 13, 15, 29, 31, -1, -7].iter().filter(|_| random.chance(40)).map(i32::to_string).collect();
    }
    let start = jiff::civil::date(2025, 11, 1).checked_add(jiff::Span::new().days(random.below(200))).unwrap();
    let every = *one(random, &[1, 1, 2, 3]);
    let bounded = random.below(4);
    let opens = i32::try_from(random.below(288)).unwrap() * 5;
    Schedule {
        frequency: Some(frequency),
        every,
        week_start: (*one(random, &["MO", "MO", "SU", "WE"])).to_owned(),
        days: between_commas(&days),
        month_days: between_commas(&month_days),
        starts_on: Some(start.to_string()),
        until: (bounded == 1)
            .then(|| start.checked_add(jiff::Span::new().days(random.below(300))).unwrap().to_string()),
        occurrences: (bounded == 2).then(|| i32::try_from(random.below(40)).unwrap() + 1),
        opens: Some(opens),
        closes: Some(i32::try_from(random.below(289)).unwrap() * 5),
        zone: (*one(random, &ZONES)).to_owned(),
        ..Schedule::default()
    }
}
