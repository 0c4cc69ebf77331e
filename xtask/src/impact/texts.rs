//! Names of what is gone in the texts of programs: `odoo.model("sale.order")`. The compiler does not read them, so it is a search
//! for words.

use odoo_codegen::diff::{Change, What};

use super::compile::Place;
use super::join::names;
use super::packages::Packages;
use super::show::{Entry, Found};

/// Lists them, but for those that the compiler has found: in attributes of the derives.
pub(super) fn find(found: &mut Found, packages: &Packages, changes: &[Change]) {
    let mut gone: Vec<(&str, Vec<&str>, &Change)> = Vec::new();
    for change in changes.iter().filter(|change| change.what.is_gone() && change.what != What::RowGone) {
        let Some(model) = change.model.as_deref() else { continue };
        let name = change.field.as_deref().or(change.method.as_deref()).unwrap_or(model);
        match change.what {
            // A value is any word: it counts beside its field.
            What::ValueGone => {
                let values = change.items.iter().filter(|value| !value.is_empty());
                gone.extend(values.map(|value| (model, vec![value.as_str(), name], change)));
            }
            _ => gone.push((model, vec![name], change)),
        }
    }
    for (path, text) in packages.files() {
        let file = path.strip_prefix(&packages.workspace_root).unwrap_or(path).to_string_lossy();
        for (model, words, change) in &gone {
            // A field's name says nothing without that of its model.
            if words[0] != *model && !text.contains(model) && !names(text, model) {
                continue;
            }
            for (at, line) in text.lines().enumerate() {
                let columns: Option<Vec<_>> = words.iter().map(|word| in_text(line, word)).collect();
                let Some(columns) = columns else { continue };
                let (line, column) = (at + 1, columns[0] + 1);
                let is_known = |entry: &Entry| {
                    entry.file.as_deref() == Some(&*file)
                        && entry.line == Some(line)
                        && entry.change.as_ref() == Some(*change)
                };
                if found.breaks.iter().any(is_known) {
                    continue;
                }
                let place = Place {
                    file: file.to_string(),
                    line,
                    column,
                    end: (line, column + words[0].len()),
                    is_primary: true,
                };
                found.in_texts.push(Entry::new(Some(&place), Some(change), None));
            }
        }
    }
    found.sort();
}

/// Where a line has a name in a text, as a word of its own.
fn in_text(line: &str, name: &str) -> Option<usize> {
    if line.trim_start().starts_with("//") {
        return None;
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, behind) = (&line[..*at], &line[at + name.len()..]);
        // A model's name goes on behind a dot, and so does a path of fields.
        let goes_on = |rest: &str| rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(is_part));
        let is_model = name.contains('.');
        let is_word = !before.ends_with(is_part) && !behind.starts_with(is_part);
        let is_whole = !is_model || !before.ends_with('.') && !goes_on(behind);
        let quotes = before.replace("\\\"", "").matches('"').count();
        is_word && is_whole && (quotes % 2 == 1 || before.ends_with('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_a_text_alone() {
        for (line, name, column) in [
            (r#"odoo.model("sale.order").call("x")"#, "sale.order", Some(12)),
            (r#"odoo.model("sale.order.line")"#, "sale.order", None),
            (r#"odoo.model("x.sale.order")"#, "sale.order", None),
            (r#"json!([["partner_id.email", "=", "x"]])"#, "email", Some(20)),
            (r#"json!([["email_to", "=", "x"]])"#, "email", None),
            (r##"r#"{"name": "x", "email": 1}"#"##, "email", Some(18)),
            (r#"let email = partner("x").email;"#, "email", None),
            (r#"// "email" is what it was"#, "email", None),
        ] {
            assert_eq!(in_text(line, name), column, "{line}");
        }
    }
}
