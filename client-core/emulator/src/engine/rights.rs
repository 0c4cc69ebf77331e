//! What a user may not do.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::env::Env;
use super::registry::{FieldId, ModelId};
use crate::Fault;
use crate::series::Difference;

/// What is denied, by user.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rights {
    models: HashMap<(i64, ModelId), HashSet<&'static str>>,
    fields: HashSet<(i64, ModelId, FieldId)>,
}

/// What can be done with the records of a model, as Odoo calls it.
pub(crate) const OPERATIONS: [&str; 4] = ["read", "write", "create", "unlink"];

impl Rights {
    pub(crate) fn deny(&mut self, uid: i64, model: ModelId, operations: &[&'static str]) {
        self.models.entry((uid, model)).or_default().extend(operations);
    }

    pub(crate) fn deny_field(&mut self, uid: i64, model: ModelId, field: FieldId) {
        self.fields.insert((uid, model, field));
    }

    pub(crate) fn allow_all(&mut self, uid: i64) {
        self.models.retain(|(user, _), _| *user != uid);
        self.fields.retain(|(user, _, _)| *user != uid);
    }

    pub(crate) fn may(&self, uid: i64, model: ModelId, operation: &str) -> bool {
        !self.models.get(&(uid, model)).is_some_and(|denied| denied.contains(operation))
    }

    pub(crate) fn may_field(&self, uid: i64, model: ModelId, field: FieldId) -> bool {
        !self.fields.contains(&(uid, model, field))
    }

    /// Refuses what the user may not do with the model, in Odoo's words.
    pub(crate) fn check(env: &Env<'_>, model: ModelId, operation: &str) -> Result<(), Fault> {
        let def = env.registry.def(model);
        if env.settings.rights.may(env.uid, model, operation) {
            return Ok(());
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
