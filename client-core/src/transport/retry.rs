//! Which calls are made again after a failure, how often, and how long is waited in between.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::sleep;

use super::http::clock::TimeLimit;
use super::http::limiter::Limiter;
use super::{Limits, trace};
use crate::error::{Error, ErrorKind};

/// How a client goes about calls that failed but may succeed the next time.
///
/// A call is made again only if the failure [may pass](Error::is_transient) *and* the call cannot take effect twice:
///
/// - it calls one of Odoo's own methods that only read, such as `search_read` or `fields_get`; or
/// - the failure shows that nothing was done: no connection came about, the server refused the call with status 429,
///   or it says that it rolled the transaction back ([`Conflict`](crate::ErrorKind::Conflict)); or
/// - its caller vouches for it with [`Call::idempotent`](crate::client::Call::idempotent).
///
/// A timeout, a connection that broke, and a proxy's 502, 503 or 504 (with `Retry-After` or without: some proxies add
/// it to connections that broke half-way) leave open whether a write took effect. Such a write is not made again.
///
/// Before each further attempt the client waits for a bound that doubles with each attempt, or a random time down to half
/// of it, or for as long as the server's `Retry-After` says if that is longer. All attempts and the waiting between
/// them share the time limit of the call; what does not fit is not tried.
///
/// After status 429 all requests of the client are spaced out, further with each one more, until the server takes them again:
/// calls made at a time do not use up their attempts against each other.
///
/// That is about half a minute in all if nothing else is said, so that a restart of the server goes by unnoticed. Only
/// [`connect`](crate::ClientBuilder::connect) gives up after a second or two, for its address may be wrong.
///
/// ```no_run
/// # async fn f() -> Result<(), odoo_client::Error> {
/// use odoo_client::{Client, RetryPolicy};
/// use std::time::Duration;
///
/// let patient = RetryPolicy::new().attempts(8).max_delay(Duration::from_secs(60));
/// let odoo = Client::builder().url("https://odoo.example.com").retry(patient).connect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a policy does nothing until a client or a call is given it"]
pub struct RetryPolicy {
    attempts: u32,
    /// Of a client that no server has answered yet.
    first_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
}

impl RetryPolicy {
    /// What clients do if not said otherwise: up to 9 attempts, with up to 250 ms before the second one, twice as much
    /// before each further one, and never more than 10 s: 18 to 36 s of waiting in all. To connect there are 4 attempts.
    pub const fn new() -> Self {
        let (base_delay, max_delay) = (Duration::from_millis(250), Duration::from_secs(10));
        Self { attempts: 9, first_attempts: 4, base_delay, max_delay }
    }

    /// One attempt, whatever happens.
    pub const fn never() -> Self {
        Self::new().attempts(1)
    }

    /// How often a call is made at most, the first time included; to connect as well.
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts, first_attempts: attempts, ..self }
    }

    /// For what is asked of a server before it is known whether there is one: the other number holds once it is.
    pub(crate) const fn to_connect(self) -> Self {
        Self { attempts: self.first_attempts, first_attempts: self.attempts, ..self }
    }

    /// The longest wait before the second attempt; it doubles with each further one.
    pub const fn base_delay(self, delay: Duration) -> Self {
        Self { base_delay: delay, ..self }
    }

    /// The longest wait before any attempt, except for what a server's `Retry-After` says.
    pub const fn max_delay(self, delay: Duration) -> Self {
        Self { max_delay: delay, ..self }
    }

    /// The longest wait after so many attempts (at least one).
    fn bound(&self, attempts: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// The attempts at one call, and the time that is left for it.
pub(crate) struct Retries {
    policy: RetryPolicy,
    attempts: u32,
    left: Duration,
}

impl Retries {
    pub(crate) fn new(policy: RetryPolicy, limit: Duration) -> Self {
        Self { policy, attempts: 0, left: limit }
    }

    /// How long the next attempt may take.
    pub(crate) fn time_left(&self) -> Duration {
        self.left
    }

    /// How many attempts there were, except for what was never sent.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// After an attempt has failed: how long to wait before the next one, or the error to give up with. What is
    /// repeatable may take effect twice without harm.
    #[cold]
    pub(crate) fn wait_or_give_up(
        &mut self,
        error: Error,
        took: Duration,
        is_repeatable: bool,
    ) -> Result<Duration, Error> {
        if !matches!(error.kind(), ErrorKind::Config | ErrorKind::Encode) {
            self.attempts += 1;
        }
        self.left = self.left.saturating_sub(took);
        let is_safe = is_repeatable || !error.may_have_executed();
        let random = self.policy.bound(self.attempts).mul_f64(1.0 - random_fraction() / 2.0);
        // That there are too many requests is said by a server that is there.
        let attempts = match error.kind() {
            ErrorKind::RateLimited => self.policy.attempts.max(self.policy.first_attempts),
            _ => self.policy.attempts,
        };
        let delay = error.retry_after().map_or(random, |wait| wait.max(random));
        if error.is_transient() && is_safe && self.attempts < attempts && delay < self.left {
            self.left -= delay;
            trace::warn_of_retry(&error, self.attempts, delay);
            Ok(delay)
        } else {
            let error = error.with_attempts(self.attempts);
            Err(if is_repeatable { error.repeatable() } else { error })
        }
    }
}

/// Attempts something until it succeeds or there is no more hope: the one loop of this crate that does so. With a limiter each
/// attempt waits for its turn, which is not the server's fault: it does not count.
pub(crate) async fn repeat<T, F>(
    retries: &mut Retries,
    limiter: Option<&Limiter>,
    is_repeatable: impl Fn() -> bool,
    mut attempt: impl FnMut(TimeLimit) -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    loop {
        let turn = match limiter {
            Some(limiter) => Some(limiter.enter().await),
            None => None,
        };
        let limit = TimeLimit::new(retries.time_left());
        let outcome = attempt(limit).await;
        drop(turn);
        match outcome {
            Ok(done) => {
                retries.attempts += 1;
                return Ok(done);
            }
            Err(error) => sleep(retries.wait_or_give_up(error, limit.began.elapsed(), is_repeatable())?).await,
        }
    }
}

/// Connects: again if need be, for that may be done any number of times. Its requests wait for their turns by themselves.
pub(crate) async fn connect<T, F>(limits: &Limits, mut attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut retries = Retries::new(limits.retry.to_connect(), limits.call);
    repeat(&mut retries, None, || true, |_| attempt()).await
}

/// Between 0 and 1. Clients that failed together must not come back together; nothing else depends on it.
fn random_fraction() -> f64 {
    f64::from((random() >> 32) as u32) / f64::from(u32::MAX)
}

/// A number by lot; nothing that is secret depends on it.
pub(crate) fn random() -> u64 {
    // Its keys are random, and new each time.
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy::new().attempts(3);
    const LIMIT: Duration = Duration::from_secs(60);

    fn broken() -> Error {
        Error::new(ErrorKind::Connect, "it broke").executed()
    }

    #[test]
    fn it_gives_up_after_the_last_attempt_and_says_how_many_there_were() {
        let mut retries = Retries::new(POLICY, LIMIT);
        assert!(retries.wait_or_give_up(broken(), Duration::ZERO, true).is_ok());
        assert!(retries.wait_or_give_up(broken(), Duration::ZERO, true).is_ok());
        let error = retries.wait_or_give_up(broken(), Duration::ZERO, true).unwrap_err();
        assert_eq!(error.attempts(), 3);
        assert!(error.to_string().contains("tried 3 times"), "{error}");
    }

    #[test]
    fn what_may_have_executed_is_repeated_only_if_that_does_no_harm() {
        let refused = || Error::new(ErrorKind::Connect, "refused");
        let denied = || Error::new(ErrorKind::Access, "denied");
        for (error, is_repeatable, again) in
            [(broken(), false, false), (broken(), true, true), (refused(), false, true), (denied(), true, false)]
        {
            let mut retries = Retries::new(POLICY, LIMIT);
            assert_eq!(retries.wait_or_give_up(error, Duration::ZERO, is_repeatable).is_ok(), again);
        }
    }

    #[test]
    fn the_wait_is_the_servers_if_it_names_one_and_fits_the_time_limit() {
        let asked = |seconds| broken().with_retry_after(Some(Duration::from_secs(seconds)));
        let mut retries = Retries::new(POLICY, LIMIT);
        assert_eq!(retries.wait_or_give_up(asked(20), Duration::from_secs(10), true).unwrap(), Duration::from_secs(20));
        assert_eq!(retries.time_left(), Duration::from_secs(30));
        let error = retries.wait_or_give_up(asked(30), Duration::ZERO, true).unwrap_err();
        assert_eq!((error.attempts(), error.retry_after()), (2, Some(Duration::from_secs(30))));
        assert!(Retries::new(POLICY, LIMIT).wait_or_give_up(broken(), LIMIT, true).is_err(), "no time is left");
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy::new().base_delay(Duration::from_secs(1)).max_delay(Duration::from_secs(5));
        let bounds: Vec<_> =
            [1, 2, 3, 4, 40, u32::MAX].iter().map(|&attempts| policy.bound(attempts).as_secs()).collect();
        assert_eq!(bounds, [1, 2, 4, 5, 5, 5]);
        let total: Duration = (1..9).map(|attempts| RetryPolicy::new().bound(attempts)).sum();
        assert!((30..60).contains(&total.as_secs()), "a restart of the server takes some seconds: {total:?}");
        assert_eq!(RetryPolicy::new().to_connect().attempts, 4);
        assert_eq!(RetryPolicy::new().attempts(7).to_connect().attempts, 7);
        let (a, b) = (random_fraction(), random_fraction());
        assert!(a != b && (0.0..=1.0).contains(&a) && (0.0..=1.0).contains(&b));
    }
}
