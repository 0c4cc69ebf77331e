//! What was measured on.

use std::fmt;
use std::fs;

use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Machine {
    processors: usize,
    processor: String,
    system: &'static str,
    rustc: String,
    /// How much else was going on: the load before it began.
    load: Option<f64>,
}

impl Machine {
    pub(crate) fn this() -> Self {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let rustc = std::process::Command::new("rustc").arg("--version").output();
        let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        let load = fs::read_to_string("/proc/loadavg").ok();
        Self {
            processors: std::thread::available_parallelism().map_or(0, usize::from),
            processor: name.map(|(_, name)| name.to_owned()).unwrap_or_default(),
            system: std::env::consts::OS,
            rustc: rustc.unwrap_or_default(),
            load: load.and_then(|text| text.split(' ').next()?.parse().ok()),
        }
    }
}

/// `2 processors (Some Name), linux, rustc 1.95.0, load 0.10`
impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processors, processor, system, rustc, load } = self;
        let rustc = rustc.split(" (").next().unwrap_or_default();
        write!(f, "{processors} processors ({processor}), {system}, {rustc}")?;
        load.map_or(Ok(()), |load| write!(f, ", load {load:.2}"))
    }
}
