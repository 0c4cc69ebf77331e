//! The row as generated code has it.

use odoo_client::__rt::{RowReader, Slots};
use odoo_client::model::UnknownValue;
use odoo_client::{Datetime, Id, Ids, Link, Model};

macro_rules! models {
    ($($marker:ident $name:literal)*) => { $(pub(crate) enum $marker {} impl Model for $marker { const ODOO_NAME: &'static str = $name; })* };
}

models! { Contact "res.partner" Category "res.partner.category" Company "res.company" Country "res.country" State "res.country.state" Users "res.users" }

pub(crate) enum Kind {
    Contact,
    Delivery,
    Invoice,
    Other,
    Unknown(UnknownValue),
}

odoo_client::__rt::selection! { Kind: 0 "contact" => Contact, 1 "delivery" => Delivery, 2 "invoice" => Invoice, 3 "other" => Other, }

macro_rules! partner {
    ($($field:ident: $type:ty,)*) => {
        #[derive(Default)]
        pub(crate) struct Partner { $(pub(crate) $field: $type,)* }

        impl Slots for Partner {
            type Model = Contact;
            fn fields() -> &'static str {
                super::FIELDS
            }
            fn empty() -> Self {
                Self::default()
            }
            fn read(&self, row: &mut RowReader<'_>) -> Self {
                Self { $($field: row.value(&self.$field),)* }
            }
        }
    };
}

partner! {
    id: Id<Contact>,
    active: bool,
    category_id: Ids<Category>,
    child_ids: Ids<Contact>,
    city: Option<String>,
    comment: Option<String>,
    company_id: Link<Company>,
    complete_name: Option<String>,
    country_id: Link<Country>,
    create_date: Option<Datetime>,
    create_uid: Link<Users>,
    email: Option<String>,
    function: Option<String>,
    is_company: bool,
    lang: Option<String>,
    name: Option<String>,
    parent_id: Link<Contact>,
    partner_latitude: f64,
    phone: Option<String>,
    reference: Option<String>,
    state_id: Link<State>,
    street: Option<String>,
    street2: Option<String>,
    kind: Option<Kind>,
    tz: Option<String>,
    user_id: Link<Users>,
    vat: Option<String>,
    website: Option<String>,
    write_date: Option<Datetime>,
    zip: Option<String>,
}
