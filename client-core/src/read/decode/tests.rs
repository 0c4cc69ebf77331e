//! Rows in every form that JSON may have.

use std::time::Duration;

use super::*;

#[derive(Default)]
struct Count(usize);

impl Sink for Count {
    fn begin(&mut self) {
        self.0 = 0;
    }

    fn take(&mut self, _: &mut RowReader<'_>) {
        self.0 += 1;
    }
}

#[test]
fn of_what_comes_too_late_nothing_is_read() {
    let json = format!("[{}{{}}]", "{},".repeat(5 * LOOK));
    for (wait, taken, is_late) in [(0, LOOK - 1, true), (3_600, 5 * LOOK + 1, false)] {
        let mut count = Count::default();
        let mut to_read = Rows::new("res.partner", &[], &mut count);
        to_read.until = Some(Instant::now() + Duration::from_secs(wait));
        let read = rows(json.as_bytes(), to_read).unwrap();
        assert_eq!((read.rows, read.is_late, count.0), (5 * LOOK + 1, is_late, taken));
    }
}

/// Notes the ids of the rows, and their values in the order of the columns.
#[derive(Default)]
struct Values(Vec<(Option<i64>, [Option<i64>; 3])>);

impl Sink for Values {
    fn begin(&mut self) {
        self.0.clear();
    }

    fn take(&mut self, row: &mut RowReader<'_>) {
        self.0.push((row.id(), [(); 3].map(|()| Some(row.value(&0)).filter(|value| *value != 0))));
    }
}

type Outcome = Result<(usize, Option<i64>, Values), String>;

fn read_abc(json: &str) -> Outcome {
    let columns = ["a", "b", "c"].map(|name| Column { name, shape: Shape::Scalar, types: &[], nested: None });
    let mut values = Values::default();
    let read = rows(json.as_bytes(), Rows::new("res.partner", &columns, &mut values));
    read.map(|read| (read.rows, read.last, values)).map_err(|error| error.to_string())
}

#[test]
fn keys_come_in_any_order_and_not_in_every_row() {
    let all = [Some(1), Some(2), Some(3)];
    let wanted = [(None, all), (None, all), (None, all), (None, [None, Some(2), None]), (Some(9), all), (Some(8), all)];
    let json = r#"[{"a": 1, "b": 2, "c": 3}, {"c": 3, "x": 0, "b": 2, "a": 1}, {"c": 3, "x": 0, "b": 2, "a": 1}, {"b": 2}, {"id": 9, "a": 1, "b": 2, "c": 3}, {"id": 8, "a": 1, "b": 2, "c": 3}]"#;
    // As Odoo writes it, and not.
    for json in [json.to_owned(), json.replace(' ', ""), json.replace(' ', "\n ")] {
        let (count, last, values) = read_abc(&json).unwrap();
        assert_eq!((count, last, &values.0[..]), (6, Some(8), &wanted[..]), "{json}");
    }
}

#[test]
fn the_usual_form_is_no_other_json() {
    // No text may become right or wrong, or another value, by being written as Odoo does.
    let row = r#"{"id": 1, "a": 1, "b": 2, "c": 3}"#;
    for text in [
        "[]",
        "[] ",
        "[]]",
        "[",
        "[,]",
        "[{}]",
        "[{}, {}]",
        "[, ROW]",
        "[ROW, ]",
        "[ROWROW]",
        "[ROW, ROW",
        "[ROW]x",
        "[ROW] ",
        "[ROW]\u{a0}",
        "[ROW, 1]",
        "[ROW, {\"id\": 2.5}]",
        "[ROW, {\"id\": 2.5.5}]",
        "[ROW, {\"id\": 2, }]",
        "[ROW, {\"id\": 2, \"a\": }]",
        "[ROW, {\"id\": 2 \"a\": 1}]",
        "[ROW, {\"id\": 2, \"a\": 1e1, \"b\": -, \"c\": 1}]",
        "[ROW, {\"id\": 2, \"a\": 1, \"a\": 7, \"c\": 1}]",
        "[ROW, {\"id\": 2, \"id\": 3}]",
        "[ROW, {\"id\": 2, \"a\": NaN, \"b\": 7, \"c\": false}]",
        "[ROW, {\"id\": nullx, \"a\": 1}]",
    ] {
        let usual = text.replace("ROW", row);
        let other = usual.replacen('[', "[ ", 1);
        match (read_abc(&usual), read_abc(&other)) {
            (Ok(usual), Ok(other)) => {
                assert_eq!((usual.0, usual.1, usual.2.0), (other.0, other.1, other.2.0), "{text}")
            }
            (Err(_), Err(_)) => {}
            _ => panic!("only one of the two is JSON: {text}"),
        }
    }
}

#[test]
fn rows_with_other_keys_than_the_row_before_are_all_read() {
    let rows: Vec<_> = (1..100).map(|id| format!(r#"{{"id": {id}, "{}": 1}}"#, ["a", "b", "c"][id % 3])).collect();
    let (count, last, values) = read_abc(&format!("[{}]", rows.join(", "))).unwrap();
    assert_eq!((count, last), (99, Some(99)));
    for (row, id) in values.0.into_iter().zip(1..) {
        assert_eq!(row, (Some(id), [0, 1, 2].map(|at| (at == id % 3).then_some(1))));
    }
}
