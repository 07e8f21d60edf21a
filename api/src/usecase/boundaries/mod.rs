//! An operator takes over the boundaries of a country's areas: all of a file, or nothing of it. Codes are never deleted;
//! the same file twice changes nothing.

mod columns;
mod read;
mod report;

pub use report::{Note, Report, render, render_json};

use crate::app::App;
use crate::domain::area::Area;
use crate::domain::global_id::Kind;
use crate::domain::id::AreaId;
use crate::domain::rule::{Fault, Outcome, RuleCode, Rules};
use crate::store::boundaries::KnownArea;
use crate::store::door::Tx;
use crate::usecase::boundaries::columns::Named;
use crate::usecase::boundaries::read::Row;
use std::collections::HashMap;
use uuid::Uuid;

/// How a file is to be taken.
#[derive(Debug, Clone)]
pub struct Options {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Which edition of the codes this is; may be empty. Another edition has areas of its own.
    pub edition: String,
    /// Go through everything, and write nothing.
    pub dry_run: bool,
}

/// Takes a file.
///
/// # Errors
/// Rules that the options break; a database that can't be had. What is wrong with the file is in the report, and then
/// nothing was written.
pub async fn import(app: &App, text: &str, options: &Options) -> Outcome<Report> {
    let mut rules = Rules::default();
    let is_country = options.country.len() == 2 && options.country.bytes().all(|byte| byte.is_ascii_uppercase());
    rules.check(is_country, "country", RuleCode::Invalid);
    rules.text("edition", &options.edition, 0, 40);
    rules.settle()?;
    let file = read::read(text, &options.country);
    let mut report = Report {
        level: file.level,
        rows: file.rows.len(),
        problems: file.problems,
        remarks: file.remarks,
        ..Report::default()
    };
    if !report.problems.is_empty() {
        return Ok(report);
    }
    let tx = app.store.begin().await?;
    let known = tx.known_areas_of(&options.country).await?;
    let mut taking = Taking { tx: &tx, options, now: app.now(), known, report: &mut report };
    let mut named = Vec::new();
    for row in &file.rows {
        named.push(taking.take(file.level, row).await?);
    }
    let same = |area: &&KnownArea| area.area.level == file.level && area.edition == options.edition;
    let not_named = taking.known.iter().filter(same).filter(|area| !named.contains(&Some(area.area.id))).count();
    report.not_named = not_named;
    if report.problems.is_empty() && !options.dry_run {
        if let Some(first) = named.iter().flatten().next() {
            tx.note_operation("boundariesImport", (Kind::Area, (*first).into()), None, app.now()).await?;
        }
        tx.commit().await?;
    }
    Ok(report)
}

/// A file under way.
struct Taking<'a> {
    tx: &'a Tx,
    options: &'a Options,
    now: i64,
    known: Vec<KnownArea>,
    report: &'a mut Report,
}

impl Taking<'_> {
    /// Takes a row: the areas around it, itself, and its boundary.
    async fn take(&mut self, level: i32, row: &Row) -> Result<Option<AreaId>, Fault> {
        let mut parent = None;
        for (depth, around) in (0..).zip(&row.around) {
            let Some(found) = self.around(depth, around, parent, row).await? else { return Ok(None) };
            parent = Some(found);
        }
        let id = self.area(level, row, parent).await?;
        if let Some(boundary) = &row.boundary
            && self.tx.set_boundary(id, boundary, self.now).await?
        {
            self.report.boundaries += 1;
        }
        Ok(Some(id))
    }

    /// Where a known area of a level and code stands: that of the edition, or else the one that is in force.
    fn find(&self, level: i32, pcode: &str) -> Option<usize> {
        let fits = |known: &KnownArea| known.area.level == level && known.area.pcode == pcode;
        let place = |of: &dyn Fn(&KnownArea) -> bool| self.known.iter().position(|known| fits(known) && of(known));
        place(&|known| known.edition == self.options.edition)
            .or_else(|| place(&|known| known.area.valid_to.is_none()))
            .or_else(|| place(&|_| true))
            // A country has one code, whether a file writes it with two letters or three.
            .or_else(|| self.known.iter().position(|known| level == 0 && known.area.level == 0))
    }

    /// An area around a row's. It is taken as it is known; where it is not, as the row names it.
    async fn around(
        &mut self,
        level: i32,
        named: &Named,
        parent: Option<AreaId>,
        row: &Row,
    ) -> Result<Option<AreaId>, Fault> {
        if let Some(known) = self.find(level, &named.pcode) {
            let found = &self.known[known];
            // Of an edition of its own, what lies in it tells where it lies.
            if found.edition == self.options.edition && found.area.parent != parent {
                let what =
                    format!("{} of level {level} lies elsewhere in the directory or in another row", named.pcode);
                self.problem(row, what);
                return Ok(None);
            }
            return Ok(Some(found.area.id));
        }
        if named.name.is_empty() {
            self.problem(row, format!("{} of level {level} is not known, and the row has no name for it", named.pcode));
            return Ok(None);
        }
        self.report.added_around += 1;
        self.add(level, named, parent, (None, None)).await.map(Some)
    }

    fn problem(&mut self, row: &Row, what: String) {
        self.report.problems.push(Note { row: row.number, pcode: row.area.pcode.clone(), what });
    }

    async fn add(
        &mut self,
        level: i32,
        named: &Named,
        parent: Option<AreaId>,
        (valid_from, valid_to): (Option<String>, Option<String>),
    ) -> Result<AreaId, Fault> {
        let area = Area {
            id: Uuid::now_v7().into(),
            country: self.options.country.clone(),
            level,
            pcode: named.pcode.clone(),
            name: named.name.clone(),
            names: named.names.clone(),
            parent,
            valid_from,
            valid_to,
        };
        self.tx.add_area(&area, &self.options.edition).await?;
        let id = area.id;
        self.known.push(KnownArea { area, edition: self.options.edition.clone() });
        Ok(id)
    }

    /// The row's own area, as the row has it now.
    async fn area(&mut self, level: i32, row: &Row, parent: Option<AreaId>) -> Result<AreaId, Fault> {
        let own = |known: &KnownArea| {
            known.area.level == level && known.area.pcode == row.area.pcode && known.edition == self.options.edition
        };
        let Some(at) = self.known.iter().position(own) else {
            self.report.added += 1;
            return self.add(level, &row.area, parent, (row.valid_from.clone(), row.valid_to.clone())).await;
        };
        let before = self.known[at].area.clone();
        let after = Area {
            name: row.area.name.clone(),
            names: if row.area.names.is_empty() { before.names.clone() } else { row.area.names.clone() },
            parent,
            valid_from: row.valid_from.clone().or(before.valid_from.clone()),
            valid_to: row.valid_to.clone().or(before.valid_to.clone()),
            ..before.clone()
        };
        let facts = |area: &Area| {
            (area.name.clone(), area.names.clone(), area.parent, area.valid_from.clone(), area.valid_to.clone())
        };
        if facts(&before) == facts(&after) {
            self.report.unchanged += 1;
            return Ok(before.id);
        }
        self.report.changed += 1;
        self.tx.change_area(&after).await?;
        if before.parent != after.parent {
            self.tx.move_area(after.id, after.parent).await?;
        }
        self.known[at].area = after;
        Ok(before.id)
    }
}

/// The shapes of areas as they are drawn, as GeoJSON text; areas without a boundary are not among them.
///
/// # Errors
/// What the engine refuses.
pub async fn shapes(app: &App, top: AreaId, levels: i32) -> Result<HashMap<AreaId, (String, [f64; 4])>, Fault> {
    app.store.shapes(top, levels).await
}
