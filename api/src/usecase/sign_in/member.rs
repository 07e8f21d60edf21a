//! A member gets a token for what an identity provider said of them (RFC 8693, token exchange).
//!
//! Whom a provider knows as which member is bound by issuer and subject, once, with a code that an administrator gave to
//! that person. Nobody is ever found by an address or a name.

use super::budget::Budget;
use super::keys::believed;
use super::{Bearer, issue, told};
use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::global_id::{self, Kind};
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use crate::domain::sign_in::{Granted, INVITATION_PREFIX, MemberAsks, NotGranted};
use crate::oidc::{Unverified, Vouched};
use crate::store::door::Tx;
use crate::store::identities::{Identified, Provider};
use crate::token;
use uuid::Uuid;

impl App {
    /// Gives a token to a member for whom a provider vouches.
    ///
    /// # Errors
    /// [`NotGranted`].
    pub async fn grant_to_member(&self, asks: &MemberAsks, request: &str) -> Result<Granted, NotGranted> {
        let (member, client) = vouched(self, asks, request).await.map_err(|fault| told(fault, request))??;
        let bearer = Bearer {
            id: member.member,
            organization: member.organization,
            kind: token::Kind::Member,
            epoch: member.epoch,
            organization_epoch: member.organization_epoch,
            client,
            scope: String::new(),
        };
        issue(self, bearer)
    }
}

type Found = Result<(Identified, String), NotGranted>;

async fn vouched(app: &App, asks: &MemberAsks, request: &str) -> Result<Found, Fault> {
    let budget = Budget::of(app, None, asks.address);
    if let Err(wait) = budget.look(app).await? {
        return Ok(Err(wait));
    }
    let believed = match Unverified::read(asks.token.expose()) {
        None => Err(NotGranted::Grant),
        Some(token) => believed(app, &token, asks).await?,
    };
    if let Err(NotGranted::Unavailable) = believed {
        return Ok(Err(NotGranted::Unavailable));
    }
    let tx = app.store.begin().await?;
    if let Err(wait) = budget.take(&tx).await? {
        return Ok(Err(wait));
    }
    let member = match &believed {
        Ok((providers, vouched)) => member_of(app, &tx, asks, providers, vouched).await?,
        Err(_) => None,
    };
    let (Some(member), Ok((providers, _))) = (member, believed) else {
        // What failed is counted, and a token that was handed in is used, whoever did.
        tx.commit().await?;
        tracing::info!(request_id = request, "a member was not let in");
        return Ok(Err(NotGranted::Grant));
    };
    budget.give_back(&tx).await?;
    tx.member_used(member.member, app.now());
    tx.note_sign_in(("MEMBER", member.member), member.organization.into(), request, app.now());
    tx.commit().await?;
    Ok(Ok((member, client_of(&providers))))
}

/// The client to which the provider gave the identity token; ours is named in its place where it is no name.
fn client_of(providers: &[Provider]) -> String {
    let audience = providers.first().map(|provider| provider.audience.as_str()).unwrap_or_default();
    let sound = (1..=128).contains(&audience.len()) && audience.bytes().all(|byte| byte.is_ascii_graphic());
    if sound { audience.to_owned() } else { "passerelle".to_owned() }
}

/// The one member whom it is about; nobody where the token was used before, where nobody is bound, or where the person works
/// for several organizations and none is named.
async fn member_of(
    app: &App,
    tx: &Tx,
    asks: &MemberAsks,
    providers: &[Provider],
    vouched: &Vouched,
) -> Result<Option<Identified>, Fault> {
    if !tx.use_id_token(&vouched.fingerprint, vouched.until, app.clock.now().as_second()).await? {
        return Ok(None);
    }
    let organization = match &asks.organization {
        None => None,
        Some(text) => match global_id::decode(text).filter(|(kind, _)| *kind == Kind::Organization) {
            Some((_, key)) => Some(key),
            None => return Ok(None),
        },
    };
    let subject = app.sealer.keyed_hash("id-token-subject", &vouched.subject);
    let organization = match &asks.invitation {
        Some(code) => match bind(app, tx, providers, &subject, code.expose()).await? {
            Some(bound) => Some(bound),
            None => return Ok(None),
        },
        None => organization,
    };
    let keys: Vec<Uuid> = providers.iter().map(|provider| provider.id).collect();
    let found = tx.identified(&keys, &subject, organization).await?;
    Ok(if let [one] = found[..] { Some(one) } else { None })
}

/// Binds the member who was given a code; gives their organization. The administrators are told.
async fn bind(app: &App, tx: &Tx, providers: &[Provider], subject: &str, code: &str) -> Result<Option<Uuid>, Fault> {
    let (code, now) = (app.sealer.keyed_hash(INVITATION_PREFIX, code), app.now());
    for provider in providers {
        let Some(who) = tx.use_invitation(&code, provider.organization, now).await? else { continue };
        if !tx.bind_member(who, provider.id, subject, now).await? {
            return Ok(None);
        }
        let notice = Notice { role: Some(MemberRole::Administrator), ..Notice::to(who.1) };
        tx.tell(&notice.of_kind("MEMBER_BOUND"), "signIn", (Kind::Member, who.0.into()), now);
        return Ok(Some(who.1.into()));
    }
    Ok(None)
}
