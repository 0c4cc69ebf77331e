//! What a call costs above a bare `reqwest` call of the same bytes, in processor time.
//!
//! `cargo bench -p odoo-client --bench call` makes small calls against a stub on this machine, one after another: 10,000
//! with the client, and as many requests of the same bytes with `reqwest` alone, in short turns so that a change of the
//! machine's speed meets both. What is compared are the turns that follow one another, and the figure is the median of
//! these comparisons. The stub is a process of its own, so that the operating system counts its work apart, and on Linux
//! both are kept on one processor: on two, what takes most is to wake up the other one, and that three times as much at
//! one moment as at the next.
//!
//! `reqwest` alone is used as its documentation shows, with the features that this crate gives it.

#![cfg_attr(not(unix), allow(unused))]

mod stub;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use odoo_client::{Client, RetryPolicy};
use reqwest::header::{ACCEPT, CONTENT_TYPE};

type Failure = Box<dyn std::error::Error>;

/// How many turns the calls are made in.
const TURNS: usize = 100;
const CALLS: usize = 10_000;
/// Percent.
const GOAL: f64 = 5.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    if std::env::args().any(|argument| argument == "--stub") {
        return stub::serve().await.map_err(Into::into);
    }
    #[cfg(target_os = "linux")]
    stay_on_one_processor()?;
    let (_stub, url) = start()?;
    let odoo = Client::builder().url(&url).database("apps").user("admin").password("admin").retry(RetryPolicy::never());
    let odoo = odoo.connect().await?;
    let count = ask(&odoo).await?;
    let body = reqwest::get(format!("{url}/last")).await?.bytes().await?.to_vec();
    // The client has set up TLS by now, which `reqwest` alone would insist on.
    let builder = || {
        let builder = reqwest::Client::builder().user_agent(concat!("odoo-client/", env!("CARGO_PKG_VERSION")));
        builder.redirect(reqwest::redirect::Policy::none())
    };
    let bare = builder().build()?;
    // The time limits of this crate.
    let limited = builder().connect_timeout(secs(10)).read_timeout(secs(60)).timeout(secs(120)).build()?;
    let url = format!("{url}/jsonrpc");

    let names = ["odoo-client", "reqwest alone", "reqwest with time limits", "the same and serde_json"];
    let mut costs = names.map(|_| Vec::new());
    for turn in 0..=TURNS {
        for (which, costs) in costs.iter_mut().enumerate() {
            let start = Cost::now()?;
            for _ in 0..CALLS / TURNS {
                match which {
                    0 => same(ask(&odoo).await?, count)?,
                    1 => drop(request(&bare, &url, &body).await?),
                    2 => drop(request(&limited, &url, &body).await?),
                    _ => {
                        let answer: Answer = serde_json::from_slice(&request(&limited, &url, &body).await?)?;
                        same(answer.result, count)?;
                    }
                }
            }
            // The first turn warms up.
            if turn > 0 {
                costs.push(start.elapsed()?);
            }
        }
    }
    println!("{CALLS} calls of each in {TURNS} turns, {} bytes sent with each", body.len());
    println!("{:>26}   CPU µs a call: least   median   above reqwest alone   wall µs a call: median", "");
    let above = |which: usize| {
        let ratios = costs[which].iter().zip(&costs[1]).map(|(one, alone)| one.0 / alone.0 - 1.0);
        spread(ratios).1 * 100.0
    };
    for (which, name) in names.iter().enumerate() {
        let (least, median) = spread(costs[which].iter().map(|cost| cost.0));
        let wall = spread(costs[which].iter().map(|cost| cost.1)).1;
        println!("{name:>26}   {least:20.1} {median:8.1} {:19.1} %   {wall:22.1}", above(which));
    }
    println!("goal: odoo-client under {GOAL:.0} % above reqwest alone");
    Ok(())
}

/// What a method answers, with nothing done about errors.
#[derive(serde_derive::Deserialize)]
struct Answer {
    result: i64,
}

async fn ask(odoo: &Client) -> Result<i64, odoo_client::Error> {
    odoo.model("res.partner").call("search_count").arg("domain", [("is_company", "=", true)]).send().await
}

fn same(one: i64, other: i64) -> Result<(), Failure> {
    if one == other { Ok(()) } else { Err("an answer is wrong".into()) }
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn request(bare: &reqwest::Client, url: &str, body: &[u8]) -> Result<Vec<u8>, reqwest::Error> {
    let request = bare.post(url).header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json");
    Ok(request.body(body.to_vec()).send().await?.bytes().await?.into())
}

/// The least and the middle.
fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2])
}

/// What this process starts stays there too.
#[cfg(target_os = "linux")]
fn stay_on_one_processor() -> Result<(), Failure> {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;
    let all = sched_getaffinity(Pid::from_raw(0))?;
    let last = (0..CpuSet::count()).rev().find(|&processor| all.is_set(processor).unwrap_or(false));
    let mut one = CpuSet::new();
    one.set(last.ok_or("there is no processor")?)?;
    Ok(sched_setaffinity(Pid::from_raw(0), &one)?)
}

/// Starts the stub; it ends with this process.
fn start() -> Result<(Stub, String), Failure> {
    use std::io::{BufRead as _, BufReader};
    let mut child =
        Command::new(std::env::current_exe()?).arg("--stub").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
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

/// What this process has used so far: processor time and the clock.
struct Cost(f64, Instant);

impl Cost {
    #[cfg(unix)]
    fn now() -> Result<Self, Failure> {
        use nix::sys::resource::{UsageWho, getrusage};
        use nix::sys::time::TimeValLike as _;
        let usage = getrusage(UsageWho::RUSAGE_SELF)?;
        let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        #[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
        Ok(Self(micros as f64, Instant::now()))
    }

    #[cfg(not(unix))]
    fn now() -> Result<Self, Failure> {
        Err("processor time is counted with getrusage, which only Unix has".into())
    }

    /// Microseconds a call since then: of the processor, and by the clock.
    fn elapsed(&self) -> Result<(f64, f64), Failure> {
        let now = Self::now()?;
        #[expect(clippy::cast_precision_loss, reason = "as above")]
        let calls = (CALLS / TURNS) as f64;
        Ok(((now.0 - self.0) / calls, now.1.duration_since(self.1).as_secs_f64() * 1e6 / calls))
    }
}
