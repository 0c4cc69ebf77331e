//! What differs between the series of Odoo: one row for each difference, and nowhere else is a series compared with a number.
//! The first file of whoever adds a series; `CONTRIBUTING.md`, "To add a series", has the steps.

use super::ServerVersion;

/// Makes the enum of the rows.
macro_rules! differences {
    ($($(#[$what:meta])* $name:ident: since ($major:literal, $minor:literal), $seen:literal;)+) => {
        /// Something that Odoo does from one of its series on, and did not do, or did otherwise, before.
        ///
        /// Each says since when, and where that was seen: on running servers, in their answers, in Odoo's source or documentation.
        /// Odoo Online has series in between: `saas~18.2` comes after 18.0 and before 19.0, and what came with 19.0 may have
        /// been there before. Where it is not known it counts as not there yet, and the older way is taken, which usually
        /// works until the next big series.
        ///
        /// ```
        /// use odoo_client::version::{Difference, ServerVersion};
        ///
        /// let online = ServerVersion::parse("saas~18.2+e").expect("a version of Odoo");
        /// assert!(online.has(Difference::KeysExpire) && online.has(Difference::FormattedReadGroup));
        /// assert!(!online.has(Difference::Json2));
        /// ```
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

            /// The first series that does it: 18 and 2 are `saas~18.2`.
            pub const fn since(self) -> (u32, u32) {
                match self {
                    $(Self::$name => ($major, $minor),)+
                }
            }
        }
    };
}

differences! {
    /// Records are grouped by a many2many field, those with several values in several groups.
    GroupByMany2many: since (15, 0), "14.0 refuses it; seen on 16.0 to 19.0, and in the source of 15.0.";

    /// Lists of conditions may have 0, `true` and `false` in them, and for translated fields no value, and what is not to be there. Before,
    /// 0 counted as no value, computed booleans knew no lists, and the rest was an error of SQL: each is sent as a condition of
    /// its own.
    ListsOfAnyValues: since (16, 0), "Seen on 14.0; in the source of 15.0, where `not in` was mended, and of 16.0.";

    /// A failed call says why also where the server has several databases and the request comes without a session. Before,
    /// it was an HTML page with status 500 and no word.
    ErrorsInWords: since (16, 0), "Seen on 14.0, 17.0 and 19.0, and in the source of 16.0; 15.0 was not asked.";

    /// Records carry their translations. Before, these were records of a model of their own, `ir.translation`.
    TranslationsInRecord: since (16, 0), "Seen on 14.0 and on 16.0 to 19.0; Odoo's changelog of 16.0.";

    /// Two-factor authentication is switched on by `action_totp_enable_wizard` of `res.users`, before by
    /// `totp_enable_wizard`.
    TotpEnableWizardIsAction: since (16, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// There are fields of the types `json`, `properties` and `properties_definition`.
    JsonAndProperties: since (16, 0), "14.0 has none; seen on 16.0 to 19.0; 15.0 was not asked.";

    /// Domains have the operators `any` and `not any`.
    AnyInDomains: since (17, 0), "14.0 and 16.0 refuse them; seen on 17.0 to 19.0.";

    /// An order may say `nulls first` and `nulls last`.
    NullsInOrders: since (17, 0), "14.0 and 16.0 refuse them; seen on 17.0 to 19.0.";

    /// `web_read` and `web_search_read` take a specification, and read records within records.
    Specifications: since (17, 0), "16.0 takes one for a list of fields; seen on 17.0 to 19.0.";

    /// Groups have aggregates of a field that they are grouped by.
    AggregatesOfKeys: since (17, 0), "16.0 leaves them out of its answer; seen on 17.0 to 19.0.";

    /// Groups are skipped also where no limit is given. Before, an offset without a limit was passed over.
    GroupOffsetAlone: since (17, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// Weeks begin where the language says: on Sunday in American English. Before, on Monday.
    WeeksOfLanguage: since (17, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// `has_access` answers for the model and for its records. Before, `check_access_rights` and `check_access_rule`.
    HasAccess: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0; Odoo's changelog of 18.0.";

    /// The web client is at `/odoo`. Before, at `/web`, which still leads there.
    WebClientAtOdoo: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// An order by a field that cannot be sorted by is an error. Before, it was dropped without a word.
    UnsortableIsError: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// API keys have an end. Before, they hold until they are revoked.
    KeysExpire: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// `formatted_read_group` makes groups. Before, `read_group`, which is deprecated since.
    FormattedReadGroup: since (18, 2), "14.0 to 18.0 have none; seen on 19.0; Odoo's changelog of Odoo Online 18.2.";

    /// Records are grouped along a path of fields.
    GroupByPath: since (19, 0), "14.0 to 18.0 refuse it; seen on 19.0.";

    /// The wire JSON-2, `/json/2`.
    Json2: since (19, 0), "14.0 to 18.0 have none; seen on 19.0, which Odoo's documentation says brought it.";

    /// Odoo documents the methods of its models, at `/doc`.
    ApiDoc: since (19, 0), "14.0 to 18.0 have none; seen on 19.0.";

    /// The password of an identity check goes along in the context. Before, it is written to the wizard.
    PasswordInContext: since (19, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// The import itself refuses an external id that belongs to a record of another model. Before, it wrote to the record
    /// with the same number.
    ImportChecksModel: since (19, 0), "Seen on 14.0 and 19.0.";

    /// What groups a user is in, implied ones too, is `all_group_ids` of `res.users`. Before, `groups_id`.
    AllGroupIds: since (19, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// Of several fields that the user may not read, an error names the first. Before, all of them.
    HiddenFieldsOneByOne: since (19, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// Only an administrator may list models, fields and modules. Before, every user of the inside.
    ModelsListedByAdmin: since (19, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// A condition on a field that cannot be searched is an error. Before, it was dropped without a word.
    UnsearchableIsError: since (19, 0), "Seen on 14.0, 18.0 and 19.0.";

    /// Conditions compare with no JSON objects, nor with any in a list: that is an error of Python (`unhashable type`).
    NoJsonInConditions: since (19, 0), "Seen on 19.0; 16.0 to 18.0 were not asked.";

    /// A property that has no value has no entry `value`, whatever its type. Before, one of the type `boolean` is `false`.
    UnsetPropertyHasNoValue: since (19, 0), "Seen on 16.0 to 19.0; 14.0 has no properties.";

    /// The wire JSON-RPC, `/jsonrpc`, is gone.
    NoJsonRpc: since (21, 1), "Planned: Odoo's documentation of 19.0 says so of 22 and of Odoo Online 21.1.";
}

impl ServerVersion {
    /// Whether this version does what came with a series of Odoo.
    pub fn has(&self, difference: Difference) -> bool {
        (self.major(), self.minor()) >= difference.since()
    }

    /// Whether the live tests of this crate have been run on a server of this series.
    pub fn is_tried(&self) -> bool {
        matches!((self.major(), self.minor()), (14 | 16..=19, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(version: &str, difference: Difference) -> bool {
        ServerVersion::parse(version).unwrap().has(difference)
    }

    #[test]
    fn online_series_are_between_the_others() {
        for (version, expected) in [
            ("17.0", false),
            ("18.0+e", false),
            ("saas~18.1+e", false),
            ("saas~18.2", true),
            ("saas-18.4", true),
            ("19.0-20250101", true),
            ("saas~19.1+e", true),
            ("20.0", true),
        ] {
            assert_eq!(has(version, Difference::FormattedReadGroup), expected, "{version}");
        }
        assert!(!has("saas~17.4", Difference::KeysExpire) && has("18.0", Difference::KeysExpire));
        assert!(!has("saas~18.4", Difference::Json2) && has("saas~19.1", Difference::Json2));
    }

    #[test]
    fn the_rows_are_in_the_order_of_the_series() {
        assert!(Difference::ALL.is_sorted_by_key(|difference| difference.since()));
    }
}
