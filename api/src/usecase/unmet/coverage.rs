//! What is offered where, and how many people are being helped.

use crate::app::App;
use crate::domain::area::Area;
use crate::domain::id::AreaId;
use crate::domain::policy::Sight;
use crate::domain::quarter::Quarter;
use crate::domain::rule::Fault;
use crate::domain::service::CoverageCell;
use crate::usecase::unmet::{Asked, Reply, Tables, tables};
use std::collections::HashMap;

/// What is offered in an area and those below it.
pub struct Coverage {
    /// From above to below, and by name; the asked one first.
    pub areas: Vec<Area>,
    /// Cells with a service that the asker may see.
    pub cells: HashMap<AreaId, Vec<CoverageCell>>,
    /// People being helped when the last quarter ended; nothing for whom may not be told, or where it was not asked for.
    pub caseload: Option<Tables>,
}

/// An area with those up to `levels` below it, each with its cells that hold a service the asker may see, and with the
/// caseload by where people live.
///
/// # Errors
/// What the engine refuses.
pub async fn coverage(
    app: &App,
    sight: &Sight,
    (area, levels): (AreaId, i32),
    with_caseload: bool,
    most: usize,
) -> Result<Reply<Coverage>, Fault> {
    let areas = app.store.area_descendants(area, levels, most).await?;
    if areas.len() > most {
        return Ok(Reply::TooMany);
    }
    let cells = app.store.coverage(sight, area, levels, &app.fresh_on()).await?;
    let quarter = Quarter::last_over(app.clock.now()).filter(|_| with_caseload && sight.organization.is_some());
    let caseload = match quarter {
        Some(quarter) => tables(app, sight, &Asked { area, levels, quarter, category: None }, &areas).await?,
        None => None,
    };
    Ok(Reply::Told(Coverage { areas, cells, caseload }))
}
