//! What ordinary users may not do.

use crate::engine::Engine;
use crate::series::Difference;

/// Takes from a user what only administrators may do, as far as programs meet it.
pub(crate) fn make_ordinary(engine: &mut Engine, uid: i64) {
    let writes: &[&str] = &["write", "create", "unlink"];
    let mut denied: Vec<(&str, &[&str])> =
        vec![("ir.config_parameter", &[]), ("ir.module.module", &[]), ("res.country", writes)];
    if engine.series().has(Difference::ModelsListedByAdmin) {
        denied.extend(["ir.model", "ir.model.fields"].map(|model| (model, &[] as &[&str])));
    }
    for (model, operations) in denied {
        // A pin need not have it.
        let _ = engine.deny(uid, model, operations);
    }
    for field in ["signup_token", "signup_type", "signup_expiration"] {
        let _ = engine.deny_field(uid, "res.partner", field);
    }
}

/// The same for a user who is new, and in no group of an app.
pub(crate) fn make_new(engine: &mut Engine, uid: i64) {
    make_ordinary(engine, uid);
    for model in ["delivery.carrier", "lunch.location"] {
        let _ = engine.deny(uid, model, &[]);
    }
}
