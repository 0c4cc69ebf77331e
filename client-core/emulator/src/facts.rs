//! What Odoo's own code says of its models and `fields_get` does not: orders, tables of relations, what a deletion does.
//!
//! `facts/` has a file for each series that is pinned, which `facts/facts.py` read out of the registry of a real server.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{fmt, fs, io};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::series::Series;

const FILES: [(Series, &str); 5] = [
    (Series(14, 0), include_str!("../facts/14.json")),
    (Series(16, 0), include_str!("../facts/16.json")),
    (Series(17, 0), include_str!("../facts/17.json")),
    (Series(18, 0), include_str!("../facts/18.json")),
    (Series(19, 0), include_str!("../facts/19.json")),
];

static READ: [OnceLock<Facts>; 5] = [const { OnceLock::new() }; 5];

/// What Odoo's own code says of models and its `fields_get` does not: their orders, the constant defaults of their fields, what a
/// deletion takes along.
///
/// Those of Odoo's own models are known. Those of one's own apps are in the file `facts.json` of a target, beside its folder `schema`,
/// which [`Emulator::builder`](crate::Emulator::builder) takes when it is there; for [`Engine::with_facts`](crate::Engine::with_facts) and
/// [`Builder::facts`](crate::Builder::facts) they can be [parsed](Self::parse). What they say of a model stands in the place of all that is
/// known of it; of models that they do not name nothing changes, and models that the pin does not have are passed over.
///
/// The file is written by [`PROGRAM`](Self::PROGRAM), or by hand where nobody gets to Odoo's shell: an object of models, each an object of
/// what is not as Odoo has it where nothing is said.
///
/// ```
/// use odoo_emulator::Facts;
///
/// Facts::parse(r#"{"x_parcel": {"order": "sent_on desc, id", "defaults": {"state": "packed"},
///                               "fields": {"order_id": {"ondelete": "cascade"}}}}"#)?;
/// let error = Facts::parse(r#"{"x_parcel": {"fields": {"order_id": {"ondelete": "casacde"}}}}"#).unwrap_err();
/// assert!(error.to_string().starts_with("x_parcel.order_id: ondelete: unknown variant `casacde`"));
/// # Ok::<(), odoo_emulator::FactsError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Facts(Arc<HashMap<String, Arc<ModelFacts>>>);

impl Facts {
    /// The program for Odoo's shell that writes them to its standard output; `cargo odoo emulator facts` prints it.
    pub const PROGRAM: &str = include_str!("../facts/facts.py");

    /// From the text of a file.
    ///
    /// # Errors
    ///
    /// When it is no JSON, or has something else than such a file has: the error names the model, the field and what it is about.
    pub fn parse(text: &str) -> Result<Self, FactsError> {
        let models: BTreeMap<String, Value> =
            serde_json::from_str(text).map_err(|error| FactsError(error.to_string()))?;
        let mut known = HashMap::with_capacity(models.len());
        for (name, facts) in models {
            let facts = ModelFacts::read(&name, facts).map_err(FactsError)?;
            known.insert(name, Arc::new(facts));
        }
        Ok(Self(Arc::new(known)))
    }

    /// From the file of a target, given its folder or the folder `schema` in it; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), with the file; or when it cannot be read.
    pub fn of_target(folder: impl AsRef<Path>) -> Result<Option<Self>, FactsError> {
        let folder = folder.as_ref();
        let schema = folder.join("schema");
        let file = if schema.is_dir() { schema.as_path() } else { folder }.with_file_name("facts.json");
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| error.to_string()),
        };
        let facts = text.and_then(|text| Self::parse(&text).map_err(|error| error.0));
        facts.map(Some).map_err(|error| FactsError(format!("{}: {error}", file.display())))
    }

    /// What is known of this series, or of the one before it.
    pub(crate) fn of_series(series: Series) -> &'static Self {
        let at = FILES.iter().rposition(|(known, _)| *known <= series).unwrap_or_default();
        READ[at].get_or_init(|| Self::parse(FILES[at].1).unwrap_or_default())
    }

    pub(crate) fn get(&self, model: &str) -> Option<&Arc<ModelFacts>> {
        self.0.get(model)
    }
}

/// Why facts are none.
#[derive(thiserror::Error)]
#[error("{0}")]
pub struct FactsError(String);

/// As `Display`, because a test that ends in `?` shows it to a person.
impl fmt::Debug for FactsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The facts of a model. Without any, it is as Odoo has models of which nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ModelFacts {
    /// Whether there are any.
    #[serde(skip)]
    pub(crate) is_known: bool,
    pub(crate) order: Option<String>,
    pub(crate) rec_name: Option<String>,
    /// The many2one field by which it has the fields of another model, by that model.
    pub(crate) inherits: BTreeMap<String, String>,
    pub(crate) parent: Option<String>,
    pub(crate) parent_store: bool,
    #[serde(rename = "abstract")]
    pub(crate) is_abstract: bool,
    pub(crate) names_search: Option<Vec<String>>,
    /// Constants, by field; `@` and a model where it is that of the user, such as the company.
    pub(crate) defaults: BTreeMap<String, Value>,
    /// Whether there are rules of who sees which of its records.
    pub(crate) rules: bool,
    /// The public methods, of `base` alone: every model has them.
    pub(crate) methods: BTreeSet<String>,
    #[serde(skip)]
    pub(crate) fields: BTreeMap<String, FieldFacts>,
}

/// The facts of a field.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FieldFacts {
    /// Of a many2many: its table, the column of the model, and that of the other one.
    pub(crate) table: Option<[String; 3]>,
    pub(crate) ondelete: Option<OnDelete>,
    pub(crate) copy: Option<bool>,
    pub(crate) size: Option<usize>,
    /// After the point. PostgreSQL knows no more than 16,383.
    pub(crate) digits: Option<u8>,
    pub(crate) active_test: Option<bool>,
    pub(crate) domain: Option<Value>,
}

/// What becomes of a record when the one that it points to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum OnDelete {
    #[serde(rename = "set null")]
    SetNull,
    #[serde(rename = "cascade")]
    Cascade,
    #[serde(rename = "restrict")]
    Restrict,
}

impl ModelFacts {
    fn read(name: &str, facts: Value) -> Result<Self, String> {
        let Value::Object(mut facts) = facts else { return Err(format!("{name}: facts are an object, not {facts}")) };
        let fields = match facts.remove("fields") {
            Some(Value::Object(fields)) => fields,
            Some(other) => return Err(format!("{name}: fields: an object of fields, not {other}")),
            None => Map::new(),
        };
        let field = |(field, facts): (String, Value)| {
            let Value::Object(facts) = facts else {
                return Err(format!("{name}.{field}: facts are an object, not {facts}"));
            };
            read(&format!("{name}.{field}"), facts).map(|facts| (field, facts))
        };
        let fields = fields.into_iter().map(field).collect::<Result<_, _>>()?;
        Ok(Self { is_known: true, fields, ..read(name, facts)? })
    }
}

/// What is read one by one has an error that names what it is about.
fn read<T: DeserializeOwned>(of: &str, facts: Map<String, Value>) -> Result<T, String> {
    for (key, value) in &facts {
        let alone = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
        T::deserialize(alone).map(drop).map_err(|error| format!("{of}: {key}: {error}"))?;
    }
    T::deserialize(Value::Object(facts)).map_err(|error| format!("{of}: {error}"))
}

#[cfg(test)]
mod tests {
    use odoo_codegen::{Field, Schema};
    use serde_json::json;

    use super::*;
    use crate::{Caller, Engine, Fault};

    #[test]
    fn every_file_is_read_and_has_what_is_known_of_partners() {
        for (series, text) in FILES {
            let read = Facts::parse(text).unwrap();
            let partner = read.get("res.partner").unwrap();
            assert!(partner.order.is_some() && partner.fields["category_id"].table.is_some(), "{series}");
            assert!(read.get("base").unwrap().methods.contains("export_data"), "{series}");
            assert!(read.get("x.own").is_none());
        }
    }

    /// A parcel of an order, and a schema with both.
    fn schema() -> Schema {
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        for (model, fields) in [
            ("x.order", vec![("name", "char", ""), ("parcel_id", "many2one", "x.parcel")]),
            ("x.parcel", vec![("name", "char", ""), ("sent", "integer", ""), ("order_id", "many2one", "x.order")]),
        ] {
            let made = schema.models.entry(model.to_owned()).or_default();
            for (name, ttype, relation) in [vec![("id", "integer", ""), ("display_name", "char", "")], fields].concat()
            {
                let mut field = Field::new(ttype, name);
                field.relation = Some(relation.to_owned()).filter(|relation| !relation.is_empty());
                field.stored = name != "display_name";
                made.fields.insert(name.to_owned(), field);
            }
        }
        schema
    }

    fn call(odoo: &mut Engine, model: &str, method: &str, args: &Value) -> Result<Value, Fault> {
        odoo.call(&Caller::new(2), model, method, args.as_array().unwrap().clone(), Map::new())
    }

    #[test]
    fn models_of_ones_own_are_as_their_facts_say() {
        let facts = r#"{"x.parcel": {"order": "sent desc", "defaults": {"name": "P"}, "names_search": ["sent", "gone"],
            "fields": {"order_id": {"ondelete": "cascade"}, "name": {"copy": false}}}, "x.gone": {"order": "name"}}"#;
        let facts = Facts::parse(facts).unwrap();
        for (mut odoo, is_told) in [(Engine::new(&schema()), false), (Engine::with_facts(&schema(), &facts), true)] {
            let order = odoo.seed("x.order", &json!({"name": "S1"})).unwrap()[0];
            for sent in [1, 2] {
                call(&mut odoo, "x.parcel", "create", &json!([{"sent": sent, "order_id": order}])).unwrap();
            }
            let rows = call(&mut odoo, "x.parcel", "search_read", &json!([[], ["sent", "name"]])).unwrap();
            let (first, name) = if is_told { (2, json!("P")) } else { (1, json!(false)) };
            assert_eq!((&rows[0]["sent"], &rows[0]["name"]), (&json!(first), &name));
            let named = call(&mut odoo, "x.parcel", "name_search", &json!(["2", [], "="])).unwrap();
            assert_eq!(named.as_array().unwrap().len(), usize::from(is_told));
            call(&mut odoo, "x.order", "unlink", &json!([[order]])).unwrap();
            assert_eq!(odoo.count("x.parcel"), if is_told { 0 } else { 2 });
        }
    }

    /// A file by hand may say anything. Nothing of it leads in circles, or panics.
    #[test]
    fn facts_that_no_odoo_has_do_no_harm() {
        let circle = |key: &str, one: Value, other: Value| json!({"x.order": {key: one}, "x.parcel": {key: other}});
        let all: Vec<Value> = [
            circle("inherits", json!({"x.parcel": "parcel_id"}), json!({"x.order": "order_id"})),
            circle("rec_name", json!("parcel_id"), json!("order_id")),
            circle("order", json!("parcel_id, , ;"), json!("order_id desc nulls")),
            circle("parent", json!("name"), json!("sent")),
            circle("names_search", json!(["gone", ""]), json!([])),
            circle("defaults", json!({"parcel_id": "@res.company", "name": [1]}), json!({"sent": "@res.users"})),
            json!({"x.order": {"parent_store": true, "parent": "parcel_id", "abstract": true}}),
            json!({"x.parcel": {"fields": {"name": {"size": 0}, "sent": {"digits": 255, "domain": 7},
                "order_id": {"domain": ["|"], "table": ["", "", ""]}}}}),
        ]
        .into();
        for facts in all {
            let mut odoo = Engine::with_facts(&schema(), &Facts::parse(&facts.to_string()).unwrap());
            odoo.seed_all(&json!({"x.order": [{"id": 1, "parcel_id": 1}], "x.parcel": [{"id": 1, "order_id": 1}]}))
                .unwrap();
            for model in ["x.order", "x.parcel"] {
                for (method, args) in [
                    ("create", json!([{"name": "x"}])),
                    ("search_read", json!([])),
                    ("name_search", json!(["x"])),
                    ("search", json!([[["id", "child_of", 1]]])),
                    ("write", json!([[1], {"name": "y"}])),
                    ("copy", json!([[1]])),
                    ("unlink", json!([[1]])),
                ] {
                    // An error is an answer as well.
                    let _ = call(&mut odoo, model, method, &args);
                }
            }
        }
    }

    #[test]
    fn the_file_of_a_target_is_read_beside_its_schema() {
        let folder = std::env::temp_dir().join(format!("odoo-emulator-facts-{}", std::process::id()));
        let schema = folder.join("schema");
        fs::create_dir_all(&schema).unwrap();
        let read = || [&folder, &schema].map(Facts::of_target);
        assert!(read().into_iter().all(|facts| facts.unwrap().is_none()));
        let file = folder.join("facts.json");
        fs::write(&file, r#"{"x.parcel": {}}"#).unwrap();
        assert!(read().into_iter().all(|facts| facts.unwrap().unwrap().get("x.parcel").is_some()));
        fs::write(&file, r#"{"x.parcel": {"order": 1}}"#).unwrap();
        let told = format!("{}: x.parcel: order: invalid type: integer `1`, expected a string", file.display());
        assert!(read().into_iter().all(|facts| facts.unwrap_err().to_string() == told));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_file_of_facts_is_refused_with_model_and_field() {
        for (text, told) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("[]", "invalid type: sequence, expected a map at line 1 column 0"),
            (r#"{"x.a": {"order": NaN}}"#, "expected value at line 1 column 19"),
            (r#"{"x.a": []}"#, "x.a: facts are an object, not []"),
            (r#"{"x.a": {"order": 1}}"#, "x.a: order: invalid type: integer `1`, expected a string"),
            (r#"{"x.a": {"ordr": "id"}}"#, "x.a: ordr: unknown field `ordr`, expected one of `order`"),
            (r#"{"x.a": {"inherits": {"res.partner": 1}}}"#, "x.a: inherits: invalid type: integer `1`"),
            (r#"{"x.a": {"fields": []}}"#, "x.a: fields: an object of fields, not []"),
            (r#"{"x.a": {"fields": {"b": null}}}"#, "x.a.b: facts are an object, not null"),
            (r#"{"x.a": {"fields": {"b": {"digits": 4000000000}}}}"#, "x.a.b: digits: invalid value: integer"),
            (r#"{"x.a": {"fields": {"b": {"table": ["t", "a"]}}}}"#, "x.a.b: table: invalid length 2"),
        ] {
            let error = Facts::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(told), "{text}: {error}");
        }
    }
}
