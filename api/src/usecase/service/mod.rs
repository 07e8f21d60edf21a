//! What providers do with their services in the directory. Each answers with the service's key; whoever wants to see
//! the service reads it again, so that a repeated request shows what stands now.

mod pause;
mod publish;
mod references;
mod report_capacity;
mod resume;
mod retire;
mod standing;
mod update;
mod verify;

pub use pause::pause;
pub use publish::publish;
pub use report_capacity::{CapacityReport, report_capacity};
pub use resume::resume;
pub use retire::retire;
pub use standing::Target;
pub use update::update;
pub use verify::verify;
