//! Whether records fit a server, before any is read.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::access::may;
use crate::error::{ErrorKind, Escaped};
use crate::ops::Operation;
use crate::query::too_deep;
use crate::read::column::{Column, Types};
use crate::read::decode::DEEPEST;
use crate::{Client, Error, Model, Record};

impl Client {
    /// Whether records of this type can be read from this server by this user: a whole row, or a struct of your own with all
    /// that is in it.
    ///
    /// For the start of a program: it tells of everything at once, where a read fails on the first field that the server does not
    /// know. It reads no records. For each model it asks for `fields_get` of the fields wanted, and for the right to read
    /// the model (`has_access`, before Odoo 18 `check_access_rights`); what is not shown takes a request or two more, to
    /// find out why.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Model, Record};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner {
    /// #     const NAME: Field<Self, kind::Char> = Field::new("name");
    /// #     const CREDIT: Field<Self, kind::Monetary> = Field::new("credit");
    /// # }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// #[derive(Record)]
    /// #[odoo(model = Partner)]
    /// struct Customer {
    ///     name: String,
    ///     credit: f64,
    /// }
    ///
    /// odoo.check::<Customer>().await?.into_result()?; // … res.partner.credit: this user has no right to read it; …
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It does not see whether values are odd, or a field cannot be computed: `cargo odoo verify` reads them.
    ///
    /// # Errors
    ///
    /// Those of any call. What does not fit is no error here but in the [`Check`].
    pub async fn check<R: Record>(&self) -> Result<Check, Error> {
        check(self, R::Model::ODOO_NAME, &R::columns()).await
    }
}

/// What [`Client::check`] found. As text it has one line for each misfit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "what does not fit is only known of here"]
#[non_exhaustive]
pub struct Check {
    /// What does not fit, by model and field; nothing if all does.
    pub misfits: Vec<Misfit>,
}

impl Check {
    /// Whether everything fits.
    pub fn is_ok(&self) -> bool {
        self.misfits.is_empty()
    }

    /// An error of all that does not fit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misfit`], if anything does not fit.
    pub fn into_result(self) -> Result<(), Error> {
        if self.is_ok() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Misfit, format!("the program does not fit this server and user: {self}")).with_remedy(
            "pin the schema anew, as this user (`cargo odoo regen --check` tells all that differs), or read into a struct \
             without these fields",
        ))
    }
}

/// `all fields fit`, or a line for each misfit.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_ok() {
            return f.write_str("all fields fit");
        }
        for (at, misfit) in self.misfits.iter().enumerate() {
            write!(f, "{}{misfit}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

/// A field, or a whole model, that is not as a record has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Misfit {
    /// The model, such as `res.partner`.
    pub model: &'static str,
    /// The field; `None` for the whole model.
    pub field: Option<&'static str>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Why a field, or a model, does not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Problem {
    /// The server has none of that name.
    Gone,
    /// The user has no right to read it.
    Unreadable,
    /// The server does not show the field to this user, and does not say why: it is gone, or unreadable.
    NotShown,
    /// The field has another type.
    Retyped {
        /// The types that the program can read it as, in Odoo's words: `float` and `monetary` read the same.
        expected: &'static [&'static str],
        /// The type on this server, in its words.
        found: String,
    },
    /// The relation, of which records are read, leads to another model.
    Repointed {
        /// The model of the records.
        expected: &'static str,
        /// The model on this server.
        found: String,
    },
}

/// `res.partner.credit: this user has no right to read it`
impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.model)?;
        if let Some(field) = self.field {
            write!(f, ".{field}")?;
        }
        match &self.problem {
            Problem::Gone if self.field.is_none() => f.write_str(": the database has no such model"),
            Problem::Gone => f.write_str(": the model has no such field"),
            Problem::Unreadable => f.write_str(": this user has no right to read it"),
            Problem::NotShown => f.write_str(": the model has no such field, or this user has no right to read it"),
            Problem::Retyped { expected, found } => {
                write!(f, ": its type is `{}`, not `{}`", Escaped(found), expected.join("` or `"))
            }
            Problem::Repointed { expected, found } => write!(f, ": it leads to {}, not to {expected}", Escaped(found)),
        }
    }
}

/// The columns that are wanted of each model.
type Wanted = BTreeMap<&'static str, Vec<Column>>;

async fn check(client: &Client, model: &'static str, columns: &[Column]) -> Result<Check, Error> {
    let mut wanted = Wanted::new();
    collect(&mut wanted, model, columns, DEEPEST)?;
    let mut misfits = Vec::new();
    for (model, columns) in wanted {
        let found = check_model(client, model, &columns).await?;
        misfits.extend(found.into_iter().map(|(field, problem)| Misfit { model, field, problem }));
    }
    // A model may be read into several structs.
    misfits.sort();
    misfits.dedup();
    Ok(Check { misfits })
}

fn collect(wanted: &mut Wanted, model: &'static str, columns: &[Column], depth: usize) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| too_deep(model))?;
    wanted.entry(model).or_default().extend(columns);
    for nested in columns.iter().filter_map(|column| column.nested.as_ref()) {
        collect(wanted, nested.model, &(nested.columns)(), depth)?;
    }
    Ok(())
}

type Found = Vec<(Option<&'static str>, Problem)>;

async fn check_model(client: &Client, model: &'static str, columns: &[Column]) -> Result<Found, Error> {
    // The `id` too: no names are all fields to Odoo.
    let names: Vec<_> = std::iter::once("id").chain(columns.iter().map(|column| column.name)).collect();
    let call = client.model(model).call("fields_get").arg("allfields", names).arg("attributes", ["type", "relation"]);
    let described: BTreeMap<String, Value> = match call.send().await {
        Err(error) if error.kind() == ErrorKind::UnknownModel => return Ok(vec![(None, Problem::Gone)]),
        described => described?,
    };
    let mut found = Found::new();
    let mut unseen = Vec::new();
    for column in columns {
        match described.get(column.name) {
            Some(field) => found.extend(misfit(column, field).map(|problem| (Some(column.name), problem))),
            None => unseen.push(column.name),
        }
    }
    if may(client, model, Operation::Read, Vec::new()).await? {
        unseen.sort_unstable();
        unseen.dedup();
        tell_apart(client, model, unseen, &mut found).await?;
    } else {
        found.push((None, Problem::Unreadable));
        found.extend(unseen.into_iter().map(|field| (Some(field), Problem::NotShown)));
    }
    Ok(found)
}

fn misfit(column: &Column, field: &Value) -> Option<Problem> {
    let text = |key: &str| field[key].as_str().unwrap_or_default();
    let is_one_of = |types: Types| types.is_empty() || types.contains(&text("type"));
    if !is_one_of(column.types) {
        return Some(Problem::Retyped { expected: column.types, found: text("type").to_owned() });
    }
    let expected = column.nested.as_ref()?.model;
    (text("relation") != expected).then(|| Problem::Repointed { expected, found: text("relation").to_owned() })
}

/// `fields_get` leaves out fields that are not there, and those that the user has no right to. A read of them says which, even
/// of no record (seen on 14 and 19): of all or of the first one, in words that name it.
async fn tell_apart(
    client: &Client,
    model: &'static str,
    mut unseen: Vec<&'static str>,
    found: &mut Found,
) -> Result<(), Error> {
    while !unseen.is_empty() {
        let read = client.model(model).call("read").ids([0_i64; 0]).arg("fields", &unseen);
        let Err(error) = read.send::<IgnoredAny>().await else {
            // Shown or not, they can be read.
            break;
        };
        let (named, problem) = match error.kind() {
            ErrorKind::Access => (error.fields(), Problem::Unreadable),
            ErrorKind::UnknownField => (error.fields(), Problem::Gone),
            _ => return Err(error),
        };
        let (told, rest): (Vec<_>, Vec<_>) = unseen.iter().partition(|field| named.contains(*field));
        if told.is_empty() {
            found.extend(rest.into_iter().map(|field| (Some(field), Problem::NotShown)));
            break;
        }
        found.extend(told.into_iter().map(|field| (Some(field), problem.clone())));
        unseen = rest;
    }
    Ok(())
}
