//! These same tests once more, with an emulator in the place of the server: what needs no more than that is run by
//! `cargo test`, on a machine with nothing else.

use std::path::Path;
use std::process::Command;

use odoo_emulator::Emulator;
use serde_json::json;

/// Runs the live tests of this very program on an emulator of a pin, but for those that need more than that.
async fn run(pin: &str, but: &[&str]) {
    let pin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated").join(pin);
    let emulator = Emulator::start(pin).await.unwrap();
    emulator.load_demo().unwrap();
    set_up(&emulator);
    let mut tests = Command::new(std::env::current_exe().unwrap());
    tests.args(["--ignored", "--exact", "--test-threads=2"]);
    for test in but {
        tests.args(["--skip", test]);
    }
    for name in ["ODOO_API_KEY", "ODOO_SESSION_ID"] {
        tests.env_remove(name);
    }
    let output = tests.envs(emulator.environment()).output().unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What the tests meet of Odoo's Python.
fn set_up(emulator: &Emulator) {
    let is_19 = emulator.engine(|engine| engine.series_name() == "19.0");
    emulator
        .on("sale.order", "message_post", move |call| {
            let values = json!({"body": call.kwargs["body"], "model": "sale.order", "res_id": call.ids()[0]});
            let id = call.call("mail.message", "create", vec![values])?;
            Ok(if is_19 { json!([id]) } else { id })
        })
        .unwrap();
    let set = emulator.engine(|engine| {
        // The address that a team has for mails is for records of some model.
        engine.default("mail.alias", "alias_model_id", 1).unwrap();
        // Those with small numbers are of nobody's test.
        engine.start_ids_at("res.partner", 100)
    });
    set.unwrap();
    let hours = json!({"id": 1, "name": "Standard 40 hours", "active": true});
    emulator.load(&json!({"resource.calendar": [hours]})).unwrap();
    if is_19 {
        let field = json!({"id": 1, "model": "sale.order", "name": "pickup_location_data", "ttype": "json"});
        let account = json!({"id": 1, "name": "Project", "active": true});
        emulator.load(&json!({"ir.model.fields": [field], "account.analytic.account": [account]})).unwrap();
    }
}

/// Of groups and aggregates of fields for which Odoo's Python makes SQL: more of them since 19.
const MADE_SQL: &str = "limits::live_what_compiles_works_for_every_field";

/// Of a field that Odoo's Python computes and searches.
const SEARCHED_BY_PYTHON: &str = "filters::live_lists_of_computed_booleans_find_what_single_ones_find";

/// Of what Odoo 14 does with a condition that it cannot search by: the emulator does not drop it behind a relation.
const DROPPED: &str = "filters::live_a_condition_on_what_is_related_over_an_unsearchable_field_is_dropped";

#[tokio::test]
async fn the_live_tests_on_an_emulator_of_14() {
    run("odoo14", &[SEARCHED_BY_PYTHON, DROPPED]).await;
}

#[tokio::test]
async fn the_live_tests_on_an_emulator_of_19() {
    run("odoo19", &[MADE_SQL, SEARCHED_BY_PYTHON]).await;
}
