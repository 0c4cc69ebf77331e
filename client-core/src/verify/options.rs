//! What is read.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Error;

/// Which models to read, and how thoroughly.
///
/// ```
/// use odoo_client::verify::Options;
///
/// let mut options = Options::default();
/// options.models = vec!["res.partner".to_owned()];
/// options.sample = Some(300);
/// assert_eq!(Options::from_json(&options.to_json())?, options);
/// # Ok::<(), odoo_client::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The models to read; all of them if there is none.
    pub models: Vec<String>,
    /// Read computed and binary fields too, and find out which of them make reads fail. Of stored binary fields only
    /// the size is asked for: a database can hold gigabytes of them.
    pub all_fields: bool,
    /// Read no more than so many records of each model: a third of them the newest, a third the oldest, and the others
    /// from between, as `seed` picks them.
    pub sample: Option<u32>,
    /// What the random records of a sample come from: the same ones for the same seed, as long as the ids are the same.
    pub seed: u64,
    /// Stop when this is over. What has not been read by then is not verified. Whole seconds in JSON.
    pub time_limit: Option<Duration>,
}

impl Options {
    /// As JSON, for a program that is to verify.
    pub fn to_json(&self) -> String {
        let Self { models, all_fields, sample, seed, time_limit } = self;
        let time_limit = time_limit.map(|limit| limit.as_secs());
        json!({"models": models, "all_fields": all_fields, "sample": sample, "seed": seed, "time_limit": time_limit})
            .to_string()
    }

    /// From JSON; what is not said is as usual.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) for what is not JSON, or not of these types.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let wrong =
            |why: &str| Error::config(format!("the options are not as `verify::Options::to_json` writes them: {why}"));
        let Value::Object(given) = serde_json::from_str(json).map_err(|error| wrong(&error.to_string()))? else {
            return Err(wrong("not an object"));
        };
        let mut options = Self::default();
        for (name, value) in given.into_iter().filter(|(_, value)| !value.is_null()) {
            let is_read = match name.as_str() {
                "models" => set(&mut options.models, value),
                "all_fields" => set(&mut options.all_fields, value),
                "sample" => set(&mut options.sample, value),
                "seed" => set(&mut options.seed, value),
                "time_limit" => {
                    options.time_limit = value.as_u64().map(Duration::from_secs);
                    options.time_limit.is_some()
                }
                _ => false,
            };
            if !is_read {
                return Err(wrong(&format!("`{}`", name.escape_debug())));
            }
        }
        Ok(options)
    }
}

/// Whether the value is of the type that is wanted.
fn set<T: serde::de::DeserializeOwned>(option: &mut T, value: Value) -> bool {
    serde_json::from_value(value).map(|value| *option = value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_mistakes_are_told() {
        let options = Options {
            models: vec!["res.partner".to_owned()],
            all_fields: true,
            sample: Some(30),
            seed: u64::MAX,
            time_limit: Some(Duration::from_secs(90)),
        };
        assert_eq!(Options::from_json(&options.to_json()).unwrap(), options);
        assert_eq!(Options::from_json("{}").unwrap(), Options::default());
        for (wrong, says) in
            [("", "EOF"), ("[]", "not an object"), (r#"{"sampel": 3}"#, "`sampel`"), (r#"{"seed": -1}"#, "`seed`")]
        {
            let error = Options::from_json(wrong).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
