//! How many places of a service are free, kept beside it, so that services are listed by it along an index. The engine
//! itself keeps the sums with each change of a capacity: whoever takes or gives back a place need not know of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// `stated` counts the capacities that state their places, `free` sums what is free of these, and `places` is by what is
/// ordered: those that do not state any count as less than none.
const TABLE: &str = "
CREATE TABLE service_free (
  service_id UUID NOT NULL PRIMARY KEY REFERENCES service (id) ON DELETE CASCADE,
  stated INTEGER NOT NULL DEFAULT 0,
  free BIGINT NOT NULL DEFAULT 0,
  places BIGINT NOT NULL GENERATED ALWAYS AS (CASE WHEN stated > 0 THEN free ELSE -1 END) STORED
);
CREATE INDEX service_free_by ON service_free (places, service_id);
INSERT INTO service_free (service_id, stated, free)
  SELECT s.id, count(cp.total), coalesce(sum(CASE WHEN cp.total - cp.taken_elsewhere - cp.taken - cp.held > 0
    THEN cp.total - cp.taken_elsewhere - cp.taken - cp.held ELSE 0 END), 0)
  FROM service s LEFT JOIN capacity cp ON cp.service_id = s.id GROUP BY s.id";

/// What a row of `capacity` adds, and what it added before: sums that do not depend on what others do at the same time.
fn sum(stated: &[(&str, &str)], of: &str) -> String {
    let part = |sign: &str, number: &str| format!(" {sign} {number}");
    let mut text = String::from("UPDATE service_free SET stated = stated");
    for (sign, row) in stated {
        text += &part(sign, &format!("CASE WHEN {row}.total IS NULL THEN 0 ELSE 1 END"));
    }
    text += ", free = free";
    for (sign, row) in stated {
        let free = format!("{row}.total - {row}.taken_elsewhere - {row}.taken - {row}.held");
        text += &part(sign, &format!("CASE WHEN {free} > 0 THEN {free} ELSE 0 END"));
    }
    text + &format!(" WHERE service_id = {of}.service_id;")
}

/// The triggers: their names, when each fires, and what it does.
fn triggers() -> [(&'static str, &'static str, String); 4] {
    let (new, old, both) = ([("+", "NEW")], [("-", "OLD")], [("+", "NEW"), ("-", "OLD")]);
    [
        (
            "service_free_begins",
            "AFTER INSERT ON service",
            "INSERT INTO service_free (service_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;".into(),
        ),
        ("service_free_adds", "AFTER INSERT ON capacity", sum(&new, "NEW")),
        ("service_free_takes", "AFTER DELETE ON capacity", sum(&old, "OLD")),
        ("service_free_moves", "AFTER UPDATE OF total, taken_elsewhere, taken, held ON capacity", sum(&both, "NEW")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, TABLE).await?;
        let connection = manager.get_connection();
        for (name, when, act) in triggers() {
            if connection.get_database_backend() == DatabaseBackend::Sqlite {
                let text = format!("CREATE TRIGGER {name} {when} FOR EACH ROW BEGIN {act} END");
                connection.execute_unprepared(&text).await?;
                continue;
            }
            let function = format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act} RETURN NULL; END $$"
            );
            connection.execute_unprepared(&function).await?;
            let text = format!("CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()");
            connection.execute_unprepared(&text).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let sqlite = connection.get_database_backend() == DatabaseBackend::Sqlite;
        for (name, when, _) in triggers() {
            let on = when.rsplit(' ').next().unwrap_or_default();
            let text = if sqlite {
                format!("DROP TRIGGER {name}")
            } else {
                format!("DROP TRIGGER {name} ON {on}; DROP FUNCTION {name}()")
            };
            crate::dialect::run(manager, &text).await?;
        }
        crate::dialect::run(manager, "DROP TABLE service_free").await
    }
}
