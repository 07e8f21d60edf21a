//! Documents by their hash: a client sends the text once and 64 digits from then on. `documentId: "sha256:…"` is the
//! spelling of the specification's draft, `extensions.persistedQuery.sha256Hash` that of Apollo; they are one store.
//!
//! What an organization leaves here is kept in the database, for all nodes; what nobody known leaves, in memory alone.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::asked::bad;
use super::behind::Behind;
use super::code::Code;
use super::guard::Guard;
use super::refusal::Refusal;
use crate::domain::documents::{hash_of, is_hash};
use crate::token::{Claims, Kind};

/// Texts kept in memory on a node: at the most 16 KiB each.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(2_047);
/// Applications whose manifest is remembered.
const BOUND: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);
/// For how many seconds it is remembered whether an application is bound.
const FRESH: i64 = 5;

/// By what a document is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    hash: String,
    /// Whether it was named as Apollo's clients do, who look for their own words in the answer.
    is_apollo: bool,
}

/// Reads how a request names its document.
///
/// # Errors
/// 400 for a name that is none.
pub fn named(id: Option<Value>, extensions: Option<&Map<String, Value>>) -> Result<Option<Named>, Refusal> {
    if let Some(id) = id.filter(|id| !id.is_null()) {
        let hash = id.as_str().and_then(|id| id.strip_prefix("sha256:")).filter(|hash| is_hash(hash));
        let hash = hash.ok_or_else(|| bad("The parameter documentId must be sha256: and 64 hexadecimal digits."))?;
        return Ok(Some(Named { hash: hash.to_owned(), is_apollo: false }));
    }
    let Some(query) = extensions.and_then(|members| members.get("persistedQuery")) else { return Ok(None) };
    let hash = query.get("sha256Hash").and_then(Value::as_str).filter(|hash| is_hash(hash));
    match (query.get("version").and_then(Value::as_u64), hash) {
        (Some(1), Some(hash)) => Ok(Some(Named { hash: hash.to_owned(), is_apollo: true })),
        _ => Err(bad("The extension persistedQuery must have version 1 and a sha256Hash of 64 hexadecimal digits.")),
    }
}

/// What a node remembers of documents.
pub struct Shelf {
    texts: Mutex<LruCache<(Uuid, String), String>>,
    bound: Mutex<LruCache<Uuid, (bool, i64)>>,
}

impl Shelf {
    /// An empty shelf.
    pub fn new() -> Self {
        Self { texts: Mutex::new(LruCache::new(KEPT)), bound: Mutex::new(LruCache::new(BOUND)) }
    }

    fn known(&self, key: &(Uuid, String)) -> Option<String> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, key: (Uuid, String), text: &str) {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).put(key, text.to_owned());
    }

    /// The text of what is asked, whether it came along, is known by its hash, or is the only thing that may run.
    ///
    /// # Errors
    /// PERSISTED_DOCUMENT_NOT_FOUND; PERSISTED_DOCUMENT_REQUIRED; 400 where a text and its hash differ; UNAVAILABLE.
    pub async fn text(
        &self,
        app: &dyn Behind,
        guard: &Guard,
        claims: Option<&Claims>,
        (query, named): (Option<String>, Option<Named>),
    ) -> Result<String, Refusal> {
        if let (Some(query), Some(named)) = (&query, &named)
            && hash_of(query) != named.hash
        {
            return Err(bad("The document has another hash than the one that came with it."));
        }
        if let Some(claims) = claims.filter(|claims| claims.kind == Kind::Client)
            && self.is_bound(app, claims.sub).await?
        {
            return of_manifest(app, claims.sub, query, named).await;
        }
        let organization = claims.map(|claims| claims.org);
        match (query, named) {
            (Some(query), Some(named)) => {
                // Only what may run is kept.
                guard.look(&query)?;
                self.keep(app, organization, named.hash, &query).await?;
                Ok(query)
            }
            (Some(query), None) => Ok(query),
            (None, Some(named)) => self.find(app, organization, named).await,
            (None, None) => Err(bad("The parameter query is missing.")),
        }
    }

    async fn keep(
        &self,
        app: &dyn Behind,
        organization: Option<Uuid>,
        hash: String,
        text: &str,
    ) -> Result<(), Refusal> {
        let key = (organization.unwrap_or_default(), hash);
        if self.known(&key).is_some() {
            return Ok(());
        }
        if let Some(organization) = organization {
            app.keep_document(organization, &key.1, text).await.map_err(|()| away())?;
        }
        self.put(key, text);
        Ok(())
    }

    async fn find(&self, app: &dyn Behind, organization: Option<Uuid>, named: Named) -> Result<String, Refusal> {
        let key = (organization.unwrap_or_default(), named.hash.clone());
        if let Some(text) = self.known(&key) {
            return Ok(text);
        }
        let Some(organization) = organization else { return Err(unknown(&named)) };
        let text = app.document(organization, &key.1).await.map_err(|()| away())?;
        let text = text.ok_or_else(|| unknown(&named))?;
        self.put(key, &text);
        Ok(text)
    }

    async fn is_bound(&self, app: &dyn Behind, client: Uuid) -> Result<bool, Refusal> {
        let now = app.now().as_second();
        let known = self.bound.lock().unwrap_or_else(PoisonError::into_inner).get(&client).copied();
        if let Some((bound, at)) = known
            && (at..at + FRESH).contains(&now)
        {
            return Ok(bound);
        }
        let bound = app.manifest(client, None).await.map_err(|()| away())?.is_required;
        self.bound.lock().unwrap_or_else(PoisonError::into_inner).put(client, (bound, now));
        Ok(bound)
    }
}

async fn of_manifest(
    app: &dyn Behind,
    client: Uuid,
    query: Option<String>,
    named: Option<Named>,
) -> Result<String, Refusal> {
    let hash = named.map(|named| named.hash).or_else(|| query.as_deref().map(hash_of));
    let manifest = app.manifest(client, hash.as_deref()).await.map_err(|()| away())?;
    manifest.document.ok_or_else(|| {
        let message = "This application runs only the documents of its manifest.";
        Refusal::new(Code::PersistedDocumentRequired, message)
    })
}

fn unknown(named: &Named) -> Refusal {
    let message = if named.is_apollo {
        "PersistedQueryNotFound"
    } else {
        "No document of that hash is known; send its text along once."
    };
    Refusal::new(Code::PersistedDocumentNotFound, message)
}

fn away() -> Refusal {
    Refusal::new(Code::Unavailable, "The service cannot answer now; try again.")
}
