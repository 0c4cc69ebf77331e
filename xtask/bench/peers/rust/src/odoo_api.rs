//! With the package `odoo-api`, as its documentation shows.

use odoo_api::client::{Authed, ReqwestAsync};
use odoo_api::{OdooClient, jmap, jvec};

use crate::{Failure, PAGE, fields, variable};

pub struct Peer(OdooClient<Authed, ReqwestAsync>);

impl Peer {
    pub async fn connect() -> Result<Self, Failure> {
        let client = OdooClient::new_reqwest_async(&variable("ODOO_URL"))?;
        let password = variable("ODOO_PASSWORD");
        Ok(Self(client.authenticate(&variable("ODOO_DB"), &variable("ODOO_USER"), &password).await?))
    }

    pub async fn another(&self) -> Result<Self, Failure> {
        Self::connect().await
    }

    pub async fn small(&mut self) -> Result<i64, Failure> {
        let call = self.0.execute("res.partner", "search_count", jvec![[["is_company", "=", true]]]);
        Ok(call.send().await?.data.as_i64().ok_or("no number")?)
    }

    async fn page(&mut self, offset: usize, limit: usize) -> Result<usize, Failure> {
        let fields = fields();
        let named = jmap! { "fields": fields, "offset": offset, "limit": limit };
        let rows = self.0.execute_kw("res.partner", "search_read", jvec![[]], named).send().await?.data;
        Ok(rows.as_array().ok_or("no list")?.len())
    }

    pub async fn fetch(&mut self, count: usize) -> Result<usize, Failure> {
        self.page(0, count).await
    }

    pub async fn stream(&mut self, count: usize) -> Result<usize, Failure> {
        let mut seen = 0;
        while seen < count {
            match self.page(seen, PAGE).await? {
                0 => break,
                rows => seen += rows,
            }
        }
        Ok(seen)
    }

    pub async fn fields(&mut self, model: &str) -> Result<(), Failure> {
        Ok(drop(self.0.execute(model, "fields_get", jvec![]).send().await?))
    }
}
