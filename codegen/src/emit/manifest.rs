//! The `Cargo.toml` of a generated crate.

use super::Context;
use crate::Settings;
use crate::lower::Crate;

pub(super) fn manifest(context: &Context<'_>, lowered: &Crate<'_>) -> String {
    let package = &context.settings.package;
    let Settings { client, license, edition, .. } = context.settings;
    let client: String = client.iter().map(|(key, value)| format!("{key} = {}, ", quoted(value))).collect();
    let license = license.as_ref().map_or(String::new(), |license| format!("license = {}\n", quoted(license)));
    let edition = quoted(edition);
    let features: Vec<_> = lowered
        .segments
        .iter()
        .filter(|segment| segment.markers.iter().any(|marker| marker.body.is_some()))
        .map(|segment| segment.feature.as_str())
        .collect();
    let all: String = features.iter().map(|feature| format!("    \"{feature}\",\n")).collect();
    let declared: String = features.iter().map(|feature| format!("{feature} = []\n")).collect();
    let banner = context.banner("#");
    format!(
        r#"{banner}[package]
name = "{package}"
description = "Typed models of a pinned Odoo {series}"
version = "{version}"
edition = {edition}
rust-version = "1.88"
{license}publish = false
autobins = false
autoexamples = false
autotests = false
autobenches = false

[features]
default = []
# Every model.
all = [
{all}]
# Functions for the methods of the models that are on.
methods = []
# One feature a first segment of the models' names.
{declared}
[dependencies]
odoo-client = {{ {client}default-features = false }}

[dev-dependencies]
odoo-client = {{ {client}features = ["verify"] }}
tokio = {{ version = "1", default-features = false, features = ["rt-multi-thread"] }}

[[example]]
name = "verify-{package}"
path = "examples/verify.rs"
required-features = ["all"]
"#,
        series = context.series,
        version = version(context.series),
    )
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted += &format!("\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Odoo's series as a version that Cargo takes: `19.0` is 19.0.0, `saas~18.4` is 18.4.0.
fn version(series: &str) -> String {
    let numbers = series.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    // A number that Cargo could not read is none of Odoo's.
    let mut numbers = numbers.map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    format!("{major}.{minor}.0")
}
