//! Models for tests of filters, groups and writes, and domains drawn by lot.

use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Domain, Id};
use serde_json::{Value, json};

model! { Country "res.country" {
    CODE "code" kind::Char;
    ID "id" kind::Id, ReadOnly;
    NAME "name" kind::Char;
} }

model! { Tag "res.partner.category" {
    ACTIVE "active" kind::Boolean;
    COLOR "color" kind::Integer;
    ID "id" kind::Id, ReadOnly;
    NAME "name" kind::Char;
    PARENT_ID "parent_id" kind::Many2one<Self>;
    PARTNER_IDS "partner_ids" kind::Many2many<Partner>;
} }

odoo_client::__rt::selection! { Kind: 0 "contact" => Contact, 1 "delivery" => Delivery, 2 "invoice" => Invoice, 3 "other" => Other, }

/// `res.partner.type`
pub(crate) enum Kind {
    Contact,
    Delivery,
    Invoice,
    Other,
    Unknown(odoo_client::model::UnknownValue),
}

model! { Partner "res.partner" {
    ACTIVE "active" kind::Boolean;
    CATEGORY_ID "category_id" kind::Many2many<Tag>;
    CHILD_IDS "child_ids" kind::One2many<Self>;
    COLOR "color" kind::Integer;
    COMMENT "comment" kind::Html;
    COUNTRY_ID "country_id" kind::Many2one<Country>;
    CREATE_DATE "create_date" kind::Datetime, ReadOnly;
    EMAIL "email" kind::Char;
    ID "id" kind::Id, ReadOnly;
    IMAGE_1920 "image_1920" kind::Binary;
    IS_BLACKLISTED "is_blacklisted" kind::Boolean, ReadOnly;
    IS_COMPANY "is_company" kind::Boolean;
    NAME "name" kind::Char;
    PARENT_ID "parent_id" kind::Many2one<Self>;
    PARTNER_LATITUDE "partner_latitude" kind::Float;
    REF "ref" kind::Char;
    TYPE "type" kind::Selection<Kind>;
    USER_ID "user_id" kind::Many2one<User>;
} }

impl odoo_client::model::HasParents for Tag {}
impl odoo_client::model::HasParents for Partner {}

model! { User "res.users" {
    LOGIN "login" kind::Char;
} }

model! { Rate "res.currency.rate" {
    CURRENCY_ID "currency_id" kind::Many2one<Currency>;
    NAME "name" kind::Date;
    RATE "rate" kind::Float;
} }

model! { Currency "res.currency" {
    ACTIVE "active" kind::Boolean;
    NAME "name" kind::Char;
    RATE_IDS "rate_ids" kind::One2many<Rate>;
} }

/// A generator of numbers that are the same in each run (xorshift).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(from.len()).unwrap());
        &from[usize::try_from(at).unwrap()]
    }
}

/// A domain, and the same by hand: not with the builders, but as the list that Odoo documents.
pub(crate) type Both = (Domain<Partner>, Vec<Value>);

/// What the conditions are about: records that are there.
pub(crate) struct World {
    pub(crate) words: Vec<String>,
    pub(crate) partners: Vec<Id<Partner>>,
    pub(crate) tags: Vec<Id<Tag>>,
    pub(crate) countries: Vec<Id<Country>>,
    /// Whether the server has `any`.
    pub(crate) has_any: bool,
}

pub(crate) fn expression(dice: &mut Dice, world: &World, depth: u64) -> Both {
    match if depth == 0 { 0 } else { dice.below(8) } {
        1 | 2 => {
            let ((a, mut left), (b, right)) = (expression(dice, world, depth - 1), expression(dice, world, depth - 1));
            left.insert(0, json!("&"));
            left.extend(right);
            (a & b, left)
        }
        3 | 4 => {
            let ((a, mut left), (b, right)) = (expression(dice, world, depth - 1), expression(dice, world, depth - 1));
            left.insert(0, json!("|"));
            left.extend(right);
            (a | b, left)
        }
        5 => {
            let (a, mut terms) = expression(dice, world, depth - 1);
            terms.insert(0, json!("!"));
            (!a, terms)
        }
        6 => {
            let parts: Vec<Both> = (0..3).map(|_| expression(dice, world, depth - 1)).collect();
            let (domains, terms): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            (Domain::any_of(domains), [json!("|"), json!("|")].into_iter().chain(terms.into_iter().flatten()).collect())
        }
        7 => {
            let parts: Vec<Both> = (0..3).map(|_| expression(dice, world, depth - 1)).collect();
            let (domains, terms): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            // Without the operators, which Odoo puts in itself; but only the whole may be so.
            (Domain::all_of(domains), [json!("&"), json!("&")].into_iter().chain(terms.into_iter().flatten()).collect())
        }
        _ => {
            let (domain, condition) = condition(dice, world);
            (domain, vec![condition])
        }
    }
}

fn condition(dice: &mut Dice, world: &World) -> (Domain<Partner>, Value) {
    let word = dice.pick(&world.words).clone();
    let other = dice.pick(&world.words).clone();
    let (partner, tag, country) = (*dice.pick(&world.partners), *dice.pick(&world.tags), *dice.pick(&world.countries));
    let color = i64::try_from(dice.below(6)).unwrap();
    let latitude = f64::from(u32::try_from(dice.below(5)).unwrap()) * 0.5;
    match dice.below(if world.has_any { 38 } else { 35 }) {
        0 => (Partner::NAME.eq(&word), json!(["name", "=", word])),
        1 => (Partner::EMAIL.ne(&word), json!(["email", "!=", word])),
        2 => (Partner::NAME.ilike(&word), json!(["name", "ilike", word])),
        3 => (Partner::REF.like(&word), json!(["ref", "like", word])),
        4 => (Partner::REF.not_like(&word), json!(["ref", "not like", word])),
        5 => (Partner::EMAIL.not_ilike(&word), json!(["email", "not ilike", word])),
        6 => (Partner::NAME.eq_like(format!("%{word}")), json!(["name", "=like", format!("%{word}")])),
        7 => (Partner::EMAIL.eq_ilike(format!("{word}%")), json!(["email", "=ilike", format!("{word}%")])),
        8 => (Partner::EMAIL.is_in([&word, &other]), json!(["email", "in", [word, other]])),
        9 => (Partner::REF.not_in([&word, &other]), json!(["ref", "not in", [word, other]])),
        10 => (Partner::REF.is_empty(), json!(["ref", "=", false])),
        11 => (Partner::EMAIL.is_set(), json!(["email", "!=", false])),
        12 => (Partner::COLOR.lt(color), json!(["color", "<", color])),
        13 => (Partner::COLOR.le(color), json!(["color", "<=", color])),
        14 => (Partner::COLOR.gt(color), json!(["color", ">", color])),
        // Not 0, which 14 takes for no value if nobody takes the list apart.
        15 => (Partner::COLOR.is_in([color + 1, 2]), json!(["color", "in", [color + 1, 2]])),
        16 => (Partner::PARTNER_LATITUDE.ge(latitude), json!(["partner_latitude", ">=", latitude])),
        17 => (Partner::IS_COMPANY.eq(true), json!(["is_company", "=", true])),
        18 => (Partner::IS_COMPANY.ne(true), json!(["is_company", "!=", true])),
        19 => (Partner::TYPE.eq(Kind::Invoice), json!(["type", "=", "invoice"])),
        20 => (Partner::TYPE.not_in([Kind::Invoice, Kind::Other]), json!(["type", "not in", ["invoice", "other"]])),
        21 => (Partner::PARENT_ID.eq(partner), json!(["parent_id", "=", partner])),
        22 => (Partner::PARENT_ID.is_empty(), json!(["parent_id", "=", false])),
        23 => (Partner::PARENT_ID.child_of(partner), json!(["parent_id", "child_of", [partner]])),
        24 => (Partner::ID.child_of([partner]), json!(["id", "child_of", [partner]])),
        25 => (Partner::ID.parent_of(partner), json!(["id", "parent_of", [partner]])),
        26 => (Partner::CATEGORY_ID.is_in([tag]), json!(["category_id", "in", [tag]])),
        27 => (Partner::CATEGORY_ID.not_in([tag]), json!(["category_id", "not in", [tag]])),
        28 => (Partner::CATEGORY_ID.is_set(), json!(["category_id", "!=", false])),
        29 => (Partner::CATEGORY_ID.child_of(tag), json!(["category_id", "child_of", [tag]])),
        30 => (Partner::CHILD_IDS.eq(partner), json!(["child_ids", "=", partner])),
        31 => (Partner::CHILD_IDS.dot(Partner::COLOR).ge(color), json!(["child_ids.color", ">=", color])),
        32 => (Partner::CATEGORY_ID.dot(Tag::COLOR).eq(color), json!(["category_id.color", "=", color])),
        33 => (
            Partner::PARENT_ID.dot(Partner::COUNTRY_ID).dot(Country::CODE).ne("BE"),
            json!(["parent_id.country_id.code", "!=", "BE"]),
        ),
        34 => (Partner::COUNTRY_ID.is_in([country]), json!(["country_id", "in", [country]])),
        35 => (
            Partner::CHILD_IDS.any(Partner::COLOR.ge(color) & Partner::REF.is_set()),
            json!(["child_ids", "any", ["&", ["color", ">=", color], ["ref", "!=", false]]]),
        ),
        36 => (
            Partner::PARENT_ID.not_any(Partner::NAME.ilike(&word)),
            json!(["parent_id", "not any", [["name", "ilike", word]]]),
        ),
        _ => (
            Partner::CATEGORY_ID.dot(Tag::PARTNER_IDS).any(Partner::COLOR.eq(color)),
            json!(["category_id.partner_ids", "any", [["color", "=", color]]]),
        ),
    }
}
