//! Tables of figures.

use std::fmt::Write as _;

use serde::Serialize;

/// Of several runs: the least, the middle and the most.
#[derive(Serialize, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |position: usize| values.get(position).copied().unwrap_or(f64::NAN);
        let last = values.len().saturating_sub(1);
        // Of an even number, the mean of the two in the middle.
        Self { min: at(0), median: f64::midpoint(at(last / 2), at(values.len() / 2)), max: at(last) }
    }

    /// `1.20 / 1.31 / 1.52`, or the one value there is.
    pub(crate) fn show(&self, decimals: usize) -> String {
        let Self { min, median, max } = self;
        if min == max {
            format!("{median:.decimals$}")
        } else {
            format!("{min:.decimals$} / {median:.decimals$} / {max:.decimals$}")
        }
    }
}

/// Rows of cells as a table of Markdown that can be read as it is: every column as wide as its widest cell. The first row is the
/// head; the first column is text, the others are figures.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |row: &Vec<String>, column: usize| row.get(column).map_or(0, |cell| cell.chars().count());
    // Three dashes are the least below a head.
    let widths: Vec<usize> =
        (0..columns).map(|column| rows.iter().map(|row| width(row, column)).max().unwrap_or(0).max(3)).collect();
    let mut text = String::new();
    for (nth, row) in rows.iter().enumerate() {
        for (at, width) in widths.iter().enumerate() {
            let cell = row.get(at).map_or("", String::as_str);
            // Writing to a String does not fail.
            let _ = if at == 0 { write!(text, "| {cell:width$} ") } else { write!(text, "| {cell:>width$} ") };
        }
        text += "|\n";
        if nth == 0 {
            for (at, width) in widths.iter().enumerate() {
                let (dashes, right) = ("-".repeat(width - usize::from(at > 0)), if at > 0 { ":" } else { "" });
                let _ = write!(text, "| {dashes}{right} ");
            }
            text += "|\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_runs() {
        for (values, expected) in
            [(&[2.0][..], "2.0"), (&[3.0, 1.0, 2.0], "1.0 / 2.0 / 3.0"), (&[4.0, 1.0, 2.0, 3.0], "1.0 / 2.5 / 4.0")]
        {
            assert_eq!(Spread::of(values.iter().copied()).show(1), expected);
        }
    }

    #[test]
    fn columns_line_up() {
        let rows = [["", "MB"], ["a", "10"], ["bcde", "1"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), "|      |  MB |\n| ---- | --: |\n| a    |  10 |\n| bcde |   1 |\n");
    }
}
