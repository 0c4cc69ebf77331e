//! Domains out of the text that Odoo stores: Python's lists, tuples and literals.

mod literal;

use std::fmt;

use serde_json::Value;

use self::literal::{Node, Parsed};
use super::{Domain, normalize, takes_domain};
use odoo_visible::visible;

/// The operators of all versions.
const OPERATORS: [&str; 23] = [
    "=",
    "!=",
    "<>",
    "==",
    "<",
    "<=",
    ">",
    ">=",
    "=?",
    "=like",
    "=ilike",
    "like",
    "not like",
    "ilike",
    "not ilike",
    "not =like",
    "not =ilike",
    "in",
    "not in",
    "child_of",
    "parent_of",
    "any",
    "not any",
];

/// Why a text is not read as a domain, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainParseError {
    at: usize,
    what: String,
}

impl DomainParseError {
    fn new(at: usize, what: impl Into<String>) -> Self {
        let what: String = what.into();
        Self { at, what: format!("{:.160}", visible(&what)) }
    }

    /// Where in the text, in bytes from its beginning.
    pub fn position(&self) -> usize {
        self.at
    }
}

impl fmt::Display for DomainParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a domain: at byte {}, {}", self.at, self.what)
    }
}

impl std::error::Error for DomainParseError {}

impl<M> Domain<M> {
    /// Reads the text form that Odoo has for domains: `[('state', '=', 'sale'), ('amount_total', '>', 100)]`.
    ///
    /// That is what `ir.filters`, actions and the `domain` of a field hold. Nothing is evaluated: names such as `uid`, and
    /// expressions, are errors. As with [`raw`](Self::raw), nothing checks that the model has these fields, nor
    /// that they are searchable.
    ///
    /// ```
    /// # enum Order {}
    /// # impl odoo_client::Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
    /// use odoo_client::Domain;
    ///
    /// let domain = Domain::<Order>::parse("[('state', 'in', ('sale', 'done')), ('user_id', '!=', False)]")?;
    /// assert_eq!(domain.to_string(), "['&', ('state', 'in', ['sale', 'done']), ('user_id', '!=', False)]");
    ///
    /// let error = Domain::<Order>::parse("[('user_id', '=', uid)]").unwrap_err();
    /// assert_eq!(error.position(), 18);
    /// # Ok::<(), odoo_client::query::DomainParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is not a list of conditions and operators made of literals, or an operator lacks its operands.
    pub fn parse(text: &str) -> Result<Self, DomainParseError> {
        Ok(Self::from_terms(Ok(terms(literal::parse(text)?)?)))
    }
}

fn terms(node: Node) -> Result<Vec<Value>, DomainParseError> {
    let Parsed::List(nodes) = node.parsed else {
        return Err(DomainParseError::new(node.at, "a list of conditions was expected"));
    };
    let mut terms = Vec::with_capacity(nodes.len());
    let mut places = Vec::with_capacity(nodes.len());
    for node in nodes {
        places.push(node.at);
        terms.push(term(node)?);
    }
    // From behind, as Odoo reads it: an operator takes what was read last.
    let mut operands = 0_usize;
    for (term, at) in terms.iter().zip(&places).rev() {
        let takes = match term.as_str() {
            Some("!") => 1,
            Some(_) => 2,
            None => 0,
        };
        if operands < takes {
            return Err(DomainParseError::new(
                *at,
                format!("`{}` lacks an operand", term.as_str().unwrap_or_default()),
            ));
        }
        operands = operands - takes + 1;
    }
    Ok(normalize(terms))
}

fn term(node: Node) -> Result<Value, DomainParseError> {
    let at = node.at;
    match node.parsed {
        Parsed::Value(Value::String(operator)) if matches!(&*operator, "&" | "|" | "!") => Ok(operator.into()),
        Parsed::List(parts) => condition(at, parts),
        Parsed::Value(_) => Err(DomainParseError::new(at, "a condition or one of '&', '|' and '!' was expected")),
    }
}

fn condition(at: usize, parts: Vec<Node>) -> Result<Value, DomainParseError> {
    let Ok([field, operator, value]) = <[Node; 3]>::try_from(parts) else {
        return Err(DomainParseError::new(at, "a condition has three parts: field, operator and value"));
    };
    let field = match field.parsed {
        Parsed::Value(Value::String(name)) if !name.is_empty() => Value::String(name),
        // `(1, '=', 1)` is all records, `(0, '=', 1)` none.
        Parsed::Value(number @ Value::Number(_)) => number,
        _ => return Err(DomainParseError::new(field.at, "the name of a field was expected")),
    };
    let known = match operator.parsed {
        Parsed::Value(Value::String(text)) if OPERATORS.contains(&&*text.to_lowercase()) => text,
        _ => return Err(DomainParseError::new(operator.at, "an operator of a condition was expected")),
    };
    let value = match value.parsed {
        Parsed::List(_) if takes_domain(&known.to_lowercase()) => Value::Array(terms(value)?),
        _ => value.into_json(),
    };
    Ok(Value::Array(vec![field, known.into(), value]))
}
