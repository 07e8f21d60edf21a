//! The HTTP room: how a request comes in, is judged, runs and is answered.
//!
//! `async_graphql`'s own integration is not used: it takes any media type, runs mutations on
//! GET, has no bound on the body and answers 200 to everything. What stands here instead, in
//! the order of a request: [`negotiate`], [`bearer`], [`asked`], the document [`guard`], the
//! executor behind the [`door`], the error map in [`errors`], the [`answer`].
//!
//! This room knows the app and the schema. It knows no use case and no storage.

mod address;
mod answer;
mod asked;
mod bearer;
mod behind;
pub mod bulk;
mod code;
mod documents;
mod door;
mod errors;
pub mod exports;
pub mod graphiql;
pub mod guard;
mod health;
pub mod hsds;
mod inflate;
mod json_scan;
mod limits;
mod live;
mod maps;
mod negotiate;
pub mod oauth;
mod places;
mod refusal;
mod request_info;
mod serve;
mod till;
mod weights;
mod wording;

#[cfg(test)]
mod door_tests;

pub use behind::Behind;
pub use code::Code;
pub use door::{Door, DoorSettings, door, door_with};
pub use guard::shape::ShapeError;
pub use limits::Limits;
pub use live::{Connections, LiveSettings};
pub use places::{Places, Room, Rooms};
pub use refusal::Refusal;
pub use request_info::REQUEST_ID;
pub use serve::{RunError, Settings, run, run_until};
