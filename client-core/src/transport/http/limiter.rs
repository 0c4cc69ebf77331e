//! How many calls a client makes at a time, and how fast it sends them and all else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    pace: Pace,
}

/// A request each so often: a bucket that holds one token.
///
/// It slows down while the server says that requests are too many, whichever of them it says so of: calls at a time would
/// otherwise each find out for themselves, and use up their attempts.
struct Pace {
    /// What was asked for; no time without a limit.
    usual: Duration,
    /// Whether the interval is another one: most clients never have to look further.
    is_slowed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
struct State {
    interval: Duration,
    /// When the next request may begin.
    next: Option<Instant>,
    /// When it slowed down the last time.
    slowed: Option<Instant>,
}

/// The shortest and the longest interval of a client that was told to slow down, and the longest that all its requests wait
/// for one that was told to wait longer.
const SLOWED: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

impl Limiter {
    pub(crate) fn new(load: Load) -> Result<Self, Error> {
        let places = match load.max_concurrent_calls {
            Some(0) => return Err(Error::config("with `max_concurrent_calls(0)` no call could ever be made")),
            Some(places) => Some(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            None => None,
        };
        let usual = match load.calls_per_second {
            Some(rate) => {
                let interval = Duration::try_from_secs_f64(1.0 / rate).ok().filter(|_| rate > 0.0);
                interval.ok_or_else(|| {
                    Error::config(format!("{rate} calls per second is no rate: give a number above 0, such as 0.5"))
                })?
            }
            None => Duration::ZERO,
        };
        let state = Mutex::new(State { interval: usual, next: None, slowed: None });
        Ok(Self { places, pace: Pace { usual, is_slowed: AtomicBool::new(false), state } })
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
        if self.pace.is_kept() {
            sleep_until(self.pace.reserve(Instant::now())).await;
        }
    }

    /// The server said that a request, which began then, was one too many, and perhaps how long to wait.
    #[cold]
    pub(crate) fn slow_down(&self, began: Instant, wait: Option<Duration>) {
        self.pace.slow_down(began, Instant::now(), wait.unwrap_or_default());
    }

    /// The server took a request.
    pub(crate) fn speed_up(&self) {
        if self.pace.is_slowed.load(Ordering::Relaxed) {
            self.pace.speed_up();
        }
    }
}

impl Pace {
    fn is_kept(&self) -> bool {
        !self.usual.is_zero() || self.is_slowed.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(&self, now: Instant) -> Instant {
        let mut state = self.state();
        let mine = state.next.map_or(now, |next| next.max(now));
        // Without an end of time in reach there is no wait either.
        state.next = mine.checked_add(state.interval);
        mine
    }

    fn slow_down(&self, began: Instant, now: Instant, wait: Duration) {
        let (least, most) = SLOWED;
        let mut state = self.state();
        // What was under way together is too much once.
        if state.slowed.is_none_or(|slowed| began >= slowed) {
            state.interval = (state.interval * 2).clamp(least, most.max(self.usual));
            state.slowed = Some(now);
        }
        let next = now + state.interval.max(wait.min(most));
        state.next = state.next.max(Some(next));
        self.is_slowed.store(true, Ordering::Relaxed);
    }

    fn speed_up(&self) {
        let mut state = self.state();
        let shorter = state.interval - state.interval / 16;
        state.interval = shorter;
        if state.interval <= self.usual.max(SLOWED.0 / 2) {
            state.interval = self.usual;
            self.is_slowed.store(false, Ordering::Relaxed);
        }
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
        let pace = limiter(None, Some(2.0)).pace;
        let began = Instant::now();
        let after = |seconds: f64| began + Duration::from_secs_f64(seconds);
        for turn in 0..5 {
            assert_eq!(pace.reserve(after(0.1 * f64::from(turn))), after(0.5 * f64::from(turn)));
        }
        // What was not used is not saved up for a burst.
        assert_eq!(pace.reserve(after(60.0)), after(60.0));
        assert_eq!(pace.reserve(after(60.0)), after(60.5));
    }

    #[test]
    fn what_is_too_much_slows_all_down_for_a_while() {
        let pace = limiter(None, None).pace;
        let began = Instant::now();
        let after = |seconds: f64| began + Duration::from_secs_f64(seconds);
        assert!(!pace.is_kept());
        // Four at a time, which are refused: once is enough.
        for _ in 0..4 {
            pace.slow_down(began, after(0.1), Duration::ZERO);
        }
        assert!(pace.is_kept());
        assert_eq!([pace.reserve(after(0.1)), pace.reserve(after(0.1))], [after(0.35), after(0.6)]);
        // Once more, and with a time to wait: it holds for all of them, but not for ever.
        pace.slow_down(after(0.35), after(0.4), Duration::from_secs(5));
        assert_eq!([pace.reserve(after(0.5)), pace.reserve(after(0.5))], [after(5.4), after(5.9)]);
        pace.slow_down(after(6.0), after(6.0), Duration::from_secs(3600));
        assert_eq!(pace.reserve(after(7.0)), after(36.0));
        for _ in 0..100 {
            pace.speed_up();
        }
        assert!(!pace.is_kept());

        // What was asked for is what it comes back to.
        let pace = limiter(None, Some(2.0)).pace;
        pace.slow_down(began, began, Duration::ZERO);
        assert_eq!(pace.state().interval, Duration::from_secs(1));
        for _ in 0..100 {
            pace.speed_up();
        }
        assert_eq!(pace.state().interval, Duration::from_millis(500));
        assert!(!pace.is_slowed.load(Ordering::Relaxed));
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
