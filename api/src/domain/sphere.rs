//! Points on the earth, taken as a sphere. A point is kept as a vector of length one: then the straight line through
//! the earth between two of them is plain arithmetic for any engine, and its order is the order of distances.

/// The earth's mean radius in meters.
const RADIUS: f64 = 6_371_000.0;
/// How often the earth is halved to come to a cell: a cell is about 150 meters from north to south.
const BITS: u32 = 18;
/// Cells of a degree.
const CELLS_OF_A_DEGREE: f64 = 262_144.0 / 360.0;
/// Cells around the earth.
const AROUND: i64 = 1 << BITS;
/// Cells from pole to pole.
const UPWARD: i64 = AROUND / 2;
/// The most cells, small or large, by which a circle is told.
const MOST_CELLS: i64 = 48;
/// The radius in kilometers below which no smaller circle is looked into.
const SMALLEST_KM: f64 = 0.3;
/// The square meters of one squared radius; what the engines multiply squared chords with.
pub const SQUARED_RADIUS: f64 = RADIUS * RADIUS;

/// A point given by its degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}

/// What is looked for around a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub point: Point,
    /// More than zero, 500 at the most.
    pub radius_km: f64,
}

impl Point {
    /// The vector from the earth's middle.
    #[must_use]
    pub fn vector(self) -> [f64; 3] {
        let (up, round) = (self.latitude.to_radians(), self.longitude.to_radians());
        [up.cos() * round.cos(), up.cos() * round.sin(), up.sin()]
    }

    /// The cell it lies in.
    #[must_use]
    pub fn cell(self) -> i64 {
        in_turns(row(self.latitude), column(self.longitude))
    }
}

fn row(latitude: f64) -> i64 {
    floor((latitude + 90.0) * CELLS_OF_A_DEGREE).clamp(0, UPWARD - 1)
}

fn column(longitude: f64) -> i64 {
    floor((longitude + 180.0) * CELLS_OF_A_DEGREE).rem_euclid(AROUND)
}

/// The bits of a row and a column in turns: so all cells of a larger cell are numbered in one go.
fn in_turns(row: i64, column: i64) -> i64 {
    (0..BITS).fold(0, |all, at| all | ((column >> at) & 1) << (2 * at) | ((row >> at) & 1) << (2 * at + 1))
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are small, and a cast never overflows")]
fn floor(number: f64) -> i64 {
    number.floor() as i64
}

impl Near {
    /// The squared straight line to the circle's edge, in square meters.
    #[must_use]
    pub fn squared(self) -> i64 {
        let chord = 2.0 * RADIUS * (self.radius_km * 500.0 / RADIUS).sin();
        floor(chord * chord)
    }

    /// This circle and smaller ones around the same point, each of half the radius; the smallest first.
    #[must_use]
    pub fn circles(self) -> Vec<Self> {
        let mut all = vec![self];
        while let Some(last) = all.last().filter(|last| last.radius_km / 2.0 >= SMALLEST_KM) {
            all.push(Self { radius_km: last.radius_km / 2.0, ..self });
        }
        all.reverse();
        all
    }

    /// All cells that hold a point of the circle, from and to. They are the smaller the smaller the circle is.
    #[must_use]
    pub fn cells(self) -> Vec<(i64, i64)> {
        let Point { latitude, longitude } = self.point;
        let up = (self.radius_km * 1_000.0 / RADIUS).to_degrees();
        let (south, north) = (latitude - up, latitude + up);
        // Nearer to the pole a degree of longitude is shorter; at the pole the circle holds all of them.
        let widest = (up.to_radians().sin() / latitude.to_radians().cos().max(f64::EPSILON)).min(1.0);
        let around = if north >= 90.0 || south <= -90.0 { 180.0 } else { widest.asin().to_degrees() };
        let (west, east) = (column(longitude - around), column(longitude + around));
        let rows = (row(south), row(north));
        let all_around = around >= 179.0;
        let span = if all_around { AROUND } else { (east - west).rem_euclid(AROUND) + 1 };
        let mut level = 0;
        while ((rows.1 >> level) - (rows.0 >> level) + 1) * ((span >> level) + 2) > MOST_CELLS {
            level += 1;
        }
        let (first, count) = if all_around { (0, AROUND >> level) } else { (west >> level, (span >> level) + 2) };
        let count = count.min(AROUND >> level);
        let mut cells: Vec<i64> = ((rows.0 >> level)..=(rows.1 >> level))
            .flat_map(|row| (0..count).map(move |step| in_turns(row, (first + step).rem_euclid(AROUND >> level))))
            .collect();
        cells.sort_unstable();
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for cell in cells {
            let (from, to) = (cell << (2 * level), ((cell + 1) << (2 * level)) - 1);
            match spans.last_mut() {
                Some(last) if last.1 + 1 >= from => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
        spans
    }
}

/// The distance along the earth in meters of a squared straight line in square meters.
#[must_use]
pub fn meters(squared: i64) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "less than 2 to the 53")]
    let half = (squared.max(0) as f64).sqrt() / (2.0 * RADIUS);
    floor((2.0 * RADIUS * half.min(1.0).asin()).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squared(one: Point, other: Point) -> i64 {
        let parts = one.vector().into_iter().zip(other.vector());
        floor(parts.map(|(one, other)| (one - other) * (one - other)).sum::<f64>() * SQUARED_RADIUS)
    }

    const fn at(latitude: f64, longitude: f64) -> Point {
        Point { latitude, longitude }
    }

    #[test]
    fn distances_are_those_along_the_earth() {
        let cases = [(at(0.0, 0.0), at(0.0, 1.0), 111_195), (at(14.6928, -17.4467), at(14.7910, -16.9359), 55_996)];
        for (one, other, expected) in cases {
            let found = meters(squared(one, other));
            assert!((found - expected).abs() < 150, "{found}");
        }
        assert!((meters(squared(at(10.0, 179.99), at(10.0, -179.99))) - 2_190).abs() < 10);
        assert_eq!(meters(0), 0);
    }

    #[test]
    fn a_circle_never_leaves_out_a_cell_of_its_points() {
        for (latitude, longitude) in
            [(0.0, 0.0), (14.7, -17.4), (35.0, 179.9), (-41.2, -179.95), (89.0, 10.0), (66.0, 25.3)]
        {
            for radius_km in [1.0, 20.0, 100.0, 500.0] {
                let near = Near { point: at(latitude, longitude), radius_km };
                let cells = near.cells();
                assert!(cells.len() <= MOST_CELLS as usize, "{near:?}");
                for step in 0..72 {
                    // Points on a ring somewhat inside the circle, by the formula of a course on a sphere.
                    let (course, far) = (f64::from(step * 5).to_radians(), radius_km * 0.999 * 1_000.0 / RADIUS);
                    let start = latitude.to_radians();
                    let up = (start.sin() * far.cos() + start.cos() * far.sin() * course.cos()).asin();
                    let round = (course.sin() * far.sin() * start.cos()).atan2(far.cos() - start.sin() * up.sin());
                    let mut east = longitude + round.to_degrees();
                    if east > 180.0 {
                        east -= 360.0;
                    }
                    if east < -180.0 {
                        east += 360.0;
                    }
                    let point = at(up.to_degrees(), east);
                    assert!(squared(near.point, point) <= near.squared(), "{near:?} {step}");
                    let cell = point.cell();
                    assert!(cells.iter().any(|(from, to)| (*from..=*to).contains(&cell)), "{near:?} {point:?}");
                }
            }
        }
    }
}
