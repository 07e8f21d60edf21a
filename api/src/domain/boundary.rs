//! Boundaries of areas, as GeoJSON (RFC 7946) has them: longitude before latitude, rings closed, the outer ones
//! counterclockwise and the holes clockwise, cut where they would cross the antimeridian.

use geo::orient::Direction;
use geo::{Area as _, BoundingRect as _, Coord, LineString, MultiPolygon, Orient as _, Polygon, Simplify as _};
use serde::Deserialize;
use serde_json::{Value, json};

/// Why a geometry is no boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BoundaryFault {
    #[error("the geometry is no polygon and no group of polygons")]
    Kind,
    #[error("a position has no two finite numbers")]
    Position,
    #[error(
        "a longitude is not from -180 to 180 or a latitude not from -90 to 90; perhaps they are swapped or projected"
    )]
    Range,
    #[error("a ring has fewer than four positions")]
    Short,
    #[error("a ring does not end where it begins")]
    Open,
    #[error("a ring crosses the antimeridian; cut the area there into two polygons")]
    Antimeridian,
    #[error("an outer ring encloses nothing")]
    Empty,
}

/// A boundary that holds, in full and as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Boundary {
    /// As GeoJSON, wound rightly.
    pub geometry: String,
    /// The same with fewer positions, for maps.
    pub map_geometry: String,
    /// West, south, east, north.
    pub bounds: [f64; 4],
    /// Whether rings had to be wound the other way.
    pub was_mended: bool,
}

type Ring = Vec<Vec<f64>>;

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Given {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

/// How much of an area's extent a line may be moved to draw it with fewer positions.
const COARSENESS: f64 = 0.002;
/// The sixth decimal of a degree is a tenth of a meter.
const DECIMALS: f64 = 1_000_000.0;

/// Reads the geometry of an area.
///
/// # Errors
/// See [`BoundaryFault`].
pub fn read(geometry: &Value) -> Result<Boundary, BoundaryFault> {
    let given = Given::deserialize(geometry).map_err(|_| BoundaryFault::Kind)?;
    let polygons = match given {
        Given::Polygon(rings) => vec![polygon(&rings)?],
        Given::MultiPolygon(all) => all.iter().map(|rings| polygon(rings)).collect::<Result<Vec<_>, _>>()?,
    };
    let given = MultiPolygon::new(polygons);
    let wound = given.orient(Direction::Default);
    let rect = wound.bounding_rect().ok_or(BoundaryFault::Empty)?;
    let extent = rect.width().hypot(rect.height());
    let drawn = drawn(&wound, extent * COARSENESS).orient(Direction::Default);
    Ok(Boundary {
        geometry: text(&wound),
        map_geometry: text(&drawn),
        bounds: [rect.min().x, rect.min().y, rect.max().x, rect.max().y].map(rounded),
        was_mended: wound != given,
    })
}

fn polygon(rings: &[Ring]) -> Result<Polygon<f64>, BoundaryFault> {
    let mut rings = rings.iter().map(checked).collect::<Result<Vec<_>, _>>()?.into_iter();
    let polygon = Polygon::new(rings.next().ok_or(BoundaryFault::Empty)?, rings.collect());
    if polygon.unsigned_area() > 0.0 { Ok(polygon) } else { Err(BoundaryFault::Empty) }
}

fn checked(ring: &Ring) -> Result<LineString<f64>, BoundaryFault> {
    let mut line = Vec::with_capacity(ring.len());
    for position in ring {
        // A height may follow; it is dropped.
        let [x, y, ..] = position[..] else { return Err(BoundaryFault::Position) };
        if !x.is_finite() || !y.is_finite() {
            return Err(BoundaryFault::Position);
        }
        if !(-180.0..=180.0).contains(&x) || !(-90.0..=90.0).contains(&y) {
            return Err(BoundaryFault::Range);
        }
        line.push(Coord { x: rounded(x), y: rounded(y) });
    }
    if line.len() < 4 {
        return Err(BoundaryFault::Short);
    }
    if line.first() != line.last() {
        return Err(BoundaryFault::Open);
    }
    if line.windows(2).any(|pair| (pair[0].x - pair[1].x).abs() > 180.0) {
        return Err(BoundaryFault::Antimeridian);
    }
    Ok(LineString::new(line))
}

fn rounded(degrees: f64) -> f64 {
    (degrees * DECIMALS).round() / DECIMALS
}

/// The polygons with fewer positions. Islands and holes that would shrink to a line are left out, but never the last.
fn drawn(full: &MultiPolygon<f64>, tolerance: f64) -> MultiPolygon<f64> {
    let holds =
        |ring: &LineString<f64>| ring.0.len() > 3 && Polygon::new(ring.clone(), Vec::new()).unsigned_area() > 0.0;
    let fewer = |polygon: &Polygon<f64>| {
        let simpler = polygon.simplify(tolerance);
        let (outer, holes) = simpler.into_inner();
        holds(&outer).then(|| Polygon::new(outer, holes.into_iter().filter(|hole| holds(hole)).collect()))
    };
    let kept: Vec<Polygon<f64>> = full.0.iter().filter_map(fewer).collect();
    if kept.is_empty() { full.clone() } else { MultiPolygon::new(kept) }
}

fn text(polygons: &MultiPolygon<f64>) -> String {
    let ring = |ring: &LineString<f64>| ring.0.iter().map(|at| json!([at.x, at.y])).collect::<Value>();
    let rings = |polygon: &Polygon<f64>| {
        let holes = polygon.interiors().iter();
        std::iter::once(polygon.exterior()).chain(holes).map(ring).collect::<Value>()
    };
    match polygons.0.as_slice() {
        [one] => json!({ "type": "Polygon", "coordinates": rings(one) }).to_string(),
        all => json!({ "type": "MultiPolygon", "coordinates": all.iter().map(rings).collect::<Value>() }).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn square(size: f64) -> Value {
        json!([[0.0, 0.0], [size, 0.0], [size, size], [0.0, size], [0.0, 0.0]])
    }

    /// Twice the area of a ring, positive when it runs counterclockwise.
    fn winding(ring: &Value) -> f64 {
        let at = |position: &Value| (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
        let ring: Vec<(f64, f64)> = ring.as_array().unwrap().iter().map(at).collect();
        ring.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum()
    }

    #[test]
    fn rings_are_wound_by_the_right_hand() {
        let hole = json!([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0], [1.0, 1.0]]);
        let mut outer = square(9.0);
        for turned in [false, true] {
            let found = read(&json!({ "type": "Polygon", "coordinates": [outer, hole] })).unwrap();
            assert!(found.was_mended, "the hole ran the wrong way");
            assert_eq!(found.bounds, [0.0, 0.0, 9.0, 9.0]);
            for text in [&found.geometry, &found.map_geometry] {
                let geometry: Value = serde_json::from_str(text).unwrap();
                assert!(winding(&geometry["coordinates"][0]) > 0.0 && winding(&geometry["coordinates"][1]) < 0.0);
            }
            let again = read(&serde_json::from_str(&found.geometry).unwrap()).unwrap();
            assert!(!again.was_mended && again.geometry == found.geometry, "{turned}");
            outer.as_array_mut().unwrap().reverse();
        }
    }

    #[test]
    fn what_is_no_boundary_is_refused() {
        let ring = |ring: Value| json!({ "type": "Polygon", "coordinates": [ring] });
        for (given, fault) in [
            (json!({ "type": "Point", "coordinates": [1.0, 2.0] }), BoundaryFault::Kind),
            (ring(json!([[0.0, 0.0], [1.0], [1.0, 1.0], [0.0, 0.0]])), BoundaryFault::Position),
            (ring(json!([[0.0, 0.0], [1.0, 0.0], [1.0, 91.0], [0.0, 0.0]])), BoundaryFault::Range),
            (ring(json!([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])), BoundaryFault::Short),
            (ring(json!([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])), BoundaryFault::Open),
            (ring(json!([[179.0, 0.0], [-179.0, 0.0], [-179.0, 1.0], [179.0, 0.0]])), BoundaryFault::Antimeridian),
            (ring(json!([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 0.0]])), BoundaryFault::Empty),
        ] {
            assert_eq!(read(&given), Err(fault), "{given}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A coast of many small bays is drawn with fewer positions, still closed, still around the same place.
        #[test]
        fn what_is_drawn_is_closed_and_smaller(bays in prop::collection::vec(0.9_f64..1.0, 64..200), turned in any::<bool>()) {
            let turn = std::f64::consts::TAU / bays.len() as f64;
            let place = |(at, far): (usize, &f64)| json!([far * (turn * at as f64).cos(), far * (turn * at as f64).sin()]);
            let mut ring: Vec<Value> = bays.iter().enumerate().map(place).collect();
            ring.push(ring[0].clone());
            if turned {
                ring.reverse();
            }
            let found = read(&json!({ "type": "Polygon", "coordinates": [ring] })).unwrap();
            let drawn: Value = serde_json::from_str(&found.map_geometry).unwrap();
            let line = drawn["coordinates"][0].as_array().unwrap();
            prop_assert!(line.len() >= 4 && line.len() <= ring.len() && line.first() == line.last());
            prop_assert!(winding(&drawn["coordinates"][0]) > 0.0);
        }
    }
}
