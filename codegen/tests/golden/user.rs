//! A program that uses the golden crate: names and values reach the wire as the server spelt them.

#![cfg(test)]

use golden::{x_case, x_clash, x_every, x_hostile, x_no, x_points, x_prelude, x_shared, x_two};
use odoo_client::__rt::Slots;
use odoo_client::model::UnknownValue;
use odoo_client::read::records;
use odoo_client::write::ToValues;
use odoo_client::{Field, Id, Json, MethodCall, Model, Record, Selection, Values};

/// Every value is known, is its own variant, and is written as it was read.
fn round_trips<E: Selection>(values: &[&str]) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    assert_eq!(E::VALUES, sorted);
    for (at, value) in values.iter().enumerate() {
        let variant = E::from_value(value);
        assert_eq!(variant.as_unknown().map(UnknownValue::as_str), None, "{value:?}");
        assert_eq!(variant.as_str(), *value);
        for other in &values[..at] {
            assert!(variant != E::from_value(other), "{value:?} {other:?}");
        }
    }
    assert_eq!(E::from_value("of an app installed since").as_str(), "of an app installed since");
    assert!(E::from_value("of an app installed since").as_unknown().is_some());
}

fn names<R: Slots>() -> Vec<&'static str> {
    R::fields().split(' ').collect()
}

fn name<M: Model, K, A>(field: Field<M, K, A>) -> &'static str {
    field.name()
}

/// The model, the method, the ids and the names of the arguments, as a call shows them.
fn shown<R>(call: MethodCall<R>) -> String {
    format!("{call:?}")
}

#[test]
fn methods_reach_the_wire_as_the_server_names_them() {
    use x_hostile::Method;
    let ids = [Id::new(7)];
    let calls = [
        (
            shown(Method::type_(&ids, 1, 2, 3, 4, 5, 6)),
            r#""type", ids: Some([7]), arguments: ["self", "ids", "type", "crate", "größe", "X"]"#,
        ),
        (shown(Method::Type(&ids)), r#""Type", ids: Some([7]), arguments: []"#),
        (shown(Method::values_(&ids)), r#""values", ids: Some([7])"#),
        (shown(Method::reads()), r#""reads", ids: None"#),
    ];
    for (call, expected) in calls {
        assert!(call.contains("x_hostile.method") && call.contains(expected), "{call}");
    }
    let typed: MethodCall<Vec<i64>> = Method::typed(1, "b", true, 0.5, &[5], &["f"], 7, [("h", 8)]);
    let optional = shown(typed.arg("i", 9).returns::<()>());
    assert!(optional.contains(r#"["a", "b", "c", "d", "e", "f", "g", "h", "i"]"#), "{optional}");
    let lead = golden::crm::Lead::message_process("crm.lead", "From: x");
    assert!(shown(lead).contains(r#"method: "message_process", ids: None, arguments: ["model", "message"]"#));
}

#[test]
fn hostile_selection_values_are_literals() {
    round_trips::<x_hostile::text::Choice>(&[
        "*/",
        "\"",
        "`",
        "``",
        "\n",
        "\u{202e}",
        "\u{1b}[2J",
        "\\",
        "\\n",
        "{}",
        "\0",
        "</summary>",
        " ",
        "\t",
        "a\r\n",
    ]);
}

#[test]
fn values_that_nearly_meet_stay_apart() {
    use x_hostile::selection::{Case, Json, Keyword, Label, Letter, Many, None_, Number, Sign};
    round_trips::<Sign>(&["+", "-", "", "/", "_", "*", "!"]);
    round_trips::<Number>(&["1", "1 ", "12", "1?", "13", "-1", "1.5", "15", "1-5", "1_5", "01"]);
    round_trips::<Case>(&["draft", "Draft", "DRAFT", "draft2", "dra ft"]);
    round_trips::<Label>(&["a", "b", "c", "d", "e"]);
    round_trips::<Keyword>(&[
        "self", "Self", "crate", "unknown", "Unknown", "values", "VALUES", "none", "some", "Empty", "", "Value",
        "Plus", "+",
    ]);
    round_trips::<Letter>(&["größe", "ö", "u00f6", "数量", "e\u{301}", "é", "٣", "½", "😀"]);
    round_trips::<Json>(&["1", "2", "-1", "2.5"]);
    round_trips::<Many>(&["only"]);
    round_trips::<None_>(&[]);
    // The plain name is that of the plain value, whatever it clashes with.
    assert_eq!((Number::V1.as_str(), Number::V12.as_str(), Number::V13.as_str()), ("1", "12", "13"));
    assert_eq!(Case::Draft2.as_str(), "draft2");
}

#[test]
fn real_values_are_named_by_value() {
    use golden::{
        calendar::recurrence::Byday, ir::actions_act_url::Target, res::lang::DateFormat, website::page::Visibility,
    };
    assert_eq!(Byday::from_value("-1"), Byday::Minus1);
    assert_eq!(Target::Self_.as_str(), "self");
    assert_eq!(Visibility::Empty.as_str(), "");
    round_trips::<DateFormat>(&[
        "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%d.%m.%Y", "%m.%d.%Y", "%Y.%m.%d",
    ]);
    use golden::res::users::Tz;
    assert_eq!((Tz::EtcGMTPlus1.as_str(), Tz::EtcGMTMinus1.as_str()), ("Etc/GMT+1", "Etc/GMT-1"));
}

#[test]
fn fields_that_differ_by_case_are_both_there() {
    assert_eq!(
        names::<x_case::clash::Row>(),
        [
            "id", "STAT", "Sel", "Sel2", "Stat", "a$b", "a__b", "a_b", "s_el", "sel", "sel2", "stat", "stat_2", "type",
            "type_",
        ]
    );
    assert_eq!((name(x_case::Clash::STAT), name(x_case::Clash::STAT_2)), ("stat", "stat_2"));
    assert_eq!((name(x_case::Clash::sTAT), name(x_case::Clash::stat)), ("Stat", "STAT"));
    let page = records::<x_case::clash::Row>(
        br#"[{"id": 1, "STAT": 1, "Sel": "a", "Sel2": "e", "Stat": 2, "a$b": "x", "a__b": "y", "a_b": "z", "s_el": "c",
             "sel": "b", "sel2": "d", "stat": 3, "stat_2": 4, "type": "t", "type_": "u"}]"#,
    )
    .unwrap();
    assert_eq!(page.failures, []);
    let row = &page.records[0];
    assert_eq!((row.STAT, row.Stat, row.stat, row.stat_2), (1, 2, 3, 4));
    assert_eq!((row.a_b.as_deref(), row.a__b.as_deref(), row.au0024b.as_deref()), (Some("z"), Some("y"), Some("x")));
    assert_eq!((row.type_.as_deref(), row.type__.as_deref()), (Some("t"), Some("u")));
}

/// That each is the field asked for, the macros make sure: it would not compile.
#[test]
fn derived_structs_find_every_name() {
    #[derive(Record, Values, Debug)]
    #[odoo(model = x_case::Clash)]
    struct Clash {
        stat: i64,
        #[odoo(field = "Stat")]
        mixed: i64,
        #[odoo(field = "STAT")]
        upper: i64,
        stat_2: i64,
        r#type: String,
        type__: String,
        a_b: String,
        #[odoo(field = "a__b")]
        two: String,
        #[odoo(field = "a$b")]
        dollar: String,
        #[odoo(field = "Sel2")]
        sel: x_case::clash::Sel2_,
    }

    #[derive(Record)]
    #[odoo(model = x_every::Keyword)]
    struct Keyword {
        r#move: Json,
        self_: Json,
        #[odoo(field = "Self")]
        capital: Json,
        crate_: Json,
        #[odoo(field = "2fa")]
        digit: Json,
        #[odoo(field = "_")]
        blank: Json,
        #[odoo(field = "__")]
        blanks: Json,
        x_studio_größe: Json,
        x_数量: Json,
    }

    let json = r#"{"STAT":3,"Sel2":"e","Stat":2,"a$b":"d","a__b":"b","a_b":"a","stat":1,"stat_2":4,"type":"t","type_":"u"}"#;
    let mut page = records::<Clash>(format!("[{json}]").as_bytes()).unwrap();
    assert_eq!(page.failures, []);
    let clash = page.records.remove(0);
    assert_eq!((clash.stat, clash.mixed, clash.upper, clash.stat_2), (1, 2, 3, 4));
    let written = clash.to_values();
    for (field, value) in [("stat", 1), ("Stat", 2), ("STAT", 3), ("stat_2", 4)] {
        assert_eq!(written.get(field).and_then(|value| value.as_i64()), Some(value), "{field}");
    }
    for (field, value) in [("type", "t"), ("type_", "u"), ("a_b", "a"), ("a__b", "b"), ("a$b", "d"), ("Sel2", "e")] {
        assert_eq!(written.get(field).and_then(|value| value.as_str()), Some(value), "{field}");
    }
    assert_eq!(records::<Keyword>(br#"[{"move":1,"self":1,"Self":1,"crate":1,"2fa":1,"_":1,"__":1,"x_studio_gr\u00f6\u00dfe":1,"x_\u6570\u91cf":1}]"#).unwrap().records.len(), 1);
}

#[test]
fn keywords_are_spelt_as_odoo_spells_them() {
    let names = names::<x_every::keyword::Row>();
    for keyword in
        ["type", "ref", "move", "self", "Self", "crate", "gen", "2fa", "_", "__", "x_studio_größe", "x_数量", "a$b"]
    {
        assert!(names.contains(&keyword), "{keyword}");
    }
    assert_eq!(name(x_every::Keyword::TYPE), "type");
    assert_eq!(name(x_every::Keyword::X_STUDIO__NET), "x_studio__net");
    let row = x_every::keyword::Row::empty();
    assert_eq!((row.type_, row.ref_, row.crate_, row._2fa, row.x_studio__net), (None, None, None, None, None));
    // Not shadowed by selections of the same names.
    assert_eq!(format!("{:?}", x_prelude::names::Row::empty()).split(' ').next(), Some("x_prelude.names"));
}

#[test]
fn models_that_nearly_meet_stay_apart() {
    assert_eq!(
        [
            <x_clash::AB as Model>::ODOO_NAME,
            <x_clash::AB2 as Model>::ODOO_NAME,
            <x_clash::A__b_ as Model>::ODOO_NAME,
            <x_clash::Ab as Model>::ODOO_NAME,
            <x_clash::XClash as Model>::ODOO_NAME,
        ],
        ["x_clash.a.b", "x_clash.a_b2", "x_clash.a_b", "x_clash.ab", "x_clash"]
    );
    // To a model that is not pinned there is the marker.
    assert_eq!(<golden::x_far::Away as Model>::ODOO_NAME, "x_far.away");
    assert_eq!(name(x_points::Out::FAR_ID), "far_id");
}

#[test]
fn equal_selections_are_one_type_whatever_their_labels() {
    let one: x_shared::one::YesNo = x_two::shared::YesNo::Y;
    assert_eq!(one.as_str(), "y");
    let also: x_two::shared::Again = x_two::shared::Also::P;
    assert_eq!(also.as_str(), "p");
}

#[test]
fn a_row_without_fields_is_one() {
    assert_eq!(<x_no::fields::Row as Slots>::fields(), "");
    assert_eq!(format!("{:?}", x_no::fields::Row::empty().clone()), "x_no.fields");
    assert_eq!(records::<x_no::fields::Row>(br#"[{"id": 1}]"#).unwrap().records.len(), 1);
}

#[test]
fn a_type_of_the_future_is_raw_json() {
    let fields = names::<golden::x_future::type_::Row>();
    let values = fields.iter().map(|field| match *field {
        "embedding" => r#""embedding": [0.5, {"a": 1}]"#.to_owned(),
        "id" => r#""id": 7"#.to_owned(),
        _ => format!("{field:?}: false"),
    });
    let json = format!("[{{{}}}]", values.collect::<Vec<_>>().join(","));
    let page = records::<golden::x_future::type_::Row>(json.as_bytes()).unwrap();
    assert_eq!(page.failures, []);
    assert_eq!(page.records[0].clone().embedding.get(), r#"[0.5, {"a": 1}]"#);
}

/// A `[[fix]]` is about Rust: the server knows nothing of it.
#[test]
fn a_field_that_is_called_otherwise_is_asked_for_by_its_own_name() {
    use golden::product::{Product, product};

    #[derive(Record, Values)]
    #[odoo(model = Product)]
    struct Label {
        sku: Option<String>,
    }

    assert_eq!(name(Product::SKU), "default_code");
    assert!(names::<product::Row>().contains(&"default_code") && !names::<product::Row>().contains(&"sku"));
    let _: fn(&product::Row) -> Option<&str> = |row| row.sku.as_deref();
    let label = records::<Label>(br#"[{"default_code":"A-1"}]"#).unwrap().records.remove(0);
    let written = label.to_values();
    assert_eq!(written.get("default_code").and_then(|value| value.as_str()), Some("A-1"));
}
