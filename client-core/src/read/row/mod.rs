//! One row of an answer, between its JSON and the record that is made of it.

mod key_order;

use std::fmt;
use std::marker::PhantomData;

use self::key_order::KeyOrder;
use crate::field::kind::{self, Kind};
use crate::model::UnknownValue;
use crate::model::ids::Numbers;
use crate::model::link::Target;
use crate::model::selection;
use crate::read::column::{Column, Types};
use crate::read::error::{DecodeError, Failures};
use crate::read::slot::{self, Inner, Mismatch, NestedJson, Shape, Slot, Wire};
use crate::{Date, Datetime, Id, Ids, Json, Link, Reference, Selection};

/// Gives the values of a row one by one, in the order of its fields.
///
/// They are those of an answer. A value that is not what its field should have is noted, and something empty given in its
/// place: the record is not used, and the error names all such values.
///
/// Whole rows are also copied and shown by it, which is why its methods are told what is in the row that is current: for
/// a field there is one call in a generated crate, whatever is done with it, and that is compiled once for all models.
pub struct RowReader<'a> {
    model: &'a str,
    columns: &'a [Column],
    /// The value of each column. There are none where it is not an answer that is read.
    cells: Vec<Cell<'a>>,
    /// Texts that are not in the JSON as they are, one behind the other.
    texts: String,
    /// Lists of ids, one behind the other.
    ids: Vec<i64>,
    /// The column of the id; one behind the others if it was not asked for, as Odoo answers it all the same.
    id_at: usize,
    pub(super) order: KeyOrder,
    /// The column whose value is taken next.
    at: usize,
    /// Which columns had what instead of what they should.
    mismatches: Vec<(usize, Mismatch, Option<String>)>,
    /// What did not decode in records inside of the row's fields.
    inner: Inner,
    purpose: Purpose<'a>,
}

/// What a row is read for.
enum Purpose<'a> {
    /// To decode an answer.
    Decode,
    /// To see how its values are read.
    Ask(Vec<(Shape, Types)>),
    /// To copy the row that is there.
    Copy,
    /// To tell the values of the row that is there.
    Tell(&'a mut dyn FnMut(Wire<'_>)),
}

/// The value of a column.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    Absent,
    Wire(Wire<'a>),
    /// These in place of those of `Wire`, which borrow.
    Text(Span),
    Pair(i64, Span),
    Ids(Span),
    Raw(Span),
    Nested(&'a str),
}

/// A part of the row's texts or ids.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(model: &'a str, columns: &'a [Column]) -> Self {
        let id_at = columns.iter().position(|column| column.name == "id");
        Self {
            model,
            columns,
            cells: Vec::new(),
            texts: String::new(),
            ids: Vec::new(),
            id_at: id_at.unwrap_or(columns.len()),
            order: KeyOrder::default(),
            at: 0,
            mismatches: Vec::new(),
            inner: Inner::default(),
            purpose: Purpose::Decode,
        }
    }

    /// Forgets the row before, but keeps the room that it took.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.cells.resize(self.columns.len() + 1, Cell::Absent);
        self.texts.clear();
        self.ids.clear();
        self.at = 0;
    }

    /// Says how many records this one is within, itself included.
    pub(super) fn nest(&mut self, depth: usize) {
        self.inner.depth = depth;
    }

    pub(super) fn columns(&self) -> &'a [Column] {
        self.columns
    }

    pub(super) fn set(&mut self, at: usize, cell: Cell<'a>) {
        if let Some(place) = self.cells.get_mut(at) {
            *place = cell;
        }
    }

    pub(super) fn id_at(&self) -> usize {
        self.id_at
    }

    /// The id of the record, where the answer had it.
    pub(crate) fn id(&self) -> Option<i64> {
        match self.wire(self.id_at)? {
            Wire::Int(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn keep_text(&mut self, text: &str) -> Span {
        let start = self.texts.len();
        self.texts.push_str(text);
        Span { start, end: self.texts.len() }
    }

    pub(super) fn text_of(&self, span: Span) -> &str {
        self.texts.get(span.start..span.end).unwrap_or_default()
    }

    /// Adds an id behind those that this list has.
    pub(super) fn keep_id(&mut self, list: &mut Option<Span>, id: i64) {
        let start = list.map_or(self.ids.len(), |list| list.start);
        self.ids.push(id);
        *list = Some(Span { start, end: self.ids.len() });
    }

    pub(super) fn ids_of(&self, span: Span) -> &[i64] {
        self.ids.get(span.start..span.end).unwrap_or_default()
    }

    // Decoding takes a fifth longer if this is a call.
    #[inline(always)]
    fn wire(&self, at: usize) -> Option<Wire<'_>> {
        Some(match *self.cells.get(at)? {
            Cell::Absent => return None,
            Cell::Wire(wire) => wire,
            Cell::Text(text) => Wire::Text(self.text_of(text)),
            Cell::Pair(id, name) => Wire::Pair(id, Some(self.text_of(name))),
            Cell::Ids(ids) => Wire::Ids(self.ids_of(ids)),
            Cell::Raw(json) => Wire::Raw(self.text_of(json)),
            Cell::Nested(json) => Wire::Nested(NestedJson { json, around: &self.inner }),
        })
    }

    fn next(&mut self) -> usize {
        self.at += 1;
        self.at - 1
    }

    /// What is done where no answer has the value: whether the one of the row that is there is to be given.
    #[cold]
    fn is_copied(&mut self, at: usize, wanted: (Shape, Types), current: Wire<'_>) -> bool {
        match &mut self.purpose {
            Purpose::Decode => self.mismatches.push((at, Mismatch("a value"), None)),
            Purpose::Ask(all) => all.push(wanted),
            Purpose::Copy => return true,
            Purpose::Tell(each) => each(current),
        }
        false
    }

    #[cold]
    fn note(&mut self, at: usize, expected: Mismatch) {
        let is_told = !self.inner.failures.get_mut().is_empty();
        let found = match self.wire(at) {
            // What failed inside says more.
            Some(Wire::Nested(_)) if is_told => return,
            found => found.map(slot::shown),
        };
        self.mismatches.push((at, expected, found));
    }

    /// Whether all values that were taken are what they should be.
    pub(crate) fn is_sound(&mut self) -> bool {
        self.mismatches.is_empty() && self.inner.failures.get_mut().is_empty()
    }

    /// Adds what did not decode in the row.
    #[cold]
    pub(crate) fn failures(&mut self, all: &mut Failures) {
        all.append(self.inner.failures.take());
        let id = self.id();
        for (at, Mismatch(expected), found) in self.mismatches.drain(..) {
            all.add(|| DecodeError {
                model: self.model.to_owned(),
                id,
                field: self.columns.get(at).map_or("", |column| column.name).to_owned(),
                expected,
                found,
            });
        }
    }

    /// The next value, of any type that whole rows have.
    #[inline]
    pub fn value<T: Slot + Default>(&mut self, current: &T) -> T {
        self.typed(&[], current)
    }

    /// The next value, of a field whose type has one of these names.
    #[inline]
    fn typed<T: Slot + Default>(&mut self, types: Types, current: &T) -> T {
        self.read((T::shape(), types), || current.wire(), T::from_wire).unwrap_or_default()
    }

    #[inline]
    fn read<'t, T>(
        &mut self,
        wanted: (Shape, Types),
        current: impl FnOnce() -> Wire<'t>,
        from_wire: impl FnOnce(Wire<'_>) -> Result<T, Mismatch>,
    ) -> Option<T> {
        let at = self.next();
        // In both places: behind the match, whole rows take 5 % longer.
        let read = match self.wire(at) {
            Some(wire) => from_wire(wire),
            None => {
                let current = current();
                if !self.is_copied(at, wanted, current) {
                    return None;
                }
                from_wire(current)
            }
        };
        read.map_err(|expected| self.note(at, expected)).ok()
    }

    /// The next value, as `#[derive(Record)]` reads it: not copied from a row that is there.
    #[inline]
    pub(crate) fn field<T>(
        &mut self,
        wanted: (Shape, Types),
        from_wire: impl FnOnce(Wire<'_>) -> Result<T, Mismatch>,
    ) -> Option<T> {
        let at = self.next();
        let Some(wire) = self.wire(at) else {
            self.is_copied(at, wanted, Wire::Null);
            return None;
        };
        from_wire(wire).map_err(|expected| self.note(at, expected)).ok()
    }

    /// A `boolean`.
    pub fn boolean(&mut self, current: &bool) -> bool {
        self.typed(kind::Boolean::TYPES, current)
    }

    /// An `integer`.
    pub fn integer(&mut self, current: &i64) -> i64 {
        self.typed(kind::Integer::TYPES, current)
    }

    /// A `float` or `monetary`.
    pub fn float(&mut self, current: &f64) -> f64 {
        self.typed(kind::Float::TYPES, current)
    }

    /// A `char`, `text` or `html`.
    pub fn text(&mut self, current: &Option<String>) -> Option<String> {
        self.typed(kind::Text::TYPES, current)
    }

    /// A `date`.
    pub fn date(&mut self, current: &Option<Date>) -> Option<Date> {
        self.typed(kind::Date::TYPES, current)
    }

    /// A `datetime`.
    pub fn datetime(&mut self, current: &Option<Datetime>) -> Option<Datetime> {
        self.typed(kind::Datetime::TYPES, current)
    }

    /// A `reference`.
    pub fn reference(&mut self, current: &Option<Reference>) -> Option<Reference> {
        self.typed(kind::Reference::TYPES, current)
    }

    /// A `many2one_reference`.
    pub fn number(&mut self, current: &Option<i64>) -> Option<i64> {
        self.typed(kind::Many2oneReference::TYPES, current)
    }

    /// Anything else, as it came.
    pub fn json(&mut self, current: &Json) -> Json {
        self.value(current)
    }

    /// A `many2one`.
    #[inline]
    pub fn link<M>(&mut self, current: &Link<M>) -> Link<M> {
        Link { target: self.target(&current.target), model: PhantomData }
    }

    fn target(&mut self, current: &Target) -> Target {
        self.typed(kind::Many2one::<()>::TYPES, current)
    }

    /// A `one2many` or `many2many`.
    #[inline]
    pub fn links<M>(&mut self, current: &Ids<M>) -> Ids<M> {
        Ids { numbers: self.numbers(&current.numbers), model: PhantomData }
    }

    fn numbers(&mut self, current: &Numbers) -> Numbers {
        self.typed(kind::One2many::<()>::TYPES, current)
    }

    /// The `id`.
    #[inline]
    pub fn record_id<M>(&mut self, current: &Id<M>) -> Id<M> {
        Id::new(self.key(current.get()))
    }

    fn key(&mut self, current: i64) -> i64 {
        self.read((Shape::Scalar, kind::Id::TYPES), || Wire::Int(current), slot::id).unwrap_or_default()
    }

    /// A `selection`.
    #[expect(clippy::manual_map, reason = "a closure is one more function to compile for each enum")]
    #[inline]
    pub fn selection<E: Selection>(&mut self, current: &Option<E>) -> Option<E> {
        let current = match current {
            Some(current) => Some(current.place()),
            None => None,
        };
        match self.known(E::VALUES, current) {
            Some((at, other)) => Some(E::variant(at, other)),
            None => None,
        }
    }

    fn known(
        &mut self,
        values: &[&str],
        current: Option<Result<usize, &UnknownValue>>,
    ) -> Option<(usize, UnknownValue)> {
        let current = || current.map_or(Wire::Null, |place| Wire::Text(selection::text(values, place)));
        let wanted = (Shape::Scalar, kind::Selection::<()>::TYPES);
        self.read(wanted, current, |value| slot::known(values, value)).flatten()
    }

    fn to(purpose: Purpose<'a>) -> Self {
        Self { purpose, ..Self::new("", &[]) }
    }

    /// One that is asked how the values are read that are taken from it.
    pub(crate) fn for_columns() -> Self {
        Self::to(Purpose::Ask(Vec::new()))
    }

    /// One that copies the row that is there.
    pub(crate) fn copying() -> Self {
        Self::to(Purpose::Copy)
    }

    /// One that tells the values of the row that is there.
    pub(crate) fn telling(each: &'a mut dyn FnMut(Wire<'_>)) -> Self {
        Self::to(Purpose::Tell(each))
    }

    /// How the values were read that one that is asked was asked for.
    pub(crate) fn into_columns(self) -> Vec<(Shape, Types)> {
        match self.purpose {
            Purpose::Ask(columns) => columns,
            _ => Vec::new(),
        }
    }
}

/// The model.
impl fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("model", &self.model).finish_non_exhaustive()
    }
}
