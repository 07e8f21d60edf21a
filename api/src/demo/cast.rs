//! Who works where. Members are named by what they do.

use super::organizations::{INSTITUTE, LEAD, NETWORK, PARTIES, PARTNER, REGION, REPEATING};
use super::personas::{PERSONAS, Right};
use super::stage::Stage;
use crate::domain::actor::{Actor, MemberRole, RoleGrant, Standing};
use crate::domain::organization::OrganizationKind;
use crate::domain::rule::Outcome;
use crate::usecase::directory::{NewClient, NewMember, client_add, member_add};

/// A post in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Post {
    /// Edits the directory.
    Directory,
    /// Holds cases and refers.
    Cases,
    /// Decides on what comes in.
    Intake,
    /// Gives services.
    Worker,
    /// Answers for what the others decide.
    Supervision,
    /// Coordinates a program.
    Coordination,
}

impl Post {
    /// The role of whoever holds it.
    pub fn role(self) -> MemberRole {
        match self {
            Self::Directory => MemberRole::DirectoryEditor,
            Self::Cases => MemberRole::CaseManager,
            Self::Intake => MemberRole::Intake,
            Self::Worker => MemberRole::ServiceWorker,
            Self::Supervision => MemberRole::Supervisor,
            Self::Coordination => MemberRole::Coordinator,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Directory => "Responsable de l’annuaire",
            Self::Cases => "Gestionnaire de cas",
            Self::Intake => "Accueil des orientations",
            Self::Worker => "Intervention sociale",
            Self::Supervision => "Supervision",
            Self::Coordination => "Coordination du programme",
        }
    }

    fn all_of(organization: usize) -> Vec<Self> {
        let kinds = PARTIES[organization].kinds;
        let mut posts = Vec::new();
        if kinds.contains(&OrganizationKind::ServiceProvider) {
            posts.extend([Self::Directory, Self::Intake, Self::Worker]);
        }
        if [PARTNER, NETWORK, REGION, LEAD, REPEATING].contains(&organization) {
            posts.push(Self::Cases);
        }
        if [PARTNER, INSTITUTE].contains(&organization) {
            posts.push(Self::Supervision);
        }
        if organization == LEAD {
            posts.push(Self::Coordination);
        }
        posts
    }
}

/// Engages everybody: the personas first, then who is needed beside them.
///
/// # Errors
/// What a use case refuses.
pub async fn engage(stage: &mut Stage<'_>) -> Outcome<()> {
    for persona in &PERSONAS {
        match persona.right {
            Right::Role(role) => {
                let actor = member(stage, persona.organization, persona.name, role).await?;
                if let Some(id) = actor.principal() {
                    stage.mark(&format!("persona.{}", persona.variable), id);
                }
                let post = Post::all_of(persona.organization).into_iter().find(|post| post.role() == role);
                if let Some(post) = post {
                    stage.engage(persona.organization, post, actor);
                }
            }
            Right::Scopes(scopes) => {
                let organization = stage.organizations[persona.organization];
                let new = NewClient { organization, name: persona.name.to_owned(), scopes: scopes.to_vec() };
                let id = client_add(stage.app, &new).await?;
                stage.mark(&format!("persona.{}", persona.variable), id);
            }
        }
    }
    for organization in 0..PARTIES.len() {
        for post in Post::all_of(organization) {
            if !stage.has(organization, post) {
                let actor = member(stage, organization, post.name(), post.role()).await?;
                stage.engage(organization, post, actor);
            }
        }
    }
    Ok(())
}

async fn member(stage: &Stage<'_>, number: usize, name: &str, role: MemberRole) -> Outcome<Actor> {
    let organization = stage.organizations[number];
    let roles = vec![RoleGrant { role, program: None }];
    let new = NewMember { organization, name: name.to_owned(), roles: roles.clone() };
    let id = member_add(stage.app, &new).await?;
    let standing = Standing { organization, kinds: PARTIES[number].kinds.to_vec() };
    Ok(Actor::Member { id, standing, roles })
}
