//! How many calls a client makes at a time, and how fast it sends them and all else.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::error::Error;

/// What a client may do to its server.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    pub(crate) max_concurrent_calls: Option<usize>,
    pub(crate) calls_per_second: Option<f64>,
}

/// Lets calls pass in the order in which they came.
///
/// A call has a place until it has ended. All requests keep the pace, those of a login too; only calls need a place, as
/// one that has a place may have to log in.
pub(crate) struct Limiter {
    places: Option<Semaphore>,
    pace: Option<Pace>,
}

/// A request each so often: a bucket that holds one token.
struct Pace {
    interval: Duration,
    /// When the next request may begin.
    next: Mutex<Option<Instant>>,
}

impl Limiter {
    pub(crate) fn new(load: Load) -> Result<Self, Error> {
        let places = match load.max_concurrent_calls {
            Some(0) => return Err(Error::config("with `max_concurrent_calls(0)` no call could ever be made")),
            Some(places) => Some(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            None => None,
        };
        let pace = match load.calls_per_second {
            Some(rate) => {
                let interval = Duration::try_from_secs_f64(1.0 / rate).ok().filter(|_| rate > 0.0);
                let interval = interval.ok_or_else(|| {
                    Error::config(format!("{rate} calls per second is no rate: give a number above 0, such as 0.5"))
                })?;
                Some(Pace { interval, next: Mutex::new(None) })
            }
            None => None,
        };
        Ok(Self { places, pace })
    }

    /// Waits until a call may begin; it has ended once the permit is dropped.
    pub(crate) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        let permit = match &self.places {
            // It is never closed.
            Some(places) => places.acquire().await.ok(),
            None => None,
        };
        self.keep_pace().await;
        permit
    }

    /// Waits until a request may be sent that is no call, or one more of a call.
    pub(crate) async fn keep_pace(&self) {
        if let Some(pace) = &self.pace {
            sleep_until(pace.reserve(Instant::now())).await;
        }
    }
}

impl Pace {
    fn reserve(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = next.map_or(now, |next| next.max(now));
        // Without an end of time in reach there is no wait either.
        *next = mine.checked_add(self.interval);
        mine
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::error::ErrorKind;

    fn limiter(max_concurrent_calls: Option<usize>, calls_per_second: Option<f64>) -> Limiter {
        Limiter::new(Load { max_concurrent_calls, calls_per_second }).unwrap()
    }

    #[test]
    fn calls_are_spaced_out() {
        let pace = limiter(None, Some(2.0)).pace.unwrap();
        let began = Instant::now();
        let after = |seconds: f64| began + Duration::from_secs_f64(seconds);
        for turn in 0..5 {
            assert_eq!(pace.reserve(after(0.1 * f64::from(turn))), after(0.5 * f64::from(turn)));
        }
        // What was not used is not saved up for a burst.
        assert_eq!(pace.reserve(after(60.0)), after(60.0));
        assert_eq!(pace.reserve(after(60.0)), after(60.5));
    }

    #[tokio::test]
    async fn only_so_many_at_a_time() {
        let limiter = limiter(Some(3), None);
        let mut context = Context::from_waker(Waker::noop());
        let places = [limiter.enter().await, limiter.enter().await, limiter.enter().await];
        assert!(places.iter().all(Option::is_some));
        let mut fourth = pin!(limiter.enter());
        assert!(fourth.as_mut().poll(&mut context).is_pending());
        // What is no call needs no place.
        assert!(pin!(limiter.keep_pace()).poll(&mut context).is_ready());
        drop(places);
        assert!(matches!(fourth.poll(&mut context), Poll::Ready(Some(_))));
    }

    #[test]
    fn limits_that_are_none_are_refused() {
        for (places, rate) in [(Some(0), None), (None, Some(0.0)), (None, Some(-1.0)), (None, Some(f64::NAN))] {
            let error = Limiter::new(Load { max_concurrent_calls: places, calls_per_second: rate }).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Config);
        }
    }
}
