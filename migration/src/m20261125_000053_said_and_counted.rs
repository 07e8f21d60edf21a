//! What nobody said of people who never migrated is nothing: an import without the term had been kept as a condition.
//! And by what an empty search is known again on its day, so that it is counted once: a mark under a salt; both are
//! forgotten when the day is over.

crate::dialect::step!(UP, DOWN);

const UP: &str = r#"
UPDATE service SET eligibility = replace(eligibility, '"non_returnees":false', '"non_returnees":null')
  WHERE source IS NOT NULL;
UPDATE search_service SET non_returnees = TRUE WHERE service_id IN
  (SELECT id FROM service WHERE source IS NOT NULL);
CREATE TABLE empty_search_salt (
  day TEXT NOT NULL PRIMARY KEY,
  salt TEXT NOT NULL
);
CREATE TABLE empty_search_mark (
  day TEXT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (day, mark)
)
"#;

const DOWN: &str = r#"
DROP TABLE empty_search_mark;
DROP TABLE empty_search_salt;
UPDATE search_service SET non_returnees = FALSE WHERE service_id IN
  (SELECT id FROM service WHERE source IS NOT NULL AND eligibility LIKE '%"non_returnees":null%');
UPDATE service SET eligibility = replace(eligibility, '"non_returnees":null', '"non_returnees":false')
"#;
