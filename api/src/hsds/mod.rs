//! Reading of HSDS 3.x directories: pure, synchronous, without a store. What leaves as HSDS is shaped in [`outgoing`],
//! and asked for as [`directory`] says.
//!
//! A directory arrives as NDJSON of full services or as the tabular package.
//! Both are brought into one neutral shape ([`Directory`]); whatever cannot be
//! taken becomes a [`ReportRow`] and never an error, so that one bad row does
//! not cost the other thousand. Only what makes the whole file unreadable or
//! unsafe is a [`ReadFault`].

mod build;
pub mod category_map;
pub mod directory;
