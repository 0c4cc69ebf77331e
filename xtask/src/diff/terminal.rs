//! The list for a terminal.

use odoo_client::error::visible;

use super::Shown;
use super::summary::{by_model, heaviest};
use crate::report::{GRADES, proposal};

pub(super) fn list(shown: &Shown, is_coloured: bool) -> String {
    let paint =
        |colour: &str, text: &str| if is_coloured { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() };
    let total = format!("{}: {}\n", shown.title(), shown.counts.total());
    let models = by_model(&shown.changes);
    let mut lines = total.clone();
    let heaviest = heaviest(&models);
    if heaviest.len() > 1 {
        lines += "\nThe heaviest models:\n";
        let width = heaviest.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        lines.extend(heaviest.iter().map(|(name, counts)| format!("  {name:width$}  {}\n", counts.grades())));
    }
    for (name, changes) in &models {
        let name = if name.is_empty() { "the schema as a whole" } else { name };
        lines += &format!("\n{}\n", paint("1", &visible(name).to_string()));
        for change in changes {
            let colour = GRADES.iter().find(|(grade, _)| *grade == change.grade).map_or(0, |(_, colour)| *colour);
            let grade = paint(&colour.to_string(), &format!("{:9}", change.grade));
            let part = change.field.clone().or_else(|| Some(format!("{}()", change.method.as_ref()?)));
            let part = part.map_or(String::new(), |part| format!("{} ", visible(&part)));
            lines += &format!("  {grade} {part}{}\n", change.says());
            if let Some(rename) = &change.rename {
                lines += &format!("            {}\n", visible(&proposal(rename)));
            }
        }
    }
    if !shown.changes.is_empty() {
        lines += &format!("\n{total}");
    }
    lines
}
