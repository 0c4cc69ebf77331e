//! Filters: which records of a model are meant.

mod lists;
mod operators;
mod parse;
mod text;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use serde_json::{Value, json};

pub use self::operators::{Hierarchical, Nullable, Ordered, Textual, ToOperand};
pub use self::parse::DomainParseError;
use crate::error::Refusal;
use crate::version::{Difference, ServerVersion};
use crate::write::Argument;
use crate::{Error, ErrorKind, Model};

/// A filter on records of model `M`: what Odoo calls a
/// [domain](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#search-domains).
///
/// Made of conditions on [fields](crate::Field) and on [paths](crate::field::Path) of fields, joined with `&` (and), `|` (or) and
/// `!` (not), which Rust's `&&` and `||` cannot do, or many at once with [`all_of`](Self::all_of) and [`any_of`](Self::any_of). With a value in it that
/// [cannot be sent](Refusal), it is kept as such, and whatever would send it fails.
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Domain, Field, Id, Model};
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = Field::new("name");
/// #     const PARENT_ID: Field<Self, kind::Many2one<Partner>> = Field::new("parent_id");
/// # }
/// let domain = Partner::NAME.ilike("acme") & (Partner::PARENT_ID.is_empty() | Partner::PARENT_ID.eq(Id::new(7)));
/// assert_eq!(
///     serde_json::to_string(&domain)?,
///     r#"["&",["name","ilike","acme"],"|",["parent_id","=",false],["parent_id","=",7]]"#
/// );
/// // As Odoo writes it, and back.
/// let text = domain.to_string();
/// assert_eq!(text, "['&', ('name', 'ilike', 'acme'), '|', ('parent_id', '=', False), ('parent_id', '=', 7)]");
/// assert_eq!(Domain::<Partner>::parse(&text)?.to_string(), text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Domain<M> {
    /// Polish notation: an operator before its operands, as on the wire. Always one expression, or none.
    terms: Terms,
    model: PhantomData<fn() -> M>,
}

/// Or a value in them that cannot be sent.
type Terms = Result<Vec<Value>, Refusal>;

impl<M> Domain<M> {
    /// All records.
    pub const fn all() -> Self {
        Self::from_terms(Ok(Vec::new()))
    }

    /// No record.
    pub fn none() -> Self {
        // In the form that Odoo itself uses (`FALSE_DOMAIN`).
        Self::from_terms(Ok(vec![json!([0, "=", 1])]))
    }

    /// Records that are in all of these: any record, if there are none.
    pub fn all_of(domains: impl IntoIterator<Item = Self>) -> Self {
        Self::from_terms(operands(domains).map(|operands| join("&", operands)))
    }

    /// Records that are in one of these or more: no record, if there are none.
    pub fn any_of(domains: impl IntoIterator<Item = Self>) -> Self {
        match operands(domains) {
            // No record, or some of them: some. All records, or some of them as well: all.
            Ok(operands) if operands.is_empty() => Self::none(),
            Ok(operands) if operands.iter().any(Vec::is_empty) => Self::all(),
            operands => Self::from_terms(operands.map(|operands| join("|", operands))),
        }
    }

    /// A condition on a field or a dotted path of fields, by name: nothing checks that there is such a field or that it
    /// takes this operator and value.
    ///
    /// Nor that it is searchable: **up to Odoo 18 the server drops a condition on a field that is not, without a word**. All
    /// records match then, and deleting those found deletes all. (14.0 and 18.0 do so; 19.0 answers with an error of kind
    /// [`NotStored`](crate::ErrorKind::NotStored).) With generated fields that does not compile.
    pub fn raw(field: &str, operator: &str, value: impl Argument) -> Self {
        Self::from_terms(value.to_json().map(|value| term(field, operator, value)).map_err(|refusal| refusal.on(field)))
    }

    /// The first value that cannot be sent, if there is any: then whatever would send the domain fails.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.terms.as_ref().err()
    }

    const fn from_terms(terms: Terms) -> Self {
        Self { terms, model: PhantomData }
    }

    /// What a server sent as a domain, which may leave out the `&` between conditions.
    pub(crate) fn from_wire(terms: Vec<Value>) -> Self {
        Self::from_terms(Ok(normalize(terms)))
    }

    /// The same condition, of whichever model: what is done with it is then compiled once.
    pub(crate) fn erased(self) -> Domain<()> {
        Domain::from_terms(self.terms)
    }

    /// The JSON.
    pub(crate) fn into_value(self) -> Result<Value, Refusal> {
        self.terms.map(Value::Array)
    }

    pub(crate) fn to_value(&self) -> Result<Value, Refusal> {
        self.terms.clone().map(Value::Array)
    }

    /// The JSON as this version of Odoo takes it, if it has all of its operators.
    pub(crate) fn for_server(self, version: &ServerVersion) -> Result<Value, Error> {
        let terms = self.terms?;
        check(&terms, version)?;
        let takes_lists = version.has(Difference::ListsOfAnyValues);
        Ok(if takes_lists { terms } else { lists::taken_apart(terms) }.into())
    }
}

crate::write::argument::arguments! { [M] Domain<M>: |it| it.to_value(); }

impl<M: Model> Domain<M> {
    /// A condition on a field of the model.
    fn condition(path: &str, operator: &str, value: Result<Value, Refusal>) -> Self {
        Self::from_terms(condition(M::ODOO_NAME, path, operator, value))
    }
}

/// Once for all models and types of fields.
fn condition(model: &str, path: &str, operator: &str, value: Result<Value, Refusal>) -> Terms {
    match value {
        Ok(Value::Bool(false)) if matches!(operator, "<" | "<=" | ">" | ">=") => {
            Err(Refusal::new(format!("nothing is `{operator}` no value: compare with one, or ask for `is_empty`")))
        }
        // Odoo takes it for `in`.
        Ok(Value::Array(_)) if matches!(operator, "=" | "!=") => {
            Err(Refusal::new("a list is no value to compare with: Odoo would look for a value that is in it"))
        }
        Ok(value) => Ok(term(path, operator, value)),
        Err(refusal) => Err(refusal),
    }
    .map_err(|refusal| refusal.of(model, path))
}

fn operands<M>(domains: impl IntoIterator<Item = Domain<M>>) -> Result<Vec<Vec<Value>>, Refusal> {
    domains.into_iter().map(|domain| domain.terms).collect()
}

/// The operators whose value is a domain.
fn takes_domain(operator: &str) -> bool {
    matches!(operator, "any" | "not any" | "any!" | "not any!")
}

// Odoo 14 would take `any` for a mistake of the programmer (`Invalid leaf`). It is not rewritten to dotted paths: those
// of two conditions may hold for two different lines, and the negation of a path is not the path of the negation.
fn check(terms: &[Value], version: &ServerVersion) -> Result<(), Error> {
    let refuse = |what: &str, remedy: &'static str| {
        let what = format!("Odoo {} {what}", version.series());
        Err(Error::new(ErrorKind::Unsupported, what).with_remedy(remedy))
    };
    let is_any = |term: &Value| term.get(1).and_then(Value::as_str).is_some_and(takes_domain);
    if !version.has(Difference::AnyInDomains) && terms.iter().any(is_any) {
        return refuse(
            "has no `any` and `not any` in a domain",
            "for one condition write a path with `.dot()`; for several search the other model first, and filter with \
             `is_in` the ids",
        );
    }
    if !version.has(Difference::ListsOfAnyValues) && terms.iter().any(lists::is_misread) {
        return refuse(
            "takes a 0 in a list for no value, and a list of `not_in` behind a path cannot be taken apart",
            "search the other model first, and filter with `is_in` the ids",
        );
    }
    let is_json = |value: &Value| value.is_object() || value.is_array();
    let has_json = |term: &Value| match term.get(2) {
        Some(Value::Array(values)) => !is_any(term) && values.iter().any(is_json),
        Some(value) => value.is_object(),
        None => false,
    };
    if version.has(Difference::NoJsonInConditions) && terms.iter().any(has_json) {
        return refuse("compares no field with JSON objects", "ask for `is_set`, and compare what is read");
    }
    Ok(())
}

fn term(field: &str, operator: &str, value: Value) -> Vec<Value> {
    vec![json!([field, operator, value])]
}

/// One expression of many: `[&, &, a, b, c]`.
fn join(operator: &str, operands: Vec<Vec<Value>>) -> Vec<Value> {
    let mut operands: Vec<Vec<Value>> = operands.into_iter().filter(|terms| !terms.is_empty()).collect();
    if operands.len() == 1 {
        return operands.pop().unwrap_or_default();
    }
    let operators = operands.len().saturating_sub(1);
    std::iter::repeat_n(Value::from(operator), operators).chain(operands.into_iter().flatten()).collect()
}

/// Puts in the `&` that Odoo lets one leave out: `[a, b]` is `[&, a, b]`.
fn normalize(terms: Vec<Value>) -> Vec<Value> {
    let operands = terms.iter().filter(|term| !term.is_string()).count();
    let binary = terms.iter().filter(|term| matches!(term.as_str(), Some("&" | "|"))).count();
    let missing = operands.saturating_sub(binary + 1);
    std::iter::repeat_n(Value::from("&"), missing).chain(terms).collect()
}

fn negate(mut terms: Vec<Value>) -> Vec<Value> {
    terms.insert(0, "!".into());
    terms
}

/// The text as a pattern of [`like`](crate::Field::like) and its sisters that stands for itself: with a backslash before each
/// `%`, `_` and backslash. For what people type in.
///
/// The backslash is PostgreSQL's, and Odoo leaves it alone (seen on 14.0 and 19.0).
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model};
/// # enum Product {}
/// # impl Model for Product { const ODOO_NAME: &'static str = "product.product"; }
/// # impl Product { const NAME: Field<Self, kind::Char> = Field::new("name"); }
/// use odoo_client::query::escape_like;
///
/// let typed = "100% wool_";
/// let starts_with = Product::NAME.eq_ilike(format!("{}%", escape_like(typed)));
/// assert_eq!(starts_with.to_string(), r"[('name', '=ilike', '100\\% wool\\_%')]");
/// ```
pub fn escape_like(text: impl AsRef<str>) -> String {
    let mut escaped = String::new();
    for c in text.as_ref().chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Records that are in both.
impl<M> BitAnd for Domain<M> {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self::all_of([self, other])
    }
}

/// Records that are in one or the other.
impl<M> BitOr for Domain<M> {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self::any_of([self, other])
    }
}

/// The other records.
///
/// Odoo 14 turns a negated condition into its opposite, which is not the same for a [path](crate::field::Path): to it
/// `!Order::ORDER_LINE.dot(Line::QTY).eq(5)` is that a line has another quantity, not that no line has this one.
impl<M> Not for Domain<M> {
    type Output = Self;
    fn not(self) -> Self {
        // `!` needs an operand.
        match self.terms {
            Ok(terms) if terms.is_empty() => Self::none(),
            terms => Self::from_terms(terms.map(negate)),
        }
    }
}

impl<M> Clone for Domain<M> {
    fn clone(&self) -> Self {
        Self::from_terms(self.terms.clone())
    }
}

/// A domain that cannot be sent is no text that Odoo could read.
fn show(terms: &Terms, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match terms {
        Ok(terms) => text::domain(terms, f),
        Err(refusal) => write!(f, "<{refusal}>"),
    }
}

/// As Odoo (Python) writes it: `[('state', '=', 'sale')]`.
impl<M> fmt::Display for Domain<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.terms, f)
    }
}

/// As Odoo (Python) writes it: `[('state', '=', 'sale')]`.
impl<M> fmt::Debug for Domain<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.terms, f)
    }
}

impl<M> serde::Serialize for Domain<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.terms {
            Ok(terms) => terms.serialize(serializer),
            Err(refusal) => Err(serde::ser::Error::custom(refusal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;
    use crate::field::kind;

    enum Task {}
    impl Model for Task {
        const ODOO_NAME: &'static str = "project.task";
    }
    const HISTORY: Field<Task, kind::Json> = Field::new("html_field_history");

    #[test]
    fn json_is_compared_with_what_the_version_takes() {
        let [before, since] = ["18.0", "19.0"].map(|series| ServerVersion::parse(series).unwrap());
        for (domain, is_since) in [
            (HISTORY.is_set(), true),
            (HISTORY.eq(json!("a")), true),
            (HISTORY.is_in([json!("a"), json!(1)]), true),
            (HISTORY.eq(json!({"a": 1})), false),
            (HISTORY.is_in([json!({"a": 1})]), false),
            (HISTORY.not_in([json!([1])]), false),
        ] {
            let shown = domain.to_string();
            assert!(domain.clone().for_server(&before).is_ok(), "{shown}");
            let sent = domain.for_server(&since);
            assert_eq!(sent.as_ref().err().map(Error::kind), (!is_since).then_some(ErrorKind::Unsupported), "{shown}");
        }
        assert!(HISTORY.eq(json!([1])).refusal().is_some());
    }

    #[test]
    fn what_14_misreads_in_a_list_behind_a_path_is_refused() {
        let color: Field<Task, kind::Integer> = Field::new("tag_ids.color");
        let [before, since] = ["14.0", "16.0"].map(|series| ServerVersion::parse(series).unwrap());
        for (domain, is_taken) in [
            (color.not_in([0]), true),
            (color.not_in([1, 2]), true),
            (color.is_in([0, 2]), true),
            (color.not_in([0, 2]), false),
        ] {
            let sent = domain.clone().for_server(&before);
            assert_eq!(sent.err().map(|error| error.kind()), (!is_taken).then_some(ErrorKind::Unsupported), "{domain}");
            assert!(domain.for_server(&since).is_ok());
        }
    }
}
