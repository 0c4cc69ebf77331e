//! What can be wrong with a schema.

use std::fmt;

use crate::docs;

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A server or a pin named a model as Odoo would not.
    #[error("`{}` is not the name of an Odoo model (lower-case letters, digits and `_`, joined by dots)", docs::visible(.name))]
    ModelName {
        /// What was given.
        name: String,
    },
    /// A pin named a field as Odoo would not.
    #[error("{model} has a field `{}`, which is no name an Odoo field can have: restore the pin from version control, or run `cargo odoo regen` against the server to pin anew", docs::visible(.name))]
    FieldName {
        /// The model, by its technical name.
        model: String,
        /// What was given.
        name: String,
    },
    /// A pin named a method, or a parameter of one, as Python would not.
    #[error("{model} has a method or a parameter `{}`, which is no name in Python: restore the pin from version control, or run `cargo odoo regen` against the server to pin anew", docs::visible(.name))]
    MethodName {
        /// The model, by its technical name.
        model: String,
        /// What was given.
        name: String,
    },
    /// A target's name cannot be that of a Rust package.
    #[error("`{}` cannot be a target: use lower-case letters, digits, `_` and `-`, starting with a letter", docs::visible(.name))]
    PackageName {
        /// What was given.
        name: String,
    },
    /// A server or a pin named a series as Odoo would not.
    #[error("`{}` is not a series of Odoo, such as `19.0`", docs::visible(.found))]
    Series {
        /// What was given.
        found: String,
    },
    /// The choice of what rows hold names what is no such choice.
    #[error("rows cannot be told about `{}`: it is not a field of the schema, or it is binary, or it is the `id`", docs::visible(.entry))]
    Row {
        /// What was given.
        entry: String,
    },
    /// A fix cannot be applied, or need not be.
    #[error("the fix is of no use: `{}` {}", docs::visible(.field), docs::visible(.problem))]
    Fix {
        /// The field of the fix.
        field: String,
        /// Why.
        problem: String,
    },
    /// `fields_get` answered something else than descriptions of fields.
    #[error("the answer of fields_get on {model}{} {problem}", .field.as_ref().map_or(String::new(), |f| format!(": field `{}`", docs::visible(f))))]
    FieldsGet {
        /// The model asked about.
        model: String,
        /// The field, if it is one field's description that is wrong.
        field: Option<String>,
        /// What is wrong.
        problem: String,
    },
    /// A file of the pin could not be read as what it should be.
    #[error("schema/{file} is not as `cargo odoo regen` writes it")]
    PinFile {
        /// The path below the schema folder.
        file: String,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// A file of the pin could not be read at all.
    #[error("schema/{file} could not be read")]
    PinRead {
        /// The path below the schema folder.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The pin is of another form than this generator's.
    #[error("the pin has format {}, this generator reads format {expected}: run `cargo odoo regen` against the server to pin anew", .found.map_or("unknown".to_owned(), |f| f.to_string()))]
    PinFormat {
        /// The format of the pin, if it says one.
        found: Option<u64>,
        /// The format this generator knows.
        expected: u32,
    },
    /// A file of the pin has what git writes where two branches changed the same lines.
    #[error(
        "schema/{file} has a conflict of git in it: both sides changed it; put it right by hand and run `cargo odoo regen --offline`, or take one side (`git checkout --theirs`) and run `cargo odoo regen` against the server"
    )]
    PinConflict {
        /// The path below the schema folder.
        file: String,
    },
    /// Two parts of the schema would be the same file.
    #[error("two models would both be {path}: this is a bug in odoo-codegen")]
    Clash {
        /// The path of the file.
        path: String,
    },
    /// [`build`](crate::build()) could not write its module.
    #[error("{file} could not be written")]
    Module {
        /// The file in `OUT_DIR`.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Generated code did not parse.
    #[error("the code for {path} does not parse ({problem}): this is a bug in odoo-codegen")]
    Print {
        /// The path of the file.
        path: String,
        /// What the parser said.
        problem: String,
    },
}

/// Something in a schema that was worked around, and that its owner should know of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The model.
    pub model: String,
    /// The field or the method, by the name the server gave it; none if it is the model itself.
    pub field: Option<String>,
    /// What is odd, and what was done about it.
    pub problem: String,
}

impl Warning {
    pub(crate) fn new(model: &str, field: &str, problem: impl Into<String>) -> Self {
        Self { model: model.to_owned(), field: Some(field.to_owned()), problem: problem.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", docs::visible(&self.model))?;
        if let Some(field) = &self.field {
            write!(f, ".{}", docs::visible(field))?;
        }
        write!(f, " {}", self.problem)
    }
}
