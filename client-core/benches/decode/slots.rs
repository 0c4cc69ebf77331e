//! The row as generated code has it.

use odoo_client::{Id, Ids, Link, Model, Slot, Slots, Timestamp, UnknownValue};

macro_rules! models {
    ($($marker:ident $name:literal)*) => { $(pub(crate) enum $marker {} impl Model for $marker { const NAME: &'static str = $name; })* };
}

models! { Contact "res.partner" Category "res.partner.category" Company "res.company" Country "res.country" State "res.country.state" Users "res.users" }

pub(crate) enum Kind {
    Contact,
    Delivery,
    Invoice,
    Other,
    Unknown(UnknownValue),
}

odoo_client::selection! { Kind: 0 "contact" => Contact, 1 "delivery" => Delivery, 2 "invoice" => Invoice, 3 "other" => Other, }

macro_rules! partner {
    ($($at:literal $field:ident: $type:ty,)*) => {
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
            fn slot(&mut self, at: usize) -> Option<&mut dyn Slot> {
                let slot: &mut dyn Slot = match at { $($at => &mut self.$field,)* _ => return None };
                Some(slot)
            }
            fn get(&self, at: usize) -> Option<&dyn Slot> {
                let slot: &dyn Slot = match at { $($at => &self.$field,)* _ => return None };
                Some(slot)
            }
        }
    };
}

partner! {
    0 id: Id<Contact>,
    1 active: bool,
    2 category_id: Ids<Category>,
    3 child_ids: Ids<Contact>,
    4 city: Option<String>,
    5 comment: Option<String>,
    6 company_id: Link<Company>,
    7 complete_name: Option<String>,
    8 country_id: Link<Country>,
    9 create_date: Option<Timestamp>,
    10 create_uid: Link<Users>,
    11 email: Option<String>,
    12 function: Option<String>,
    13 is_company: bool,
    14 lang: Option<String>,
    15 name: Option<String>,
    16 parent_id: Link<Contact>,
    17 partner_latitude: f64,
    18 phone: Option<String>,
    19 reference: Option<String>,
    20 state_id: Link<State>,
    21 street: Option<String>,
    22 street2: Option<String>,
    23 kind: Option<Kind>,
    24 tz: Option<String>,
    25 user_id: Link<Users>,
    26 vat: Option<String>,
    27 website: Option<String>,
    28 write_date: Option<Timestamp>,
    29 zip: Option<String>,
}
