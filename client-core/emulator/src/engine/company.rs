//! In which company a call is made: the first of those that its context allows, or that of the user.

use std::sync::Arc;

use serde_json::Value;

use super::env::Env;
use crate::Fault;

impl Env<'_> {
    /// The company of the call.
    pub(crate) fn company(&self) -> i64 {
        let asked = self.context.get("allowed_company_ids").and_then(|ids| ids.get(0)?.as_i64());
        asked.or_else(|| self.int(self.users()?, self.uid, "company_id")).unwrap_or(1)
    }

    /// Sees to it that fields that differ by company have the values of this one.
    pub(crate) fn settle_company(&mut self) {
        let (company, registry) = (self.company(), Arc::clone(&self.registry));
        let models = registry.models.iter().enumerate();
        let fields = models.flat_map(|(model, def)| def.numbered().map(move |(number, field)| (model, number, field)));
        let differ = fields.filter(|(.., field)| field.pin.company_dependent);
        self.store.turn_to(company, differ.map(|(model, number, _)| (model, number)));
    }

    fn users(&self) -> Option<usize> {
        self.registry.by_name.get("res.users").copied()
    }

    /// Refuses companies that are none of the user's, where Odoo looks: where a model has rules, and for defaults. Seen on 14.0 and 19.0.
    pub(crate) fn check_companies(&self) -> Result<(), Fault> {
        let asked = match self.context.get("allowed_company_ids") {
            Some(asked) if self.uid != 1 => asked,
            _ => return Ok(()),
        };
        let Some(users) = self.users() else { return Ok(()) };
        let companies = Arc::clone(self.registry.def(users)).id_of("company_ids");
        let own = companies.map(|companies| self.ids(users, self.uid, companies)).unwrap_or_default();
        let is_own = |id: &Value| id.as_i64().is_some_and(|id| own.contains(&id));
        match asked {
            Value::Array(ids) if ids.iter().all(is_own) => Ok(()),
            _ => Err(Fault::access("Access to unauthorized or invalid companies.")),
        }
    }
}
