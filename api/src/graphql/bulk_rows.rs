//! Reads the rows of exports through the schema itself: as whoever started the job, with all that a query of theirs would
//! be refused. What they show of persons is written down before it is kept.

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::bulk::BulkKind;
use crate::domain::disclosed::Disclosed;
use crate::domain::language::Language;
use crate::domain::rule::Fault;
use crate::graphql::{Api, Loaders, RequestInfo};
use crate::usecase::bulk::{Cut, NoCut, Reader, Wanted};
use async_graphql::{Request, Response, Value, Variables};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is told of a service. Contacts are left to queries: they change, and belong to people.
const SERVICE: &str = "__typename id version name language status visibility dimension level \
    category { code } organization { id name } programId source isOpenForReferrals isStale openPlaces \
    locations { id location { id } } servedAreas { id pcode } languages publishedAt updatedAt";
/// What is told of a referral: no texts, nothing about the person.
const REFERRAL: &str = "__typename id version status categoryCode dimension level urgency programId needId previousId \
    sender { id name } receiver { id name } service { id } serviceAtLocation { id } reason verification isOverdue \
    goals { goalId position isTaken result achievedOn } createdAt sentAt acknowledgedAt decidedAt startedAt endedAt \
    loopClosedAt nextDueAt updatedAt";
/// What is told of a case: nothing about the person.
const CASE: &str = "__typename id version identifier status stage programId areaId holder { id } isHeld \
    needs { id status categoryCode } openedAt closedAt closeReason updatedAt";

/// Reads rows through the schema.
pub struct Rows {
    app: Arc<App>,
    api: Api,
}

impl Rows {
    /// Over a running server's parts and its schema.
    #[must_use]
    pub fn new(app: Arc<App>, api: Api) -> Self {
        Self { app, api }
    }

    /// What somebody is answered, with what it shows of persons on record.
    pub(super) async fn executed(&self, actor: &Actor, request: &str, asked: Request) -> Result<Response, Fault> {
        let disclosed = Arc::<Disclosed>::default();
        let info = RequestInfo { request_id: request.into(), language: Language::En };
        let asked = asked
            .data(info)
            .data(actor.clone())
            .data(Loaders::default())
            .data(AtomicBool::new(false))
            .data(Arc::clone(&disclosed));
        let answer = self.api.execute(asked).await;
        self.app.keep_account(actor, request, &disclosed).await?;
        Ok(answer)
    }

    async fn read(&self, actor: &Actor, request: &str, wanted: Wanted<'_>) -> Result<Cut, NoCut> {
        let answer = self.executed(actor, request, asked(wanted)?).await.map_err(NoCut::Fault)?;
        if let Some(error) = answer.errors.first() {
            return Err(why(error));
        }
        cut(answer.data).ok_or_else(|| NoCut::Fault(Fault::Store("rows of an export do not read".into())))
    }
}

impl Reader for Rows {
    fn cut<'a>(&'a self, actor: &'a Actor, request: &'a str, wanted: Wanted<'a>) -> BoxFuture<'a, Result<Cut, NoCut>> {
        self.read(actor, request, wanted).boxed()
    }
}

/// The request for one page, or for a count.
fn asked(wanted: Wanted<'_>) -> Result<Request, NoCut> {
    let (list, filter, fields) = match wanted.kind {
        BulkKind::Services => ("services", "ServiceFilter", SERVICE),
        BulkKind::Referrals => ("referrals", "ReferralFilter", REFERRAL),
        BulkKind::Cases => ("cases", "CaseFilter", CASE),
        BulkKind::Commands => return Err(NoCut::Filter),
    };
    let read = if wanted.first == 0 {
        "totalCount".to_owned()
    } else {
        format!("nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }}")
    };
    let document = format!(
        "query($first: Int, $after: Cursor, $filter: {filter}) {{ \
         list: {list}(first: $first, after: $after, filter: $filter) {{ {read} }} }}"
    );
    let filter = wanted.asked.map(serde_json::from_str::<serde_json::Value>).transpose();
    let filter = filter.map_err(|_| NoCut::Filter)?;
    let variables = json!({ "first": wanted.first, "after": wanted.after, "filter": filter });
    Ok(Request::new(document).variables(Variables::from_json(variables)))
}

/// An error of ours, unless the filter is at fault.
fn why(error: &async_graphql::ServerError) -> NoCut {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    match code {
        Some(Value::String(code)) if code != "BAD_USER_INPUT" => {
            NoCut::Fault(Fault::Unavailable(format!("rows of an export can't be read: {code}")))
        }
        _ => NoCut::Filter,
    }
}

/// The rows of an answer, each as it is written into the file.
fn cut(data: Value) -> Option<Cut> {
    let Value::Object(mut data) = data else { return None };
    let Some(Value::Object(mut list)) = data.swap_remove("list") else { return None };
    let total = match list.swap_remove("totalCount") {
        Some(Value::Number(total)) => total.as_i64(),
        _ => None,
    };
    let Some(Value::List(nodes)) = list.swap_remove("nodes") else {
        return total.map(|total| Cut { total: Some(total), ..Cut::default() });
    };
    let Some(Value::Object(page)) = list.swap_remove("pageInfo") else { return None };
    let until = match page.get("endCursor") {
        Some(Value::String(cursor)) => Some(cursor.clone()),
        _ => None,
    };
    let lines = nodes.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>().ok()?;
    Some(Cut { lines, until, has_more: page.get("hasNextPage") == Some(&Value::Boolean(true)), total })
}
