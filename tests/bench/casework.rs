//! The cases of a synthetic network with their referrals, in every state of the loop.

use crate::bulk::Bulk;
use crate::directory::{DAY, Directory, NOW, Service};
use crate::failure::Done;
use crate::random::Random;
use crate::referral_rows::{GoalKey, Referred, Rows};
use crate::size::Size;
use passerelle::domain::case_identifier::CaseIdentifier;
use passerelle::store::sealing::{Place, Sealer};
use passerelle_entity::{case_file, goal, need};
use std::collections::HashMap;
use uuid::Uuid;

/// Cases whose rows are written together.
const TOGETHER: usize = 1_000;
/// States of referrals, and how many of a hundred are in each.
const STATES: [(&str, usize); 6] =
    [("SENT", 15), ("ACKNOWLEDGED", 25), ("ACCEPTED", 20), ("IN_SERVICE", 12), ("COMPLETED", 18), ("DECLINED", 10)];

/// A case that can be asked for.
#[derive(Clone, Debug)]
pub struct Case {
    pub identifier: String,
    /// Its holder's place in the list of organizations.
    pub holder: usize,
    pub referrals: usize,
}

/// A referral that waits for a step of its receiver.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: Uuid,
    pub version: i32,
    /// The receiver's place in the list of organizations.
    pub receiver: usize,
    pub goals: Vec<GoalKey>,
}

/// What the operations can ask for.
#[derive(Default)]
pub struct Casework {
    pub cases: Vec<Case>,
    pub to_accept: Vec<Waiting>,
    pub to_complete: Vec<Waiting>,
    /// How many referrals a receiver (its place in the list) has in a state.
    pub inboxes: HashMap<(usize, &'static str), usize>,
}

/// A case under construction, with what its rows need to know.
pub struct CaseKeys {
    pub id: Uuid,
    pub holder: usize,
    pub program: Uuid,
    pub area: Uuid,
    pub opened_at: i64,
}

/// A need under construction.
pub struct NeedKeys {
    pub id: Uuid,
    pub category: usize,
    pub goals: Vec<GoalKey>,
}

impl Casework {
    /// Fills a database whose directory is there.
    pub async fn fill(
        bulk: &Bulk<'_>,
        size: Size,
        directory: &Directory,
        sealer: &Sealer,
        random: &mut Random,
    ) -> Done<Self> {
        let mut made = Self::default();
        let mut left = size.cases();
        while left > 0 {
            let mut rows = Rows::default();
            for _ in 0..left.min(TOGETHER) {
                made.add_case(&mut rows, directory, sealer, random)?;
            }
            left -= left.min(TOGETHER);
            rows.add(bulk).await?;
        }
        bulk.run(
            "UPDATE capacity SET taken = held_by.places FROM (SELECT capacity_id, count(*) AS places FROM referral \
             WHERE status IN ('ACCEPTED', 'IN_SERVICE') GROUP BY capacity_id) held_by \
             WHERE held_by.capacity_id = capacity.id",
        )
        .await?;
        Ok(made)
    }

    fn add_case(&mut self, rows: &mut Rows, directory: &Directory, sealer: &Sealer, random: &mut Random) -> Done<()> {
        let partners = directory.organizations.len() - directory.providers;
        let keys = CaseKeys {
            id: random.key(),
            holder: directory.providers + random.uneven(partners),
            program: random.pick(&directory.programs),
            area: random.pick(&directory.districts),
            opened_at: NOW - DAY - (random.bits() % (500 * DAY as u64)) as i64,
        };
        let identifier = CaseIdentifier::from_bits(random.bits()).as_str().to_owned();
        rows.cases.push(case_row(directory, &keys, identifier.clone(), sealer)?);
        let services = [random.below(directory.services.len()), random.below(directory.services.len())];
        let other = (services[0] + 1 + random.below(directory.services.len() - 1)) % directory.services.len();
        for services in [vec![services[0], other], vec![services[1]]] {
            let need = add_need(rows, directory, &keys, services[0], sealer, random)?;
            for service in services {
                self.add_referral(rows, directory, &keys, &need, &directory.services[service], sealer, random)?;
            }
        }
        self.cases.push(Case { identifier, holder: keys.holder, referrals: 3 });
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "what a referral joins is given piece by piece")]
    fn add_referral(
        &mut self,
        rows: &mut Rows,
        directory: &Directory,
        case: &CaseKeys,
        need: &NeedKeys,
        service: &Service,
        sealer: &Sealer,
        random: &mut Random,
    ) -> Done<()> {
        let state = state(random);
        let referred = Referred::new(case, need, *service, state, random);
        rows.referral(directory, case, need, &referred, sealer, random)?;
        *self.inboxes.entry((service.provider, state)).or_default() += 1;
        let waiting = || Waiting {
            id: referred.id,
            version: referred.version,
            receiver: service.provider,
            goals: need.goals.clone(),
        };
        match state {
            "ACKNOWLEDGED" => self.to_accept.push(waiting()),
            "ACCEPTED" => self.to_complete.push(waiting()),
            _ => {}
        }
        Ok(())
    }
}

fn state(random: &mut Random) -> &'static str {
    let mut left = random.below(100);
    for (state, share) in STATES {
        if left < share {
            return state;
        }
        left -= share;
    }
    "SENT"
}

/// A text about a person, sealed for its row.
pub fn sealed(sealer: &Sealer, table: &'static str, column: &'static str, row: Uuid, text: &str) -> Done<String> {
    Ok(sealer.seal(Place { table, column, row }, text)?.as_stored().to_owned())
}

fn case_row(directory: &Directory, keys: &CaseKeys, identifier: String, sealer: &Sealer) -> Done<case_file::Model> {
    let facts = r#"{"voluntariness":"VOLUNTARY","assistance":"ASSISTED","host_legal_situation":"ASYLUM_REFUSED"}"#;
    Ok(case_file::Model {
        id: keys.id,
        identifier,
        holder_organization_id: directory.organizations[keys.holder].id,
        program_id: keys.program,
        area_id: Some(keys.area),
        status: "OPEN".into(),
        age_band: Some("FROM_25_TO_39".into()),
        sex: Some("FEMALE".into()),
        language: Some("fr".into()),
        return_facts_sealed: Some(sealed(sealer, "case_file", "return_facts_sealed", keys.id, facts)?),
        close_reason: None,
        remigration: None,
        opened_at: keys.opened_at,
        closed_at: None,
        version: 6,
        updated_at: keys.opened_at,
    })
}

fn add_need(
    rows: &mut Rows,
    directory: &Directory,
    case: &CaseKeys,
    service: usize,
    sealer: &Sealer,
    random: &mut Random,
) -> Done<NeedKeys> {
    let id = random.key_at(case.opened_at);
    let category = directory.services[service].category;
    let cell = &directory.categories[category];
    rows.needs.push(need::Model {
        id,
        case_id: case.id,
        organization_id: directory.organizations[case.holder].id,
        program_id: case.program,
        area_id: Some(case.area),
        category_code: cell.code.clone(),
        dimension: cell.dimension.clone(),
        level: cell.level.clone(),
        urgency: "ROUTINE".into(),
        delivery: "REFERRAL".into(),
        status: "OPEN".into(),
        version: 1,
        created_at: case.opened_at,
        updated_at: case.opened_at,
        ..need::Model::default()
    });
    let mut goals = Vec::new();
    for (position, text) in [(1, "wants to learn a trade that feeds a family"), (2, "wants to find a first customer")] {
        let key = random.key_at(case.opened_at);
        let text_sealed = sealed(sealer, "goal", "text_sealed", key, text)?;
        rows.goals.push(goal::Model { id: key, need_id: id, case_id: case.id, position, text_sealed });
        goals.push(GoalKey { id: key, position });
    }
    Ok(NeedKeys { id, category, goals })
}
