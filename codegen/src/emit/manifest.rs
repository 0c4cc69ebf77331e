//! The `Cargo.toml` of a generated crate.

use super::Context;
use crate::lower::Crate;

pub(super) fn manifest(context: &Context<'_>, lowered: &Crate<'_>) -> String {
    let package = &context.settings.package;
    // A path of Windows in a string of TOML.
    let client = context.settings.client_path.replace('\\', "\\\\").replace('"', "\\\"");
    let features: Vec<_> = lowered
        .segments
        .iter()
        .filter(|segment| segment.markers.iter().any(|marker| marker.body.is_some()))
        .map(|segment| segment.feature.as_str())
        .collect();
    let quoted: Vec<_> = features.iter().map(|feature| format!("    \"{feature}\",\n")).collect();
    let quoted = quoted.concat();
    let declared: String = features.iter().map(|feature| format!("{feature} = []\n")).collect();
    let banner = context.banner("#");
    format!(
        r#"{banner}[package]
name = "{package}"
description = "Typed models of a pinned Odoo {series}"
version = "{version}"
edition = "2024"
rust-version = "1.88"
license = "MIT OR Apache-2.0"
publish = false
autobins = false
autoexamples = false
autotests = false
autobenches = false

[features]
default = []
# Every model.
all = [
{quoted}]
# Functions for the methods of the models that are on.
methods = []
# One feature a first segment of the models' names.
{declared}
[dependencies]
odoo-client = {{ path = "{client}", default-features = false }}

[dev-dependencies]
odoo-client = {{ path = "{client}", features = ["verify"] }}

[[example]]
name = "verify-{package}"
path = "examples/verify.rs"
required-features = ["all"]
"#,
        series = context.series,
        version = version(context.series),
    )
}

/// Odoo's series as a version that Cargo takes: `19.0` is 19.0.0, `saas~18.4` is 18.4.0.
fn version(series: &str) -> String {
    let numbers = series.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    // A number that Cargo could not read is none of Odoo's.
    let mut numbers = numbers.map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    format!("{major}.{minor}.0")
}
