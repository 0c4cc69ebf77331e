//! Properties: fields that users define on a parent record.

use serde_json::{Map, Value};

use super::{FromField, is_empty};
use crate::field::kind;
use crate::read::slot::{Mismatch, Shape, Wire};

/// The value of a `properties` field, or of the `properties_definition` that such fields follow (Odoo 16 and later).
///
/// On the wire a list of objects, or `false` where there are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties(Vec<Property>);

/// One property.
#[derive(Clone, Debug, PartialEq)]
pub struct Property(Map<String, Value>);

impl Properties {
    /// All of them, in the order of the definition.
    pub fn iter(&self) -> std::slice::Iter<'_, Property> {
        self.0.iter()
    }

    /// The property with this technical name.
    pub fn get(&self, name: &str) -> Option<&Property> {
        self.0.iter().find(|property| property.name() == name)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(feature = "serde")]
    pub(crate) const fn of(properties: Vec<Property>) -> Self {
        Self(properties)
    }

    pub(crate) fn to_value(&self) -> Value {
        self.0.iter().map(|property| Value::Object(property.0.clone())).collect()
    }
}

impl<'a> IntoIterator for &'a Properties {
    type Item = &'a Property;
    type IntoIter = std::slice::Iter<'a, Property>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Property {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Property {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self)
    }
}

impl Property {
    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The technical name, mostly 16 hexadecimal digits.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// The type, such as `char`, `many2one` or `tags`.
    pub fn ttype(&self) -> &str {
        self.text("type")
    }

    /// The label.
    pub fn string(&self) -> &str {
        self.text("string")
    }

    /// The value. `None` where it is empty; `false` is the value of a boolean that is not checked.
    pub fn value(&self) -> Option<&Value> {
        let value = self.0.get("value")?;
        let is_empty = value.is_null() || (*value == Value::Bool(false) && self.ttype() != "boolean");
        (!is_empty).then_some(value)
    }

    /// Anything else that is said of it, such as `selection`, `comodel` or `default`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }
}

fn properties(value: Wire<'_>) -> Result<Properties, Mismatch> {
    let expected = Mismatch("a list of properties");
    match value {
        _ if is_empty(value) => Ok(Properties::default()),
        Wire::Raw(json) => {
            let list: Vec<Map<String, Value>> = serde_json::from_str(json).map_err(|_| expected)?;
            Ok(Properties(list.into_iter().map(Property).collect()))
        }
        _ => Err(expected),
    }
}

macro_rules! from_field {
    ($($kind:ident)*) => {
        $(impl FromField<kind::$kind> for Properties {
            const SHAPE: Shape = Shape::Raw;
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                properties(value)
            }
        })*
    };
}

from_field! { Properties PropertiesDefinition }
