//! Against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name.
//! They leave nothing behind.

use odoo_client::client::WireKind;
use odoo_client::{Client, ClientBuilder, ErrorKind};
use serde_json::{Value, json};

async fn client() -> Client {
    Client::from_env().await.unwrap()
}

/// A client for each wire that user and password can take. With `ODOO_API_KEY` the one that the key takes.
async fn clients() -> Vec<Client> {
    let odoo = client().await;
    if std::env::var_os("ODOO_API_KEY").is_some() {
        return vec![odoo];
    }
    let session = ClientBuilder::from_env().unwrap().wire(WireKind::Session).connect().await.unwrap();
    vec![odoo, session]
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_login_and_version() {
    let odoo = client().await;
    assert!(odoo.uid().get() > 0);
    let me: Vec<Value> =
        odoo.model("res.users").call("read").ids([odoo.uid()]).arg("fields", ["login"]).send().await.unwrap();
    assert_eq!(me[0]["login"], odoo.user());
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_wrong_password() {
    let odoo = client().await;
    let builder = ClientBuilder::from_env().unwrap();
    let error = builder.password("hunter2-the-secret").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
    assert!(error.to_string().contains(&format!("cannot log in to database `{}`", odoo.database())), "{error}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_arguments_that_changed_names_work_in_every_version() {
    for odoo in clients().await {
        let countries = odoo.model("res.country");
        let domain = json!([["code", "=", "BE"]]);
        let found: Vec<i64> = countries.call("search").arg("domain", &domain).arg("limit", 2).send().await.unwrap();
        assert_eq!(found.len(), 1);
        let count: i64 = countries.call("search_count").arg("domain", &domain).send().await.unwrap();
        assert_eq!(count, 1);
        let named: Vec<(i64, String)> = countries
            .call("name_search")
            .arg("domain", &domain)
            .arg("limit", 2)
            .with_context(("lang", "en_US"))
            .send()
            .await
            .unwrap();
        assert_eq!(named, [(found[0], "Belgium".to_owned())]);
        let defaults: Value =
            odoo.model("res.partner").call("default_get").arg("fields", ["active"]).send().await.unwrap();
        assert_eq!(defaults, json!({"active": true}));
        let _: Value = countries.call("default_get").arg("fields", ["name"]).send().await.unwrap();
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_create_write_unlink() {
    for odoo in clients().await {
        let tags = odoo.model("res.partner.category");
        let name = |n: u32| json!({"name": format!("odoo-client test {} {n}", std::process::id())});
        let one: i64 = tags.call("create").arg("vals_list", name(1)).send().await.unwrap();
        let two: Vec<i64> = tags.call("create").arg("vals_list", [name(2), name(3)]).send().await.unwrap();
        assert_eq!(two.len(), 2);
        let written: bool =
            tags.call("write").ids(two.clone()).arg("vals", json!({"active": false})).send().await.unwrap();
        assert!(written);
        let ids = [one, two[0], two[1]];
        let deleted: bool = tags.call("unlink").ids(ids).send().await.unwrap();
        assert!(deleted);
        let left: Vec<Value> = tags.call("read").ids(ids).arg("fields", ["name"]).send().await.unwrap();
        assert!(left.is_empty());
        let error = tags.call("copy").ids([one]).send::<Value>().await.unwrap_err();
        assert_eq!((error.kind(), error.ids()), (ErrorKind::Missing, &[one][..]), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_many_tasks_share_a_client() {
    for odoo in clients().await {
        let tasks: Vec<_> = (0..64)
            .map(|n| {
                let call =
                    odoo.model("res.country").call("search_read").arg("domain", json!([])).arg("fields", ["code"]);
                tokio::spawn(call.arg("order", "id").arg("offset", n).arg("limit", 1).send::<Vec<Value>>())
            })
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for task in tasks {
            seen.insert(task.await.unwrap().unwrap()[0]["id"].as_i64().unwrap());
        }
        assert_eq!(seen.len(), 64);
    }
}
