//! How big a network is.

use clap::ValueEnum;

/// The sizes that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Size {
    /// A twentieth of S, to see that everything runs.
    Xs,
    /// A country's network.
    S,
    /// Ten times S.
    L,
}

impl Size {
    /// The name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xs => "XS",
            Self::S => "S",
            Self::L => "L",
        }
    }

    /// A number given for S, at this size.
    fn of(self, at_s: usize) -> usize {
        match self {
            Self::Xs => at_s / 20,
            Self::S => at_s,
            Self::L => at_s * 10,
        }
    }

    pub fn organizations(self) -> usize {
        self.of(200)
    }

    pub fn services(self) -> usize {
        self.of(2_000)
    }

    pub fn locations(self) -> usize {
        self.of(3_000)
    }

    pub fn cases(self) -> usize {
        self.of(20_000)
    }

    /// Three of each case.
    pub fn referrals(self) -> usize {
        self.cases() * 3
    }

    /// Two of each referral.
    pub fn events(self) -> usize {
        self.referrals() * 2
    }

    /// What the network holds, in words.
    pub fn told(self) -> String {
        format!(
            "{} organizations, {} services, {} locations, {} cases, {} referrals, {} goals with outcomes or without, \
             {} events",
            self.organizations(),
            self.services(),
            self.locations(),
            self.cases(),
            self.referrals(),
            self.referrals() * 2,
            self.events()
        )
    }
}
