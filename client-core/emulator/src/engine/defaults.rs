//! What a new record has by itself.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::definitions::{FieldDef, Kind, ModelDef, ModelId};
use super::env::Env;
use crate::Fault;

/// Whether the server of the pin was asked for the default of a field, and did not answer: wizards want to know first which records
/// they are about.
fn is_untold(field: &FieldDef) -> bool {
    let pin = &field.pin;
    pin.required && !pin.computed && pin.related.is_none() && pin.default.is_none()
}

fn untold(def: &ModelDef, field: &FieldDef) -> Fault {
    let (model, field) = (&def.name, &field.name);
    Fault::not_emulated(
        format_args!("the default of {model}.{field}, which the server of the pin did not tell,"),
        format_args!("say what it is by `emulator.engine(|engine| engine.default(\"{model}\", \"{field}\", …))`"),
    )
}

impl Env<'_> {
    /// `default_get`: the defaults of these fields, those of the context before those of the model.
    pub(crate) fn default_get(&mut self, model: ModelId, names: &[&str]) -> Result<Map<String, Value>, Fault> {
        self.check_companies()?;
        let def = Arc::clone(self.registry.def(model));
        let mut defaults = Map::new();
        for name in names {
            let Some((_, field)) = def.field(name) else { continue };
            match self.default(&def, field)? {
                Some(value) => drop(defaults.insert((*name).to_owned(), value)),
                None if is_untold(field) => return Err(untold(&def, field)),
                None => {}
            }
        }
        Ok(defaults)
    }

    /// Adds the defaults of what is not given.
    pub(crate) fn add_defaults(&mut self, model: ModelId, values: &mut Map<String, Value>) -> Result<(), Fault> {
        self.check_companies()?;
        let def = Arc::clone(self.registry.def(model));
        for (_, field) in def.numbered() {
            let name = &*field.name;
            if values.contains_key(name) || super::create::AUTOMATIC.contains(&name) {
                continue;
            }
            // Those of what it has by delegation are added when that is created, or are there.
            if field.inherited.is_some() && !self.context.contains_key(&format!("default_{name}")) {
                continue;
            }
            if let Some(value) = self.default(&def, field)? {
                values.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn default(&mut self, def: &ModelDef, field: &FieldDef) -> Result<Option<Value>, Fault> {
        if let Some(value) = self.context.get(&format!("default_{}", field.name)) {
            return Ok(Some(value.clone()));
        }
        if let Some(value) = self.settings.defaults.get(&(def.name.to_string(), field.name.to_string())) {
            return Ok(Some(value.clone()));
        }
        if let Some(value) = def.facts.defaults.get(&*field.name) {
            return Ok(match value.as_str() {
                Some("@res.company") => Some(json!(self.company())),
                Some("@res.users") => Some(json!(self.uid)),
                Some("@res.currency") => self.currency().map(|id| json!(id)),
                _ => Some(value.clone()),
            });
        }
        if field.pin.default != Some(true) {
            return Ok(None);
        }
        // The pin says that there is one, and nobody what.
        Ok(self.some_default(field))
    }

    /// A value that fits a field, in the place of a default that depends on what only Odoo knows.
    fn some_default(&mut self, field: &FieldDef) -> Option<Value> {
        Some(match field.kind {
            Kind::Char | Kind::Text | Kind::Html => json!("New"),
            Kind::Boolean => json!(false),
            Kind::Integer | Kind::Many2oneReference => json!(1),
            Kind::Float | Kind::Monetary => json!(1.0),
            Kind::Date => json!(self.now.get(..10)?),
            Kind::Datetime => json!(&*self.now),
            Kind::Selection => json!(field.pin.selection.as_ref()?.0.iter().find(|(value, _)| !value.is_empty())?.0),
            Kind::Many2one => {
                let comodel = field.comodel?;
                match &*self.registry.def(comodel).name {
                    "res.company" => json!(self.company()),
                    "res.users" => json!(self.uid),
                    _ => json!(self.store.table(comodel).rows.keys().next().copied()?),
                }
            }
            Kind::Many2many | Kind::One2many => {
                let first = self.store.table(field.comodel?).rows.keys().next().copied()?;
                json!([[6, 0, [first]]])
            }
            Kind::Reference => {
                let model = field.pin.selection.as_ref()?.0.first()?.0.clone();
                let (number, _) = self.registry.model(&model)?;
                json!(format!("{model},{}", self.store.table(number).rows.keys().next()?))
            }
            Kind::Binary | Kind::Json => return None,
        })
    }

    pub(crate) fn currency(&self) -> Option<i64> {
        let (companies, _) = self.registry.model("res.company")?;
        self.int(companies, self.company(), "currency_id")
    }
}
