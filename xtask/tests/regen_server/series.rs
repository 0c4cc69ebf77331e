//! A server of another series than the pin.

use serde_json::json;

use super::support::odoo::{Answer, Odoo};
use super::support::{Folder, texts, variables};

/// The recorded 19.0 as if it had been upgraded to another series, which no recording is of.
fn upgraded(series: &'static str) -> Odoo {
    Odoo::with("19", move |request, answer| {
        if let ("version", Answer::Json(json)) = (request.method.as_str(), answer) {
            json["result"]["server_version"] = json!(format!("{series}+e"));
        }
    })
}

#[test]
fn another_series_is_a_difference_and_is_pinned_only_if_told_so() {
    let folder = Folder::new("other-series");
    let toml = "# Ours.\nseries = \"19.0\" # of production\n[models]\ninclude = [\"res.bank\", \"res.country.group\", \
                \"res.partner.category\"]\n";
    folder.write("target.toml", toml);
    folder.regen_from(&Odoo::new("19").url, &[]);
    let odoo = upgraded("saas~19.1");

    // Most likely the environment names another server than the one that was meant.
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    let expected =
        format!("{} is Odoo saas~19.1, but target acme is for 19.0: point ODOO_URL at another server", odoo.url);
    assert!(said.contains(&expected) && said.contains("`cargo odoo regen acme --series 'saas~19.1'`"), "{said}");

    let before = folder.tree();
    let check = folder.regen_from(&odoo.url, &["--check", "--json"]);
    assert!(check.code == Some(1) && before == folder.tree(), "{check:?}");
    assert_eq!(texts(&check.json()[0]), ["the series was 19.0 and is now saas~19.1"]);
    assert!(check.stderr.contains("run `cargo odoo regen acme --series 'saas~19.1'` and commit"), "{check:?}");

    let wrong = folder.refused(folder.command(&["acme", "--series", "saas~19.2"]).envs(variables(&odoo.url)));
    assert!(wrong.contains("is Odoo saas~19.1, but target acme is for saas~19.2"), "{wrong}");
    let outcome = folder.regen_from(&odoo.url, &["acme", "--series", "saas~19.1", "--json"]).outcome();
    assert_eq!(outcome["series"], "saas~19.1");
    assert!(outcome["written"].as_array().unwrap().contains(&json!("target.toml")), "{outcome}");
    assert_eq!(folder.read("target.toml"), toml.replace("\"19.0\"", "\"saas~19.1\""));
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
    assert_eq!(folder.regen(&["--check", "--offline"]).code, Some(0));
}

#[test]
fn a_series_that_the_target_names_as_well_is_pinned_anew_but_not_in_part() {
    let folder = Folder::new("upgrade");
    folder.write(
        "target.toml",
        "series = [\"19.0\", \"saas~19.*\"]\n[models]\ninclude = [\"res.bank\", \"res.country.group\"]\n",
    );
    folder.regen_from(&Odoo::new("19").url, &[]);
    let odoo = upgraded("saas~19.2");
    let said = folder.refused(folder.command(&["--only", "res.bank"]).envs(variables(&odoo.url)));
    assert!(said.contains("the pin is of Odoo 19.0") && said.contains("run without --only"), "{said}");
    let toml = folder.read("target.toml");
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert_eq!(texts(&outcome), ["the series was 19.0 and is now saas~19.2"]);
    // Nor is there a need to say so.
    assert_eq!(folder.regen_from(&odoo.url, &["acme", "--series", "saas~19.2"]).code, Some(0));
    assert_eq!(folder.read("target.toml"), toml);
}
