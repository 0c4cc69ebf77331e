//! What the live tests share: clients, own records and their removal, users, what stands between client and server.

pub(crate) mod guide;
pub(crate) mod records;
pub(crate) mod relay;
pub(crate) mod session;
pub(crate) mod totp;
pub(crate) mod users;

/// Says which test is passed over, and why: `cargo xtask live test` shows it.
#[track_caller]
pub(crate) fn skipped(why: impl std::fmt::Display) {
    let (thread, place) = (std::thread::current(), std::panic::Location::caller());
    match thread.name().filter(|name| name.contains("::")) {
        Some(test) => eprintln!("skipped: {test}: {why}"),
        // In a task of its own.
        None => eprintln!("skipped: the test at {place}: {why}"),
    }
}
