//! A `target.toml` that says what can be in it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The text. What is commented out are examples.
pub(super) fn text(name: &str, series: &str, models: &[String]) -> String {
    format!(
        r#"# The Odoo that this crate is pinned to. This file is yours; all else in this folder is written by
# `cargo odoo regen {name}`.

# That of the server. May be a list, or a glob such as "saas~18.*".
series = "{series}"

# Names and globs. A glob has to list the models of the server, which takes the group Access Rights; names take no such right.
[models]
include = {models:?}
# exclude = ["sale.report"]

# Fields that whole rows have besides those that are stored, and fields that they go without.
# [rows]
# include = ["account.account.code"]
# exclude = ["res.partner.comment"]

# Names of environment variables, never what they hold: these are the usual ones.
[connection]
url = "ODOO_URL"
database = "ODOO_DB"
user = "ODOO_USER"
password = "ODOO_PASSWORD"
api_key = "ODOO_API_KEY"
session_id = "ODOO_SESSION_ID"
# What stands in front of the server: headers by the variables that hold them, and the like.
# headers = {{ CF-Access-Client-Id = "ACME_ACCESS_ID", CF-Access-Client-Secret = "ACME_ACCESS_SECRET" }}
# proxy = "ACME_PROXY"
# The path of a file with certificate and key.
# client_certificate = "ACME_CERTIFICATE"
# A file in this folder.
# root_certificate = "company-ca.pem"
# Of a call; there are connect_timeout and read_timeout as well.
# timeout = "10m"
# max_concurrent_calls = 2
# Requests a second.
# rate_limit = 5
"#
    )
}

/// Writes it into a new folder.
pub(super) fn write(folder: &Path, text: &str) -> Result<()> {
    let file = folder.join("target.toml");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, text))
        .with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Target;

    #[test]
    fn it_is_right_with_and_without_its_examples() {
        let folder = std::env::temp_dir().join(format!("odoo-xtask new {}", std::process::id()));
        let text = text("acme", "saas~18.2", &["res.partner".to_owned(), "sale.*".to_owned()]);
        let is_example =
            |line: &str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let examples: Vec<_> =
            text.lines().map(|line| line.strip_prefix("# ").filter(|line| is_example(line)).unwrap_or(line)).collect();
        assert_eq!(examples.iter().filter(|line| line.starts_with("rate_limit")).count(), 1);
        for text in [&text, &examples.join("\n")] {
            write(&folder.join("acme"), text).unwrap();
            let target = Target::load(&folder, "acme").unwrap();
            assert!(target.series.matches("saas~18.2") && target.models.matches("sale.order"));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
