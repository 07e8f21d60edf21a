//! Bodies that come compressed: on a bad line a tenth of the bytes is a tenth of the wait. What comes out is bounded
//! like a body that comes plain, however small it was made.

use std::io::Read as _;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Bytes;
use flate2::read::GzDecoder;

use super::asked::{bad, too_large};
use super::limits::Limits;
use super::refusal::Refusal;
use super::request_info::text;

/// How a body is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// Compressed with gzip.
    Gzip,
}

impl Coding {
    /// The coding that the request names; nothing for one that is not taken, and for several.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let mut all = request.headers().get_all(header::CONTENT_ENCODING);
        let first = all.next();
        if all.next().is_some() {
            return None;
        }
        match first.map(|_| text(request, header::CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase()).as_deref()
        {
            None | Some("identity") => Some(Self::Plain),
            Some("gzip" | "x-gzip") => Some(Self::Gzip),
            Some(_) => None,
        }
    }

    /// The body as it was before it was coded. No more than the limit is ever made of it.
    ///
    /// # Errors
    /// 413 where it would be larger than a body may be; 400 for bytes that are no gzip.
    pub fn plain(self, bytes: Bytes, limits: &Limits) -> Result<Bytes, Refusal> {
        if self == Self::Plain {
            return Ok(bytes);
        }
        let mut plain = Vec::new();
        let mut decoder = GzDecoder::new(bytes.as_ref()).take(limits.body_bytes as u64 + 1);
        decoder.read_to_end(&mut plain).map_err(|_| bad("The body is no gzip."))?;
        if plain.len() > limits.body_bytes { Err(too_large(limits)) } else { Ok(plain.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    fn packed(bytes: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn what_comes_out_is_bounded_however_small_it_was_made() {
        let limits = Limits::default();
        let plain = |bytes| Coding::Gzip.plain(bytes, &limits);
        assert_eq!(plain(packed(b"{}")).unwrap().as_ref(), b"{}");
        // A hundred megabytes in a hundred kilobytes.
        let bomb = packed(&vec![b' '; 100 << 20]);
        assert!(bomb.len() < limits.body_bytes);
        assert_eq!(plain(bomb).unwrap_err().status, Some(413));
        assert_eq!(plain(Bytes::from_static(b"no gzip")).unwrap_err().status, Some(400));
        let whole = packed(b"{\"query\":\"{ a }\"}");
        assert_eq!(plain(whole.slice(..whole.len() / 2)).unwrap_err().status, Some(400));
    }
}
