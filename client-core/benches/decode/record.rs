//! The same row as a user of this crate writes it: `#[derive(Record)]`, with constants as generated code has them.

use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Field, Id, Ids, Many2one, Record, Timestamp};

use crate::slots::{Category, Company, Contact, Country, Kind, State, Users};

macro_rules! constants {
    ($($constant:ident $name:literal $kind:ty,)*) => {
        impl Contact {
            const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
            $(const $constant: Field<Self, $kind> = Field::new($name);)*
        }
    };
}

constants! {
    ACTIVE "active" kind::Boolean,
    CATEGORY_ID "category_id" kind::Many2many<Category>,
    CHILD_IDS "child_ids" kind::One2many<Contact>,
    CITY "city" kind::Char,
    COMMENT "comment" kind::Html,
    COMPANY_ID "company_id" kind::Many2one<Company>,
    COMPLETE_NAME "complete_name" kind::Char,
    COUNTRY_ID "country_id" kind::Many2one<Country>,
    CREATE_DATE "create_date" kind::Datetime,
    CREATE_UID "create_uid" kind::Many2one<Users>,
    EMAIL "email" kind::Char,
    FUNCTION "function" kind::Char,
    IS_COMPANY "is_company" kind::Boolean,
    LANG "lang" kind::Char,
    NAME "name" kind::Char,
    PARENT_ID "parent_id" kind::Many2one<Contact>,
    PARTNER_LATITUDE "partner_latitude" kind::Float,
    PHONE "phone" kind::Char,
    REF "ref" kind::Char,
    STATE_ID "state_id" kind::Many2one<State>,
    STREET "street" kind::Char,
    STREET2 "street2" kind::Char,
    TYPE "type" kind::Selection<Kind>,
    TZ "tz" kind::Char,
    USER_ID "user_id" kind::Many2one<Users>,
    VAT "vat" kind::Char,
    WEBSITE "website" kind::Char,
    WRITE_DATE "write_date" kind::Datetime,
    ZIP "zip" kind::Char,
}

#[derive(Record)]
#[odoo(model = Contact)]
#[allow(dead_code, reason = "the fields are there to be decoded")]
pub(crate) struct Partner {
    id: Id<Contact>,
    active: bool,
    category_id: Ids<Category>,
    child_ids: Ids<Contact>,
    city: Option<String>,
    comment: Option<String>,
    company_id: Option<Many2one<Company>>,
    complete_name: Option<String>,
    country_id: Option<Many2one<Country>>,
    create_date: Option<Timestamp>,
    create_uid: Option<Many2one<Users>>,
    email: Option<String>,
    function: Option<String>,
    is_company: bool,
    lang: Option<String>,
    name: Option<String>,
    parent_id: Option<Many2one<Contact>>,
    partner_latitude: f64,
    phone: Option<String>,
    ref_: Option<String>,
    state_id: Option<Many2one<State>>,
    street: Option<String>,
    street2: Option<String>,
    r#type: Option<Kind>,
    tz: Option<String>,
    user_id: Option<Many2one<Users>>,
    vat: Option<String>,
    website: Option<String>,
    write_date: Option<Timestamp>,
    zip: Option<String>,
}
