//! What a stream of 100,000 records costs: the memory of the process at its peak, and processor time a record.
//!
//! `cargo bench -p odoo-client --bench stream` reads them from a stub on this machine, which is a process of its own and
//! answers as fast as it can: the client has nothing to wait for, so this is the most that it ever uses.

#![cfg_attr(not(target_os = "linux"), allow(unused))]

#[macro_use]
#[path = "../decode/models.rs"]
mod models;
#[allow(dead_code, reason = "all but one type is for the decode benchmark")]
#[path = "../decode/ours.rs"]
mod ours;
mod stub;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use odoo_client::Client;
use odoo_client::client::WireKind;

type Failure = Box<dyn std::error::Error>;

const RECORDS: u64 = 100_000;
/// Megabytes.
const GOAL: f64 = 64.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    if std::env::args().any(|argument| argument == "--stub") {
        return stub::serve(RECORDS).map_err(Into::into);
    }
    let (_stub, url) = start()?;
    let odoo = Client::builder().url(url).database("apps").user("admin").password("admin").wire(WireKind::JsonRpc);
    let odoo = odoo.connect().await?;
    let (before, start, used) = (peak()?, Instant::now(), used()?);
    let mut records = odoo.query::<ours::derived::Partner>().stream();
    let mut count = 0;
    while let Some(record) = records.next().await {
        drop(record?);
        count += 1;
    }
    if count != RECORDS {
        return Err(format!("the stream has {count} of {RECORDS} records").into());
    }
    #[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
    let each = (self::used()? - used) * 1e6 / RECORDS as f64;
    println!("{RECORDS} partners, all stored fields of each, in {:.2} s", start.elapsed().as_secs_f64());
    println!("processor time: {each:.1} µs a record");
    println!("memory at its peak: {:.1} MB (before the stream {before:.1} MB; goal: under {GOAL:.0} MB)", peak()?);
    Ok(())
}

/// Starts the stub; it ends with this process.
fn start() -> Result<(Stub, String), Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg("--stub").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut url = String::new();
    BufReader::new(child.stdout.take().ok_or("the stub has no output")?).read_line(&mut url)?;
    Ok((Stub(child), url.trim().to_owned()))
}

struct Stub(Child);

impl Drop for Stub {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The most memory that this process has had, in megabytes.
fn peak() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM: this needs Linux")?;
    let kilobytes: f64 = line.split_ascii_whitespace().nth(1).ok_or("no number")?.parse()?;
    Ok(kilobytes / 1e3)
}

/// Seconds of processor time that this process has used.
#[cfg(unix)]
fn used() -> Result<f64, Failure> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    #[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
    Ok((usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6)
}

#[cfg(not(unix))]
fn used() -> Result<f64, Failure> {
    Err("processor time is counted with getrusage, which only Unix has".into())
}
