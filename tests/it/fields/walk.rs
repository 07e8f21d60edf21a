//! Ways through the contract from its queries to each object type, and what somebody sees at the end of each.

use super::contract::{Contract, Field};
use crate::support::app::{Persona, TestApp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The most fields asked for in one document.
const AT_ONCE: usize = 16;
/// The longest way from a query.
const LONGEST: usize = 5;

/// A type at the end of a way of selections.
pub struct Stop {
    pub kind: String,
    pub way: Vec<String>,
}

/// What somebody gets of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// The object that it belongs to is not there for them.
    NoObject,
    Nothing,
    Value,
}

/// All types below a query, each by the shortest way; types that have a query of their own are not entered.
pub fn stops(contract: &Contract, query: &Field, asked: &str, own: &BTreeSet<String>) -> Vec<Stop> {
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    let mut open = VecDeque::from([(query.kind.clone(), vec![asked.to_owned()])]);
    while let Some((kind, way)) = open.pop_front() {
        let (kind, way) = match contract.objects.get(&kind) {
            Some(fields) if kind.ends_with("Connection") => {
                let nodes = fields.iter().find(|field| field.name == "nodes").unwrap();
                (nodes.kind.clone(), [way, vec!["nodes".to_owned()]].concat())
            }
            Some(_) => (kind, way),
            None => continue,
        };
        let is_root = found.is_empty();
        if (!is_root && own.contains(&kind)) || !known.insert(kind.clone()) || way.len() > LONGEST {
            continue;
        }
        let Some(fields) = contract.objects.get(&kind) else { continue };
        found.push(Stop { kind: kind.clone(), way: way.clone() });
        if is_root && own.contains(&kind) && way.len() > 1 {
            // A list of what has a query of its own: it is entered there.
            found.pop();
            continue;
        }
        for field in fields.iter().filter(|field| !field.needs_arguments) {
            open.push_back((field.kind.clone(), [way.clone(), vec![selected(field)]].concat()));
        }
    }
    found
}

fn selected(field: &Field) -> String {
    if field.is_connection { format!("{}(first: 1)", field.name) } else { field.name.clone() }
}

/// What is selected of a field: itself, or what tells that an object is there.
fn probe(contract: &Contract, field: &Field) -> String {
    let is_object = contract.objects.contains_key(&field.kind) || contract.interfaces.contains(&field.kind);
    match (field.is_connection, is_object) {
        (true, _) => format!("{} {{ nodes {{ __typename }} }}", selected(field)),
        (false, true) => format!("{} {{ __typename }}", field.name),
        (false, false) => field.name.clone(),
    }
}

/// What somebody sees of each field at a stop; and all that was answered.
pub async fn seen_at(
    app: &TestApp,
    contract: &Contract,
    stop: &Stop,
    who: &Persona,
    ids: &[(&str, String)],
) -> (BTreeMap<String, Seen>, String) {
    let (mut seen, mut answers) = (BTreeMap::new(), String::new());
    let fields: Vec<&Field> = contract.objects[&stop.kind].iter().filter(|field| !field.needs_arguments).collect();
    let mut open: Vec<&[&Field]> = fields.chunks(AT_ONCE).rev().collect();
    while let Some(some) = open.pop() {
        let asked: Vec<String> = some.iter().map(|field| probe(contract, field)).collect();
        let mut text = format!(
            "{{ {} {{ __typename {} {}",
            stop.way.join(" { "),
            asked.join(" "),
            "} ".repeat(stop.way.len() + 1)
        );
        for (name, id) in ids {
            text = text.replace(name, &format!("{id:?}"));
        }
        let answer = app.post(who, &text, json!({})).await;
        if let Some(errors) = answer.body.get("errors") {
            match errors[0]["extensions"]["code"].as_str() {
                Some("COST_LIMIT") if some.len() > 1 => {
                    let (one, other) = some.split_at(some.len() / 2);
                    open.extend([other, one]);
                    continue;
                }
                // What anonymous callers ask is null with this beside it.
                Some("UNAUTHENTICATED") => {}
                _ => panic!("{}\nfor {text}", answer.body),
            }
        }
        answers += &answer.body.to_string();
        let objects = at_end(&answer.body["data"], &stop.way);
        for field in some {
            seen.insert(field.name.clone(), what(&objects, &field.name));
        }
        if objects.is_empty() {
            seen.extend(fields.iter().map(|field| (field.name.clone(), Seen::NoObject)));
            break;
        }
    }
    (seen, answers)
}

fn what(objects: &[Value], field: &str) -> Seen {
    let is_there = |object: &Value| match &object[field] {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Object(inner) => {
            inner.get("nodes").is_none_or(|nodes| nodes.as_array().is_some_and(|all| !all.is_empty()))
        }
        _ => true,
    };
    match objects {
        [] => Seen::NoObject,
        objects if objects.iter().any(is_there) => Seen::Value,
        _ => Seen::Nothing,
    }
}

/// The objects to which a way leads.
fn at_end(data: &Value, way: &[String]) -> Vec<Value> {
    let mut all = vec![data.clone()];
    for step in way {
        let name = step.split('(').next().unwrap();
        let next = all.iter().flat_map(|value| match &value[name] {
            Value::Array(items) => items.clone(),
            other => vec![other.clone()],
        });
        all = next.filter(|value| !value.is_null()).collect();
    }
    all
}
