//! The server: it listens on a port of this machine, and has each request answered.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::answer::Cut;
use super::call::Request;
use super::routes;
use crate::state::State;

/// How long a dropped emulator waits for its port to be closed: much longer than that takes.
const CLOSED: Duration = Duration::from_secs(1);

/// A running server, with threads of its own: whoever waits for an answer in a runtime of one thread, or in none, gets it.
pub(crate) struct Server {
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<Infallible>>,
    closed: mpsc::Receiver<Infallible>,
}

impl Server {
    /// Listens on a port of this machine that is free, or on this one.
    pub(crate) fn start(port: u16, state: impl FnOnce(SocketAddr) -> Arc<State>) -> io::Result<Self> {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime =
            Builder::new_multi_thread().worker_threads(2).thread_name("odoo-emulator").enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let (closing, closed) = mpsc::channel();
        let state = state(address);
        runtime.spawn(async move {
            tokio::select! {
                () = accept(&listener, state) => {}
                _ = stopped => {}
            }
            drop(listener);
            drop(closing);
        });
        Ok(Self { runtime: Some(runtime), stop: Some(stop), closed })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Whoever connects from now on is refused.
        let _ = self.closed.recv_timeout(CLOSED);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves whoever comes, each in a task.
async fn accept(listener: &TcpListener, state: Arc<State>) {
    loop {
        // Too many open files, say: that passes.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(|request| serve(Arc::clone(&state), request));
            // A client that went away, or a connection that is to be cut.
            let _ =
                http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn serve(state: Arc<State>, request: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let request = Request::new(head, body);
    let answer = routes::answer(&state, &request).await?;
    Ok(answer.into_response())
}
