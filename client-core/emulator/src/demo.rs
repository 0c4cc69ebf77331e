//! What comes with the emulator to try it out: a few customers, products and orders, a user who may not do everything, and
//! what confirming and cancelling an order does.

use odoo_codegen::Schema;
use serde_json::{Map, Value, json};

use crate::Fault;
use crate::engine::MethodCall;
use crate::ordinary::make_ordinary;
use crate::state::World;

const DATA: &str = include_str!("../demo.json");

/// The id of the user `demo`.
const DEMO_ID: i64 = 6;

impl World {
    /// Puts it in, as far as the pin has the models and fields.
    pub(crate) fn load_demo(&mut self, schema: &Schema) -> Result<(), Fault> {
        let data: Value = serde_json::from_str(DATA).map_err(|error| Fault::value(error.to_string()))?;
        let mut known = Map::new();
        for (name, records) in data.as_object().into_iter().flatten() {
            let Some(model) = schema.models.get(name) else { continue };
            let mut records = records.clone();
            for record in records.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                record.retain(|field, _| field == "password" || model.fields.contains_key(field));
            }
            known.insert(name.clone(), records);
        }
        self.load(&Value::Object(known))?;
        self.name_countries(schema)?;
        // A pin need not have them.
        let _ = self.engine.default("sale.order", "name", "New");
        let _ = self.engine.default("sale.order", "state", "draft");
        let _ = self.engine.default("sale.order", "warehouse_id", 1);
        let _ = self.engine.on("sale.order", "action_confirm", confirm);
        let _ = self.engine.on("sale.order", "action_cancel", |call| write(call, json!({"state": "cancel"})));
        let _ = self.engine.on("ir.actions.report", "_render_qweb_html", print);
        make_ordinary(&mut self.engine, DEMO_ID);
        Ok(())
    }

    /// Their external ids: `base.be`.
    fn name_countries(&mut self, schema: &Schema) -> Result<(), Fault> {
        let countries = serde_json::from_str::<Value>(DATA).unwrap_or_default()["res.country"].take();
        let names = countries.as_array().into_iter().flatten().zip(2_000..).filter_map(|(country, id)| {
            let name = match country["code"].as_str()? {
                // Odoo's own name.
                "GB" => "uk".to_owned(),
                code => code.to_lowercase(),
            };
            Some(json!({"id": id, "module": "base", "name": name, "model": "res.country", "res_id": country["id"]}))
        });
        if !schema.models.contains_key("res.country") {
            return Ok(());
        }
        self.engine.seed("ir.model.data", &names.collect()).map(drop)
    }
}

fn write(call: &mut MethodCall<'_>, values: Value) -> Result<Value, Fault> {
    let ids = json!(call.ids());
    call.call("sale.order", "write", vec![ids, values])
}

/// A page for each record that a report is of.
fn print(call: &mut MethodCall<'_>) -> Result<Value, Fault> {
    let pages = call.args[1].as_array().into_iter().flatten().map(|id| format!("<main>Record {id}</main>"));
    Ok(format!("<!DOCTYPE html>\n<html><body>{}</body></html>\n", pages.collect::<String>()).into())
}

/// Confirms orders, and says what their lines cost: Odoo computes that before, by rules that are not in a pin.
fn confirm(call: &mut MethodCall<'_>) -> Result<Value, Fault> {
    for order in call.ids() {
        let fields = json!(["product_id", "product_uom_qty", "discount", "price_unit"]);
        let ids = call.call("sale.order", "read", vec![json!([order]), json!(["order_line", "name"])])?;
        let lines = call.call("sale.order.line", "read", vec![ids[0]["order_line"].clone(), fields])?;
        let mut total = 0.0;
        for line in lines.as_array().into_iter().flatten() {
            let number = |value: &Value| value.as_f64().unwrap_or_default();
            let product = line["product_id"][0].clone();
            let price = call.call("product.product", "read", vec![json!([product]), json!(["list_price", "name"])])?;
            let price = &price[0];
            let unit = Some(number(&line["price_unit"])).filter(|unit| *unit != 0.0);
            let unit = unit.unwrap_or_else(|| number(&price["list_price"]));
            let sum = unit * number(&line["product_uom_qty"]) * (1.0 - number(&line["discount"]) / 100.0);
            let sum = (sum * 100.0).round() / 100.0;
            total += sum;
            let values = json!({
                "name": price["name"], "price_unit": unit, "price_subtotal": sum, "price_total": sum, "state": "sale",
            });
            call.call("sale.order.line", "write", vec![json!([line["id"]]), values])?;
        }
        let mut values = json!({"state": "sale", "amount_untaxed": total, "amount_total": total});
        if ids[0]["name"] == "New" {
            values["name"] = json!(format!("S{order:05}"));
        }
        call.call("sale.order", "write", vec![json!([order]), values])?;
    }
    Ok(json!(true))
}
