//! The ORM's methods on typed models.

use crate::decode;
use crate::{Client, Domain, Error, Id, Model, Page, Record, Values};

/// Which records to search for, in which order, and which part of them.
///
/// A [`Domain`] alone can be given wherever a search is wanted.
#[derive(Debug)]
pub struct Search<M> {
    domain: Domain<M>,
    order: Option<String>,
    limit: Option<u64>,
    offset: u64,
}

impl<M> Search<M> {
    /// All records that the domain lets through, in the model's own order.
    pub fn new(domain: Domain<M>) -> Self {
        Self { domain, order: None, limit: None, offset: 0 }
    }

    /// Orders by fields of the model, as Odoo writes it: `date_order desc, id`.
    #[must_use]
    pub fn order(mut self, order: impl Into<String>) -> Self {
        self.order = Some(order.into());
        self
    }

    /// At most this many records.
    #[must_use]
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Without the first so many.
    #[must_use]
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }
}

impl<M> From<Domain<M>> for Search<M> {
    fn from(domain: Domain<M>) -> Self {
        Self::new(domain)
    }
}

impl Client {
    /// Reads the records that a search finds, with the fields of `R` and no others.
    ///
    /// # Errors
    ///
    /// Those of any call, and [`Decode`](crate::ErrorKind::Decode) when a value is not what the pin says; that error
    /// names every such value. [`search_read_page`](Self::search_read_page) gives the good records along with them.
    pub async fn search_read<R: Record>(&self, search: impl Into<Search<R::Model>>) -> Result<Vec<R>, Error> {
        self.search_read_page(search).await?.into_records()
    }

    /// Reads the records that a search finds; those with values that don't decode are apart.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn search_read_page<R: Record>(&self, search: impl Into<Search<R::Model>>) -> Result<Page<R>, Error> {
        let call = self.searching("search_read", search.into()).arg("fields", crate::record::fields::<R>());
        decode::page(&call.send_reply().await?)
    }

    /// Reads these records with the fields of `R`. Ids that no record has (any more) are left out.
    ///
    /// # Errors
    ///
    /// As [`search_read`](Self::search_read).
    pub async fn read<R: Record>(&self, ids: impl IntoIterator<Item = Id<R::Model>>) -> Result<Vec<R>, Error> {
        self.read_page(ids).await?.into_records()
    }

    /// Reads these records; those with values that don't decode are apart.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn read_page<R: Record>(&self, ids: impl IntoIterator<Item = Id<R::Model>>) -> Result<Page<R>, Error> {
        let call = self.model(R::Model::NAME).call("read").ids(ids).arg("fields", crate::record::fields::<R>());
        decode::page(&call.send_reply().await?)
    }

    /// The ids of the records that a search finds.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn search<M: Model>(&self, search: impl Into<Search<M>>) -> Result<Vec<Id<M>>, Error> {
        let ids: Vec<i64> = self.searching("search", search.into()).send().await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }

    /// How many records the domain lets through.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn search_count<M: Model>(&self, domain: Domain<M>) -> Result<u64, Error> {
        self.model(M::NAME).call("search_count").arg("domain", domain).send().await
    }

    /// Creates a record.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Validation`](crate::ErrorKind::Validation) or [`Server`](crate::ErrorKind::Server) where a
    /// value is missing that the server insists on.
    pub async fn create<M: Model>(&self, values: Values<M>) -> Result<Id<M>, Error> {
        let id: i64 = self.model(M::NAME).call("create").arg("vals_list", values).send().await?;
        Ok(Id::new(id))
    }

    /// Writes the same values to records.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Missing`](crate::ErrorKind::Missing) if one of the records is gone, and then none was
    /// written.
    pub async fn write<M: Model>(&self, ids: impl IntoIterator<Item = Id<M>>, values: Values<M>) -> Result<(), Error> {
        self.model(M::NAME).call("write").ids(ids).arg("vals", values).send::<bool>().await.map(drop)
    }

    /// Deletes records.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn unlink<M: Model>(&self, ids: impl IntoIterator<Item = Id<M>>) -> Result<(), Error> {
        self.model(M::NAME).call("unlink").ids(ids).send::<bool>().await.map(drop)
    }

    fn searching<M: Model>(&self, method: &'static str, search: Search<M>) -> crate::Call {
        let mut call = self.model(M::NAME).call(method).arg("domain", search.domain);
        if let Some(order) = search.order {
            call = call.arg("order", order);
        }
        if let Some(limit) = search.limit {
            call = call.arg("limit", limit);
        }
        if search.offset > 0 {
            call = call.arg("offset", search.offset);
        }
        call
    }
}

impl<R: Record> Page<R> {
    /// All records, or one error that names every value which did not decode.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) if there are failures.
    pub fn into_records(self) -> Result<Vec<R>, Error> {
        let Some(first) = self.failures.first() else { return Ok(self.records) };
        let others = match self.failures.len() - 1 {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        Err(Error::decode(format!("{first}{others}")).with_remedy(
            "the server does not fit the pin: run `cargo xtask verify` to see where, `cargo xtask regen` to pin anew",
        ))
    }
}
