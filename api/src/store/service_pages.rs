//! Pages of the directory: the keys first, then only the page's rows are made into JSON.

use crate::domain::directory::{ServiceFilter, ServiceOrder};
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use crate::store::door::Door;
use crate::store::search_best::{Best, Look, handed, is_certain, looks};
use crate::store::services::conditions;
use crate::store::statement::{Sql, counted, page};
use crate::store::{fragment, search, search_order};
use sea_orm::QueryResult;
use uuid::Uuid;

/// The statement of a page of the directory that looks at all that is found.
#[must_use]
pub fn page_of(sight: &Sight, filter: &ServiceFilter, order: &ServiceOrder, window: &Window) -> Sql {
    page_by(sight, filter, order, window, Look::All)
}

/// The statement of a page of the directory that looks only so far.
#[must_use]
pub fn page_by(sight: &Sight, filter: &ServiceFilter, order: &ServiceOrder, window: &Window, look: Look) -> Sql {
    let mut sql = Sql::default();
    let keyed = keys_by(&mut sql, sight, filter, order, window, look);
    let far = if filter.near.is_some() { ", pg.far AS far" } else { "" };
    let direction = if order.descending() == window.backward { "ASC" } else { "DESC" };
    sql.text = format!(
        "SELECT CAST({} AS TEXT) AS body, CAST(pg.k AS TEXT) AS k, s.id AS id{far}{}{} FROM \
         ({keyed}) pg JOIN service s ON s.id = pg.id{} ORDER BY pg.k {direction}, pg.id {direction}",
        fragment::service(&window.parts),
        if window.count { ", pg.total AS total" } else { "" },
        handed(filter, look),
        fragment::SERVICE_JOINS
    );
    sql
}

/// The keys of a page with the value `k` that each is ordered by.
fn keys_by(
    sql: &mut Sql,
    sight: &Sight,
    filter: &ServiceFilter,
    order: &ServiceOrder,
    window: &Window,
    look: Look,
) -> String {
    let enough = match look {
        Look::Within { places } => Some((places, window.after.as_ref().and_then(|after| after.value.parse().ok()))),
        _ => None,
    };
    let joins = search::joins_within(sql, sight, filter, enough);
    let (from, joined) = search_order::from(order, filter);
    let found = format!("{from}{joins} WHERE {joined}{}", conditions(sql, sight, filter));
    if let (Look::Best { kept, walked }, ServiceOrder::Relevance { fresh, .. }, Some(text)) =
        (look, order, &filter.text)
    {
        let keyed = Best { sight, filter, fresh, window, kept, walked }.keyed(sql, text);
        return format!("SELECT b.*{} FROM ({keyed}) b", search_order::count_of(&found, window));
    }
    let mut more = String::new();
    if filter.near.is_some() {
        more += ", near.far AS far";
    }
    if enough.is_some() {
        more += ", near.whole AS whole";
        let all = search::joins(sql, sight, filter);
        let all = format!("FROM service s{all} WHERE {}", conditions(sql, sight, filter));
        more += &search_order::count_of(&all, window);
    } else {
        more += &search_order::count_of(&found, window);
    }
    search_order::keyed(sql, &found, filter, order, window, &more)
}

/// The value and the key of a row of a page.
pub fn position(row: &QueryResult) -> Result<(i64, Uuid), Fault> {
    let unreadable = |_| Fault::Store("a page's row does not read".into());
    let value: String = row.try_get("", "k").map_err(unreadable)?;
    Ok((value.parse().unwrap_or_default(), row.try_get("", "id").map_err(unreadable)?))
}

impl Door {
    /// A page of the directory: one statement, whatever the size of the page; another where the first one does not tell
    /// for certain what comes first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn services(
        &self,
        sight: &Sight,
        filter: &ServiceFilter,
        order: &ServiceOrder,
        window: &Window,
    ) -> Result<Page<Service>, Fault> {
        let statement = |look| page_by(sight, filter, order, window, look);
        let rows = self.looked(filter, order, window, statement).await?;
        let mut page = page(&rows, window, "service")?;
        if filter.near.is_some() {
            search::note_distances(&mut page, &rows, window)?;
        }
        let mut sql = Sql::default();
        let joins = search::joins(&mut sql, sight, filter);
        let found = conditions(&mut sql, sight, filter);
        let most = window.count_up_to.saturating_add(1);
        sql.text = format!(
            "SELECT count(*) AS total FROM (SELECT 1 AS one FROM service s{joins} WHERE {found} LIMIT {most}) c"
        );
        counted(self, page, window, sql).await
    }

    /// The keys of the first services of a search.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn first_keys(
        &self,
        sight: &Sight,
        filter: &ServiceFilter,
        order: &ServiceOrder,
        most: usize,
    ) -> Result<Vec<Uuid>, Fault> {
        let window = Window::first(most.saturating_sub(1));
        let direction = if order.descending() { "DESC" } else { "ASC" };
        let statement = |look| {
            let mut sql = Sql::default();
            let keyed = keys_by(&mut sql, sight, filter, order, &window, look);
            sql.text = format!(
                "SELECT CAST(pg.k AS TEXT) AS k, pg.id AS id{} FROM ({keyed}) pg ORDER BY pg.k {direction}, pg.id {direction}",
                handed(filter, look)
            );
            sql
        };
        let rows = self.looked(filter, order, &window, statement).await?;
        rows.iter().map(|row| position(row).map(|(_, id)| id)).collect()
    }

    /// The rows of a page, looked for no further than is needed to be certain.
    async fn looked(
        &self,
        filter: &ServiceFilter,
        order: &ServiceOrder,
        window: &Window,
        statement: impl Fn(Look) -> Sql,
    ) -> Result<Vec<QueryResult>, Fault> {
        for look in looks(filter, order, window) {
            let sql = statement(look);
            let rows = self.rows(&sql.text, sql.values).await?;
            if look == Look::All || is_certain(&rows, position, filter, window.size, look)? {
                return Ok(rows);
            }
        }
        Ok(Vec::new())
    }
}
