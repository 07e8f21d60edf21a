//! What providers do with their services in the directory. Each answers with the service's key; whoever wants to see
//! the service reads it again, so that a repeated request shows what stands now.

mod confirm_all;
mod directory_rules;
mod duplicates;
mod eligibility;
mod freshness;
mod pause;
mod pause_all;
mod publish;
mod references;
mod report_capacity;
mod resume;
mod retire;
mod review;
mod standing;
mod sweep;
mod update;
mod verify;

pub use confirm_all::{Confirmed, MOST_CONFIRMED, confirm_all};
pub use directory_rules::{SetDirectoryRules, directory_rules, set_directory_rules};
pub use duplicates::near_duplicates;
pub use eligibility::{Question, check_eligibility};
pub use freshness::{Standing, standings};
pub use pause::pause;
pub use pause_all::pause_all;
pub use publish::{publish, put_new};
pub use references::resolve;
pub use report_capacity::{CapacityReport, report_capacity};
pub use resume::resume;
pub use retire::retire;
pub use review::{needs_review, without_review};
pub use standing::{Target, record, standing};
pub use sweep::{end_funding, tell_aging};
pub use update::{put_change, update};
pub use verify::verify;
