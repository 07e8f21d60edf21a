//! All objects of a list, one a line, for harvesters. They are read piece by piece as the reader takes them, by the key
//! of the last one, so that the whole is never held and nobody waits for a count.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use futures_util::stream;

use super::complaint::Complaint;
use super::{Desk, answer};
use crate::graphql::RequestInfo;
use crate::hsds::directory::{Cut, Found, Question};

/// Objects that are read at once.
const PIECE: u64 = 100;

/// How far a stream has come.
struct Course {
    desk: Desk,
    question: Question,
    info: RequestInfo,
    /// The next piece to send; nothing at the end.
    next: Option<Found>,
}

/// Begins the stream. The first piece is read before the answer begins, so that a fault at the start has its status; one
/// later on breaks the connection, so that nobody takes the part for the whole.
///
/// # Errors
/// As [`Desk::ask`].
pub async fn lines(desk: Desk, question: Question, info: &RequestInfo) -> Result<HttpResponse, Complaint> {
    let first = desk.ask(question.clone(), Cut::After { key: None, size: PIECE }, info).await?;
    let mut response = answer::open(StatusCode::OK, info);
    response
        .insert_header((header::CONTENT_TYPE, "application/x-ndjson"))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if question.language.is_some() {
        response.insert_header((header::CONTENT_LANGUAGE, info.language.tag()));
    }
    let course = Course { desk, question, info: info.clone(), next: Some(first) };
    Ok(response.streaming(stream::try_unfold(course, piece)))
}

async fn piece(mut course: Course) -> Result<Option<(Bytes, Course)>, actix_web::Error> {
    let Some(found) = course.next.take().filter(|found| !found.objects.is_empty()) else { return Ok(None) };
    let text = found.objects.join("\n") + "\n";
    if found.objects.len() as u64 == PIECE {
        let cut = Cut::After { key: found.last, size: PIECE };
        let asked = course.desk.ask(course.question.clone(), cut, &course.info).await;
        let broken = |_| actix_web::error::ErrorInternalServerError("the directory can't be read on");
        course.next = Some(asked.map_err(broken)?);
    }
    Ok(Some((Bytes::from(text), course)))
}
