//! Whole nodes in processes of their own, on real time: what they share, and what is left when one of them is killed.
//!
//! `PASSERELLE_TEST_KILLS` asks for more kills than the few of each run, `PASSERELLE_TEST_SEED` for the instants of an
//! earlier run: how many acknowledgements each kill lets pass.

mod shared;
mod told;
