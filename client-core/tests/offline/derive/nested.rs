//! Records that are read with others.

use super::*;

#[derive(Record, Debug)]
#[odoo(model = Order)]
struct Deep {
    id: Id<Order>,
    partner_id: Option<Customer>,
    order_line: Vec<DeepLine>,
}

#[derive(Record, Debug)]
#[odoo(model = Partner)]
struct Customer {
    id: Id<Partner>,
    name: String,
    child_ids: Vec<Child>,
}

#[derive(Record, Debug)]
#[odoo(model = Partner)]
struct Child {
    name: String,
}

#[derive(Record, Debug)]
#[odoo(model = Line)]
struct DeepLine {
    name: Option<String>,
    partner_id: Child,
}

#[test]
fn records_in_records_are_read_and_named_where_they_fail() {
    let orders: Page<Deep> = read(
        r#"[{"id": 1, "partner_id": {"id": 2, "name": "A", "child_ids": [{"id": 3, "name": "B"}, {"id": 4, "name": "C"}]},
             "order_line": [{"id": 5, "name": false, "partner_id": {"id": 2, "name": "A"}}]},
            {"id": 2, "partner_id": false, "order_line": []}]"#,
    );
    assert_eq!(orders.failures, []);
    let customer = orders.records[0].partner_id.as_ref().unwrap();
    assert_eq!((customer.id, &*customer.name), (Id::new(2), "A"));
    assert_eq!(customer.child_ids.iter().map(|child| &*child.name).collect::<Vec<_>>(), ["B", "C"]);
    assert_eq!(
        (&orders.records[0].order_line[0].name, &*orders.records[0].order_line[0].partner_id.name),
        (&None, "A")
    );
    assert!(orders.records[1].partner_id.is_none() && orders.records[1].id == Id::new(2));

    let bad = r#"[{"id": 1, "partner_id": {"id": 2, "name": false, "child_ids": [{"id": 3, "name": 4}, {"id": 4, "name": {}}]},
                   "order_line": [{"id": 5, "name": "L", "partner_id": false}, {"id": 6, "name": true, "partner_id": {"name": "A"}}]}]"#;
    assert_eq!(
        failure::<Deep>(bad),
        "res.partner(4).name: expected text or `false`, found {}; res.partner(2).name: expected text, found false; \
         sale.order.line(5).partner_id: expected a record, found false; \
         sale.order.line(6).name: expected text or `false`, found true"
    );
    // What could not be read.
    assert_eq!(
        failure::<Deep>(r#"[{"id": 1, "partner_id": [2, "A"], "order_line": [5]}]"#),
        "sale.order(1).partner_id: expected a record that this user may read and that is still there (a \
         `Readable<…>` holds the id and name of any other), found [2, \"A\"]; \
         sale.order(1).order_line: expected records that this user may read and that are still there (a \
         `Vec<Readable<…>>` holds the ids of any others), found [5]"
    );
}

#[test]
fn a_record_that_was_not_read_is_neither_a_record_nor_empty() {
    #[derive(Record, Debug)]
    #[odoo(model = Order)]
    struct Tolerant {
        partner_id: Readable<Child>,
        order_line: Vec<Readable<DeepLine>>,
    }
    let json = |partner: &str, lines: &str| format!(r#"[{{"id": 1, "partner_id": {partner}, "order_line": {lines}}}]"#);
    let unread = |partner: &str| match one::<Tolerant>(&json(partner, "[]")).partner_id {
        Readable::Read(read) => panic!("{read:?}"),
        Readable::Unreadable(to) => (to.id().get(), to.name().map(str::to_owned)),
    };
    assert_eq!(unread(r#"[2, "A"]"#), (2, Some("A".into())));
    assert_eq!(unread("[2, false]"), (2, None));
    assert_eq!(unread("2"), (2, None));

    let line = r#"{"id": 5, "name": "L", "partner_id": {"id": 2, "name": "A"}}"#;
    // The second as a 17.0 and later have it in a list of a specification, by their source.
    let order: Tolerant = one(&json(r#"{"id": 2, "name": "A"}"#, &format!(r#"[6, {{"id": 7}}, {line}]"#)));
    assert_eq!(order.partner_id.get().unwrap().name, "A");
    let shown: Vec<_> = order.order_line.iter().map(|line| format!("{line:?}")).collect();
    assert_eq!(shown[..2], ["Unreadable(sale.order.line(6))", "Unreadable(sale.order.line(7))"]);
    assert_eq!(order.order_line[2].get().unwrap().name.as_deref(), Some("L"));
    let all: Tolerant = one(&json("2", &format!("[{line}]")));
    assert!(all.order_line[0].get().is_some());
    assert!(one::<Tolerant>(&json("2", "false")).order_line.is_empty());

    assert_eq!(
        failure::<Tolerant>(&json("false", r#"[6, {"name": true}, {"id": 8, "name": "L", "partner_id": false}]"#)),
        "sale.order.line.name: expected text or `false`, found true; \
         sale.order.line.partner_id: expected a value, but the answer does not have it; \
         sale.order.line(8).partner_id: expected a record, found false; sale.order(1).partner_id: expected a record, \
         found false"
    );
}

#[test]
fn a_many2one_is_read_from_the_object_of_a_specification() {
    #[derive(Record)]
    #[odoo(model = Order)]
    struct Linked {
        partner_id: Option<Many2one<Partner>>,
    }
    let link =
        |json: &str| one::<Linked>(json).partner_id.map(|link| (link.id().get(), link.name().map(str::to_owned)));
    assert_eq!(link(r#"[{"partner_id": {"id": 3, "display_name": "Azure"}}]"#), Some((3, Some("Azure".into()))));
    assert_eq!(link(r#"[{"partner_id": {"display_name": "é\n", "id": 3, "x": "y"}}]"#), Some((3, Some("é\n".into()))));
    assert_eq!(link(r#"[{"partner_id": {"id": 3, "display_name": false}}]"#), Some((3, None)));
    assert_eq!(link(r#"[{"partner_id": false}]"#), None);
    assert_eq!(
        failure::<Linked>(r#"[{"partner_id": {"id": false}}]"#),
        r#"sale.order.partner_id: expected a many2one (`[7, "name"]`), found {"id":false}"#
    );
}
