use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Field, Id, Model, Values};

enum Partner {}
impl Model for Partner {
    const ODOO_NAME: &'static str = "res.partner";
}
enum Tag {}
impl Model for Tag {
    const ODOO_NAME: &'static str = "res.partner.category";
}
impl Partner {
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const USER_ID: Field<Self, kind::Many2one<Tag>> = Field::new("user_id");
    const CATEGORY_ID: Field<Self, kind::Many2many<Tag>> = Field::new("category_id");
    const TYPE: Field<Self, kind::Char> = Field::new("type");
    const TOTAL: Field<Self, kind::Integer, ReadOnly> = Field::new("total");
}

type Maybe = Option<i32>;

#[derive(Values)]
#[odoo(model = Partner)]
struct Wrong {
    name: Maybe,
    user_id: Id<Partner>,
    category_id: Vec<Id<Partner>>,
    r#type: Option<Option<i64>>,
    total: i64,
}

macro_rules! values {
    ($name:ident { $($field:ident: $ty:ty,)* }) => {
        #[derive(Values)]
        #[odoo(model = Partner)]
        struct $name {
            $($field: $ty,)*
        }
    };
}

values! { OfMacro { name: Option<i64>, user_id: Option<Id<Tag>>, } }

#[derive(Values)]
#[odoo(model = Partner)]
struct Generic<'a, T> {
    name: &'a str,
    user_id: T,
}

fn main() {}
