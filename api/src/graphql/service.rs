//! stub
use crate::domain::service;
use async_graphql::Object;
use std::sync::Arc;
/// stub
#[derive(Clone)]
pub struct Service(pub Arc<service::Service>);
/// stub
#[Object]
impl Service {
    /// n
    async fn name(&self) -> &str {
        &self.0.name
    }
}
/// stub
#[derive(Clone)]
pub struct ServiceAtLocation(pub service::ServiceAtLocation);
/// stub
#[Object]
impl ServiceAtLocation {
    /// n
    async fn name(&self) -> &str {
        &self.0.location.name
    }
}
