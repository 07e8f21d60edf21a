//! Boundaries of areas in the database, and what changes in areas when they are imported anew.

use crate::domain::area::Area;
use crate::domain::boundary::Boundary;
use crate::domain::id::{AreaId, ServiceId};
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::fragment;
use crate::store::statement::{body, json, keys};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// An area that is known, with the edition of codes it is of.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownArea {
    pub area: Area,
    pub edition: String,
}

impl Door {
    /// The shapes of an area and those up to `levels` below it as they are drawn, with west, south, east and north.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn shapes(&self, top: AreaId, levels: i32) -> Result<HashMap<AreaId, (String, [f64; 4])>, Fault> {
        let text = "SELECT b.area_id AS id, b.map_geometry AS shape, b.west AS west, b.south AS south, b.east AS east, \
             b.north AS north FROM area_boundary b JOIN area_closure ac ON ac.descendant_id = b.area_id \
             WHERE ac.ancestor_id = $1 AND ac.depth <= $2";
        let unreadable = |_| Fault::Store("a boundary does not read".into());
        let mut shapes = HashMap::new();
        for row in self.rows(text, vec![Uuid::from(top).into(), levels.into()]).await? {
            let side = |column: &str| row.try_get::<f64>("", column).map_err(unreadable);
            let bounds = [side("west")?, side("south")?, side("east")?, side("north")?];
            let id: Uuid = row.try_get("", "id").map_err(unreadable)?;
            shapes.insert(id.into(), (row.try_get("", "shape").map_err(unreadable)?, bounds));
        }
        Ok(shapes)
    }
}

impl Tx {
    /// All areas of a country, those that begin latest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn known_areas_of(&self, country: &str) -> Result<Vec<KnownArea>, Fault> {
        let text = format!(
            "SELECT CAST(OBJ('edition', a.edition, 'area', {}) AS TEXT) AS body FROM area a WHERE a.country = $1 \
             ORDER BY coalesce(a.valid_from, '') DESC, a.edition DESC, a.id",
            fragment::area("a")
        );
        self.rows(&text, vec![country.into()]).await?.iter().map(|row| body(row, "area")).collect()
    }

    /// Changes an area's names and days, and what it is right below; where it lies is moved by [`Tx::move_area`].
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn change_area(&self, area: &Area) -> Result<(), Fault> {
        self.run(
            "UPDATE area SET name = $1, names = $2, parent_id = $3, valid_from = $4, valid_to = $5 WHERE id = $6",
            vec![
                area.name.clone().into(),
                json(&area.names)?.into(),
                area.parent.map(Uuid::from).into(),
                area.valid_from.clone().into(),
                area.valid_to.clone().into(),
                Uuid::from(area.id).into(),
            ],
        )
        .await
        .map(drop)
    }

    /// Puts an area with all below it elsewhere, and the services that reach it with it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn move_area(&self, id: AreaId, parent: Option<AreaId>) -> Result<(), Fault> {
        let key = Uuid::from(id);
        let below = "SELECT d.descendant_id FROM area_closure d WHERE d.ancestor_id = $1";
        let text =
            format!("DELETE FROM area_closure WHERE descendant_id IN ({below}) AND ancestor_id NOT IN ({below})");
        self.run(&text, vec![key.into()]).await?;
        if let Some(parent) = parent {
            self.run(
                "INSERT INTO area_closure (ancestor_id, descendant_id, depth) \
                 SELECT up.ancestor_id, down.descendant_id, up.depth + down.depth + 1 FROM area_closure up, \
                 area_closure down WHERE up.descendant_id = $2 AND down.ancestor_id = $1",
                vec![key.into(), Uuid::from(parent).into()],
            )
            .await?;
        }
        let reached: Vec<ServiceId> =
            keys(&self.rows("SELECT service_id AS id FROM service_reach WHERE area_id = $1", vec![key.into()]).await?)?;
        for service in reached {
            self.refresh_reach(service).await?;
        }
        Ok(())
    }

    /// Keeps the boundary of an area; tells whether it is new or different.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn set_boundary(&self, id: AreaId, boundary: &Boundary, now: i64) -> Result<bool, Fault> {
        let [west, south, east, north] = boundary.bounds;
        let changed = self
            .run(
                "INSERT INTO area_boundary (area_id, geometry, map_geometry, west, south, east, north, imported_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (area_id) DO UPDATE SET \
                 geometry = excluded.geometry, map_geometry = excluded.map_geometry, west = excluded.west, \
                 south = excluded.south, east = excluded.east, north = excluded.north, imported_at = excluded.imported_at \
                 WHERE area_boundary.geometry <> excluded.geometry OR area_boundary.map_geometry <> excluded.map_geometry",
                vec![
                    Uuid::from(id).into(),
                    boundary.geometry.clone().into(),
                    boundary.map_geometry.clone().into(),
                    west.into(),
                    south.into(),
                    east.into(),
                    north.into(),
                    now.into(),
                ],
            )
            .await?;
        Ok(changed > 0)
    }
}
