//! Bulk jobs: exports that go on beside the server.

mod exports;
mod limits;
mod links;
mod many;
