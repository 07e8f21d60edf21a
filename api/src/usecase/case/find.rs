//! Finding a case.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::budget::Purse;
use crate::domain::case::Case;
use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::id::CaseId;
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::sealed::Private;
use crate::store::cases::CaseKey;
use uuid::Uuid;

/// By what a case is looked for.
#[derive(Debug, Clone)]
pub enum CaseBy {
    Id(CaseId),
    /// The shared identifier.
    Identifier(CaseIdentifier),
    /// The asker's own number.
    Alias {
        scheme: String,
        value: Private<String>,
    },
}

/// Why a search gives no answer at all.
#[derive(Debug)]
pub enum NoSearch {
    /// Too many misses in this hour.
    Budget,
    /// Our fault.
    Fault(Fault),
}

/// Finds parts of a case among those the asker holds or was granted. By its identifier, a miss is counted: who guesses is stopped.
///
/// # Errors
/// See [`NoSearch`].
pub async fn find(app: &App, actor: &Actor, by: CaseBy, parts: &Parts) -> Result<Option<Case>, NoSearch> {
    let (Some(organization), Some(principal)) = (actor.organization(), actor.principal()) else { return Ok(None) };
    let guessed = matches!(by, CaseBy::Identifier(_));
    // A guess is paid for before the search and given back after a hit: so many at once are no way around it.
    let purses = [(Purse::GuessesOfPrincipal, principal), (Purse::GuessesOfOrganization, organization.into())];
    if guessed {
        may_guess(app, purses).await?;
    }
    let key = match by {
        CaseBy::Id(id) => CaseKey::Id(id),
        CaseBy::Identifier(identifier) => CaseKey::Identifier(identifier.as_str().to_owned()),
        CaseBy::Alias { scheme, value } => {
            let index = app.sealer.blind_index("case_alias.value", organization.into(), value.expose());
            CaseKey::Alias(scheme, index)
        }
    };
    let found = app.store.case(&Sight::of(actor), &key, parts).await.map_err(NoSearch::Fault)?;
    if guessed && found.is_some() {
        purses.into_iter().for_each(|purse| app.refund(purse, 1));
    }
    Ok(found)
}

async fn may_guess(app: &App, purses: [(Purse, Uuid); 2]) -> Result<(), NoSearch> {
    let [own, all] = purses;
    app.spend(own, 1).await.map_err(|_| NoSearch::Budget)?;
    if app.spend(all, 1).await.is_err() {
        app.refund(own, 1);
        return Err(NoSearch::Budget);
    }
    Ok(())
}
