//! What is to be done with a record.

use std::collections::BTreeSet;

use serde_json::Value;

use super::item::{Item, Key, Lines};
use super::of;
use super::rows::{LineRows, Plan};
use super::there::{Known, There};
use crate::Error;
use crate::error::ErrorKind;
use crate::ops::external_id::split;

/// What can be seen of a record without asking.
pub(super) fn check(item: &Item, model: &str, is_top: bool) -> Result<(), Error> {
    if let Key::Refused(refusal) = &item.key {
        return Err(refusal.clone().into());
    }
    if let Err(refusal) = &item.values {
        return Err(refusal.clone().into());
    }
    if !is_top && (!item.lines.is_empty() || matches!(item.key, Key::Natural(..))) {
        return Err(of(&item.key, ErrorKind::Encode, "a line has an external id, and no lines of its own"));
    }
    split(&item.key.xml_id(model)).map(drop)?;
    item.refers.iter().try_for_each(|(_, _, xml_id)| split(xml_id).map(drop))?;
    item.lines
        .iter()
        .flat_map(|lines| lines.items.iter().map(|line| (line, lines.model)))
        .try_for_each(|(line, model)| check(line, model, false))
}

/// What is to be done with a record.
pub(super) fn plan(item: &Item, model: &'static str, there: &There, known: &Known) -> Result<Plan, Error> {
    let refuse = |what: String| of(&item.key, ErrorKind::Encode, what);
    let id = there.id(item, model)?;
    let row = id.map(|id| there.row(item, model, id)).transpose()?;
    let xml_id = item.key.xml_id(model);
    let is_named = id.is_none_or(|id| there.xml_ids.get(&xml_id).is_some_and(|(_, named)| *named == id));
    let mut plan = Plan { id, xml_id, is_named, ..Plan::default() };
    for (field, value) in there.wanted(item)? {
        let of_field = known.of(model, &field).map_err(refuse)?;
        if of_field.creates(&value) {
            // Each time it would make one more, and each time that an answer is lost.
            return Err(refuse(format!("`{field}` is set by commands that create or write: give `lines`")));
        }
        if row.is_some_and(|row| of_field.is_same(row.get(&field).unwrap_or(&Value::Null), &value)) {
            continue;
        }
        match of_field.cell(&field, &value) {
            Some(cell) => plan.cells.push(cell),
            None => drop(plan.rest.insert(field, value)),
        }
    }
    for lines in &item.lines {
        let kept = row.and_then(|row| row.get(lines.field)).and_then(Value::as_array);
        let kept: BTreeSet<i64> = kept.into_iter().flatten().filter_map(Value::as_i64).collect();
        let mut given = BTreeSet::new();
        let rows = line_rows(lines, &kept, &mut given, there, known)?;
        plan.lines.extend(rows);
        if lines.prune {
            plan.doomed.extend(kept.difference(&given).map(|line| (lines.model, *line)));
        }
    }
    Ok(plan)
}

/// The lines that are new or differ; the ids of those that are there are put with the others.
fn line_rows(
    lines: &Lines,
    kept: &BTreeSet<i64>,
    given: &mut BTreeSet<i64>,
    there: &There,
    known: &Known,
) -> Result<Option<LineRows>, Error> {
    let (mut columns, mut rows) = (None, Vec::new());
    for line in &lines.items {
        let refuse = |what: String| of(&line.key, ErrorKind::Encode, what);
        let id = there.id(line, lines.model)?;
        let row = id.map(|id| there.row(line, lines.model, id)).transpose()?;
        if let Some(id) = id
            && !kept.contains(&id)
        {
            let what = format!("that external id is of {}({id}), which is a line of another record", lines.model);
            return Err(of(&line.key, ErrorKind::Validation, what));
        }
        given.extend(id);
        let mut is_same = row.is_some();
        let mut own = vec![format!("{}/id", lines.field)];
        let mut cells = vec![line.key.xml_id(lines.model)];
        for (field, value) in there.wanted(line)? {
            let of_field = known.of(lines.model, &field).map_err(refuse)?;
            is_same &= row.is_some_and(|row| of_field.is_same(row.get(&field).unwrap_or(&Value::Null), &value));
            let (column, text) = of_field
                .cell(&field, &value)
                .ok_or_else(|| refuse(format!("`{field}` of a line cannot be set to {value} by an import")))?;
            own.push(format!("{}/{column}", lines.field));
            cells.push(text);
        }
        // An empty cell would empty the field.
        if columns.get_or_insert_with(|| own.clone()) != &own {
            return Err(refuse(
                "all lines of a record set the same fields: clear those that shall be empty".to_owned(),
            ));
        }
        if !is_same {
            rows.push(cells);
        }
    }
    Ok(columns.filter(|_| !rows.is_empty()).map(|columns| LineRows { columns, rows }))
}
