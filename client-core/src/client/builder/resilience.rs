//! How hard a client tries, and how hard it may be on its server.

use super::ClientBuilder;
use crate::transport::RetryPolicy;

impl ClientBuilder {
    /// What is done about calls that failed but may succeed the next time: [`RetryPolicy::new`] if not said otherwise.
    /// [`Call::retry`](crate::client::Call::retry) replaces it for one call.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
        self
    }

    /// How many calls the client makes at a time; others wait for their turn, in the order in which they came. The wait
    /// does not count towards the [`timeout`](Self::timeout). Without this there is no limit.
    ///
    /// It holds for the client and its clones. 0 makes [`connect`](Self::connect) fail.
    pub fn max_concurrent_calls(mut self, calls: usize) -> Self {
        self.limits.load.max_concurrent_calls = Some(calls);
        self
    }

    /// How many calls the client begins in a second, evenly spaced; calls made again after a failure count, and so does
    /// every request of a login. Without this there is no limit. See [`max_concurrent_calls`](Self::max_concurrent_calls) for those that have to wait.
    ///
    /// Less than one is possible: `0.2` is a call every five seconds. What is no number above 0 makes
    /// [`connect`](Self::connect) fail.
    ///
    /// ```no_run
    /// # async fn f() -> Result<(), odoo_client::Error> {
    /// let odoo = odoo_client::ClientBuilder::from_env()?.rate_limit(10.0).max_concurrent_calls(4).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rate_limit(mut self, calls_per_second: f64) -> Self {
        self.limits.load.calls_per_second = Some(calls_per_second);
        self
    }

    /// What Odoo asks of programs that call databases on its own hosting: one call per second, none in parallel.
    ///
    /// Odoo's [acceptable use policy](https://www.odoo.com/acceptable-use) calls that rate "typically acceptable" as
    /// long as it is not sustained, and answers status 429 to those who make many more. So the calls of several
    /// programs add up; and reading a thousand records with one call is better than reading one with each of a thousand.
    ///
    /// The same as `.rate_limit(1.0).max_concurrent_calls(1)`.
    pub fn odoo_com(self) -> Self {
        self.rate_limit(1.0).max_concurrent_calls(1)
    }
}
