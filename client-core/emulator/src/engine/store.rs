//! Records in memory: tables and relations that are shared between snapshots until one of them changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::cell::Cell;
use super::definitions::{FieldId, ModelId};

/// One record: the fields that have a value, by their number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    cells: Vec<(FieldId, Cell)>,
}

impl Row {
    pub(crate) fn get(&self, field: FieldId) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&field, |(field, _)| *field).ok()?;
        Some(&self.cells[at].1)
    }

    pub(crate) fn set(&mut self, field: FieldId, cell: Option<Cell>) {
        match (self.cells.binary_search_by_key(&field, |(field, _)| *field), cell) {
            (Ok(at), Some(cell)) => self.cells[at].1 = cell,
            (Ok(at), None) => drop(self.cells.remove(at)),
            (Err(at), Some(cell)) => self.cells.insert(at, (field, cell)),
            (Err(_), None) => {}
        }
    }
}

/// What an index has of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Int(i64),
    Text(Arc<str>),
}

impl Key {
    pub(crate) fn of(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Int(int) => Some(Self::Int(*int)),
            Cell::Bool(value) => Some(Self::Int((*value).into())),
            Cell::Text(text) => Some(Self::Text(Arc::clone(text))),
            Cell::Float(_) | Cell::Texts(_) | Cell::Ids(_) | Cell::Json(_) => None,
        }
    }

    /// Whether it is what an index has of this value.
    pub(crate) fn is(&self, cell: &Cell) -> bool {
        match (self, cell) {
            (Self::Int(key), Cell::Int(int)) => key == int,
            (Self::Int(key), Cell::Bool(value)) => *key == i64::from(*value),
            (Self::Text(key), Cell::Text(text)) => key == text,
            _ => false,
        }
    }
}

/// The ids of the records that have a value.
pub(crate) type Index = HashMap<Key, BTreeSet<i64>>;

/// The records of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: BTreeMap<i64, Arc<Row>>,
    /// The last id that was given. Like a sequence of the database it does not go back.
    pub(crate) last_id: i64,
    indexes: HashMap<FieldId, Index>,
}

impl Table {
    pub(crate) fn index(&self, field: FieldId) -> Option<&Index> {
        self.indexes.get(&field)
    }

    fn put(&mut self, id: i64, row: Option<Arc<Row>>) -> Option<Arc<Row>> {
        let before = match row {
            Some(row) => {
                self.last_id = self.last_id.max(id);
                self.rows.insert(id, row)
            }
            None => self.rows.remove(&id),
        };
        let after = self.rows.get(&id);
        for (field, index) in &mut self.indexes {
            let [was, is] = [before.as_ref(), after].map(|row| row.and_then(|row| row.get(*field)));
            if was == is {
                continue;
            }
            if let Some(key) = was.and_then(Key::of)
                && let Some(ids) = index.get_mut(&key)
            {
                ids.remove(&id);
            }
            if let Some(key) = is.and_then(Key::of) {
                index.entry(key).or_default().insert(id);
            }
        }
        before
    }
}

/// The pairs of a many2many relation, from both sides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relation {
    sides: [BTreeMap<i64, BTreeSet<i64>>; 2],
}

impl Relation {
    /// What is linked to a record of the first side, or of the second.
    pub(crate) fn of(&self, side: usize, id: i64) -> impl Iterator<Item = i64> + '_ {
        self.sides[side].get(&id).into_iter().flatten().copied()
    }

    fn set(&mut self, pair: [i64; 2], there: bool) -> bool {
        let mut changed = false;
        for (side, (from, to)) in [(pair[0], pair[1]), (pair[1], pair[0])].into_iter().enumerate() {
            if there {
                changed |= self.sides[side].entry(from).or_default().insert(to);
            } else if let Some(ids) = self.sides[side].get_mut(&from) {
                changed |= ids.remove(&to);
                if ids.is_empty() {
                    self.sides[side].remove(&from);
                }
            }
        }
        changed
    }
}

/// What undoes a change.
#[derive(Clone, Debug)]
enum Undo {
    Row(ModelId, i64, Option<Arc<Row>>),
    Link(usize, [i64; 2], bool),
}

/// All records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    tables: Vec<Arc<Table>>,
    relations: Vec<Arc<Relation>>,
    undo: Vec<Undo>,
    /// The company whose values the rows have, in the fields that differ by company.
    company: i64,
    /// The values of the other companies.
    others: Arc<BTreeMap<i64, Vec<OfCompany>>>,
}

/// A value that differs by company: whose, and what it is.
type OfCompany = (ModelId, i64, FieldId, Cell);

impl Store {
    /// An empty one. The fields of `indexed` have an index from the start.
    pub(crate) fn new(models: usize, relations: usize, indexed: &[(ModelId, FieldId)]) -> Self {
        let mut tables = vec![Table::default(); models];
        for (model, field) in indexed {
            tables[*model].indexes.insert(*field, Index::new());
        }
        let tables = tables.into_iter().map(Arc::new).collect();
        Self { tables, relations: vec![Arc::default(); relations], company: 1, ..Self::default() }
    }

    pub(crate) fn table(&self, model: ModelId) -> &Table {
        &self.tables[model]
    }

    pub(crate) fn row(&self, model: ModelId, id: i64) -> Option<&Arc<Row>> {
        self.tables[model].rows.get(&id)
    }

    pub(crate) fn relation(&self, relation: usize) -> &Relation {
        &self.relations[relation]
    }

    /// Takes the next id of a model, which no other record will have.
    pub(crate) fn next_id(&mut self, model: ModelId) -> i64 {
        let table = Arc::make_mut(&mut self.tables[model]);
        table.last_id += 1;
        table.last_id
    }

    pub(crate) fn start_ids_at(&mut self, model: ModelId, id: i64) {
        let table = Arc::make_mut(&mut self.tables[model]);
        table.last_id = table.last_id.max(id - 1);
    }

    pub(crate) fn put(&mut self, model: ModelId, id: i64, row: Option<Row>) {
        let before = Arc::make_mut(&mut self.tables[model]).put(id, row.map(Arc::new));
        self.undo.push(Undo::Row(model, id, before));
    }

    pub(crate) fn link(&mut self, relation: usize, pair: [i64; 2], there: bool) {
        if Arc::make_mut(&mut self.relations[relation]).set(pair, there) {
            self.undo.push(Undo::Link(relation, pair, !there));
        }
    }

    /// Makes an index of a field, if there is none yet. It is kept from then on.
    pub(crate) fn ensure_index(&mut self, model: ModelId, field: FieldId) {
        if self.tables[model].indexes.contains_key(&field) {
            return;
        }
        let table = Arc::make_mut(&mut self.tables[model]);
        let mut index = Index::new();
        for (id, row) in &table.rows {
            if let Some(key) = row.get(field).and_then(Key::of) {
                index.entry(key).or_default().insert(*id);
            }
        }
        table.indexes.insert(field, index);
    }

    /// Where changes stand, for `roll_back`.
    pub(crate) fn savepoint(&self) -> usize {
        self.undo.len()
    }

    /// Takes back what was changed since.
    pub(crate) fn roll_back(&mut self, savepoint: usize) {
        while self.undo.len() > savepoint
            && let Some(undo) = self.undo.pop()
        {
            match undo {
                Undo::Row(model, id, row) => drop(Arc::make_mut(&mut self.tables[model]).put(id, row)),
                Undo::Link(relation, pair, there) => {
                    Arc::make_mut(&mut self.relations[relation]).set(pair, there);
                }
            }
        }
    }

    /// Makes the values of these fields those of another company. Calls are one after another, and most are in the same company as the
    /// one before: rows and indexes are of one company at a time.
    pub(crate) fn turn_to(&mut self, company: i64, fields: impl Iterator<Item = (ModelId, FieldId)>) {
        if company == self.company {
            return;
        }
        let mut before = Vec::new();
        for (model, field) in fields {
            let rows = self.tables[model].rows.iter();
            before.extend(rows.filter_map(|(id, row)| Some((model, *id, field, row.get(field)?.clone()))));
        }
        for (model, id, field, _) in &before {
            self.set(*model, *id, *field, None);
        }
        let others = Arc::make_mut(&mut self.others);
        let after = others.remove(&company).unwrap_or_default();
        others.insert(self.company, before);
        for (model, id, field, cell) in after {
            self.set(model, id, field, Some(cell));
        }
        self.company = company;
        self.commit();
    }

    /// Sets a value of a record that is there.
    fn set(&mut self, model: ModelId, id: i64, field: FieldId, cell: Option<Cell>) {
        if let Some(row) = self.row(model, id) {
            let mut row = (**row).clone();
            row.set(field, cell);
            self.put(model, id, Some(row));
        }
    }

    /// What was changed stays.
    pub(crate) fn commit(&mut self) {
        self.undo.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(FieldId, Cell)]) -> Row {
        let mut row = Row::default();
        for (field, cell) in cells {
            row.set(*field, Some(cell.clone()));
        }
        row
    }

    #[test]
    fn what_is_rolled_back_is_as_before_in_rows_indexes_and_relations() {
        let mut store = Store::new(1, 1, &[(0, 1)]);
        store.put(0, 1, Some(row(&[(1, Cell::Int(7))])));
        store.link(0, [1, 2], true);
        store.commit();
        let snapshot = store.clone();
        let savepoint = store.savepoint();
        store.put(0, 1, Some(row(&[(1, Cell::Int(8))])));
        store.put(0, 2, Some(row(&[(1, Cell::Int(7))])));
        store.put(0, 1, None);
        store.link(0, [1, 2], false);
        store.link(0, [3, 2], true);
        assert_eq!(store.table(0).index(1).unwrap()[&Key::Int(7)], BTreeSet::from([2]));
        store.roll_back(savepoint);
        assert_eq!(store.table(0).rows, snapshot.table(0).rows);
        assert_eq!(store.table(0).index(1).unwrap()[&Key::Int(7)], BTreeSet::from([1]));
        assert_eq!(store.relation(0).of(1, 2).collect::<Vec<_>>(), [1]);
        assert_eq!(store.next_id(0), 3, "a sequence is not rolled back");
    }

    #[test]
    fn a_snapshot_does_not_see_what_comes_after() {
        let mut store = Store::new(1, 0, &[]);
        store.put(0, 1, Some(Row::default()));
        let snapshot = store.clone();
        store.put(0, 2, Some(Row::default()));
        assert_eq!((snapshot.table(0).rows.len(), store.table(0).rows.len()), (1, 2));
    }
}
