//! The page of `cargo odoo diff --html` in a real browser, where there is one: `CHROMIUM` names it, or `chromium` is found.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// What a reader does, in a script at the end of the page: it leaves what the page then says in the page.
const READER: &str = r##"<script>
const said = {};
const say = (name) => { said[name] = byId("shown").textContent; };
const change = (id, set) => { set(byId(id)); byId(id).dispatchEvent(new Event("input", {bubbles: true})); };
say("all");
change("search", (box) => { box.value = "sale.order.line TAX_ID"; });
say("search");
said.open = [...document.querySelectorAll("details[open] summary b")].map((name) => name.textContent);
change("search", (box) => { box.value = ""; });
change("grade-safe", (box) => { box.checked = false; });
change("grade-dangerous", (box) => { box.checked = false; });
say("breaking");
change("renames", (box) => { box.checked = true; });
say("renames");
change("app", (box) => { box.value = "stock"; });
said.stock = [...document.querySelectorAll("details:not([hidden]) summary b")].every((name) => name.textContent.startsWith("stock"));
document.forms[0].reset();
apply();
say("again");
const line = models.get("sale.order.line");
line.details.open = true;
fill(line);
const link = [...line.list.querySelectorAll("a")].find((link) => link.textContent === "uom.uom");
location.hash = link.getAttribute("href");
go();
said.linked = models.get("uom.uom").details.open;
said.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
said.elements = document.querySelectorAll("main img, main script, main b b").length;
const result = make("pre", JSON.stringify(said));
result.id = "result";
document.body.append(result);
</script>"##;

fn chromium() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("CHROMIUM") {
        return Some(given.into());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join("chromium")).find(|program| program.is_file())
}

#[test]
fn a_reader_searches_filters_and_follows_links() {
    let Some(chromium) = chromium() else {
        println!("skipped: no chromium is found, and CHROMIUM names none");
        return;
    };
    let folder = std::env::temp_dir().join(format!("odoo-xtask-page-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let page = folder.join("page.html");
    let made = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"))
        .args(["diff", "odoo18", "odoo19", "--html"])
        .arg(&page)
        .arg("--generated")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let html = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, html.replace("</body>", &format!("{READER}</body>"))).unwrap();
    // As wide as a phone. It may not reach any network.
    let shown = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--window-size=400,800", "--dump-dom"])
        .arg("--host-resolver-rules=MAP * ~NOTFOUND")
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&shown.stdout);
    let result = dom.split_once("id=\"result\">").and_then(|(_, rest)| rest.split_once("</pre>")).map(|(json, _)| json);
    let said: Value = serde_json::from_str(result.expect("the reader's script ends")).unwrap();
    let _ = std::fs::remove_dir_all(&folder);

    let count = |name: &str| said[name].as_str().unwrap().split(' ').next().unwrap().parse::<usize>().unwrap();
    let all = count("all");
    assert!(all > count("breaking") && count("breaking") > count("renames") && count("renames") > 10, "{said}");
    assert_eq!((count("again"), &said["search"]), (all, &json!("2 changes in 1 model")), "{said}");
    assert_eq!((&said["open"], &said["stock"]), (&json!(["sale.order.line"]), &json!(true)), "{said}");
    assert_eq!((&said["linked"], &said["wide"], &said["elements"]), (&json!(true), &json!(false), &json!(0)), "{said}");
}
