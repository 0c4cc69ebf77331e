//! What a query asks for, whatever its records are read into: compiled once, not once a model.

use std::fmt;

use serde_json::{Value, json};

use super::search::{Search, id_order};
use crate::model::IrAttachment;
use crate::read::column::Columns;
use crate::{Client, Context, Domain, Error, Model, OrderBy};

#[derive(Clone)]
pub(super) struct Criteria {
    client: Client,
    domain: Domain<()>,
    order: OrderBy<()>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
    pub(super) context: Context,
    pub(super) page_size: Option<u64>,
}

impl Criteria {
    pub(super) fn new(client: Client) -> Self {
        let (domain, order, context) = (Domain::all(), OrderBy::none(), Context::new());
        Self { client, domain, order, limit: None, offset: 0, context, page_size: None }
    }

    pub(super) fn filter(&mut self, domain: Domain<()>) {
        self.domain = std::mem::replace(&mut self.domain, Domain::all()) & domain;
    }

    pub(super) fn order_by(&mut self, order: OrderBy<()>) {
        self.order.push(order);
    }

    pub(super) fn search(&self, model: &'static str, columns: Columns) -> Result<Search, Error> {
        let version = self.client.version();
        let mut domain = self.domain.clone().for_server(version)?;
        leave_out_binary_fields(model, &mut domain);
        Ok(Search {
            client: self.client.clone(),
            model,
            columns,
            domain,
            order: self.order.for_server(version)?,
            id_order: id_order(self.order.terms()),
            limit: self.limit,
            offset: self.offset,
            context: self.context.clone(),
        })
    }

    pub(super) fn show(&self, model: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("model", &model)
            .field("domain", &self.domain)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// Of the attachments that hold the values of binary fields Odoo finds none, unless a condition is about `id` or `res_field`. Pages
/// have a condition on the `id`, which is nothing that was asked for: so the other one is sent along.
fn leave_out_binary_fields(model: &str, domain: &mut Value) {
    let Value::Array(terms) = domain else { return };
    if model == IrAttachment::ODOO_NAME && !terms.iter().any(|term| term[0] == "id" || term[0] == "res_field") {
        terms.push(json!(["res_field", "=", false]));
    }
}
