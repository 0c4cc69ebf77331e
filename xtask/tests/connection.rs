//! `[connection]` of target.toml: the commands get to a server through what stands in front of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::fs;
use std::net::TcpListener;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use support::gateway::{Gateway, refusal, tls};
use support::odoo::Odoo;
use support::replay::Replay;
use support::{Folder, MODELS, PASSWORD, Run, variables};

/// A target for the three models, with this in its `[connection]`.
fn folder(test: &str, connection: &str) -> Folder {
    let folder = Folder::new(test);
    folder
        .write("target.toml", &format!("series = \"19.0\"\nmodels.include = {MODELS:?}\n[connection]\n{connection}\n"));
    folder
}

fn regen(folder: &Folder, url: &str, more: &[(&str, &str)]) -> Run {
    Run::of(folder.command(&["--json"]).envs(variables(url)).envs(more.iter().copied()), PASSWORD)
}

#[test]
fn a_gateway_sees_its_header_and_nobody_else_does() {
    let odoo = Odoo::new("19");
    let gateway = Gateway::new(&odoo.url, None, |head| {
        if head.contains("cf-access-client-id: open-sesame") { None } else { refusal(403, "") }
    });
    let url = format!("http://{}", gateway.address);
    let folder = folder("header", "headers = { CF-Access-Client-Id = \"ACME_GATEWAY\" }");
    for (more, says) in [
        (&[][..], "ACME_GATEWAY, for the header `CF-Access-Client-Id`, is not set"),
        (&[("ACME_GATEWAY", "closed")], "the request was refused before it reached Odoo (HTTP 403)"),
        (&[("ACME_GATEWAY", "hunter2-the-secret\nX: y")], "has more than one line"),
    ] {
        let run = regen(&folder, &url, more);
        assert!(run.code == Some(2) && run.stderr.contains(says), "{run:?}");
    }
    let seen = gateway.heads().len();
    let run = regen(&folder, &url, &[("ACME_GATEWAY", "open-sesame"), ("ODOO_HEADERS", "X-Other: 1")]);
    assert_eq!(run.outcome()["models"], 3);
    assert!(!run.stderr.contains("sesame"), "{run:?}");
    assert!(gateway.heads()[seen..].iter().all(|head| head.contains("x-other: 1")));
}

#[test]
fn certificates_are_those_of_the_target() {
    let odoo = Odoo::new("19");
    let gateway = Gateway::new(&odoo.url, Some(tls::config(tls::SERVER, true)), |_| None);
    let url = format!("https://{}", gateway.address);
    let folder = folder("certificates", "root_certificate = \"ca.pem\"\nclient_certificate = \"ACME_CERTIFICATE\"");
    let client = folder.path("client.pem");
    let with_client = [("ACME_CERTIFICATE", client.to_str().unwrap())];
    let run = regen(&folder, &url, &with_client);
    assert!(run.stderr.contains("`root_certificate` of target.toml"), "{run:?}");
    folder.write("ca.pem", tls::CA);
    let run = regen(&folder, &url, &with_client);
    assert!(run.stderr.contains("the file that ACME_CERTIFICATE names cannot be read"), "{run:?}");
    let run = regen(&folder, &url, &[]);
    assert!(run.stderr.contains("the server wants another `client_certificate`"), "{run:?}");
    folder.write("client.pem", tls::CLIENT);
    let run = regen(&folder, &url, &with_client);
    assert_eq!(run.outcome()["models"], 3);
    assert!(!run.stderr.contains("PRIVATE KEY"));
}

#[test]
fn all_requests_go_through_the_proxy_and_odoos_own_hosting_is_paced() {
    let odoo = Odoo::new("19");
    let proxy = Gateway::new(&odoo.url, None, |head| match head.contains("acme.odoo.com") {
        true => refusal(404, ""),
        false => None,
    });
    let proxy = ("ACME_PROXY", &*format!("http://bob:{PASSWORD}@{}", proxy.address));
    let through = folder("proxy", "proxy = \"ACME_PROXY\"");
    let run = regen(&through, "http://odoo.invalid", &[proxy]);
    assert_eq!(run.outcome()["models"], 3);
    assert!(!run.stderr.contains("one request a second"));

    let run = regen(&through, "http://acme.odoo.com/odoo", &[proxy]);
    assert!(run.code == Some(2) && run.stderr.contains("acme: one request a second, as Odoo asks"), "{run:?}");
    let said = folder("rate", "proxy = \"ACME_PROXY\"\nrate_limit = 20.5\nmax_concurrent_calls = 2");
    for (folder, more) in [(&said, &[proxy][..]), (&through, &[proxy, ("ODOO_RATE_LIMIT", "20")])] {
        let run = regen(folder, "http://acme.odoo.com", more);
        assert!(run.code == Some(2) && !run.stderr.contains("one request a second"), "{run:?}");
    }
}

#[test]
fn limits_hold() {
    let odoo = Odoo::new("19");
    let gateway = Gateway::new(&odoo.url, None, |_| None);
    let one = folder("one", "max_concurrent_calls = 1");
    assert_eq!(regen(&one, &format!("http://{}", gateway.address), &[]).outcome()["models"], 3);
    assert_eq!(gateway.most(), 1);

    // Takes what comes, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    for (limit, says) in [("timeout = \"50ms\"", "within 50ms"), ("read_timeout = \"50ms\"", "was silent for 50ms")] {
        let run = regen(&folder("limit", limit), &url, &[]);
        assert!(run.code == Some(2) && run.stderr.contains(says), "{run:?}");
    }
}

/// A server that takes a request each 40 ms and refuses the others, with or without a word on when to come again.
#[test]
fn too_many_requests_slow_a_run_down_and_do_not_end_it() {
    for headers in ["", "retry-after: 1\r\n"] {
        let odoo = Odoo::new("19");
        let taken = Mutex::new(None::<Instant>);
        let gateway = Gateway::new(&odoo.url, None, move |_| {
            let mut taken = taken.lock().unwrap();
            if taken.is_some_and(|taken| taken.elapsed() < Duration::from_millis(40)) {
                return refusal(429, headers);
            }
            *taken = Some(Instant::now());
            None
        });
        let folder = folder("slow", "");
        let run = regen(&folder, &format!("http://{}", gateway.address), &[]);
        assert_eq!(run.outcome()["models"], 3);
        let refused = gateway.heads().len() - odoo.seen().len();
        assert!(refused > 0, "nothing was too much");
    }
}

#[test]
fn what_is_no_setting_is_named_with_its_line() {
    let folder = Folder::new("settings");
    for (entry, says) in [
        ("timeout = \"hunter2-the-secret\"", "line 3: `timeout` takes a time, such as \"90s\" or \"10m\""),
        ("timeout = 10", "line 3: `timeout` takes a text in quotes"),
        ("rate_limit = 0", "line 3: `rate_limit` takes a number above 0"),
        ("max_concurrent_calls = \"2\"", "line 3: `max_concurrent_calls` takes a number above 0"),
        ("proxy = \"http://bob:hunter2-the-secret@x\"", "line 3: `proxy` is not the name of an environment variable"),
        ("headers = { A = \"hunter2-the-secret\" }", "line 3: `headers` is not the name of an environment variable"),
        ("headers = \"hunter2-the-secret\"", "line 3: `headers` takes names with texts in quotes"),
    ] {
        folder.write("target.toml", &format!("series = \"19.0\"\n[connection]\n{entry}\n"));
        let says_all = folder.refused(&mut folder.command(&["--offline"]));
        assert!(says_all.contains(says), "{says_all}");
    }
}

/// `verify` is another program; here it is one that tells its environment.
#[cfg(unix)]
#[test]
fn verify_hands_all_of_it_on() {
    let connection =
        "url = \"ACME_URL\"\nheaders = { Api-Key = \"ACME_GATEWAY\" }\ntimeout = \"10m\"\nrate_limit = 0.5";
    let folder = folder("verify", connection);
    folder.write("Cargo.toml", "");
    folder.write("cargo", "#!/bin/sh\nenv | grep ^ODOO_ | sort\n");
    let cargo = folder.path("cargo");
    fs::set_permissions(&cargo, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(["verify", support::TARGET, "--generated"]).arg(folder.path("..")).env_clear();
    command.env("CARGO", cargo).env("PATH", std::env::var_os("PATH").unwrap());
    command.envs([
        ("ACME_URL", "https://x.example"),
        ("ACME_GATEWAY", "sesame"),
        ("ODOO_URL", "https://other.example"),
    ]);
    let run = Run::of(&mut command, PASSWORD);
    let expected =
        ["ODOO_HEADERS=Api-Key: sesame", "ODOO_RATE_LIMIT=0.5", "ODOO_TIMEOUT=10m", "ODOO_URL=https://x.example"];
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), expected, "{run:?}");
}

#[test]
fn keys_are_listed_through_a_gateway() {
    let odoo = Replay::new(18);
    let gateway = Gateway::new(&odoo.url, Some(tls::config(tls::SERVER, false)), |head| {
        if head.contains("api-key: sesame") { None } else { refusal(403, "") }
    });
    let folder = Folder::new("key");
    folder.write(
        "target.toml",
        "series = \"18.0\"\n[connection]\nheaders.Api-Key = \"ACME_GATEWAY\"\nroot_certificate = \"ca.pem\"",
    );
    folder.write("ca.pem", tls::CA);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(["key", "list", "--target", support::TARGET, "--generated"]).arg(folder.path(".."));
    command.envs(variables(&format!("https://{}", gateway.address))).env("ACME_GATEWAY", "sesame");
    let run = Run::of(command.env("NO_PROXY", "127.0.0.1"), PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
}
