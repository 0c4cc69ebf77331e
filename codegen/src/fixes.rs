//! What is true of a field where what the server says of it is wrong, or of no use.
//!
//! The pin has what the server says, and code is made of that with the fixes. Not so where the answer depends on how the server
//! was asked: then the pin has nothing of it, or it would differ from run to run.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::names;
use crate::schema::{Field, Schema};
use crate::types::{KNOWN_TYPES, Type};

/// What code is to take for true of a field, whatever the pin says.
///
/// In a `target.toml`:
///
/// ```toml
/// [[fix]]
/// field = "res.partner.x_studio_char_field_8g3"
/// name = "delivery_note"
/// help = "What the driver has to know."
/// because = "Studio named it"
/// ```
///
/// The generator brings [some of its own](built_in).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The field, as `model.field`.
    pub field: String,
    /// What it is called in Rust, by the rules for Odoo's own names: `delivery_note` is the constant `DELIVERY_NOTE` and
    /// `row.delivery_note`. On the wire it has its own name.
    pub name: Option<String>,
    /// The type in Odoo's terms that its values really have: `json` for those that can be anything. A relation or a selection
    /// only where the server says to what model, or which values.
    pub ttype: Option<String>,
    /// What its docs say, instead of the tooltip.
    pub help: Option<String>,
    /// Whether filters take it.
    pub searchable: Option<bool>,
    /// Whether orders take it.
    pub sortable: Option<bool>,
    /// Whether groups take it.
    pub groupable: Option<bool>,
    /// Why: for the docs of the field, and for whoever wonders later whether the fix is still needed.
    pub because: String,
}

impl Fix {
    /// One that changes nothing yet.
    pub fn new(field: impl Into<String>, because: impl Into<String>) -> Self {
        Self { field: field.into(), because: because.into(), ..Self::default() }
    }

    /// What it changes, in the words of a `target.toml`.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        let keys = [
            ("name", self.name.is_some()),
            ("type", self.ttype.is_some()),
            ("help", self.help.is_some()),
            ("searchable", self.searchable.is_some()),
            ("sortable", self.sortable.is_some()),
            ("groupable", self.groupable.is_some()),
        ];
        keys.into_iter().filter_map(|(key, is_given)| is_given.then_some(key)).collect()
    }

    fn apply(&self, field: &mut Field) {
        if let Some(ttype) = &self.ttype {
            field.ttype.clone_from(ttype);
        }
        if self.help.is_some() {
            field.help.clone_from(&self.help);
        }
        field.searchable = self.searchable.unwrap_or(field.searchable);
        field.sortable = self.sortable.unwrap_or(field.sortable);
        field.groupable = self.groupable.or(field.groupable);
    }

    /// Why it cannot be applied to a schema, or need not be.
    fn problem(&self, schema: &Schema) -> Option<String> {
        let (model, name) = self.field.rsplit_once('.').unwrap_or_default();
        let Some((model, field)) = schema.models.get(model).and_then(|model| Some((model, model.fields.get(name)?)))
        else {
            return Some("is no field of the pin: mend or remove the fix (it is `model.field`)".to_owned());
        };
        if name == "id" {
            return Some("is the `id`, which every model has: remove the fix".to_owned());
        }
        if self.keys().is_empty() {
            return Some(
                "is not changed: say `name`, `type`, `help`, `searchable`, `sortable` or `groupable`".to_owned(),
            );
        }
        if let Some(alias) = &self.name {
            if !names::is_field_name(alias) {
                return Some("cannot have that `name`: it takes letters, digits and `_`".to_owned());
            }
            if alias != name && model.fields.contains_key(alias) {
                return Some(format!("cannot be called `{alias}`: the model has a field of that name"));
            }
        }
        if let Some(ttype) = self.ttype.as_deref() {
            let Some(known) = Type::named(ttype) else {
                return Some(format!("cannot have that `type`: there is {}", KNOWN_TYPES.join(", ")));
            };
            if known.is_relation && field.relation.is_none() || ttype == "selection" && field.selection.is_none() {
                return Some(
                    "cannot have that `type`: the server does not say what it points to, or its values".to_owned(),
                );
            }
        }
        let idle = [
            ("name", self.name.as_deref() == Some(name)),
            ("type", self.ttype.as_ref() == Some(&field.ttype)),
            ("help", self.help.is_some() && self.help == field.help),
            ("searchable", self.searchable == Some(field.searchable)),
            ("sortable", self.sortable == Some(field.sortable)),
            ("groupable", self.groupable.is_some() && self.groupable == field.groupable),
        ];
        let (key, _) = idle.into_iter().find(|(_, is_idle)| *is_idle)?;
        Some(format!("has that `{key}` already, as the server says: remove it from the fix, or the fix"))
    }
}

/// What is wrong with fixes of a schema, by their place among them: a fix that no longer changes anything is one too many.
pub fn fix_problems(schema: &Schema, fixes: &[Fix]) -> Vec<(usize, String)> {
    let mut problems = Vec::new();
    for (at, fix) in fixes.iter().enumerate() {
        let model = |fix: &Fix| fix.field.rsplit_once('.').map(|(model, _)| model.to_owned());
        let before = &fixes[..at];
        let problem = fix.problem(schema).or_else(|| {
            if before.iter().any(|other| other.field == fix.field) {
                return Some("has another fix: make one of the two".to_owned());
            }
            let same = |other: &&Fix| other.name.is_some() && other.name == fix.name && model(other) == model(fix);
            before.iter().find(same).map(|other| format!("cannot be called as `{}` is by another fix", other.field))
        });
        problems.extend(problem.map(|problem| (at, problem)));
    }
    problems
}

/// The fixes that the generator brings along, of the fields of a schema that they are for:
///
/// - A many2one to `account.root` is `json` from 18 on. It reads as `["10", "10"]`: the ids of that model are text, the first
///   two characters of an account's code
///   ([`account_root.py`](https://github.com/odoo/odoo/blob/19.0/addons/account/models/account_root.py)). Seen on 18.0
///   and 19.0 (`account.account.root_id`); in 14.0, 16.0 and 17.0 they are numbers.
/// - `activity_state` of a model that delegates to one with activities (`res.users`) is not `groupable`. Seen on 19.0: the
///   models that have activities compute it in SQL; of the others `fields_get` says what it says of that field, and the server
///   refuses the group.
///
/// And two that are made before the pin is written, as the answer depends on how the server was asked:
///
/// - `is_current` of `res.device` and `res.device.log` is not `sortable`. Seen on 19.0: it is over the web session and JSON-2, and
///   not over `/jsonrpc` ([`res_device.py`](https://github.com/odoo/odoo/blob/19.0/odoo/addons/base/models/res_device.py)).
/// - Of `access_token` of `website.visitor` the pin does not say whether it has a default. Seen on 19.0: it is made from a header
///   of the request; over `/jsonrpc` that fails
///   ([`website_visitor.py`](https://github.com/odoo/odoo/blob/19.0/addons/website/models/website_visitor.py)).
pub fn built_in(schema: &Schema) -> Vec<Fix> {
    let mut fixes = Vec::new();
    for (model, fields) in &schema.models {
        for (name, field) in &fields.fields {
            let place = || format!("{model}.{name}");
            if is_mistyped(schema, field) {
                let ttype = Some("json".to_owned());
                fixes.push(Fix { ttype, ..Fix::new(place(), "the ids of account.root are text") });
            } else if says_groupable(name, field) {
                fixes.push(Fix { groupable: Some(false), ..Fix::new(place(), "the server refuses such groups") });
            }
        }
    }
    fixes
}

/// See [`built_in`].
pub(crate) fn is_mistyped(schema: &Schema, field: &Field) -> bool {
    field.relation.as_deref() == Some("account.root") && field.ttype == "many2one" && major(&schema.series) >= 18
}

/// See [`built_in`].
pub(crate) fn says_groupable(field: &str, schema: &Field) -> bool {
    field == "activity_state" && schema.related.is_some()
}

/// See [`built_in`]: made before the pin is written.
pub(crate) fn sorts_by_session(model: &str, field: &str) -> bool {
    matches!(model, "res.device" | "res.device.log") && field == "is_current"
}

/// See [`built_in`]: made before the pin is written.
pub(crate) fn defaults_by_request(model: &str, field: &str) -> bool {
    (model, field) == ("website.visitor", "access_token")
}

/// Fixes by model and field.
#[derive(Default)]
pub(crate) struct Fixes(BTreeMap<String, Vec<Fix>>);

impl Fixes {
    /// Those of the generator, and after them those that are given.
    pub(crate) fn of(schema: &Schema, given: &[Fix]) -> Self {
        let mut fixes = Self::default();
        for fix in built_in(schema).into_iter().chain(given.iter().cloned()) {
            fixes.0.entry(fix.field.clone()).or_default().push(fix);
        }
        fixes
    }

    /// A schema with what the given ones say. Code knows those of the generator by itself.
    pub(crate) fn apply<'a>(schema: &'a Schema, given: &[Fix]) -> Cow<'a, Schema> {
        let mut fixed = Cow::Borrowed(schema);
        for fix in given {
            let (model, name) = fix.field.rsplit_once('.').unwrap_or_default();
            if let Some(field) = fixed.to_mut().models.get_mut(model).and_then(|model| model.fields.get_mut(name)) {
                fix.apply(field);
            }
        }
        fixed
    }

    pub(crate) fn get(&self, model: &str, field: &str) -> &[Fix] {
        self.0.get(&format!("{model}.{field}")).map_or(&[], Vec::as_slice)
    }
}

/// The first number of a series: 18 of `saas~18.4`.
pub(crate) fn major(series: &str) -> u32 {
    let digits = series.trim_start_matches(|c: char| !c.is_ascii_digit()).split(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
