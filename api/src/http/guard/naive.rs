//! The measures checked against a walk that writes every fragment out.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::fragments::order;
use super::measure::{Measure, Totals};

fn written_out(document: &ExecutableDocument, set: &SelectionSet) -> Totals {
    let mut sum = Totals::default();
    for item in &set.items {
        let one = match &item.node {
            Selection::Field(field) => {
                let below = written_out(document, &field.node.selection_set.node);
                Totals {
                    fields: below.fields + 1,
                    depth: below.depth + 1,
                    aliases: below.aliases + u64::from(field.node.alias.is_some()),
                    roots: 1,
                }
            }
            Selection::InlineFragment(inline) => written_out(document, &inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                let fragment = &document.fragments[&spread.node.fragment_name.node];
                written_out(document, &fragment.node.selection_set.node)
            }
        };
        sum.fields += one.fields;
        sum.depth = sum.depth.max(one.depth);
        sum.aliases += one.aliases;
        sum.roots += one.roots;
    }
    sum
}

/// A small generator: splitmix64, seeded, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// A selection set; fragments spread only later ones, so that there is no cycle.
fn set(chance: &mut Chance, first: u64, fragments: u64, levels: u64) -> String {
    let mut text = String::from("{");
    for _ in 0..=chance.below(3) {
        match chance.below(if levels == 0 { 2 } else { 5 }) {
            0 => text.push_str(" a"),
            1 if first < fragments => {
                let spread = first + chance.below(fragments - first);
                text.push_str(&format!(" ...F{spread}"));
            }
            2 => text.push_str(&format!(" ... on T {}", set(chance, first, fragments, levels - 1))),
            3 => text.push_str(&format!(" x: b {}", set(chance, first, fragments, levels - 1))),
            4 => text.push_str(&format!(" b {}", set(chance, first, fragments, levels - 1))),
            _ => text.push_str(" __typename"),
        }
    }
    text.push('}');
    text
}

#[test]
fn the_measures_are_those_of_the_document_written_out() {
    let mut compared = 0;
    for seed in 0..400_u64 {
        let mut chance = Chance(seed);
        let fragments = chance.below(6);
        let mut text = set(&mut chance, 0, fragments, 3);
        for number in 0..fragments {
            let body = set(&mut chance, number + 1, fragments, 2);
            text.push_str(&format!(" fragment F{number} on T {body}"));
        }
        let document = parse_query(&text).unwrap();
        // A generated document with an unused fragment is refused earlier.
        let Ok(order) = order(&document) else { continue };
        let mut measure = Measure::fragments(&document, &order);
        let operation = document.operations.iter().next().unwrap().1;
        let measured = measure.operation(&operation.node);
        let expected = written_out(&document, &operation.node.selection_set.node);
        assert_eq!(measured, expected, "seed {seed}: {text}");
        compared += 1;
    }
    assert!(compared > 50, "only {compared} documents had no unused fragment");
}
