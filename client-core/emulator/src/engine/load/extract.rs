//! From rows of texts to records, with lines in them: a row without values of its own goes on with the one before.

use serde_json::Value;

use crate::Fault;
use crate::engine::definitions::{Kind, ModelId};
use crate::engine::env::Env;
use crate::engine::python::is_true;
use crate::series::Difference;

/// What a column is of its record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// The name of the record, to be searched for.
    Name,
    /// Its external id.
    External,
    /// Its number.
    Number,
    Field(String),
}

impl Column {
    fn named(name: &str) -> Self {
        match name {
            "" => Self::Name,
            "id" => Self::External,
            ".id" => Self::Number,
            name => Self::Field(name.to_owned()),
        }
    }
}

/// What a record has in a column.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    Cell(Value),
    Records(Vec<Extracted>),
}

/// A record as it was extracted, with the rows that it is of.
#[derive(Clone, Debug)]
pub(super) struct Extracted {
    pub(super) values: Vec<(Column, Raw)>,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Extracted {
    pub(super) fn get(&self, column: &Column) -> Option<&Raw> {
        self.values.iter().find(|(known, _)| known == column).map(|(_, raw)| raw)
    }
}

/// The parts of a column's name: `line_ids/product_id/id`, also written `line_ids/product_id:id`.
pub(super) fn path_of(column: &str) -> Vec<Column> {
    let column = column.replace(":id", "/id");
    // `partner_id.id` is `partner_id/.id`.
    let column = match column.strip_suffix(".id") {
        Some(before) if !before.is_empty() && !before.ends_with('/') => format!("{before}/.id"),
        _ => column,
    };
    column.split('/').map(Column::named).collect()
}

/// Puts rows together to records of a model.
pub(super) fn records(
    env: &Env<'_>,
    model: ModelId,
    paths: &[Vec<Column>],
    rows: &[Vec<Value>],
) -> Result<Vec<Extracted>, Fault> {
    let def = env.registry.def(model);
    let kind_of = |path: &[Column]| match path.first() {
        Some(Column::Field(name)) => match def.field(name) {
            Some((_, field)) => Ok(Some((field.kind, field.comodel))),
            None if env.has(Difference::ImportsNameFields) => Err(Fault::value(format!("Invalid field name '{name}'"))),
            None => Err(Fault::new("builtins.KeyError", name)),
        },
        _ => Ok(None),
    };
    let kinds = paths.iter().map(|path| kind_of(path)).collect::<Result<Vec<_>, Fault>>()?;
    let is_lines = |n: usize| matches!(kinds[n], Some((Kind::One2many, _)));
    let has = |row: &Vec<Value>, wanted: bool| {
        (0..paths.len()).any(|n| is_lines(n) == wanted && row.get(n).is_some_and(is_true))
    };
    let mut extracted = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let more = rows[at + 1..].iter().take_while(|row| has(row, true) && !has(row, false)).count();
        let span = &rows[at..=at + more];
        let mut record = Extracted { values: Vec::new(), from: at, to: at + more };
        for (n, path) in paths.iter().enumerate() {
            let column = &path[0];
            let relation = kinds[n].filter(|(kind, _)| kind.is_relational());
            let Some((_, comodel)) = relation else {
                let cell = span[0].get(n).cloned().unwrap_or_default();
                match record.values.iter_mut().find(|(known, _)| known == column) {
                    Some((_, raw)) => *raw = Raw::Cell(cell),
                    None => record.values.push((column.clone(), Raw::Cell(cell))),
                }
                continue;
            };
            if record.get(column).is_some() {
                continue;
            }
            let own: Vec<usize> = (0..paths.len()).filter(|other| paths[*other][0] == *column).collect();
            let inner: Vec<Vec<Column>> = own
                .iter()
                .map(|n| if paths[*n].len() > 1 { paths[*n][1..].to_vec() } else { vec![Column::Name] })
                .collect();
            let cells = span.iter().map(|row| own.iter().map(|n| row.get(*n).cloned().unwrap_or_default()).collect());
            let cells: Vec<Vec<Value>> = cells.filter(|cells: &Vec<Value>| cells.iter().any(is_true)).collect();
            let inner = match comodel {
                Some(comodel) => records(env, comodel, &inner, &cells)?,
                None => Vec::new(),
            };
            record.values.push((column.clone(), Raw::Records(inner)));
        }
        // Columns without a relation come first.
        record.values.sort_by_key(|(_, raw)| matches!(raw, Raw::Records(_)));
        extracted.push(record);
        at += more + 1;
    }
    Ok(extracted)
}
