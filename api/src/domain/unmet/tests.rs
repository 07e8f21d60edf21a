//! Nobody who asks for everything that may be asked, in every way, learns a figure that is hidden from them. Small
//! populations are made by chance; all answers about them are gathered as equations; and an attacker who knows how cells
//! are hidden solves them.

use super::*;
use crate::domain::case::Urgency;
use crate::domain::code::Code as _;
use crate::domain::id::AreaId;
use crate::domain::service::{Dimension, Level};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

const CATEGORIES: [(&str, Dimension); 4] = [
    ("A.ONE", Dimension::Economic),
    ("A.TWO", Dimension::Economic),
    ("B.ONE", Dimension::Social),
    ("B.TWO", Dimension::Social),
];
const INSIDE: i64 = 5;
const OUTSIDE: i64 = 10;

/// A country (0) with regions (1 to 3) and two districts in each (4 to 9), as keys.
fn area(number: u8) -> AreaId {
    Uuid::from_u128(u128::from(number) + 1).into()
}

fn paths() -> HashMap<AreaId, Vec<AreaId>> {
    let path = |number: u8| match number {
        0 => vec![0],
        1..=3 => vec![0, number],
        _ => vec![0, (number - 4) / 2 + 1, number],
    };
    (0..10).map(|number| (area(number), path(number).into_iter().map(area).collect())).collect()
}

/// One person with one need: where, what and how soon.
type Person = (u8, usize, usize);

fn units(people: &[Person]) -> Vec<Unit> {
    let unit = |(at, (place, category, urgency)): (usize, &Person)| Unit {
        area: Some(area(*place)),
        category: Some(CATEGORIES[*category].0.into()),
        dimension: Some(CATEGORIES[*category].1),
        level: Some(Level::Individual),
        urgency: Some(Urgency::ALL[*urgency]),
        person: Some(Uuid::from_u128(at as u128 + 1)),
        count: 1,
    };
    people.iter().enumerate().map(unit).collect()
}

/// What an audience is told of a table when it asks for some categories.
fn released(made: &[MadeCell], outside: bool, chosen: &dyn Fn(&str) -> bool) -> Vec<ReleasedCell> {
    let cell = |cell: &MadeCell| {
        let category = cell.category.clone().unwrap();
        ReleasedCell {
            measure: Measure::NeedsOpen,
            area: cell.area,
            dimension: CATEGORIES.iter().find(|(code, _)| *code == category).map(|(_, dimension)| *dimension),
            level: Some(Level::Individual),
            urgency: cell.urgency,
            count: cell.count,
            block: if outside { cell.outside } else { cell.inside },
            is_chosen: chosen(&category),
            category: Some(category),
        }
    };
    made.iter().map(cell).collect()
}

/// That some of the cells add up to so much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Equation {
    of: BTreeMap<usize, i128>,
    sum: i128,
}

/// Every answer to every question that an audience may ask, as equations over the cells; and all the sets of cells that
/// were asked for.
fn answers(made: &[MadeCell], outside: bool) -> (BTreeSet<Equation>, BTreeSet<Vec<usize>>) {
    let areas: Vec<AreaId> = (0..10).map(area).collect();
    let above: HashMap<AreaId, Vec<AreaId>> = paths();
    let (mut told, mut asked) = (BTreeSet::new(), BTreeSet::new());
    for wanted in ["", "A", "B", "A.ONE", "A.TWO", "B.ONE", "B.TWO"] {
        let chosen = |code: &str| code.starts_with(wanted);
        let cells = released(made, outside, &chosen);
        for by in Breakdown::ALL {
            for row in rows(&cells, &areas, &above, *by) {
                let figure = row.figure(Measure::NeedsOpen);
                let inside = |(at, cell): (usize, &ReleasedCell)| {
                    let path = &above[&cell.area.unwrap()];
                    let fits = cell.is_chosen && path.contains(&row.area) && rows_key(cell, *by) == row.key;
                    fits.then_some(at)
                };
                let of: Vec<usize> = cells.iter().enumerate().filter_map(inside).collect();
                if let Some(count) = figure.count {
                    told.insert(equation(&of, count));
                } else {
                    // The attacker knows of which cells the told part is made.
                    let whole: Vec<usize> = of.iter().copied().filter(|cell| is_whole(&cells, &of, *cell)).collect();
                    told.insert(equation(&whole, figure.at_least));
                }
                asked.insert(of);
            }
        }
    }
    (told, asked)
}

fn rows_key(cell: &ReleasedCell, by: Breakdown) -> Key {
    let one = rows(
        std::slice::from_ref(cell),
        &[cell.area.unwrap()],
        &HashMap::from([(cell.area.unwrap(), vec![cell.area.unwrap()])]),
        by,
    );
    one.first().map(|row| row.key.clone()).unwrap_or_default()
}

fn is_whole(cells: &[ReleasedCell], of: &[usize], cell: usize) -> bool {
    let block = cells[cell].block;
    block.is_some() && (0..cells.len()).filter(|other| cells[*other].block == block).all(|other| of.contains(&other))
}

fn equation(of: &[usize], sum: i64) -> Equation {
    Equation { of: of.iter().map(|cell| (*cell, 1)).collect(), sum: i128::from(sum) }
}

/// The equations in a form in which each has a cell of its own that no other has.
fn reduced(told: &BTreeSet<Equation>) -> Vec<Equation> {
    let mut solved: Vec<(usize, Equation)> = Vec::new();
    for equation in told {
        let mut new = equation.clone();
        for (lead, by) in &solved {
            cancel(&mut new, *lead, by);
        }
        let Some(lead) = new.of.keys().next().copied() else { continue };
        for (_, other) in &mut solved {
            cancel(other, lead, &new);
        }
        solved.push((lead, new));
    }
    solved.into_iter().map(|(_, equation)| equation).collect()
}

/// Takes a cell out of an equation by means of another.
fn cancel(from: &mut Equation, lead: usize, by: &Equation) {
    let Some(factor) = from.of.get(&lead).copied() else { return };
    let scale = by.of[&lead];
    for value in from.of.values_mut() {
        *value *= scale;
    }
    from.sum = from.sum * scale - by.sum * factor;
    for (cell, value) in &by.of {
        *from.of.entry(*cell).or_default() -= value * factor;
    }
    from.of.retain(|_, value| *value != 0);
    let common = from.of.values().fold(from.sum.abs(), |a, b| gcd(a, b.abs()));
    if common > 1 {
        from.sum /= common;
        from.of.values_mut().for_each(|value| *value /= common);
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// From where to where each cell can lie, after all that the equations leave possible.
fn bounds(equations: &[Equation], counts: &[i64], fewest: i64) -> Vec<(i128, i128)> {
    let first = |count: &i64| if *count < fewest { (1, i128::from(fewest) - 1) } else { (i128::from(fewest), 10_000) };
    let mut bounds: Vec<(i128, i128)> = counts.iter().map(first).collect();
    loop {
        let before = bounds.clone();
        for equation in equations {
            for (cell, factor) in &equation.of {
                let (mut low, mut high) = (equation.sum, equation.sum);
                for (other, factor) in equation.of.iter().filter(|(other, _)| *other != cell) {
                    let (least, most) = bounds[*other];
                    low -= (factor * least).max(factor * most);
                    high -= (factor * least).min(factor * most);
                }
                let (low, high) = if *factor > 0 { (low, high) } else { (-high, -low) };
                let factor = factor.abs();
                let bound = &mut bounds[*cell];
                *bound = (
                    bound.0.max(low.div_euclid(factor) + i128::from(low.rem_euclid(factor) != 0)),
                    bound.1.min(high.div_euclid(factor)),
                );
            }
        }
        if bounds == before {
            return bounds;
        }
    }
}

/// The first thing that the answers give away of figures of fewer than so many persons.
fn leak(told: &BTreeSet<Equation>, asked: &BTreeSet<Vec<usize>>, counts: &[i64], fewest: i64) -> Option<String> {
    let solved = reduced(told);
    for of in asked {
        let sum: i64 = of.iter().map(|cell| counts[*cell]).sum();
        if sum == 0 || sum >= fewest {
            continue;
        }
        let mut rest = equation(of, sum);
        for by in &solved {
            let lead = by.of.keys().next().copied().unwrap_or_default();
            cancel(&mut rest, lead, by);
        }
        if rest.of.is_empty() {
            return Some(format!("the cells {of:?} are known to be {sum}"));
        }
    }
    let all: Vec<Equation> = told.iter().cloned().chain(solved).collect();
    let is_known = |(at, (low, high)): (usize, &(i128, i128))| {
        (counts[at] < fewest && low == high).then(|| format!("cell {at} can only be {low}"))
    };
    bounds(&all, counts, fewest).iter().enumerate().find_map(is_known)
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    // Few cells are frequent and most are rare, as in life.
    let place = prop_oneof![3 => 4..6_u8, 2 => 4..10_u8, 1 => 0..4_u8];
    let category = prop_oneof![3 => Just(0_usize), 2 => 0..4_usize];
    let urgency = prop_oneof![3 => Just(2_usize), 1 => 0..3_usize];
    prop::collection::vec((place, category, urgency), 0..90)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_questions_gives_away_a_hidden_figure(people in people()) {
        let made = make(&units(&people), &paths(), (INSIDE, OUTSIDE));
        let counts: Vec<i64> = made.iter().map(|cell| cell.count).collect();
        let (inner, asked) = answers(&made, false);
        let (outer, _) = answers(&made, true);
        let both: BTreeSet<Equation> = inner.union(&outer).cloned().collect();
        for (told, fewest, who) in [(&inner, INSIDE, "inside"), (&outer, OUTSIDE, "outside"), (&both, INSIDE, "together")] {
            let found = leak(told, &asked, &counts, fewest);
            prop_assert!(found.is_none(), "{who}: {found:?} in {made:?}");
            for equation in told.iter().filter(|equation| equation.sum > 0) {
                prop_assert!(equation.sum >= i128::from(fewest), "{who}: {equation:?}");
            }
        }
    }

    #[test]
    fn whoever_is_told_less_is_told_no_other_parts(people in people()) {
        let made = make(&units(&people), &paths(), (INSIDE, OUTSIDE));
        for one in &made {
            for other in made.iter().filter(|other| other.inside.is_some() && other.inside == one.inside) {
                prop_assert_eq!(one.outside, other.outside);
            }
        }
    }
}

/// What would be told if small figures were hidden and everything else was shown: the attacker has to see through it, or
/// the tests above show nothing.
#[test]
fn hiding_small_figures_alone_gives_them_away() {
    let people: Vec<Person> = [(4, 0, 2); 9].into_iter().chain([(5, 0, 2); 3]).collect();
    let made = make(&units(&people), &paths(), (INSIDE, OUTSIDE));
    let counts: Vec<i64> = made.iter().map(|cell| cell.count).collect();
    let (_, asked) = answers(&made, false);
    let sum = |of: &Vec<usize>| of.iter().map(|cell| counts[*cell]).sum::<i64>();
    let plain = asked.iter().filter(|of| sum(of) >= INSIDE).map(|of| equation(of, sum(of))).collect();
    assert!(leak(&plain, &asked, &counts, INSIDE).is_some());
    let (told, _) = answers(&made, false);
    assert_eq!(leak(&told, &asked, &counts, INSIDE), None);
}

/// Five cells of one person each can't be told together: everybody knows that a hidden cell is not zero.
#[test]
fn a_sum_that_leaves_one_possibility_is_not_told() {
    let people: Vec<Person> = (4..9).map(|place| (place, 0, 2)).collect();
    let made = make(&units(&people), &paths(), (INSIDE, OUTSIDE));
    assert!(made.iter().all(|cell| cell.inside.is_none()), "{made:?}");
    let with_more: Vec<Person> = people.into_iter().chain([(9, 1, 2); 8]).collect();
    let made = make(&units(&with_more), &paths(), (INSIDE, OUTSIDE));
    assert!(made.iter().all(|cell| cell.inside == Some(0)), "{made:?}");
}

#[test]
fn what_is_small_finds_company_nearby_first() {
    let people: Vec<Person> =
        [(4, 0, 2); 8].into_iter().chain([(4, 0, 0); 2]).chain([(6, 0, 2); 3]).chain([(7, 0, 2); 6]).collect();
    let made = make(&units(&people), &paths(), (INSIDE, OUTSIDE));
    let cells = released(&made, false, &|_| true);
    let told = |by| {
        let areas: Vec<AreaId> = [4, 6, 7, 2].map(area).to_vec();
        let rows = rows(&cells, &areas, &paths(), by);
        rows.iter().map(|row| row.figure(Measure::NeedsOpen).count).collect::<Vec<_>>()
    };
    assert_eq!(
        told(Breakdown::Area),
        [Some(10), None, None, Some(9)],
        "the district's urgencies, the region's districts"
    );
    assert_eq!(told(Breakdown::Urgency), [None, None, None, None, Some(9)]);
}
