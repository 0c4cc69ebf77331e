//! Emulators of the pins of this workspace, and clients of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use odoo_client::{Client, ClientBuilder, RetryPolicy};
use odoo_emulator::Emulator;

use super::server::PASSWORD;

pub(crate) fn pin(series: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../generated/odoo{series}"))
}

/// Of the administrator, who has the password of these tests.
pub(crate) async fn start(series: u32) -> Emulator {
    let emulator = Emulator::start(pin(series)).await.unwrap();
    emulator.set_password("admin", PASSWORD).unwrap();
    emulator
}

pub(crate) fn builder(emulator: &Emulator) -> ClientBuilder {
    // Waiting tells nothing.
    let quick = RetryPolicy::new().attempts(3).base_delay(Duration::ZERO);
    Client::builder().url(emulator.url()).database(emulator.database()).user("admin").password(PASSWORD).retry(quick)
}

/// How many times a method was called.
pub(crate) fn calls(emulator: &Emulator, method: &str) -> usize {
    emulator.requests().iter().filter(|request| request.method.as_deref() == Some(method)).count()
}
