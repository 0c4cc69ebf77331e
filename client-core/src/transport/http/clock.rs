//! Time limits of a request.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// When a request began, and how long it may take from then on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeLimit {
    pub(crate) began: Instant,
    pub(crate) limit: Duration,
}

impl TimeLimit {
    /// That much, from now on.
    pub(crate) fn new(limit: Duration) -> Self {
        Self { began: Instant::now(), limit }
    }

    /// When it ends; never, if that is out of reach.
    pub(crate) fn end(self) -> Option<Instant> {
        self.began.checked_add(self.limit)
    }
}

/// Watches over one request: its time limit and how long the server is silent.
///
/// There is one timer for both and for the whole request, and none where nothing is waited for. The clock itself is
/// looked at only where a wait begins: a small call has one.
pub(crate) struct Clock<'a> {
    /// Without an end of time in reach there is no limit either.
    end: Option<Instant>,
    idle: Duration,
    /// Since when the server is silent, once somebody waits for it.
    silent_since: Option<Instant>,
    timer: Pin<&'a mut Option<Sleep>>,
}

/// It took too long.
#[derive(Debug)]
pub(crate) struct Elapsed;

impl<'a> Clock<'a> {
    pub(crate) fn start(limit: TimeLimit, idle: Duration, timer: Pin<&'a mut Option<Sleep>>) -> Self {
        Self { end: limit.end(), idle, silent_since: Some(limit.began), timer }
    }

    /// Waits for what the server does next.
    pub(crate) async fn within<F: Future>(&mut self, future: F) -> Result<F::Output, Elapsed> {
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
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(20);

    /// How many pieces come before it is over, each that long after the one before, and when that is: in an hour if the
    /// server has to end it.
    async fn receive(limit: Duration, idle: Duration, pieces: &[Duration]) -> (usize, Duration) {
        let limit = TimeLimit::new(limit);
        let timer = pin!(None);
        let mut clock = Clock::start(limit, idle, timer);
        for (count, &piece) in pieces.iter().enumerate() {
            if clock.within(sleep(piece)).await.is_err() {
                return (count, limit.began.elapsed());
            }
        }
        if clock.within(pending::<()>()).await.is_ok() {
            return (usize::MAX, LONG);
        }
        (pieces.len(), limit.began.elapsed())
    }

    #[tokio::test]
    async fn silence_and_slowness_come_to_an_end() {
        for (limit, idle) in [(LONG, SHORT), (SHORT, LONG), (SHORT, Duration::MAX), (Duration::MAX, SHORT)] {
            let (pieces, took) = receive(limit, idle, &[]).await;
            assert!(pieces == 0 && took >= SHORT && took < LONG, "{limit:?} {idle:?} {pieces} {took:?}");
            // What is there is taken.
            assert_eq!(receive(limit, idle, &[Duration::ZERO; 3]).await.0, 3);
        }
    }

    #[tokio::test]
    async fn silence_counts_from_the_last_piece() {
        let (half, idle) = (Duration::from_millis(150), Duration::from_millis(300));
        let (pieces, took) = receive(LONG, idle, &[half, half, half]).await;
        assert_eq!(pieces, 3);
        assert!(took >= half * 3 + idle, "{took:?}");
    }

    #[tokio::test]
    async fn pieces_do_not_prolong_the_limit() {
        let pieces = [Duration::from_millis(5); 100];
        let (pieces, took) = receive(SHORT, LONG, &pieces).await;
        assert!(pieces < 100 && took >= SHORT, "{pieces} {took:?}");
    }
}
