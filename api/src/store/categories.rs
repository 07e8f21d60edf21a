//! The categories of services and needs, in the database.

use crate::domain::rule::Fault;
use crate::domain::service::Category;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::body;

impl Door {
    /// All categories, by code.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn categories(&self) -> Result<Vec<Category>, Fault> {
        let text = format!("SELECT CAST({} AS TEXT) AS body FROM category c ORDER BY c.code", fragment::category("c"));
        self.rows(&text, vec![]).await?.iter().map(|row| body(row, "category")).collect()
    }
}

impl Tx {
    /// The category of a code.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn category(&self, code: &str) -> Result<Option<Category>, Fault> {
        let text =
            format!("SELECT CAST({} AS TEXT) AS body FROM category c WHERE c.code = $1", fragment::category("c"));
        self.rows(&text, vec![code.into()]).await?.first().map(|row| body(row, "category")).transpose()
    }
}
