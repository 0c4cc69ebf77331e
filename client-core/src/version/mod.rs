//! The version of a server, and what differs between the series of Odoo.

mod series;

pub use self::series::Difference;

use std::fmt;

use odoo_visible::visible;

/// The version of an Odoo server, such as `19.0`, `19.0-20250101`, `14.0+e` or `saas~17.4+e`.
///
/// ```
/// use odoo_client::version::ServerVersion;
///
/// let version = ServerVersion::parse("saas~17.4+e").expect("a version of Odoo");
/// assert_eq!(version.series(), "saas~17.4");
/// assert_eq!((version.major(), version.minor()), (17, 4));
/// assert_eq!(version.to_string(), "saas~17.4+e");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServerVersion {
    full: String,
    /// How much of `full` is the series.
    series_len: usize,
    major: u32,
    minor: u32,
}

impl ServerVersion {
    /// Reads a version as servers give it; `None` if it is not one.
    pub fn parse(full: &str) -> Option<Self> {
        let full = full.trim();
        let prefix_len = full.find(|c: char| c.is_ascii_digit())?;
        // `saas~17.4`, and `saas-17.4` before that; nothing else is known to stand before the numbers.
        if !matches!(&full[..prefix_len], "" | "saas~" | "saas-") {
            return None;
        }
        let numbers = &full[prefix_len..];
        let (major, rest) = numbers.split_once('.')?;
        let minor_len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let minor = &rest[..minor_len];
        Some(Self {
            series_len: prefix_len + major.len() + 1 + minor_len,
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
            full: full.to_owned(),
        })
    }

    /// The series, which stays the same over all updates of an installation: `19.0`, `saas~17.4`.
    pub fn series(&self) -> &str {
        &self.full[..self.series_len]
    }

    /// The first number, such as 19.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The second number: 0, except in the versions between two major ones, which only Odoo's own hosting runs.
    pub fn minor(&self) -> u32 {
        self.minor
    }

    /// The whole version as the server gave it, such as `19.0-20250101`.
    pub fn as_str(&self) -> &str {
        &self.full
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        visible(&self.full).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_shape() {
        for (full, series, major, minor) in [
            ("19.0", "19.0", 19, 0),
            ("19.0-20250101", "19.0", 19, 0),
            ("14.0+e", "14.0", 14, 0),
            ("14.0-20231205", "14.0", 14, 0),
            ("16.0+e-20240101", "16.0", 16, 0),
            ("saas~17.4+e", "saas~17.4", 17, 4),
            ("saas-16.3", "saas-16.3", 16, 3),
            ("19.1a1", "19.1", 19, 1),
            ("18.0rc1", "18.0", 18, 0),
        ] {
            let version = ServerVersion::parse(full).unwrap();
            assert_eq!((version.series(), version.major(), version.minor()), (series, major, minor), "{full}");
            assert_eq!(version.as_str(), full);
        }
    }

    #[test]
    fn what_is_no_version() {
        for none in ["", "odoo", "19", "x19.0", "19.", ".0", "\u{1b}[0m19.0", "99999999999.0", "19.0.1é", "1９.0"] {
            assert_eq!(
                ServerVersion::parse(none).map(|v| v.series().to_owned()),
                match none {
                    "19.0.1é" => Some("19.0".to_owned()),
                    _ => None,
                }
            );
        }
    }
}
