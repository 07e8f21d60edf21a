//! What can go wrong here: anything, and then the run ends with its words.

/// The outcome of a step of the benchmark.
pub type Done<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
