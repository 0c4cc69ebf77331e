//! The summary for a comment on a pull request: short, the rest folded away.

use odoo_codegen::diff::Change;

use super::Shown;
use super::summary::{by_model, heaviest};
use crate::report::{GRADES, counted, proposal};

/// GitHub takes 65,536 characters.
const LONGEST: usize = 60_000;

/// How many changes of a grade are listed.
const LISTED: usize = 200;

pub(super) fn summary(shown: &Shown) -> String {
    let mut text = format!("### {}\n\n{}\n", plain(&shown.title()), shown.counts.total());
    let heaviest = heaviest(&by_model(&shown.changes));
    if heaviest.len() > 1 {
        text += "\n| model | breaking | dangerous | safe |\n| --- | ---: | ---: | ---: |\n";
        for (name, counts) in heaviest {
            let name = plain(name);
            text += &format!("| {name} | {} | {} | {} |\n", counts.breaking, counts.dangerous, counts.safe);
        }
    }
    for (grade, _) in GRADES {
        let changes: Vec<_> = shown.changes.iter().filter(|change| change.grade == grade).collect();
        if changes.is_empty() {
            continue;
        }
        text += &format!("\n<details><summary>{} {grade}</summary>\n\n", changes.len());
        let mut listed = 0;
        for change in changes.iter().take(LISTED) {
            let line = line(change);
            if text.len() + line.len() > LONGEST {
                break;
            }
            text += &line;
            listed += 1;
        }
        if listed < changes.len() {
            text += &crate::as_run(&format!(
                "- … and {} (`cargo odoo diff` lists all)\n",
                counted(changes.len() - listed, "more change")
            ));
        }
        text += "\n</details>\n";
    }
    text
}

fn line(change: &Change) -> String {
    let renamed = change.rename.as_ref().map_or(String::new(), |rename| format!(" – {}", proposal(rename)));
    format!("- {}\n", plain(&format!("{change}{renamed}")))
}

/// A text that Markdown shows as it is, in which nobody is mentioned and nothing is linked.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 16);
    for c in odoo_client::error::visible(text).to_string().chars() {
        match c {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '@' | '#' | ':' => plain.extend([c.to_string().as_str(), "<!-- -->"]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => plain.extend(['\\', c]),
            _ => plain.push(c),
        }
    }
    plain.replace("www.", "www<!-- -->.")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn hostile_labels_stay_text() {
        assert_eq!(plain("<b> @me [x](y)"), "&lt;b&gt; @<!-- -->me \\[x\\](y)");
        assert!(!plain("see https://example.com or www.example.com, #12").contains("://"));
        assert_eq!(plain("a\nb"), "a\\\\nb");
    }
}
