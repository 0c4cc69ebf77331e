//! The methods that every model has, their parameters by series, and how Python binds arguments to them.

use serde_json::{Map, Value};

use crate::Fault;
use crate::series::{Difference, Series};

/// A method of every model, as a series declares it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    /// The class that has it, as newer series call it.
    class: &'static str,
    /// Whether it is called on the model rather than on records.
    pub(crate) on_model: bool,
    /// Names in order; those that must be given come first.
    parameters: &'static [&'static str],
    needed: usize,
}

pub(crate) const fn on_model(name: &'static str, needed: usize, parameters: &'static [&'static str]) -> Signature {
    Signature { name, class: "BaseModel", on_model: true, parameters, needed }
}

pub(crate) const fn on_records(name: &'static str, needed: usize, parameters: &'static [&'static str]) -> Signature {
    Signature { name, class: "BaseModel", on_model: false, parameters, needed }
}

impl Signature {
    /// The same of another class.
    pub(crate) const fn of(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The method of this name, if the series has it and it may be called from outside.
    pub(crate) fn named(series: Series, name: &str) -> Option<Self> {
        let has = |difference: Difference| series.has(difference);
        Some(match name {
            "fields_get" => on_model("fields_get", 0, &["allfields", "attributes"]),
            "default_get" if has(Difference::DomainObjects) => on_model("default_get", 1, &["fields"]),
            "default_get" => on_model("default_get", 1, &["fields_list"]),
            "search" if has(Difference::NullsInOrders) => {
                on_model("search", 1, &["domain", "offset", "limit", "order"])
            }
            "search" if has(Difference::SearchTakesDomain) => {
                on_model("search", 1, &["domain", "offset", "limit", "order", "count"])
            }
            "search" => on_model("search", 1, &["args", "offset", "limit", "order", "count"]),
            "search_count" if has(Difference::SearchTakesDomain) => on_model("search_count", 1, &["domain", "limit"]),
            "search_count" => on_model("search_count", 1, &["args"]),
            "search_read" if has(Difference::RelatedIsPath) => {
                on_model("search_read", 0, &["domain", "fields", "offset", "limit", "order", "load", "**"])
            }
            "search_read" => on_model("search_read", 0, &["domain", "fields", "offset", "limit", "order"]),
            "web_search_read" if has(Difference::Specifications) => {
                let parameters = &["domain", "specification", "offset", "limit", "order", "count_limit"];
                on_model("web_search_read", 2, parameters)
            }
            "web_search_read" if has(Difference::SearchTakesDomain) => {
                on_model("web_search_read", 0, &["domain", "fields", "offset", "limit", "order", "count_limit"])
            }
            "web_search_read" => on_model("web_search_read", 0, &["domain", "fields", "offset", "limit", "order"]),
            "web_read" if has(Difference::Specifications) => on_records("web_read", 1, &["specification"]),
            "web_save" if has(Difference::Specifications) => {
                on_records("web_save", 2, &["vals", "specification", "next_id"])
            }
            "read" => on_records("read", 0, &["fields", "load"]),
            "name_search" if has(Difference::DomainObjects) => {
                on_model("name_search", 0, &["name", "domain", "operator", "limit"])
            }
            "name_search" => on_model("name_search", 0, &["name", "args", "operator", "limit"]),
            "name_get" if !has(Difference::HasAccess) => on_records("name_get", 0, &[]),
            "name_create" => on_model("name_create", 1, &["name"]),
            "create" => on_model("create", 1, &["vals_list"]),
            "write" => on_records("write", 1, &["vals"]),
            "unlink" => on_records("unlink", 0, &[]),
            "copy" => on_records("copy", 0, &["default"]),
            "load" => on_model("load", 2, &["fields", "data"]),
            "exists" if !has(Difference::PrivateByMark) => on_records("exists", 0, &[]),
            "has_access" if has(Difference::HasAccess) => on_records("has_access", 1, &["operation"]),
            "check_access" if has(Difference::HasAccess) => on_records("check_access", 1, &["operation"]),
            "check_access_rights" => on_model("check_access_rights", 1, &["operation", "raise_exception"]),
            "check_access_rule" => on_records("check_access_rule", 1, &["operation"]),
            "read_group" => {
                let parameters = &["domain", "fields", "groupby", "offset", "limit", "orderby", "lazy"];
                on_model("read_group", 3, parameters)
            }
            "formatted_read_group" if has(Difference::FormattedReadGroup) => {
                let parameters = &["domain", "groupby", "aggregates", "having", "offset", "limit", "order"];
                on_model("formatted_read_group", 1, parameters)
            }
            "get_external_id" => on_records("get_external_id", 0, &[]),
            "get_metadata" => on_records("get_metadata", 0, &[]),
            "action_archive" => on_records("action_archive", 0, &[]),
            "action_unarchive" => on_records("action_unarchive", 0, &[]),
            "toggle_active" => on_records("toggle_active", 0, &[]),
            _ => return None,
        })
    }

    /// Puts arguments in the places of the parameters, or says as Python does why they do not fit.
    pub(crate) fn bind(
        &self,
        series: Series,
        args: Vec<Value>,
        mut kwargs: Map<String, Value>,
    ) -> Result<Arguments, Fault> {
        let takes_more = self.parameters.last() == Some(&"**");
        let named = if takes_more { &self.parameters[..self.parameters.len() - 1] } else { self.parameters };
        let function = match series.has(Difference::SearchTakesDomain) {
            true => format!("{}.{}()", self.class, self.name),
            false => format!("{}()", self.name),
        };
        // Of records as Python counts them: `self` is one of them.
        if args.len() > named.len() {
            let (most, given) = (named.len() + 1, args.len() + 1);
            let takes = if self.needed == named.len() {
                format!("takes {most} positional argument{}", if most == 1 { "" } else { "s" })
            } else {
                format!("takes from {} to {most} positional arguments", self.needed + 1)
            };
            return Err(Fault::type_error(format!("{function} {takes} but {given} were given")));
        }
        let mut bound = Map::new();
        for (name, value) in named.iter().zip(args) {
            if kwargs.contains_key(*name) {
                return Err(Fault::type_error(format!("{function} got multiple values for argument '{name}'")));
            }
            bound.insert((*name).to_owned(), value);
        }
        for name in named {
            if let Some(value) = kwargs.remove(*name) {
                bound.insert((*name).to_owned(), value);
            }
        }
        if let Some((name, _)) = kwargs.iter().next()
            && !takes_more
        {
            return Err(Fault::type_error(format!("{function} got an unexpected keyword argument '{name}'")));
        }
        let missing: Vec<_> = named[..self.needed].iter().filter(|name| !bound.contains_key(**name)).collect();
        if !missing.is_empty() {
            let names: Vec<_> = missing.iter().map(|name| format!("'{name}'")).collect();
            let s = if missing.len() == 1 { "" } else { "s" };
            let names = match names.as_slice() {
                [rest @ .., last] if !rest.is_empty() => {
                    format!("{}{} and {last}", rest.join(", "), if rest.len() > 1 { "," } else { "" })
                }
                names => names.concat(),
            };
            let count = missing.len();
            return Err(Fault::type_error(format!(
                "{function} missing {count} required positional argument{s}: {names}"
            )));
        }
        Ok(Arguments(bound))
    }
}

/// Arguments by the names of parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// The domain, whatever the series calls it.
    pub(crate) fn domain(&self) -> &Value {
        self.0.get("domain").unwrap_or_else(|| self.get("args"))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).as_str()
    }

    /// A number, where it is one: `false` and null are none.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name).as_i64()
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            Value::String(text) => vec![text],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bind(series: Series, name: &str, args: Value, kwargs: Value) -> Result<Arguments, Fault> {
        let args = args.as_array().cloned().unwrap();
        Signature::named(series, name).unwrap().bind(series, args, kwargs.as_object().cloned().unwrap())
    }

    /// In the words of 14.0 and 19.0, recorded there.
    #[test]
    fn arguments_that_do_not_fit_are_told_as_python_does() {
        let told = |series, name: &str, args, kwargs| bind(series, name, args, kwargs).unwrap_err().message;
        let (old, new) = (Series(14, 0), Series(19, 0));
        assert_eq!(
            told(old, "search", json!([]), json!({"nope": 1})),
            "search() got an unexpected keyword argument 'nope'"
        );
        assert_eq!(
            told(new, "search", json!([]), json!({"nope": 1})),
            "BaseModel.search() got an unexpected keyword argument 'nope'"
        );
        assert_eq!(
            told(new, "create", json!([]), json!({})),
            "BaseModel.create() missing 1 required positional argument: 'vals_list'"
        );
        assert!(bind(old, "search", json!([[]]), json!({"limit": 1})).is_ok());
        assert!(bind(new, "search", json!([]), json!({"domain": []})).is_ok());
        assert!(bind(old, "search", json!([]), json!({"domain": []})).is_err());
    }
}
