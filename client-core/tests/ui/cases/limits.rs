use odoo_client::field::{ReadOnly, ReadWrite, can, kind};
use odoo_client::{Client, Field, Id, Model, Values};
use odoo_client::field::Limited;

#[allow(non_camel_case_types)]
mod names {
    pub enum is_favorite {}
    pub enum lst_price {}
    pub enum partner_country_id {}
    pub enum currency_id {}
}

enum Product {}
impl Model for Product {
    const ODOO_NAME: &'static str = "product.product";
}
impl Product {
    const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
    const CURRENCY_ID: Field<Self, kind::Many2one<Currency>, Limited<names::currency_id, ReadOnly, can::Nothing>> =
        Field::new("currency_id");
    const IS_FAVORITE: Field<Self, kind::Boolean, Limited<names::is_favorite, ReadWrite, can::FilterOrder>> =
        Field::new("is_favorite");
    const LST_PRICE: Field<Self, kind::Float, Limited<names::lst_price, ReadWrite, can::Nothing>> =
        Field::new("lst_price");
    const NEXT_DATE: Field<Self, kind::Date, Limited<names::lst_price, ReadWrite, can::Filter>> =
        Field::new("next_date");
}

enum Line {}
impl Model for Line {
    const ODOO_NAME: &'static str = "sale.order.line";
}
impl Line {
    const PRODUCT_ID: Field<Self, kind::Many2one<Product>> = Field::new("product_id");
}

enum Currency {}
impl Model for Currency {
    const ODOO_NAME: &'static str = "res.currency";
}
impl Currency {
    const NAME: Field<Self, kind::Char> = Field::new("name");
}

fn filter() {
    let _ = Product::LST_PRICE.lt(1.0);
    // At the end of a path, and on the way.
    let _ = Line::PRODUCT_ID.dot(Product::LST_PRICE).lt(1.0);
    let _ = Line::PRODUCT_ID.dot(Product::CURRENCY_ID).dot(Currency::NAME).eq("EUR");
    let _ = Line::PRODUCT_ID.any(Product::CURRENCY_ID.is_empty());
    let _ = Product::CURRENCY_ID.any(Currency::NAME.eq("EUR"));
}

fn order() {
    let _ = Product::LST_PRICE.desc();
}

fn group(odoo: &Client) {
    let _ = odoo.group::<Product>().by(Product::IS_FAVORITE);
    let _ = odoo.group::<Product>().by(Product::NEXT_DATE.month());
    let _ = odoo.group::<Line>().by(Line::PRODUCT_ID.dot(Product::CURRENCY_ID));
    let _ = odoo.group::<Product>().sum(Product::LST_PRICE);
    let _ = odoo.group::<Product>().count(Product::IS_FAVORITE);
}

// What it can, and what someone vouches for.
fn compiles(odoo: &Client, euro: Id<Currency>) {
    let _ = Product::IS_FAVORITE.eq(true);
    let _ = Line::PRODUCT_ID.dot(Product::IS_FAVORITE).eq(true);
    let _ = Product::IS_FAVORITE.asc();
    let _ = Product::LST_PRICE.unchecked().lt(1.0) & Product::ID.eq(Id::new(1));
    let _ = Line::PRODUCT_ID.dot(Product::CURRENCY_ID.unchecked()).dot(Currency::NAME).eq("EUR");
    let _ = Product::LST_PRICE.unchecked().desc();
    let _ = odoo.group::<Product>().by(Product::LST_PRICE.unchecked()).sum(Product::LST_PRICE.unchecked());
    let _ = odoo.group::<Product>().by(Product::NEXT_DATE.unchecked().month());
    let values = Values::<Product>::new().set(Product::LST_PRICE, 1.0).clear(Product::LST_PRICE);
    let _ = values.set_readonly(Product::CURRENCY_ID, euro);
}

// Readonly stays readonly.
fn write(euro: Id<Currency>) {
    let _ = Values::new().set(Product::CURRENCY_ID, euro);
    let _ = Values::new().set(Product::CURRENCY_ID.unchecked(), euro);
}

fn main() {}
