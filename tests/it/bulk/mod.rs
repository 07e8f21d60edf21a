//! Bulk jobs: exports and imports that go on beside the server.

mod exports;
mod imports;
mod limits;
mod links;
mod many;
