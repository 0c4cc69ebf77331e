//! Records from JSON: an object of lists by model, each record with its fields as `read` gives them.

use serde_json::{Value, json};

use crate::Fault;
use crate::state::World;

impl World {
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
