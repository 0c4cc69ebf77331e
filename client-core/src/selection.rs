//! Open enums for the values of a selection.

use std::fmt;

/// The values of a `selection` field: an enum with a variant for each value of the pin, and one for any other.
///
/// A server can have values that the pin does not: an app installed since adds its own. Reading one is no error; it
/// keeps its text and is written back as it came.
pub trait Selection: Clone + PartialEq + fmt::Debug + 'static {
    /// The known values with their variants, sorted by value.
    const VALUES: &'static [(&'static str, Self)];

    /// The variant for a value that is none of the known ones.
    fn from_unknown(value: UnknownValue) -> Self;

    /// The text of a value that is none of the known ones.
    fn as_unknown(&self) -> Option<&UnknownValue>;

    /// The variant for a value on the wire.
    fn from_value(value: &str) -> Self {
        match Self::VALUES.binary_search_by_key(&value, |(known, _)| known) {
            Ok(at) => Self::VALUES[at].1.clone(),
            Err(_) => Self::from_unknown(UnknownValue(value.into())),
        }
    }

    /// The value on the wire.
    fn as_str(&self) -> &str {
        match self.as_unknown() {
            Some(unknown) => unknown.as_str(),
            None => Self::VALUES.iter().find(|(_, variant)| is(variant, self)).map_or("", |(value, _)| value),
        }
    }

    /// Whether both are the same value.
    fn is(&self, other: &Self) -> bool {
        is(self, other) && self.as_unknown() == other.as_unknown()
    }
}

fn is<E>(one: &E, other: &E) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// A selection value that was not in the pin.
///
/// It cannot be made directly: a known value is then always its own variant, and two equal values are equal.
#[derive(Clone, PartialEq, Eq, Hash)]
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

/// Makes an enum a [`Selection`]; used by generated code.
///
/// The values must be sorted, and the enum must be `Clone` and have a variant `Unknown(UnknownValue)`. The macro gives it
/// the other usual traits, with less to compile than what `derive` writes.
///
/// ```
/// use odoo_client::{Selection, UnknownValue};
///
/// #[derive(Clone)]
/// pub enum State {
///     Draft,
///     Done,
///     Unknown(UnknownValue),
/// }
/// odoo_client::selection! { State: "done" => Done, "draft" => Draft, }
///
/// assert_eq!(State::from("draft"), State::Draft);
/// assert_eq!(State::Done.as_str(), "done");
/// assert_eq!(State::from("on_hold").as_str(), "on_hold");
/// ```
#[macro_export]
macro_rules! selection {
    ($name:ident: $($value:literal => $variant:ident,)*) => {
        impl $crate::Selection for $name {
            const VALUES: &'static [(&'static str, Self)] = &[$(($value, Self::$variant)),*];
            #[inline]
            fn from_unknown(value: $crate::UnknownValue) -> Self {
                Self::Unknown(value)
            }
            #[inline]
            fn as_unknown(&self) -> Option<&$crate::UnknownValue> {
                match self {
                    Self::Unknown(value) => Some(value),
                    // A selection can be without any known value.
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }
        }
        impl ::std::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::Selection::is(self, other)
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
        /// The value on the wire.
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad($crate::Selection::as_str(self))
            }
        }
        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                $crate::Selection::from_value(value)
            }
        }
    };
}
