//! Domains without a server: their JSON, their text, and back.

use odoo_client::{Date, Domain, Id, OrderBy};
use serde_json::{Value, json};

use crate::support::models::{Country, Dice, Kind, Partner, Rate, Tag, World, expression};

fn json(domain: &Domain<Partner>) -> Value {
    serde_json::to_value(domain).unwrap()
}

#[test]
fn every_operator_as_odoo_wants_it() {
    let partner = || Id::<Partner>::new(7);
    for (domain, expected) in [
        (Partner::NAME.eq("a"), json!(["name", "=", "a"])),
        (Partner::NAME.ne("a"), json!(["name", "!=", "a"])),
        (Partner::COLOR.lt(1), json!(["color", "<", 1])),
        (Partner::COLOR.le(1), json!(["color", "<=", 1])),
        (Partner::COLOR.gt(1), json!(["color", ">", 1])),
        (Partner::COLOR.ge(1), json!(["color", ">=", 1])),
        (Partner::TYPE.is_in([Kind::Invoice, Kind::Other]), json!(["type", "in", ["invoice", "other"]])),
        (Partner::COLOR.not_in([1, 2]), json!(["color", "not in", [1, 2]])),
        (Partner::NAME.like("a"), json!(["name", "like", "a"])),
        (Partner::NAME.not_like("a"), json!(["name", "not like", "a"])),
        (Partner::NAME.ilike("a"), json!(["name", "ilike", "a"])),
        (Partner::NAME.not_ilike("a"), json!(["name", "not ilike", "a"])),
        (Partner::NAME.eq_like("a%"), json!(["name", "=like", "a%"])),
        (Partner::NAME.eq_ilike("a%"), json!(["name", "=ilike", "a%"])),
        (Partner::NAME.eq_ignore_case(r"100%_\a"), json!(["name", "=ilike", r"100\%\_\\a"])),
        (Partner::PARENT_ID.dot(Partner::NAME).eq_ignore_case("a"), json!(["parent_id.name", "=ilike", "a"])),
        (Partner::PARENT_ID.child_of(partner()), json!(["parent_id", "child_of", [7]])),
        (Partner::ID.parent_of([partner()]), json!(["id", "parent_of", [7]])),
        (Partner::CATEGORY_ID.eq(Id::new(3)), json!(["category_id", "=", 3])),
        (Partner::EMAIL.is_set(), json!(["email", "!=", false])),
        (Partner::EMAIL.is_empty(), json!(["email", "=", false])),
        (Partner::CHILD_IDS.any(Partner::COLOR.eq(1)), json!(["child_ids", "any", [["color", "=", 1]]])),
        (Partner::CHILD_IDS.not_any(Domain::all()), json!(["child_ids", "not any", []])),
        (
            Partner::CHILD_IDS.dot(Partner::CATEGORY_ID).dot(Tag::NAME).ilike("a"),
            json!(["child_ids.category_id.name", "ilike", "a"]),
        ),
    ] {
        assert_eq!(json(&domain), json!([expected]));
    }
}

#[test]
fn lists_in_lists_of_a_domain_end_at_a_depth() {
    let parse = |lists: usize| {
        Domain::<Partner>::parse(&format!("[('name', 'in', {}{})]", "[".repeat(lists), "]".repeat(lists)))
    };
    assert!(parse(50).is_ok());
    assert!(parse(70).is_err());
}

#[test]
fn expressions_are_in_prefix_form() {
    let [a, b, c] = [1, 2, 3].map(|color| Partner::COLOR.eq(color));
    let [x, y, z] = [1, 2, 3].map(|color| json!(["color", "=", color]));
    let of = |domain: Domain<Partner>| json(&domain);
    assert_eq!(of(a.clone() & b.clone() & c.clone()), json!(["&", "&", x, y, z]));
    assert_eq!(of(a.clone() & (b.clone() | !c.clone())), json!(["&", x, "|", y, "!", z]));
    assert_eq!(of(Domain::all_of([a.clone(), b.clone(), c.clone()])), json!(["&", "&", x, y, z]));
    assert_eq!(of(Domain::any_of([a.clone(), b.clone(), c])), json!(["|", "|", x, y, z]));
    // All and nothing.
    assert_eq!(of(Domain::all_of([])), json!([]));
    assert_eq!(of(Domain::any_of([])), json!([[0, "=", 1]]));
    assert_eq!(of(Domain::all_of([Domain::all(), a.clone(), Domain::all()])), json!([x]));
    assert_eq!(of(Domain::any_of([a.clone(), Domain::all()])), json!([]));
    assert_eq!(of(a.clone() | Domain::all()), json!([]));
    assert_eq!(of(a | !Domain::all()), json!(["|", x, [0, "=", 1]]));
    assert_eq!(of(!!Domain::all()), json!(["!", [0, "=", 1]]));
}

/// The texts are what Python 3 writes for the same lists.
#[test]
fn the_text_is_pythons() {
    for (domain, text) in [
        (Domain::all(), "[]"),
        (Partner::NAME.eq("it's"), r#"[('name', '=', "it's")]"#),
        (Partner::NAME.eq("\"it's\" \\ \n\t\r\0\u{7f}"), r#"[('name', '=', '"it\'s" \\ \n\t\r\x00\x7f')]"#),
        (
            Partner::NAME.eq("é 漢 😀 \u{a0}\u{200b}\u{ad}e\u{301}"),
            r"[('name', '=', 'é 漢 😀 \xa0\u200b\xade\u{301}')]",
        ),
        (Partner::NAME.eq("\u{e000}\u{10ffff}"), r"[('name', '=', '\ue000\U0010ffff')]"),
        (Partner::PARTNER_LATITUDE.eq(1.0), "[('partner_latitude', '=', 1.0)]"),
        (Partner::PARTNER_LATITUDE.eq(-0.1), "[('partner_latitude', '=', -0.1)]"),
        (Partner::PARTNER_LATITUDE.eq(1e16), "[('partner_latitude', '=', 1e+16)]"),
        (
            Partner::PARTNER_LATITUDE.eq(123_456_789_012_345_680.0),
            "[('partner_latitude', '=', 1.2345678901234568e+17)]",
        ),
        (Partner::PARTNER_LATITUDE.eq(0.0001), "[('partner_latitude', '=', 0.0001)]"),
        (Partner::PARTNER_LATITUDE.eq(0.000_012_5), "[('partner_latitude', '=', 1.25e-05)]"),
        (Partner::ACTIVE.is_in([true, false]), "[('active', 'in', [True, False])]"),
        (Domain::raw("x", "=", Value::Null), "[('x', '=', None)]"),
        (Partner::ID.is_in([Id::<Partner>::new(1)]) & !Domain::all(), "['&', ('id', 'in', [1]), (0, '=', 1)]"),
        (
            Partner::PARENT_ID.any(Partner::NAME.eq("a") | !Partner::COLOR.eq(2)),
            "[('parent_id', 'any', ['|', ('name', '=', 'a'), '!', ('color', '=', 2)])]",
        ),
    ] {
        let text = text.replace("\\u{301}", "\u{301}");
        assert_eq!(domain.to_string(), text);
        assert_eq!(json(&Domain::parse(&text).unwrap()), json(&domain), "{text}");
    }
    let dates = Rate::NAME.ge(Date::constant(2026, 1, 31));
    assert_eq!(dates.to_string(), "[('name', '>=', '2026-01-31')]");
}

/// The dice are fixed: the same domains each time.
#[test]
fn what_is_written_reads_back_the_same() {
    let world = World {
        words: ["acme", "it's", "\"q\"", "\\", "a\nb", "é漢😀", "\u{200b}\u{1b}[0m", "", "%_", "#", "None"]
            .map(String::from)
            .to_vec(),
        partners: vec![Id::new(7), Id::new(i64::MAX)],
        tags: vec![Id::new(3)],
        countries: vec![Id::<Country>::new(5)],
        has_any: true,
    };
    let mut dice = Dice(0x0d00_0014_0000_0019);
    let mut lengths = 0;
    for _ in 0..2_000 {
        let (domain, by_hand) = expression(&mut dice, &world, 4);
        assert_eq!(json(&domain), Value::from(by_hand));
        let text = domain.to_string();
        let read = Domain::<Partner>::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(json(&read), json(&domain), "{text}");
        assert_eq!(read.to_string(), text);
        lengths += text.len();
    }
    assert!(lengths > 200_000, "{lengths}");
}

#[test]
fn texts_as_people_and_modules_write_them() {
    for (text, expected) in [
        ("[('a','=',1),('b','=',2)]", json!(["&", ["a", "=", 1], ["b", "=", 2]])),
        ("[('a','=',1),'|',('b','=',2),('c','=',3)]", json!(["&", ["a", "=", 1], "|", ["b", "=", 2], ["c", "=", 3]])),
        (
            "[\n  ('a', '=', 1),  # a comment\n  ['b', \"in\", (1, 2,)],\n]",
            json!(["&", ["a", "=", 1], ["b", "in", [1, 2]]]),
        ),
        ("  (('a', '=', None),)  ", json!([["a", "=", null]])),
        ("[(1, '=', 1)]", json!([[1, "=", 1]])),
        ("[('a.b', 'not in', [])]", json!([["a.b", "not in", []]])),
        (r"[('a', '=', 'x\'\x41\u00e9\U0001F600\101\n\q')]", json!([["a", "=", "x'AéA\n\\q".replace("éA", "é😀A")]])),
        ("[('a', '=', r'\\n'), ('b', '=', u'x' 'y' \"z\")]", json!(["&", ["a", "=", "\\n"], ["b", "=", "xyz"]])),
        (
            "[('a', '>', -1_000), ('b', '<', +2.5e3), ('c', '=', 0xff), ('d', '=', (3))]",
            json!(["&", "&", "&", ["a", ">", -1000], ["b", "<", 2500.0], ["c", "=", 255], ["d", "=", 3]]),
        ),
        ("[('a', 'any', [('b', '=', 1), ('c', '=', 2)])]", json!([["a", "any", ["&", ["b", "=", 1], ["c", "=", 2]]]])),
        ("[]", json!([])),
    ] {
        let read = Domain::<Partner>::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(json(&read), expected, "{text}");
    }
}

#[test]
fn what_is_no_domain_says_where_and_why() {
    for (text, at, why) in [
        ("[('user_id', '=', uid)]", 18, "`uid` is a name"),
        ("[('a', '=', context.get('x'))]", 12, "`context` is a name"),
        ("[('a', '=', 1 + 1)]", 14, "expressions are not evaluated"),
        ("[('a', '=', 'x' % y)]", 16, "expressions are not evaluated"),
        ("[('a', '=', 1)] + []", 16, "expressions are not evaluated"),
        ("[('a', '=', true)]", 12, "`true` is a name"),
        ("[('a', '=', 1)", 14, "the text ends"),
        ("[('a', '=', 'x)]", 12, "the string does not end"),
        ("[('a', '=')]", 1, "three parts"),
        ("[('a', 'is', 1)]", 7, "an operator"),
        ("[(a, '=', 1)]", 2, "`a` is a name"),
        ("['&', ('a', '=', 1)]", 1, "`&` lacks an operand"),
        ("[('a', '=', 1), '!']", 16, "`!` lacks an operand"),
        ("['a', '=', 1]", 1, "a condition or one of"),
        ("('a', '=', 1)", 1, "a condition or one of"),
        ("5", 0, "a list of conditions"),
        ("", 0, "the text ends"),
        ("[('a', '=', {'b': 1})]", 12, "a dict or set"),
        ("[('a', '=', b'x')]", 12, "a string of the sort `b`"),
        ("[('a', '=', 1e999)]", 12, "not a number"),
        ("[('a', '=', 99999999999999999999)]", 12, "not a number"),
        (r"[('a', '=', '\ud800')]", 13, "stands for no character"),
        (&"[".repeat(100_000), 65, "too many lists"),
        ("[('é', '=', uid)]", 13, "`uid` is a name"),
    ] {
        let error = Domain::<Partner>::parse(text).map(|domain| domain.to_string()).unwrap_err();
        assert_eq!(error.position(), at, "{error}: {}", &text[..text.len().min(40)]);
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[test]
fn orders_as_odoo_writes_them() {
    let order = OrderBy::from([Partner::COUNTRY_ID.asc(), Partner::NAME.desc().nulls_last(), Partner::ID.asc()]);
    assert_eq!(order.to_string(), "country_id, name desc nulls last, id");
    assert_eq!(order.reversed().to_string(), "country_id desc, name nulls first, id desc");
}
