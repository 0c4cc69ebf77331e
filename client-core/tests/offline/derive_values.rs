//! `#[derive(Values)]`: what is written, and what is an `Option`.

#![allow(non_upper_case_globals, non_snake_case, reason = "as the generator spells them")]

use odoo_client::field::kind;
use odoo_client::read::records;
use odoo_client::write::{ToValues, ToWrite};
use odoo_client::{Id, Record, Values};

model! { Partner "res.partner" {
    NAME "name" kind::Char;
    TYPE "type" kind::Char;
    TYPE_ "type_" kind::Char;
    USER_ID "user_id" kind::Many2one<Partner>;
    STAT "stat" kind::Integer;
    sTAT "Stat" kind::Integer;
    stat "STAT" kind::Integer;
    A_B "a_b" kind::Char;
    A__B "a__b" kind::Char;
    _1ST "1st" kind::Char;
} }

fn written(values: impl ToValues<Model = Partner>) -> String {
    serde_json::to_string(&values.to_values()).unwrap()
}

type Maybe<T> = Option<T>;

trait Choice {
    type Of;
}
impl Choice for Partner {
    type Of = Option<&'static str>;
}

macro_rules! values {
    ($name:ident { $($field:ident: $ty:ty,)* }) => {
        #[derive(Values, Default)]
        #[odoo(model = Partner)]
        struct $name {
            $($field: $ty,)*
        }
    };
}

values! { OfMacro { name: Option<String>, user_id: Option<Option<Id<Partner>>>, stat: i64, } }

#[derive(Values)]
#[odoo(model = Partner)]
struct Aliased {
    name: Maybe<String>,
    r#type: Maybe<Maybe<&'static str>>,
    type__: <Partner as Choice>::Of,
}

#[derive(Values)]
#[odoo(model = Partner)]
struct Generic<'a, T: ToWrite<kind::Integer>> {
    name: &'a str,
    r#type: Option<&'a str>,
    stat: T,
}

#[test]
fn an_option_is_one_however_it_is_written() {
    assert_eq!(written(OfMacro::default()), r#"{"stat":0}"#);
    let all = OfMacro { name: Some("A".into()), user_id: Some(Some(Id::new(7))), stat: 1 };
    assert_eq!(written(all), r#"{"name":"A","stat":1,"user_id":7}"#);
    assert_eq!(written(OfMacro { user_id: Some(None), ..OfMacro::default() }), r#"{"stat":0,"user_id":false}"#);
    assert_eq!(written(Aliased { name: None, r#type: None, type__: None }), "{}");
    let all = Aliased { name: Some("A".into()), r#type: Some(None), type__: Some("b") };
    assert_eq!(written(all), r#"{"name":"A","type":false,"type_":"b"}"#);
}

#[test]
fn values_can_borrow_and_be_generic() {
    let name = "A".to_owned();
    let values = Generic { name: &name, r#type: None, stat: 5_i64 };
    assert_eq!(written(values), r#"{"name":"A","stat":5}"#);
}

#[derive(Record, Values, Debug)]
#[odoo(model = Partner)]
struct Odd {
    stat: i64,
    #[odoo(field = "Stat")]
    upper: i64,
    #[odoo(field = "STAT")]
    capitals: i64,
    a_b: String,
    a__b: String,
    type_: String,
    #[odoo(field = "1st")]
    first: String,
}

#[test]
fn names_that_nearly_meet_are_the_fields_asked_for() {
    let json = r#"{"1st":"f","STAT":3,"Stat":2,"a__b":"y","a_b":"x","stat":1,"type":"t"}"#;
    let mut page = records::<Odd>(format!("[{json}]").as_bytes()).unwrap();
    assert_eq!(page.failures, []);
    let odd = page.records.remove(0);
    assert_eq!((odd.stat, odd.upper, odd.capitals), (1, 2, 3));
    assert_eq!(written(odd), json);
}
