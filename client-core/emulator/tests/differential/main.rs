//! Programs that are made up run on an emulator and on the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name
//! (an administrator), and must get the same answers and the same kinds of errors. What they create they delete.
//!
//! ```text
//! ODOO_URL=… cargo test -p odoo-emulator --test differential -- --ignored --nocapture
//! ```
//!
//! `DIFFERENTIAL_SEED` and `DIFFERENTIAL_CALLS` say which programs, and how many calls on each wire: 7 and 500 if nothing is
//! said. A program that fails is made shorter as long as it does.
//!
//! Programs use a second language where one is active on the server: one of which Odoo has no words, as `en_IN`, since errors are
//! compared in English. 14.0 keeps translations of records that are gone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod archived;
mod calls;
mod companies;
mod compare;
mod contacts;
mod domains;
mod groups;
mod known;
mod loads;
mod mistakes;
mod others;
mod program;
mod random;
mod run;
mod shapes;
mod transcripts;

use odoo_client::client::WireKind;
use odoo_client::ops::NewApiKey;
use odoo_client::version::Difference;
use odoo_client::{Client, SecretString};

use program::Step;
use random::Random;
use run::{Pair, variable};

/// How many calls a program has.
const LENGTH: usize = 60;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_emulator_and_odoo_answer_alike() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (seed, calls) = (number("DIFFERENTIAL_SEED", 7), number("DIFFERENTIAL_CALLS", 500));
    let mut failures = Vec::new();
    let mut wires = vec![WireKind::JsonRpc, WireKind::Session];
    let session = live(WireKind::Session, None).await;
    if session.version().has(Difference::Json2) {
        wires.push(WireKind::Json2);
    }
    for wire in wires {
        let key = if wire == WireKind::Json2 { Some(key_of(&session).await) } else { None };
        let pair = Pair::new(wire, key.as_ref().map(|key| key.key.clone())).await;
        let mut done = 0;
        let mut refused = 0;
        let mut round = 0;
        while done < calls {
            let mut random = Random::new(seed.wrapping_mul(1000) + round);
            let steps = program::make(&mut random, &pair.shapes, pair.series, pair.other_lang.as_deref(), LENGTH);
            let outcome = pair.run(&steps).await;
            done += outcome.calls;
            refused += outcome.refused;
            if let Some(difference) = outcome.difference {
                println!("seed {seed}, program {round} over {wire}: {}", difference.what);
                failures.push(shrink(&pair, steps, difference.at).await);
                if failures.len() >= 5 {
                    break;
                }
            }
            round += 1;
        }
        if let Some(key) = key {
            session.api_keys().revoke(key.id).await.expect("the key goes");
        }
        println!("{done} calls over {wire}, {refused} of them refused by both, {} programs", round);
    }
    assert!(failures.is_empty(), "{} differences:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_contacts_have_the_address_of_their_company() {
    are_alike(|_| contacts::program()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_archived_records_stay_in_relations() {
    are_alike(|_| archived::program()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_mistakes_are_told_in_the_same_order() {
    are_alike(|_| mistakes::program()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_records_that_are_gone_are_written_to() {
    are_alike(mistakes::gone).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_values_differ_by_company() {
    let mut pair = Pair::new(WireKind::Session, None).await;
    let Some(companies) = pair.companies().await else { return println!("skipped: the administrator has one company") };
    let difference = pair.run(&companies::program(companies, pair.series)).await.difference;
    assert!(difference.is_none(), "{}", difference.map(|difference| difference.what).unwrap_or_default());
}

async fn are_alike(program: impl FnOnce((u32, u32)) -> Vec<Step>) {
    let pair = Pair::new(WireKind::Session, None).await;
    let difference = pair.run(&program(pair.series)).await.difference;
    assert!(difference.is_none(), "{}", difference.map(|difference| difference.what).unwrap_or_default());
}

/// Leaves out what a difference does not need.
async fn shrink(pair: &Pair, steps: Vec<Step>, at: usize) -> String {
    let mut steps: Vec<Step> = steps.into_iter().take(at + 1).collect();
    let mut budget = 80;
    let mut size = steps.len() / 2;
    while size > 0 && budget > 0 {
        let mut start = 0;
        while start + size < steps.len() && budget > 0 {
            let mut fewer = steps.clone();
            // What a step creates keeps its place: it is skipped, not taken out.
            for step in &mut fewer[start..start + size] {
                step.skipped = true;
            }
            let is_new = steps[start..start + size].iter().any(|step| !step.skipped);
            if is_new {
                budget -= 1;
                if pair.run(&fewer).await.difference.is_some_and(|difference| difference.at == steps.len() - 1) {
                    steps = fewer;
                }
            }
            start += size;
        }
        size /= 2;
    }
    let outcome = pair.run(&steps).await;
    let calls: Vec<_> = steps.iter().filter(|step| !step.skipped).map(|step| format!("  {step}")).collect();
    format!("{}\n{}", outcome.difference.map(|difference| difference.what).unwrap_or_default(), calls.join("\n"))
}

/// A key for JSON-2, which ends by itself if this test cannot revoke it.
async fn key_of(session: &Client) -> NewApiKey {
    let tomorrow = jiff::Timestamp::now() + std::time::Duration::from_secs(86_400);
    session.api_keys().create("odoo-emulator differential", Some(tomorrow)).await.expect("a key is made")
}

/// A client of the server under test.
async fn live(wire: WireKind, key: Option<SecretString>) -> Client {
    let builder = Client::builder().url(variable("ODOO_URL")).database(variable("ODOO_DB"));
    let builder = builder.user(variable("ODOO_USER"));
    let builder = match key {
        Some(key) => builder.api_key(key),
        None => builder.password(variable("ODOO_PASSWORD")),
    };
    builder.wire(wire).connect().await.expect("the server is there")
}
