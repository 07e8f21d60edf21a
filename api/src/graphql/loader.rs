//! Loaders that fetch in one statement what a list asks for item by item. A loader lives for one request, because it
//! sees with the eyes of the one who asks.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::area::Area;
use crate::domain::case::Case;
use crate::domain::id::{AreaId, CaseId, ServiceId};
use crate::domain::plan::Casework;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::usecase::service::{self, Standing};
use crate::usecase::{browse, plan};
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::{Timer, TokioSpawner};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Lets the rest of the level ask before the batch is sent, without waiting a millisecond for nobody.
struct Yield;

impl Timer for Yield {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        tokio::task::yield_now().boxed()
    }
}

/// Loads cases that the asker holds or was granted.
pub struct Cases {
    app: Arc<App>,
    sight: Sight,
}

impl Loader<CaseId> for Cases {
    type Value = Arc<Case>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[CaseId]) -> Result<HashMap<CaseId, Arc<Case>>, Arc<Fault>> {
        let found = browse::cases_by_id(&self.app, &self.sight, keys).await?;
        Ok(found.into_iter().map(|(id, case)| (id, Arc::new(case))).collect())
    }
}

/// Loads the work on cases that the asker's organization holds.
pub struct Caseworks {
    app: Arc<App>,
    sight: Sight,
}

impl Loader<CaseId> for Caseworks {
    type Value = Arc<Casework>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[CaseId]) -> Result<HashMap<CaseId, Arc<Casework>>, Arc<Fault>> {
        let found = plan::casework(&self.app, &self.sight, keys).await?;
        Ok(found.into_iter().map(|(id, work)| (id, Arc::new(work))).collect())
    }
}

/// Loads how fresh services are that the asker may see.
pub struct Standings {
    app: Arc<App>,
    sight: Sight,
}

impl Loader<ServiceId> for Standings {
    type Value = Arc<Standing>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[ServiceId]) -> Result<HashMap<ServiceId, Arc<Standing>>, Arc<Fault>> {
        let found = service::standings(&self.app, &self.sight, keys).await?;
        Ok(found.into_iter().map(|(id, standing)| (id, Arc::new(standing))).collect())
    }
}

/// Loads areas, which everybody may see.
pub struct Areas {
    app: Arc<App>,
}

impl Loader<AreaId> for Areas {
    type Value = Arc<Area>;
    type Error = Arc<Fault>;

    async fn load(&self, keys: &[AreaId]) -> Result<HashMap<AreaId, Arc<Area>>, Arc<Fault>> {
        let found = browse::areas_by_id(&self.app, keys).await?;
        Ok(found.into_iter().map(|(id, area)| (id, Arc::new(area))).collect())
    }
}

/// The loaders of one request, made when they are first needed.
#[derive(Default)]
pub struct Loaders {
    cases: OnceLock<DataLoader<Cases>>,
    areas: OnceLock<DataLoader<Areas>>,
    casework: OnceLock<DataLoader<Caseworks>>,
    standings: OnceLock<DataLoader<Standings>>,
}

impl Loaders {
    /// The loader of cases.
    pub fn cases(&self, app: &Arc<App>, actor: &Actor) -> &DataLoader<Cases> {
        self.cases.get_or_init(|| {
            let cases = Cases { app: Arc::clone(app), sight: Sight::of(actor) };
            DataLoader::new(cases, TokioSpawner::current(), Yield).max_batch_size(100)
        })
    }

    /// The loader of the holder's work on cases.
    pub fn casework(&self, app: &Arc<App>, actor: &Actor) -> &DataLoader<Caseworks> {
        self.casework.get_or_init(|| {
            let work = Caseworks { app: Arc::clone(app), sight: Sight::of(actor) };
            DataLoader::new(work, TokioSpawner::current(), Yield).max_batch_size(100)
        })
    }

    /// The loader of how fresh services are.
    pub fn standings(&self, app: &Arc<App>, actor: &Actor) -> &DataLoader<Standings> {
        self.standings.get_or_init(|| {
            let standings = Standings { app: Arc::clone(app), sight: Sight::of(actor) };
            DataLoader::new(standings, TokioSpawner::current(), Yield).max_batch_size(100)
        })
    }

    /// The loader of areas.
    pub fn areas(&self, app: &Arc<App>) -> &DataLoader<Areas> {
        self.areas.get_or_init(|| {
            let areas = Areas { app: Arc::clone(app) };
            DataLoader::new(areas, TokioSpawner::current(), Yield).max_batch_size(100)
        })
    }
}
