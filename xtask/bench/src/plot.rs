//! Plots of what was measured, as SVG, beside the figures that they are made of.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use plotters::prelude::*;
use serde::Serialize;

/// How wide and high they are.
const SIZE: (u32, u32) = (720, 360);

pub(crate) enum Plot {
    Bars(Bars),
    Lines(Lines),
}

/// A value for each name.
pub(crate) struct Bars {
    pub(crate) title: String,
    pub(crate) bars: Vec<(String, f64)>,
}

/// Curves over the size of something.
pub(crate) struct Lines {
    pub(crate) title: String,
    pub(crate) over: &'static str,
    pub(crate) lines: Vec<(&'static str, Vec<(f64, f64)>)>,
}

fn folder() -> PathBuf {
    crate::workspace().join("xtask/bench/figures")
}

/// Writes `NAME.json`, and `NAME-….svg` for each plot.
pub(crate) fn save(name: &str, outcome: &impl Serialize, plots: &[(&'static str, Plot)]) -> Result<()> {
    let folder = folder();
    let doing = || format!("cannot write to {}", folder.display());
    fs::create_dir_all(&folder).with_context(doing)?;
    let text = serde_json::to_string_pretty(outcome)? + "\n";
    fs::write(folder.join(format!("{name}.json")), text).with_context(doing)?;
    for (part, plot) in plots {
        let svg = match plot {
            Plot::Bars(bars) => bars.draw(),
            Plot::Lines(lines) => lines.draw(),
        };
        let svg = svg.map_err(|error| anyhow!("cannot draw {part}: {error}"))?;
        fs::write(folder.join(format!("{name}-{part}.svg")), svg).with_context(doing)?;
    }
    Ok(())
}

type Drawn = Result<String, Box<dyn std::error::Error>>;

impl Bars {
    fn draw(&self) -> Drawn {
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            root.fill(&WHITE)?;
            let values = self.bars.iter().map(|(_, value)| value.max(0.1));
            let least = values.clone().fold(f64::INFINITY, f64::min);
            let most = values.fold(1.0, f64::max);
            let count = i32::try_from(self.bars.len())?;
            let mut chart = ChartBuilder::on(&root)
                .caption(format!("{} (logarithmic)", self.title), ("sans-serif", 18))
                .margin(12)
                .x_label_area_size(30)
                .y_label_area_size(160)
                .build_cartesian_2d((least / 2.0..most * 2.0).log_scale(), (0..count).into_segmented())?;
            let name = |at: &SegmentValue<i32>| match at {
                SegmentValue::CenterOf(at) | SegmentValue::Exact(at) => usize::try_from(count - 1 - at)
                    .ok()
                    .and_then(|at| self.bars.get(at))
                    .map_or_else(String::new, |(name, _)| name.clone()),
                SegmentValue::Last => String::new(),
            };
            chart.configure_mesh().disable_y_mesh().y_labels(self.bars.len()).y_label_formatter(&name).draw()?;
            // The first is on top.
            for (at, (_, value)) in (0..count).rev().zip(&self.bars) {
                let (from, to) = (SegmentValue::Exact(at), SegmentValue::Exact(at + 1));
                let colour = if at == count - 1 { RGBColor(0x1b, 0x7f, 0x79) } else { RGBColor(0xb0, 0xb8, 0xc0) };
                let mut bar = Rectangle::new([(least / 2.0, from), (value.max(0.1), to)], colour.filled());
                bar.set_margin(3, 3, 0, 0);
                chart.draw_series([bar])?;
                let figure = if *value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") };
                let place = (value.max(0.1) * 1.05, SegmentValue::CenterOf(at));
                chart.draw_series([Text::new(figure, place, ("sans-serif", 13).into_font())])?;
            }
            root.present()?;
        }
        Ok(svg)
    }
}

impl Lines {
    fn draw(&self) -> Drawn {
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            root.fill(&WHITE)?;
            let points = || self.lines.iter().flat_map(|(_, points)| points);
            let most = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(0.0, f64::max) * 1.05;
            let mut chart = ChartBuilder::on(&root)
                .caption(&self.title, ("sans-serif", 18))
                .margin(12)
                .x_label_area_size(40)
                .y_label_area_size(60)
                .build_cartesian_2d(0.0..most(|point| point.0), 0.0..most(|point| point.1))?;
            chart.configure_mesh().x_desc(self.over).draw()?;
            for (at, (name, points)) in self.lines.iter().enumerate() {
                let colour = Palette99::pick(at).to_rgba();
                let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3);
                let drawn = chart.draw_series(line)?;
                drawn.label(*name).legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour));
            }
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperLeft)
                .background_style(WHITE)
                .border_style(BLACK.mix(0.3))
                .draw()?;
            root.present()?;
        }
        Ok(svg)
    }
}
