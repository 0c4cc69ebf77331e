//! An exception, as Odoo raises it.

use std::fmt;

use serde_json::Value;

/// An exception that a call ended with: what Odoo puts in an error, whatever the wire.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// The Python class with its module: `odoo.exceptions.MissingError`, `builtins.ValueError`.
    pub exception: String,
    /// The text for a person.
    pub message: String,
    /// What the exception was made with, as JSON: mostly the message alone.
    pub arguments: Vec<Value>,
}

impl Fault {
    /// An exception of this class, made with its message alone.
    ///
    /// ```
    /// use odoo_emulator::Fault;
    ///
    /// let fault = Fault::new("odoo.exceptions.UserError", "Not today");
    /// assert_eq!(fault.arguments, ["Not today"]);
    /// ```
    pub fn new(exception: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { exception: exception.into(), arguments: vec![Value::String(message.clone())], message }
    }

    /// `UserError`: Odoo refuses to do this.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.UserError", message)
    }

    /// `ValidationError`: the values break a rule.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.ValidationError", message)
    }

    /// `AccessError`: the user may not do this.
    pub fn access(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.AccessError", message)
    }

    /// `MissingError`: a record is not there.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.MissingError", message)
    }

    /// `ValueError` of Python.
    pub fn value(message: impl Into<String>) -> Self {
        Self::new("builtins.ValueError", message)
    }

    /// `TypeError` of Python.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new("builtins.TypeError", message)
    }

    /// What only Odoo's Python could do, and nobody has said what to do instead. `how` is what a test writes.
    pub fn not_emulated(what: impl fmt::Display, how: impl fmt::Display) -> Self {
        Self::new("odoo_emulator.NotEmulated", format!("{what} is not emulated: {how}"))
    }

    /// Whether this is what the emulator says of what it does not do, which no Odoo says.
    pub fn is_not_emulated(&self) -> bool {
        self.exception == "odoo_emulator.NotEmulated"
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.exception, self.message)
    }
}

/// As `Display`, because a test that ends in `?` shows it to a person.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Fault {}
