//! An organization binds its application to the documents it was built with.

use crate::app::App;
use crate::domain::actor::{Actor, MemberRole};
use crate::domain::documents::{LONGEST, MOST_KEPT, MOST_OF_A_MANIFEST, Standing, Uploaded, hash_of};
use crate::domain::id::ClientId;
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::usecase::work::{Ask, fresh, open as begin};
use std::collections::BTreeMap;

/// A manifest that is brought.
#[derive(Debug, Clone)]
pub struct Upload {
    pub client: ClientId,
    /// 0 where there was none.
    pub expected_version: i32,
    pub documents: Vec<String>,
    pub is_required: bool,
}

/// Puts the manifest in the place of the one before. An administrator of the organization whose application it is does so.
///
/// # Errors
/// NOT_FOUND for another organization's application; NOT_PERMITTED; STALE_VERSION; REQUIRED, TOO_LONG or INVALID at the
/// documents.
pub async fn upload_manifest(app: &App, ask: Ask<'_>, upload: Upload) -> Outcome<Standing> {
    let work = begin!(app, ask);
    let found = work.tx.manifest_of(upload.client).await?;
    let own = found.filter(|(organization, _)| *organization == uuid::Uuid::from(work.deed.organization));
    let (organization, version) = own.ok_or_else(|| Rule::at("clientId", RuleCode::NotFound))?;
    if !administers(work.actor) {
        return Err(Rule::at("clientId", RuleCode::NotPermitted).into());
    }
    fresh(upload.expected_version, version)?;
    let documents = checked(&upload)?;
    let standing = Standing {
        client: upload.client,
        is_required: upload.is_required,
        version: version + 1,
        documents: documents.len(),
    };
    let manifest = Uploaded {
        client: upload.client,
        is_required: upload.is_required,
        version: standing.version,
        documents: documents.into_iter().collect(),
    };
    work.tx.put_manifest(&manifest, organization, work.deed.now).await?;
    work.commit(standing).await
}

fn administers(actor: &Actor) -> bool {
    match actor {
        Actor::Member { roles, .. } => {
            roles.iter().any(|grant| grant.role == MemberRole::Administrator && grant.program.is_none())
        }
        Actor::Client { .. } | Actor::Anonymous => false,
    }
}

fn checked(upload: &Upload) -> Outcome<BTreeMap<String, String>> {
    let mut rules = Rules::default();
    rules.check(!upload.documents.is_empty() || !upload.is_required, "documents", RuleCode::Required);
    rules.check(upload.documents.len() <= MOST_OF_A_MANIFEST, "documents", RuleCode::TooLong);
    for (at, document) in upload.documents.iter().enumerate() {
        let field = format!("documents.{at}");
        rules.check(!document.trim().is_empty(), &field, RuleCode::Required);
        rules.check(document.len() <= LONGEST, &field, RuleCode::TooLong);
        rules.check(!document.contains('\0'), &field, RuleCode::Invalid);
    }
    rules.settle()?;
    Ok(upload.documents.iter().map(|document| (hash_of(document), document.clone())).collect())
}

impl App {
    /// Keeps a document for an organization's clients, on all nodes.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn keep_document(&self, organization: uuid::Uuid, document: (&str, &str)) -> Result<(), Fault> {
        self.store.keep_document(organization, document, MOST_KEPT, self.now()).await
    }
}
