//! Maps over HTTP: GeoJSON under the door's own rules for tokens. An address holds an area, a quarter and a category, and
//! nothing about anybody.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::Answer;
use super::bearer;
use super::code::Code;
use super::door::{Door, Inner, identified};
use super::errors;
use super::negotiate::Media;
use super::places::Class;
use super::refusal::Refusal;
use super::request_info::{self, REQUEST_ID};
use crate::domain::global_id::{Kind, decode};
use crate::domain::map::{MapAsked, MapOf, NoMap};
use crate::domain::quarter::Quarter;
use crate::graphql::RequestInfo;
use crate::token::Claims;

/// Longest query string.
const LONGEST: usize = 1_000;

/// Adds `/maps/coverage` and `/maps/unmet-needs`.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/maps/coverage", web::get().to(coverage)).route("/maps/unmet-needs", web::get().to(unmet_needs));
}

async fn coverage(request: HttpRequest, door: web::Data<Door>) -> HttpResponse {
    respond(&request, &door.inner, false).await
}

async fn unmet_needs(request: HttpRequest, door: web::Data<Door>) -> HttpResponse {
    respond(&request, &door.inner, true).await
}

async fn respond(request: &HttpRequest, door: &Arc<Inner>, is_unmet: bool) -> HttpResponse {
    let info = request_info::of(request, door.app.now());
    let drawn = async {
        let claims = bearer::claims(request, door.app.tokens(), door.app.now())?;
        let is_public = claims.is_none();
        let asked = asked(request.query_string(), is_unmet)?;
        Ok((drawn(door, claims, asked, &info).await?, is_public))
    };
    let (answer, status) = match drawn.await {
        Ok((text, is_public)) => {
            let kept = if is_public { "public, max-age=300" } else { "no-store" };
            let answer = HttpResponse::Ok()
                .insert_header((header::CONTENT_TYPE, "application/geo+json"))
                .insert_header((header::CACHE_CONTROL, kept))
                .insert_header((header::VARY, "Authorization"))
                .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .insert_header((REQUEST_ID, info.request_id.as_ref()))
                .body(text);
            (answer, 200)
        }
        Err(refusal) => {
            let refused = Answer::refused(refusal, Media::Legacy, &info);
            let status = refused.status;
            (refused.respond(Media::Legacy, &info, 0, door.settings.limits.cost), status)
        }
    };
    tracing::info!(request_id = %info.request_id, operation = "map", status, "request");
    answer
}

/// Draws the map in a task of its own, as operations run.
async fn drawn(
    door: &Arc<Inner>,
    claims: Option<Claims>,
    asked: MapAsked,
    info: &RequestInfo,
) -> Result<String, Refusal> {
    let permit = door.places.take(Class::Heavy).await?;
    let (inner, request_id) = (Arc::clone(door), Arc::clone(&info.request_id));
    let task = tokio::spawn(async move {
        let _permit = permit;
        let actor = identified(inner.app.as_ref(), claims).await?;
        inner.app.map(&actor, &asked, &request_id).await.map_err(refused)
    });
    match tokio::time::timeout(door.settings.run_limit, task).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            tracing::error!(request_id = %info.request_id, "a map could not be drawn");
            Err(errors::fault())
        }
        Err(_) => Err(Refusal::new(Code::Timeout, "The map took too long.")),
    }
}

fn refused(why: NoMap) -> Refusal {
    match why {
        NoMap::Unauthenticated => Refusal::new(Code::Unauthenticated, "These figures need a token."),
        NoMap::NotFound => {
            Refusal::new(Code::NotFound, "There is no such area, or its figures are not for you.").with_status(404)
        }
        NoMap::NotOver => bad("Ask for a quarter that is over."),
        NoMap::TooMany => bad("These are more areas than one map holds; ask for fewer levels or a smaller area."),
        NoMap::Fault => errors::fault(),
    }
}

fn bad(message: &str) -> Refusal {
    Refusal::new(Code::BadUserInput, message).with_status(400)
}

/// What the query string asks for.
fn asked(query: &str, is_unmet: bool) -> Result<MapAsked, Refusal> {
    if query.len() > LONGEST {
        return Err(bad("The query string is too long.").with_status(414));
    }
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query);
    let (mut area, mut levels, mut quarter, mut category) = (None, 1, None, None);
    for (name, value) in pairs.map_err(|_| bad("The query string cannot be read."))?.into_inner() {
        match name.as_str() {
            "area" => {
                let found = decode(&value).filter(|(kind, _)| *kind == Kind::Area);
                area = Some(found.ok_or_else(|| bad("The parameter area must be an area's identifier."))?.1);
            }
            "levels" => {
                let read = value.parse::<i32>().ok().filter(|levels| (0..=9).contains(levels));
                levels = read.ok_or_else(|| bad("The parameter levels must be a number from 0 to 9."))?;
            }
            "quarter" if is_unmet => {
                let read = Quarter::read(&value);
                quarter = Some(read.ok_or_else(|| bad("The parameter quarter must be such as 2026-Q3."))?);
            }
            "category" if !value.contains('\0') => category = Some(value),
            _ => return Err(bad("The parameters are area, levels and category, and for unmet needs quarter.")),
        }
    }
    let area = area.ok_or_else(|| bad("The parameter area is missing."))?.into();
    let of = match (is_unmet, quarter) {
        (false, _) => MapOf::Coverage,
        (true, Some(quarter)) => MapOf::UnmetNeeds(quarter),
        (true, None) => return Err(bad("The parameter quarter is missing.")),
    };
    Ok(MapAsked { of, area, levels, category })
}
