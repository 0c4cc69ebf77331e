//! The models that programs use: quiet ones, in which Odoo does little by itself, and of each the fields that are written, read and
//! searched.

use odoo_codegen::{Field, Schema};

/// What is done with a model.
pub(crate) struct Shape {
    pub(crate) model: &'static str,
    pub(crate) fields: Vec<(String, Field)>,
    /// Fields that are written to every new record, so that orders are certain and nothing is left to chance.
    pub(crate) always: &'static [&'static str],
    /// Whether all of its fields can be read: none is computed by what only Odoo knows.
    pub(crate) is_whole: bool,
}

const WANTED: &[(&str, &[&str], &[&str])] = &[
    ("res.partner.category", &["color"], &["name", "color", "active", "parent_id", "child_ids", "partner_ids"]),
    (
        "res.partner",
        &["calendar_last_notif_ack"],
        &[
            "name",
            "ref",
            "function",
            "comment",
            "active",
            "is_company",
            "type",
            "color",
            "category_id",
            "partner_latitude",
            "employee",
            "date",
            "country_id",
            "city",
            "zip",
            "calendar_last_notif_ack",
            "property_payment_term_id",
        ],
    ),
    ("res.partner.industry", &[], &["name", "full_name", "active"]),
    ("ir.exports", &[], &["name", "resource", "export_fields"]),
    ("ir.exports.line", &[], &["name", "export_id"]),
    (
        "product.supplierinfo",
        &["sequence", "product_uom_id", "product_tmpl_id"],
        &[
            "name",
            "partner_id",
            "product_uom_id",
            "product_tmpl_id",
            "min_qty",
            "price",
            "date_start",
            "date_end",
            "delay",
            "product_name",
            "product_code",
            "sequence",
        ],
    ),
    ("res.country.group", &[], &["name", "country_ids"]),
    ("lunch.product.category", &["image_1920"], &["name", "image_1920", "active"]),
];

/// Records that are there, which programs point to: of which models, and which of them.
pub(crate) const GIVEN: &[(&str, &str, &[&str])] = &[
    ("res.country", "code", &["BE", "FR", "US", "JP"]),
    ("account.payment.term", "name", &["Immediate Payment", "15 Days", "21 Days", "30 Days"]),
    ("uom.uom", "name", &["Units", "Dozens"]),
    ("product.template", "name", &["Cabinet with Doors", "Desk Combination", "Pedal Bin"]),
];

const WHOLE: &[&str] = &["ir.exports", "ir.exports.line", "res.partner.industry"];

/// The module of the external ids that programs give.
pub(crate) const MODULE: &str = "zz_differential";

impl Shape {
    /// Those that the pin has.
    pub(crate) fn all(schema: &Schema) -> Vec<Self> {
        let have = WANTED.iter().filter_map(|(model, always, fields)| {
            let pinned = &schema.models.get(*model)?.fields;
            let fields = fields.iter().filter_map(|name| Some(((*name).to_owned(), pinned.get(*name)?.clone())));
            Some(Self { model, fields: fields.collect(), always, is_whole: WHOLE.contains(model) })
        });
        have.collect()
    }
}
