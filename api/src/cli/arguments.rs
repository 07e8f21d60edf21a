//! The command line: what can be asked of the program. Each argument of a server can also be given in the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::entry_arguments::{
    AreaAdd, ClientAdd, MemberAdd, OrganizationAdd, OrganizationEnd, ProgramAdd, ProviderAdd, ProviderEnd,
};
use super::export::Export;
use super::import_arguments::Import;

const EXITS: &str = "Exit codes:
  0  done
  1  our fault; the log says more
  2  the arguments or the configuration do not hold
  3  the database can't be used: missing, locked, behind, made by a newer version, or empty of what was named
  4  the address is in use
  5  what was handed in breaks rules";

const DEMO_HELP: &str = "Starts a whole network of invented organizations and people, for looking and trying. \
Its tokens and its sealing key are public: never enter real data.

Writes passerelle-demo.env beside it: `. ./passerelle-demo.env` sets the address, the ids and one token per persona.";

const SERVE_HELP: &str = "Secrets come from files. Make them so:
  openssl genpkey -algorithm ed25519 -out signing.pem
  openssl rand -hex 32 > sealing.key
  passerelle migrate up --database sqlite:passerelle.sqlite
  passerelle serve --database sqlite:passerelle.sqlite --signing-key-file signing.pem \\
    --sealing-key-file sealing.key --issuer https://login.example.org --audience https://api.example.org/graphql";

/// Referrals between the partners of migrant return and reintegration, over GraphQL.
#[derive(Parser)]
#[command(name = "passerelle", version, after_help = EXITS, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve in production.
    #[command(after_help = SERVE_HELP)]
    Serve(Box<Serve>),
    /// Serve a demonstration network of invented people.
    #[command(after_help = DEMO_HELP)]
    Demo(Demo),
    /// Bring a database to this version, or tell how it stands.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Print the GraphQL schema.
    Schema,
    /// Issue an access token for a member or a client application.
    Token(Token),
    /// Organizations.
    #[command(subcommand)]
    Organization(EntryOrEnd<OrganizationAdd, OrganizationEnd>),
    /// Programs.
    #[command(subcommand)]
    Program(Entry<ProgramAdd>),
    /// Members: people who work for an organization.
    #[command(subcommand)]
    Member(Entry<MemberAdd>),
    /// Client applications that act for an organization.
    #[command(subcommand)]
    Client(Entry<ClientAdd>),
    /// Identity providers through which members sign in (OpenID Connect).
    #[command(subcommand)]
    Provider(EntryOrEnd<ProviderAdd, ProviderEnd>),
    /// Administrative areas.
    #[command(subcommand)]
    Area(Entry<AreaAdd>),
    /// Take over a directory of services.
    #[command(subcommand)]
    Import(Import),
    /// Write what everybody may see of the directory, or a part of it, to a file.
    Export(Export),
}

/// Entering one thing.
#[derive(Subcommand)]
pub enum Entry<T: Args> {
    /// Add one; prints its id.
    Add(T),
}

/// Entering one thing, and ending one.
#[derive(Subcommand)]
pub enum EntryOrEnd<A: Args, E: Args> {
    /// Add one; prints its id.
    Add(A),
    /// End one: from now on nobody gets in by it.
    End(E),
}

/// All of it optional here, so that everything that is missing or wrong is told at once.
#[derive(Args, Default)]
pub struct Serve {
    /// sqlite:PATH or postgres://USER@HOST/NAME; it must be migrated.
    #[arg(long, env = "PASSERELLE_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// The Ed25519 private key that signs tokens, PKCS#8 PEM.
    #[arg(long, env = "PASSERELLE_SIGNING_KEY_FILE", value_name = "FILE")]
    pub signing_key_file: Option<PathBuf>,
    /// An Ed25519 key that only verifies, PEM; once for each. For rotation and for an identity provider of your own.
    #[arg(long, env = "PASSERELLE_VERIFYING_KEY_FILE", value_name = "FILE", value_delimiter = ',')]
    pub verifying_key_file: Vec<PathBuf>,
    /// 32 random bytes as 64 hexadecimal digits or base64, under which texts about people are sealed.
    #[arg(long, env = "PASSERELLE_SEALING_KEY_FILE", value_name = "FILE")]
    pub sealing_key_file: Option<PathBuf>,
    /// The https address of who issues tokens.
    #[arg(long, env = "PASSERELLE_ISSUER")]
    pub issuer: Option<String>,
    /// For whom tokens are: this API.
    #[arg(long, env = "PASSERELLE_AUDIENCE")]
    pub audience: Option<String>,
    /// Where to listen; TLS ends in front of it. [default: 127.0.0.1:8080]
    #[arg(long, env = "PASSERELLE_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// What is logged, such as info or info,passerelle=debug. [default: info]
    #[arg(long, env = "PASSERELLE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// After how many days without a confirmation a service takes no referrals, 1 to 3650. [default: 90]
    #[arg(long, env = "PASSERELLE_SERVICE_MAX_AGE_DAYS", value_name = "DAYS")]
    pub service_max_age_days: Option<String>,
    /// Figures of fewer persons than this are hidden from those who work in a program, 3 or more. [default: 5]
    #[arg(long, env = "PASSERELLE_FEWEST_PERSONS_INSIDE", value_name = "PERSONS")]
    pub fewest_persons_inside: Option<String>,
    /// Figures of fewer persons than this are hidden from all others, at least as many as inside. [default: 10]
    #[arg(long, env = "PASSERELLE_FEWEST_PERSONS_OUTSIDE", value_name = "PERSONS")]
    pub fewest_persons_outside: Option<String>,
    /// Points of cost that one member or application may spend in an hour; 0 counts nothing. [default: 100000]
    #[arg(long, env = "PASSERELLE_POINTS_PER_CALLER", value_name = "POINTS")]
    pub points_per_caller: Option<String>,
    /// Points of cost that one organization may spend in an hour; 0 counts nothing. [default: 1000000]
    #[arg(long, env = "PASSERELLE_POINTS_PER_ORGANIZATION", value_name = "POINTS")]
    pub points_per_organization: Option<String>,
    /// Points of cost that may be spent in an hour without a token, by network address; 0 counts nothing. [default: 50000]
    #[arg(long, env = "PASSERELLE_POINTS_WITHOUT_TOKEN", value_name = "POINTS")]
    pub points_without_token: Option<String>,
    /// Rows that one organization may export in bulk in a day; 0 counts nothing. [default: 100000]
    #[arg(long, env = "PASSERELLE_EXPORTED_ROWS_PER_DAY", value_name = "ROWS")]
    pub exported_rows_per_day: Option<String>,
    /// Commands that one organization may import in bulk in a day; 0 counts nothing. [default: 100000]
    #[arg(long, env = "PASSERELLE_IMPORTED_ROWS_PER_DAY", value_name = "ROWS")]
    pub imported_rows_per_day: Option<String>,
    /// Above how many rows a second person of the organization must agree to an export. [default: 10000]
    #[arg(long, env = "PASSERELLE_EXPORT_ROWS_ALONE", value_name = "ROWS")]
    pub export_rows_alone: Option<String>,
    /// How many proxies of your own stand in front and add to X-Forwarded-For; with 0 the peer's address counts. [default: 0]
    #[arg(long, env = "PASSERELLE_PROXIES", value_name = "NUMBER")]
    pub proxies: Option<String>,
    /// How many run at once: mutations, queries, heavy reads, batches. [default: 256,256,8,4]
    #[arg(long, env = "PASSERELLE_PLACES", value_name = "NUMBERS")]
    pub places: Option<String>,
    /// How many connections may follow at once: in all, from one address, of one caller, of one organization.
    /// [default: 20000,2000,500,5000]
    #[arg(long, env = "PASSERELLE_CONNECTIONS", value_name = "NUMBERS")]
    pub connections: Option<String>,
}

#[derive(Args)]
pub struct Demo {
    /// A file's path, or postgres://USER@HOST/NAME.
    #[arg(long, default_value = "passerelle-demo.sqlite")]
    pub database: String,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Another port at the same address; 0 takes a free one.
    #[arg(long)]
    pub port: Option<u16>,
    /// Delete the file and start over.
    #[arg(long)]
    pub fresh: bool,
    /// Print one line of JSON instead of the banner.
    #[arg(long)]
    pub json: bool,
    /// Where the environment of the shell lines is written.
    #[arg(long, default_value = "passerelle-demo.env", value_name = "FILE")]
    pub env_file: PathBuf,
}

#[derive(Subcommand)]
pub enum Migrate {
    /// Make the missing steps; a missing SQLite file is made.
    Up(OfDatabase),
    /// Tell whether steps are missing; exit code 3 unless there are none.
    Status(OfDatabase),
}

#[derive(Args)]
pub struct OfDatabase {
    /// sqlite:PATH or postgres://USER@HOST/NAME.
    #[arg(long, env = "PASSERELLE_DATABASE", hide_env_values = true)]
    pub database: String,
}

#[derive(Args)]
pub struct Token {
    #[command(flatten)]
    pub of: OfDatabase,
    #[command(flatten)]
    pub subject: Subject,
    /// The Ed25519 private key that signs tokens, PKCS#8 PEM.
    #[arg(long, env = "PASSERELLE_SIGNING_KEY_FILE", value_name = "FILE")]
    pub signing_key_file: PathBuf,
    /// The https address of who issues tokens, as the server has it.
    #[arg(long, env = "PASSERELLE_ISSUER")]
    pub issuer: String,
    /// For whom tokens are, as the server has it.
    #[arg(long, env = "PASSERELLE_AUDIENCE")]
    pub audience: String,
    /// How long it is good for.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub minutes: u8,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Subject {
    /// The member's id.
    #[arg(long, value_name = "ID")]
    pub member: Option<String>,
    /// The client application's id.
    #[arg(long, value_name = "ID")]
    pub client: Option<String>,
}
