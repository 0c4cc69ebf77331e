//! What a user may not do.

use std::collections::{HashMap, HashSet};

use super::definitions::{FieldId, ModelId};

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
}
