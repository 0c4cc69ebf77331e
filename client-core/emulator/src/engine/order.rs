//! Orders: as PostgreSQL sorts, with what is not set last, and first when it is turned round.

use std::cmp::Ordering;
use std::sync::Arc;

use super::cell::{Cell, compare_floats};
use super::definitions::{FieldId, Kind, ModelId};
use super::env::Env;
use crate::Fault;
use crate::series::Difference;

/// One part of an order.
#[derive(Clone, Debug)]
struct Term {
    /// The many2one fields to follow, and the field at the end; `None` is the record's own number.
    path: Vec<(ModelId, FieldId)>,
    field: Option<(ModelId, FieldId)>,
    descending: bool,
    /// Whether what is not set comes first.
    nulls_first: bool,
    /// Only whether it is set counts.
    only_null: bool,
}

/// An order of the records of a model.
#[derive(Clone, Debug)]
pub(crate) struct Order(Vec<Term>);

impl Order {
    /// Reads what the caller says, or what the model says where the caller says nothing.
    pub(crate) fn read(env: &Env<'_>, model: ModelId, order: Option<&str>) -> Result<Self, Fault> {
        let mut terms = Vec::new();
        let def = env.registry.def(model);
        match order.filter(|order| !order.is_empty()) {
            Some(order) => {
                check(env, order)?;
                add(env, model, order, false, &[], &mut Vec::new(), &mut terms, true)?;
            }
            None => add(env, model, &def.order, false, &[], &mut Vec::new(), &mut terms, false)?,
        }
        Ok(Self(terms))
    }

    /// Puts records in order.
    pub(crate) fn sort(&self, env: &Env<'_>, ids: &mut Vec<i64>) {
        if let [term] = self.0.as_slice()
            && term.field.is_none()
            && term.path.is_empty()
        {
            ids.sort_unstable();
            if term.descending {
                ids.reverse();
            }
            return;
        }
        let mut keyed: Vec<(Vec<Option<Cell>>, i64)> =
            ids.iter().map(|id| (self.0.iter().map(|term| term.key(env, *id)).collect(), *id)).collect();
        keyed.sort_by(|(a, id_a), (b, id_b)| {
            let mut terms = self.0.iter().zip(a.iter().zip(b));
            terms
                .find_map(|(term, (a, b))| Some(term.compare(a.as_ref(), b.as_ref(), &env.lang)).filter(|o| o.is_ne()))
                .unwrap_or_else(|| id_a.cmp(id_b))
        });
        *ids = keyed.into_iter().map(|(_, id)| id).collect();
    }
}

impl Term {
    fn key(&self, env: &Env<'_>, id: i64) -> Option<Cell> {
        let mut at = id;
        for (model, field) in &self.path {
            at = env.cell(*model, at, *field)?.as_int()?;
        }
        let Some((model, number)) = self.field else { return Some(Cell::Int(at)) };
        let cell = env.cell(model, at, number);
        if env.registry.def(model).def(number).kind == Kind::Boolean && env.exists(model, at) {
            return Some(cell.unwrap_or(Cell::Bool(false)));
        }
        cell
    }

    fn compare(&self, a: Option<&Cell>, b: Option<&Cell>, lang: &str) -> Ordering {
        let nulls = |first: bool| if first { Ordering::Less } else { Ordering::Greater };
        match (a, b) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => nulls(self.nulls_first),
            (Some(_), None) => nulls(!self.nulls_first),
            (Some(_), Some(_)) if self.only_null => Ordering::Equal,
            (Some(a), Some(b)) => {
                let ordering = compare(a, b, lang);
                if self.descending { ordering.reverse() } else { ordering }
            }
        }
    }
}

/// How two values of one field stand.
pub(crate) fn compare(a: &Cell, b: &Cell, lang: &str) -> Ordering {
    match (a, b) {
        (Cell::Bool(a), Cell::Bool(b)) => a.cmp(b),
        (Cell::Int(a), Cell::Int(b)) => a.cmp(b),
        _ => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => compare_floats(a, b),
            _ => a.as_text(lang).map(|text| text.as_bytes()).cmp(&b.as_text(lang).map(|text| text.as_bytes())),
        },
    }
}

/// Whether an order is one, in Odoo's words.
fn check(env: &Env<'_>, order: &str) -> Result<(), Fault> {
    let nulls = env.has(Difference::NullsInOrders);
    let fits = |part: &str| {
        let mut words = part.split_whitespace();
        let field = words.next().unwrap_or_default();
        let is_field =
            !field.is_empty() && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || (nulls && c == '.'));
        let mut rest: Vec<String> = words.map(str::to_lowercase).collect();
        if rest.first().is_some_and(|word| word == "asc" || word == "desc") {
            rest.remove(0);
        }
        let is_nulls = nulls && rest.len() == 2 && rest[0] == "nulls" && (rest[1] == "first" || rest[1] == "last");
        is_field && (rest.is_empty() || is_nulls)
    };
    if order.split(',').all(fits) {
        return Ok(());
    }
    Err(Fault::user(format!(
        "Invalid \"order\" specified ({order}). A valid \"order\" specification is a comma-separated list of valid field names \
         (optionally followed by asc/desc for the direction)"
    )))
}

/// Adds the parts of an order. `seen` are the many2one fields that were followed: none is followed twice.
#[expect(clippy::too_many_arguments, reason = "a recursion with what it has come along")]
fn add(
    env: &Env<'_>,
    model: ModelId,
    order: &str,
    reverse: bool,
    path: &[(ModelId, FieldId)],
    seen: &mut Vec<(ModelId, FieldId)>,
    terms: &mut Vec<Term>,
    is_callers: bool,
) -> Result<(), Fault> {
    let def = Arc::clone(env.registry.def(model));
    for part in order.split(',') {
        let mut words = part.split_whitespace();
        let Some(name) = words.next() else { continue };
        let rest: Vec<String> = words.map(str::to_lowercase).collect();
        let descending = rest.iter().any(|word| word == "desc") != reverse;
        let said = rest.windows(2).find(|pair| pair[0] == "nulls").map(|pair| (pair[1] == "first") != reverse);
        let nulls_first = said.unwrap_or(descending);
        let (name, inner) = name.split_once('.').map_or((name, None), |(name, inner)| (name, Some(inner)));
        let term = |field| Term { path: path.to_vec(), field, descending, nulls_first, only_null: false };
        if name == "id" {
            terms.push(term(None));
            continue;
        }
        let Some((number, field)) = def.field(name) else {
            return Err(Fault::value(format!("Invalid field '{name}' on model '{}'", def.name)));
        };
        if is_callers {
            env.may_read_field(model, number)?;
        }
        if !field.is_stored() && !field.pin.sortable {
            // Values that a test has set of a field that only Python knows can be sorted by no more than Odoo does.
            if env.has(Difference::UnsortableIsError) {
                return Err(Fault::value(format!(
                    "Cannot convert {}.{name} to SQL because it is not stored",
                    def.name
                )));
            }
            continue;
        }
        match field.kind {
            Kind::One2many | Kind::Many2many => {
                if env.has(Difference::UnsortableIsError) {
                    return Err(Fault::value(format!(
                        "Cannot convert {}.{name} to SQL because it is not stored",
                        def.name
                    )));
                }
            }
            Kind::Many2one => {
                let Some(comodel) = field.comodel else { continue };
                if seen.contains(&(model, number)) {
                    continue;
                }
                let coorder = env.registry.def(comodel).order.clone();
                if coorder == "id" || inner == Some("id") {
                    terms.push(term(Some((model, number))));
                    continue;
                }
                if said.is_some() {
                    terms.push(Term { only_null: true, ..term(Some((model, number))) });
                }
                seen.push((model, number));
                let mut longer = path.to_vec();
                longer.push((model, number));
                add(env, comodel, &coorder, descending, &longer, seen, terms, false)?;
                seen.pop();
            }
            _ => {
                env.check_lang(field)?;
                terms.push(term(Some((model, number))));
            }
        }
    }
    Ok(())
}
