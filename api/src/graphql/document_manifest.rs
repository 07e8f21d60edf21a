//! The documents an application is bound to, in the schema.

use crate::domain::documents::Standing;
use crate::domain::global_id::Kind;
use crate::graphql::context::{Here, ask, canonical, settle};
use crate::graphql::input::Reader;
use crate::graphql::payload::payload;
use crate::graphql::scalar;
use crate::usecase::documents::{self, Upload};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// Whether a document keeps within the bounds of a request, as the door says it.
pub struct Bounds(pub Arc<dyn Fn(&str) -> bool + Send + Sync>);

/// The documents an application is bound to.
#[derive(Debug, Clone, SimpleObject)]
pub struct DocumentManifest {
    /// The application.
    client_id: ID,
    /// Whether it may run nothing else; everything else is answered PERSISTED_DOCUMENT_REQUIRED.
    is_required: bool,
    /// How many documents it has.
    document_count: i32,
    /// Rises by one with each upload; hand it back as `expectedVersion`.
    version: i32,
}

impl From<Standing> for DocumentManifest {
    fn from(standing: Standing) -> Self {
        Self {
            client_id: scalar::id(Kind::ClientApplication, standing.client),
            is_required: standing.is_required,
            document_count: i32::try_from(standing.documents).unwrap_or(i32::MAX),
            version: standing.version,
        }
    }
}

payload! {
    /// What `uploadDocumentManifest` did.
    UploadDocumentManifestPayload {
        /// The manifest as it now stands, or null when nothing was changed.
        manifest: DocumentManifest
    }
}

/// The documents an application was built with.
#[derive(InputObject)]
pub struct UploadDocumentManifestInput {
    /// Your key for this write, 1 to 255 printable characters; the same key with the same input is done once.
    pub idempotency_key: String,
    /// The application, one of your organization.
    pub client_id: ID,
    /// The manifest's version that you read; 0 where there was none.
    pub expected_version: i32,
    /// All documents that the application runs, exactly as it sends them or their hash, 200 at the most, 16 KiB each. They
    /// take the place of those uploaded before.
    pub documents: Vec<String>,
    /// Whether the application may run nothing else from now on, within seconds.
    pub is_required: bool,
}

/// Mutations on documents known by their hash.
#[derive(Default)]
pub struct DocumentManifestMutation;

#[Object]
impl DocumentManifestMutation {
    /// Binds an application to the documents it was built with, or lets it go; such as in a build before a release. Needs the role ADMINISTRATOR.
    async fn upload_document_manifest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application, and its documents.")] input: UploadDocumentManifestInput,
    ) -> Option<UploadDocumentManifestPayload> {
        let text = canonical(&input);
        let ask = ask(ctx, "uploadDocumentManifest", &input.idempotency_key, &text);
        let done = async {
            let mut reader = Reader::default();
            let client = reader.key("clientId", Kind::ClientApplication, &input.client_id);
            let upload = reader.settle(Upload {
                client,
                expected_version: input.expected_version,
                documents: input.documents.clone(),
                is_required: input.is_required,
            })?;
            let passes = |text: &str| ctx.data_opt::<Bounds>().is_none_or(|bounds| (bounds.0)(text));
            documents::upload_manifest(ctx.app(), ask, upload, &passes).await
        }
        .await;
        Some(settle(ctx, ask, done).await?.map(|standing| Some(standing.into())).into())
    }
}
