//! Payloads of mutations: what changed, or what the caller can put right.

/// Declares a mutation's payload.
macro_rules! payload {
    ($(#[doc = $doc:literal])* $name:ident { $(#[doc = $field_doc:literal])* $field:ident: $type:ty }) => {
        $(#[doc = $doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[doc = $field_doc])*
            pub $field: Option<$type>,
            /// What the caller can put right; empty when the mutation took effect.
            pub user_errors: Vec<$crate::graphql::error::UserError>,
        }

        impl From<Result<Option<$type>, Vec<$crate::graphql::error::UserError>>> for $name {
            fn from(outcome: Result<Option<$type>, Vec<$crate::graphql::error::UserError>>) -> Self {
                match outcome {
                    Ok($field) => Self { $field, user_errors: Vec::new() },
                    Err(user_errors) => Self { $field: None, user_errors },
                }
            }
        }
    };
}
pub(crate) use payload;
