//! Records from JSON: an object of lists by model, each record with its fields as `read` gives them.

use serde_json::{Map, Value, json};

use crate::Fault;
use crate::engine::Caller;
use crate::state::World;

/// The administrator.
const ADMIN: i64 = 2;

impl World {
    /// Whoever made a pin without a list of modules was not told it, and nor is anybody here.
    pub(crate) fn hide_modules(&mut self) {
        // It is there: pins that lack it are completed.
        let _ = self.engine.deny(ADMIN, "ir.module.module", &[]);
    }

    /// Takes models out of the list of those that there are.
    pub(crate) fn unlist(&mut self, models: &[&str]) {
        if models.is_empty() {
            return;
        }
        let odoo = Caller::new(1);
        let of_these = vec![json!([["model", "in", models]])];
        let listed = self.engine.call(&odoo, "ir.model", "search", of_these, Map::new());
        // Of a pin in which it has no such fields, nothing is listed.
        let _ = listed.and_then(|ids| self.engine.call(&odoo, "ir.model", "unlink", vec![ids], Map::new()));
    }

    /// Puts in the records of a file.
    pub(crate) fn load(&mut self, data: &Value) -> Result<(), Fault> {
        let mut data = data.clone();
        let users = data.get_mut("res.users").and_then(Value::as_array_mut);
        for user in users.into_iter().flatten().filter_map(Value::as_object_mut) {
            // A password is no field that can be read.
            if let Some(password) = user.remove("password")
                && let Some(id) = user.get("id").and_then(Value::as_i64)
            {
                self.accounts.change(id, &json!({"login": user.get("login"), "password": password}));
            }
        }
        self.engine.seed_all(&data)
    }
}
