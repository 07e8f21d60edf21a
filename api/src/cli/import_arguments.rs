//! What can be asked of imports.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use uuid::Uuid;

use super::arguments::OfDatabase;
use crate::domain::import_run::ConflictDecision;

#[derive(Subcommand)]
pub enum Import {
    /// Take over an HSDS 3.x directory: a folder or zip of CSV tables, or NDJSON of full services. The same file twice
    /// changes nothing; each organization is taken whole or not at all.
    Hsds(ImportHsds),
    /// Take over the boundaries, codes and names of a country's areas of one level: GeoJSON with the columns of COD-AB
    /// layers, such as ADM2_PCODE and ADM2_EN. Areas around them that are not known are added too. All of the file is
    /// taken or nothing; codes are never deleted; the same file twice changes nothing.
    Boundaries(ImportBoundaries),
    /// Look at a new edition of the taxonomy, or apply it: a CSV with a row for each standard term, with the columns code,
    /// dimension, level, label_en, and if wanted parent, group, replaces and label_ with other language tags.
    Taxonomy(ImportTaxonomy),
    /// Load a crosswalk: a CSV with the columns scheme, code, category, edition, and if wanted valid_from and label.
    Crosswalk(Crosswalk),
    /// List the words of a publisher that no crosswalk knows, with the category that seems nearest.
    Quarantine(OfSource),
    /// List services that two publishers have.
    Conflicts(Conflicts),
    /// Decide about a service that two publishers have; the next import of its publisher does so.
    Decide(Decide),
}

#[derive(Args)]
pub struct ImportTaxonomy {
    /// The CSV.
    pub path: PathBuf,
    #[command(flatten)]
    pub of: OfDatabase,
    /// The edition's code, such as 2027-1.
    #[arg(long)]
    pub edition: String,
    /// Its first day, such as 2027-01-01; today or later.
    #[arg(long)]
    pub valid_from: String,
    /// Its title in a language, such as en=Second edition; once for each language.
    #[arg(long, value_name = "LANGUAGE=TITLE", value_parser = in_language)]
    pub title: Vec<(String, String)>,
    /// Apply it, just as it was told under this hash.
    #[arg(long, value_name = "HASH")]
    pub apply: Option<String>,
    /// Tell it as JSON.
    #[arg(long)]
    pub json: bool,
}

fn in_language(text: &str) -> Result<(String, String), String> {
    let (tag, title) = text.split_once('=').ok_or("a language, =, and the title")?;
    Ok((tag.to_owned(), title.to_owned()))
}

#[derive(Args)]
pub struct ImportBoundaries {
    /// The file.
    pub path: PathBuf,
    #[command(flatten)]
    pub of: OfDatabase,
    /// The country, ISO 3166-1 alpha-2.
    #[arg(long)]
    pub country: String,
    /// Which edition of the P-codes this is. Another edition has areas of its own.
    #[arg(long, default_value = "")]
    pub edition: String,
    /// Go through everything and tell what would be done, but write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Report as lines of JSON: the counts, then one line for each problem and note.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ImportHsds {
    /// The folder or file.
    #[arg(required_unless_present = "refuse")]
    pub path: Option<PathBuf>,
    #[command(flatten)]
    pub of: OfDatabase,
    /// A JSON file from the terms of the directory's taxonomies to categories. Without it, and without a crosswalk,
    /// everything lands unclassified.
    #[arg(long)]
    pub category_map: Option<PathBuf>,
    /// Name of the publisher, by which the next version of its directory is known again; another for each publisher.
    /// [default: hsds]
    #[arg(long)]
    pub source: Option<String>,
    /// ISO 3166-1 alpha-2, for organizations of whose locations none has a country.
    #[arg(long)]
    pub country: Option<String>,
    /// BCP 47 tag of the directory's texts, which the format does not tell.
    #[arg(long, default_value = "und")]
    pub language: String,
    /// The directory is the export of another Passerelle: keep its ids where they are free, and when things last changed.
    #[arg(long)]
    pub mirror: bool,
    /// Go through everything and tell what would be done, but write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Write nothing but a run: tell what would be added, changed field by field, is gone, contested or not understood.
    #[arg(long, conflicts_with_all = ["dry_run", "apply", "refuse"])]
    pub preview: bool,
    /// Do just what this run of a preview told, with the same file and options; nothing if anything has changed since.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["dry_run", "refuse"])]
    pub apply: Option<Uuid>,
    /// Close this run of a preview without doing it.
    #[arg(long, value_name = "RUN")]
    pub refuse: Option<Uuid>,
    /// With --preview: let this organization decide by the API, by its id. The file, no folder, is kept until then.
    #[arg(long, value_name = "ORGANIZATION", requires = "preview")]
    pub publisher: Option<Uuid>,
    /// Report as lines of JSON: the counts, then one line for each thing not taken.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Crosswalk {
    /// The CSV.
    pub path: PathBuf,
    #[command(flatten)]
    pub of: OfSource,
}

#[derive(Args)]
pub struct OfSource {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Name of the publisher, as with the import.
    #[arg(long)]
    pub source: String,
}

#[derive(Args)]
pub struct Conflicts {
    #[command(flatten)]
    pub of: OfDatabase,
    /// Only those of this publisher.
    #[arg(long)]
    pub source: Option<String>,
}

#[derive(Args)]
pub struct Decide {
    /// The conflict's id, as listed.
    pub conflict: Uuid,
    /// What to do.
    #[arg(value_enum)]
    pub decision: Decision,
    #[command(flatten)]
    pub of: OfDatabase,
}

/// What can be decided about a conflict.
#[derive(Clone, Copy, ValueEnum)]
pub enum Decision {
    /// They are two services: take the other one, too.
    KeepBoth,
    /// Keep the one that stands and pass over the other.
    KeepStanding,
    /// Take the one that comes, and retire the one that stands.
    TakeIncoming,
}

impl Decision {
    /// The code of the decision.
    pub fn code(self) -> ConflictDecision {
        match self {
            Self::KeepBoth => ConflictDecision::KeepBoth,
            Self::KeepStanding => ConflictDecision::KeepStanding,
            Self::TakeIncoming => ConflictDecision::TakeIncoming,
        }
    }
}
