//! The comparison as a page.

use super::{Measured, Outcome};
use crate::plot::{Bars, Plot};
use crate::table::table;

impl Outcome {
    /// What was measured of a task on a server, the first of them first.
    fn tasks(&self) -> Vec<(&'static str, &'static str)> {
        let mut tasks = Vec::new();
        for measured in &self.measured {
            let task = (measured.server, measured.task.what);
            if !tasks.contains(&task) {
                tasks.push(task);
            }
        }
        tasks
    }

    fn of(&self, (server, what): (&str, &str)) -> impl Iterator<Item = &Measured> {
        self.measured.iter().filter(move |measured| measured.server == server && measured.task.what == what)
    }

    pub(super) fn markdown(&self) -> String {
        let cells = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        let rounds = if self.rounds == 1 { "One round" } else { "The middle of some rounds" };
        let mut text = format!("{}. {rounds} ({}), each in a process of its own.\n", self.machine, self.rounds);
        for task in self.tasks() {
            let mut rows = vec![cells(&["", "processor ms", "wall ms", "MB at the peak", "of that for the task"])];
            rows.extend(self.of(task).map(|measured| {
                let Measured { cpu_ms, wall_ms, peak_mb, more_mb, .. } = measured;
                let figure = |value: f64| if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") };
                let figures = [cpu_ms, wall_ms, peak_mb, more_mb].map(|spread| figure(spread.median));
                [measured.peer.to_owned()].into_iter().chain(figures).collect()
            }));
            let done = self.of(task).next().map_or(0, |measured| measured.done);
            text += &format!("\n{}: {} ({done})\n\n{}", task.0, task.1, table(&rows));
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
