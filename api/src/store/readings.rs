//! The written trace of what was read about persons.

use crate::domain::actor::Actor;
use crate::domain::code::Code;
use crate::domain::disclosed::Reading;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::statement::json;
use passerelle_entity::audit;
use uuid::Uuid;

impl Door {
    /// Writes down what one operation has read of persons: who, through which things, and of which compartments; never
    /// what it said. One row, durable when this returns.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn audit_reading(&self, actor: &Actor, request: &str, reading: &Reading, now: i64) -> Result<(), Fault> {
        let subjects: Vec<(&str, Uuid)> = reading.subjects.iter().map(|(kind, id)| (kind.code(), *id)).collect();
        let only = if let [(kind, id)] = subjects.as_slice() { Some((*kind, *id)) } else { None };
        let tx = self.begin().await?;
        tx.add(audit::Model {
            id: Uuid::now_v7(),
            at: now,
            organization_id: actor.organization().map(Uuid::from),
            principal_id: actor.principal(),
            principal_kind: actor.principal_kind().into(),
            operation: "readPerson".into(),
            decision: "ALLOW".into(),
            outcome: "OK".into(),
            subject_kind: only.map(|(kind, _)| kind.into()),
            subject_id: only.map(|(_, id)| id),
            request_id: request.to_owned(),
            field_classes: Some(json(&reading.compartments)?),
            subjects: Some(json(&subjects)?),
        })
        .await?;
        tx.commit().await
    }
}
