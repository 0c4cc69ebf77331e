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
            sleep_until(pace.reserve()).await;
        }
    }
}

impl Pace {
    fn reserve(&self) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mine = next.map_or(now, |next| next.max(now));
        // Without an end of time in reach there is no wait either.
        *next = mine.checked_add(self.interval);
        mine
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::error::ErrorKind;

    fn limiter(max_concurrent_calls: Option<usize>, calls_per_second: Option<f64>) -> Limiter {
        Limiter::new(Load { max_concurrent_calls, calls_per_second }).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn calls_are_spaced_out() {
        let limiter = limiter(None, Some(2.0));
        let began = Instant::now();
        for _ in 0..5 {
            limiter.enter().await;
        }
        assert_eq!(began.elapsed(), Duration::from_secs(2));
        // What was not used is not saved up for a burst.
        tokio::time::advance(Duration::from_secs(60)).await;
        let began = Instant::now();
        limiter.enter().await;
        limiter.enter().await;
        assert_eq!(began.elapsed(), Duration::from_millis(500));
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_at_a_time() {
        let limiter = Arc::new(limiter(Some(3), None));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (limiter, running, most) = (Arc::clone(&limiter), Arc::clone(&running), Arc::clone(&most));
                tokio::spawn(async move {
                    let _permit = limiter.enter().await;
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    running.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn limits_that_are_none_are_refused() {
        for (places, rate) in [(Some(0), None), (None, Some(0.0)), (None, Some(-1.0)), (None, Some(f64::NAN))] {
            let error = Limiter::new(Load { max_concurrent_calls: places, calls_per_second: rate }).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Config);
        }
    }
}
