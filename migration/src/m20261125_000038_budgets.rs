//! Budgets that all nodes share, documents that are known by their hash, and what an application may only run.

crate::dialect::step!(UP, DOWN);

// budget: how full a budget was at an instant; of whom it is, is a member, an application or an organization. Nothing
// of addresses is stored.
// persisted_document: texts of documents, by organization and hash.
// document_manifest: the only documents an application may run, once it is bound to them.
const UP: &str = "
CREATE TABLE budget (
    purse TEXT NOT NULL,
    owner_id UUID NOT NULL,
    points BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (purse, owner_id)
);
CREATE INDEX budget_at ON budget (at);
CREATE TABLE persisted_document (
    organization_id UUID NOT NULL REFERENCES organization (id),
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, hash)
);
CREATE INDEX persisted_document_at ON persisted_document (organization_id, at);
CREATE TABLE document_manifest (
    client_id UUID NOT NULL PRIMARY KEY REFERENCES client_application (id),
    organization_id UUID NOT NULL REFERENCES organization (id),
    is_required BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE manifest_document (
    client_id UUID NOT NULL REFERENCES document_manifest (client_id),
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (client_id, hash)
)";

const DOWN: &str = "
DROP TABLE manifest_document;
DROP TABLE document_manifest;
DROP TABLE persisted_document;
DROP TABLE budget";
