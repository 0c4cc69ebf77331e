//! `cargo odoo doctor`: each step where it goes well, and where it fails.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use serde_json::{Value, json};
use support::gateway::{Gateway, refusal, tls};
use support::odoo::{Answer, Odoo, Request, access_error, doc_error};
use support::replay::Replay;
use support::{Folder, MODELS, PASSWORD, Run, TARGET, variables};

/// The same as `cargo odoo doctor acme --json`, and what it says of each step.
struct Found {
    code: Option<i32>,
    report: Value,
}

impl Found {
    fn of(folder: &Folder, url: &str, more: &[(&str, &str)]) -> Self {
        let run =
            Run::of(command(folder, &[TARGET, "--json"]).envs(variables(url)).envs(more.iter().copied()), PASSWORD);
        let report = run.json();
        assert_eq!(report["well"] == true, run.code == Some(0), "{run:?}");
        Self { code: run.code, report }
    }

    fn step(&self, step: &str) -> &Value {
        let steps = self.report["steps"].as_array().unwrap();
        steps.iter().find(|found| found["step"] == step).unwrap_or_else(|| panic!("no {step}: {steps:?}"))
    }

    fn status(&self, step: &str) -> &str {
        self.step(step)["status"].as_str().unwrap()
    }

    /// A step fails with these words and this remedy, all before it are well, and none after it was tried.
    fn fails_at(&self, step: &str, what: &str, remedy: &str) {
        assert_eq!(self.code, Some(1), "{}", self.report);
        self.says(step, "failed", what, remedy);
        let steps = self.report["steps"].as_array().unwrap();
        for other in steps.iter().take_while(|found| found["step"] != step) {
            assert!(matches!(other["status"].as_str(), Some("ok" | "not_tried")), "{step}: {other}");
        }
        for other in steps.iter().skip_while(|found| found["step"] != step).skip(1) {
            assert_eq!(other["status"], "not_tried", "{step}: {other}");
        }
    }

    fn says(&self, step: &str, status: &str, what: &str, remedy: &str) {
        let found = self.step(step);
        assert_eq!(found["status"], status, "{found}");
        assert!(found["what"].as_str().unwrap().contains(what), "{found}");
        assert!(found["remedy"].as_str().unwrap_or_default().contains(remedy), "{found}");
    }
}

fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(["doctor", "--generated"]).arg(folder.path("..")).args(args);
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    command
}

/// A server of 19.0 whose JSON answers are changed.
fn changed(change: impl Fn(&Request, &mut Value) + Send + Sync + 'static) -> Odoo {
    Odoo::with("19", move |request, answer| {
        if let Answer::Json(json) = answer {
            change(request, json);
        }
    })
}

#[test]
fn all_is_well_with_every_series() {
    for series in ["14", "19"] {
        let odoo = Odoo::new(series);
        let folder = Folder::with_target(&format!("well-{series}"), &format!("{series}.0"));
        let found = Found::of(&folder, &format!("{}/web#action=1", odoo.url), &[]);
        assert_eq!(found.code, Some(0), "{}", found.report);
        found.says("odoo", "ok", &format!("Odoo {series}.0"), "");
        found.says("database", "ok", "`apps`", "");
        found.says("models", "ok", "3 models, all of which this user may read", "");
        assert_eq!(found.status("api_doc"), if series == "19" { "ok" } else { "not_tried" });
        assert_eq!(found.status("wires"), if series == "19" { "warning" } else { "ok" });
    }
    for major in [16, 17, 18] {
        let odoo = Replay::new(major);
        let folder = Folder::new(&format!("well-{major}"));
        folder.target(&format!("{major}.0"), &["*"]);
        let found = Found::of(&folder, &odoo.url, &[]);
        assert_eq!(found.code, Some(0), "{}", found.report);
        found.says("series", "ok", &format!("{major}.0"), "");
        assert_eq!(found.status("models"), "ok", "{}", found.report);
    }
}

#[test]
fn a_session_that_was_given_goes_on() {
    let odoo = Odoo::new("19");
    let folder = Folder::with_target("doctor-session", "19.0");
    let found = Found::of(&folder, &odoo.url, &[("ODOO_SESSION_ID", "abc")]);
    found.says("login", "ok", "`admin`", "");
    assert_eq!(odoo.calls("", "destroy").len(), 0);
}

#[test]
fn people_get_a_line_for_each_step_and_no_more_where_it_is_no_terminal() {
    let odoo = Odoo::new("19");
    let folder = Folder::with_target("lines", "19.0");
    let run = Run::of(command(&folder, &[TARGET]).envs(variables(&odoo.url)), PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.starts_with("ok         name        127.0.0.1 is 127.0.0.1\nok         connection  "),
        "{run:?}"
    );
    assert!(run.stdout.ends_with("\nnothing failed: see the warnings\n"), "{run:?}");
    // Without a target the usual variables lead to a server, and there are no models to look at.
    let run = Run::of(command(&folder, &[]).envs(variables(&odoo.url)), PASSWORD);
    assert!(run.code == Some(0) && run.stdout.contains("not tried  models      no target is named"), "{run:?}");
    for (args, variables, says) in [
        (&[][..], &[][..], "ODOO_URL is not set: it says where the server is"),
        (&["nothing"], &[("ODOO_URL", &*odoo.url)], "no target `nothing`"),
    ] {
        let run = Run::of(command(&folder, args).env_remove("ODOO_URL").envs(variables.iter().copied()), PASSWORD);
        assert!(run.code == Some(2) && run.stderr.contains(says), "{run:?}");
    }
    let help = Run::of(&mut command(&folder, &["--help"]), PASSWORD);
    assert!(help.stdout.contains("cargo odoo doctor acme --json"), "{help:?}");
}

#[test]
fn servers_that_cannot_be_reached() {
    let folder = Folder::with_target("unreached", "19.0");
    let found = |url: &str| Found::of(&folder, url, &[]);
    found("odoo.example.com").fails_at("name", "it does not begin with http:// or https://", "give one like https://");
    found("http://odoo.invalid").fails_at("name", "odoo.invalid has no address", "check the spelling");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    found(&format!("http://127.0.0.1:{port}")).fails_at(
        "connection",
        &format!("nothing takes connections at port {port} of 127.0.0.1"),
        "whether the server runs",
    );

    let odoo = Odoo::new("19");
    let secure = |pem| Gateway::new(&odoo.url, Some(tls::config(pem, false)), |_| None).address;
    let url = format!("https://{}", secure(tls::SERVER));
    found(&url).fails_at("tls", "no secure connection", "give the certificate of its authority as `root_certificate`");
    folder.write("ca.pem", tls::CA);
    let ca = [("ODOO_ROOT_CERTIFICATE", folder.path("ca.pem"))];
    let ca = [(ca[0].0, ca[0].1.to_str().unwrap())];
    assert_eq!(Found::of(&folder, &url, &ca).code, Some(0));
    let url = format!("https://{}", secure(tls::ELSEWHERE));
    Found::of(&folder, &url, &ca).fails_at("tls", "no secure connection", "for another name than that in the URL");
    let url = format!("https://{}", secure(tls::EXPIRED));
    Found::of(&folder, &url, &ca).fails_at("tls", "no secure connection", "the server needs a new one");
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            let mut stream = stream.unwrap();
            // As a server of plain HTTP answers what it does not understand.
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    found(&url).fails_at("tls", "no secure", "does the server speak https at that port?");

    let proxy = [("ODOO_PROXY", &*format!("http://127.0.0.1:{port}"))];
    Found::of(&folder, "http://odoo.invalid", &proxy).fails_at("connection", "cannot connect", "the proxy");
    let proxy = [("ODOO_PROXY", &*odoo.url)];
    let through = Found::of(&folder, "http://odoo.invalid", &proxy);
    through.says("name", "ok", "the proxy that ODOO_PROXY names", "");
    through.says("tls", "warning", "can be read by anybody on the way", "https://");
}

#[test]
fn what_answers_is_no_odoo_or_another_one() {
    let odoo = Odoo::new("19");
    let folder = Folder::with_target("other", "19.0");
    let answers = |answer: fn(&str) -> Option<String>| {
        let gateway = Gateway::new(&odoo.url, None, answer);
        Found::of(&folder, &format!("http://{}", gateway.address), &[])
    };
    let page = |_: &str| {
        let page = "<html><h1>Welcome to nginx!</h1></html>";
        let length = page.len();
        Some(format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{page}"))
    };
    answers(page).fails_at("odoo", "the answer is not Odoo's; the server says: Welcome to nginx!", "an Odoo server");
    answers(|_| refusal(404, "")).fails_at("odoo", "the server has nothing at this address", "an Odoo server");
    answers(|_| refusal(502, "")).fails_at("odoo", "a proxy got no answer from Odoo", "the server is down");
    let secure = |head: &str| {
        let path = head.split(' ').nth(1).unwrap();
        refusal(301, &format!("location: https://odoo.example.com{path}\r\n"))
    };
    let remedy = "give https://odoo.example.com as the URL";
    answers(secure).fails_at("odoo", "redirects to https://odoo.example.com", remedy);
    // That of a gateway is about the gateway, whatever the path.
    let gateway = Gateway::new(&odoo.url, None, |_| refusal(403, "")).address;
    let found = Found::of(&folder, &format!("http://{gateway}/shop"), &[]);
    found.fails_at("odoo", "refused before it reached Odoo (HTTP 403)", "a proxy or firewall");
    let url = format!("{}/shop", Gateway::new(&odoo.url, None, |_| refusal(404, "")).address);
    let remedy = format!("if Odoo is at http://{}, give that", url.trim_end_matches("/shop"));
    Found::of(&folder, &format!("http://{url}"), &[]).fails_at("odoo", "nothing at this address", &remedy);

    folder.target("18.0", &MODELS);
    let found = Found::of(&folder, &odoo.url, &[]);
    found.says(
        "series",
        "failed",
        "the server is Odoo 19.0, and target acme is for 18.0",
        "regen acme --series '19.0'",
    );
    assert_eq!(found.code, Some(1));
}

/// The words of a real 19.0.
fn no_database(json: &mut Value) {
    let message = "connection to server at \"127.0.0.1\" failed: FATAL:  database \"other\" does not exist\n";
    let data = json!({"name": "psycopg2.OperationalError", "message": message, "arguments": [message], "debug": ""});
    *json = json!({"jsonrpc": "2.0", "id": 0, "error": {"code": 0, "message": "Odoo Server Error", "data": data}});
}

#[test]
fn logins_that_are_refused() {
    let folder = Folder::with_target("refused", "19.0");
    let odoo = changed(|request, json| match request.method.as_str() {
        "authenticate" if request.args[0] == "other" => no_database(json),
        "authenticate" if request.args[2] != PASSWORD => json["result"] = Value::Bool(false),
        _ => {}
    });
    let other = [("ODOO_DB", "other")];
    Found::of(&folder, &odoo.url, &other).fails_at(
        "database",
        "there is no database `other`: the server has apps",
        "set ODOO_DB to the name of one",
    );
    let hidden = changed(|request, json| match request.method.as_str() {
        "authenticate" => no_database(json),
        "databases" => *json = support::odoo::recorded("19")["access_error"].clone(),
        _ => {}
    });
    Found::of(&folder, &hidden.url, &other).fails_at("database", "database \"other\" does not exist", "");
    Found::of(&folder, &odoo.url, &[("ODOO_PASSWORD", "wrong")]).fails_at("login", "refuses", "");
    let missing = [("ODOO_PASSWORD", ""), ("ODOO_USER", "")];
    Found::of(&folder, &odoo.url, &missing).fails_at(
        "login",
        "missing environment variables: ODOO_USER, ODOO_API_KEY or ODOO_PASSWORD",
        "in the environment",
    );
}

#[test]
fn keys_and_their_ends() {
    let keys = |request: &Request, answer: &mut Answer| match (request.model.as_str(), request.method.as_str()) {
        ("", "authenticate") if request.args[2] == "old-key" => {
            *answer = Answer::Json(json!({"jsonrpc": "2.0", "id": 0, "result": false}));
        }
        ("res.users.apikeys", "search_read") => {
            let row = |id: i64, name: &str, end: Value| {
                json!({"id": id, "name": name, "user_id": [2, "Admin"], "scope": "rpc",
                    "create_date": "2026-01-01 00:00:00", "expiration_date": end})
            };
            let keys = [row(3, "nightly", json!("2026-02-01 00:00:00")), row(4, "import", json!(false))];
            *answer = Answer::Json(json!({"jsonrpc": "2.0", "id": 0, "result": keys}));
        }
        _ => {}
    };
    let folder = Folder::with_target("keys", "19.0");
    // Over JSON-RPC, as basic authentication has the header that JSON-2 needs.
    let odoo = Odoo::with("19", keys);
    let url = odoo.url.replace("http://", "http://bob:pw@");
    let ends = "3 `nightly` ended 2026-02-01T00:00:00Z, 4 `import` never ends";
    let old = [("ODOO_API_KEY", "old-key")];
    let found = Found::of(&folder, &url, &old);
    found.says("login", "failed", "refuses", "");
    found.says("key", "failed", &format!("the key is refused, and the password is not: {ends}"), "key create");
    let found = Found::of(&folder, &url, &[("ODOO_API_KEY", "old-key"), ("ODOO_PASSWORD", "")]);
    found.says("key", "failed", "past its end", "cargo odoo key list");
    let found = Found::of(&folder, &url, &[("ODOO_API_KEY", "good-key")]);
    found.says("key", "ok", ends, "");
    assert_eq!(found.code, Some(0), "{}", found.report);
}

#[test]
fn rights_and_rules() {
    let folder = Folder::with_target("rights", "19.0");
    // An ordinary user of 19.0: each model is asked for.
    let odoo = Odoo::with("19", |request, answer| match (request.model.as_str(), request.method.as_str()) {
        ("ir.model", _) => *answer = access_error(),
        ("res.bank", "has_access") => *answer = Answer::Json(json!({"jsonrpc": "2.0", "id": 0, "result": false})),
        (_, "api_doc") => *answer = doc_error(),
        _ => {}
    });
    let found = Found::of(&folder, &odoo.url, &[]);
    assert_eq!(found.code, Some(0), "{}", found.report);
    found.says("models", "warning", "may not read ir.model", "labels");
    let all = found.report["steps"].to_string();
    assert!(all.contains("1 of 3 models this user may not read: res.bank") && all.contains("[\"res.bank\"]"), "{all}");
    found.says("rules", "not_tried", "this user may not see them", "");
    found.says("api_doc", "warning", "not in the group Technical Documentation", "api_doc");

    folder.target("19.0", &["res.*"]);
    let found = Found::of(&folder, &odoo.url, &[]);
    found.says("models", "failed", "may not list the models of this Odoo, which globs need", "name the models");
    assert_eq!(found.code, Some(1));
    folder.target("19.0", &["res.bank", "res.banc"]);
    let found = Found::of(&folder, &Odoo::new("19").url, &[]);
    found.says("models", "failed", "no model that matches res.banc", "change `include`");

    // Who may know of rights and rules: made up, in the form of real answers.
    folder.target("19.0", &MODELS);
    let odoo = changed(|request, json| {
        let result = match (request.model.as_str(), request.method.as_str()) {
            ("ir.model", "search_read") => {
                let rows = MODELS.iter().enumerate();
                rows.map(|(id, model)| json!({"id": id, "model": model})).collect()
            }
            ("res.users", "read") => json!([{"id": 2, "all_group_ids": [1, 7]}]),
            ("ir.model.access", "search_read") => json!([
                {"id": 1, "model_id": [0, "Bank"], "group_id": [7, "Sales / User"]},
                {"id": 2, "model_id": [1, "Country Group"], "group_id": [8, "Sales / Administrator"]},
                {"id": 3, "model_id": [99, "Other"], "group_id": [8, "Sales / Administrator"]},
            ]),
            ("ir.rule", "search_read") => json!([
                {"id": 1, "model_id": [0, "Bank"], "groups": [8]},
                {"id": 2, "model_id": [2, "Tags"], "groups": []},
                {"id": 3, "model_id": [99, "Other"], "groups": [7]},
            ]),
            _ => return,
        };
        *json = json!({"jsonrpc": "2.0", "id": 0, "result": result});
    });
    let found = Found::of(&folder, &odoo.url, &[]);
    found.says("models", "warning", "1 of 3 models this user may not read: res.country.group", "`exclude`");
    found.says("rules", "ok", "without a word, of 1 model: res.partner.category", "");
}
