//! Guarded documents by their text: partners send the same few documents all day.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use super::Guarded;

/// Documents kept at once.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(511);
/// The longest text kept, in bytes: bounds the memory, with [`KEPT`].
const LONGEST: usize = 8 * 1024;

/// The most recently used guarded documents.
pub(super) struct Remembered {
    documents: Mutex<LruCache<Box<str>, Arc<Guarded>>>,
}

impl Remembered {
    pub(super) fn new() -> Self {
        Self { documents: Mutex::new(LruCache::new(KEPT)) }
    }

    pub(super) fn get(&self, text: &str) -> Option<Arc<Guarded>> {
        if text.len() > LONGEST {
            return None;
        }
        // Nothing inside can panic half-way, so a poisoned lock still holds a sound cache.
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        documents.get(text).cloned()
    }

    pub(super) fn keep(&self, text: &str, guarded: &Arc<Guarded>) {
        if text.len() <= LONGEST {
            let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
            documents.put(text.into(), Arc::clone(guarded));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::http::guard::Guard;
    use crate::http::limits::Limits;

    #[test]
    fn a_document_is_remembered_within_bounds() {
        let guard = Guard::new("type Query { a: Int }", Limits::default()).unwrap();
        let first = guard.look("{ a }").unwrap();
        assert!(std::sync::Arc::ptr_eq(&first, &guard.look("{ a }").unwrap()));
        let long = format!("{{ a }} #{}", " ".repeat(9_000));
        let one = guard.look(&long).unwrap();
        assert!(!std::sync::Arc::ptr_eq(&one, &guard.look(&long).unwrap()));
        for number in 0..600 {
            guard.look(&format!("{{ a{number}: a }}")).unwrap();
        }
        assert_eq!(guard.remembered.documents.lock().unwrap().len(), 512);
        assert!(!std::sync::Arc::ptr_eq(&first, &guard.look("{ a }").unwrap()));
    }
}
