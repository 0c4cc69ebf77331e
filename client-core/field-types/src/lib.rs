//! The types of Odoo's fields, one table: a row says all of a type, and is all that a new one needs.
//!
//! A package of its own for `odoo-client` and `odoo-codegen`, neither of which depends on the other. [`field_types!`] hands one
//! column of the table to a macro of theirs; the names in it are looked up where that macro is.
//!
//! Not here are the types whose values are of a Rust type of the pin: relations and selections.

/// Hands a column of the table to a macro, as `Kind: column;` for each type: `field_types!(sortable of order)` is
/// `sortable! { Binary: []; Boolean: [Sortable]; … }`.
///
/// | column | what is in it |
/// | --- | --- |
/// | `docs` | what its values are on the wire, and the names of the types that read the same |
/// | `name` | what Odoo calls it |
/// | `row` | what a whole row has for it: the method of `RowReader` that takes it, its Rust type, and what stands for no value |
/// | `read` | what `FromField` reads it into: a type that is never empty, or one that may be, and what is expected instead |
/// | `write` | what `ToField` takes for it |
/// | `compare` | what else conditions can do with it: `Nullable`, `Ordered`, `Textual` |
/// | `order` | `Sortable`, if records can be ordered by it |
/// | `group` | what groups do with it: `Groupable` by it, a `Number` that is added up, `Aggregated` to a least and a greatest value, `Temporal` |
///
/// A type that is not here, of a module of somebody's, is read and written as JSON: as `Json` says.
///
/// ```
/// macro_rules! sortable {
///     ($($kind:ident: [$($sortable:ident)?];)*) => { [$($(stringify!($sortable $kind),)?)*] };
/// }
/// assert!(odoo_field_types::field_types!(sortable of order).contains(&"Sortable Boolean"));
/// ```
#[macro_export]
macro_rules! field_types {
    ($use:ident of $column:ident) => { $crate::__column! { $use $column
        Id {
            docs: [#[doc = "The `id` of a record."] "integer"],
            name: [],
            row: [],
            read: [i64],
            write: [i64],
            compare: [Ordered],
            order: [Sortable],
            group: [Aggregated Value Option<i64>],
        }
        Binary {
            docs: [#[doc = "`binary`: base64 text on the wire, or `false`; computed ones carry any JSON."] "binary"],
            name: ["binary"],
            row: [json, odoo::Json, odoo::Json::NULL],
            read: [Vec<u8>, "base64"],
            write: [],
            compare: [Nullable],
            order: [],
            group: [],
        }
        Boolean {
            docs: [#[doc = "`boolean`."] "boolean"],
            name: ["boolean"],
            row: [boolean, bool, false],
            read: [bool],
            write: [bool],
            compare: [],
            order: [Sortable],
            group: [Groupable Key bool],
        }
        Char {
            docs: [#[doc = "`char`: one line of text, or `false` where empty."] "char" "html" "text" "selection"],
            name: ["char"],
            row: [text, Option<String>, None],
            read: [String, "text"],
            write: [&str, &String, String, std::borrow::Cow<'_, str>],
            compare: [Nullable Ordered Textual],
            order: [Sortable],
            group: [Groupable Key Option<String>, Aggregated Value Option<String>],
        }
        Date {
            docs: [#[doc = "`date`: `\"2026-01-31\"`, or `false` where empty."] "date"],
            name: ["date"],
            row: [date, Option<odoo::Date>, None],
            read: [Date, "a date (`2026-01-31`)"],
            write: [Date],
            compare: [Nullable Ordered],
            order: [Sortable],
            group: [Aggregated Value Option<Date>, Temporal Point Date],
        }
        Datetime {
            docs: [#[doc = "`datetime`: `\"2026-01-31 12:00:00\"` in UTC, or `false` where empty."] "datetime"],
            name: ["datetime"],
            row: [datetime, Option<odoo::Datetime>, None],
            read: [Datetime, "a date and time in UTC (`2026-01-31 12:00:00`)"],
            write: [Datetime, Timestamp],
            compare: [Nullable Ordered],
            order: [Sortable],
            group: [Aggregated Value Option<Datetime>, Temporal Point Datetime],
        }
        Float {
            docs: [#[doc = "`float`."] "float" "monetary"],
            name: ["float"],
            row: [float, f64, 0.0],
            read: [f64],
            write: [i32, f64],
            compare: [Ordered],
            order: [Sortable],
            group: [Groupable Key Option<f64>, Number Sum f64, Aggregated Value Option<f64>],
        }
        Html {
            docs: [#[doc = "`html`: text, or `false` where empty."] "char" "html" "text" "selection"],
            name: ["html"],
            row: [text, Option<String>, None],
            read: [String, "text"],
            write: [&str, &String, String, std::borrow::Cow<'_, str>],
            compare: [Nullable Textual],
            order: [Sortable],
            group: [],
        }
        Integer {
            docs: [#[doc = "`integer`."] "integer"],
            name: ["integer"],
            row: [integer, i64, 0],
            read: [i64],
            write: [i64, i32],
            compare: [Ordered],
            order: [Sortable],
            group: [Groupable Key Option<i64>, Number Sum i64, Aggregated Value Option<i64>],
        }
        Json {
            docs: [#[doc = "`json`, and any type that this version does not know: any JSON."]],
            name: ["json"],
            row: [json, odoo::Json, odoo::Json::NULL],
            read: [],
            write: [Value, &Value, Json, &Json],
            compare: [Nullable],
            order: [],
            group: [],
        }
        Many2oneReference {
            docs: [#[doc = "`many2one_reference`: the number of a record whose model another field names."] "many2one_reference"],
            name: ["many2one_reference"],
            row: [number, Option<i64>, None],
            read: [i64, "an integer"],
            write: [i64],
            compare: [Nullable Ordered],
            order: [Sortable],
            group: [Groupable Key Option<i64>],
        }
        Monetary {
            docs: [#[doc = "`monetary`: an amount of money, a number on the wire."] "float" "monetary"],
            name: ["monetary"],
            row: [float, f64, 0.0],
            read: [f64],
            write: [i32, f64],
            compare: [Ordered],
            order: [Sortable],
            group: [Groupable Key Option<f64>, Number Sum f64, Aggregated Value Option<f64>],
        }
        Properties {
            docs: [#[doc = "`properties`: a list of objects."] "properties"],
            name: ["properties"],
            row: [json, odoo::Json, odoo::Json::NULL],
            read: [],
            write: [Value, &Value, Json, &Json, Properties, &Properties],
            compare: [],
            order: [],
            group: [],
        }
        PropertiesDefinition {
            docs: [#[doc = "`properties_definition`: a list of objects."] "properties_definition"],
            name: ["properties_definition"],
            row: [json, odoo::Json, odoo::Json::NULL],
            read: [],
            write: [Value, &Value, Json, &Json, Properties, &Properties],
            compare: [Nullable],
            order: [],
            group: [],
        }
        Reference {
            docs: [#[doc = "`reference`: `\"res.partner,7\"`, or `false` where empty."] "reference"],
            name: ["reference"],
            row: [reference, Option<odoo::Reference>, None],
            read: [Reference, "a reference (`res.partner,7`)"],
            write: [Reference, &Reference],
            compare: [Nullable],
            order: [Sortable],
            group: [Groupable Key Option<Reference>],
        }
        Text {
            docs: [#[doc = "`text`: lines of text, or `false` where empty."] "char" "html" "text" "selection"],
            name: ["text"],
            row: [text, Option<String>, None],
            read: [String, "text"],
            write: [&str, &String, String, std::borrow::Cow<'_, str>],
            compare: [Nullable Textual],
            order: [Sortable],
            group: [Groupable Key Option<String>],
        }
    } };
}

/// One column of the rows.
#[doc(hidden)]
#[macro_export]
macro_rules! __column {
    ($use:ident docs $($kind:ident { docs: $it:tt, $($rest:tt)* })*) => { $use! { $($kind: $it;)* } };
    ($use:ident name $($kind:ident { docs: $d:tt, name: $it:tt, $($rest:tt)* })*) => { $use! { $($kind: $it;)* } };
    ($use:ident row $($kind:ident { docs: $d:tt, name: $n:tt, row: $it:tt, $($rest:tt)* })*) => { $use! { $($kind: $n $it;)* } };
    ($use:ident read $($kind:ident { docs: $d:tt, name: $n:tt, row: $r:tt, read: $it:tt, $($rest:tt)* })*) => {
        $use! { $($kind: $it;)* }
    };
    ($use:ident write $($kind:ident { docs: $d:tt, name: $n:tt, row: $r:tt, read: $f:tt, write: $it:tt, $($rest:tt)* })*) => {
        $use! { $($kind: $it;)* }
    };
    ($use:ident compare $($kind:ident { docs: $d:tt, name: $n:tt, row: $r:tt, read: $f:tt, write: $t:tt, compare: $it:tt, $($rest:tt)* })*) => {
        $use! { $($kind: $it;)* }
    };
    ($use:ident order $($kind:ident { docs: $d:tt, name: $n:tt, row: $r:tt, read: $f:tt, write: $t:tt, compare: $c:tt, order: $it:tt, $($rest:tt)* })*) => {
        $use! { $($kind: $it;)* }
    };
    ($use:ident group $($kind:ident { docs: $d:tt, name: $n:tt, row: $r:tt, read: $f:tt, write: $t:tt, compare: $c:tt, order: $o:tt, group: $it:tt, })*) => {
        $use! { $($kind: $it;)* }
    };
}
