//! What it costs to fetch the same records again and again in one process: processor time, and the pages of memory that the
//! system has to give for it.
//!
//! `cargo bench -p odoo-client --bench fetch` fetches 2,500 whole partners of 110 fields, 7.5 MB, twenty times in a process for each
//! design: into this crate's rows, into structs with `#[derive(Record)]`, and with `reqwest` and the lean design of the decode
//! benchmark. They come from a stub that is a process of its own.

#![cfg_attr(not(unix), allow(unused))]

#[macro_use]
#[path = "../decode/models.rs"]
mod models;
#[allow(dead_code, reason = "all but the partners are for the decode benchmark")]
#[path = "../decode/ours.rs"]
mod ours;
#[allow(dead_code, reason = "all but the partners are for the decode benchmark")]
#[path = "../decode/rival.rs"]
mod rival;
#[path = "../stream/stub.rs"]
mod stub;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use odoo_client::{Client, Record};

type Failure = Box<dyn std::error::Error>;

const RECORDS: usize = 2_500;
const FETCHES: usize = 20;
/// The fetches before are not counted as further ones.
const WARM: usize = 10;

const DESIGNS: [&str; 3] = ["rows", "derive(Record)", "reqwest and serde derive"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    match &std::env::args().skip(1).filter(|argument| argument != "--bench").collect::<Vec<_>>()[..] {
        [stub] if stub == "--stub" => stub::serve(RECORDS as u64).map_err(Into::into),
        [design, url] => fetch(design, url).await,
        _ => compare(),
    }
}

fn compare() -> Result<(), Failure> {
    let this = || std::env::current_exe().map(Command::new);
    let mut stub = this()?.arg("--stub").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut url = String::new();
    BufReader::new(stub.stdout.take().ok_or("the stub has no output")?).read_line(&mut url)?;
    println!(
        "{RECORDS} partners, processor time and page faults; further ones: the mean of the last {}\n",
        FETCHES - WARM
    );
    println!("| | first fetch, ms | page faults | further ones, ms | page faults |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for design in DESIGNS {
        let output = this()?.args([design, url.trim()]).stderr(Stdio::inherit()).output()?;
        println!("| {design} | {} |", String::from_utf8(output.stdout)?.trim());
    }
    stub.kill()?;
    stub.wait()?;
    Ok(())
}

#[derive(serde_derive::Deserialize)]
struct Answer {
    result: Vec<rival::Partner>,
}

async fn fetch(design: &str, url: &str) -> Result<(), Failure> {
    let odoo = Client::builder().url(url).database("apps").user("admin").password("admin").connect().await?;
    let bare = reqwest::Client::new();
    let body = r#"{"params": {"method": "execute_kw", "args": [0, 0, 0, "res.partner", "search_read", [[]], {}]}}"#;
    let (mut times, mut faults) = (Vec::new(), Vec::new());
    for _ in 0..FETCHES {
        let before = used()?;
        let count = match design {
            "rows" => all::<ours::rows::Partner>(&odoo).await?,
            "derive(Record)" => all::<ours::derived::Partner>(&odoo).await?,
            _ => {
                let answer = bare.post(format!("{url}/jsonrpc")).body(body).send().await?.bytes().await?;
                serde_json::from_str::<Answer>(std::str::from_utf8(&answer)?)?.result.len()
            }
        };
        if count != RECORDS {
            return Err(format!("{count} of {RECORDS} records were fetched").into());
        }
        let after = used()?;
        times.push(after.0 - before.0);
        faults.push(after.1 - before.1);
    }
    let mean = |all: &[f64]| all[WARM..].iter().sum::<f64>() / (FETCHES - WARM) as f64;
    println!("{:.1} | {:.0} | {:.1} | {:.0}", times[0], faults[0], mean(&times), mean(&faults));
    Ok(())
}

async fn all<R: Record>(odoo: &Client) -> Result<usize, Failure> {
    Ok(odoo.query::<R>().fetch_all().await?.len())
}

/// Milliseconds of processor time that this process has used, and how many pages it was given.
#[cfg(unix)]
fn used() -> Result<(f64, f64), Failure> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    #[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
    let [time, faults] =
        [usage.user_time().num_microseconds() + usage.system_time().num_microseconds(), usage.minor_page_faults()]
            .map(|count| count as f64);
    Ok((time / 1e3, faults))
}

#[cfg(not(unix))]
fn used() -> Result<(f64, f64), Failure> {
    Err("both are counted with getrusage, which only Unix has".into())
}
