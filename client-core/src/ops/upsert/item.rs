//! A record that shall be there, whatever its model.

use std::fmt;

use serde_json::{Map, Value};

use crate::error::Refusal;

/// A record.
pub(super) struct Item {
    pub(super) key: Key,
    pub(super) values: Result<Value, Refusal>,
    /// Fields that point to a record by external id, and that record's model.
    pub(super) refers: Vec<(&'static str, &'static str, String)>,
    pub(super) lines: Vec<Lines>,
}

/// The lines of a field.
pub(super) struct Lines {
    pub(super) field: &'static str,
    pub(super) model: &'static str,
    pub(super) items: Vec<Item>,
    /// Whether others are deleted.
    pub(super) prune: bool,
}

/// What tells a record from others.
pub(super) enum Key {
    XmlId(String),
    /// A field and its value.
    Natural(&'static str, Value),
    /// One that cannot be sent.
    Refused(Refusal),
}

impl Key {
    /// The external id that a new record is given.
    pub(super) fn xml_id(&self, model: &str) -> String {
        match self {
            Self::XmlId(xml_id) => xml_id.clone(),
            Self::Natural(field, value) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                // Neither spaces nor dots are good in one.
                let plain: String = text
                    .bytes()
                    .map(|b| match b {
                        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(b).to_string(),
                        _ => format!("_{b:02x}"),
                    })
                    .collect();
                format!("__upsert__.{}__{field}__{plain}", model.replace('.', "_"))
            }
            Self::Refused(_) => String::new(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::XmlId(xml_id) => f.write_str(xml_id),
            Self::Natural(field, value) => write!(f, "{field} = {value}"),
            Self::Refused(refusal) => fmt::Display::fmt(refusal, f),
        }
    }
}

impl Item {
    /// All external ids of it, its lines and what they refer to.
    pub(super) fn xml_ids(&self, model: &str, all: &mut Vec<String>) {
        all.push(self.key.xml_id(model));
        all.extend(self.refers.iter().map(|(_, _, xml_id)| xml_id.clone()));
        for lines in &self.lines {
            lines.items.iter().for_each(|line| line.xml_ids(lines.model, all));
        }
    }

    /// The names of the fields it sets.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let values = self.values.as_ref().ok().and_then(Value::as_object).into_iter().flat_map(Map::keys);
        values.map(String::as_str).chain(self.refers.iter().map(|(field, ..)| *field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_natural_key_has_an_external_id_of_its_own() {
        let id = |value: Value| Key::Natural("ref", value).xml_id("res.partner");
        assert_eq!(id("A-1".into()), "__upsert__.res_partner__ref__A-1");
        assert_eq!(id("a b.c_d".into()), "__upsert__.res_partner__ref__a_20b_2ec_5fd");
        assert_eq!(id(7.into()), "__upsert__.res_partner__ref__7");
        assert_ne!(id("a_20b".into()), id("a b".into()));
    }
}
