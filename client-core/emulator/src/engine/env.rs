//! One call: who makes it, in which language, on which records, and what a test says of it; and how values are looked up in it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::cell::Cell;
use super::definitions::{FieldDef, FieldId, Kind, ModelId};
use super::python::ids;
use super::registry::Registry;
use super::rights::Rights;
use super::store::{Key, Row, Store};
use crate::Fault;
use crate::series::Difference;

/// What a call works with.
pub(crate) struct Env<'a> {
    pub(crate) registry: Arc<Registry>,
    pub(crate) store: &'a mut Store,
    pub(crate) settings: &'a Settings,
    pub(crate) uid: i64,
    pub(crate) context: Map<String, Value>,
    pub(crate) lang: String,
    /// The language that the context asks for, if it is none that is active.
    pub(crate) no_lang: Option<String>,
    /// Whether archived records are left out of searches.
    pub(crate) active_test: bool,
    /// What the time is, as Odoo writes it.
    pub(crate) now: Arc<str>,
}

/// A call of a method that a test answers: see [`Engine::on`](super::Engine::on).
pub struct MethodCall<'a> {
    pub(crate) env: Env<'a>,
    /// The model that the method is called on.
    pub model: &'a str,
    /// The method.
    pub method: &'a str,
    /// The positional arguments, the ids first if the method is one of records.
    pub args: Vec<Value>,
    /// The named arguments, without the context.
    pub kwargs: Map<String, Value>,
}

impl MethodCall<'_> {
    /// The ids that the method is called on: the first argument.
    pub fn ids(&self) -> Vec<i64> {
        self.args.first().map(ids).unwrap_or_default()
    }

    /// The id of the user who calls.
    pub fn uid(&self) -> i64 {
        self.env.uid
    }

    /// The context of the call.
    pub fn context(&self) -> &Map<String, Value> {
        &self.env.context
    }
}

/// What answers a call of a method.
pub(crate) type Handler = dyn Fn(&mut MethodCall<'_>) -> Result<Value, Fault> + Send + Sync;

/// What a field is that nobody has set and that only Odoo's Python could compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unset {
    /// Empty where it is a column of the database (a column that nobody wrote to is), an error where it is not.
    #[default]
    ErrorIfNotStored,
    /// An error in both cases, which says how to set it.
    Error,
    /// Empty in both cases.
    Empty,
}

/// What a test says of an engine beside its records: who may not do what, and what stands for Odoo's Python.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) rights: Rights,
    pub(crate) handlers: HashMap<(String, String), Arc<Handler>>,
    /// Defaults that a test has set, by model and field.
    pub(crate) defaults: HashMap<(String, String), Value>,
    pub(crate) unset: Unset,
    /// While records are put in: what they point to may come later.
    pub(crate) is_seeding: bool,
    /// What `context_get` answers beside the language and the time zone.
    pub(crate) user_context: Map<String, Value>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("rights", &self.rights)
            .field("handlers", &self.handlers.keys().collect::<Vec<_>>())
            .field("unset", &self.unset)
            .finish_non_exhaustive()
    }
}

impl Env<'_> {
    /// Whether the series does it.
    pub(crate) fn has(&self, difference: Difference) -> bool {
        self.registry.series.has(difference)
    }

    /// The same call with something else in its context.
    pub(crate) fn with(&mut self, active_test: bool) -> Env<'_> {
        Env {
            registry: Arc::clone(&self.registry),
            store: self.store,
            settings: self.settings,
            uid: self.uid,
            context: self.context.clone(),
            lang: self.lang.clone(),
            no_lang: self.no_lang.clone(),
            active_test,
            now: Arc::clone(&self.now),
        }
    }

    /// The same call once more, borrowed.
    pub(crate) fn again(&mut self) -> Env<'_> {
        let active_test = self.active_test;
        self.with(active_test)
    }

    /// Takes a language that is not active for none, as the series does.
    pub(crate) fn settle_lang(&mut self) {
        let Some(langs) = self.registry.by_name.get("res.lang").copied().filter(|_| self.lang != "en_US") else {
            return;
        };
        let def = self.registry.def(langs);
        let Some(code) = def.id_of("code") else { return };
        let mut rows = self.store.table(langs).rows.iter();
        let is_it =
            |row: &Row| row.get(code).and_then(|code| code.as_text("")).is_some_and(|code| **code == *self.lang);
        if rows.any(|(id, row)| is_it(row) && self.is_active(langs, *id)) {
            return;
        }
        let asked = std::mem::replace(&mut self.lang, "en_US".to_owned());
        self.no_lang = self.has(Difference::LanguagesAreChecked).then_some(asked);
    }

    /// Refuses to look at what is translated in a language that is not active.
    pub(crate) fn check_lang(&self, field: &FieldDef) -> Result<(), Fault> {
        match &self.no_lang {
            Some(lang) if field.pin.translated => Err(Fault::user(format!("Invalid language code: {lang}"))),
            _ => Ok(()),
        }
    }

    /// Whether a field of any record has a value.
    pub(crate) fn has_values(&self, model: ModelId, field: FieldId) -> bool {
        self.store.table(model).rows.values().any(|row| row.get(field).is_some())
    }

    /// The records of which this many2one points to a record, by id.
    pub(crate) fn pointing(&self, model: ModelId, field: FieldId, id: i64) -> Vec<i64> {
        let table = self.store.table(model);
        match table.index(field) {
            Some(index) => index.get(&Key::Int(id)).into_iter().flatten().copied().collect(),
            None => {
                let points = |cell: Option<&Cell>| cell.and_then(Cell::as_int) == Some(id);
                table.rows.iter().filter(|(_, row)| points(row.get(field))).map(|(id, _)| *id).collect()
            }
        }
    }

    /// The value of a field that is no relation to several records, along a related path where it is one.
    pub(crate) fn cell(&self, model: ModelId, id: i64, number: FieldId) -> Option<Cell> {
        let row = self.store.row(model, id)?;
        if let Some(cell) = row.get(number) {
            return Some(cell.clone());
        }
        let def = self.registry.def(model);
        let field = def.def(number);
        let (first, rest) = field.pin.related.as_deref().filter(|_| !field.is_stored())?.split_once('.')?;
        let (first, step) = def.field(first)?;
        let comodel = step.comodel?;
        let next = if step.kind == Kind::Many2one {
            self.cell(model, id, first)?.as_int()?
        } else {
            *self.ids(model, id, first).first()?
        };
        self.cell_along(comodel, next, rest)
    }

    /// The value at the end of a path.
    fn cell_along(&self, model: ModelId, id: i64, path: &str) -> Option<Cell> {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let (number, field) = self.registry.def(model).field(name)?;
        if name == "id" {
            return Some(Cell::Int(id));
        }
        let Some(rest) = rest else { return self.cell(model, id, number) };
        let next = if field.kind == Kind::Many2one {
            self.cell(model, id, number)?.as_int()?
        } else {
            *self.ids(model, id, number).first()?
        };
        self.cell_along(field.comodel?, next, rest)
    }

    /// The records of a one2many or many2many field, by id, archived ones too.
    pub(crate) fn ids(&self, model: ModelId, id: i64, number: FieldId) -> Vec<i64> {
        let def = self.registry.def(model);
        let field = def.def(number);
        if let Some(Cell::Ids(ids)) = self.store.row(model, id).and_then(|row| row.get(number)) {
            return ids.to_vec();
        }
        if let Some(side) = field.side {
            return self.store.relation(side.relation).of(side.side, id).collect();
        }
        if let (Some(comodel), Some(inverse)) = (field.comodel, field.inverse)
            && self.registry.def(comodel).def(inverse).kind == Kind::Many2one
        {
            return self.pointing(comodel, inverse, id);
        }
        let Some(path) = field.pin.related.as_deref().filter(|_| !field.is_stored()) else { return Vec::new() };
        // Along a path of any length: the union of what is at its end.
        let (mut at, mut ids) = (model, vec![id]);
        for name in path.split('.') {
            let def = Arc::clone(self.registry.def(at));
            let Some((number, step)) = def.field(name) else { return Vec::new() };
            let Some(comodel) = step.comodel else { return Vec::new() };
            let mut next = Vec::new();
            for id in ids {
                if step.kind == Kind::Many2one {
                    next.extend(self.cell(at, id, number).and_then(|cell| cell.as_int()));
                } else {
                    next.extend(self.ids(at, id, number));
                }
            }
            next.sort_unstable();
            next.dedup();
            (at, ids) = (comodel, next);
        }
        ids
    }

    /// Whether a record is there.
    pub(crate) fn exists(&self, model: ModelId, id: i64) -> bool {
        self.store.row(model, id).is_some()
    }

    /// Whether a record is not archived.
    pub(crate) fn is_active(&self, model: ModelId, id: i64) -> bool {
        let active = self.registry.def(model).active;
        active.is_none_or(|active| self.cell(model, id, active) == Some(Cell::Bool(true)))
    }

    pub(crate) fn text(&self, model: ModelId, id: i64, name: &str) -> Option<Arc<str>> {
        let number = self.registry.def(model).id_of(name)?;
        self.cell(model, id, number)?.as_text(&self.lang).cloned()
    }

    pub(crate) fn int(&self, model: ModelId, id: i64, name: &str) -> Option<i64> {
        let number = self.registry.def(model).id_of(name)?;
        self.cell(model, id, number)?.as_int()
    }
}
