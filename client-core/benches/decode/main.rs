//! Decoding rows: this crate's whole rows and `#[derive(Record)]` against the same rows with `serde`'s derive, and against
//! `serde_json::Value`.
//!
//! `cargo bench -p odoo-client --bench decode` prints, for four models and once more for keys in another order than that
//! in which they were asked for, the best of several turns, taken one after the other so that a change of the machine's
//! speed meets all of them; and the middle of first turns, each in a process of its own, whose memory is not there yet.
//! What was decoded is dropped when the clock has stopped.
//!
//! The rows are answers of a real Odoo 19 with demo data, to the byte, over and over with other ids until there are 10,000; with
//! `-- --record` they are read anew from the server that `ODOO_URL` and the other variables name.

#[macro_use]
mod models;
mod ours;
mod rival;

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use odoo_client::read::{Page, records};
use serde_json::Value;
use serde_json::value::RawValue;

const ROWS: usize = 10_000;
const TURNS: usize = 15;
const PROCESSES: usize = 7;
/// The most of a model's records that are recorded.
const RECORDED: usize = 120;

type Failure = Box<dyn std::error::Error>;

/// How many rows, and the rows.
type Decoded = Result<(usize, Box<dyn Any>), Failure>;

const DESIGNS: [&str; 4] = ["rows", "derive(Record)", "serde derive", "Value"];

/// Rows to decode, and how each design does it.
struct Data {
    name: &'static str,
    model: &'static str,
    fields: &'static [&'static str],
    other_order: bool,
    decode: [fn(&[u8]) -> Decoded; 4],
}

macro_rules! all_data {
    ($($name:ident $model:literal { $($field:ident $constant:ident $kind:ident,)* })*) => {
        fn data() -> Vec<Data> {
            vec![$(Data {
                name: stringify!($name),
                model: $model,
                fields: &["id", $(stringify!($field),)*],
                other_order: false,
                decode: [
                    |json| sound(records::<ours::rows::$name>(json)?),
                    |json| sound(records::<ours::derived::$name>(json)?),
                    |json| Ok(counted(serde_json::from_str::<Vec<rival::$name>>(std::str::from_utf8(json)?)?)),
                    |json| Ok(counted(serde_json::from_str::<Vec<Value>>(std::str::from_utf8(json)?)?)),
                ],
            },)*]
        }
    };
}
with_records! { all_data }

fn counted<T: 'static>(rows: Vec<T>) -> (usize, Box<dyn Any>) {
    (rows.len(), Box::new(rows))
}

fn sound<R: 'static>(page: Page<R>) -> Decoded {
    match page.failures.first() {
        Some(failure) => Err(failure.clone().into()),
        None => Ok(counted(page.records)),
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let mut all = data();
    all.insert(1, Data { name: "Partner, keys in another order", other_order: true, ..data().swap_remove(0) });
    match &arguments[..] {
        [record] if record == "--record" => {
            for data in &data() {
                data.record().await?;
            }
            Ok(())
        }
        // One of them alone, once: for `valgrind --tool=callgrind`, whose counts do not depend on what else the machine does
        // (the whole command is in FIGURES.md).
        // A number behind them is that of the rows.
        [name, design, rows @ ..] if rows.len() < 2 => {
            let data = all.iter().find(|data| data.name == name).ok_or("no such data")?;
            let design = DESIGNS.iter().position(|known| known == design).ok_or("no such design")?;
            let rows = rows.first().map_or(Ok(ROWS), |rows| rows.parse())?;
            println!("{}", data.time(data.json(rows)?.as_bytes(), design, rows)?.as_nanos());
            Ok(())
        }
        _ => compare(&all),
    }
}

fn compare(all: &[Data]) -> Result<(), Failure> {
    println!(
        "{ROWS} rows, milliseconds: warm is the best of {TURNS} turns, first the middle of {PROCESSES} processes\n"
    );
    println!("| data | fields | MB | | {} | rows / derive | Record / derive |", DESIGNS.join(" | "));
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for data in all {
        let json = data.json(ROWS)?;
        let mut warm = [Duration::MAX; DESIGNS.len()];
        for _ in 0..TURNS {
            for (design, best) in warm.iter_mut().enumerate() {
                // Once before, or whoever follows `Value` pays for the memory that it gave back.
                data.time(json.as_bytes(), design, ROWS)?;
                *best = data.time(json.as_bytes(), design, ROWS)?.min(*best);
            }
        }
        let mut first = [Duration::ZERO; DESIGNS.len()];
        for (design, middle) in DESIGNS.iter().zip(&mut first) {
            let mut times = (0..PROCESSES).map(|_| data.time_alone(design)).collect::<Result<Vec<_>, _>>()?;
            times.sort();
            *middle = times[PROCESSES / 2];
        }
        for (what, times) in [("warm", warm), ("first", first)] {
            let shown = times.map(|time| format!("{:.1}", time.as_secs_f64() * 1e3)).join(" | ");
            let [rows, derived, rival, _] = times.map(|time| time.as_secs_f64());
            let (fields, megabytes) = (data.fields.len(), json.len() as f64 / 1e6);
            let ratios = format!("{:.2} | {:.2}", rows / rival, derived / rival);
            println!("| {} | {fields} | {megabytes:.1} | {what} | {shown} | {ratios} |", data.name);
        }
    }
    Ok(())
}

impl Data {
    fn file(&self) -> String {
        format!("{}/benches/decode/answers/{}.json", env!("CARGO_MANIFEST_DIR"), self.model)
    }

    /// The answer to decode.
    fn json(&self, rows: usize) -> Result<String, Failure> {
        let answer = std::fs::read_to_string(self.file())?;
        let recorded: Vec<&RawValue> = serde_json::from_str(&answer)?;
        let recorded = recorded.iter().map(|row| match self.other_order {
            true => backwards(row.get()),
            false => Ok(Cow::Borrowed(row.get())),
        });
        let recorded = recorded.collect::<Result<Vec<_>, _>>()?;
        let with_id = |(id, row): (usize, &Cow<'_, str>)| {
            let (before, rest) = row.split_once("\"id\": ")?;
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            Some(format!("{before}\"id\": {id}{rest}"))
        };
        let rows: Option<Vec<String>> = (1..=rows).zip(recorded.iter().cycle()).map(with_id).collect();
        Ok(format!("[{}]", rows.ok_or("a row without an id")?.join(", ")))
    }

    /// How long it takes, without the time to drop it.
    fn time(&self, json: &[u8], design: usize, expected: usize) -> Result<Duration, Failure> {
        let start = Instant::now();
        let (decoded, rows) = self.decode[design](black_box(json))?;
        let time = start.elapsed();
        drop(black_box(rows));
        if decoded != expected {
            return Err(format!("{} decoded {decoded} of {expected} rows of {}", DESIGNS[design], self.name).into());
        }
        Ok(time)
    }

    /// The same for the first time in a process.
    fn time_alone(&self, design: &str) -> Result<Duration, Failure> {
        let output = Command::new(std::env::current_exe()?).args([self.name, design]).output()?;
        Ok(Duration::from_nanos(String::from_utf8(output.stdout)?.trim().parse()?))
    }

    async fn record(&self) -> Result<(), Failure> {
        let odoo = odoo_client::Client::from_env().await?;
        let call = odoo.model(self.model).call("search_read").arg("domain", [(); 0]).arg("fields", self.fields);
        let call = call.arg("order", "id").arg("limit", RECORDED).with_context(("active_test", false));
        let rows: Box<RawValue> = call.send().await?;
        Ok(std::fs::write(self.file(), rows.get().replace("}, {", "},\n{") + "\n")?)
    }
}

/// A row whose keys come in the opposite order.
fn backwards(row: &str) -> Result<Cow<'static, str>, Failure> {
    let keys: BTreeMap<&str, &RawValue> = serde_json::from_str(row)?;
    let pairs: Vec<_> = keys.iter().rev().map(|(key, value)| format!("\"{key}\": {value}")).collect();
    Ok(format!("{{{}}}", pairs.join(", ")).into())
}
