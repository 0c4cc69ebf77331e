//! What is to be written, as rows of the import.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What is to be done with one record.
#[derive(Default)]
pub(super) struct Plan {
    /// Its place among the records.
    pub(super) at: usize,
    /// Without one it is created.
    pub(super) id: Option<i64>,
    pub(super) xml_id: String,
    /// Whether the record has that external id, or gets it.
    pub(super) is_named: bool,
    /// Columns of the import, with their texts.
    pub(super) cells: Vec<(String, String)>,
    pub(super) lines: Vec<LineRows>,
    /// What the import does not take: written behind it.
    pub(super) rest: Map<String, Value>,
    /// Lines to delete, and their model.
    pub(super) doomed: Vec<(&'static str, i64)>,
}

/// Lines of a field that are new or differ.
pub(super) struct LineRows {
    /// With the field in front.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Plan {
    pub(super) fn is_loaded(&self) -> bool {
        self.id.is_none() || !self.cells.is_empty() || !self.lines.is_empty()
    }

    /// The columns of all of it: records with the same go into one import.
    fn columns(&self) -> Vec<String> {
        let key = if self.is_named { "id" } else { ".id" };
        let own = self.cells.iter().map(|(column, _)| column.clone());
        let lines = self.lines.iter().flat_map(|lines| lines.columns.iter().cloned());
        std::iter::once(key.to_owned()).chain(own).chain(lines).collect()
    }

    /// A row, and one more for each further line.
    fn rows(&self) -> Vec<Vec<String>> {
        let key = self.id.filter(|_| !self.is_named).map_or_else(|| self.xml_id.clone(), |id| id.to_string());
        let count = self.lines.iter().map(|lines| lines.rows.len()).max().unwrap_or(0).max(1);
        let row = |number: usize| {
            let own = std::iter::once(&key).chain(self.cells.iter().map(|(_, text)| text));
            let mut row: Vec<String> = own.map(|text| if number == 0 { text.clone() } else { String::new() }).collect();
            for lines in &self.lines {
                match lines.rows.get(number) {
                    Some(line) => row.extend(line.iter().cloned()),
                    None => row.extend(lines.columns.iter().map(|_| String::new())),
                }
            }
            row
        };
        (0..count).map(row).collect()
    }
}

/// Records of one import.
pub(super) struct Group {
    pub(super) columns: Vec<String>,
    /// Plans by their place, and where the rows of each begin.
    pub(super) plans: Vec<(usize, usize)>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Plans with the same columns together, no more of them than so many, and no more bytes than a proxy lets through.
pub(super) fn groups(plans: &[Plan], wanted: impl Iterator<Item = usize>, max_records: usize) -> Vec<Group> {
    const BYTES: usize = 1_000_000;
    let mut all: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for at in wanted {
        all.entry(plans[at].columns()).or_default().push(at);
    }
    let mut groups: Vec<Group> = Vec::new();
    for (columns, members) in all {
        let mut group = Group { columns: columns.clone(), plans: Vec::new(), rows: Vec::new() };
        let mut bytes = 0;
        for at in members {
            let rows = plans[at].rows();
            let size: usize = rows.iter().flatten().map(|cell| cell.len() + 4).sum();
            if !group.plans.is_empty() && (group.plans.len() >= max_records || bytes + size > BYTES) {
                let next = Group { columns: columns.clone(), plans: Vec::new(), rows: Vec::new() };
                groups.push(std::mem::replace(&mut group, next));
                bytes = 0;
            }
            group.plans.push((at, group.rows.len()));
            group.rows.extend(rows);
            bytes += size;
        }
        groups.push(group);
    }
    groups
}
