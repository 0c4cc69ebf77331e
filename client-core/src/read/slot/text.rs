//! Values that Odoo sends in place of text.

use super::Wire;

/// A number where text should be, as its digits: models that are views of the database pass on what PostgreSQL
/// answers. (Seen on `im_livechat.report.channel` in 14: `1.0` in a `char`.)
pub(super) fn number(value: Wire<'_>) -> Option<String> {
    match value {
        Wire::Int(value) => Some(value.to_string()),
        Wire::Float(value) => Some(serde_json::Value::from(value).to_string()),
        _ => None,
    }
}
