//! Faults that several addresses answer with.

use crate::Fault;

/// The login is none.
pub(super) fn denied() -> Fault {
    Fault::new("odoo.exceptions.AccessDenied", "Access Denied")
}
