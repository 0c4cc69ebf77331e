//! An emulator in the place of a target's server.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use odoo_codegen::Schema;
use odoo_emulator::{Builder, Emulator, Facts};
use serde_json::Value;

use crate::connection::Connection;
use crate::pinned;
use crate::target::Target;

/// How to get to it, whatever the environment says.
pub(crate) fn connection(emulator: &Emulator) -> Connection {
    // It is its own proxy: one that the environment names has no part in this.
    let straight = ("ODOO_PROXY", emulator.url().to_owned());
    Connection::only(emulator.environment().into_iter().chain([straight]))
}

/// One of the target's pin, without records of its own.
pub(crate) fn start(target: &Target, pinned: Option<Arc<Schema>>) -> Result<Emulator> {
    start_on(target, pinned, 0)
}

fn start_on(target: &Target, pinned: Option<Arc<Schema>>, port: u16) -> Result<Emulator> {
    let Some(pinned) = pinned else {
        bail!(
            "target {} has no pin yet, and the emulator is made of one: run `cargo odoo regen {}` with a server",
            target.name,
            target.name
        );
    };
    let facts = Facts::of_target(&target.folder)?.unwrap_or_default();
    Builder::of(pinned).facts(facts).port(port).start().with_context(|| format!("cannot emulate {}", target.name))
}

/// One with the records of a file, or with those that come with the emulator.
pub(crate) fn with_data(target: &Target, data: Option<&Path>) -> Result<Emulator> {
    on_port(target, data, 0)
}

/// The same on a port of one's own choice.
pub(crate) fn on_port(target: &Target, data: Option<&Path>, port: u16) -> Result<Emulator> {
    let pinned = pinned::read(&target.folder).with_context(|| format!("the pin of target {}", target.name))?;
    let emulator = start_on(target, pinned.map(|(schema, _)| Arc::new(schema)), port)?;
    let Some(file) = data else {
        emulator
            .load_demo()
            .map_err(|fault| anyhow!("the demo data does not fit the pin of {}: {fault}", target.name))?;
        return Ok(emulator);
    };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let data: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    emulator.load(&data).map_err(|fault| anyhow!("{}: {}", file.display(), fault.message))?;
    Ok(emulator)
}
