//! Arguments that serde writes.

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::{Error, Value};

use super::Argument;
use crate::error::Refusal;
use crate::write::values::no_such_number;

/// An [`Argument`] of any type that serde serializes, such as a struct of your own.
///
/// It is the JSON that the type itself writes: a date in it as its own crate writes dates, which Odoo may not read.
///
/// ```
/// use odoo_client::write::Serialized;
/// # #[derive(serde_derive::Serialize)]
/// # struct Filter { min: f64 }
///
/// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
/// let filter = Filter { min: 1.5 }; // with #[derive(serde::Serialize)]
/// let found: Vec<i64> = odoo.model("x_shop").call("find").arg("filter", Serialized(&filter)).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serialized<T>(pub T);

impl<T: Serialize> Argument for Serialized<T> {
    fn to_json(&self) -> Result<Value, Refusal> {
        self.0.serialize(Finite).and_then(|()| serde_json::to_value(&self.0)).map_err(refused)
    }

    fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
        self.0.serialize(Finite).and_then(|()| serde_json::to_writer(json, &self.0)).map_err(refused)
    }
}

#[cold]
pub(super) fn refused(error: Error) -> Refusal {
    Refusal::new(error.to_string())
}

/// Goes through a value for numbers that JSON does not have: `serde_json` writes `null` for them, and says nothing.
#[derive(Clone, Copy)]
struct Finite;

macro_rules! nothing_odd {
    ($($method:ident: $value:ty;)*) => {
        $(fn $method(self, _: $value) -> Result<(), Error> {
            Ok(())
        })*
    };
}

impl Serializer for Finite {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        if number.is_finite() { Ok(()) } else { Err(Error::custom(no_such_number(number))) }
    }

    fn serialize_f32(self, number: f32) -> Result<(), Error> {
        self.serialize_f64(number.into())
    }

    nothing_odd! {
        serialize_bool: bool;
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
        serialize_char: char;
        serialize_str: &str;
        serialize_bytes: &[u8];
        serialize_unit_struct: &'static str;
    }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }
}

macro_rules! parts {
    ($($trait:ident: $method:ident($($key:ty)?);)*) => {
        $(impl $trait for Finite {
            type Ok = ();
            type Error = Error;
            fn $method<T: Serialize + ?Sized>(&mut self, $(_: $key,)? value: &T) -> Result<(), Error> {
                value.serialize(*self)
            }
            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })*
    };
}

parts! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeStruct: serialize_field(&'static str);
    SerializeStructVariant: serialize_field(&'static str);
}

impl SerializeMap for Finite {
    type Ok = ();
    type Error = Error;
    // A key is text: `serde_json` says so of a number that it cannot make into one.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Error> {
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(*self)
    }
    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}
