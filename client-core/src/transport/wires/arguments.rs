//! The arguments of a call, and the one table of those that cannot travel by name everywhere.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::transport::http::body::{Json, SHARED_BYTES};

/// Named arguments in the order they were given, each already written as JSON: a list of a thousand records to create
/// is never held as a tree of values, and a big file only once.
#[derive(Clone, Default)]
pub(crate) struct Arguments(Vec<(Cow<'static, str>, Argument)>);

/// An argument as JSON.
#[derive(Clone)]
enum Argument {
    Small(Vec<u8>),
    /// What is big is shared with requests.
    Parts(Vec<Bytes>),
}

impl Argument {
    fn new(mut json: Vec<u8>) -> Self {
        if Json::is_small(&json) {
            return Self::Small(json);
        }
        // Writing it has doubled the room for it again and again.
        json.shrink_to_fit();
        Self::Parts(vec![json.into()])
    }

    fn write(&self, json: &mut Json) {
        match self {
            Self::Small(argument) => json.copy(argument),
            Self::Parts(parts) => parts.iter().for_each(|part| json.share(part)),
        }
    }

    fn beginning(&self) -> &[u8] {
        match self {
            Self::Small(json) => json,
            Self::Parts(parts) => parts.first().map_or(&[], |part| part),
        }
    }

    /// How many bytes of it are copied into a request.
    fn copied(&self) -> usize {
        match self {
            Self::Small(json) => json.len(),
            Self::Parts(parts) => parts.iter().map(Bytes::len).filter(|&length| length < SHARED_BYTES).sum(),
        }
    }
}

impl Arguments {
    /// Sets an argument, given as JSON; a second value for the same name replaces the first.
    pub(crate) fn set(&mut self, name: Cow<'static, str>, json: Vec<u8>) {
        self.put(name, Argument::new(json));
    }

    /// Sets an argument to what was written.
    pub(crate) fn set_written(&mut self, name: Cow<'static, str>, json: Json) {
        self.put(name, Argument::Parts(json.into_parts()));
    }

    fn put(&mut self, name: Cow<'static, str>, value: Argument) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((name, value)),
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }

    /// Whether the argument is there and is one object, such as the values of one record.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        self.get(name).is_some_and(|argument| argument.beginning().starts_with(b"{"))
    }

    fn get(&self, name: &str) -> Option<&Argument> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, json)| json)
    }

    /// About how many bytes of a request they take, besides what is shared with it.
    pub(crate) fn size_hint(&self) -> usize {
        self.0.iter().map(|(name, argument)| name.len() + 4 + argument.copied()).sum()
    }
}

/// A method whose first parameters go by position on wires that have positions.
struct Positional {
    method: &'static str,
    /// The parameters' names in the newest Odoo, with the JSON to send for one that is left out before one that is given.
    parameters: &'static [(&'static str, &'static str)],
}

/// The only place that knows of arguments that cannot be sent by the name they have in the newest Odoo: either the
/// server looks at its first positional argument (`create`), or the parameter was renamed since Odoo 14 but kept its
/// place. Sending those by position serves every version, without a word about which version renamed what.
const POSITIONAL: &[Positional] = &[
    // `execute_kw` tells one dict from a list of them by its first argument, to answer an id or a list.
    Positional { method: "create", parameters: &[("vals_list", "null")] },
    // Called `args` in 14.
    Positional { method: "search", parameters: &[("domain", "[]")] },
    Positional { method: "search_count", parameters: &[("domain", "[]")] },
    Positional { method: "name_search", parameters: &[("name", "\"\""), ("domain", "[]")] },
    // Called `values` in a third of the models that override it in 14, `ir.ui.menu` among them.
    Positional { method: "write", parameters: &[("vals", "{}")] },
    Positional { method: "copy", parameters: &[("default", "null")] },
    // Called `fields_list` in 14, but by models that override it; those call it as they like.
    Positional { method: "default_get", parameters: &[("fields", "[]")] },
];

/// A call's arguments split into those that travel by position and those that travel by name.
pub(crate) struct Split<'a> {
    ids: Option<&'a [i64]>,
    positional: &'static [(&'static str, &'static str)],
    arguments: &'a Arguments,
    context: &'a Map<String, Value>,
}

impl<'a> Split<'a> {
    pub(crate) fn new(
        method: &str,
        ids: Option<&'a [i64]>,
        arguments: &'a Arguments,
        context: &'a Map<String, Value>,
    ) -> Self {
        let parameters =
            POSITIONAL.iter().find(|known| known.method == method).map_or(&[][..], |known| known.parameters);
        // Up to the last one given: what follows has the server's own default.
        let used = parameters.iter().rposition(|(name, _)| arguments.get(name).is_some()).map_or(0, |last| last + 1);
        Self { ids, positional: &parameters[..used], arguments, context }
    }

    /// Writes the list of positional arguments: the ids, if the call is made on records, and those of the table.
    pub(crate) fn write_args(&self, json: &mut Json) -> Result<(), Error> {
        json.raw("[");
        let mut comma = "";
        if let Some(ids) = self.ids {
            json.value(ids)?;
            comma = ",";
        }
        for (name, default) in self.positional {
            json.raw(comma);
            match self.arguments.get(name) {
                Some(argument) => argument.write(json),
                None => json.raw(default),
            }
            comma = ",";
        }
        json.raw("]");
        Ok(())
    }

    /// Writes the object of named arguments, `context` among them if there is any.
    pub(crate) fn write_kwargs(&self, json: &mut Json) -> Result<(), Error> {
        let by_name = self.arguments.0.iter();
        let by_name = by_name.filter(|(name, _)| !self.positional.iter().any(|(positional, _)| name == positional));
        write_object(json, None, by_name, self.context)
    }
}

/// Writes all arguments by name in one object, with `ids` and `context` among them: what wires without positions take.
pub(crate) fn write_named(
    json: &mut Json,
    ids: Option<&[i64]>,
    arguments: &Arguments,
    context: &Map<String, Value>,
) -> Result<(), Error> {
    write_object(json, ids, arguments.0.iter(), context)
}

fn write_object<'a>(
    json: &mut Json,
    ids: Option<&[i64]>,
    arguments: impl Iterator<Item = &'a (Cow<'static, str>, Argument)>,
    context: &Map<String, Value>,
) -> Result<(), Error> {
    json.raw("{");
    let mut comma = "";
    if let Some(ids) = ids {
        json.raw("\"ids\":");
        json.value(ids)?;
        comma = ",";
    }
    for (name, argument) in arguments {
        json.raw(comma);
        json.value(&**name)?;
        json.raw(":");
        argument.write(json);
        comma = ",";
    }
    if !context.is_empty() {
        json.raw(comma);
        json.raw("\"context\":");
        json.value(context)?;
    }
    json.raw("}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn split(method: &str, ids: Option<&[i64]>, given: &[(&'static str, Value)], context: Value) -> (String, String) {
        let mut arguments = Arguments::default();
        for (name, value) in given {
            arguments.set((*name).into(), value.to_string().into());
        }
        let context = context.as_object().cloned().unwrap_or_default();
        let split = Split::new(method, ids, &arguments, &context);
        let (mut args, mut kwargs) = (Json::with_capacity(0), Json::with_capacity(0));
        split.write_args(&mut args).unwrap();
        split.write_kwargs(&mut kwargs).unwrap();
        (args.finish().into_text(), kwargs.finish().into_text())
    }

    #[test]
    fn create_sends_its_values_by_position() {
        let sent = split("create", None, &[("vals_list", json!({"name": "a"}))], json!({"lang": "fr_FR"}));
        assert_eq!(sent, (r#"[{"name":"a"}]"#.into(), r#"{"context":{"lang":"fr_FR"}}"#.into()));
    }

    #[test]
    fn renamed_parameters_go_by_position_and_the_rest_by_name() {
        let sent = split("search", None, &[("limit", json!(3)), ("domain", json!([["id", "=", 1]]))], json!({}));
        assert_eq!(sent, (r#"[[["id","=",1]]]"#.into(), r#"{"limit":3}"#.into()));
    }

    #[test]
    fn a_gap_before_a_positional_argument_is_filled() {
        let sent = split("name_search", None, &[("domain", json!([])), ("limit", json!(1))], json!({}));
        assert_eq!(sent, (r#"["",[]]"#.into(), r#"{"limit":1}"#.into()));
        assert_eq!(split("name_search", None, &[("limit", json!(1))], json!({})).0, "[]");
    }

    #[test]
    fn ids_come_first_and_a_name_given_twice_counts_once() {
        let sent = split("write", Some(&[1, 2]), &[("vals", json!(1)), ("vals", json!({"a": false}))], json!({}));
        assert_eq!(sent, (r#"[[1,2],{"a":false}]"#.into(), "{}".into()));
    }

    #[test]
    fn without_positions_all_go_by_name() {
        let mut arguments = Arguments::default();
        arguments.set("vals_list".into(), json!({"name": "a"}).to_string().into());
        let context = json!({"lang": "fr_FR"});
        let mut named = Json::with_capacity(0);
        write_named(&mut named, Some(&[7]), &arguments, context.as_object().unwrap()).unwrap();
        let sent = named.finish().into_text();
        assert_eq!(sent, r#"{"ids":[7],"vals_list":{"name":"a"},"context":{"lang":"fr_FR"}}"#);
        assert!(arguments.is_object("vals_list") && !arguments.is_object("nope"));
    }
}
