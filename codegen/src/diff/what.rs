//! The table of all kinds of changes, with their grades.

use std::fmt;

use serde::{Serialize, Serializer};

/// What a change does to code that was made for the schema before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Code that used it goes on working.
    Safe,
    /// Code that used it compiles, and may act differently.
    Dangerous,
    /// Code that used it stops compiling, or fails when it runs.
    Breaking,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Safe => "safe",
            Self::Dangerous => "dangerous",
            Self::Breaking => "breaking",
        })
    }
}

/// A row of the table.
pub(super) struct Rule {
    /// What has the attribute: `schema`, `model`, `field`, `method` or `parameter`.
    pub(super) of: &'static str,
    /// The attribute, as the pin calls it. With `*` the change is found by it and others.
    pub(super) attribute: &'static str,
    pub(super) name: &'static str,
    /// What a sentence about such a change says behind the name of what changed: `{0}` is the value before, `{1}` the one
    /// after, `{2}` the selection values, parameter or module.
    pub(super) says: &'static str,
    pub(super) grade: Grade,
    pub(super) why: &'static str,
}

macro_rules! changes {
    ($($of:literal { $($attribute:literal $what:ident $name:literal $grade:ident $says:literal $why:literal)+ })+) => {
        /// What changed, one for each way in which an attribute of a schema can change. Each has one [`Grade`]; the
        /// [table](crate::diff#the-grades) has them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum What {
            $($(
                #[doc = concat!("`", $of, "`, `", $attribute, "`: ", $says, ".")]
                $what,
            )+)+
        }

        impl What {
            /// All there are.
            pub const ALL: &[Self] = &[$($(Self::$what,)+)+];

            pub(super) fn rule(self) -> Rule {
                match self {
                    $($(Self::$what => Rule {
                        of: $of, attribute: $attribute, name: $name, says: $says, grade: Grade::$grade, why: $why,
                    },)+)+
                }
            }
        }
    };
}

changes! {
    "schema" {
        "series" Series "series" Dangerous "the series was {0} and is now {1}"
            "What methods that are called by name take and do differs between series."
        "modules" ModulesUnknown "modules_unknown" Safe "the list of modules is gone"
            "No code depends on the list. The account that introspected may not read it any more."
        "modules" ModulesKnown "modules_known" Safe "the modules are pinned for the first time"
            "No code depends on the list."
        "modules" ModuleGone "module_gone" Dangerous "module {2} is gone"
            "With it went its rules, automatic actions and reports; its models and fields are listed by themselves."
        "modules" ModuleNew "module_new" Safe "module {2} is new"
            "What it changes in models and fields is listed by itself."
        "modules" ModuleVersion "module_version" Safe "module {2} was {0} and is now {1}"
            "Versions change with every monthly update of Odoo, and no code with them."
        "models" ModelGone "model_gone" Breaking "is gone"
            "Code that names the model stops compiling, and calls of it fail."
        "models" ModelNew "model_new" Safe "is new"
            "No code uses it yet."
    }
    "model" {
        "label" ModelLabel "model_label" Safe "its label was {0} and is now {1}"
            "Labels are for people."
        "transient" Transient "transient" Dangerous "is now transient"
            "Odoo deletes the records of a wizard by itself after some hours."
        "transient" NotTransient "not_transient" Dangerous "is no longer transient"
            "Records stay until somebody deletes them."
        "fields*" DelegationGone "delegation_gone" Dangerous "no longer delegates to {0} by {2}"
            "A new record no longer makes one of the other model, and what is written no longer reaches that one (`_inherits`)."
        "fields*" DelegationNew "delegation_new" Dangerous "now delegates to {1} by {2}"
            "A new record also makes one of the other model, and what is written to fields of that one is written there (`_inherits`)."
        "fields" FieldGone "field_gone" Breaking "({0}) is gone"
            "Code that names the field stops compiling, and requests with it fail."
        "fields" FieldNew "field_new" Safe "({1}) is new"
            "No code uses it yet."
        "fields" FieldNewGiven "field_new_given" Dangerous "({1}) is new, and a new record must be given it"
            "Code that makes records does not give it, so the server refuses them."
        "methods" MethodsUnknown "methods_unknown" Breaking "its methods are no longer pinned"
            "The server no longer documents them: the typed functions are gone."
        "methods" MethodsKnown "methods_known" Safe "its methods are pinned for the first time"
            "No code uses the typed functions yet."
        "methods" MethodGone "method_gone" Breaking "is gone"
            "Code that calls the typed function stops compiling, and calls by name fail."
        "methods" MethodNew "method_new" Safe "is new"
            "No code uses it yet."
    }
    "field" {
        "type" Type "type" Breaking "its type was {0} and is now {1}"
            "Filters, writes and structs of the old type stop compiling."
        "relation" Relation "relation" Breaking "pointed to {0} and now points to {1}"
            "Ids, filters and structs of the old model stop compiling."
        "relation_field" RelationField "relation_field" Dangerous "its records were those whose {0} is the record, and are now those by {1}"
            "Other records may be in it."
        "related" Related "related" Dangerous "was the same as {0} and is now the same as {1}"
            "The value comes from elsewhere, and is written elsewhere."
        "currency_field" CurrencyField "currency_field" Dangerous "its currency was in {0} and is now in {1}"
            "The same number may be another amount."
        "aggregator" Aggregator "aggregator" Dangerous "Odoo's own views summed it up by {0} and now do by {1}"
            "Totals of programs that follow Odoo's views are others."
        "required*" MustBeGiven "must_be_given" Dangerous "a new record must now be given it"
            "It is required without a default: records that code makes without it are refused."
        "required" Required "required" Dangerous "is now required"
            "A new record has it by itself, but the server refuses to clear it."
        "required" NotRequired "not_required" Dangerous "is no longer required"
            "Records may be without it where code takes it for granted."
        "default" DefaultKnown "default" Safe "whether a new record has it by itself: was {0} and is now {1}"
            "Records that code makes without it are not refused for it, or were before."
        "readonly" ReadOnly "readonly" Breaking "is now readonly"
            "Code that writes it stops compiling."
        "readonly" Writable "writable" Safe "is no longer readonly"
            "No code writes it yet."
        "stored" NotStored "not_stored" Dangerous "is no longer stored"
            "The server computes it at each read, which takes longer and gives what is so now."
        "stored" Stored "stored" Dangerous "is now stored"
            "It is what it was when it was last written or computed."
        "stored*" RowGone "row_gone" Breaking "is no longer in whole rows"
            "Code that takes it from a whole row stops compiling; `[rows]` of target.toml can bring it back."
        "stored*" RowNew "row_new" Safe "is now in whole rows"
            "No code takes it from a row yet."
        "searchable" CannotFilter "cannot_filter" Breaking "filters no longer take it"
            "Such filters stop compiling; Odoo up to 18 would leave them out without a word."
        "searchable" CanFilter "can_filter" Safe "filters now take it"
            "No code filters by it yet."
        "sortable" CannotOrder "cannot_order" Breaking "orders no longer take it"
            "Such orders stop compiling."
        "sortable" CanOrder "can_order" Safe "orders now take it"
            "No code orders by it yet."
        "groupable*" CannotGroup "cannot_group" Breaking "groups no longer take it"
            "Such groups stop compiling."
        "groupable*" CanGroup "can_group" Safe "groups now take it"
            "No code groups by it yet."
        "groupable*" CannotAggregate "cannot_aggregate" Breaking "sums and other aggregates no longer take it"
            "Such aggregates stop compiling."
        "groupable*" CanAggregate "can_aggregate" Safe "sums and other aggregates now take it"
            "No code sums it up yet."
        "computed" Computed "computed" Dangerous "is now computed"
            "What code writes may be computed anew when other fields change."
        "computed" NotComputed "not_computed" Dangerous "is no longer computed"
            "What Odoo filled in is now empty unless somebody gives it."
        "translated" Translated "translated" Dangerous "is now translated"
            "What is read and written is the text in the language of the user or the context."
        "translated" NotTranslated "not_translated" Dangerous "is no longer translated"
            "There is one text for all languages: what is written is written for all."
        "company_dependent" CompanyDependent "company_dependent" Dangerous "now differs by company"
            "What is read and written is the value of one company."
        "company_dependent" NotCompanyDependent "not_company_dependent" Dangerous "no longer differs by company"
            "There is one value for all companies: what is written is written for all."
        "label" FieldLabel "field_label" Safe "its label was {0} and is now {1}"
            "Labels are for people."
        "help" FieldHelp "field_help" Safe "has another help text"
            "Help texts are for people."
        "selection" ValueGone "value_gone" Breaking "its selection no longer has {2}"
            "Code that names such a value stops compiling, and the server refuses it."
        "selection" ValueNew "value_new" Dangerous "its selection now has {2} too"
            "A `match` meets it where its last arm was never taken."
        "selection" ValueLabel "value_label" Safe "the label of its selection value {2} was {0} and is now {1}"
            "Labels are for people."
        "selection" ValueOrder "value_order" Safe "the order of its selection is another"
            "Code compares values by what they are, and the database sorts them by their text."
    }
    "method" {
        "module" MethodModule "method_module" Safe "was of the module {0} and is now of {1}"
            "Which module brings it is nothing that code sees."
        "inherited" MethodInherited "method_inherited" Safe "was brought by the model {0} and is now by {1}"
            "Which model brings it is nothing that code sees."
        "help" MethodHelp "method_help" Safe "has another help text"
            "Help texts are for people."
        "on_model" OnModel "on_model" Breaking "is now called on the model"
            "Calls of the typed function with ids stop compiling."
        "on_model" OnRecords "on_records" Breaking "is now called on records"
            "Calls of the typed function without ids stop compiling."
        "readonly" Writes "method_writes" Dangerous "is no longer said to only read"
            "It may change data, and a call that failed is no longer made again by itself."
        "readonly" OnlyReads "method_only_reads" Safe "now only reads"
            "A call that failed can be made again."
        "parameters" ParameterGone "parameter_gone" Breaking "its parameter {2} is gone"
            "Calls that give it stop compiling or fail."
        "parameters" ParameterNew "parameter_new" Safe "has a new parameter {2}, which can be left out"
            "No code gives it yet."
        "parameters" ParameterNewGiven "parameter_new_given" Breaking "now needs an argument {2}"
            "Calls without it stop compiling or fail."
        "parameters" ParameterOrder "parameter_order" Breaking "takes its arguments in another order"
            "Calls of the typed function give one for the other."
        "parameters" ParameterOrderOfOthers "parameter_order_of_others" Safe "the order of its parameters is another"
            "The typed function takes its arguments as before; calls by name give them by name."
        "takes_more" TakesMore "takes_more" Safe "now takes arguments of any name"
            "What it took it still takes."
        "takes_more" TakesNoMore "takes_no_more" Breaking "no longer takes arguments of any name"
            "Calls that give others fail."
        "returns" Returns "returns" Breaking "what it returns was {0} and is now {1}"
            "The result of the typed function has another type."
        "returns" ReturnsAnnotation "returns_annotation" Dangerous "what it is said to return was {0} and is now {1}"
            "The typed function returns any JSON as before, but what is in it may be other."
        "returns_help" ReturnsHelp "returns_help" Safe "says something else of what it returns"
            "Help texts are for people."
    }
    "parameter" {
        "default" ParameterRequired "parameter_required" Breaking "its parameter {2} can no longer be left out"
            "Calls without it stop compiling or fail."
        "default" ParameterOptional "parameter_optional" Breaking "its parameter {2} can now be left out"
            "The typed function no longer has an argument for it: calls give it by `arg`."
        "default" ParameterDefault "parameter_default" Dangerous "the default of its parameter {2} was {0} and is now {1}"
            "Calls that leave it out do something else."
        "annotation" ParameterType "parameter_type" Breaking "the type of its argument {2} was {0} and is now {1}"
            "The typed function takes another type."
        "annotation" ParameterAnnotation "parameter_annotation" Dangerous "the type of its parameter {2} is said to have been {0} and is now {1}"
            "What code gives may no longer be understood."
        "help" ParameterHelp "parameter_help" Safe "says something else of its parameter {2}"
            "Help texts are for people."
    }
}

impl What {
    /// What such a change does to code.
    pub fn grade(self) -> Grade {
        self.rule().grade
    }

    /// Why it has this grade, as a sentence.
    pub fn why(self) -> &'static str {
        self.rule().why
    }

    /// What has the attribute that changed, and the attribute, as the pin calls them: `field`, `type`. With `*` the change
    /// is found by it and others.
    pub fn attribute(self) -> (&'static str, &'static str) {
        let rule = self.rule();
        (rule.of, rule.attribute)
    }

    /// Its name in JSON: `field_gone`.
    pub fn name(self) -> &'static str {
        self.rule().name
    }
}

impl Serialize for What {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
