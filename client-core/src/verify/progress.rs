//! How far the reading is, for the person who waits.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

/// What has been read so far.
pub(super) struct Progress {
    of: usize,
    models: AtomicUsize,
    records: AtomicUsize,
    began: Instant,
}

impl Progress {
    pub(super) fn new(of: usize) -> Self {
        Self { of, models: AtomicUsize::new(0), records: AtomicUsize::new(0), began: Instant::now() }
    }

    pub(super) fn read(&self, records: usize) {
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    /// Counts a model; of many, a line tells each tenth of the way.
    pub(super) fn model_done(&self) {
        let done = self.models.fetch_add(1, Ordering::Relaxed) + 1;
        if self.of >= 50 && done * 10 / self.of > (done - 1) * 10 / self.of {
            self.tell();
        }
    }

    pub(super) fn tell(&self) {
        let (models, records) = (self.models.load(Ordering::Relaxed), self.records.load(Ordering::Relaxed));
        let each_second = records as f64 / self.began.elapsed().as_secs_f64().max(0.001);
        eprintln!("{models}/{} models, {records} records read, {each_second:.0} a second", self.of);
    }
}
