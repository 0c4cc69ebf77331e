//! Where Odoo's own description of its models is wrong: each case with what is true, and where that was seen.

use crate::schema::{Field, Schema};

/// Whether a field's values are not of the type that `fields_get` says, so that only raw JSON holds them.
///
/// - A many2one to `account.root` reads as `["10", "10"]`: the ids of that model are text, the first two characters of an
///   account's code ([`account_root.py`](https://github.com/odoo/odoo/blob/19.0/addons/account/models/account_root.py)).
///   Seen on 19.0 (`account.account.root_id`); in 14.0 they are numbers. That it came with 18.0 is an assumption: between
///   14.0 and 19.0 no server was asked.
pub(crate) fn is_mistyped(schema: &Schema, field: &Field) -> bool {
    field.relation.as_deref() == Some("account.root") && field.ttype == "many2one" && major(&schema.series) >= 18
}

/// Whether a field sorts only while the one who asks has a web session, so that what `fields_get` says of it depends on how
/// it was asked: the pin says no, whichever wire it was read over.
///
/// Seen on 19.0: `is_current` of `res.device` and `res.device.log` is sortable over the web session and JSON-2, and not
/// over `/jsonrpc` ([`res_device.py`](https://github.com/odoo/odoo/blob/19.0/odoo/addons/base/models/res_device.py)).
pub(crate) fn sorts_by_session(model: &str, field: &str) -> bool {
    matches!(model, "res.device" | "res.device.log") && field == "is_current"
}

/// Whether records cannot be grouped by a field though `fields_get` says so.
///
/// Seen on 19.0: `activity_state` is computed in SQL by the models that have activities; on those that delegate to such a
/// model (`res.users`) `fields_get` says what it says of that model's field, and the server refuses the group.
pub(crate) fn says_groupable(field: &str, schema: &Field) -> bool {
    field == "activity_state" && schema.related.is_some()
}

/// Whether a field has a default only for requests of some kinds, so that `default_get` depends on how it was asked: the pin
/// does not say.
///
/// Seen on 19.0: `access_token` of `website.visitor` is made from a header of the request; over `/jsonrpc` that fails
/// ([`website_visitor.py`](https://github.com/odoo/odoo/blob/19.0/addons/website/models/website_visitor.py)).
pub(crate) fn defaults_by_request(model: &str, field: &str) -> bool {
    (model, field) == ("website.visitor", "access_token")
}

/// The first number of a series: 18 of `saas~18.4`.
pub(crate) fn major(series: &str) -> u32 {
    let digits = series.trim_start_matches(|c: char| !c.is_ascii_digit()).split(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
