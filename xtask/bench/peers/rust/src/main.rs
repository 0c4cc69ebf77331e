//! One client in Rust, by the feature it is built with. `peers TASK COUNT WORKERS` does a task once and says what it took.

#[cfg(feature = "bare")]
#[path = "bare.rs"]
mod client;
#[cfg(feature = "odoo-client")]
#[path = "ours.rs"]
mod client;
#[cfg(feature = "odoo-api")]
#[path = "odoo_api.rs"]
mod client;
#[cfg(any(feature = "serde", feature = "sonic-rs", feature = "simd-json"))]
mod partner;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use client::Peer;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

pub type Failure = Box<dyn std::error::Error>;

/// Records a page of a stream, where the client does not choose.
#[allow(dead_code, reason = "ours chooses")]
pub const PAGE: usize = 1000;

pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

#[allow(dead_code, reason = "what is typed knows its fields")]
pub fn fields() -> Vec<String> {
    variable("PEER_FIELDS").split(' ').map(str::to_owned).collect()
}

fn usage() -> Result<Usage, Failure> {
    Ok(getrusage(UsageWho::RUSAGE_SELF)?)
}

/// The most memory that the process has had. `getrusage` counts that of the process that started this one as well.
fn peak() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM: this needs Linux")?;
    Ok(line.split_ascii_whitespace().nth(1).ok_or("no number")?.parse::<f64>()? / 1e3)
}

fn cpu(usage: &Usage) -> f64 {
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e3
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("peers TASK COUNT WORKERS");
    let (task, count, workers) = (next()?, next()?.parse::<usize>()?, next()?.parse::<usize>()?);
    let models: Rc<Vec<String>> = Rc::new(match &*task {
        "fields" => std::fs::read_to_string(variable("PEER_MODELS"))?.lines().map(str::to_owned).collect(),
        _ => Vec::new(),
    });
    let count = if task == "fields" { models.len() } else { count };
    let first = Peer::connect().await?;
    // Each has made a call, so that connections are there.
    let mut peers = Vec::new();
    for _ in 0..workers {
        let mut peer = first.another().await?;
        peer.small().await?;
        peers.push(peer);
    }
    let (before, before_mb, start) = (usage()?, peak()?, Instant::now());
    let mut done = 0;
    match &*task {
        "fetch" => done = peers[0].fetch(count).await?,
        "stream" => done = peers[0].stream(count).await?,
        _ => {
            let taken = Rc::new(Cell::new(0));
            let local = tokio::task::LocalSet::new();
            let running: Vec<_> = peers
                .into_iter()
                .map(|mut peer| {
                    let (taken, models, task) = (Rc::clone(&taken), Rc::clone(&models), task.clone());
                    local.spawn_local(async move {
                        while taken.get() < count {
                            let at = taken.replace(taken.get() + 1);
                            match &*task {
                                "small" => drop(peer.small().await.map_err(|error| error.to_string())?),
                                _ => peer.fields(&models[at]).await.map_err(|error| error.to_string())?,
                            }
                        }
                        Ok::<(), String>(())
                    })
                })
                .collect();
            local.await;
            for task in running {
                task.await??;
            }
            done += taken.get();
        }
    }
    let (wall, after) = (start.elapsed().as_secs_f64() * 1e3, usage()?);
    println!(
        "{{\"count\": {done}, \"cpu_ms\": {}, \"wall_ms\": {wall}, \"before_mb\": {}, \"peak_mb\": {}}}",
        cpu(&after) - cpu(&before),
        before_mb,
        peak()?
    );
    Ok(())
}
