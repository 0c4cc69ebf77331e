//! What differs between the series of Odoo: one row for each difference, and nowhere else is a series compared with a number.

use std::fmt;

/// The series that an emulator plays: 18 and 2 are `saas~18.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series(pub u32, pub u32);

impl Series {
    /// Reads `19.0` and `saas~18.2`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("saas~").or_else(|| text.strip_prefix("saas-")).unwrap_or(text);
        let (major, minor) = text.split_once('.')?;
        let minor: String = minor.chars().take_while(char::is_ascii_digit).collect();
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }

    /// Whether this series does it.
    pub fn has(self, difference: Difference) -> bool {
        self >= difference.since()
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Makes the enum of the rows.
macro_rules! differences {
    ($($(#[$what:meta])* $name:ident: since ($major:literal, $minor:literal), $seen:literal;)+) => {
        /// Something that Odoo does from one of its series on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Difference {
            $(
                $(#[$what])*
                #[doc = concat!("\n\nSince ", $major, ".", $minor, ". ", $seen)]
                $name,
            )+
        }

        impl Difference {
            /// All that are known, the oldest first.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The first series that does it.
            pub const fn since(self) -> Series {
                match self {
                    $(Self::$name => Series($major, $minor),)+
                }
            }
        }
    };
}

differences! {
    /// `related` of `fields_get` is a dotted path. Before, a list of names.
    RelatedIsPath: since (15, 0), "Seen on 14.0 and 19.0.";

    /// A failed call says why also where the server has several databases and the request comes without a session. Before,
    /// it was an HTML page with status 500 and no word.
    ErrorsInWords: since (16, 0), "Seen on 14.0, 17.0 and 19.0, and in the source of 16.0.";

    /// Two-factor authentication is switched on by `action_totp_enable_wizard` of `res.users`, before by
    /// `totp_enable_wizard`.
    TotpEnableWizardIsAction: since (16, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// `aggregator` of `fields_get`. Before, `group_operator`.
    Aggregator: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// `groupable` of `fields_get`.
    Groupable: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// API keys have an end. Before, they hold until they are revoked.
    KeysExpire: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// In a web session, a model that is not there is an address that is not there. Before, it is the `KeyError` of its name.
    UnknownModelIsNotFound: since (18, 0), "Seen on 14.0 and 19.0, and in the source of 17.0 and 18.0.";

    /// The wire JSON-2, the documentation of methods at `/doc`, and the version at `/web/version` and `/json/version`.
    Json2: since (19, 0), "14.0 to 18.0 have none; seen on 19.0.";

    /// The password of an identity check, and the code that switches two-factor authentication on, go along in the context.
    /// Before, they are written to the wizard.
    PasswordInContext: since (19, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// The code of an exception in JSON-RPC's envelope is 0. Before, it is 200.
    ErrorCodeIsZero: since (19, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// What goes wrong before the call, a session that is not known for one, is an error whose `id` is `null`. Before, the
    /// id is that of the request.
    ErrorsBeforeTheCallHaveNoId: since (19, 0), "Seen on 14.0 and 19.0; 16.0 to 18.0 were not asked.";

    /// A page says that no database is selected. Before, that there is nothing at this address.
    NoDatabaseInWords: since (19, 0), "Seen on 14.0 and 19.0; 16.0 to 18.0 were not asked.";

    /// A request of the wrong type has status 415. Before, 400.
    WrongTypeIsUnsupported: since (19, 0), "Seen on 14.0 and 19.0, and in the source of 17.0.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_in_the_order_of_the_series() {
        assert!(Difference::ALL.is_sorted_by_key(|difference| difference.since()));
    }

    #[test]
    fn online_series_are_between_the_others() {
        assert_eq!(Series::parse("saas~18.2"), Some(Series(18, 2)));
        assert_eq!(Series::parse("19.0"), Some(Series(19, 0)));
        assert!(Series::parse("18.0") < Series::parse("saas~18.2"));
    }
}
