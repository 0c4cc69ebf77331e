//! Texts in several languages.

use serde_json::{Map, Value, json};

use crate::client::Call;
use crate::error::ErrorKind;
use crate::version::Difference;
use crate::write::values::ToField;
use crate::{Client, Error, Field, Id, Model};

/// The language of the sources.
const ENGLISH: &str = "en_US";

/// A text of a record in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Translation {
    /// The language, such as `fr_FR`.
    pub lang: String,
    /// The text in English: of the whole field, or of one of its terms.
    pub source: String,
    /// The text in that language. A field that is not translated shows its English text; an untranslated term is
    /// `None`.
    pub value: Option<String>,
}

impl Client {
    /// The texts of a field in all languages that are installed; none, if the field is not translated.
    ///
    /// There are two sorts of translated fields. Names and the like are translated as a whole, and have one entry a
    /// language. HTML and views are often translated term by term, and have one entry a term and language.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Id, Model};
    /// # enum Tag {}
    /// # impl Model for Tag { const ODOO_NAME: &'static str = "res.partner.category"; }
    /// # impl Tag { const NAME: Field<Self, kind::Char> = Field::new("name"); }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// let tag = Id::new(3);
    /// odoo.write_translations(tag, Tag::NAME, [("fr_FR", Some("Fidèle")), ("nl_BE", None)]).await?;
    /// for text in odoo.translations(tag, Tag::NAME).await? {
    ///     println!("{}: {:?}", text.lang, text.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `get_field_translations`. Before Odoo 16 it takes several calls, and the server prepares empty
    /// records for the translations that do not exist, as it does when a user opens the dialog.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Missing`](crate::ErrorKind::Missing) if there is no such record.
    pub async fn translations<M: Model, K, A>(
        &self,
        id: Id<M>,
        field: Field<M, K, A>,
    ) -> Result<Vec<Translation>, Error>
    where
        for<'a> &'a str: ToField<K>,
    {
        let record = Record { client: self, model: M::ODOO_NAME, id: id.get(), field: field.name() };
        if self.version().has(Difference::TranslationsInRecord) {
            let call = record.call("get_field_translations").arg("field_name", field.name());
            let (rows, _): (Vec<Value>, Value) = call.send().await?;
            return Ok(rows.iter().map(|row| translation(row, "source")).collect());
        }
        record.translations_before_16().await
    }

    /// Writes a field in several languages; the field must be one that is translated as a whole. `None` removes the
    /// translation, so that the English text shows again; in English there is none to remove.
    ///
    /// On the wire `update_field_translations`, one call for all languages. Before Odoo 16 each language is a call of
    /// its own, and the first that fails ends it.
    ///
    /// # Errors
    ///
    /// Those of any call; [`User`](crate::ErrorKind::User) if the field is not translated, and this,
    /// [`Validation`](crate::ErrorKind::Validation) or [`Server`](crate::ErrorKind::Server) if a language is not
    /// installed.
    pub async fn write_translations<M: Model, K>(
        &self,
        id: Id<M>,
        field: Field<M, K>,
        texts: impl IntoIterator<Item = (impl Into<String>, Option<impl Into<String>>)>,
    ) -> Result<(), Error>
    where
        for<'a> &'a str: ToField<K>,
    {
        let texts: Vec<(String, Option<String>)> =
            texts.into_iter().map(|(lang, text)| (lang.into(), text.map(Into::into))).collect();
        let record = Record { client: self, model: M::ODOO_NAME, id: id.get(), field: field.name() };
        if self.version().has(Difference::TranslationsInRecord) {
            let value = |text: Option<String>| text.map_or(Value::Bool(false), Value::from);
            return record.update(texts.into_iter().map(|(lang, text)| (lang, value(text))).collect()).await;
        }
        record.check_translated().await?;
        for (lang, text) in texts {
            match text {
                Some(text) => {
                    let values = json!({ field.name(): text });
                    record.call("write").arg("vals", values).with_context(("lang", lang)).done().await?;
                }
                None if lang == ENGLISH => {}
                None => {
                    let of_lang = json!(["lang", "=", lang]);
                    let rows = record.rows_before_16(of_lang).await?.rows;
                    let ids: Vec<i64> = rows.iter().filter_map(|row| row.get("id")?.as_i64()).collect();
                    self.model(IR_TRANSLATION).call("unlink").ids(ids).send::<bool>().await?;
                }
            }
        }
        Ok(())
    }

    /// Writes terms of a field that is translated term by term: pairs of [`Translation::source`] and the text in this
    /// language, which is empty to remove the translation. A source that is no term of the field changes nothing.
    ///
    /// # Errors
    ///
    /// As [`write_translations`](Self::write_translations).
    pub async fn write_term_translations<M: Model, K>(
        &self,
        id: Id<M>,
        field: Field<M, K>,
        lang: impl Into<String>,
        terms: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<(), Error>
    where
        for<'a> &'a str: ToField<K>,
    {
        let lang = lang.into();
        let terms: Vec<(String, String)> =
            terms.into_iter().map(|(source, text)| (source.into(), text.into())).collect();
        let record = Record { client: self, model: M::ODOO_NAME, id: id.get(), field: field.name() };
        if self.version().has(Difference::TranslationsInRecord) {
            let terms: Map<String, Value> = terms.into_iter().map(|(source, text)| (source, text.into())).collect();
            return record.update(Map::from_iter([(lang, terms.into())])).await;
        }
        record.check_translated().await?;
        let rows = record.rows_before_16(json!(["lang", "=", lang])).await?.rows;
        for (source, text) in terms {
            let has_source = |row: &&Value| row.get("src").and_then(Value::as_str) == Some(&*source);
            let ids: Vec<i64> = rows.iter().filter(has_source).filter_map(|row| row.get("id")?.as_i64()).collect();
            let state = if text.is_empty() { "to_translate" } else { "translated" };
            let call = self.model(IR_TRANSLATION).call("write").ids(ids);
            call.arg("vals", json!({"value": text, "state": state})).send::<bool>().await?;
        }
        Ok(())
    }
}

const IR_TRANSLATION: &str = "ir.translation";

/// The field of a record.
struct Record<'a> {
    client: &'a Client,
    model: &'static str,
    id: i64,
    field: &'static str,
}

/// The translations of a field as records, which they are before Odoo 16.
struct Rows {
    rows: Vec<Value>,
    /// Whether they are of single terms.
    of_terms: bool,
}

impl Record<'_> {
    fn call(&self, method: &'static str) -> Call {
        self.client.model(self.model).call(method).ids([self.id])
    }

    async fn update(&self, translations: Map<String, Value>) -> Result<(), Error> {
        let call = self.call("update_field_translations").arg("field_name", self.field);
        // `false` is all it has to say about a field that is not translated.
        if call.arg("translations", translations).send::<bool>().await? { Ok(()) } else { Err(self.not_translated()) }
    }

    async fn translations_before_16(&self) -> Result<Vec<Translation>, Error> {
        if !self.is_translated().await? {
            return Ok(Vec::new());
        }
        let installed: Vec<(String, String)> =
            self.client.model("res.lang").call("get_installed").idempotent().send().await?;
        // The server has no translations to show if English is all there is.
        let several = installed.iter().any(|(lang, _)| lang != ENGLISH);
        if several {
            let langs: Vec<&str> = installed.iter().map(|(lang, _)| &**lang).collect();
            let Rows { rows, of_terms } = self.rows_before_16(json!(["lang", "in", langs])).await?;
            if of_terms {
                return Ok(rows.iter().map(|row| translation(row, "src")).collect());
            }
        }
        let source = self.read_in(ENGLISH).await?;
        let mut all = Vec::with_capacity(installed.len());
        for (lang, _) in installed {
            let value = if lang == ENGLISH { source.clone() } else { self.read_in(&lang).await? };
            all.push(Translation { lang, source: source.clone(), value: Some(value) });
        }
        Ok(all)
    }

    async fn read_in(&self, lang: &str) -> Result<String, Error> {
        let call = self.call("read").arg("fields", [self.field]).with_context(("lang", lang));
        let rows: Vec<Map<String, Value>> = call.send().await?;
        let row = rows.first().ok_or_else(|| {
            Error::new(ErrorKind::Missing, "the record does not exist, or was deleted").with_target(super::target(
                self.model,
                "read",
                [self.id],
            ))
        })?;
        Ok(row.get(self.field).and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// Has the server prepare the records of the field's translations, as its dialog does, and reads those that pass
    /// the condition.
    async fn rows_before_16(&self, condition: Value) -> Result<Rows, Error> {
        let translations = self.client.model(IR_TRANSLATION);
        let call = translations.call("translate_fields").arg("model", self.model).arg("id", self.id);
        let action: Value = call.arg("field", self.field).idempotent().send().await?;
        let shown = |key: &str| action.pointer(&format!("/context/{key}"));
        // The record and the field that hold the text can be others than these: that of the product's template, say.
        let mut domain = vec![json!("&"), condition, json!("&")];
        domain.push(json!(["name", "=", shown("search_default_name").unwrap_or(&Value::Null)]));
        domain.extend(action.get("domain").and_then(Value::as_array).into_iter().flatten().cloned());
        let call = translations.call("search_read").arg("domain", domain).arg("order", "id");
        let rows = call.arg("fields", ["lang", "src", "value"]).send().await?;
        Ok(Rows { rows, of_terms: shown("translation_show_src").and_then(Value::as_bool) == Some(true) })
    }

    async fn is_translated(&self) -> Result<bool, Error> {
        let call = self.client.model(self.model).call("fields_get").arg("allfields", [self.field]);
        let fields: Value = call.arg("attributes", ["translate"]).send().await?;
        Ok(fields.pointer(&format!("/{}/translate", self.field)).and_then(Value::as_bool) == Some(true))
    }

    /// Writing to a field in a language writes to the field itself, if it is not translated.
    async fn check_translated(&self) -> Result<(), Error> {
        if self.is_translated().await? { Ok(()) } else { Err(self.not_translated()) }
    }

    fn not_translated(&self) -> Error {
        Error::new(ErrorKind::User, format!("the field `{}` is not translated", self.field)).with_target(super::target(
            self.model,
            "update_field_translations",
            [self.id],
        ))
    }
}

fn translation(row: &Value, source: &str) -> Translation {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    Translation {
        lang: text("lang").unwrap_or_default().to_owned(),
        source: text(source).unwrap_or_default().to_owned(),
        value: text("value").filter(|value| !value.is_empty()).map(str::to_owned),
    }
}
