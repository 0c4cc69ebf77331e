//! With this repository's client and generated models.

use crate::{Failure, variable};
use odoo_client::{Client, Id, Many2one, Record, Timestamp};
use odoo19::res::{Country, CountryState, Partner, PartnerCategory, Users};
use serde_json::Value;

#[derive(Record)]
#[odoo(model = Partner)]
#[allow(dead_code, reason = "they are there to be read")]
struct Row {
    id: Id<Partner>,
    name: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    street: Option<String>,
    street2: Option<String>,
    city: Option<String>,
    zip: Option<String>,
    website: Option<String>,
    vat: Option<String>,
    function: Option<String>,
    barcode: Option<String>,
    comment: Option<String>,
    active: bool,
    is_company: bool,
    employee: bool,
    color: i64,
    customer_rank: i64,
    supplier_rank: i64,
    partner_latitude: f64,
    partner_longitude: f64,
    create_date: Option<Timestamp>,
    write_date: Option<Timestamp>,
    country_id: Option<Many2one<Country>>,
    state_id: Option<Many2one<CountryState>>,
    parent_id: Option<Many2one<Partner>>,
    user_id: Option<Many2one<Users>>,
    category_id: Vec<Id<PartnerCategory>>,
    child_ids: Vec<Id<Partner>>,
}

pub struct Peer(Client);

impl Peer {
    pub async fn connect() -> Result<Self, Failure> {
        let builder = Client::builder().url(variable("ODOO_URL")).database(variable("ODOO_DB"));
        let builder = builder.user(variable("ODOO_USER")).password(variable("ODOO_PASSWORD")).max_concurrent_calls(64);
        Ok(Self(builder.connect().await?))
    }

    pub async fn another(&self) -> Result<Self, Failure> {
        Ok(Self(self.0.clone()))
    }

    pub async fn small(&mut self) -> Result<i64, Failure> {
        let call = self.0.model("res.partner").call("search_count").arg("domain", [("is_company", "=", true)]);
        Ok(call.send().await?)
    }

    pub async fn fetch(&mut self, count: usize) -> Result<usize, Failure> {
        Ok(self.0.query::<Row>().limit(count as u64).fetch_all().await?.len())
    }

    pub async fn stream(&mut self, count: usize) -> Result<usize, Failure> {
        let mut rows = self.0.query::<Row>().limit(count as u64).stream();
        let mut seen = 0;
        while let Some(row) = rows.next().await {
            drop(row?);
            seen += 1;
        }
        Ok(seen)
    }

    pub async fn fields(&mut self, model: &str) -> Result<(), Failure> {
        Ok(drop(self.0.model(model.to_owned()).call("fields_get").send::<Value>().await?))
    }
}
