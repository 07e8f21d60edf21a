//! Where the demonstration takes place: a real country, invented regions and communes, invented P-codes.

/// An area of the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub level: i32,
    pub pcode: &'static str,
    pub name: &'static str,
    pub english: &'static str,
    pub arabic: &'static str,
    /// Its number in the list of the area above.
    pub parent: Option<usize>,
    /// An invented point in it: latitude and longitude.
    pub point: (f64, f64),
}

const fn place(
    (level, pcode, parent): (i32, &'static str, Option<usize>),
    [name, english, arabic]: [&'static str; 3],
    point: (f64, f64),
) -> Place {
    Place { level, pcode, name, english, arabic, parent, point }
}

/// The country of all of them, ISO 3166-1 alpha-2.
pub const COUNTRY: &str = "SN";

/// The areas, each after the one above it.
pub const PLACES: [Place; 10] = [
    place((0, "SN", None), ["Sénégal", "Senegal", "السنغال"], (14.5, -14.5)),
    place((1, "SN91", Some(0)), ["Région du Fleuve", "River Region", "منطقة النهر"], (16.1, -15.0)),
    place((1, "SN92", Some(0)), ["Région du Littoral", "Coastal Region", "منطقة الساحل"], (14.9, -16.8)),
    place((1, "SN93", Some(0)), ["Région des Plateaux", "Plateau Region", "منطقة الهضاب"], (13.6, -13.4)),
    place((2, "SN9101", Some(1)), ["Keur Salam", "Keur Salam", "كور سلام"], (16.18, -15.12)),
    place((2, "SN9102", Some(1)), ["Pont-du-Fleuve", "Pont-du-Fleuve", "جسر النهر"], (16.02, -14.87)),
    place((2, "SN9201", Some(2)), ["Port-Teranga", "Port-Teranga", "ميناء تيرانغا"], (14.93, -16.91)),
    place((2, "SN9202", Some(2)), ["Baie-des-Filaos", "Baie-des-Filaos", "خليج الفيلاو"], (15.04, -16.78)),
    place((2, "SN9301", Some(3)), ["Mont-Bandia", "Mont-Bandia", "جبل بانديا"], (13.64, -13.35)),
    place((2, "SN9302", Some(3)), ["Trois-Puits", "Trois-Puits", "الآبار الثلاثة"], (13.51, -13.52)),
];

/// Whether what is given in one area serves another: the same one, or one around it or within it.
pub fn serves(given: usize, lived: usize) -> bool {
    let within = |mut inner: usize, outer: usize| loop {
        match (inner == outer, PLACES[inner].parent) {
            (true, _) => return true,
            (false, Some(parent)) => inner = parent,
            (false, None) => return false,
        }
    };
    within(given, lived) || within(lived, given)
}
