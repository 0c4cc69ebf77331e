//! Open enums for the values of a selection.

use std::fmt;
use std::mem::discriminant;

/// The values of a `selection` field: an enum with a variant for each value of the pin, and one for any other.
///
/// A server can have values that the pin does not: an app installed since adds its own. Reading one is no error; it
/// keeps its text and is written back as it came.
pub trait Selection: Clone + PartialEq + fmt::Debug + 'static {
    /// The known values, sorted.
    const VALUES: &'static [&'static str];

    /// The variant for the value at this place among the known ones, or beyond them, the one for `other`.
    fn variant(at: usize, other: UnknownValue) -> Self;

    /// The place of this value among the known ones, or its text.
    ///
    /// # Errors
    ///
    /// The text, when the value is none of the known ones.
    fn place(&self) -> Result<usize, &UnknownValue>;

    /// The variant for a value on the wire.
    fn from_value(value: &str) -> Self {
        let (at, other) = look_up(Self::VALUES, value);
        Self::variant(at, other)
    }

    /// The value on the wire.
    fn as_str(&self) -> &str {
        text(Self::VALUES, self.place())
    }

    /// The text of a value that is none of the known ones.
    fn as_unknown(&self) -> Option<&UnknownValue> {
        self.place().err()
    }
}

// One function for all enums: a generated crate has hundreds of them.

pub(crate) fn look_up(values: &[&str], value: &str) -> (usize, UnknownValue) {
    match values.binary_search(&value) {
        Ok(at) => (at, UnknownValue::default()),
        Err(_) => (usize::MAX, UnknownValue(value.into())),
    }
}

pub(crate) fn text<'a>(values: &[&'a str], place: Result<usize, &'a UnknownValue>) -> &'a str {
    match place {
        Ok(at) => values.get(at).copied().unwrap_or_default(),
        Err(unknown) => unknown.as_str(),
    }
}

/// What the macro's `Clone` calls.
#[doc(hidden)]
#[inline]
pub fn copy<E: Selection>(value: &E) -> E {
    let (at, other) = split(value.place());
    E::variant(at, other)
}

fn split(place: Result<usize, &UnknownValue>) -> (usize, UnknownValue) {
    match place {
        Ok(at) => (at, UnknownValue::default()),
        Err(unknown) => (usize::MAX, unknown.clone()),
    }
}

/// The place of a known value, for the macro's enums of many values.
#[doc(hidden)]
pub fn find<E: Selection>(value: &E) -> usize {
    let wanted = discriminant(value);
    first(E::VALUES.len(), &|at| discriminant(&E::variant(at, UnknownValue::default())) == wanted)
}

fn first(count: usize, is_it: &dyn Fn(usize) -> bool) -> usize {
    (0..count).find(|at| is_it(*at)).unwrap_or(usize::MAX)
}

/// A selection value that was not in the pin.
///
/// No other than the empty one can be made: a known value is then always its own variant, and two equal values are equal.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Makes an enum a [`Selection`].
///
/// The values come with their places in sorted order, and the enum must have a variant `Unknown(UnknownValue)`. The macro
/// gives it the usual traits, with less to compile than what `derive` writes. With `many` in front there is less still,
/// but the place of a value is searched for.
#[doc(hidden)]
#[macro_export]
macro_rules! __selection {
    ($name:ident: $($at:literal $value:literal => $variant:ident,)*) => {
        $crate::__selection! { $name, |this| match this {
            $(Self::$variant => Ok($at),)*
            Self::Unknown(value) => Err(value),
        }; $($at $value => $variant,)* }
    };
    // To see that no arm is missing, rustc takes time with the square of their number: the 597 time zones of Odoo 19 took
    // more than all other enums of `account`, `res` and `sale`.
    (many $name:ident: $($at:literal $value:literal => $variant:ident,)*) => {
        $crate::__selection! { $name, |this| match this {
            Self::Unknown(value) => Err(value),
            known => Ok($crate::__rt::find_selection(known)),
        }; $($at $value => $variant,)* }
    };
    ($name:ident, |$this:ident| $place:expr; $($at:literal $value:literal => $variant:ident,)*) => {
        impl $crate::Selection for $name {
            const VALUES: &'static [&'static str] = &[$($value),*];
            #[inline]
            fn variant(at: usize, other: $crate::model::UnknownValue) -> Self {
                match at {
                    $($at => Self::$variant,)*
                    _ => Self::Unknown(other),
                }
            }
            #[inline]
            fn place(&self) -> Result<usize, &$crate::model::UnknownValue> {
                let $this = self;
                $place
            }
        }
        impl ::std::clone::Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                $crate::__rt::copy_selection(self)
            }
        }
        impl ::std::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::Selection::place(self) == $crate::Selection::place(other)
            }
        }
        impl ::std::cmp::Eq for $name {}
        impl ::std::hash::Hash for $name {
            #[inline]
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash($crate::Selection::as_str(self), state);
            }
        }
        /// The value on the wire, in quotes.
        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt($crate::Selection::as_str(self), f)
            }
        }
        $crate::__serialize_selection! { $name }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Wire;
    use crate::read::slot::Slot;

    enum Few {
        Draft,
        Done,
        Unknown(UnknownValue),
    }
    crate::__selection! { Few: 0 "done" => Done, 1 "draft" => Draft, }

    enum Many {
        Draft,
        Done,
        Unknown(UnknownValue),
    }
    crate::__selection! { many Many: 0 "done" => Done, 1 "draft" => Draft, }

    fn every_value_round_trips<E: Selection>(draft: &E, done: &E) {
        assert_eq!((draft.as_str(), done.as_str()), ("draft", "done"));
        assert_eq!((draft.place(), done.place()), (Ok(1), Ok(0)));
        assert!(draft != done && E::from_value("draft") == *draft && draft.clone() == *draft);
        let (held, lost) = (E::from_value("on hold"), E::from_value("lost"));
        assert_eq!((held.as_str(), held.as_unknown().map(UnknownValue::as_str)), ("on hold", Some("on hold")));
        assert!(held == held.clone() && held != lost && held != *draft);
        for value in ["draft", "done", "on hold", ""] {
            let read = <Option<E>>::from_wire(Wire::Text(value)).unwrap();
            assert_eq!(read.wire(), Wire::Text(value));
        }
    }

    #[test]
    fn few_and_many_values_behave_alike() {
        every_value_round_trips(&Few::Draft, &Few::Done);
        every_value_round_trips(&Many::Draft, &Many::Done);
    }
}
