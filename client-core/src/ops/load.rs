//! Odoo's import: rows of text are created, or written where their external id exists.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use super::external_id::split;
use crate::error::ErrorKind;
use crate::version::Difference;
use crate::{Client, Error, Id, Model};

impl Client {
    /// Creates or updates records from rows of text, by external id: Odoo's own import.
    ///
    /// A column is a field. The column `id` is the external id: where a record has it, that one is written, otherwise
    /// one is created and given it. `partner_id/id` refers to a record by external id, `partner_id/.id` by number,
    /// and `partner_id` by name; an empty text empties the field, except in the first column `id`, where it means a
    /// new record without external id. Values are texts as in a CSV file: `1` and `0` for booleans. (Booleans of JSON
    /// make the server fail.)
    ///
    /// What has an external id is found by it the next time. What has none is made anew by each call: rows without one, and
    /// the lines of a record, unless they have their own (in a column such as `order_line/id`). An order that is loaded
    /// twice with lines `order_line/product_id` alone has each line twice (seen on 14, 18 and 19).
    ///
    /// All rows are loaded, or none: then [`Loaded::ids`] is empty, and [`Loaded::messages`] has an error for each row
    /// that is wrong.
    ///
    /// ```no_run
    /// # enum Tag {}
    /// # impl odoo_client::Model for Tag { const ODOO_NAME: &'static str = "res.partner.category"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let rows = [["crm_sync.tag_vip", "VIP", "3"], ["crm_sync.tag_old", "Old", "5"]];
    /// let loaded = odoo.load::<Tag, _, _>(["id", "name", "color"], rows).await?;
    /// for message in &loaded.messages {
    ///     eprintln!("row {}: {}", message.first_row, message.text);
    /// }
    /// let ids = loaded.into_result()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Before Odoo 19 the server does not see it when an external id belongs to a record of another model: it writes
    /// to the record with the same number and steals the external id (seen in 14). There this asks for the external
    /// ids first, and sends nothing if one is not for this model.
    ///
    /// # Errors
    ///
    /// Those of any call. Wrong values are not among them, but an unknown field is
    /// ([`UnknownField`](crate::ErrorKind::UnknownField)), and, before Odoo 19, an external id of another model
    /// ([`Validation`](crate::ErrorKind::Validation)).
    pub async fn load<M, R, C>(
        &self,
        fields: impl IntoIterator<Item = impl Into<String>>,
        rows: R,
    ) -> Result<Loaded<M>, Error>
    where
        M: Model,
        R: IntoIterator<Item = C>,
        C: IntoIterator<Item: Into<String>>,
    {
        let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
        let data: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect();
        if !self.version().has(Difference::ImportChecksModel) {
            self.check_models::<M>(&fields, &data).await?;
        }
        let call = self.model(M::ODOO_NAME).call("load").arg("fields", fields).arg("data", data);
        let answer: Map<String, Value> = call.send().await?;
        let numbers = answer.get("ids").and_then(Value::as_array);
        let ids = numbers.into_iter().flatten().filter_map(Value::as_i64).map(Id::new).collect();
        let messages = answer.get("messages").and_then(Value::as_array);
        let messages = messages.into_iter().flatten().map(LoadMessage::from_json).collect();
        Ok(Loaded { ids, messages })
    }

    /// Refuses external ids that belong to records of other models.
    async fn check_models<M: Model>(&self, fields: &[String], data: &[Vec<String>]) -> Result<(), Error> {
        let Some(column) = fields.iter().position(|field| field == "id") else { return Ok(()) };
        let given = data.iter().filter_map(|row| row.get(column)).map(String::as_str);
        // Without a module it is one of `__import__`.
        let given: Vec<String> = given
            .filter(|xml_id| !xml_id.is_empty())
            .map(|xml_id| if xml_id.contains('.') { xml_id.to_owned() } else { format!("__import__.{xml_id}") })
            .collect();
        let pairs = given.iter().map(|xml_id| split(xml_id)).collect::<Result<Vec<_>, _>>()?;
        let known: HashMap<String, (String, i64)> = self.look_up(&pairs).await?;
        match given.iter().find_map(|xml_id| known.get(xml_id).map(|found| (xml_id, found))) {
            Some((xml_id, (model, id))) if model != M::ODOO_NAME => Err(Error::new(
                ErrorKind::Validation,
                format!("the external id `{xml_id}` is that of {model}({id}): nothing was loaded"),
            )
            .with_target(super::target(M::ODOO_NAME, "load", []))),
            _ => Ok(()),
        }
    }
}

/// What became of rows that were to be loaded.
#[non_exhaustive]
pub struct Loaded<M> {
    /// The ids of the records, in the order of the rows. (Further rows of the same record, which have only one2many
    /// columns, have none of their own.) Empty if a row was refused: then none was loaded.
    pub ids: Vec<Id<M>>,
    /// What the server has to say about rows.
    pub messages: Vec<LoadMessage>,
}

impl<M: Model> Loaded<M> {
    /// The ids, or an error with the messages of all refused rows.
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) if a row was refused.
    pub fn into_result(self) -> Result<Vec<Id<M>>, Error> {
        let errors: Vec<String> = self
            .messages
            .iter()
            .filter(|message| message.is_error)
            .map(|message| format!("row {}: {}", message.first_row, message.text))
            .collect();
        if errors.is_empty() {
            return Ok(self.ids);
        }
        Err(Error::new(ErrorKind::Validation, "rows were refused, and none was loaded")
            .with_target(super::target(M::ODOO_NAME, "load", []))
            .with_server_message(errors.join("\n")))
    }
}

impl<M: Model> fmt::Debug for Loaded<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("ids", &self.ids).field("messages", &self.messages).finish()
    }
}

/// What the server has to say about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadMessage {
    /// Whether this is why nothing was loaded. Otherwise it is a warning.
    pub is_error: bool,
    /// The first row of the record, counted from 0.
    pub first_row: usize,
    /// The last row of the record: the same, except for records with one2many columns in further rows.
    pub last_row: usize,
    /// The field, where the server names it.
    pub field: Option<String>,
    /// The server's own words. They are text from outside: escape them before you print them.
    pub text: String,
}

impl LoadMessage {
    pub(super) fn from_json(message: &Value) -> Self {
        let text = |key: &str| message.get(key).and_then(Value::as_str);
        let row = |end: &str| {
            let row = message.pointer(&format!("/rows/{end}")).or_else(|| message.get("record"));
            row.and_then(Value::as_u64).and_then(|row| row.try_into().ok()).unwrap_or_default()
        };
        Self {
            is_error: text("type") != Some("warning"),
            first_row: row("from"),
            last_row: row("to"),
            field: text("field").map(str::to_owned),
            text: text("message").unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_both_versions() {
        // As 14 and 19 answer them.
        let read = |json: Value| LoadMessage::from_json(&json);
        let message = read(
            serde_json::json!({"rows": {"from": 1, "to": 2}, "type": "warning", "record": 1, "field": "active", "message": "a"}),
        );
        assert_eq!((message.is_error, message.first_row, message.last_row), (false, 1, 2));
        assert_eq!((message.field.as_deref(), &*message.text), (Some("active"), "a"));
        let message = read(serde_json::json!({"type": "error", "record": 3, "message": "Contacts require a name"}));
        assert_eq!((message.is_error, message.first_row, message.last_row, message.field), (true, 3, 3, None));
    }
}
