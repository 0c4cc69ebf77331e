//! What a call is made on.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::error::Escaped;

/// How many ids an error message spells out before it only counts them.
const IDS_SHOWN: usize = 5;

/// What is called: a method of a model, or of records of it. Enough to name the call in an error.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) model: Cow<'static, str>,
    pub(crate) method: Cow<'static, str>,
    /// `None` when the call is made on the model, not on records.
    pub(crate) ids: Option<Vec<i64>>,
}

impl fmt::Display for Target {
    /// `res.partner.write([1, 2, 3, 4, 5, … 40 ids])`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}(", Escaped(&self.model), Escaped(&self.method))?;
        if let Some(ids) = &self.ids {
            f.write_char('[')?;
            for (position, id) in ids.iter().take(IDS_SHOWN).enumerate() {
                let comma = if position > 0 { ", " } else { "" };
                write!(f, "{comma}{id}")?;
            }
            if ids.len() > IDS_SHOWN {
                write!(f, ", … {} ids", ids.len())?;
            }
            f.write_char(']')?;
        }
        f.write_char(')')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(ids: Option<Vec<i64>>) -> Target {
        Target { model: "res.partner".into(), method: "write".into(), ids }
    }

    #[test]
    fn many_ids_are_counted() {
        assert_eq!(target(Some((1..=40).collect())).to_string(), "res.partner.write([1, 2, 3, 4, 5, … 40 ids])");
        assert_eq!(target(None).to_string(), "res.partner.write()");
    }

    #[test]
    fn names_are_escaped() {
        let target = Target { model: "a\u{1b}[2J".into(), method: "b".into(), ids: None };
        assert_eq!(target.to_string(), "a\\u{1b}[2J.b()");
    }
}
