//! Entering organizations, programs, members and areas.

use super::arguments::OfDatabase;
use super::database::{Address, open_current};
use super::entry_arguments::{AreaAdd, MemberAdd, OrganizationAdd, ProgramAdd};
use super::failed::{Ending, Failed};
use super::parts;
use crate::app::App;
use crate::domain::global_id::{Kind, encode};
use crate::usecase::directory::{
    NewArea, NewMember, NewOrganization, NewProgram, area_add, member_add, organization_add, program_add,
};

/// Something that can be entered; answers with the public id it got.
pub trait Enter {
    /// The database it goes into.
    fn of(&self) -> &OfDatabase;
    /// Enters it.
    fn enter(self, app: &App) -> impl Future<Output = Result<String, Failed>>;
}

/// Enters one thing and gives its public id.
///
/// # Errors
/// The database can't be used, or the input breaks rules.
pub async fn add(thing: impl Enter) -> Result<String, Failed> {
    let address = named(thing.of())?;
    let app = parts::operators(open_current(&address).await?)?;
    let id = thing.enter(&app).await;
    app.store.close().await;
    id
}

/// The database that was named.
///
/// # Errors
/// It is no address.
pub fn named(of: &OfDatabase) -> Result<Address, Failed> {
    Address::read(&of.database).ok_or_else(|| {
        Failed::with(Ending::Configuration, "--database must be sqlite:PATH or postgres://USER@HOST/NAME.")
    })
}

impl Enter for OrganizationAdd {
    fn of(&self) -> &OfDatabase {
        &self.of
    }

    async fn enter(self, app: &App) -> Result<String, Failed> {
        let new = NewOrganization {
            name: self.name,
            names: self.names.into_iter().collect(),
            description: self.description,
            country: self.country,
            kinds: self.kinds,
            website: self.website,
            email: self.email,
        };
        Ok(encode(Kind::Organization, organization_add(app, &new).await?.into()))
    }
}

impl Enter for ProgramAdd {
    fn of(&self) -> &OfDatabase {
        &self.of
    }

    async fn enter(self, app: &App) -> Result<String, Failed> {
        let new = NewProgram {
            name: self.name,
            names: self.names.into_iter().collect(),
            lead: self.lead,
            members: self.members,
            funders: self.funders,
            areas: self.areas,
        };
        Ok(encode(Kind::Program, program_add(app, &new).await?.into()))
    }
}

impl Enter for MemberAdd {
    fn of(&self) -> &OfDatabase {
        &self.of
    }

    async fn enter(self, app: &App) -> Result<String, Failed> {
        let new = NewMember { organization: self.organization, name: self.name, roles: self.roles };
        Ok(encode(Kind::Member, member_add(app, &new).await?.into()))
    }
}

impl Enter for AreaAdd {
    fn of(&self) -> &OfDatabase {
        &self.of
    }

    async fn enter(self, app: &App) -> Result<String, Failed> {
        let new = NewArea {
            country: self.country,
            level: self.level,
            pcode: self.pcode,
            edition: self.edition,
            name: self.name,
            names: self.names.into_iter().collect(),
            parent: self.parent,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        };
        Ok(encode(Kind::Area, area_add(app, &new).await?.into()))
    }
}
