//! What should happen, worked out without the server: a little world of needs, referrals and places.

use super::clock::Times;
use super::commands::FOR_PERSON;
use super::people::PEOPLE;
use super::rows::{Row, is_open, rows};

pub const HOUR: i64 = 3_600_000_000;

/// What somebody tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    pub who: usize,
    pub what: &'static str,
    /// The referral, by when it was begun.
    pub on: usize,
    /// The other input of two that a command has.
    pub other: bool,
    /// With the present version, where the command has one.
    pub is_fresh: bool,
    /// As the person's own step, recorded with the way in which they asked, where a command knows of one.
    pub for_person: bool,
}

impl Deed {
    /// Whether it is recorded as the person's own step: only those of the sender's side speak for a person, and only where
    /// the step can be the person's.
    pub fn speaks_for_person(&self) -> bool {
        let knows = PEOPLE[self.who].1.iter().any(|part| ["SW", "SS"].contains(part));
        self.for_person && knows && FOR_PERSON.contains(&self.what)
    }
}

/// What a service offers and how its places stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    pub total: Option<i32>,
    pub overbooking: bool,
    pub list: bool,
    pub slots: bool,
    /// Whether the clock offers free places.
    pub offers: bool,
    pub taken: i32,
    pub held: i32,
}

/// A need with the consent under which it is referred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub status: &'static str,
    pub urgency: &'static str,
    pub consented: bool,
}

/// A referral as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Referral {
    pub need: usize,
    pub service: usize,
    pub urgency: &'static str,
    /// One that the clock threw away is PURGED: nobody can read it any more.
    pub status: &'static str,
    pub version: i64,
    pub sent: bool,
    pub sent_at: i64,
    pub before: Option<&'static str>,
    /// The state below an interruption on which a request to stop stands.
    pub below: Option<&'static str>,
    pub contested: bool,
    /// Whether a dispute is decided.
    pub dispute: Option<bool>,
    pub verified_before: &'static str,
    pub verification: &'static str,
    pub closed: bool,
    /// What the closed loop means: whether the need is met.
    pub meaning: Option<bool>,
    pub void_asked: Option<(&'static str, usize)>,
    pub slot: bool,
    pub overbooked: bool,
    pub rounds: i32,
    pub decided_at: i64,
    pub offered_until: i64,
    /// How many goals are taken on.
    pub goals: usize,
    pub scored: bool,
    pub granted: bool,
    pub times: Times,
}

/// All that a sequence is about.
#[derive(Debug, Clone)]
pub struct Model {
    pub now: i64,
    pub services: Vec<Service>,
    pub needs: Vec<Need>,
    pub referrals: Vec<Referral>,
    /// Committed changes of one thing each.
    pub committed: i64,
    table: std::rc::Rc<Vec<Row>>,
}

/// The code of a refusal.
pub type Refusal = &'static str;

impl Model {
    /// A world in which a draft waits for each need.
    pub fn new(limited: Service, needs: &[&'static str], now: i64) -> Self {
        let open = Service::default();
        let mut model = Self {
            now,
            services: vec![limited, open],
            needs: needs.iter().map(|urgency| Need { status: "OPEN", urgency, consented: true }).collect(),
            referrals: Vec::new(),
            committed: 0,
            table: rows().into(),
        };
        (0..needs.len()).for_each(|need| model.draft(need, 0, 2));
        model
    }

    pub(super) fn draft(&mut self, need: usize, service: usize, goals: usize) {
        let (status, verification) = ("DRAFT", "UNVERIFIED");
        let (urgency, times) = (self.needs[need].urgency, Times { touched: self.now, ..Times::default() });
        let draft =
            Referral { need, service, urgency, status, version: 1, verification, goals, times, ..Referral::default() };
        self.referrals.push(draft);
    }

    /// Whether somebody can read a referral.
    pub fn sees(&self, who: usize, on: usize) -> bool {
        let parts = PEOPLE[who].1;
        !parts.is_empty() && self.referrals[on].status != "PURGED" && (parts.contains(&"SW") || self.referrals[on].sent)
    }

    /// The row by which a command may run now, and in which part.
    pub fn row(&self, who: usize, on: usize, what: &str) -> Result<(Row, &'static str), Refusal> {
        if !self.sees(who, on) {
            return Err("NOT_FOUND");
        }
        let (referral, parts) = (&self.referrals[on], PEOPLE[who].1);
        let asked = referral.void_asked.filter(|_| referral.status != "VOIDED");
        let admits = |part: &str| what != "voidReferral" || asked.is_none_or(|(by, one)| by != part && one != who);
        let part = |row: &Row| row.parties.iter().copied().find(|part| parts.contains(part) && admits(part));
        let mine: Vec<(&Row, &'static str)> = self
            .table
            .iter()
            .filter(|row| row.mutation == what)
            .filter_map(|row| part(row).map(|part| (row, part)))
            .collect();
        if mine.is_empty() {
            return Err("NOT_PERMITTED");
        }
        let found =
            mine.into_iter().find(|(row, part)| row.starts_from(referral.status) && allows(referral, what, part));
        found.map(|(row, part)| (row.clone(), part)).ok_or("WRONG_STATE")
    }

    /// Somebody tries: what is answered. What is refused changes nothing.
    pub fn answer(&mut self, deed: Deed) -> &'static str {
        let mut next = self.clone();
        match next.run(deed) {
            Ok(()) => {
                next.committed += 1;
                *self = next;
                "ok"
            }
            Err(code) => code,
        }
    }

    /// Whether another referral for the same need and service is open.
    pub(super) fn is_open(&self, need: usize, service: usize) -> bool {
        self.referrals.iter().any(|known| known.need == need && known.service == service && is_open(known.status))
    }

    pub(super) fn needs_more(&self, need: usize) -> bool {
        !["MET", "WITHDRAWN"].contains(&self.needs[need].status)
    }

    /// Takes a place: one that is held for the referral, a free one, or one beyond the total.
    pub(super) fn take(&mut self, on: usize) -> Result<(), Refusal> {
        let referral = &mut self.referrals[on];
        let service = &mut self.services[referral.service];
        if referral.slot || referral.status == "OFFERED" {
            service.held -= 1;
        } else if !service.has_room() {
            if !service.overbooking {
                return Err("CAPACITY_TAKEN");
            }
            referral.overbooked = true;
        }
        service.taken += 1;
        referral.slot = false;
        Ok(())
    }

    pub(super) fn hold(&mut self, on: usize) -> Result<(), Refusal> {
        let service = &mut self.services[self.referrals[on].service];
        if !service.has_room() {
            return Err("CAPACITY_TAKEN");
        }
        service.held += 1;
        Ok(())
    }

    /// Gives back what a referral takes or holds.
    pub(super) fn give_back(&mut self, on: usize) {
        let referral = &mut self.referrals[on];
        let service = &mut self.services[referral.service];
        match referral.status {
            "ACCEPTED" | "IN_SERVICE" | "ON_HOLD" | "CANCEL_REQUESTED" => service.taken -= 1,
            "OFFERED" => service.held -= 1,
            _ if referral.slot => service.held -= 1,
            _ => {}
        }
        referral.slot = false;
    }
}

impl Service {
    fn has_room(&self) -> bool {
        self.total.is_none_or(|total| self.taken + self.held < total)
    }
}

/// What beside the state opens or closes a command.
fn allows(referral: &Referral, what: &str, part: &str) -> bool {
    match what {
        "closeReferralLoop" => match referral.dispute {
            None => !referral.closed && part != "CO",
            Some(decided) => !referral.closed && decided,
        },
        "disputeReferralOutcome" => referral.dispute.is_none(),
        "decideReferralDispute" => referral.dispute == Some(false),
        "requestReferralCancellation" => !referral.contested,
        "decideReferralContest" => referral.contested,
        "voidReferral" => referral.sent,
        _ => true,
    }
}
