//! Calls routes of one's own with a key: those of the addon in `xtask/workspace/live/addons`, on the server that the live
//! tests have beside Odoo 19. Their `auth="api_key"` is that of the OCA's `auth_api_key`.
//!
//! ```sh
//! eval "$(cargo xtask live up 19)"
//! ODOO_URL=$ODOO_ROUTES_URL ODOO_DB=routes cargo run -p odoo-client --example own_routes
//! ```

use std::process::ExitCode;

use odoo_client::ops::HttpMethod::{Get, Post};
use odoo_client::{Client, Error, ErrorKind};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("own_routes: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    // Somebody makes the key once, and gives it to the program.
    let key = format!("example-{}", std::process::id());
    let values = json!({"name": key, "key": key, "user_id": odoo.uid().get()});
    let keys = odoo.model("auth.api.key");
    let id: i64 = keys.call("create").arg("vals_list", values).send().await?;

    let outcome = call(&odoo, &key).await;
    keys.call("unlink").ids([id]).send::<bool>().await?;
    outcome
}

async fn call(odoo: &Client, key: &str) -> Result<(), Error> {
    // For one request; `ClientBuilder::header` sets it for all.
    let request = odoo.http(Get, "/live_routes/stock/A-1").query("lot", 7).header("Api-Key", key);
    let stock: Value = request.send().await?.json().await?;
    println!("asked as {}: {stock}", stock["login"]);

    // Kinds are those of all errors.
    match odoo.http(Get, "/live_routes/stock/A-1").header("Api-Key", "wrong").send().await {
        Err(error) if matches!(error.kind(), ErrorKind::AccessDenied | ErrorKind::Access) => println!("{error}"),
        other => drop(other?),
    }

    // Routes with `auth="bearer"` take an API key of the user, which a client that was given one sends by itself.
    for attempt in [
        odoo.json_route("/live_routes/order").arg("number", "S-1001").send::<Value>().await,
        odoo.http(Post, "/live_routes/echo").json(json!({"a": 1})).send().await.map(|answer| answer.status().into()),
    ] {
        match attempt {
            Ok(answer) => println!("{answer}"),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
