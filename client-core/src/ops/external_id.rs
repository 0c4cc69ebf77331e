//! External ids (`module.name`), which stay the same from database to database.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use crate::error::ErrorKind;
use crate::model::ToIds;
use crate::{Client, Error, Id, Model};

const DATA: &str = "ir.model.data";

impl Client {
    /// The record that has this external id, such as `base.main_partner`; `None` if there is none, or none that the
    /// user may see.
    ///
    /// ```no_run
    /// # enum Country {}
    /// # impl odoo_client::Model for Country { const ODOO_NAME: &'static str = "res.country"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use odoo_client::Id;
    ///
    /// let belgium: Option<Id<Country>> = odoo.id_of("base.be").await?;
    /// let both: Vec<Option<Id<Country>>> = odoo.ids_of(["base.be", "base.fr"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; [`Encode`](crate::ErrorKind::Encode) for a text that is no external id, and
    /// [`Decode`](crate::ErrorKind::Decode) if it is the external id of a record of another model.
    pub async fn id_of<M: Model>(&self, xml_id: impl AsRef<str>) -> Result<Option<Id<M>>, Error> {
        Ok(self.ids_of([xml_id]).await?.pop().flatten())
    }

    /// The records that have these external ids, in the same order.
    ///
    /// That is two calls. A user who may not read `ir.model.data`, as ordinary users of Odoo 19, needs
    /// one more for each external id.
    ///
    /// # Errors
    ///
    /// As [`id_of`](Self::id_of).
    pub async fn ids_of<M: Model>(
        &self,
        xml_ids: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Vec<Option<Id<M>>>, Error> {
        let xml_ids: Vec<_> = xml_ids.into_iter().collect();
        let pairs = xml_ids.iter().map(|xml_id| split(xml_id.as_ref())).collect::<Result<Vec<_>, _>>()?;
        let known = self.look_up(&pairs).await?;
        let mut found = Vec::with_capacity(xml_ids.len());
        for xml_id in &xml_ids {
            let xml_id = xml_id.as_ref();
            found.push(match known.get(xml_id) {
                None => None,
                Some((model, id)) if model == M::ODOO_NAME => Some(*id),
                Some((model, id)) => {
                    let what =
                        format!("the external id `{xml_id}` is that of {model}({id}), not of a {}", M::ODOO_NAME);
                    return Err(Error::new(ErrorKind::Decode, what));
                }
            });
        }
        let ids: Vec<i64> = found.iter().flatten().copied().collect();
        if ids.is_empty() {
            return Ok(vec![None; found.len()]);
        }
        // An external id can outlast its record.
        let visible = self.model(M::ODOO_NAME).call("search").arg("domain", json!([["id", "in", ids]]));
        let visible: HashSet<i64> =
            visible.with_context(("active_test", false)).send::<Vec<i64>>().await?.into_iter().collect();
        Ok(found.into_iter().map(|id| id.filter(|id| visible.contains(id)).map(Id::new)).collect())
    }

    /// The external ids of these records, in the same order; `None` where a record has none. Of several that a record
    /// has, the server picks one.
    ///
    /// On the wire `get_external_id`, which every user may call.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn xml_ids_of<M: Model>(&self, ids: impl ToIds<M>) -> Result<Vec<Option<String>>, Error> {
        let ids = ids.to_ids();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let call = self.model(M::ODOO_NAME).call("get_external_id").ids(ids.iter().copied());
        let known: HashMap<String, String> = call.send().await?;
        let of = |id: &i64| known.get(&id.to_string()).filter(|xml_id| !xml_id.is_empty()).cloned();
        Ok(ids.iter().map(of).collect())
    }

    /// Model and number of the records with these external ids, whether the records still exist or not.
    pub(super) async fn look_up(&self, pairs: &[(&str, &str)]) -> Result<HashMap<String, (String, i64)>, Error> {
        if pairs.is_empty() {
            return Ok(HashMap::new());
        }
        let modules: BTreeSet<&str> = pairs.iter().map(|(module, _)| *module).collect();
        let names: BTreeSet<&str> = pairs.iter().map(|(_, name)| *name).collect();
        let call = self.model(DATA).call("search_read");
        let call = call.arg("domain", json!([["module", "in", modules], ["name", "in", names]]));
        let rows: Vec<Value> = match call.arg("fields", ["module", "name", "model", "res_id"]).send().await {
            Ok(rows) => rows,
            Err(error) if error.kind() == ErrorKind::Access => return self.look_up_one_by_one(pairs).await,
            Err(error) => return Err(error),
        };
        let found = rows.iter().filter_map(|row| {
            let text = |field: &str| row.get(field)?.as_str();
            let record = (text("model")?.to_owned(), row.get("res_id")?.as_i64()?);
            Some((format!("{}.{}", text("module")?, text("name")?), record))
        });
        Ok(found.collect())
    }

    /// The same for users who may not read the table of external ids: every user may ask for the record of one of them.
    async fn look_up_one_by_one(&self, pairs: &[(&str, &str)]) -> Result<HashMap<String, (String, i64)>, Error> {
        let mut found = HashMap::new();
        for (module, name) in pairs {
            let call = self.model(DATA).call("check_object_reference").arg("module", *module).arg("xml_id", *name);
            match call.with_context(("active_test", false)).idempotent().send::<(String, Value)>().await {
                // `[model, false]` for a record that is gone, or that the user may not see: 0 is no record either.
                Ok((model, id)) => {
                    found.insert(format!("{module}.{name}"), (model, id.as_i64().unwrap_or_default()));
                }
                // "External ID not found in the system", or a model that the user may not read.
                Err(error) if error.server_exception() == Some("builtins.ValueError") => {}
                Err(error) if error.kind() == ErrorKind::Access => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}

/// Module and name; a name can have dots in it.
pub(super) fn split(xml_id: &str) -> Result<(&str, &str), Error> {
    xml_id.split_once('.').filter(|(module, name)| !module.is_empty() && !name.is_empty()).ok_or_else(|| {
        Error::new(ErrorKind::Encode, format!("`{xml_id}` is no external id: it has the form `module.name`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_ends_at_the_first_dot() {
        assert_eq!(split("__ops__.a.b").unwrap(), ("__ops__", "a.b"));
        for none in ["", "main_partner", ".a", "a."] {
            assert_eq!(split(none).unwrap_err().kind(), ErrorKind::Encode, "{none}");
        }
    }
}
