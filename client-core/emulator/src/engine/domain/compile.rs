//! From a domain to conditions on the records of one model.

use std::sync::Arc;

use serde_json::Value;

use super::falsy::{Falsy, compared};
use super::leaf::Leaf;
use super::like::Pattern;
use super::node::Node;
use super::parse::{Expr, looks_first, negate_down, opposite};
use super::scalar::{Comparison, Test, operand};
use super::{fields, hierarchy, junction, merge, relational};
use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::{FieldDef, FieldId, Kind, ModelId};
use crate::engine::env::Env;
use crate::engine::python::{is_true, repr, str};
use crate::engine::values::html;
use crate::series::Difference;

/// Makes a domain ready for a model. Conditions on other models are searched for there and then.
pub(crate) fn compile(env: &mut Env<'_>, model: ModelId, expr: &Expr) -> Result<Node, Fault> {
    node(env, model, expr)?.checked()
}

/// The same, with what is wrong only where SQL is made of it.
pub(crate) fn node(env: &mut Env<'_>, model: ModelId, expr: &Expr) -> Result<Node, Fault> {
    if looks_first(env.registry.series) {
        fields::check(env, model, expr)?;
        let negated = negate_down(env.registry.series, expr.clone(), false);
        return read(env, model, &negated);
    }
    read(env, model, expr)
}

fn read(env: &mut Env<'_>, model: ModelId, expr: &Expr) -> Result<Node, Fault> {
    Ok(match expr {
        Expr::Const(value) => Node::Const(*value),
        Expr::And(parts) | Expr::Or(parts) if env.has(Difference::DomainObjects) => {
            let is_or = matches!(expr, Expr::Or(_));
            let node = junction::in_turn(parts, is_or, |part| read(env, model, part))?;
            match merge::merged(env, model, parts, is_or) {
                Some(merged) if !matches!(node, Node::Const(_)) => {
                    junction::in_turn(&merged, is_or, |part| read(env, model, part))?
                }
                _ => node,
            }
        }
        Expr::And(parts) => Node::And(junction::all(parts, |part| read(env, model, part))?),
        Expr::Or(parts) => Node::Or(junction::all(parts, |part| read(env, model, part))?),
        Expr::Not(part) => match without(env, model, part)? {
            Some(node) => node,
            None => Node::not(read(env, model, part)?),
        },
        Expr::Leaf { path, operator, value } => {
            // What is no list is compared with.
            let operator = match operator.as_str() {
                "in" if value.is_boolean() => "=",
                "not in" if value.is_boolean() => "!=",
                operator => operator,
            };
            let node = leaf(env, model, Leaf { path, operator, value })?;
            let field = env.registry.def(model).field(path);
            let asked = field.filter(|_| !matches!(node, Node::Const(_)));
            if let Err(fault) = asked.map_or(Ok(()), |(_, field)| env.check_lang(field)) {
                return Node::wrong_in_sql(env, fault);
            }
            match field.filter(|(_, field)| field.pin.company_dependent && !env.has(Difference::PropertiesNegate)) {
                // Only values that are there are looked at. Numbers that are zero are not there, and of relations there mostly is a
                // value of the company itself, which is none.
                Some((number, field))
                    if operator != "="
                        || is_true(value)
                        || !matches!(field.kind, Kind::Integer | Kind::Float | Kind::Monetary | Kind::Many2one) =>
                {
                    Node::And(vec![node, Node::Scalar(number, Test::is_set())])
                }
                _ => node,
            }
        }
    })
}

/// The opposite of a condition along a path, in series where that stands for `any`: 19 negates what comes of it.
fn without(env: &mut Env<'_>, model: ModelId, expr: &Expr) -> Result<Option<Node>, Fault> {
    let Expr::Leaf { path, operator, value } = expr else { return Ok(None) };
    let Some((name, rest)) = path.split_once('.') else { return Ok(None) };
    if !looks_first(env.registry.series) {
        return Ok(None);
    }
    let field = env.registry.def(model).field(name).filter(|(_, field)| field.kind.is_relational());
    if let Some((number, _)) = field {
        env.may_read_field(model, number)?;
        return relational::any(env, model, number, "not any", &Expr::leaf(rest, operator, value.clone())).map(Some);
    }
    match opposite(env.registry.series, operator) {
        Some(operator) => read(env, model, &Expr::leaf(path, operator, value.clone())).map(Some),
        None => Ok(None),
    }
}

fn leaf(env: &mut Env<'_>, model: ModelId, leaf: Leaf<'_>) -> Result<Node, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let (name, rest) = leaf.path.split_once('.').map_or((leaf.path, None), |(name, rest)| (name, Some(rest)));
    let (number, _) = fields::first(env, model, leaf)?;
    let field = def.def(number);
    if let Err(fault) = env.may_read_field(model, number) {
        return Node::wrong_in_sql(env, fault);
    }
    if let Some(rest) = rest.filter(|_| field.kind.is_relational()) {
        let inner = Expr::leaf(rest, leaf.operator, leaf.value.clone());
        return relational::any(env, model, number, "any", &inner);
    }
    if let Some(property) = rest {
        if matches!(field.kind, Kind::Date | Kind::Datetime) && env.has(Difference::PartsOfDates) {
            return super::part::node(env, number, field, property, leaf);
        }
        let fault = if env.has(Difference::DomainObjects) {
            Fault::value(format!("Invalid field property '{property}' on {}.{name}", def.name))
        } else if env.has(Difference::FieldsHaveNoParts) {
            let words = format!("Invalid field '{}' in domain term {}", leaf.path, leaf.tuple());
            Fault::new("builtins.AssertionError", words)
        } else {
            let class = field.kind.class();
            Fault::new("builtins.AttributeError", format!("'{class}' object has no attribute 'auto_join'"))
        };
        return Node::wrong_in_sql(env, fault);
    }
    if name == "id" {
        return id(env, model, field, leaf);
    }
    // A field of another model, at the end of a path.
    if let Some(related) = &field.pin.related
        && !field.is_stored()
    {
        if !field.pin.searchable {
            return unsearchable(env, &def.name, field);
        }
        return self::leaf(env, model, Leaf { path: related, ..leaf });
    }
    if name == "display_name" && !field.is_stored() {
        if !field.pin.searchable {
            return unsearchable(env, &def.name, field);
        }
        return display_name(env, model, leaf);
    }
    let is_held = field.is_held() || field.kind == Kind::One2many && field.inverse.is_some();
    if !is_held {
        if !field.pin.searchable {
            return unsearchable(env, &def.name, field);
        }
        if !env.has_values(model, number) {
            return Err(Fault::not_emulated(
                format_args!("a search by {}.{name}, which Odoo's Python does,", def.name),
                "give the records their values of it by `Engine::set`, and they are searched by those",
            ));
        }
    }
    let is_relational = field.kind.is_relational();
    let leaf = if is_relational && env.has(Difference::DomainObjects) { leaf.without_pattern() } else { leaf };
    if is_relational {
        if matches!(leaf.operator, "any" | "not any") {
            let inner = env.parse(leaf.value)?;
            return relational::any(env, model, number, leaf.operator, &inner);
        }
        if matches!(leaf.operator, "child_of" | "parent_of") {
            return hierarchy::node(env, model, Some(number), leaf);
        }
        if field.kind.is_x2many() {
            return relational::x2many(env, model, number, leaf);
        }
        if relational::is_by_name(leaf) {
            return relational::by_name(env, model, number, leaf);
        }
    } else if matches!(leaf.operator, "any" | "not any") {
        return Err(Fault::value(format!("Cannot use 'any' with non-relational fields in condition {}", leaf.tuple())));
    }
    scalar(env, number, field, leaf)
}

/// What a condition on a field is that only Python could search by, and does not.
fn unsearchable(env: &Env<'_>, model: &str, field: &FieldDef) -> Result<Node, Fault> {
    if env.has(Difference::UnsearchableIsError) {
        let words = format!("Cannot convert {model}.{} to SQL because it is not stored", field.name);
        return Node::wrong_in_sql(env, Fault::value(words));
    }
    Ok(Node::Const(true))
}

fn id(env: &mut Env<'_>, model: ModelId, field: &FieldDef, leaf: Leaf<'_>) -> Result<Node, Fault> {
    match leaf.operator {
        "child_of" | "parent_of" => return hierarchy::node(env, model, None, leaf),
        "any" | "not any" => {
            let inner = env.parse(leaf.value)?;
            let node = node(env, model, &inner)?;
            return Ok(if leaf.is_negative() { Node::not(node) } else { node });
        }
        _ => {}
    }
    match test(env, field, leaf)? {
        Ok(test) => Ok(Node::Id(test)),
        Err(value) => Ok(Node::Const(value)),
    }
}

fn scalar(env: &mut Env<'_>, number: FieldId, field: &FieldDef, leaf: Leaf<'_>) -> Result<Node, Fault> {
    match test(env, field, leaf)? {
        Ok(test) => Ok(Node::Scalar(number, test)),
        Err(value) => Ok(Node::Const(value)),
    }
}

/// Conditions on `display_name`: by what the model is searched for by name.
fn display_name(env: &mut Env<'_>, model: ModelId, leaf: Leaf<'_>) -> Result<Node, Fault> {
    let expr = env.name_domain(model, leaf.operator, leaf.value)?;
    node(env, model, &expr)
}

/// The test of a value, or what the condition is for all records.
fn test(env: &Env<'_>, field: &FieldDef, leaf: Leaf<'_>) -> Result<Result<Test, bool>, Fault> {
    let kind = field.kind;
    let empty_is_unset = env.has(Difference::EmptyIsUnset);
    // What counts as NULL too, and NULL as it.
    let falsy = match kind {
        _ if &*field.name == "id" => None,
        Kind::Integer | Kind::Float | Kind::Monetary if empty_is_unset => Some(Falsy::Zero),
        Kind::Char | Kind::Text | Kind::Html if empty_is_unset => Some(Falsy::Text),
        _ => None,
    };
    // 18 alone makes HTML of what HTML is compared with, as of what is written. Seen on 14.0, 18.0 and 19.0.
    let is_html = kind == Kind::Html && empty_is_unset && !env.has(Difference::DomainObjects);
    let convert = |value: &Value| {
        let value = match value {
            Value::String(text) if is_html => Value::String(html(text)),
            value => super::moment::operand(env, kind, value, leaf.operator)?,
        };
        operand(kind, &value).map_err(Fault::value)
    };
    let Leaf { operator, value, .. } = leaf;
    let negated = leaf.is_negative();
    if operator == "=?" {
        if is_joined(env, field) && is_true(value) {
            return Err(undefined(env, "=? unknown"));
        }
        let is_refused = field.pin.translated && !is_joined(env, field) && !env.has(Difference::TranslatedIsOptional);
        if is_refused && value.is_string() {
            return Err(if env.has(Difference::AnyInDomains) {
                Fault::new("builtins.KeyError", "=?")
            } else {
                Fault::new("psycopg2.errors.UndefinedFunction", "operator does not exist: text =? unknown")
            });
        }
        // Up to 18 it is SQL's `=` for whatever is not false.
        let objects = env.has(Difference::DomainObjects);
        if if objects { !is_true(value) } else { value.is_null() || *value == false } {
            return Ok(Err(true));
        }
        let equal = test(env, field, Leaf { operator: "=", ..leaf })?;
        return Ok(equal.map(|test| if objects { test } else { test.or_unknown() }));
    }
    if is_joined(env, field) && is_true(value) {
        // What the database says of operators that it does not have.
        match operator {
            "not in" => return Err(Fault::new("psycopg2.errors.SyntaxError", "syntax error at or near \"ARRAY\"")),
            "in" if value.as_array().is_some_and(|values| values.contains(&Value::Bool(false))) => {
                return Err(undefined(env, "= boolean"));
            }
            "!=" => return Ok(Ok(Test::among(convert(value)?.into_iter().collect(), true, None))),
            _ => {}
        }
    }
    if matches!(leaf.positive(), "=" | "in") {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        if values.is_empty() {
            // Nothing is among none.
            return Ok(Err(negated));
        }
        if kind == Kind::Boolean {
            let [wants_true, wants_false] =
                [true, false].map(|wanted| values.iter().any(|value| is_true(value) == wanted));
            let test = Test::among(
                [true, false]
                    .into_iter()
                    .zip([wants_true, wants_false])
                    .filter(|(_, wanted)| *wanted)
                    .map(|(value, _)| Cell::Bool(value))
                    .collect(),
                negated,
                Some(wants_false != negated),
            );
            return Ok(Ok(test));
        }
        let mut cells = Vec::new();
        let mut wants_null = false;
        // Python takes zero for false, and so did lists.
        let drops_zero = leaf.value.is_array() && !env.has(Difference::ZeroInLists);
        for value in values {
            match convert(value)?.filter(|cell| !(drops_zero && cell.as_f64() == Some(0.0))) {
                Some(cell) => cells.push(cell),
                None => wants_null = true,
            }
        }
        if let Some(falsy) = falsy {
            wants_null |= cells.iter().any(|cell| falsy.is(cell));
            if wants_null {
                cells.push(falsy.cell(kind));
            }
        }
        if cells.is_empty() {
            return Ok(Ok(if negated { Test::is_set() } else { Test::is_null() }));
        }
        // Of what is not false, and false to Python, the lack of a value is neither up to 17.
        let is_bare = negated && !empty_is_unset && !leaf.value.is_array() && !is_true(value);
        return Ok(Ok(Test::among(cells, negated, (!is_bare).then_some(wants_null != negated))));
    }
    if let Some(comparison) = Comparison::named(operator) {
        // 19 compares with what it would write.
        let text = value.as_str().filter(|_| kind == Kind::Html && env.has(Difference::DomainObjects));
        let written = text.map(|text| Value::from(html(text)));
        let value = written.as_ref().unwrap_or(value);
        return Ok(compared(env, field, comparison, falsy, convert(value)?));
    }
    if leaf.positive().ends_with("like") {
        return like(env, field, leaf);
    }
    Err(Fault::value(format!("Invalid operator {} in domain term {}", repr(&Value::from(operator)), leaf.tuple())))
}

/// Whether the texts of a field are translated, and looked up in another table: conditions are SQL as it stands.
fn is_joined(env: &Env<'_>, field: &FieldDef) -> bool {
    field.pin.translated && !env.has(Difference::TranslationsInRecord)
}

/// An operator that the database does not have for a translated text: with a language that is put together with its translation.
fn undefined(env: &Env<'_>, operation: &str) -> Fault {
    let column = if env.context.get("lang").is_some_and(is_true) { "text" } else { "character varying" };
    Fault::new("psycopg2.errors.UndefinedFunction", format!("operator does not exist: {column} {operation}"))
}

fn like(env: &Env<'_>, field: &FieldDef, leaf: Leaf<'_>) -> Result<Result<Test, bool>, Fault> {
    let negated = leaf.is_negative();
    let positive = leaf.positive();
    let is_exact = positive.starts_with('=');
    let value = leaf.value;
    if !is_true(value) && env.has(Difference::DomainObjects) {
        if is_exact {
            // Only what is not set is like nothing.
            let operator = if negated { "!=" } else { "=" };
            return test(env, field, Leaf { operator, value: &Value::Bool(false), ..leaf });
        }
        return Ok(Err(!negated));
    }
    let text = if is_true(value) { str(value) } else { String::new() };
    let null = if env.has(Difference::DomainObjects) {
        negated.then_some(true)
    } else if !is_exact && !is_true(value) {
        if env.has(Difference::EmptyIsUnset) {
            return Ok(Err(!negated));
        }
        Some(true)
    } else if !is_true(value) && env.has(Difference::EmptyIsUnset) {
        Some(true)
    } else if is_joined(env, field) {
        None
    } else {
        negated.then_some(true)
    };
    let pattern = if is_exact { text } else { format!("%{text}%") };
    let pattern = Pattern::new(&pattern, positive.ends_with("ilike"));
    Ok(Ok(Test::like(pattern, negated, null)))
}
