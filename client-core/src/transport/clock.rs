//! Time limits of a request.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// When a request began, and how long it may take from then on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeLimit {
    pub(super) began: Instant,
    pub(crate) limit: Duration,
}

impl TimeLimit {
    /// That much, from now on.
    pub(super) fn new(limit: Duration) -> Self {
        Self { began: Instant::now(), limit }
    }
}

/// Watches over one request: its time limit and how long the server is silent.
///
/// There is one timer for both and for the whole request, and none where nothing is waited for. The clock itself is
/// looked at only where a wait begins: a small call has one.
pub(super) struct Clock<'a> {
    /// Without an end of time in reach there is no limit either.
    end: Option<Instant>,
    idle: Duration,
    /// Since when the server is silent, once somebody waits for it.
    silent_since: Option<Instant>,
    timer: Pin<&'a mut Option<Sleep>>,
}

/// It took too long.
#[derive(Debug)]
pub(super) struct Elapsed;

impl<'a> Clock<'a> {
    pub(super) fn start(limit: TimeLimit, idle: Duration, timer: Pin<&'a mut Option<Sleep>>) -> Self {
        Self { end: limit.began.checked_add(limit.limit), idle, silent_since: Some(limit.began), timer }
    }

    /// Waits for what the server does next.
    pub(super) async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        let output = poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => self.poll_elapsed(context).map(Err),
        })
        .await;
        self.silent_since = None;
        output
    }

    fn poll_elapsed(&mut self, context: &mut Context<'_>) -> Poll<Elapsed> {
        let since = *self.silent_since.get_or_insert_with(Instant::now);
        let Some(due) = self.end.into_iter().chain(since.checked_add(self.idle)).min() else {
            return Poll::Pending;
        };
        if self.timer.is_none() {
            self.timer.set(Some(sleep_until(due)));
        }
        while let Some(mut timer) = self.timer.as_mut().as_pin_mut() {
            ready!(timer.as_mut().poll(context));
            if timer.deadline() >= due {
                break;
            }
            // It was set before the server was last heard of.
            timer.reset(due);
        }
        Poll::Ready(Elapsed)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What comes of pieces that arrive so many seconds after one another, and when.
    async fn receive(limit: Duration, idle: Duration, pieces: &[u32]) -> (bool, Duration) {
        let limit = TimeLimit::new(limit);
        let timer = pin!(None);
        let mut clock = Clock::start(limit, idle, timer);
        for &seconds in pieces {
            if clock.within(sleep(SECOND * seconds)).await.is_err() {
                return (false, limit.began.elapsed());
            }
        }
        (true, limit.began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn silence_and_slowness_end_when_they_should() {
        let (limit, idle) = (SECOND * 10, SECOND * 4);
        assert_eq!(receive(limit, idle, &[3, 3, 3]).await, (true, SECOND * 9));
        assert_eq!(receive(limit, idle, &[5]).await, (false, SECOND * 4));
        // Counted from the last piece, not from when the timer was set.
        assert_eq!(receive(limit, idle, &[3, 0, 5]).await, (false, SECOND * 7));
        assert_eq!(receive(limit, idle, &[3, 3, 3, 3]).await, (false, limit));
        assert_eq!(receive(Duration::MAX, Duration::MAX, &[1_000_000]).await, (true, SECOND * 1_000_000));
        assert_eq!(receive(Duration::ZERO, idle, &[0]).await, (true, Duration::ZERO), "what is there is taken");
    }
}
