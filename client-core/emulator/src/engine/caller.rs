//! Who calls.

use serde_json::{Map, Value};

/// Who calls, and with which context.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The id of the user in `res.users`.
    pub uid: i64,
    /// The context that came with the call: `lang`, `active_test` and the like.
    pub context: Map<String, Value>,
}

impl Caller {
    /// This user, without a context.
    pub fn new(uid: i64) -> Self {
        Self { uid, context: Map::new() }
    }
}
