//! The memory of an answer, kept for the next one.
//!
//! An allocator gives what is free back to the system, and to have it back takes longer than to decode what it is for: with
//! glibc each further fetch of 10,000 records took twice the processor time.

use std::mem::take;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

/// Less is not worth keeping.
pub(crate) const LEAST_BYTES: usize = 64 << 10;
/// No more is kept.
const MOST_BYTES: usize = 8 << 20;

/// One for all clients: a process may have many.
static SPARE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// What was kept, which is empty, or new.
pub(crate) fn spare() -> Vec<u8> {
    take(&mut *SPARE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Keeps the memory of a body that was read, if nobody else has it.
pub(crate) fn keep(body: Bytes) {
    if body.len() >= LEAST_BYTES
        && let Ok(mut body) = body.try_into_mut()
    {
        body.clear();
        let body = Vec::from(body);
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if (spare.capacity()..=MOST_BYTES).contains(&body.capacity()) {
            *spare = body;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(bytes: usize) -> Bytes {
        vec![b' '; bytes].into()
    }

    // One test: there is one place for all of them.
    #[test]
    fn the_biggest_is_kept_that_is_not_too_big_and_nobody_else_has() {
        let wanted = body(2 * LEAST_BYTES);
        let place = wanted.as_ptr();
        let held = body(3 * LEAST_BYTES);
        for body in [body(LEAST_BYTES), wanted, body(LEAST_BYTES), body(MOST_BYTES + 1), held.clone()] {
            keep(body);
        }
        let kept = spare();
        assert_eq!((kept.as_ptr(), kept.len(), kept.capacity()), (place, 0, 2 * LEAST_BYTES));
        assert_eq!(spare().capacity(), 0);
        keep(body(LEAST_BYTES - 1));
        // What is left of a body that had more.
        let mut part = body(3 * LEAST_BYTES);
        part = part.slice(LEAST_BYTES..);
        keep(part);
        assert_eq!(spare().capacity(), 3 * LEAST_BYTES);
    }
}
