//! What a program asks of the directory.

use crate::domain::id::ProgramId;
use crate::domain::revision::DirectoryRules;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::statement::body;
use sea_orm::QueryResult;
use uuid::Uuid;

const RULES: &str = "SELECT CAST(OBJ('max_age_days', pd.max_age_days, 'needs_review', \
    CASE WHEN pd.needs_review THEN 1 ELSE 0 END, 'version', pd.version) AS TEXT) AS body \
    FROM program_directory pd WHERE pd.program_id = $1";

fn rules(rows: &[QueryResult]) -> Result<DirectoryRules, Fault> {
    rows.first().map(|row| body(row, "program_directory")).transpose().map(Option::unwrap_or_default)
}

impl Door {
    /// What a program asks of its services.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn directory_rules(&self, program: ProgramId) -> Result<DirectoryRules, Fault> {
        rules(&self.rows(RULES, vec![Uuid::from(program).into()]).await?)
    }

    /// All maximum ages that programs have set, each once.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn max_ages(&self) -> Result<Vec<i32>, Fault> {
        let text = "SELECT DISTINCT max_age_days AS days FROM program_directory WHERE max_age_days IS NOT NULL";
        let unreadable = |_| Fault::Store("a maximum age does not read".into());
        self.rows(text, vec![]).await?.iter().map(|row| row.try_get("", "days").map_err(unreadable)).collect()
    }
}

impl Tx {
    /// What a program asks of its services.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn directory_rules(&self, program: ProgramId) -> Result<DirectoryRules, Fault> {
        rules(&self.rows(RULES, vec![Uuid::from(program).into()]).await?)
    }

    /// Sets what a program asks of its services, if nobody did since.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_directory_rules(&self, program: ProgramId, new: &DirectoryRules, now: i64) -> Result<bool, Fault> {
        let text = "INSERT INTO program_directory (program_id, max_age_days, needs_review, version, updated_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id) DO UPDATE SET max_age_days = $2, needs_review = $3, \
             version = $4, updated_at = $5 WHERE program_directory.version = $4 - 1";
        let values = vec![
            Uuid::from(program).into(),
            new.max_age_days.into(),
            new.needs_review.into(),
            new.version.into(),
            now.into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }
}
