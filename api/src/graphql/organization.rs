//! stub
use crate::domain::organization;
use async_graphql::Object;
use std::sync::Arc;
/// stub
#[derive(Clone)]
pub struct Organization(pub Arc<organization::Organization>);
/// stub
#[Object]
impl Organization {
    /// n
    async fn name(&self) -> &str {
        &self.0.name
    }
}
