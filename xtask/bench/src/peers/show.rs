//! The comparison as a page.

use super::{Measured, Outcome};
use crate::plot::{Bars, Plot};
use crate::table::table;

/// A column of the table: of which task, what it is called, and what of it is shown.
struct Column {
    task: usize,
    name: &'static str,
    of: fn(&Measured) -> f64,
}

const fn column(task: usize, name: &'static str, of: fn(&Measured) -> f64) -> Column {
    Column { task, name, of }
}

/// In the order of [`super::TASKS`].
const COLUMNS: [Column; 8] = [
    column(0, "10,000 partners, ms", time),
    column(0, "MB", memory),
    column(1, "a small call, µs", each),
    column(2, "16 at a time, µs", each),
    column(3, "64 at a time, µs", each),
    column(4, "100,000 in pages, ms", time),
    column(4, "MB", memory),
    column(5, "fields of all models, ms", time),
];

/// Of the processor on the stub, which answers at once; by the clock on a real server, for which everybody waits.
fn time(measured: &Measured) -> f64 {
    if measured.server == "stub" { measured.cpu_ms.median } else { measured.wall_ms.median }
}

#[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
fn each(measured: &Measured) -> f64 {
    time(measured) * 1e3 / measured.done as f64
}

fn memory(measured: &Measured) -> f64 {
    measured.peak_mb.median
}

fn figure(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

impl Outcome {
    fn of(&self, (server, what): (&str, &str)) -> impl Iterator<Item = &Measured> {
        self.measured.iter().filter(move |measured| measured.server == server && measured.task.what == what)
    }

    pub(super) fn markdown(&self) -> String {
        let cells = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        let mut text =
            format!("{}. The middle of {} rounds, each task in a process of its own.\n", self.machine, self.rounds);
        for (server, clock) in [("stub", "processor time"), ("real server", "time by the clock")] {
            let has = |column: &&Column| self.of((server, super::TASKS[column.task].what)).next().is_some();
            let columns: Vec<_> = COLUMNS.iter().filter(has).collect();
            if columns.is_empty() {
                continue;
            }
            // A real server has as many partners as it has.
            let name = |column: &&Column| {
                let done = self.of((server, super::TASKS[column.task].what)).map(|measured| measured.done).max();
                column.name.replace(
                    "10,000",
                    &done.filter(|done| *done < 10_000).map_or("10,000".to_owned(), |done| done.to_string()),
                )
            };
            let mut rows = vec![[String::new()].into_iter().chain(columns.iter().map(name)).collect()];
            rows.extend(self.peers.iter().map(|peer| {
                let of = |column: &&Column| {
                    let measured = self.of((server, super::TASKS[column.task].what)).find(|m| m.peer == peer.name);
                    measured.map_or_else(|| "-".to_owned(), |measured| figure((column.of)(measured)))
                };
                [peer.name.to_owned()].into_iter().chain(columns.iter().map(of)).collect::<Vec<_>>()
            }));
            text +=
                &format!("\nOn the {server}, {clock}; MB are of the whole process at its peak.\n\n{}", table(&rows));
        }
        let builds: Vec<_> = self.peers.iter().filter_map(|peer| Some((peer, peer.build?))).collect();
        if !builds.is_empty() {
            let mut rows = vec![cells(&["clean release build", "processor s", "wall s", "MB", "MB without symbols"])];
            rows.extend(builds.iter().map(|(peer, build)| {
                let stripped = build.stripped_megabytes.map_or_else(String::new, |size| format!("{size:.2}"));
                let cost = [build.cost.cpu_seconds, build.cost.wall_seconds].map(|seconds| format!("{seconds:.0}"));
                let sizes = [format!("{:.2}", build.megabytes), stripped];
                [peer.name.to_owned()].into_iter().chain(cost).chain(sizes).collect()
            }));
            text += &format!("\n{}", table(&rows));
        }
        let mut rows = vec![cells(&["client", "language", "version"])];
        rows.extend(self.peers.iter().map(|peer| cells(&[peer.name, peer.language, &peer.version])));
        text + &format!("\n{}", table(&rows))
    }

    pub(super) fn plots(&self) -> Vec<(&'static str, Plot)> {
        let bars = |title: &str, what: &str, of: fn(&Measured) -> f64| {
            let bars = self.of(("stub", what)).map(|measured| (measured.peer.to_owned(), of(measured))).collect();
            Plot::Bars(Bars { title: title.to_owned(), bars })
        };
        let [fetch, .., many, stream, fields] = super::TASKS.map(|task| task.what);
        vec![
            ("fetch", bars("10,000 partners of 30 fields: processor ms", fetch, |m| m.cpu_ms.median)),
            ("calls", bars("2,000 small calls, 64 at a time: processor ms", many, |m| m.cpu_ms.median)),
            ("stream", bars("100,000 partners in pages: MB for it", stream, |m| m.more_mb.median)),
            ("fields", bars("the fields of 743 models: processor ms", fields, |m| m.cpu_ms.median)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Peer, TASKS};
    use super::*;
    use crate::machine::Machine;
    use crate::table::Spread;

    #[test]
    fn each_client_has_a_row_and_what_it_cannot_do_a_dash() {
        let spread = |value: f64| Spread::of([value]);
        let measured = |peer, task: usize, done| Measured {
            peer,
            server: "stub",
            task: TASKS[task],
            done,
            cpu_ms: spread(250.0),
            wall_ms: spread(900.0),
            peak_mb: spread(20.0),
            more_mb: spread(5.0),
        };
        let peer = |name| Peer { name, language: "Rust", version: "1".to_owned(), command: Vec::new(), build: None };
        let measured = vec![measured("one", 0, 10_000), measured("one", 1, 2000), measured("two", 1, 2000)];
        let peers = vec![peer("one"), peer("two")];
        let text = Outcome { machine: Machine::this(), rounds: 1, peers, measured }.markdown();
        let rows: Vec<_> = text.lines().map(|line| line.split_ascii_whitespace().collect::<String>()).collect();
        assert!(rows.contains(&"||10,000partners,ms|MB|asmallcall,µs|".to_owned()), "{text}");
        assert!(
            rows.contains(&"|one|250|20.0|125|".to_owned()) && rows.contains(&"|two|-|-|125|".to_owned()),
            "{text}"
        );
    }
}
