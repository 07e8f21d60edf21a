//! The rooms may only look one way, and stay small enough to be read.

use crate::support::dependencies::repository;
use crate::support::source_text::{code_of, mentions, written_out};
use std::fs;
use std::path::Path;

/// A room, and what none of its files may mention, in its tests neither.
const ROOMS: [(&str, &[&str]); 7] = [
    ("api/src/http", &["crate::usecase", "crate::store", "sea_orm", "passerelle_entity", "passerelle_migration"]),
    (
        "api/src/graphql",
        &[
            "sea_orm",
            "passerelle_entity",
            "passerelle_migration",
            "actix_web",
            "crate::http",
            "crate::store",
            ". store .",
        ],
    ),
    (
        "api/src/usecase",
        &["async_graphql", "sea_orm", "passerelle_entity", "actix_web", "crate::http", "crate::graphql"],
    ),
    (
        "api/src/domain",
        &[
            "sea_orm",
            "sqlx",
            "passerelle_entity",
            "async_graphql",
            "actix_web",
            "tokio",
            "crate::store",
            "crate::usecase",
            "crate::graphql",
            "crate::http",
            "async fn",
        ],
    ),
    ("api/src/store", &["async_graphql", "actix_web", "crate::http", "crate::graphql", "crate::usecase"]),
    ("entity/src", &["passerelle", "passerelle_migration", "sea_orm_migration"]),
    ("migration/src", &["passerelle", "passerelle_entity"]),
];

/// The one file that opens connections and begins transactions.
const DOOR: &str = "api/src/store/door.rs";

/// Ways around the door. `Store::begin` is another thing: use cases call it.
const WAYS_AROUND: [&str; 9] = [
    "Database::connect",
    "begin_with_config",
    "begin_with_options",
    ". transaction (",
    "get_sqlite_connection_pool",
    "get_postgres_connection_pool",
    "PgPoolOptions",
    "SqlitePoolOptions",
    "TransactionTrait",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 5] = ["utils", "common", "helpers", "manager", "types"];

/// Longest source file, in lines.
const LONGEST: usize = 400;

struct Source {
    /// Path from the repository's root, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The module's segments below its crate's root.
    fn module(&self) -> Vec<&str> {
        let inside = self.path.split_once("/src/").map_or("", |(_, inside)| inside);
        let mut segments: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
        if segments.last().is_some_and(|last| ["mod", "lib", "main"].contains(last)) {
            segments.pop();
        }
        segments
    }

    fn complaints(&self) -> Vec<String> {
        let text = written_out(&code_of(&self.text), &self.module());
        let mut found = Vec::new();
        for (_, banned) in ROOMS.iter().filter(|(room, _)| self.is_in(room)) {
            found.extend(banned.iter().filter(|it| mentions(&text, it)).map(|it| it.to_string()));
        }
        if self.is_in("api/src") && self.path != DOOR {
            found.extend(WAYS_AROUND.iter().filter(|it| mentions(&text, it)).map(|it| it.to_string()));
            // A door's own `begin` is the way in; any other in the store is a way around.
            if self.is_in("api/src/store") && mentions(&text.replace("self . begin (", ""), ". begin (") {
                found.push(".begin(".to_owned());
            }
        }
        let lines = self.text.lines().count();
        if lines > LONGEST {
            found.push(format!("{lines} lines"));
        }
        let is_empty = |part: &str| EMPTY_NAMES.contains(&part.trim_end_matches(".rs"));
        found.extend(self.path.split('/').find(|it| is_empty(it)).map(|it| format!("name {it}")));
        found.iter().map(|what| format!("{}: {what}", self.path)).collect()
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

fn sources() -> Vec<Source> {
    let root = repository();
    let mut found = Vec::new();
    for folder in ["api", "entity", "migration", "tests"] {
        collect(&root, folder, &mut found);
    }
    found
}

fn collect(root: &Path, folder: &str, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { panic!("cannot read {folder}") };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() && !["node_modules", "target"].contains(&name.as_str()) {
            collect(root, &path, found);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(entry.path());
            found.push(Source { path, text: text.unwrap_or_default() });
        }
    }
}

#[test]
fn every_file_keeps_to_its_room() {
    let sources = sources();
    for (room, _) in ROOMS {
        // A room that was renamed would otherwise no longer be watched.
        assert!(sources.iter().any(|source| source.is_in(room)), "{room} has no files");
    }
    assert!(sources.iter().any(|source| source.path == DOOR), "{DOOR} is gone");
    let found: Vec<String> = sources.iter().flat_map(Source::complaints).collect();
    assert!(found.is_empty(), "not allowed here:\n{}", found.join("\n"));
}

#[test]
fn what_does_not_belong_is_seen() {
    let table = [
        ("api/src/domain/case.rs", "pub async fn open() {}", "async fn"),
        ("api/src/domain/case.rs", "use crate::{ids, store::Tx};", "crate::store"),
        ("api/src/domain/case/mod.rs", "use super::super::usecase;", "crate::usecase"),
        ("api/src/graphql/case.rs", "fn f() { super::super::store::door() }", "crate::store"),
        ("api/src/graphql/mod.rs", "fn f(it: sea_orm :: DbErr) {}", "sea_orm"),
        ("api/src/graphql/mod.rs", "async fn f(app: &App) { app.store.cases().await }", ". store ."),
        ("api/src/usecase/mod.rs", "use async_graphql as g;", "async_graphql"),
        ("api/src/store/cases.rs", "use actix_web::web;", "actix_web"),
        ("api/src/http/mod.rs", "use crate::{\n    store,\n};", "crate::store"),
        ("api/src/store/cases.rs", "fn f() { pool\n    .begin(); }", ".begin("),
        ("api/src/app.rs", "use sea_orm::{Database, X}; fn f() { Database::connect(u) }", "Database::connect"),
        ("entity/src/case.rs", "use passerelle::domain;", "passerelle"),
        ("migration/src/lib.rs", "use passerelle_entity::case;", "passerelle_entity"),
        ("api/src/domain/utils.rs", "", "name utils.rs"),
        ("tests/it/common/mod.rs", "", "name common"),
        ("tests/it/long.rs", &"\n".repeat(401), "401 lines"),
    ];
    for (path, text, what) in table {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        assert_eq!(source.complaints(), [format!("{path}: {what}")], "{text}");
    }
}

#[test]
fn what_belongs_is_left_alone() {
    let table = [
        ("api/src/domain/case.rs", "// sea_orm\n/* crate::store */ const A: &str = \"async fn\";"),
        ("api/src/domain/case.rs", "use super::store_of_goods; use crate::domain::{ids, store};"),
        ("api/src/usecase/case.rs", "async fn f(app: &App) { app.store.begin().await }"),
        ("api/src/store/door.rs", "use sea_orm::Database; fn f() { Database::connect(u); p.begin() }"),
        ("api/src/main.rs", "use passerelle::{http, store};"),
        ("tests/it/long.rs", &"\n".repeat(400)),
    ];
    for (path, text) in table {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        assert_eq!(source.complaints(), Vec::<String>::new(), "{text}");
    }
}
