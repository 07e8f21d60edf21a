//! Documents that are known by their hash: what an organization's clients left here to be run again, and the only ones
//! that an application bound to a manifest may run.

use crate::domain::documents::{Manifest, Uploaded};
use crate::domain::id::ClientId;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use uuid::Uuid;

impl Door {
    /// The text of a document by its hash.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn document(&self, organization: Uuid, hash: &str) -> Result<Option<String>, Fault> {
        let text = "SELECT body FROM persisted_document WHERE organization_id = $1 AND hash = $2";
        let rows = self.rows(text, vec![organization.into(), hash.into()]).await?;
        rows.first().map(|row| row.try_get("", "body").map_err(|_| unread())).transpose()
    }

    /// Keeps a document; of more than `most` the oldest are forgotten.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn keep_document(
        &self,
        organization: Uuid,
        (hash, body): (&str, &str),
        most: u32,
        now: i64,
    ) -> Result<(), Fault> {
        let tx = self.begin().await?;
        tx.run(
            "INSERT INTO persisted_document (organization_id, hash, body, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organization_id, hash) DO UPDATE SET at = $4",
            vec![organization.into(), hash.into(), body.into(), now.into()],
        )
        .await?;
        tx.run(
            &format!(
                "DELETE FROM persisted_document WHERE organization_id = $1 AND hash NOT IN (SELECT hash \
                 FROM persisted_document WHERE organization_id = $1 ORDER BY at DESC, hash LIMIT {most})"
            ),
            vec![organization.into()],
        )
        .await?;
        tx.commit().await
    }

    /// What an application is bound to, and the document of that hash in it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn manifest(&self, client: Uuid, hash: Option<&str>) -> Result<Manifest, Fault> {
        let text = "SELECT m.is_required AS is_required, d.body AS body FROM document_manifest m \
                    LEFT JOIN manifest_document d ON d.client_id = m.client_id AND d.hash = $2 WHERE m.client_id = $1";
        let rows = self.rows(text, vec![client.into(), hash.unwrap_or_default().into()]).await?;
        let Some(row) = rows.first() else { return Ok(Manifest::default()) };
        let is_required = row.try_get("", "is_required").map_err(|_| unread())?;
        Ok(Manifest { is_required, document: row.try_get("", "body").map_err(|_| unread())? })
    }
}

impl Tx {
    /// The organization of an application, and the version of its manifest; 0 where it has none.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn manifest_of(&self, client: ClientId) -> Result<Option<(Uuid, i32)>, Fault> {
        let text = "SELECT c.organization_id AS organization_id, coalesce(m.version, 0) AS version \
                    FROM client_application c LEFT JOIN document_manifest m ON m.client_id = c.id WHERE c.id = $1";
        let rows = self.rows(text, vec![Uuid::from(client).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let organization = row.try_get("", "organization_id").map_err(|_| unread())?;
        Ok(Some((organization, row.try_get("", "version").map_err(|_| unread())?)))
    }

    /// Puts a manifest in the place of the one before.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_manifest(&self, manifest: &Uploaded, organization: Uuid, now: i64) -> Result<(), Fault> {
        let client = Uuid::from(manifest.client);
        self.run("DELETE FROM manifest_document WHERE client_id = $1", vec![client.into()]).await?;
        self.run(
            "INSERT INTO document_manifest (client_id, organization_id, is_required, version, at) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (client_id) DO UPDATE SET is_required = $3, version = $4, at = $5",
            vec![client.into(), organization.into(), manifest.is_required.into(), manifest.version.into(), now.into()],
        )
        .await?;
        for (hash, body) in &manifest.documents {
            let text =
                "INSERT INTO manifest_document (client_id, hash, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            self.run(text, vec![client.into(), hash.as_str().into(), body.as_str().into()]).await?;
        }
        Ok(())
    }
}

fn unread() -> Fault {
    Fault::Store("a document does not read".into())
}
