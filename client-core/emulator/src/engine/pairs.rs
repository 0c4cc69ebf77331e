//! Tables of pairs: which many2many fields are two sides of one.

use std::collections::HashMap;

use super::definitions::{Kind, ModelDef, ModelId, Side};

/// Gives each many2many field its table of pairs: the one that Odoo has for it where that is known, otherwise one that two fields
/// share which are the only ones between their models.
pub(crate) fn pair(models: &mut [ModelDef]) -> usize {
    let mut between: HashMap<(ModelId, ModelId), usize> = HashMap::new();
    let mut stored = Vec::new();
    for (model, def) in models.iter().enumerate() {
        for (number, field) in def.numbered() {
            if field.kind == Kind::Many2many
                && field.is_stored()
                && let Some(comodel) = field.comodel
            {
                *between.entry((model, comodel)).or_default() += 1;
                let table = def.facts.fields.get(&*field.name).and_then(|facts| facts.table.clone());
                stored.push((model, number, comodel, table));
            }
        }
    }
    // By the name of the table: its number, and the column that is its first side.
    let mut tables: HashMap<String, (usize, String)> = HashMap::new();
    let is_alone = |a, b| a != b && between.get(&(a, b)) == Some(&1) && between.get(&(b, a)) == Some(&1);
    for (model, number, comodel, table) in stored {
        let (table, column) = match table {
            Some([table, column, _]) => (table, column),
            _ if is_alone(model, comodel) => {
                (format!("{} {}", model.min(comodel), model.max(comodel)), model.to_string())
            }
            _ => (format!("{model} {number} alone"), String::new()),
        };
        let next = tables.len();
        let (relation, first) = tables.entry(table).or_insert_with(|| (next, column.clone()));
        let side = usize::from(*first != column);
        models[model].fields[usize::from(number)].side = Some(Side { relation: *relation, side });
    }
    tables.len()
}
