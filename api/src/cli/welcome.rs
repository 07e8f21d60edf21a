//! What the demonstration says of itself: the banner, the line of JSON, the environment file.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::console;
use super::loop_lines::{DAY, STEPS, values};
use crate::demo::personas::{Persona, Right};
use crate::demo::{LoopIds, PARTIES};
use crate::domain::code::Code as _;
use crate::domain::sealed::Private;
use crate::store::demo_marks::Census;

/// A persona with a token.
pub struct Bearer {
    pub persona: &'static Persona,
    pub token: String,
}

/// An application with what it shows to get a token of its own.
pub struct Client {
    pub persona: &'static Persona,
    /// Its client_id.
    pub id: String,
    pub secret: Private<String>,
}

impl Bearer {
    /// The organization's name.
    #[must_use]
    pub fn organization(&self) -> &'static str {
        PARTIES[self.persona.organization].name
    }

    /// What the organization is.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        PARTIES[self.persona.organization].kinds.iter().map(|kind| kind.code()).collect()
    }

    /// The roles, or the scopes of an application.
    #[must_use]
    pub fn rights(&self) -> Vec<&'static str> {
        match self.persona.right {
            Right::Role(role) => vec![role.code()],
            Right::Scopes(scopes) => scopes.iter().map(|scope| scope.code()).collect(),
        }
    }
}

impl Client {
    fn json(&self) -> Value {
        json!({ "name": self.persona.name, "clientId": self.id, "clientSecret": self.secret.expose() })
    }
}

/// Everything there is to say.
pub struct Welcome<'a> {
    /// The server's address, such as http://127.0.0.1:8080.
    pub address: &'a str,
    pub database: &'a str,
    /// How long it took to make the network, if it was made at this start.
    pub made_in: Option<Duration>,
    pub ready_in: Duration,
    pub census: Census,
    pub bearers: &'a [Bearer],
    pub clients: &'a [Client],
    pub ids: &'a LoopIds,
    /// The sandbox's rows, each with the name of its environment variable.
    pub sandbox: &'a [(String, String)],
    pub env_file: &'a Path,
}

impl Welcome<'_> {
    fn lines(&self) -> Vec<String> {
        let token = |number: usize| self.bearers.get(number).map_or("", |bearer| &bearer.token);
        STEPS.iter().map(|step| step.line(self.address, token(step.persona), self.ids)).collect()
    }

    /// One line for programs.
    ///
    /// # Errors
    /// The output is gone.
    pub fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let all = json!({
            "graphql": format!("{}/graphql", self.address),
            "graphiql": format!("{}/graphiql", self.address),
            "hsds": format!("{}/hsds", self.address),
            "database": self.database,
            "personas": console::personas(self.bearers),
            "tokens": format!("{}/oauth/token", self.address),
            "clients": self.clients.iter().map(Client::json).collect::<Vec<_>>(),
            "curl": self.lines(),
            "sandbox": self.sandbox.iter().cloned().collect::<BTreeMap<_, _>>(),
        });
        writeln!(out, "{all}")?;
        out.flush()
    }

    /// The banner. What is long comes first, so that what to do next is what stands on the screen.
    ///
    /// # Errors
    /// The output is gone.
    pub fn banner(&self, out: &mut impl Write) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        writeln!(out, "Passerelle {version} · demonstration · invented people only · not for real data\n")?;
        writeln!(out, "Tokens, one for each persona, good for 12 hours:")?;
        for bearer in self.bearers {
            let (name, organization) = (bearer.persona.name, bearer.organization());
            writeln!(out, "\n  {name} · {organization} · {}", bearer.rights().join(" "))?;
            writeln!(out, "{}", bearer.token)?;
        }
        writeln!(out, "\nApplications, which get their own tokens, good for 10 minutes:")?;
        for client in self.clients {
            let (name, address) = (client.persona.name, self.address);
            let who = format!("{}:{}", client.id, client.secret.expose());
            writeln!(out, "\n  {name} · {}", PARTIES[client.persona.organization].name)?;
            writeln!(out, "curl -s -u '{who}' -d grant_type=client_credentials {address}/oauth/token")?;
        }
        writeln!(out, "\nThe loop from a shell; each line works by itself, in any order, and again:")?;
        for (number, (step, line)) in (1..).zip(STEPS.iter().zip(self.lines())) {
            writeln!(out, "\n  {number} {}\n{line}", step.title)?;
        }
        writeln!(out)?;
        self.summary(out)?;
        out.flush()
    }

    fn summary(&self, out: &mut impl Write) -> io::Result<()> {
        let (address, census) = (self.address, self.census);
        let kept = "kept from an earlier start".to_owned();
        let made = self.made_in.map_or(kept, |made| format!("new, made in {:.1} s", made.as_secs_f64()));
        writeln!(out, "  Database   {} ({made})", self.database)?;
        writeln!(
            out,
            "  Network    {} organizations · {} programs · {} areas · {} services · {} cases · {} referrals in every stage",
            census.organizations, census.programs, census.areas, census.services, census.cases, census.referrals
        )?;
        writeln!(
            out,
            "  Start here {address}/graphiql   tabs 1 publish 2 refer 3 ask 4 answer 5 accept 6 report 7 close"
        )?;
        writeln!(out, "  GraphQL    {address}/graphql    without a token: the public directory")?;
        writeln!(out, "  HSDS       {address}/hsds       the same directory as Open Referral's reference API")?;
        let file = self.env_file.display();
        writeln!(out, "  Shell      . ./{file}   sets $PASSERELLE_URL, a token for each persona and the ids above")?;
        writeln!(out, "  Stop       Ctrl-C; the data stay. Start over: passerelle demo --fresh")?;
        writeln!(
            out,
            "  Sandbox    $PASSERELLE_SANDBOX, a token for your app; four counterparties answer it: api/docs/partner-guide.md"
        )?;
        writeln!(out, "  Production passerelle serve --help")?;
        writeln!(out, "  Ready      in {:.1} s", self.ready_in.as_secs_f64())
    }

    /// Writes the environment file, which only its owner can read.
    ///
    /// # Errors
    /// It can't be written.
    pub fn environment(&self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.env_file)?;
        writeln!(file, "# Written by `passerelle demo` at each start; its tokens are good for 12 hours.")?;
        writeln!(file, "export PASSERELLE_URL='{}'", self.address)?;
        for bearer in self.bearers {
            writeln!(file, "export PASSERELLE_{}='{}'", bearer.persona.variable, bearer.token)?;
        }
        for (name, value) in self.sandbox {
            writeln!(file, "export PASSERELLE_{name}='{value}'")?;
        }
        for client in self.clients {
            writeln!(file, "export PASSERELLE_{}_ID='{}'", client.persona.variable, client.id)?;
            let secret = client.secret.expose();
            writeln!(file, "export PASSERELLE_{}_SECRET='{secret}'", client.persona.variable)?;
        }
        for (name, value) in values(self.ids) {
            writeln!(file, "export PASSERELLE_{name}='{value}'")?;
        }
        writeln!(file, "export PASSERELLE_{DAY}='{}'", self.ids.made_on)?;
        file.flush()
    }
}
