//! What live servers answered to programs, asked again of the engine: the same comparison, without a server.
//!
//! `DIFFERENTIAL_RECORD=1` with the variables of a server writes `tests/transcripts/`.

use std::path::PathBuf;

use odoo_client::client::WireKind;
use odoo_emulator::{Caller, Engine};
use serde_json::{Map, Value, json};

use crate::compare::{Ids, difference};
use crate::program::{self, Step};
use crate::random::Random;
use crate::run::{Pair, Records, schema_of, target};
use crate::shapes::{GIVEN, Shape};
use crate::{LENGTH, contacts, known, mistakes};

fn file(major: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/transcripts/{major}.json"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_write_a_transcript() {
    if std::env::var_os("DIFFERENTIAL_RECORD").is_none() {
        return;
    }
    let pair = Pair::new(WireKind::JsonRpc, None).await;
    let mut programs = Vec::new();
    let made_up = (0..).map(|seed| {
        program::make(&mut Random::new(seed), &pair.shapes, pair.series, pair.other_lang.as_deref(), LENGTH)
    });
    for mut steps in [contacts::program(), mistakes::program(), mistakes::gone(pair.series)].into_iter().chain(made_up)
    {
        // What is created without being named would have to be looked for.
        for step in &mut steps {
            step.skipped |= step.may_create_more();
        }
        let outcome = pair.run(&steps).await;
        if outcome.difference.is_none() {
            programs.push(outcome.log);
        }
        if programs.len() == 7 {
            break;
        }
    }
    let lines: Vec<_> = programs.iter().flatten().map(Value::to_string).collect();
    let text = format!(
        "{{\"series\": [{}, {}], \"seeds\": {},\n\"length\": {LENGTH}, \"steps\": [\n{}\n]}}\n",
        pair.series.0,
        pair.series.1,
        Value::Object(pair.seeds.clone()),
        lines.join(",\n"),
    );
    std::fs::write(file(pair.series.0), text).expect("the transcript is written");
}

#[test]
fn recorded_answers_are_given_again() {
    for major in [14, 16, 17, 18, 19] {
        let text = std::fs::read_to_string(file(major)).expect("the transcript is there");
        let transcript: Value = serde_json::from_str(&text).expect("it is JSON");
        let schema = schema_of(&target(major));
        let mut engine = Engine::new(&schema);
        engine.seed_all(&transcript["seeds"]).expect("the engine takes what was there");
        for (shape, start) in Shape::all(&schema).iter().zip((5_000_000..).step_by(100_000)) {
            engine.start_ids_at(shape.model, start).expect("the model is there");
        }
        let snapshot = engine.snapshot();
        let steps = transcript["steps"].as_array().expect("steps");
        let length = usize::try_from(transcript["length"].as_u64().expect("a length")).expect("a length");
        let mut compared = 0;
        for program in steps.chunks(length) {
            engine.reset(&snapshot);
            compared += replay(&mut engine, (major, 0), &transcript["seeds"], program);
        }
        assert!(compared > 100, "{compared} calls of {major}");
    }
}

/// Runs a recorded program; how many calls were compared.
fn replay(engine: &mut Engine, series: (u32, u32), seeds: &Value, program: &[Value]) -> usize {
    let mut records = Records::new();
    for (model, _, _) in GIVEN {
        let given = seeds[*model].as_array().expect("records").iter().filter_map(|record| record["id"].as_i64());
        records.insert((*model).to_owned(), given.map(|id| Some((id, id))).collect());
    }
    let mut compared = 0;
    for recorded in program {
        let step = read(recorded);
        let slots = |records: &mut Records, made: Vec<Option<(i64, i64)>>| {
            records.entry(step.model.to_owned()).or_default().extend(made);
        };
        let outcome = &recorded["outcome"];
        let Some((on, args)) = step.on_side(&records, 1).filter(|_| outcome != &json!({})) else {
            slots(&mut records, vec![None; step.creates]);
            continue;
        };
        let answer = ask(engine, series, &step, on, &args);
        compared += 1;
        match (&answer, outcome.get("answer"), outcome.get("error")) {
            (Ok(answer), Some(live), _) => {
                if step.creates > 0 {
                    let mut made: Vec<_> = step.created(live).into_iter().zip(step.created(answer)).map(Some).collect();
                    made.resize(step.creates, None);
                    slots(&mut records, made);
                }
                let ids = ids_of(&records);
                let told = difference(live, answer, &ids, known::open(&step, series));
                assert_eq!(told, None, "{step} of {series:?}");
            }
            (Err(fault), _, Some(class)) => {
                let live = (class.as_str().unwrap_or_default(), outcome["message"].as_str().unwrap_or_default());
                let is_other = known::differ(live, (&fault.exception, &fault.message), &ids_of(&records));
                assert!(!is_other, "{step} of {series:?}: {live:?} and {fault}");
                slots(&mut records, vec![None; step.creates]);
            }
            (answer, _, _) => panic!("{step} of {series:?}: {outcome} and {answer:?}"),
        }
    }
    compared
}

fn ids_of(records: &Records) -> Ids {
    let mut ids = Ids::new();
    for (live, emulated) in records.values().flatten().flatten() {
        ids.entry(*live).or_default().push(*emulated);
    }
    ids
}

/// A step that was recorded. Its names live as long as the test.
fn read(recorded: &Value) -> Step {
    let text = |value: &Value| -> &'static str { value.as_str().expect("a text").to_owned().leak() };
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("a number");
    let args = recorded["args"].as_array().expect("arguments").iter();
    Step {
        model: text(&recorded["model"]),
        method: text(&recorded["method"]),
        on: recorded["on"].as_array().map(|on| on.iter().map(number).collect()),
        args: args.map(|pair| (text(&pair[0]), pair[1].clone())).collect(),
        context: recorded["context"].clone(),
        skipped: false,
        creates: number(&recorded["creates"]),
    }
}

/// Calls the engine as the client calls a server of the series.
fn ask(
    engine: &mut Engine,
    series: (u32, u32),
    step: &Step,
    on: Option<Vec<i64>>,
    args: &[Value],
) -> Result<Value, odoo_emulator::Fault> {
    let takes_args = match step.method {
        "search" | "search_count" => series.0 < 16,
        "name_search" => series.0 < 19,
        _ => false,
    };
    let named = step.args.iter().zip(args).map(|((name, _), value)| {
        let name = if takes_args && *name == "domain" { "args" } else { name };
        (name.to_owned(), value.clone())
    });
    let mut named: Map<String, Value> = named.collect();
    named.insert("context".to_owned(), step.context.clone());
    let positional = on.map(|on| json!(on)).into_iter().collect();
    engine.call(&Caller::new(2), step.model, step.method, positional, named)
}
