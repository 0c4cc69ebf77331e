//! Shows what any Odoo says of a model: its fields, and its newest records. No pin, no generated code, no types.
//!
//! ```sh
//! eval "$(cargo xtask live up 14)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example explore
//! cargo run -p odoo-client --example explore sale.order
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;

use odoo_client::{Client, Error, ErrorKind};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> ExitCode {
    let model = std::env::args().nth(1).unwrap_or_else(|| "res.partner".to_owned());
    match run(&model).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(model: &str) -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    println!("{} on Odoo {}, over {}", odoo.database(), odoo.version(), odoo.wire());

    let call =
        odoo.model(model.to_owned()).call("fields_get").arg("attributes", ["string", "type", "relation", "store"]);
    let fields: BTreeMap<String, Value> = match call.send().await {
        Ok(fields) => fields,
        Err(error) if error.kind() == ErrorKind::UnknownModel => {
            // Another kind of error (no right to read `ir.model`, say) is one of its own.
            println!("There is no model {}. Like it:", model.escape_debug());
            return similar(&odoo, model).await;
        }
        Err(error) => return Err(error),
    };
    for (name, field) in &fields {
        let text = |key: &str| printable(field.get(key).unwrap_or(&Value::Null));
        println!("{name:<40} {:<24} {:<32} {}", text("type"), text("relation"), text("string"));
    }

    // Of the fields that are stored, those short enough for a line.
    let is_short =
        |field: &Value| matches!(field["type"].as_str(), Some("char" | "selection" | "many2one" | "datetime"));
    let shown = fields.iter().filter(|(_, field)| field["store"] == true && is_short(field));
    let shown: Vec<&String> = shown.map(|(name, _)| name).take(8).collect();
    let count: i64 = odoo.model(model.to_owned()).call("search_count").arg("domain", json!([])).send().await?;
    let newest = odoo.model(model.to_owned()).call("search_read").arg("domain", json!([])).arg("fields", &shown);
    let newest: Vec<BTreeMap<String, Value>> = newest.arg("order", "id desc").arg("limit", 3).send().await?;
    println!("\n{count} records; the newest:");
    for record in newest {
        println!();
        for (name, value) in record {
            println!("{name:<40} {}", printable(&value));
        }
    }
    Ok(())
}

async fn similar(odoo: &Client, model: &str) -> Result<(), Error> {
    let word = model.split('.').next_back().unwrap_or(model);
    let call = odoo.model("ir.model").call("search_read").arg("domain", json!([["model", "ilike", word]]));
    let models: Vec<Value> = call.arg("fields", ["model", "name"]).arg("limit", 20).send().await?;
    for found in models {
        println!("{:<40} {}", printable(&found["model"]), printable(&found["name"]));
    }
    Ok(())
}

/// Text that people typed into Odoo, without what a terminal would take for commands.
fn printable(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(char::is_control, " "),
        other => other.to_string(),
    }
}
