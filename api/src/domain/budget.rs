//! Budgets: points that somebody may spend, and that come back with time. What a request costs is spent from two of
//! them, that of who asks and that of their organization; wrong guesses at case identifiers from two more.

use uuid::Uuid;

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Into how many leases a budget is parted, where several nodes share it.
pub const LEASES: i64 = 10;

/// How large a budget is and how it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The most points there are at once; 0 means that nothing is counted.
    pub points: i64,
    /// In how many seconds an empty budget is full again.
    pub seconds: i64,
    /// Whether points come back one by one; otherwise all of them when the next such span begins.
    pub is_steady: bool,
}

impl Rate {
    /// So many points an hour, which come back one by one.
    #[must_use]
    pub const fn hourly(points: i64) -> Self {
        Self { points, seconds: 3_600, is_steady: true }
    }

    /// So many points in each hour of the clock, none sooner.
    #[must_use]
    pub const fn each_hour(points: i64) -> Self {
        Self { points, seconds: 3_600, is_steady: false }
    }

    /// So many points in each day of UTC, none sooner.
    #[must_use]
    pub const fn each_day(points: i64) -> Self {
        Self { points, seconds: 86_400, is_steady: false }
    }

    /// Whether anything is counted.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.points > 0 && self.seconds > 0
    }

    /// How many points a node takes in advance.
    #[must_use]
    pub fn lease(&self) -> i64 {
        (self.points / LEASES).max(1)
    }

    fn span(&self) -> i64 {
        self.seconds.saturating_mul(SECOND).max(1)
    }

    /// The number of the span that `now` lies in.
    #[must_use]
    pub fn span_of(&self, now: i64) -> i64 {
        now.div_euclid(self.span())
    }

    /// How long it takes until `points` have come back, in microseconds, from `now` on.
    #[must_use]
    pub fn wait(&self, points: i64, now: i64) -> i64 {
        if points <= 0 {
            return 0;
        }
        if !self.is_steady {
            return self.span() - now.rem_euclid(self.span());
        }
        let wait = i128::from(points) * i128::from(self.span());
        let whole = i128::from(self.points.max(1));
        i64::try_from((wait + whole - 1) / whole).unwrap_or(i64::MAX)
    }
}

/// How full a budget is at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Points that are there.
    pub points: i64,
    /// As of when, UTC microseconds.
    pub at: i64,
}

impl Level {
    /// A full budget.
    #[must_use]
    pub fn full(rate: &Rate, now: i64) -> Self {
        Self { points: rate.points, at: now }
    }

    /// The same budget at `now`, with what has come back since. A clock that goes back brings nothing.
    #[must_use]
    pub fn at(self, rate: &Rate, now: i64) -> Self {
        if now <= self.at {
            return self;
        }
        if !rate.is_steady {
            let same = rate.span_of(now) == rate.span_of(self.at);
            return Self { points: if same { self.points } else { rate.points }, at: now };
        }
        let gained = i128::from(now - self.at) * i128::from(rate.points) / i128::from(rate.span());
        let gained = i64::try_from(gained).unwrap_or(i64::MAX);
        if self.points.saturating_add(gained) >= rate.points {
            return Self { points: rate.points, at: now };
        }
        // Only the time of whole points is used up, so that nothing is lost in between.
        let used = i128::from(gained) * i128::from(rate.span()) / i128::from(rate.points.max(1));
        Self { points: self.points + gained, at: self.at + i64::try_from(used).unwrap_or(0) }
    }

    /// Takes `wanted` points, or as many as there are but `least` at the fewest; none otherwise.
    pub fn take(&mut self, least: i64, wanted: i64) -> i64 {
        let taken = wanted.max(least).min(self.points);
        if taken < least || taken <= 0 {
            return 0;
        }
        self.points -= taken;
        taken
    }

    /// Puts points back, never above what the budget holds.
    pub fn give(&mut self, rate: &Rate, points: i64) {
        self.points = self.points.saturating_add(points.max(0)).min(rate.points);
    }
}

/// Which budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purse {
    /// What one member or application may ask for.
    Principal,
    /// What all of one organization may ask for together.
    Organization,
    /// What may be asked for without a token from one neighborhood of addresses; never stored.
    Address,
    /// Wrong guesses of one member or application.
    GuessesOfPrincipal,
    /// Wrong guesses of one organization.
    GuessesOfOrganization,
    /// Rows that leave one organization's view in bulk.
    ExportedRows,
    /// Lines that one organization hands in in bulk.
    ImportedRows,
}

impl Purse {
    /// The name, as it is stored and told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Organization => "organization",
            Self::Address => "address",
            Self::GuessesOfPrincipal => "guesses_principal",
            Self::GuessesOfOrganization => "guesses_organization",
            Self::ExportedRows => "exported_rows",
            Self::ImportedRows => "imported_rows",
        }
    }

    /// Whether all nodes share it. What is known of an address is kept in memory alone.
    #[must_use]
    pub fn is_shared(self) -> bool {
        self != Self::Address
    }
}

/// How much may be asked for: the one table that the server, the README and the tests read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Points of cost for one member or application.
    pub principal: Rate,
    /// Points of cost for all of one organization.
    pub organization: Rate,
    /// Points of cost without a token, for one neighborhood of addresses.
    pub address: Rate,
    /// Wrong guesses at case identifiers by one member or application.
    pub guesses_of_principal: Rate,
    /// Wrong guesses at case identifiers by one organization.
    pub guesses_of_organization: Rate,
    /// Rows that one organization may export in bulk in a day.
    pub exported_rows: Rate,
    /// Lines that one organization may hand in in bulk in a day.
    pub imported_rows: Rate,
    /// How many proxies of the operator's own stand in front and add to X-Forwarded-For.
    pub proxies: usize,
}

impl Rates {
    /// The rate of a budget.
    #[must_use]
    pub fn of(&self, purse: Purse) -> Rate {
        match purse {
            Purse::Principal => self.principal,
            Purse::Organization => self.organization,
            Purse::Address => self.address,
            Purse::GuessesOfPrincipal => self.guesses_of_principal,
            Purse::GuessesOfOrganization => self.guesses_of_organization,
            Purse::ExportedRows => self.exported_rows,
            Purse::ImportedRows => self.imported_rows,
        }
    }

    /// The same without a bound on what may be asked for; guesses stay bounded.
    #[must_use]
    pub fn without_bound(self) -> Self {
        let none = Rate::hourly(0);
        Self { principal: none, organization: none, address: none, ..self }
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            principal: Rate::hourly(100_000),
            organization: Rate::hourly(1_000_000),
            address: Rate::hourly(50_000),
            guesses_of_principal: Rate::each_hour(20),
            guesses_of_organization: Rate::each_hour(200),
            exported_rows: Rate::each_day(100_000),
            imported_rows: Rate::each_day(100_000),
            proxies: 0,
        }
    }
}

/// Who pays for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// A member or application of an organization.
    Known { principal: Uuid, organization: Uuid },
    /// Somebody without a token, from this neighborhood of addresses.
    Unknown { neighborhood: Uuid },
}

impl Payer {
    /// The budgets that are charged, the narrower first.
    #[must_use]
    pub fn purses(self) -> Vec<(Purse, Uuid)> {
        match self {
            Self::Known { principal, organization } => {
                vec![(Purse::Principal, principal), (Purse::Organization, organization)]
            }
            Self::Unknown { neighborhood } => vec![(Purse::Address, neighborhood)],
        }
    }
}

/// How a budget stands, as far as this node knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub purse: Purse,
    pub rate: Rate,
    /// Points that are left.
    pub remaining: i64,
    /// When it is full again if nothing more is spent, UTC microseconds.
    pub reset_at: i64,
}

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payment {
    /// The counted budgets, the narrower first; none where nothing is counted.
    pub standings: Vec<Standing>,
    /// In how many microseconds the same payment may be tried again, where it was refused.
    pub wait: Option<i64>,
}

impl Payment {
    /// The budget that will be empty first.
    #[must_use]
    pub fn scarcest(&self) -> Option<&Standing> {
        self.standings
            .iter()
            .min_by_key(|each| i128::from(each.remaining) * 1_000_000 / i128::from(each.rate.points.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * SECOND;

    #[test]
    fn points_come_back_one_by_one_and_none_is_lost() {
        let rate = Rate::hourly(3_600);
        let mut level = Level::full(&rate, 0);
        assert_eq!((level.take(1, 4_000), level.points), (3_600, 0));
        assert_eq!(level.take(1, 1), 0);
        // A second is a point; looking more often changes nothing.
        for moment in 1..=40 {
            level = level.at(&rate, moment * SECOND / 4);
        }
        assert_eq!(level.points, 10);
        assert_eq!(level.at(&rate, 2 * HOUR).points, 3_600);
        assert_eq!(rate.wait(5, 0), 5 * SECOND);
    }

    #[test]
    fn guesses_come_back_at_the_hour() {
        let rate = Rate::each_hour(20);
        let mut level = Level::full(&rate, 0);
        assert_eq!(level.take(1, 20), 20);
        assert_eq!(level.at(&rate, HOUR - 1).points, 0);
        assert_eq!(level.at(&rate, HOUR).points, 20);
        assert_eq!(rate.wait(1, HOUR / 4), HOUR - HOUR / 4);
    }

    #[test]
    fn nothing_is_taken_where_less_than_needed_is_there() {
        let mut level = Level { points: 5, at: 0 };
        assert_eq!((level.take(6, 10), level.points), (0, 5));
        assert_eq!((level.take(3, 10), level.points), (5, 0));
        level.give(&Rate::hourly(4), 9);
        assert_eq!(level.points, 4);
    }
}
