//! The ORM's methods on typed models.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::decode;
use crate::ops::one_id;
use crate::{Client, Domain, Error, Id, Many2one, Model, Page, Record, Values};

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
        self.model(M::NAME).call("search_count").arg("domain", domain.into_value()).send().await
    }

    /// Creates a record.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Validation`](crate::ErrorKind::Validation) or [`Server`](crate::ErrorKind::Server) where a
    /// value is missing that the server insists on.
    pub async fn create<M: Model>(&self, values: Values<M>) -> Result<Id<M>, Error> {
        // A list of one: to a single one `/jsonrpc` answers an id, and JSON-2 a list.
        let ids: Vec<i64> = self.model(M::NAME).call("create").arg("vals_list", [values]).send().await?;
        one_id(M::NAME, "create", &ids)
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

    /// Deletes records: all of them, or if it fails none.
    ///
    /// # Errors
    ///
    /// Those of any call. What becomes of an id that no record has (any more) is up to the model: most pass it over,
    /// others, such as `res.partner`, raise [`Missing`](crate::ErrorKind::Missing).
    pub async fn unlink<M: Model>(&self, ids: impl IntoIterator<Item = Id<M>>) -> Result<(), Error> {
        self.model(M::NAME).call("unlink").ids(ids).send::<bool>().await.map(drop)
    }

    /// Duplicates a record, with these values in place of its own. The model decides what else is not copied.
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Field, Id, Model, Values, kind};
    /// # enum Tag {}
    /// # impl Model for Tag { const NAME: &'static str = "res.partner.category"; }
    /// # impl Tag { const NAME: Field<Self, kind::Char> = odoo_client::field("name"); }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// let copy = odoo.copy(Id::new(3), Values::new().set(Tag::NAME, "another")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; [`Missing`](crate::ErrorKind::Missing) if there is no such record.
    pub async fn copy<M: Model>(&self, id: Id<M>, values: Values<M>) -> Result<Id<M>, Error> {
        // An id in 14, a list of one in 19.
        let copied: Value = self.model(M::NAME).call("copy").ids([id]).arg("default", values).send().await?;
        let ids: Vec<i64> = match &copied {
            Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
            id => id.as_i64().into_iter().collect(),
        };
        one_id(M::NAME, "copy", &ids)
    }

    /// The records whose name has this text in it, as a user who types it into a many2one would see them: some models
    /// look at more than the name. `limit` is how many there may be at most.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const NAME: &'static str = "res.partner"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use odoo_client::Domain;
    ///
    /// for partner in odoo.name_search::<Partner>("acme", Domain::all(), 10).await? {
    ///     println!("{}: {partner}", partner.id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn name_search<M: Model>(
        &self,
        name: &str,
        domain: Domain<M>,
        limit: u64,
    ) -> Result<Vec<Many2one<M>>, Error> {
        let call = self.model(M::NAME).call("name_search").arg("name", name).arg("domain", domain);
        // A name that a module computes to nothing is `false`.
        let pairs: Vec<(i64, Value)> = call.arg("limit", limit).send().await?;
        Ok(pairs.iter().map(|(id, name)| Many2one::named(*id, name.as_str())).collect())
    }

    /// The values that a new record has of itself, for those of these fields that have any: defaults of the model and of the user,
    /// and `default_*` entries of the context.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const NAME: &'static str = "res.partner"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let defaults = odoo.default_get::<Partner>(["lang", "active"]).await?;
    /// println!("language of new partners: {:?}", defaults.get("lang"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn default_get<M: Model>(
        &self,
        fields: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Values<M>, Error> {
        let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
        let values: Map<String, Value> = self.model(M::NAME).call("default_get").arg("fields", fields).send().await?;
        Ok(Values::from_json(values))
    }

    /// What the server says about fields of a model: for each the attributes asked for, such as `type`, `string` (the label,
    /// in the language of the context), `required` or `selection`. No fields means all that the user may see, no
    /// attributes means all.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const NAME: &'static str = "res.partner"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let fields = odoo.fields_get::<Partner>(["name"], ["string", "type"]).await?;
    /// assert_eq!(fields["name"]["type"], "char");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn fields_get<M: Model>(
        &self,
        fields: impl IntoIterator<Item = &str>,
        attributes: impl IntoIterator<Item = &str>,
    ) -> Result<BTreeMap<String, Map<String, Value>>, Error> {
        let fields: Vec<&str> = fields.into_iter().collect();
        let attributes: Vec<&str> = attributes.into_iter().collect();
        let mut call = self.model(M::NAME).call("fields_get");
        // To 14 an empty list is the same as none; 19 takes it at its word.
        if !fields.is_empty() {
            call = call.arg("allfields", fields);
        }
        if !attributes.is_empty() {
            call = call.arg("attributes", attributes);
        }
        call.send().await
    }

    fn searching<M: Model>(&self, method: &'static str, search: Search<M>) -> crate::Call {
        let mut call = self.model(M::NAME).call(method).arg("domain", search.domain.into_value());
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
