//! What is known to differ, and why. The list is short, and each of its lines says what it is about.

use serde_json::Value;

use crate::program::Step;

/// Whether a step is about what is known to differ.
pub(crate) fn is_known(step: &Step, series: (u32, u32)) -> bool {
    let _ = (step, series, Value::Null);
    false
}
