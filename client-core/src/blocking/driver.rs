//! The thread that serves a client's connections, and how others wait for it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::error::Error;

/// A runtime on a thread of its own, until this is dropped.
pub(super) struct Driver {
    runtime: Handle,
    /// The thread ends when this is gone.
    _stop: oneshot::Sender<()>,
}

impl Driver {
    pub(super) fn start() -> Result<Arc<Self>, Error> {
        let failed = |error: std::io::Error| {
            Error::config(format!("cannot start the thread of the blocking client: {error}")).with_source(error)
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = move || {
            // Nothing is ever sent.
            let _ = runtime.block_on(stopped);
        };
        thread::Builder::new().name("odoo-client".to_owned()).spawn(serve).map_err(failed)?;
        Ok(Arc::new(Self { runtime: handle, _stop: stop }))
    }

    /// Waits for a future on this thread. Its timers and connections are those of the runtime, so that it makes progress
    /// whatever this thread is: `block_on` would panic on one of another runtime.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        let _runtime = self.runtime.enter();
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(done) => return done,
                // A wake that came first makes it return at once; one without a reason is harmless.
                Poll::Pending => thread::park(),
            }
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}
