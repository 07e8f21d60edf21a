//! An organization binds its application to the documents it was built with.

use crate::app::App;
use crate::domain::documents::{LONGEST, MOST_KEPT, MOST_OF_A_MANIFEST, Standing, Uploaded, hash_of};
use crate::domain::global_id::Kind;
use crate::domain::id::ClientId;
use crate::domain::policy::Power;
use crate::domain::rule::{Fault, Outcome, Rule, RuleCode, Rules};
use crate::usecase::membership::record;
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

/// Puts the manifest in the place of the one before. An administrator of the organization whose application it is does so, and
/// the others are told. `passes` tells whether a document keeps within the bounds of a request.
///
/// # Errors
/// NOT_FOUND for another organization's application; NOT_PERMITTED; STALE_VERSION; REQUIRED, TOO_LONG or INVALID at the
/// documents.
pub async fn upload_manifest(
    app: &App,
    ask: Ask<'_>,
    upload: Upload,
    passes: &(dyn Fn(&str) -> bool + Send + Sync),
) -> Outcome<Standing> {
    let work = begin!(app, ask, Power::ManageAccess, Rule::at("clientId", RuleCode::NotPermitted));
    let found = work.tx.manifest_of(upload.client).await?;
    let own = found.filter(|(organization, _)| *organization == uuid::Uuid::from(work.deed.organization));
    let (organization, version) = own.ok_or_else(|| Rule::at("clientId", RuleCode::NotFound))?;
    work.needs(Power::ManageAccess, None, "clientId")?;
    fresh(upload.expected_version, version)?;
    let documents = checked(&upload, passes)?;
    let client = work.tx.client(work.deed.organization, upload.client).await?;
    let client = client.ok_or_else(|| Rule::at("clientId", RuleCode::NotFound))?;
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
    record(&work, (Kind::ClientApplication, client.id.into()), client.version).await?;
    work.commit(standing).await
}

fn checked(upload: &Upload, passes: &dyn Fn(&str) -> bool) -> Outcome<BTreeMap<String, String>> {
    let mut rules = Rules::default();
    rules.check(!upload.documents.is_empty() || !upload.is_required, "documents", RuleCode::Required);
    rules.check(upload.documents.len() <= MOST_OF_A_MANIFEST, "documents", RuleCode::TooLong);
    for (at, document) in upload.documents.iter().enumerate() {
        let field = format!("documents.{at}");
        rules.check(!document.trim().is_empty(), &field, RuleCode::Required);
        rules.check(document.len() <= LONGEST, &field, RuleCode::TooLong);
        let is_fit =
            document.trim().is_empty() || document.len() > LONGEST || (!document.contains('\0') && passes(document));
        rules.check(is_fit, &field, RuleCode::Invalid);
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
