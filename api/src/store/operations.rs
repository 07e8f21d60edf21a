//! What operators do on the command line, in the audit. They act for the deployment, not for an organization.

use crate::domain::code::Code;
use crate::domain::global_id::Kind;
use crate::domain::id::OrganizationId;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use passerelle_entity::audit;
use uuid::Uuid;

impl Tx {
    /// Writes down that an operator did something.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn note_operation(
        &self,
        operation: &'static str,
        subject: (Kind, Uuid),
        organization: Option<OrganizationId>,
        now: i64,
    ) -> Result<(), Fault> {
        let (kind, key) = subject;
        self.add(audit::Model {
            id: Uuid::now_v7(),
            at: now,
            organization_id: organization.map(Uuid::from),
            principal_id: None,
            principal_kind: "OPERATOR".into(),
            operation: operation.into(),
            decision: "ALLOW".into(),
            outcome: "OK".into(),
            subject_kind: Some(kind.code().into()),
            subject_id: Some(key),
            request_id: String::new(),
            field_classes: None,
            subjects: None,
        })
        .await
    }
}
