//! The one order of all changes, and who is told of each: written by one node at a time, from what was committed.

use crate::domain::change::{ChangeSubject, ChangeType};
use crate::domain::code::Code as _;
use crate::domain::global_id::Kind;
use crate::domain::rule::Fault;
use crate::store::audience::Reader;
use crate::store::dialect::Engine;
use crate::store::door::{Door, Tx};
use crate::store::statement::Sql;
use sea_orm::QueryResult;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The most rows placed in one transaction.
const AT_ONCE: u64 = 500;

/// An outbox row with its place.
struct Placed {
    sequence: i64,
    kind: String,
    subject: (String, Uuid),
    organizations: [Option<Uuid>; 2],
    case: Option<Uuid>,
    version: i32,
    at: i64,
}

/// A thing to be told of, and the row by which it is told.
struct Touched<'a> {
    row: &'a Placed,
    /// Whether only those are told who came to be able to read it, or no longer are.
    only_differences: bool,
}

/// What is known of the things of one round: who could read them, and who can.
#[derive(Default)]
struct Readers {
    before: HashMap<Uuid, BTreeMap<Uuid, Reader>>,
    now: HashMap<Uuid, BTreeMap<Uuid, Reader>>,
    kinds: HashMap<Uuid, String>,
}

impl Door {
    /// Gives the committed outbox rows that have none their place in the one order of all changes, and writes down who is
    /// told of each, in one transaction that only one node runs at a time. Since a row is seen here only after its commit,
    /// no later-committed row ever gets an earlier number, and a reader who goes by the number skips nothing. Tells how
    /// many were placed.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn sequence_outbox(&self, most: u32) -> Result<u64, Fault> {
        let mut placed = 0;
        while placed < u64::from(most) {
            let left = u64::from(most) - placed;
            match self.sequence_some(left.min(AT_ONCE)).await? {
                0 => break,
                some => placed += some,
            }
        }
        Ok(placed)
    }

    async fn sequence_some(&self, most: u64) -> Result<u64, Fault> {
        let waiting = "SELECT id FROM outbox WHERE sequence IS NULL LIMIT 1";
        if self.rows(waiting, vec![]).await?.is_empty() {
            return Ok(0);
        }
        let tx = self.begin().await?;
        if tx.engine() == Engine::Postgres {
            // One lock for the whole cluster, released with the transaction.
            tx.rows("SELECT pg_advisory_xact_lock(7020114)", vec![]).await?;
        }
        let placed = tx.place(most).await?;
        let Some(last) = placed.last().map(|row| row.sequence) else { return Ok(0) };
        tx.run("UPDATE change_mark SET sequence = $1 WHERE name = 'PLACED'", vec![last.into()]).await?;
        tx.tell_of(&placed).await?;
        tx.commit().await?;
        self.feed().placed();
        Ok(placed.len() as u64)
    }
}

impl Tx {
    async fn place(&self, most: u64) -> Result<Vec<Placed>, Fault> {
        // The keys are in the order of the nodes' own clocks, which differ. So the oldest are taken, with all that came
        // before them to the same thing, and each thing's places go by its versions.
        let text = format!(
            "WITH oldest AS (SELECT id, subject_id, version FROM outbox WHERE sequence IS NULL ORDER BY id LIMIT {most}), \
             latest AS (SELECT subject_id, max(version) AS version FROM oldest GROUP BY subject_id), \
             chosen AS (SELECT id, subject_id, version FROM oldest UNION SELECT o.id, o.subject_id, o.version \
               FROM latest l JOIN outbox o ON o.subject_id = l.subject_id AND o.version < l.version \
               WHERE o.sequence IS NULL), \
             places AS (SELECT subject_id, row_number() OVER (ORDER BY id) AS place, \
               row_number() OVER (PARTITION BY subject_id ORDER BY id) AS turn FROM chosen), \
             turns AS (SELECT id, subject_id, \
               row_number() OVER (PARTITION BY subject_id ORDER BY version, id) AS turn FROM chosen), \
             numbered AS (SELECT t.id AS id, p.place + (SELECT sequence FROM change_mark WHERE name = 'PLACED') AS place \
               FROM turns t JOIN places p ON p.subject_id = t.subject_id AND p.turn = t.turn) \
             UPDATE outbox SET sequence = numbered.place FROM numbered WHERE outbox.id = numbered.id \
             RETURNING sequence, kind, subject_kind, subject_id, organization_id, receiver_organization_id, case_id, \
             version, at"
        );
        let mut placed: Vec<Placed> =
            self.rows(&text, vec![]).await?.iter().map(Placed::read).collect::<Result<_, _>>()?;
        placed.sort_unstable_by_key(|row| row.sequence);
        Ok(placed)
    }

    /// Writes down who is told of each row.
    async fn tell_of(&self, placed: &[Placed]) -> Result<(), Fault> {
        let mut touched: Vec<(Uuid, String, Touched<'_>)> = Vec::new();
        let mut cases: BTreeMap<Uuid, &Placed> = BTreeMap::new();
        for row in placed {
            touched.push((row.subject.1, row.subject.0.clone(), Touched { row, only_differences: false }));
            if let Some(case) = row.case {
                cases.insert(case, row);
            }
        }
        // A case that changed itself is told of with that.
        for row in placed {
            cases.remove(&row.subject.1);
        }
        for (case, row) in cases {
            let told = Touched { row, only_differences: true };
            touched.push((case, Kind::Case.code().to_owned(), told));
        }
        let mut readers = self.readers_of(touched.iter().map(|(key, kind, _)| (*key, kind.clone()))).await?;
        readers.fall_back(placed);
        let moved = readers.moved_cases(&touched);
        if !moved.is_empty() {
            let parts = self.parts_of(moved.keys().copied()).await?;
            let parts: Vec<_> = parts.into_iter().filter(|(key, _, _)| !readers.kinds.contains_key(key)).collect();
            let found = self.readers_of(parts.iter().map(|(key, kind, _)| (*key, kind.clone()))).await?;
            readers.take(found);
            for (key, kind, case) in parts {
                if let Some(row) = moved.get(&case) {
                    touched.push((key, kind, Touched { row, only_differences: true }));
                }
            }
        }
        touched.sort_by_key(|(_, _, told)| told.row.sequence);
        self.write_changes(&touched, &readers).await?;
        self.keep_audience(&readers).await
    }

    async fn readers_of(&self, things: impl Iterator<Item = (Uuid, String)>) -> Result<Readers, Fault> {
        let kinds: HashMap<Uuid, String> = things.collect();
        let mut by_kind: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for (key, kind) in &kinds {
            by_kind.entry(kind).or_default().push(*key);
        }
        let mut readers = Readers::default();
        for (kind, keys) in &by_kind {
            let subject = Kind::from_code(kind).and_then(ChangeSubject::of);
            let Some(subject) = subject else { continue };
            for reader in self.readers(subject, keys).await? {
                readers.now.entry(reader.subject).or_default().insert(reader.organization, reader);
            }
        }
        let mut sql = Sql::default();
        let names = sql.bind_all(kinds.keys().copied());
        sql.text = format!(
            "SELECT subject_id, organization_id, case_id, program_id FROM audience WHERE subject_id IN ({names})"
        );
        for row in &self.rows(&sql.text, sql.values).await? {
            let reader = Reader::read(row)?;
            readers.before.entry(reader.subject).or_default().insert(reader.organization, reader);
        }
        readers.kinds = kinds;
        Ok(readers)
    }

    /// The parts of cases that somebody was told of: key, kind, case.
    async fn parts_of(&self, cases: impl Iterator<Item = Uuid>) -> Result<Vec<(Uuid, String, Uuid)>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(cases);
        sql.text = format!(
            "SELECT DISTINCT subject_id, subject_kind, case_id FROM audience WHERE case_id IN ({names}) \
             AND subject_id <> case_id"
        );
        let unreadable = |_| Fault::Store("an audience does not read".into());
        let read = |row: &QueryResult| {
            let key = |column| row.try_get::<Uuid>("", column).map_err(unreadable);
            Ok((key("subject_id")?, row.try_get("", "subject_kind").map_err(unreadable)?, key("case_id")?))
        };
        self.rows(&sql.text, sql.values).await?.iter().map(read).collect()
    }

    async fn write_changes(&self, touched: &[(Uuid, String, Touched<'_>)], readers: &Readers) -> Result<(), Fault> {
        let mut rows = Vec::new();
        let mut written: BTreeSet<(Uuid, i64, Uuid)> = BTreeSet::new();
        // From the end, so that who can no longer read a thing is told so behind all that they were told of it.
        let mut lost_told: BTreeSet<Uuid> = BTreeSet::new();
        for (key, kind, told) in touched.iter().rev() {
            let lost = if lost_told.insert(*key) { readers.lost(*key) } else { Vec::new() };
            let gained = readers.told(*key, told.only_differences);
            let lost = lost.into_iter().map(|reader| (reader, ChangeType::Tombstone));
            for (reader, change) in gained.into_iter().map(|reader| (reader, ChangeType::Upsert)).chain(lost) {
                if !written.insert((reader.organization, told.row.sequence, *key)) {
                    continue;
                }
                let version = if told.only_differences { 0 } else { told.row.version };
                rows.push(vec![
                    reader.organization.into(),
                    told.row.sequence.into(),
                    (*key).into(),
                    kind.clone().into(),
                    told.row.kind.clone().into(),
                    change.code().into(),
                    reader.program.into(),
                    version.into(),
                    told.row.at.into(),
                ]);
            }
        }
        let into =
            "change (organization_id, sequence, subject_id, subject_kind, kind, change, program_id, version, at)";
        self.add_all(into, rows, "").await
    }

    /// Remembers who can read what now, for the next time.
    async fn keep_audience(&self, readers: &Readers) -> Result<(), Fault> {
        let mut rows = Vec::new();
        for (key, kind) in &readers.kinds {
            for reader in readers.told(*key, true) {
                rows.push(vec![
                    (*key).into(),
                    reader.organization.into(),
                    kind.clone().into(),
                    reader.case.into(),
                    reader.program.into(),
                ]);
            }
            for reader in readers.lost(*key) {
                let gone = vec![(*key).into(), reader.organization.into()];
                self.run("DELETE FROM audience WHERE subject_id = $1 AND organization_id = $2", gone).await?;
            }
        }
        let into = "audience (subject_id, organization_id, subject_kind, case_id, program_id)";
        self.add_all(into, rows, "ON CONFLICT DO NOTHING").await
    }
}

impl Placed {
    fn read(row: &QueryResult) -> Result<Self, Fault> {
        let unreadable = |_| Fault::Store("an outbox row does not read".into());
        Ok(Self {
            sequence: row.try_get("", "sequence").map_err(unreadable)?,
            kind: row.try_get("", "kind").map_err(unreadable)?,
            subject: (
                row.try_get("", "subject_kind").map_err(unreadable)?,
                row.try_get("", "subject_id").map_err(unreadable)?,
            ),
            organizations: [
                row.try_get("", "organization_id").map_err(unreadable)?,
                row.try_get("", "receiver_organization_id").map_err(unreadable)?,
            ],
            case: row.try_get("", "case_id").map_err(unreadable)?,
            version: row.try_get("", "version").map_err(unreadable)?,
            at: row.try_get("", "at").map_err(unreadable)?,
        })
    }
}

impl Readers {
    fn take(&mut self, other: Self) {
        self.before.extend(other.before);
        self.now.extend(other.now);
        self.kinds.extend(other.kinds);
    }

    /// Things whose readers can't be found by their kind are told to those who had a part in the change.
    fn fall_back(&mut self, placed: &[Placed]) {
        for row in placed {
            let (kind, subject) = (&row.subject.0, row.subject.1);
            if Kind::from_code(kind).and_then(ChangeSubject::of).is_some() {
                continue;
            }
            for organization in row.organizations.into_iter().flatten() {
                let reader = Reader { subject, organization, case: None, program: None };
                self.now.entry(subject).or_default().insert(organization, reader);
            }
        }
    }

    /// Those who can read a thing; with `only_new`, only who could not when it was last told.
    fn told(&self, key: Uuid, only_new: bool) -> Vec<Reader> {
        let before = self.before.get(&key);
        let is_told =
            |reader: &&Reader| !only_new || before.is_none_or(|before| !before.contains_key(&reader.organization));
        self.now.get(&key).into_iter().flat_map(BTreeMap::values).filter(is_told).copied().collect()
    }

    /// Those who could read a thing and no longer can.
    fn lost(&self, key: Uuid) -> Vec<Reader> {
        let now = self.now.get(&key);
        let is_lost = |reader: &&Reader| now.is_none_or(|now| !now.contains_key(&reader.organization));
        self.before.get(&key).into_iter().flat_map(BTreeMap::values).filter(is_lost).copied().collect()
    }

    /// The cases that somebody else can read now, each with the row that tells so.
    fn moved_cases<'a>(&self, touched: &[(Uuid, String, Touched<'a>)]) -> BTreeMap<Uuid, &'a Placed> {
        let is_case = |kind: &str| kind == Kind::Case.code();
        let has_moved = |key: Uuid| !self.told(key, true).is_empty() || !self.lost(key).is_empty();
        let moved = touched.iter().filter(|(key, kind, _)| is_case(kind) && has_moved(*key));
        moved.map(|(key, _, told)| (*key, told.row)).collect()
    }
}
