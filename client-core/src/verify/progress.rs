//! How far the reading is.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// How far a reading is, for the person who waits; as text one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many models were read.
    pub models: usize,
    /// How many are to be read.
    pub wanted: usize,
    /// How many records were read.
    pub records: usize,
    /// How long it has taken so far.
    pub elapsed: Duration,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { models, wanted, records, elapsed } = self;
        let each_second = *records as f64 / elapsed.as_secs_f64().max(0.001);
        write!(f, "{models}/{wanted} models, {records} records read, {each_second:.0} a second")
    }
}

/// Counts what has been read.
pub(super) struct Counter {
    wanted: usize,
    models: AtomicUsize,
    records: AtomicUsize,
    began: Instant,
}

impl Counter {
    pub(super) fn new(wanted: usize) -> Self {
        Self { wanted, models: AtomicUsize::new(0), records: AtomicUsize::new(0), began: Instant::now() }
    }

    pub(super) fn add_records(&self, records: usize) {
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    /// Counts a model; of many, each tenth of the way is worth telling.
    pub(super) fn add_model(&self) -> Option<Progress> {
        let done = self.models.fetch_add(1, Ordering::Relaxed) + 1;
        (self.wanted >= 50 && done * 10 / self.wanted > (done - 1) * 10 / self.wanted).then(|| self.progress())
    }

    pub(super) fn progress(&self) -> Progress {
        Progress {
            models: self.models.load(Ordering::Relaxed),
            wanted: self.wanted,
            records: self.records.load(Ordering::Relaxed),
            elapsed: self.began.elapsed(),
        }
    }
}
