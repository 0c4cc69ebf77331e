//! With `reqwest` alone, and one package for JSON or another.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::json;

#[cfg(not(feature = "value"))]
use crate::partner::Partner;
use crate::{Failure, PAGE, fields, variable};

#[cfg(feature = "value")]
type Partner = serde_json::Value;

#[cfg(feature = "sonic-rs")]
use sonic_rs::Value;
#[cfg(feature = "simd-json")]
use simd_json::OwnedValue as Value;
#[cfg(any(feature = "serde", feature = "value"))]
use serde_json::Value;

#[cfg(any(feature = "serde", feature = "value"))]
fn read<T: DeserializeOwned>(json: Bytes) -> Result<T, Failure> {
    Ok(serde_json::from_str(std::str::from_utf8(&json)?)?)
}

#[cfg(feature = "sonic-rs")]
fn read<T: DeserializeOwned>(json: Bytes) -> Result<T, Failure> {
    Ok(sonic_rs::from_slice(&json)?)
}

/// It writes into what it reads.
#[cfg(feature = "simd-json")]
fn read<T: DeserializeOwned>(json: Bytes) -> Result<T, Failure> {
    let mut json = json.try_into_mut().map(Vec::from).unwrap_or_else(|json| json.to_vec());
    Ok(simd_json::serde::from_slice(&mut json)?)
}

#[derive(serde::Deserialize)]
struct Answer<T> {
    result: T,
}

struct Inner {
    http: reqwest::Client,
    url: String,
    database: String,
    password: String,
    uid: i64,
}

pub struct Peer(Arc<Inner>);

impl Peer {
    pub async fn connect() -> Result<Self, Failure> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut inner = Inner {
            http: reqwest::Client::new(),
            url: format!("{}/jsonrpc", variable("ODOO_URL")),
            database: variable("ODOO_DB"),
            password: variable("ODOO_PASSWORD"),
            uid: 0,
        };
        let login = json!([inner.database, variable("ODOO_USER"), inner.password, {}]);
        inner.uid = inner.post("common", "authenticate", login).await?;
        Ok(Self(Arc::new(inner)))
    }

    pub async fn another(&self) -> Result<Self, Failure> {
        Ok(Self(Arc::clone(&self.0)))
    }

    async fn call<T: DeserializeOwned>(
        &self,
        model: &str,
        method: &str,
        args: serde_json::Value,
        named: serde_json::Value,
    ) -> Result<T, Failure> {
        let Inner { database, password, uid, .. } = &*self.0;
        self.0.post("object", "execute_kw", json!([database, uid, password, model, method, args, named])).await
    }

    pub async fn small(&mut self) -> Result<i64, Failure> {
        self.call("res.partner", "search_count", json!([[["is_company", "=", true]]]), json!({})).await
    }

    async fn page(&mut self, offset: usize, limit: usize) -> Result<usize, Failure> {
        let named = json!({"fields": fields(), "offset": offset, "limit": limit});
        let rows: Vec<Partner> = self.call("res.partner", "search_read", json!([[]]), named).await?;
        Ok(rows.len())
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
        Ok(drop(self.call::<Value>(model, "fields_get", json!([]), json!({})).await?))
    }
}

impl Inner {
    async fn post<T: DeserializeOwned>(
        &self,
        service: &str,
        method: &str,
        args: serde_json::Value,
    ) -> Result<T, Failure> {
        let params = json!({"service": service, "method": method, "args": args});
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}).to_string();
        let request = self.http.post(&self.url).header(CONTENT_TYPE, "application/json").body(body);
        let answer: Answer<T> = read(request.send().await?.error_for_status()?.bytes().await?)?;
        Ok(answer.result)
    }
}
