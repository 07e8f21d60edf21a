//! The closed list of error codes, and the status each one has.

/// What stopped a request or a field; the whole list of `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// No token, or one that is not believed, where one is needed.
    Unauthenticated,
    /// The caller can read the object but may not do this with it.
    Forbidden,
    /// The object does not exist or the caller may not see it.
    NotFound,
    /// The HTTP request is not a GraphQL request.
    BadRequest,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// A variable or literal has a value its type does not allow.
    BadUserInput,
    /// The document has no operation of the asked name, or several and no name was given.
    OperationNotFound,
    /// The operation costs more than one request may.
    CostLimit,
    /// The document is nested too deep.
    DepthLimit,
    /// The document is too large in some other measure.
    DocumentLimit,
    /// A page of more than the limit was asked for.
    PageSize,
    /// What follows the cursor is no longer all kept.
    CursorExpired,
    /// No document of that hash is known here; send its text along once.
    PersistedDocumentNotFound,
    /// This application may only run the documents of its manifest.
    PersistedDocumentRequired,
    /// Too many requests; try again later.
    RateLimited,
    /// The request took longer than the limit.
    Timeout,
    /// The service cannot answer now; try again.
    Unavailable,
    /// A fault of ours.
    Internal,
}

const ALL: [(Code, &str, u16); 19] = [
    (Code::Unauthenticated, "UNAUTHENTICATED", 401),
    (Code::Forbidden, "FORBIDDEN", 403),
    (Code::NotFound, "NOT_FOUND", 404),
    (Code::BadRequest, "BAD_REQUEST", 400),
    (Code::ParseFailed, "PARSE_FAILED", 400),
    (Code::ValidationFailed, "VALIDATION_FAILED", 400),
    (Code::BadUserInput, "BAD_USER_INPUT", 400),
    (Code::OperationNotFound, "OPERATION_NOT_FOUND", 400),
    (Code::CostLimit, "COST_LIMIT", 400),
    (Code::DepthLimit, "DEPTH_LIMIT", 400),
    (Code::DocumentLimit, "DOCUMENT_LIMIT", 400),
    (Code::PageSize, "PAGE_SIZE", 400),
    (Code::CursorExpired, "CURSOR_EXPIRED", 400),
    (Code::PersistedDocumentNotFound, "PERSISTED_DOCUMENT_NOT_FOUND", 404),
    (Code::PersistedDocumentRequired, "PERSISTED_DOCUMENT_REQUIRED", 403),
    (Code::RateLimited, "RATE_LIMITED", 429),
    (Code::Timeout, "TIMEOUT", 504),
    (Code::Unavailable, "UNAVAILABLE", 503),
    (Code::Internal, "INTERNAL", 500),
];

impl Code {
    /// Every code there is.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|row| row.0)
    }

    /// The code as `extensions.code` spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        ALL[self as usize].1
    }

    /// The code of that spelling, when it is one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ALL.iter().find(|row| row.1 == text).map(|row| row.0)
    }

    /// The HTTP status of an answer without data that this code explains.
    #[must_use]
    pub fn status(self) -> u16 {
        ALL[self as usize].2
    }

    /// Whether the document itself is at fault: then the legacy media type answers 200.
    #[must_use]
    pub fn is_documents_fault(self) -> bool {
        matches!(
            self,
            Self::ParseFailed
                | Self::ValidationFailed
                | Self::BadUserInput
                | Self::OperationNotFound
                | Self::CostLimit
                | Self::DepthLimit
                | Self::DocumentLimit
                | Self::PageSize
                | Self::CursorExpired
                | Self::PersistedDocumentNotFound
        )
    }

    /// Milliseconds after which the same request may be tried again, where that makes sense.
    #[must_use]
    pub fn retry_after_ms(self) -> Option<u64> {
        match self {
            Self::RateLimited | Self::Timeout | Self::Unavailable => Some(1_000),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_codes() {
        for (index, (code, spelling, _)) in ALL.iter().enumerate() {
            assert_eq!(*code as usize, index);
            assert_eq!(Code::parse(spelling), Some(*code));
            assert_eq!(code.as_str(), *spelling);
        }
        assert_eq!(Code::parse("internal"), None);
    }
}
