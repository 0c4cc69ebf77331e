//! The ways in which a call can fail, and what is to come of each.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod odoo;
pub(crate) mod status;

use odoo_client::ErrorKind;
use odoo_client::client::WireKind;
use serde_json::json;

use crate::faulty::{Act, body as result_body};

/// What is to come of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It succeeds at this attempt.
    Good(usize),
    /// It fails after so many attempts; the last part is whether it may have been executed.
    Bad(ErrorKind, usize, bool),
}
pub(crate) use Outcome::{Bad, Good};

impl Outcome {
    /// What only reads can have changed nothing.
    pub(crate) fn of_a_read(self) -> Self {
        match self {
            Bad(kind, attempts, _) => Bad(kind, attempts, SURELY_NOT),
            good @ Good(_) => good,
        }
    }
}

/// How often a call is made at most.
pub(crate) const ALL: usize = 3;
pub(crate) const MAYBE: bool = true;
pub(crate) const SURELY_NOT: bool = false;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) script: fn(WireKind) -> Vec<Act>,
    pub(crate) read: Outcome,
    pub(crate) write: Outcome,
    /// A part of the message.
    pub(crate) says: &'static str,
}

/// For a failure that is the same for reads and writes.
pub(crate) const fn both(
    name: &'static str,
    script: fn(WireKind) -> Vec<Act>,
    outcome: Outcome,
    says: &'static str,
) -> Case {
    Case { name, script, read: outcome, write: outcome, says }
}

/// For a failure that leaves open what happened, so that only reads are made again: until all attempts are used up.
pub(crate) const fn ambiguous(
    name: &'static str,
    script: fn(WireKind) -> Vec<Act>,
    kind: ErrorKind,
    says: &'static str,
) -> Case {
    Case { name, script, read: Bad(kind, ALL, MAYBE), write: Bad(kind, 1, MAYBE), says }
}

/// For a failure that is over at the second attempt.
pub(crate) const fn passing(
    name: &'static str,
    script: fn(WireKind) -> Vec<Act>,
    kind: ErrorKind,
    says: &'static str,
) -> Case {
    Case { name, script, read: Good(2), write: Bad(kind, 1, MAYBE), says }
}

pub(crate) const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

pub(crate) fn head(length: usize) -> String {
    format!("{HEAD}content-length: {length}\r\n\r\n")
}

pub(crate) fn half(wire: WireKind) -> String {
    let whole = result_body(wire, &json!([{"id": 1, "name": "Deco Addict"}, {"id": 2, "name": "Gemini"}])).to_string();
    whole[..whole.len() * 2 / 3].to_owned()
}
