//! Programs in the database.

use crate::domain::id::{AreaId, OrganizationId, ProgramId};
use crate::domain::organization::{Program, Translations};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::{Sql, body, json, keys};
use passerelle_entity::{program, program_area, program_organization};
use std::collections::HashSet;
use uuid::Uuid;

/// The condition that the organization `$1` takes part in `program p`: leads it, works in it or pays for it.
const TAKES_PART: &str = "(p.lead_organization_id = $1 OR EXISTS (SELECT 1 FROM program_organization pt \
    WHERE pt.program_id = p.id AND pt.organization_id = $1))";

/// A new program, as an operator enters it.
#[derive(Debug, Clone)]
pub struct NewProgram<'a> {
    pub id: ProgramId,
    pub name: &'a str,
    pub names: &'a Translations,
    pub lead: OrganizationId,
    pub members: &'a [OrganizationId],
    pub funders: &'a [OrganizationId],
    pub areas: &'a [AreaId],
}

impl Door {
    /// The programs in which an organization takes part, by name.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn programs_of(&self, organization: OrganizationId) -> Result<Vec<Program>, Fault> {
        let text = format!(
            "SELECT CAST({} AS TEXT) AS body FROM program p JOIN organization pl ON pl.id = p.lead_organization_id \
             WHERE {TAKES_PART} ORDER BY p.name, p.id",
            fragment::program()
        );
        let rows = self.rows(&text, vec![Uuid::from(organization).into()]).await?;
        rows.iter().map(|row| body(row, "program")).collect()
    }
}

impl Tx {
    /// Whether an organization takes part in a program.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn takes_part(&self, organization: OrganizationId, program: ProgramId) -> Result<bool, Fault> {
        let text = format!("SELECT p.id FROM program p WHERE p.id = $2 AND {TAKES_PART}");
        let rows = self.rows(&text, vec![Uuid::from(organization).into(), Uuid::from(program).into()]).await?;
        Ok(!rows.is_empty())
    }

    /// Which of these programs exist.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn known_programs(&self, ids: &[ProgramId]) -> Result<HashSet<ProgramId>, Fault> {
        let mut sql = Sql::default();
        let names = sql.bind_all(ids.iter().map(|id| Uuid::from(*id)));
        let rows = self.rows(&format!("SELECT id FROM program WHERE id IN ({names})"), sql.values).await?;
        keys(&rows)
    }

    /// Adds a program with those who take part and the areas it covers.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_program(&self, new: &NewProgram<'_>, now: i64) -> Result<(), Fault> {
        let key = Uuid::from(new.id);
        self.add(program::Model {
            id: key,
            name: new.name.to_owned(),
            names: json(new.names)?,
            lead_organization_id: new.lead.into(),
            version: 1,
            created_at: now,
        })
        .await?;
        for (part, organizations) in [("MEMBER", new.members), ("FUNDER", new.funders)] {
            for organization in organizations {
                self.add(program_organization::Model {
                    program_id: key,
                    organization_id: (*organization).into(),
                    part: part.into(),
                })
                .await?;
            }
        }
        for area in new.areas {
            self.add(program_area::Model { program_id: key, area_id: (*area).into() }).await?;
        }
        Ok(())
    }
}
