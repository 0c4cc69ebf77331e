//! The models that programs use: quiet ones, in which Odoo does little by itself, and of each the fields that are written, read and
//! searched.

use odoo_codegen::{Field, Schema};

/// What is done with a model.
pub(crate) struct Shape {
    pub(crate) model: &'static str,
    pub(crate) fields: Vec<(String, Field)>,
    /// Fields that are written to every new record, so that orders are certain and nothing is left to chance.
    pub(crate) always: &'static [&'static str],
}

const WANTED: &[(&str, &[&str], &[&str])] = &[
    ("res.partner.category", &["color"], &["name", "color", "active", "parent_id", "child_ids", "partner_ids"]),
    (
        "res.partner",
        &[],
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
        ],
    ),
    ("res.partner.industry", &[], &["name", "full_name", "active"]),
    ("ir.exports", &[], &["name", "resource", "export_fields"]),
    ("ir.exports.line", &[], &["name", "export_id"]),
    (
        "product.supplierinfo",
        &["sequence"],
        &[
            "name",
            "partner_id",
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
];

impl Shape {
    /// Those that the pin has.
    pub(crate) fn all(schema: &Schema) -> Vec<Self> {
        let have = WANTED.iter().filter_map(|(model, always, fields)| {
            let pinned = &schema.models.get(*model)?.fields;
            let fields = fields.iter().filter_map(|name| Some(((*name).to_owned(), pinned.get(*name)?.clone())));
            Some(Self { model, fields: fields.collect(), always })
        });
        have.collect()
    }
}
