//! That the table is whole: every attribute of a schema is in it, and it is what the docs show.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use super::What;
use crate::schema::{Field, Method, Model, Parameter, Selection};

/// The table, in Markdown.
fn table() -> String {
    let mut lines =
        vec!["| of | attribute | change | grade | why |".to_owned(), "| --- | --- | --- | --- | --- |".to_owned()];
    for what in What::ALL {
        let rule = what.rule();
        let says = ["{0}", "{1}", "{2}"].iter().fold(rule.says.to_owned(), |says, hole| says.replace(hole, "…"));
        lines.push(format!(
            "| {} | `{}` | `{}`: {says} | {} | {} |",
            rule.of, rule.attribute, rule.name, rule.grade, rule.why
        ));
    }
    lines.push(String::new());
    lines.push("With `*` it is found by what other attributes say too.".to_owned());
    lines.join("\n") + "\n"
}

#[test]
fn the_docs_have_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diff/grades.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, table()).unwrap();
    }
    let docs = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    assert_eq!(docs, table(), "BLESS=1 writes it anew");
}

/// The attributes of a value that has them all, as the pin calls them.
fn attributes(value: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(value).unwrap().as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_attribute_has_a_grade() {
    // Without `..`: an attribute that is new does not compile here before it is given a value, and then wants a grade.
    let text = || Some("x".to_owned());
    let parameter = Parameter { name: "x".to_owned(), annotation: text(), default: text(), help: text() };
    let method = Method {
        module: "x".to_owned(),
        inherited: text(),
        help: text(),
        on_model: true,
        readonly: true,
        parameters: vec![parameter.clone()],
        takes_more: true,
        returns: text(),
        returns_help: text(),
    };
    let field = Field {
        ttype: "x".to_owned(),
        label: "x".to_owned(),
        help: text(),
        relation: text(),
        relation_field: text(),
        related: text(),
        currency_field: text(),
        aggregator: text(),
        required: true,
        default: Some(true),
        readonly: true,
        stored: false,
        searchable: false,
        sortable: false,
        groupable: Some(true),
        computed: true,
        translated: true,
        company_dependent: true,
        selection: Some(Selection::default()),
    };
    let model = Model {
        label: text(),
        transient: true,
        fields: [("x".to_owned(), field.clone())].into(),
        methods: Some([("x".to_owned(), method.clone())].into()),
    };
    // A schema as a whole is no JSON.
    let schema = ["series", "modules", "models"].map(str::to_owned).into();
    let mut parameter = attributes(&parameter);
    // It is what tells one from another.
    parameter.remove("name");
    for (of, attributes) in [
        ("schema", schema),
        ("model", attributes(&model)),
        ("field", attributes(&field)),
        ("method", attributes(&method)),
        ("parameter", parameter),
    ] {
        let graded = What::ALL.iter().map(|what| what.attribute()).filter(|(what_has_it, _)| *what_has_it == of);
        let graded: BTreeSet<_> = graded.map(|(_, attribute)| attribute.trim_end_matches('*').to_owned()).collect();
        assert_eq!(graded, attributes, "{of}");
    }
}

#[test]
fn names_are_of_one_change_each() {
    let names: BTreeSet<_> = What::ALL.iter().map(|what| what.name()).collect();
    assert_eq!(names.len(), What::ALL.len());
}
