//! Groups.

use serde_json::Value;

use super::env::Env;
use super::registry::ModelId;
use super::signature::Arguments;
use crate::Fault;

impl Env<'_> {
    pub(crate) fn read_group(&mut self, model: ModelId, given: &Arguments) -> Result<Value, Fault> {
        let _ = (model, given);
        Err(Fault::not_emulated("read_group", "later"))
    }

    pub(crate) fn formatted_read_group(&mut self, model: ModelId, given: &Arguments) -> Result<Value, Fault> {
        let _ = (model, given);
        Err(Fault::not_emulated("formatted_read_group", "later"))
    }
}
