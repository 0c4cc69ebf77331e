//! The ORM's methods on typed models.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::ToIds;
use crate::ops::one_id;
use crate::write::ToValues;
use crate::{Client, Domain, Error, Id, Many2one, Model, Values};

impl Client {
    /// The ids of the records that the domain lets through. [`Client::query`] is for more than that.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn search<M: Model>(&self, domain: Domain<M>) -> Result<Vec<Id<M>>, Error> {
        let domain = domain.for_server(self.version())?;
        let ids: Vec<i64> = self.model(M::ODOO_NAME).call("search").arg("domain", domain).send().await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }

    /// How many records the domain lets through.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn search_count<M: Model>(&self, domain: Domain<M>) -> Result<u64, Error> {
        let domain = domain.for_server(self.version())?;
        self.model(M::ODOO_NAME).call("search_count").arg("domain", domain).send().await
    }

    /// Creates a record.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Validation`](crate::ErrorKind::Validation) or [`Server`](crate::ErrorKind::Server) where a
    /// value is missing that the server insists on: see [`Error::missing_field`].
    pub async fn create<V: ToValues>(&self, values: V) -> Result<Id<V::Model>, Error> {
        let model = V::Model::ODOO_NAME;
        // A list of one: to a single one `/jsonrpc` answers an id, and JSON-2 a list.
        let values = values.to_values().into_json().map(|values| Value::Array(vec![values]));
        let ids: Vec<i64> = self.model(model).call("create").tree("vals_list", values).send().await?;
        one_id(model, "create", &ids)
    }

    /// Writes values to a record, or the same values to several: to all of them, or if it fails to none.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Id, Model, Values};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner {
    /// #     const ACTIVE: Field<Self, kind::Boolean> = Field::new("active");
    /// #     const EMAIL: Field<Self, kind::Char> = Field::new("email");
    /// # }
    /// # async fn f(odoo: Client, id: Id<Partner>, old: Vec<Id<Partner>>) -> Result<(), Error> {
    /// odoo.update(id, Values::new().set(Partner::EMAIL, "info@example.com")).await?;
    /// odoo.update(old, Values::new().set(Partner::ACTIVE, false)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `write`.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Missing`](crate::ErrorKind::Missing) if one of the records is gone, and then none was
    /// written.
    #[doc(alias = "write")]
    pub async fn update<V: ToValues>(&self, ids: impl ToIds<V::Model>, values: V) -> Result<(), Error> {
        let call = self.model(V::Model::ODOO_NAME).call("write").ids(ids.to_ids());
        call.tree("vals", values.to_values().into_json()).done().await
    }

    /// Deletes a record, or several: all of them, or if it fails none.
    ///
    /// On the wire `unlink`.
    ///
    /// # Errors
    ///
    /// Those of any call. What becomes of an id that no record has (any more) is up to the model: most pass it over,
    /// others, such as `res.partner`, raise [`Missing`](crate::ErrorKind::Missing).
    #[doc(alias = "unlink")]
    pub async fn delete<M: Model>(&self, ids: impl ToIds<M>) -> Result<(), Error> {
        self.model(M::ODOO_NAME).call("unlink").ids(ids.to_ids()).done().await
    }

    /// Duplicates a record, with these values in place of its own. The model decides what else is not copied.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Id, Model, Values};
    /// # enum Tag {}
    /// # impl Model for Tag { const ODOO_NAME: &'static str = "res.partner.category"; }
    /// # impl Tag { const NAME: Field<Self, kind::Char> = Field::new("name"); }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// let copy = odoo.copy(Id::new(3), Values::new().set(Tag::NAME, "another")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; [`Missing`](crate::ErrorKind::Missing) if there is no such record.
    pub async fn copy<V: ToValues>(&self, id: Id<V::Model>, values: V) -> Result<Id<V::Model>, Error> {
        let model = V::Model::ODOO_NAME;
        // An id in 14, a list of one in 19.
        let call = self.model(model).call("copy").ids([id]).tree("default", values.to_values().into_json());
        let copied: Value = call.send().await?;
        let ids: Vec<i64> = match &copied {
            Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
            id => id.as_i64().into_iter().collect(),
        };
        one_id(model, "copy", &ids)
    }

    /// The records whose name has this text in it, as a user who types it into a many2one would see them: some models
    /// look at more than the name. `limit` is how many there may be at most.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
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
        name: impl AsRef<str>,
        domain: Domain<M>,
        limit: u64,
    ) -> Result<Vec<Many2one<M>>, Error> {
        let domain = domain.for_server(self.version())?;
        let call = self.model(M::ODOO_NAME).call("name_search").arg("name", name.as_ref()).arg("domain", domain);
        // A name that a module computes to nothing is `false`.
        let pairs: Vec<(i64, Value)> = call.arg("limit", limit).send().await?;
        Ok(pairs.iter().map(|(id, name)| Many2one::named(*id, name.as_str())).collect())
    }

    /// The default values of a new record, for those of these fields that have any: defaults of the model and of the user,
    /// and `default_*` entries of the context.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
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
        let values: Map<String, Value> =
            self.model(M::ODOO_NAME).call("default_get").arg("fields", fields).send().await?;
        Ok(Values::from_json(values))
    }

    /// What the server says about fields of a model: for each the attributes asked for, such as `type`, `string` (the label,
    /// in the language of the context), `required` or `selection`. No fields means all that the user may see, no
    /// attributes means all.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
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
        fields: impl IntoIterator<Item = impl Into<String>>,
        attributes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<BTreeMap<String, Map<String, Value>>, Error> {
        let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
        let attributes: Vec<String> = attributes.into_iter().map(Into::into).collect();
        let mut call = self.model(M::ODOO_NAME).call("fields_get");
        // To 14 an empty list is the same as none; 19 takes it at its word.
        if !fields.is_empty() {
            call = call.arg("allfields", fields);
        }
        if !attributes.is_empty() {
            call = call.arg("attributes", attributes);
        }
        call.send().await
    }
}
