//! The feature `serde`: rows and the values in them as JSON, and back.
//!
//! The macros here are given without the feature too, and then do nothing: so generated code has no feature of its own.

/// Has a generated row be written and read by serde.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize_row {
    ($row:ident) => {
        impl $crate::__rt::serde::Serialize for $row {
            #[inline]
            fn serialize<S: $crate::__rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__rt::serialize_as_row(self, serializer)
            }
        }
        impl<'de> $crate::__rt::serde::Deserialize<'de> for $row {
            #[inline]
            fn deserialize<D: $crate::__rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__rt::row_from(deserializer)
            }
        }
    };
}

/// Does nothing without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize_row {
    ($row:ident) => {};
}

/// Has a selection be written and read by serde.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize_selection {
    ($name:ident) => {
        impl $crate::__rt::serde::Serialize for $name {
            #[inline]
            fn serialize<S: $crate::__rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::Selection::as_str(self))
            }
        }
        impl<'de> $crate::__rt::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: $crate::__rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value: ::std::string::String = $crate::__rt::serde::Deserialize::deserialize(deserializer)?;
                Ok(<Self as $crate::Selection>::from_value(&value))
            }
        }
    };
}

/// Does nothing without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize_selection {
    ($name:ident) => {};
}

#[cfg(feature = "serde")]
mod values;

#[cfg(feature = "serde")]
pub use ::serde;

#[cfg(feature = "serde")]
pub use self::values::{row, row_from};
