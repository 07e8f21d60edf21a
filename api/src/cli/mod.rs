//! The command line: where the parts are put together. It may use every room and none uses it.

mod arguments;
mod background;
mod boundaries;
mod bulk;
mod clockwork;
mod configuration;
mod console;
mod counterparties;
mod couriers;
mod database;
mod demo;
mod edition;
mod entry;
mod entry_arguments;
mod export;
mod failed;
mod fair_use;
mod getting_in;
mod import;
mod import_arguments;
mod import_desk;
mod lock;
mod logs;
mod loop_lines;
mod migrate;
mod parts;
mod secret;
mod sequencer;
pub mod serve;
mod token;
mod treasury;
mod welcome;

#[cfg(test)]
mod configuration_tests;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command, Entry, EntryOrEnd};
use failed::{Ending, Failed};
use import_arguments::Import;
use migrate::unwritten;

/// Does what the command line asks and tells by the exit code how it went.
#[must_use]
pub fn main() -> ExitCode {
    match asked(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            let mut out = io::stderr().lock();
            for sentence in &failed.sentences {
                // Nobody is left to tell when standard error is gone.
                let _ = writeln!(out, "passerelle: {sentence}");
            }
            ExitCode::from(failed.ending.exit_code())
        }
    }
}

fn asked(command: Command) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::with(Ending::Broken, format!("The program can't start ({error}).")))?;
    runtime.block_on(run(command))
}

async fn run(command: Command) -> Result<(), Failed> {
    let mut out = io::stdout();
    let answer = match command {
        Command::Serve(given) => return serve::serve(*given).await,
        Command::Demo(given) => return demo::demo(given).await,
        Command::Migrate(asked) => return migrate::migrate(asked, &mut out).await,
        Command::Import(Import::Hsds(asked)) => return import::hsds(asked, &mut out).await,
        Command::Export(asked) => return export::write(asked, &mut out).await,
        Command::Import(Import::Taxonomy(asked)) => return edition::taxonomy(asked, &mut out).await,
        Command::Import(Import::Crosswalk(asked)) => import_desk::crosswalk(asked).await?,
        Command::Import(Import::Quarantine(asked)) => import_desk::quarantine(asked).await?,
        Command::Import(Import::Conflicts(asked)) => import_desk::conflicts(asked).await?,
        Command::Import(Import::Decide(asked)) => import_desk::decide(asked).await?,
        Command::Import(Import::Boundaries(asked)) => return boundaries::boundaries(asked, &mut out).await,
        Command::Schema => crate::graphql::sdl().trim_end().to_owned(),
        Command::Token(asked) => token::token(asked).await?,
        Command::Organization(EntryOrEnd::Add(new)) => entry::add(new).await?,
        Command::Organization(EntryOrEnd::End(asked)) => getting_in::end_organization(asked).await?,
        Command::Provider(EntryOrEnd::Add(new)) => entry::add(new).await?,
        Command::Provider(EntryOrEnd::End(asked)) => getting_in::end_provider(asked).await?,
        Command::Program(Entry::Add(new)) => entry::add(new).await?,
        Command::Member(Entry::Add(new)) => entry::add(new).await?,
        Command::Client(Entry::Add(new)) => entry::add(new).await?,
        Command::Area(Entry::Add(new)) => entry::add(new).await?,
    };
    writeln!(out, "{answer}").map_err(unwritten)
}
