//! Decoding rows: this crate's whole rows and `#[derive(Record)]` against a careful `serde` derive struct and `serde_json::Value`.
//!
//! `cargo bench -p odoo-client --bench decode` prints the best of several turns, taken one after the other so that a
//! change of the machine's speed meets all of them. The rows are those of a real Odoo 19 (all partners of its demo data,
//! over and over with other ids until there are 10,000); with `-- --record` they are read anew from the server that
//! `ODOO_URL` and the other variables name.

mod derived;
mod record;
mod slots;

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::Value;

const ROWS: usize = 10_000;
const TURNS: usize = 15;

/// What both structs have, in the order in which it is asked for.
const FIELDS: &str = "id active category_id child_ids city comment company_id complete_name country_id create_date \
    create_uid email function is_company lang name parent_id partner_latitude phone ref state_id street street2 type tz \
    user_id vat website write_date zip";

/// Decodes the JSON and says how many rows that were.
type Decode = fn(&[u8]) -> usize;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/decode/partners.json");
    if std::env::args().any(|argument| argument == "--record") {
        return record(recording).await;
    }
    let recorded: Vec<Value> = serde_json::from_slice(&std::fs::read(recording)?)?;
    let mut rows = Vec::with_capacity(ROWS);
    for (id, row) in (1..=ROWS).zip(recorded.iter().cycle()) {
        let mut row = row.clone();
        row["id"] = id.into();
        rows.push(row);
    }
    // `Value` would sort the keys; Odoo answers in the order it was asked.
    let rows: Vec<String> = rows.iter().map(in_order).collect();
    let json = format!("[{}]", rows.join(","));

    let turns: [(&str, Decode); 4] = [
        ("slots (this crate)", |json| {
            odoo_client::read::records::<slots::Partner>(json).map_or(0, |page| page.records.len())
        }),
        ("derive(Record)", |json| {
            odoo_client::read::records::<record::Partner>(json).map_or(0, |page| page.records.len())
        }),
        ("serde derive", |json| serde_json::from_slice::<Vec<derived::Partner>>(json).map_or(0, |rows| rows.len())),
        ("serde_json::Value", |json| serde_json::from_slice::<Vec<Value>>(json).map_or(0, |rows| rows.len())),
    ];
    // One of them alone, once: for `valgrind --tool=callgrind`, whose counts do not depend on what else the machine does.
    if let Some((name, decode)) = turns.iter().find(|(name, _)| std::env::args().any(|argument| argument == *name)) {
        println!("{name}: {} rows", decode(black_box(json.as_bytes())));
        return Ok(());
    }
    let mut best = [Duration::MAX; 4];
    for _ in 0..TURNS {
        for ((name, decode), best) in turns.iter().zip(&mut best) {
            // Once before, or whoever follows `Value` pays for the memory that it gave back.
            decode(black_box(json.as_bytes()));
            let start = Instant::now();
            let decoded = decode(black_box(json.as_bytes()));
            *best = start.elapsed().min(*best);
            if decoded != ROWS {
                return Err(format!("{name} decoded {decoded} of {ROWS} rows").into());
            }
        }
    }
    println!("{ROWS} rows of {} fields, {:.1} MB, best of {TURNS}", FIELDS.split(' ').count(), json.len() as f64 / 1e6);
    for ((name, _), best) in turns.iter().zip(best) {
        println!("{name:>20}  {:6.1} ms", best.as_secs_f64() * 1e3);
    }
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    println!("slots / serde derive:  {:.2} (goal: at most 1.1)", ratio(best[0], best[2]));
    println!("Record / serde derive: {:.2} (goal: at most 1.1)", ratio(best[1], best[2]));
    println!("Value / slots:         {:.2} (goal: at least 3)", ratio(best[3], best[0]));
    Ok(())
}

fn in_order(row: &Value) -> String {
    let pairs: Vec<_> = FIELDS.split(' ').map(|field| format!("\"{field}\": {}", row[field])).collect();
    format!("{{{}}}", pairs.join(", "))
}

async fn record(path: &str) -> Result<(), Failure> {
    let odoo = odoo_client::Client::from_env().await?;
    let rows: Vec<Value> = odoo
        .model("res.partner")
        .call("search_read")
        .arg("domain", [(); 0])
        .arg("fields", FIELDS.split(' ').collect::<Vec<_>>())
        .arg("order", "id")
        .with_context(("active_test", false))
        .send()
        .await?;
    std::fs::write(path, format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
    Ok(())
}
