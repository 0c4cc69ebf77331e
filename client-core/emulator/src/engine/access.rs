//! Refusing what a user may not do, in Odoo's words.

use std::sync::Arc;

use super::definitions::{FieldId, ModelId};
use super::env::Env;
use super::rights::Rights;
use crate::Fault;
use crate::series::Difference;

impl Rights {
    /// Refuses what the user may not do with the model, in Odoo's words.
    pub(crate) fn check(env: &Env<'_>, model: ModelId, operation: &str) -> Result<(), Fault> {
        let def = env.registry.def(model);
        if env.settings.rights.may(env.uid, model, operation) {
            return if def.facts.rules { env.check_companies() } else { Ok(()) };
        }
        let done = match operation {
            "write" => "modify",
            "create" => "create",
            "unlink" => "delete",
            _ => "access",
        };
        let label = if def.label.is_empty() { &*def.name } else { &*def.label };
        Err(Fault::access(format!(
            "You are not allowed to {done} '{label}' ({}) records.\n\nNo group currently allows this operation.\n\nContact your \
             administrator to request access if necessary.",
            def.name
        )))
    }

    /// Refuses fields that the user may not use: all of them up to 18, the first from 19 on.
    pub(crate) fn check_fields(
        env: &Env<'_>,
        model: ModelId,
        fields: &[FieldId],
        operation: &str,
    ) -> Result<(), Fault> {
        let def = Arc::clone(env.registry.def(model));
        let denied: Vec<_> =
            fields.iter().filter(|field| !env.settings.rights.may_field(env.uid, model, **field)).collect();
        let Some(first) = denied.first() else { return Ok(()) };
        let label = if def.label.is_empty() { &*def.name } else { &*def.label };
        if env.has(Difference::HiddenFieldsOneByOne) {
            return Err(Fault::access(format!(
                "You do not have enough rights to access the field \"{}\" on {label} ({}). Please contact your system \
                 administrator.\n\nOperation: {operation}\nUser: {}\nGroups: always forbidden",
                def.def(**first).name,
                def.name,
                env.uid,
            )));
        }
        let names: Vec<_> =
            denied.iter().map(|field| format!("- {} (always forbidden)", def.def(**field).name)).collect();
        Err(Fault::access(format!(
            "The requested operation can not be completed due to security restrictions.\n\nDocument type: {label} ({})\n\
             Operation: {operation}\nUser: {}\nFields:\n{}",
            def.name,
            env.uid,
            names.join("\n"),
        )))
    }
}

impl Env<'_> {
    /// Whether this user may read a field: for conditions, orders and groups.
    pub(crate) fn may_read_field(&self, model: ModelId, field: FieldId) -> Result<(), Fault> {
        Rights::check_fields(self, model, &[field], "read")
    }
}
