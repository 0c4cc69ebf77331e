//! Models, fields and methods that a test names: what is not there is refused with the nearest that is, since a test that sets up what
//! no program can meet would pass for nothing.

use super::definitions::{FieldId, ModelId};
use super::registry::Registry;
use super::signature::Signature;
use crate::Fault;

impl Registry {
    pub(crate) fn named(&self, model: &str) -> Result<ModelId, Fault> {
        let found = self.by_name.get(model).copied();
        found.ok_or_else(|| unknown("model", model, model, self.by_name.keys().map(|known| &**known), ""))
    }

    pub(crate) fn named_field(&self, model: ModelId, field: &str) -> Result<FieldId, Fault> {
        let def = self.def(model);
        let known = def.by_name.keys().map(|known| &**known);
        def.id_of(field).ok_or_else(|| unknown("field", &format!("{}.{field}", def.name), field, known, ""))
    }

    /// Refuses a method that the model does not have, where the pin says which it has. Private ones it does not say.
    pub(crate) fn named_method(&self, model: &str, method: &str) -> Result<(), Fault> {
        let def = self.def(self.named(model)?);
        let Some(own) = &def.methods else { return Ok(()) };
        if method.starts_with('_') || own.contains(method) || self.is_of_every_model(method) {
            return Ok(());
        }
        let known = own.iter().chain(&self.base.methods).map(String::as_str);
        let new = " (`cargo odoo regen` pins what is new; a helper of a test's own begins with `_`)";
        Err(unknown("method", &format!("{model}.{method}"), method, known, new))
    }

    /// Whether every model has the method.
    pub(crate) fn is_of_every_model(&self, method: &str) -> bool {
        self.base.methods.contains(method) || Signature::named(self.series, method).is_some()
    }
}

fn unknown<'a>(what: &str, shown: &str, name: &str, known: impl Iterator<Item = &'a str>, more: &str) -> Fault {
    let nearest = known.map(|known| (strsim::osa_distance(name, known), known)).min();
    let nearest = nearest.filter(|(distance, _)| distance * 3 <= name.chars().count());
    let nearest = nearest.map_or_else(String::new, |(_, known)| format!(", the nearest is {known}"));
    Fault::value(format!("the pin has no {what} {shown}{nearest}{more}"))
}

#[cfg(test)]
mod tests {
    use odoo_codegen::{Field, Method, Model, Schema};
    use serde_json::{Map, Value, json};

    use crate::{Caller, Engine};

    /// An order of which the pin says that it has a method, and one of which it says nothing of methods.
    fn odoo() -> Engine {
        let mut model = Model::default();
        model.fields.insert("id".to_owned(), Field::new("integer", "ID"));
        model.fields.insert("state".to_owned(), Field::new("char", "State"));
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert("x.untold".to_owned(), model.clone());
        model.methods = Some([("action_confirm".to_owned(), Method::default())].into());
        schema.models.insert("x.order".to_owned(), model);
        Engine::new(&schema)
    }

    #[test]
    fn what_no_program_can_call_is_not_answered() {
        let mut odoo = odoo();
        let mut on = |model, method| odoo.on(model, method, |_| Ok(json!(7))).map_err(|fault| fault.message);
        for (model, method) in [
            ("x.order", "action_confirm"),
            ("x.order", "write"),
            ("x.order", "onchange"), // of every model, and not emulated
            ("x.order", "_amount"),  // of the test's own
            ("x.untold", "action_cofirm"),
        ] {
            assert_eq!(on(model, method), Ok(()), "{model}.{method}");
        }
        let more = " (`cargo odoo regen` pins what is new; a helper of a test's own begins with `_`)";
        let near = "the pin has no method x.order.action_cofirm, the nearest is action_confirm";
        assert_eq!(on("x.order", "action_cofirm"), Err(format!("{near}{more}")));
        assert_eq!(on("x.order", "launch"), Err(format!("the pin has no method x.order.launch{more}")));
        let near = "the pin has no model x.ordr, the nearest is x.order";
        assert_eq!(on("x.ordr", "action_confirm"), Err(near.to_owned()));
    }

    #[test]
    fn what_the_pin_does_not_have_has_no_default_and_no_values() {
        let mut odoo = odoo();
        let near = "the pin has no field x.order.stat, the nearest is state";
        assert_eq!(odoo.default("x.order", "stat", "sale").unwrap_err().message, near);
        assert_eq!(odoo.default("sale.order", "state", "sale").unwrap_err().message, "the pin has no model sale.order");
        assert_eq!(odoo.seed("x.order", &json!({"stat": "sale"})).unwrap_err().message, near);
        assert_eq!(odoo.deny_field(2, "x.order", "stat").unwrap_err().message, near);
        // As it is called now.
        odoo.rename_field("x.order", "state", "status").unwrap();
        odoo.default("x.order", "status", "sale").unwrap();
        let mut call = |method: &str, args: Value| {
            let args = args.as_array().unwrap().clone();
            odoo.call(&Caller::new(2), "x.order", method, args, Map::new()).unwrap()
        };
        let id = call("create", json!([{}]));
        assert_eq!(call("read", json!([[id], ["status"]]))[0]["status"], "sale");
    }

    /// They are there, whatever a test says of them: seen on 19.0.
    #[test]
    fn a_method_of_every_model_is_not_said_to_be_missing() {
        let call = |method: &str| odoo().call(&Caller::new(2), "x.order", method, vec![json!([])], Map::new());
        let fault = call("export_data").unwrap_err();
        assert!(
            fault.is_not_emulated() && fault.message.contains("emulator.on(\"x.order\", \"export_data\""),
            "{fault}"
        );
        assert_eq!(call("launch").unwrap_err().message, "The method 'x.order.launch' does not exist");
    }
}
