//! The context of calls: language, time zone, companies, and what else modules look at.

use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::Refusal;
use crate::model::ToNumbers;
use crate::write::Argument;

/// What goes along with calls and changes how the server answers them: Odoo's
/// [context](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#odoo.api.Environment.context).
///
/// A whole client has one ([`ClientBuilder::with_context`](crate::ClientBuilder::with_context)), [`Client::with_context`] makes
/// another client with more in it, and the methods of that name of calls and queries are for one of these. Entries of the narrower
/// one replace those of the wider one. All of them take a single entry as a pair as well: `with_context(("lang", "fr_FR"))`.
///
/// On the wire an object: `{"lang": "fr_FR", "allowed_company_ids": [2, 1]}`.
///
/// ```
/// use odoo_client::Context;
///
/// let context = Context::new().lang("fr_FR").companies([2_i64, 1]).active_test(false).set("mail_notrack", true);
/// assert_eq!(context.get("lang"), Some(&"fr_FR".into()));
/// assert_eq!(
///     serde_json::to_string(&context)?,
///     r#"{"active_test":false,"allowed_company_ids":[2,1],"lang":"fr_FR","mail_notrack":true}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Cloning is cheap.
///
/// [`Client::with_context`]: crate::Client::with_context
#[derive(Clone, Default, PartialEq)]
pub struct Context {
    entries: Arc<Map<String, Value>>,
    refusal: Option<Refusal>,
}

impl Context {
    /// An empty context. The server does not look at the user's preferences then: without `lang`, texts are in
    /// English, whatever language the user has chosen.
    pub fn new() -> Self {
        Self::default()
    }

    /// The language of translated texts, of the server's messages and of names, such as `fr_FR`. It must be installed
    /// in the database.
    ///
    /// On the wire `lang`.
    #[must_use]
    pub fn lang(self, code: impl Into<String>) -> Self {
        self.set("lang", code.into())
    }

    /// The time zone of days and of groups by date, such as `Europe/Brussels`. Datetimes are UTC whatever it is.
    ///
    /// On the wire `tz`.
    #[must_use]
    pub fn tz(self, zone: impl Into<String>) -> Self {
        self.set("tz", zone.into())
    }

    /// The one company to act for.
    ///
    /// On the wire `allowed_company_ids` with one id.
    #[must_use]
    pub fn company(self, company: impl Into<i64>) -> Self {
        self.companies([company])
    }

    /// The companies to act for: records of the others are not seen, and the first is the one that new records
    /// belong to. All of them must be among the user's own.
    ///
    /// On the wire `allowed_company_ids`.
    #[must_use]
    pub fn companies<V>(self, companies: impl ToNumbers<V>) -> Self {
        self.set("allowed_company_ids", companies.to_numbers())
    }

    /// Whether searches leave out archived records, as they do if nothing is said.
    ///
    /// On the wire `active_test`.
    #[must_use]
    pub fn active_test(self, only_active: bool) -> Self {
        self.set("active_test", only_active)
    }

    /// Any other entry, such as `default_team_id` or `tracking_disable`.
    #[must_use]
    pub fn set(mut self, key: impl Into<String>, value: impl Argument) -> Self {
        self.insert(key.into(), &value);
        self
    }

    /// The entry of this key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn insert(&mut self, key: String, value: &dyn Argument) {
        match value.to_json() {
            Ok(value) => drop(Arc::make_mut(&mut self.entries).insert(key, value)),
            Err(refusal) => self.refusal = Some(refusal.on(&format!("context entry `{key}`"))),
        }
    }

    /// The last value that cannot be sent, if there is any: then no call with this context is sent.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// Takes over all entries of another, which replace those of the same key.
    pub(crate) fn extend(&mut self, other: Self) {
        if self.entries.is_empty() {
            self.entries = other.entries;
        } else if !other.entries.is_empty() {
            Arc::make_mut(&mut self.entries).extend(Arc::unwrap_or_clone(other.entries));
        }
        self.refusal = other.refusal.or(self.refusal.take());
    }

    pub(crate) fn as_map(&self) -> &Map<String, Value> {
        &self.entries
    }
}

/// The keys alone: values can be anything, passwords too.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context ")?;
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

/// One entry: `("lang", "fr_FR")`.
impl<K: Into<String>, V: Argument> From<(K, V)> for Context {
    fn from((key, value): (K, V)) -> Self {
        Self::new().set(key, value)
    }
}

impl From<Map<String, Value>> for Context {
    fn from(entries: Map<String, Value>) -> Self {
        Self { entries: Arc::new(entries), refusal: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrower_context_wins_and_the_wider_one_stays_as_it_was() {
        let client = Context::new().lang("en_US").tz("Europe/Brussels");
        let mut call = client.clone();
        call.extend(Context::new().lang("fr_FR").company(3));
        assert_eq!(
            serde_json::to_string(&call).unwrap(),
            r#"{"allowed_company_ids":[3],"lang":"fr_FR","tz":"Europe/Brussels"}"#
        );
        assert_eq!(client.get("lang"), Some(&"en_US".into()));
        call.extend(Context::new());
        assert_eq!(call.iter().count(), 3);
    }

    #[test]
    fn values_are_not_shown() {
        let shown = format!("{:?}", Context::new().set("password", "hunter2"));
        assert_eq!(shown, r#"Context {"password"}"#);
    }
}
