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

    /// Records are grouped by a many2many field, those with several values in several groups.
    GroupByMany2many: since (15, 0), "14.0 refuses it; seen on 16.0 to 19.0, and in the source of 15.0.";

    /// A failed call says why also where the server has several databases and the request comes without a session. Before,
    /// it was an HTML page with status 500 and no word.
    ErrorsInWords: since (16, 0), "Seen on 14.0, 17.0 and 19.0, and in the source of 16.0.";

    /// Two-factor authentication is switched on by `action_totp_enable_wizard` of `res.users`, before by
    /// `totp_enable_wizard`.
    TotpEnableWizardIsAction: since (16, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// `search` and `search_count` call the domain `domain`, and functions are told with their class. Before, it was `args`.
    SearchTakesDomain: since (16, 0), "Seen on 14.0 and 19.0; the source of 16.0.";

    /// Some fields are computed before there is a record, and what is linked to it is read for them. Before, the database is asked.
    ComputedFirst: since (16, 0), "14.0 does not, 16.0, 17.0 and 19.0 do; the source of 18.0.";

    /// What the database refuses is told with model and field on lines of their own. Before, in one.
    ConstraintsInLines: since (16, 0), "14.0 does not, 16.0 does; the source of 17.0 and 18.0.";

    /// JSON has texts as they are. Before, with numbers for what is not ASCII.
    JsonInUtf8: since (16, 0), "14.0 has numbers; the source of 16.0 to 18.0; 19.0 has none.";

    /// Negated conditions on a field that differs by company fit records without a value. Before, they did not.
    PropertiesNegate: since (16, 0), "14.0 does not; the source of 16.0 and 17.0; 19.0 does.";

    /// A change writes relations to several records after all else. Before, in the order in which they were given.
    RelationsLast: since (16, 0), "14.0 does not; the source of 16.0 to 18.0; 19.0 does.";

    /// Of a one2many, setting all after some were linked links them too. Before, it replaced the others.
    SetIsLinkAtFirst: since (16, 0), "14.0 does not, 19.0 does; the source of 16.0 to 18.0.";

    /// An import refuses an external id that is of a record of another model. Before, it wrote to a record of that number.
    ImportsCheckModels: since (16, 0), "Seen on 14.0 and 19.0; the source of 16.0 to 18.0.";

    /// What is no report's name is looked for among external ids. Before, it had the model `False`.
    ReportsByExternalId: since (16, 0), "Seen on 14.0 and 19.0; the source of 16.0 to 18.0.";

    /// Who may not attach a file somewhere is told so. Before, that something horrible happened.
    UploadsSayWhy: since (16, 0), "Seen on 14.0 and 19.0; the source of 16.0 to 18.0.";

    /// Records carry their translations. Before, these were records of a model of their own.
    TranslationsInRecord: since (16, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// A condition on a one2many passes over records that belong to none. Before, one of them made a negation fit no record.
    NoNullInSubqueries: since (16, 0), "14.0 does not; the source of 16.0 to 18.0; 19.0 does.";

    /// A list in a condition may hold zero. Before, it stood for what is not set.
    ZeroInLists: since (16, 0), "Seen on 14.0 and 19.0; the source of 16.0 and 17.0.";

    /// Domains have the operators `any` and `not any`.
    AnyInDomains: since (17, 0), "14.0 and 16.0 refuse them; seen on 17.0 to 19.0.";

    /// An order may say `nulls first` and `nulls last`.
    NullsInOrders: since (17, 0), "14.0 and 16.0 refuse them; seen on 17.0 to 19.0.";

    /// `web_read` and `web_search_read` take a specification, and read records within records.
    Specifications: since (17, 0), "16.0 takes one for a list of fields; seen on 17.0 to 19.0.";

    /// An import tells of the exceptions for users in their own words, and of what was wrong with all records at once. Before, that the
    /// error is unknown.
    ImportsTellOfUsers: since (17, 0), "14.0 does not, 19.0 does; the source of 16.0 to 18.0.";

    /// An import finds archived records by their number too.
    ImportsFindArchived: since (17, 0), "14.0 does not, 19.0 does; the source of 16.0 to 18.0.";

    /// `get_metadata` tells all external ids.
    AllExternalIds: since (17, 0), "14.0 does not, 19.0 does.";

    /// The name of a record that has none is `false`. Before, it is the empty text.
    EmptyNamesAreFalse: since (17, 0), "Seen on 14.0, 16.0 and 19.0; the source of 17.0 and 18.0.";

    /// Groups have aggregates of a field that they are grouped by.
    AggregatesOfKeys: since (17, 0), "16.0 leaves them out of its answer; seen on 17.0 to 19.0.";

    /// What a condition says behind the dot of a field that has nothing there is told by name. Before, that its class has no `auto_join`.
    FieldsHaveNoParts: since (17, 0), "Seen on 14.0, 16.0 and 17.0; the source of 18.0.";

    /// Groups are skipped also where no limit is given.
    GroupOffsetAlone: since (17, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// Weeks begin where the language says: on Sunday in American English. Before, on Monday.
    WeeksOfLanguage: since (17, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// Groups have words of their own for mistakes, and an answer without keys is that of a group. Before, what the database says.
    GroupsInOwnWords: since (17, 0), "Seen on 14.0 and 19.0; the source of 16.0 and 17.0.";

    /// `search_read` looks at the fields also where nothing is found. Before, they did not matter then.
    FieldsFirst: since (17, 0), "14.0 does not, 19.0 does; the source of 16.0 and 17.0.";

    /// The domain of a group that has none of a many2many says `not any`. Before, `not in` those of the other groups.
    NoneIsNotAny: since (18, 0), "The source of 17.0 and 18.0; seen on 19.0.";

    /// `aggregator` of `fields_get`. Before, `group_operator`.
    Aggregator: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// `groupable` of `fields_get`.
    Groupable: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// API keys have an end. Before, they hold until they are revoked.
    KeysExpire: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// In a web session, a model that is not there is an address that is not there. Before, it is the `KeyError` of its name.
    UnknownModelIsNotFound: since (18, 0), "Seen on 14.0 and 19.0, and in the source of 17.0 and 18.0.";

    /// `has_access` answers for the model and for its records. Before, `check_access_rights` and `check_access_rule`.
    HasAccess: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// A model without archived records has words of its own for who archives one. Before, what Python says.
    ArchivesInOwnWords: since (18, 0), "Seen on 14.0 and 16.0 to 19.0.";

    /// An import says that a field is not there. Before, it is the `KeyError` of its name.
    ImportsNameFields: since (18, 0), "14.0 does not, 18.0 and 19.0 do; the source of 16.0 and 17.0.";

    /// The values of companies are kept with the record, and may point to what is not there, as if they were not set.
    CompanyValuesInRecord: since (18, 0), "Seen on 18.0; the source of 16.0 and 17.0.";

    /// A search for the name of a record in a tree finds what is below it too. Before, the last part of the name was searched for.
    NamesOfTrees: since (18, 0), "Seen on 14.0 and 19.0; the source of 16.0 to 18.0.";

    /// A condition on a translated text may be left out by `=?`. Before, neither the database nor Odoo had this operator for one.
    TranslatedIsOptional: since (18, 0), "16.0 and 17.0 refuse it; the source of 18.0.";

    /// A condition takes zero and the empty text for what is not set.
    EmptyIsUnset: since (18, 0), "14.0 does not, 19.0 does; the source of 17.0 and 18.0.";

    /// Groups and domains know numbers of parts of dates: `month_number`, `day_of_week`.
    PartsOfDates: since (18, 0), "14.0 does not, 19.0 does; the source of 17.0 and 18.0.";

    /// A language that is not active is an error where something is translated.
    LanguagesAreChecked: since (18, 0), "14.0 takes it for none, 19.0 refuses it; the source of 16.0 to 18.0.";

    /// The web client is at `/odoo`, and `/web` leads there. Before, it is at `/web`.
    WebClientAtOdoo: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// An order by a field that cannot be sorted by is an error. Before, it was dropped without a word.
    UnsortableIsError: since (18, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// `formatted_read_group` makes groups. Before, `read_group`.
    FormattedReadGroup: since (18, 2), "14.0 to 18.0 have none; seen on 19.0.";

    /// A property that has no value has no entry `value`, whatever its type. Before, one of the type `boolean` is `false`.
    UnsetPropertyHasNoValue: since (19, 0), "Seen on 16.0 to 19.0; 14.0 has no properties.";

    /// The wire JSON-2, the documentation of methods at `/doc`, and the version at `/web/version` and `/json/version`.
    Json2: since (19, 0), "14.0 to 18.0 have none; seen on 19.0.";

    /// The address of a contact, once written, is that of its company too. Before, that of the first contact alone.
    AddressesGoUp: since (19, 0), "14.0 and 16.0 do not, 19.0 does; the source of 17.0 and 18.0.";

    /// Groups by a many2many are of records that are not archived. Before, archived ones have groups too.
    GroupsOfActive: since (19, 0), "16.0 does not, 19.0 does; the source of 17.0 and 18.0.";

    /// A condition on a one2many takes `false` among ids. Before, the database did not.
    LinesTakeFalse: since (19, 0), "14.0, 17.0 and 18.0 do not, 19.0 does; the source of 16.0.";

    /// Only an administrator may list models, fields and modules. Before, every user of the inside.
    ModelsListedByAdmin: since (19, 0), "Seen on 14.0 and on 16.0 to 19.0.";

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

    /// Domains have the operators `not =like` and `not =ilike`.
    NotEqualLike: since (19, 0), "14.0 refuses them, 19.0 takes them; the source of 16.0 to 18.0.";

    /// Methods are private by a mark of their own too, not by a leading `_` alone.
    PrivateByMark: since (19, 0), "Seen on 14.0 and 19.0.";

    /// `context_get` tells the user.
    ContextHasUser: since (19, 0), "Seen on 14.0 and 19.0.";

    /// A partner compares what it has with what is written, and finds unknown fields by that.
    PartnersLookFirst: since (19, 0), "14.0 does not, 19.0 does; the source of 19.0.";

    /// Python reads the dates of a new record. Before, the database did, and only those of a change were read by Python.
    DatesReadByPython: since (19, 0), "Seen on 14.0 and 19.0; the source of 16.0 to 18.0.";

    /// A value of a company is refused that points to what is not there.
    CompanyValuesAreRead: since (19, 0), "Seen on 18.0 and 19.0.";

    /// A field that is not there is told by name also where no records are read. Before, it is the `KeyError` of its name.
    EmptyReadsNameFields: since (19, 0), "Seen on 18.0 and 19.0; the source of 17.0.";

    /// Linking a record of a model that has rules reads it. Before, the database was asked.
    LinksAreRead: since (19, 0), "Seen on 14.0 and 19.0.";

    /// What the database refuses is told with the labels of model and field. Before, with the name of the constraint.
    ConstraintsNameLabels: since (19, 0), "Seen on 14.0 and 19.0.";

    /// An error of an unknown field says `on`, and `in` of a write. Before, `on model`.
    ShortFieldErrors: since (19, 0), "Seen on 14.0 and 19.0.";

    /// Domains are objects of a class, with words of its own for mistakes, and are negated as a whole.
    DomainObjects: since (19, 0), "Seen on 14.0 and 19.0; the source of 18.0.";

    /// Of several fields that the user may not read, an error names the first. Before, all of them.
    HiddenFieldsOneByOne: since (19, 0), "Seen on 14.0 and on 16.0 to 19.0.";

    /// A condition on a field that cannot be searched is an error. Before, it was dropped without a word.
    UnsearchableIsError: since (19, 0), "Seen on 14.0, 18.0 and 19.0.";
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
