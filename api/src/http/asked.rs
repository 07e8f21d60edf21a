//! What is asked: the parameters of a GraphQL request, from a body or a query string.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{self, Bytes, BytesMut};
use async_graphql::Variables;
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::code::Code;
use super::documents::{self, Named};
use super::inflate::Coding;
use super::json_scan;
use super::limits::Limits;
use super::negotiate;
use super::refusal::Refusal;
use super::request_info::text;

/// The parameters of one request.
pub struct Asked {
    /// The document's text, where it came along.
    pub query: Option<String>,
    /// By what the document is named, where it is.
    pub named: Option<Named>,
    /// Which operation of it runs.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Variables,
}

/// Reads a POST.
///
/// # Errors
/// 415 for another media type or a body compressed in another way than gzip, 413 for too many bytes, 408 when they do
/// not arrive in time, 400 for a body that is not one GraphQL request.
pub async fn from_body(
    request: &HttpRequest,
    payload: web::Payload,
    limits: &Limits,
    deadline: Duration,
) -> Result<Asked, Refusal> {
    let coding = Coding::of(request);
    let Some(coding) = coding.filter(|_| negotiate::is_json(text(request, header::CONTENT_TYPE))) else {
        let message = "The body must be application/json in UTF-8, plain or compressed with gzip.";
        return Err(Refusal::new(Code::BadRequest, message).with_status(415));
    };
    let stated = text(request, header::CONTENT_LENGTH).and_then(|size| size.parse::<u64>().ok());
    if stated.is_some_and(|size| size > limits.body_bytes as u64) {
        return Err(too_large(limits));
    }
    let read = tokio::time::timeout(deadline, read(payload, limits)).await;
    let bytes =
        read.map_err(|_| Refusal::new(Code::Timeout, "The body did not arrive in time.").with_status(408))??;
    from_bytes(&coding.plain(bytes, limits)?, limits)
}

/// Reads the JSON of one request.
///
/// # Errors
/// 400 for what is not one GraphQL request.
fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Asked, Refusal> {
    // One level for the request itself, around its variables.
    json_scan::scan(bytes, limits.variables_depth + 1, limits.values)?;
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => from_members(members),
        Ok(Value::Array(_)) => Err(bad("A batch of requests is not accepted; send them singly.")),
        Ok(_) | Err(_) => Err(bad("The body is not a JSON object in UTF-8.")),
    }
}

async fn read(mut payload: web::Payload, limits: &Limits) -> Result<Bytes, Refusal> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| bad("The body ended early."))?;
        if bytes.len() + chunk.len() > limits.body_bytes {
            return Err(too_large(limits));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Reads a GET.
///
/// # Errors
/// 414 for a query string that is too long, 400 for one that is not one GraphQL request.
pub fn from_query(request: &HttpRequest, limits: &Limits) -> Result<Asked, Refusal> {
    let query = request.query_string();
    if query.len() > limits.query_string_bytes {
        let message = "The query string is too long; use POST.";
        return Err(Refusal::new(Code::BadRequest, message).with_status(414));
    }
    let pairs =
        web::Query::<Vec<(String, String)>>::from_query(query).map_err(|_| bad("The query string cannot be read."))?;
    let mut members = Map::new();
    for (name, value) in pairs.into_inner() {
        let value = match name.as_str() {
            "query" | "operationName" | "documentId" => Value::String(value),
            "variables" | "extensions" => {
                json_scan::scan(value.as_bytes(), limits.variables_depth, limits.values)?;
                let message = "The parameters variables and extensions must be JSON.";
                serde_json::from_str(&value).map_err(|_| bad(message))?
            }
            _ => continue,
        };
        if members.insert(name, value).is_some() {
            return Err(bad("A parameter of the query string is given twice."));
        }
    }
    from_members(members)
}

/// Reads the members of one request.
///
/// # Errors
/// 400 for what is not one GraphQL request.
pub fn from_members(mut members: Map<String, Value>) -> Result<Asked, Refusal> {
    let query = match members.remove("query") {
        Some(Value::String(query)) => Some(query),
        None | Some(Value::Null) => None,
        Some(_) => return Err(bad("The parameter query must be a text.")),
    };
    let id = members.remove("documentId");
    let operation_name = match members.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(_) => return Err(bad("The parameter operationName must be a text.")),
    };
    let extensions = match members.remove("extensions") {
        None | Some(Value::Null) => None,
        Some(Value::Object(members)) => Some(members),
        Some(_) => return Err(bad("The parameter extensions must be an object.")),
    };
    let named = documents::named(id, extensions.as_ref())?;
    if query.is_none() && named.is_none() {
        return Err(bad("The parameter query is missing."));
    }
    let variables = match members.remove("variables") {
        None | Some(Value::Null) => Variables::default(),
        Some(variables @ Value::Object(_)) => Variables::from_json(variables),
        Some(_) => return Err(bad("The parameter variables must be an object.")),
    };
    Ok(Asked { query, named, operation_name, variables })
}

/// A request that is not one GraphQL request.
pub(super) fn bad(message: &str) -> Refusal {
    Refusal::new(Code::BadRequest, message).with_status(400)
}

/// More bytes than a body may have.
pub(super) fn too_large(limits: &Limits) -> Refusal {
    let message = format!("The body has more than {} bytes.", limits.body_bytes);
    Refusal::new(Code::BadRequest, message).with_status(413)
}
