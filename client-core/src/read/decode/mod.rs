//! From the JSON of an answer to records, in one pass and without an intermediate tree.
//!
//! Nothing here is generic over models or records: it is compiled once, however many models a program uses.

mod nested;
mod value;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use tokio::time::Instant;

pub(crate) use self::nested::DEEPEST;
use self::value::ValueSeed;
use crate::model::json;
use crate::read::Page;
use crate::read::column::Column;
use crate::read::error::Failures;
use crate::read::row::RowReader;
use crate::read::slot::Shape;
use crate::{Model, Record};

/// After so many rows comes a look at the clock.
const LOOK: usize = 1 << 12;

/// Decodes a list of records, as `read` and `search_read` answer it.
///
/// # Errors
///
/// When the JSON is not a list of objects. (Python's `NaN`, `Infinity` and `-Infinity` are taken for JSON, as Odoo sends
/// them.) A value that is of another type than its field is no error of the page: it
/// is in [`Page::failures`], and its record is left out.
pub fn records<R: Record>(json: &[u8]) -> Result<Page<R>, serde_json::Error> {
    let mut collected = Collected::<R>::new();
    rows(json, Rows::new(R::Model::ODOO_NAME, &R::columns(), &mut collected))?;
    Ok(collected.page())
}

/// One value of a row, from its JSON.
#[cfg(feature = "serde")]
pub(crate) fn value<T: crate::read::slot::Slot + Default>(
    json: &serde_json::Value,
) -> Result<T, crate::read::DecodeError> {
    let columns = [Column { name: "value", shape: T::shape(), types: &[], nested: None }];
    let text = format!("{{\"value\":{json}}}");
    let mut row = RowReader::new("a", &columns);
    // If it could not be read, it is missing.
    let _ = Row(&mut row).deserialize(&mut serde_json::Deserializer::from_str(&text));
    let value = row.value(&T::default());
    let mut failures = Failures::default();
    row.failures(&mut failures);
    failures.first.pop().map_or(Ok(value), Err)
}

pub(crate) fn rows(json: &[u8], mut rows: Rows<'_>) -> Result<Read, serde_json::Error> {
    // All at once is faster than string by string.
    let text = std::str::from_utf8(json).map_err(serde::de::Error::custom)?;
    read(text, rows.reborrow()).or_else(|error| match json::quoted(text) {
        Some(quoted) => read(&quoted, rows),
        None => Err(error),
    })
}

fn read(json: &str, rows: Rows<'_>) -> Result<Read, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(json);
    let read = rows.deserialize(&mut json)?;
    json.end()?;
    Ok(read)
}

/// What has been read of an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Read {
    /// How many records there were, with those that did not decode.
    pub(crate) rows: usize,
    /// The id of the last of them, where the answer had it.
    pub(crate) last: Option<i64>,
    /// Whether the time was over before the last of them.
    pub(crate) is_late: bool,
}

/// Where the rows of an answer go.
pub(crate) trait Sink {
    /// Forgets all rows: those of an answer come, perhaps for the second time.
    fn begin(&mut self);

    /// Takes a row whose values were read.
    fn take(&mut self, row: &mut RowReader<'_>);
}

pub(crate) struct Collected<R: Record> {
    blank: R::Blank,
    records: Vec<R>,
    failures: Failures,
}

impl<R: Record> Collected<R> {
    pub(crate) fn new() -> Self {
        Self { blank: R::blank(), records: Vec::new(), failures: Failures::default() }
    }

    pub(crate) fn page(self) -> Page<R> {
        let Failures { first, more } = self.failures;
        Page { records: self.records, failures: first, more_failures: more }
    }
}

impl<R: Record> Sink for Collected<R> {
    fn begin(&mut self) {
        self.records.clear();
        self.failures = Failures::default();
    }

    fn take(&mut self, row: &mut RowReader<'_>) {
        match R::from_row(&self.blank, row) {
            Some(record) if row.is_sound() => self.records.push(record),
            _ => row.failures(&mut self.failures),
        }
    }
}

/// The seed that decodes a list of rows into a sink.
pub(crate) struct Rows<'a> {
    model: &'a str,
    columns: &'a [Column],
    sink: &'a mut dyn Sink,
    /// How many records were asked for: of more, the sink gets none.
    pub(crate) at_most: Option<u64>,
    /// When the time for it is over: of what comes later, the sink gets nothing.
    pub(crate) until: Option<Instant>,
    depth: usize,
}

impl<'a> Rows<'a> {
    /// `columns` are those that the sink takes.
    pub(crate) fn new(model: &'a str, columns: &'a [Column], sink: &'a mut dyn Sink) -> Self {
        Self { model, columns, sink, at_most: None, until: None, depth: 1 }
    }

    /// To read an answer, and perhaps once more.
    pub(crate) fn reborrow(&mut self) -> Rows<'_> {
        Rows { sink: &mut *self.sink, ..*self }
    }

    /// Whether trees of values are made of any of them.
    pub(crate) fn have_trees(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.shape, Shape::Raw | Shape::Nested))
    }
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Read;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Read, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} records", self.model)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Read, A::Error> {
        let mut read = Read::default();
        let mut row = RowReader::new(self.model, self.columns);
        row.nest(self.depth);
        let at_most = self.at_most.map_or(usize::MAX, |at_most| usize::try_from(at_most).unwrap_or(usize::MAX));
        self.sink.begin();
        loop {
            if read.rows % LOOK == LOOK - 1 {
                read.is_late |= self.until.is_some_and(|until| Instant::now() > until);
            }
            // Whoever asked is told; the rest is only to be JSON.
            if read.rows >= at_most || read.is_late {
                match rows.next_element::<IgnoredAny>()? {
                    Some(_) => read.rows += 1,
                    None => return Ok(read),
                }
                continue;
            }
            if rows.next_element_seed(Row(&mut row))?.is_none() {
                return Ok(read);
            }
            read.rows += 1;
            read.last = row.id();
            self.sink.take(&mut row);
        }
    }
}

/// The seed that reads the values of one row.
struct Row<'r, 'a>(&'r mut RowReader<'a>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for Row<'_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Row<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let row = self.0;
        row.clear();
        let columns = row.columns();
        let (mut nth, mut expected) = (0, row.order.expected(0));
        while let Some(key) = map.next_key_seed(Position { columns, expected })? {
            match key {
                Key::At(at, shape) => {
                    if at != expected {
                        row.order.learn(nth, at, columns.len());
                    }
                    map.next_value_seed(ValueSeed { row: &mut *row, at, shape })?;
                }
                // Odoo answers it whether it was asked for or not.
                Key::Id => {
                    let id = map.next_value::<&RawValue>()?;
                    row.set_id(id.get().parse().ok());
                }
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
            nth += 1;
            expected = row.order.expected(nth);
        }
        Ok(())
    }
}

/// Finds the position of a key among the fields, trying the one that is expected first.
struct Position<'a> {
    columns: &'a [Column],
    expected: usize,
}

/// What a key is.
enum Key {
    At(usize, Shape),
    /// The id, which was not asked for.
    Id,
    Other,
}

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Key, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        if let Some(column) = self.columns.get(self.expected)
            && is_same(column.name, name)
        {
            return Ok(Key::At(self.expected, column.shape));
        }
        let found = self.columns.iter().enumerate().find(|(_, column)| column.name == name);
        Ok(match found {
            Some((at, column)) => Key::At(at, column.shape),
            None if name == "id" => Key::Id,
            None => Key::Other,
        })
    }
}

/// Whether two names are the same. They are short and nearly always are, and for that the library's comparison, which
/// is made for any length, costs a twentieth of all decoding.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match (one.first_chunk::<8>(), other.first_chunk::<8>(), one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(a), Some(b), Some(c), Some(d)) if one.len() <= 16 => a == b && c == d,
        (Some(_), ..) => one == other,
        _ => one.iter().zip(other).all(|(a, b)| a == b),
    }
}

#[cfg(test)]
mod tests {
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

    /// Notes the values of the rows, in the order of the columns.
    #[derive(Default)]
    struct Values(Vec<[Option<i64>; 3]>);

    impl Sink for Values {
        fn begin(&mut self) {}

        fn take(&mut self, row: &mut RowReader<'_>) {
            self.0.push([(); 3].map(|()| Some(row.value(&0)).filter(|value| *value != 0)));
        }
    }

    #[test]
    fn keys_come_in_any_order_and_not_in_every_row() {
        let json = r#"[{"a":1,"b":2,"c":3},{"c":3,"x":0,"b":2,"a":1},{"c":3,"x":0,"b":2,"a":1},{"b":2},{"id":9,"a":1,"b":2,"c":3}]"#;
        let columns = ["a", "b", "c"].map(|name| Column { name, shape: Shape::Scalar, types: &[], nested: None });
        let mut values = Values::default();
        rows(json.as_bytes(), Rows::new("res.partner", &columns, &mut values)).unwrap();
        let all = [Some(1), Some(2), Some(3)];
        assert_eq!(values.0, [all, all, all, [None, Some(2), None], all]);
    }
}
