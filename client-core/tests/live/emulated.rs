//! These same tests once more, with an emulator in the place of the server: what needs no more than that is run by
//! `cargo test`, on a machine with nothing else.

use std::path::Path;
use std::process::Command;

use odoo_emulator::Emulator;

/// Runs the live tests of this very program on an emulator of a pin, but for some.
async fn run(pin: &str, but: &[(&str, &[&str])]) {
    let pin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated").join(pin);
    let emulator = Emulator::start(pin).await.unwrap();
    emulator.load_demo().unwrap();
    let mut tests = Command::new(std::env::current_exe().unwrap());
    tests.args(["--ignored", "--exact", "--test-threads=2"]);
    for test in but.iter().flat_map(|(_, tests)| *tests) {
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

/// Tests that need more than an emulator is, by what that is.
const BOTH: &[(&str, &[&str])] = &[
    (
        "pages, files and reports, which it has not",
        &[
            "guide::live_the_guide_on_every_wire",
            "guide_network::live_the_guide_through_a_gateway_behind_a_proxy",
            "guide_network::live_the_guide_through_a_proxy",
            "ops_files::live_attachments_of_a_record",
            "query::live_a_struct_reads_fields_of_all_types",
            "reports::live_a_session_that_has_ended_is_begun_anew_to_print",
            "reports::live_reports_are_printed_in_every_format",
            "reports::live_what_cannot_be_printed_has_its_error",
            "routes::live_attachments_go_both_ways_as_streams",
            "routes::live_routes_of_odoo_itself",
        ],
    ),
    (
        "what Odoo's own Python does: messages, mail aliases, computed fields in SQL",
        &[
            "limits::live_what_compiles_works_for_every_field",
            "methods::live_optional_arguments_go_by_name_and_the_result_is_the_callers_choice",
            "values::live_dates_money_references_and_properties_are_written",
        ],
    ),
    (
        "rights that groups give to a new user",
        &["rights::live_a_record_of_a_model_that_the_user_may_not_read_costs_no_other"],
    ),
    ("`NaN` in JSON, which only Python takes", &["values::live_floats_that_are_no_numbers_are_read"]),
    (
        "what the Python of sales does with an order's lines and addresses",
        &["upsert::live_an_order_with_lines_that_come_and_go"],
    ),
];

const ON_14: &[(&str, &[&str])] = &[(
    "what a sale order has by itself in 14: addresses and a price list that its Python looks up",
    &["acceptance::on_14::live_acceptance_14", "methods::live_an_order_is_confirmed"],
)];

const ON_19: &[(&str, &[&str])] = &[
    (
        "what Odoo's own Python does: fields of one's own, mail aliases, languages",
        &[
            "json::live_json_is_written_and_read",
            "methods::live_arguments_of_every_kind",
            "methods::live_whether_the_schema_is_unchanged_is_told",
            "ops::live_load_creates_updates_and_refuses_row_by_row",
            "query::live_properties_are_read",
        ],
    ),
    (
        "it reads the same records twice, and other tests delete some in between",
        &["query::nested::live_records_without_fields_are_read_everywhere"],
    ),
];

#[tokio::test]
async fn the_live_tests_on_an_emulator_of_14() {
    run("odoo14", &[BOTH, ON_14].concat()).await;
}

#[tokio::test]
async fn the_live_tests_on_an_emulator_of_19() {
    run("odoo19", &[BOTH, ON_19].concat()).await;
}
