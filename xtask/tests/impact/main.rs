//! `cargo odoo impact`: a user's package outside of the workspace, and an Odoo that changed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod shop;
#[path = "../support/mod.rs"]
mod support;

use odoo_codegen::{Field, Selection};
use serde_json::json;
use shop::{Shop, before, field, impact, lines, rename};

/// What the README says: "Say a field was renamed".
#[test]
fn a_renamed_field_is_named_by_file_and_line() {
    let code = "\
use acme::sale::Order;

#[derive(odoo_client::Record)]
#[odoo(model = Order)]
pub struct Shown {
    pub name: String,
    pub client_order_ref: Option<String>,
}
";
    let shop = Shop::new("impact-readme", &before());
    shop.package("shop", "", "lib.rs", code);
    shop.workspace("../shop/Cargo.toml", &[]);
    let mut new = before();
    rename(&mut new, "client_order_ref", "customer_reference");
    let run = impact(&shop, &new, &[]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let expected = "in shop: 1 place that will not compile, 0 places that may act differently

Will not compile
  src/lib.rs:7:9  sale.order.client_order_ref (char) is gone
      likely customer_reference now (the same label)
";
    assert!(run.stdout.ends_with(expected), "{}\n{}", run.stdout, run.stderr);
    // Whatever else changed, code that uses none of it is not touched.
    let mut other = before();
    rename(&mut other, "origin", "source");
    field(&mut other, "note").ttype = "html".to_owned();
    let run = impact(&shop, &other, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.ends_with("in shop: nothing of it is touched\n"), "{run:?}");
    // What a hostile server says is text, in code as on a terminal (`Run` looks for what that would obey).
    let hostile = "\u{1b}[31m\")] compile_error!(\"\u{202e}";
    let other = field(&mut new, "customer_reference");
    (other.label, other.help) = (hostile.to_owned(), Some(hostile.to_owned()));
    field(&mut new, "name").ttype = hostile.to_owned();
    let run = impact(&shop, &new, &[]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.contains("src/lib.rs:6:9  sale.order.name: its type was char and is now \\u{1b}[31m"),
        "{run:?}"
    );
    assert!(!run.stdout.contains('\u{202e}'), "{run:?}");
}

/// Records, rows, filters, orders, groups, values, selections, methods.
const CODE: &str = r#"#![deny(warnings)]
use acme::sale::{Order, order};
use acme::stock::ProductionLot;
use odoo_client::{Client, Domain, Id, Link, MethodCall, Record, Values};

#[derive(Record)]
#[odoo(model = Order)]
pub struct Shown {
    #[odoo(field = "client_order_ref")]
    pub reference: Option<String>,
    pub priority: i64,
    pub lot_id: Option<Link<ProductionLot>>,
}

#[derive(odoo_client::Values)]
#[odoo(model = Order)]
pub struct Written {
    pub note: String,
}

#[allow(deprecated)]
pub fn row(row: &order::Row) -> (Option<&String>, bool) {
    assert!(row.amount_total > row.weight);
    (row.client_order_ref.as_ref(), row.state == Some(order::State::Done))
}

pub fn query(client: &Client) {
    let filter: Domain<Order> = Order::PRIORITY.eq(1) & Order::LOT_ID.dot(ProductionLot::NAME).eq("x");
    let _ = client.query::<Shown>().filter(filter).order_by(
        Order::DATE_ORDER
            .desc(),
    );
    let _ = client.group::<Order>().by(Order::STATE).sum(Order::AMOUNT_TOTAL);
}

pub fn values() -> Values<Order> {
    Values::new().set(Order::NOTE, "x").set(Order::ORIGIN, "y")
}

pub fn confirm(order: Id<Order>) -> [MethodCall; 2] {
    [Order::action_confirm(&[order]), Order::action_wait(&[order], 3)]
}

pub fn is_draft(state: &order::State) -> bool {
    matches!(state, order::State::Draft)
}
"#;

/// Depends on the other package, which will not compile.
const TOOL: &str = r#"
fn main() {
    let _ = (shop::confirm, acme::sale::Order::PRIORITY.ge(2), acme::sale::Order::CLIENT_ORDER_REF);
}
"#;

#[test]
fn each_use_is_joined_with_the_change_that_breaks_it() {
    let mut shop = Shop::new("impact-uses", &before());
    shop.manifest = "../Cargo.toml";
    // What of target.toml is to the point of the pin alone is no error for the other Odoo.
    let toml = "series = \"18.0\"\n[rows]\ninclude = [\"sale.order.weight\"]\n\
        [[fix]]\nfield = \"sale.order.name\"\nsortable = false\nbecause = \"it is slow\"\n";
    shop.folder.write("target.toml", toml);
    let run = shop.folder.regen(&["--offline"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    shop.package("shop", "", "lib.rs", CODE);
    shop.package("tool", "shop = { path = \"../shop\" }", "main.rs", TOOL);
    shop.workspace("../Cargo.toml", &["acme", "shop", "tool"]);
    let mut new = before();
    let lot = new.models.remove("stock.production.lot").unwrap();
    new.models.insert("stock.lot".to_owned(), lot);
    field(&mut new, "lot_id").relation = Some("stock.lot".to_owned());
    rename(&mut new, "client_order_ref", "customer_reference");
    field(&mut new, "state").selection.as_mut().unwrap().0[2] = ("locked".to_owned(), "LOCKED".to_owned());
    field(&mut new, "priority").ttype = "char".to_owned();
    field(&mut new, "date_order").sortable = false;
    field(&mut new, "note").readonly = true;
    field(&mut new, "amount_total").groupable = Some(false);
    field(&mut new, "amount_total").stored = false;
    field(&mut new, "weight").stored = true;
    field(&mut new, "name").sortable = false;
    field(&mut new, "origin").translated = true;
    let company = Field {
        relation: Some("res.company".to_owned()),
        required: true,
        default: Some(false),
        ..Field::new("many2one", "Company")
    };
    new.models.get_mut("sale.order").unwrap().fields.insert("company_id".to_owned(), company);
    let methods = new.models.get_mut("sale.order").unwrap().methods.as_mut().unwrap();
    methods.remove("action_confirm");
    methods.get_mut("action_wait").unwrap().parameters.clear();
    let run = impact(&shop, &new, &["--json"]);
    let found = run.json();
    assert_eq!(run.code, Some(1), "{run:?}");
    let breaks = [
        "shop 3 stock.production.lot is gone",
        "shop 9 sale.order.client_order_ref (char) is gone",
        "shop 11 sale.order.priority: its type was integer and is now char",
        "shop 12 sale.order.lot_id pointed to stock.production.lot and now points to stock.lot",
        "shop 12 stock.production.lot is gone",
        "shop 18 sale.order.note is now readonly",
        "shop 23 sale.order.amount_total is no longer in whole rows",
        "shop 24 sale.order.client_order_ref (char) is gone",
        "shop 24 sale.order.state: its selection no longer has \"done\"",
        "shop 28 sale.order.priority: its type was integer and is now char",
        "shop 28 sale.order.lot_id pointed to stock.production.lot and now points to stock.lot",
        "shop 28 stock.production.lot is gone",
        "shop 30 sale.order.date_order: orders no longer take it",
        "shop 33 sale.order.amount_total: sums and other aggregates no longer take it",
        "shop 37 sale.order.note is now readonly",
        "shop 41 sale.order.action_confirm() is gone",
        "shop 41 sale.order.action_wait(): its parameter days is gone",
        "tool 3 sale.order.client_order_ref (char) is gone",
    ];
    assert_eq!(lines(&found, "breaks"), breaks, "{found:#}");
    let given = "sale.order.company_id (many2one to res.company) is new, and a new record must be given it";
    let dangerous = [
        format!("shop 16 {given}"),
        "shop 23 sale.order.amount_total is no longer stored".to_owned(),
        "shop 23 sale.order.weight is now stored".to_owned(),
        "shop 24 sale.order.state: its selection now has \"locked\" too".to_owned(),
        "shop 33 sale.order.amount_total is no longer stored".to_owned(),
        format!("shop 36 {given}"),
        format!("shop 37 {given}"),
        "shop 37 sale.order.origin is now translated".to_owned(),
        "shop 45 sale.order.state: its selection now has \"locked\" too".to_owned(),
    ];
    assert_eq!(lines(&found, "dangerous"), dangerous, "{found:#}");
    // The compiler does not come to what depends on that.
    assert_eq!(found["incomplete"], json!(["bin tool of tool"]));
    assert_eq!(lines(&found, "may_break"), ["tool 3 sale.order.priority: its type was integer and is now char"]);
    // What the compiler says, the new name, and what was and is.
    let of_line = |line: usize| found["breaks"].as_array().unwrap().iter().find(|entry| entry["line"] == line).unwrap();
    let says = of_line(11)["compiler"].as_str().unwrap();
    assert!(says.ends_with("::Char`, which cannot be read into `i64`"), "{says}");
    assert_eq!(of_line(9)["change"]["rename"]["to"], "customer_reference");
    assert_eq!(
        (&of_line(11)["change"]["before"], &of_line(11)["change"]["after"]),
        (&json!("integer"), &json!("char"))
    );
}

#[test]
fn what_follows_from_a_name_that_is_gone_is_named_too() {
    let shop = Shop::new("impact-early", &before());
    let code = "
use acme::sale::{Order, order::State};

pub fn is_draft(state: &State) -> bool {
    matches!(state, State::Draft)
}

pub fn newest() -> odoo_client::query::OrderBy<Order> {
    Order::DATE_ORDER.desc()
}
";
    shop.package("shop", "", "lib.rs", code);
    shop.workspace("../shop/Cargo.toml", &[]);
    let mut new = before();
    field(&mut new, "state").ttype = "boolean".to_owned();
    field(&mut new, "state").selection = None;
    field(&mut new, "date_order").sortable = false;
    let run = impact(&shop, &new, &["--json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let found = run.json();
    // Of what follows from a name that it does not find, the compiler says nothing: each use is named nevertheless.
    let state = "src sale.order.state: its type was selection and is now boolean";
    let at = |line: usize| state.replace("src", &format!("src {line}"));
    let ordered = "src 9 sale.order.date_order: orders no longer take it".to_owned();
    assert_eq!(lines(&found, "breaks"), [at(2), at(4), at(5), ordered], "{found:#}");
    assert_eq!(lines(&found, "may_break"), [""; 0], "{found:#}");
    assert_eq!(found["incomplete"], json!(["lib shop of shop"]));
}

#[test]
fn what_the_compiler_does_not_read_is_named_too() {
    let mut old = before();
    let state = field(&mut old, "state").clone();
    // An enum that two models have.
    old.models.get_mut("stock.production.lot").unwrap().fields.insert("state".to_owned(), state);
    let kinds = Selection(["low", "high"].map(|kind| (kind.to_owned(), kind.to_owned())).to_vec());
    let kind = Field { selection: Some(kinds), ..Field::new("selection", "Kind") };
    old.models.get_mut("sale.order").unwrap().fields.insert("priority_kind".to_owned(), kind);
    let shop = Shop::new("impact-texts", &old);
    let code = r#"
use acme::sale::{Order, order};

#[derive(odoo_client::Record)]
#[odoo(model = Order)]
pub struct Shown {
    #[odoo(field = "client_order_ref")]
    pub reference: Option<String>,
}

pub fn is_draft(state: &order::State) -> bool {
    matches!(state, order::State::Draft)
}

pub fn named(client: &odoo_client::Client) -> odoo_client::client::Call {
    client.model("sale.order").call("read").arg("fields", ["name", "client_order_ref"])
}

pub fn sold() -> odoo_client::Domain<Order> {
    odoo_client::Domain::raw("priority_kind", "=", "high")
}

#[cfg(feature = "reports")]
pub const STATE: &str = Order::STATE;
"#;
    shop.package("shop", "", "lib.rs", code);
    let manifest = shop.folder.read("../shop/Cargo.toml") + "[features]\nreports = []\n";
    shop.folder.write("../shop/Cargo.toml", &manifest);
    shop.workspace("../shop/Cargo.toml", &[]);
    let mut new = old.clone();
    rename(&mut new, "client_order_ref", "customer_reference");
    rename(&mut new, "state", "stage");
    field(&mut new, "priority_kind").selection.as_mut().unwrap().0.pop();
    let run = impact(&shop, &new, &["--json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let found = run.json();
    let reference = "sale.order.client_order_ref (char) is gone";
    let state = |line: usize| format!("src {line} sale.order.state (selection) is gone");
    assert_eq!(lines(&found, "breaks"), [format!("src 7 {reference}"), state(11), state(12)], "{found:#}");
    let value = "src 20 sale.order.priority_kind: its selection no longer has \"high\"".to_owned();
    assert_eq!(lines(&found, "in_texts"), [format!("src 16 {reference}"), value], "{found:#}");
    let features = "shop with its features reports: `-- --all-features` turns them on";
    assert_eq!(found["not_looked_at"], json!([features]));
}

#[test]
fn what_cannot_be_found_out_is_said() {
    let shop = Shop::new("impact-fails", &before());
    shop.package("shop", "", "lib.rs", "pub const NAME: acme::sale::Order = ();");
    shop.workspace("../shop/Cargo.toml", &[]);
    let mut new = before();
    let run = impact(&shop, &before(), &[]);
    assert!(run.code == Some(0) && run.stdout.ends_with("nothing of it is touched\n"), "{run:?}");
    rename(&mut new, "client_order_ref", "customer_reference");
    let run = impact(&shop, &new, &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("your code does not compile as it is"), "{run:?}");
    assert!(run.stderr.contains("src/lib.rs:1:37: mismatched types"), "{run:?}");
    // One that uses another Odoo.
    let manifest = shop.folder.read("../shop/Cargo.toml").replace("acme", "other");
    shop.folder.write(
        "../other/Cargo.toml",
        "[package]\nname = \"other\"\nversion = \"18.0.0\"\n[features]\nsale = []\nstock = []\nmethods = []\n",
    );
    shop.folder.write("../other/src/lib.rs", "");
    shop.folder.write("../shop/Cargo.toml", &manifest);
    let run = impact(&shop, &new, &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("depends on `acme`: name the manifest of one that does with --manifest-path"),
        "{run:?}"
    );
}
