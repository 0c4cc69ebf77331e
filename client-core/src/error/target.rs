//! What a call is made on.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::display::Escaped;

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

impl Target {
    /// Whether a method only reads: methods of all models that Odoo's own code does not let write. A module that makes one
    /// of them write in its model must expect more than one call from browsers as well.
    pub(crate) fn only_reads(&self) -> bool {
        READS.binary_search(&&*self.method).is_ok()
    }
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

/// Sorted. Those that Odoo 19 marks as read-only (it runs them on a replica of the database if there is one), and those
/// that were renamed or came before there was such a mark. Not `onchange` and `default_get`'s like with a name of
/// their own: what a module does in them is anybody's guess. Nor `export_data`, which gives records external ids (seen on 14.0 and
/// 19.0).
const READS: &[&str] = &[
    "check_access",
    "check_access_rights",
    "check_access_rule",
    "default_get",
    "exists",
    "fields_get",
    "fields_view_get",
    "filtered_domain",
    "formatted_read_group",
    "formatted_read_grouping_sets",
    "get_external_id",
    "get_field_translations",
    "get_metadata",
    "get_view",
    "get_views",
    "has_access",
    "has_group",
    "has_groups",
    "load_views",
    "name_get",
    "name_search",
    "read",
    "read_group",
    "read_progress_bar",
    "search",
    "search_count",
    "search_fetch",
    "search_read",
    "web_name_search",
    "web_read",
    "web_read_group",
    "web_search_read",
];

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
    fn the_table_can_be_searched() {
        assert!(READS.is_sorted());
        let only_reads = |method: &'static str| Target { method: method.into(), ..target(None) }.only_reads();
        assert!(only_reads("search_read") && only_reads("check_access") && only_reads("web_search_read"));
        for writes in [
            "write",
            "create",
            "unlink",
            "copy",
            "load",
            "name_create",
            "export_data",
            "web_save",
            "action_confirm",
            "",
        ] {
            assert!(!only_reads(writes), "{writes}");
        }
    }

    #[test]
    fn names_are_escaped() {
        let target = Target { model: "a\u{1b}[2J".into(), method: "b".into(), ids: None };
        assert_eq!(target.to_string(), "a\\u{1b}[2J.b()");
    }
}
