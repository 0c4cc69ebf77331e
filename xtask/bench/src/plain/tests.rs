use super::*;

#[test]
fn rows_and_enums_become_plain() {
    let file = syn::parse_file(
        r#"
        use ::odoo_client as odoo;
        impl super::Order { pub const ID: u8 = 0; }
        /// One.
        #[derive(Default)]
        pub struct Row {
            pub id: odoo::Id<super::Order>,
            /// Type
            pub type_: Option<State>,
            pub at: Option<odoo::Datetime>,
            pub on: Option<odoo::Date>,
            pub date: Option<Date>,
            pub to: odoo::Link<crate::res::Partner>,
        }
        pub enum Marker {}
        pub enum State { Draft, Empty, Unknown(odoo::UnknownValue) }
        odoo::selection! { many State: 0 "" => Empty, 1 "draft" => Draft, }
        pub type Date = State;
        pub use crate::selections::A as B;
        "#,
    )
    .unwrap();
    let mut counts = Counts::default();
    let plain = prettyplease::unparse(&syn::parse2(convert(&file, Design::Usual, &mut counts).unwrap()).unwrap());
    assert_eq!((counts.rows, counts.fields, counts.enums, counts.values), (1, 6, 1, 2));
    for expected in [
        "use crate::plain_support as odoo;",
        "/// One.\n#[derive(Debug, Clone, Default, ::serde::Serialize, ::serde::Deserialize)]\npub struct Row {",
        "#[serde(default)]\n    pub id: odoo::Id<super::Order>,",
        "/// Type\n    #[serde(default, rename = \"type\", deserialize_with = \"odoo::nullable\")]\n    pub type_: Option<State>,",
        "#[serde(default, deserialize_with = \"odoo::datetime\")]\n    pub at:",
        "#[serde(default, deserialize_with = \"odoo::date\")]\n    pub on:",
        "#[serde(default, deserialize_with = \"odoo::nullable\")]\n    pub date: Option<Date>",
        "#[serde(default, deserialize_with = \"odoo::nullable\")]\n    pub to: odoo::Link<crate::res::Partner>",
        "pub enum Marker {}",
        "#[serde(rename = \"draft\")]\n    Draft,",
        "#[serde(untagged)]\n    Unknown(String),",
        "pub type Date = State;",
        "pub use crate::selections::A as B;",
    ] {
        assert!(plain.contains(expected), "{expected}\nis not in\n{plain}");
    }
    assert!(!plain.contains("impl"), "{plain}");

    let lean = prettyplease::unparse(&syn::parse2(convert(&file, Design::Lean, &mut counts).unwrap()).unwrap());
    for expected in [
        "/// One.\n#[derive(::serde::Deserialize)]\npub struct Row {\n    pub id: odoo::Id<super::Order>,",
        "/// Type\n    #[serde(rename = \"type\")]\n    pub type_: odoo::OrFalse<State>,",
        "pub to: odoo::Link<crate::res::Partner>",
        "pub enum State {\n    Draft,\n    Empty,\n    Unknown(String),\n}",
        "State { \"draft\" => Draft, \"\" => Empty, }",
    ] {
        assert!(lean.contains(expected), "{expected}\nis not in\n{lean}");
    }
}

#[test]
fn an_enum_whose_values_are_not_found_is_refused() {
    let file = syn::parse_file("pub enum State { Draft, Unknown(u8) }").unwrap();
    let error = convert(&file, Design::Lean, &mut Counts::default()).unwrap_err().to_string();
    assert!(error.contains("State"), "{error}");
}
