//! Which fields a server's error is about.

use super::ErrorKind;

/// The fields that an error names, and the model that has them: that of the call, or one that its domain or a record in
/// a record leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) model: Option<&'a str>,
    pub(super) fields: Vec<&'a str>,
}

/// From Odoo's words.
pub(super) fn named(kind: ErrorKind, words: &str) -> Named<'_> {
    match kind {
        ErrorKind::Access => in_sentence(words).or_else(|| in_list(words)).unwrap_or_default(),
        ErrorKind::UnknownField => unknown(words).unwrap_or_default(),
        ErrorKind::NotStored => not_stored(words).unwrap_or_default(),
        _ => Named::default(),
    }
}

/// Whether an `AccessError` is about fields rather than about records.
pub(crate) fn forbids_fields(words: &str) -> bool {
    !named(ErrorKind::Access, words).fields.is_empty()
}

// The words come in the language of the user. What is looked for is the same in all of them.

/// `… the fields "credit,debit" on Contact (res.partner). …`, with a single field from 19 on.
fn in_sentence(words: &str) -> Option<Named<'_>> {
    let (_, quoted) = words.lines().next()?.split_once('"')?;
    let (fields, rest) = quoted.split_once('"')?;
    // The label of the model may have brackets in it.
    let model =
        rest.rsplit('(').filter_map(|part| part.split_once(')')).map(|(name, _)| name).find(|name| is_model(name))?;
    let fields: Vec<_> = fields.split(',').collect();
    fields.iter().all(|field| is_field(field)).then_some(Named { model: Some(model), fields })
}

/// What those see up to 17 who see technical features: `Document type: Contact (res.partner)`, and in the end a line for
/// each field, `- credit (allowed for groups 'Administrator')`. What is refused by a rule ends otherwise.
fn in_list(words: &str) -> Option<Named<'_>> {
    fn listed(line: &str) -> Option<&str> {
        line.strip_prefix("- ")?.strip_suffix(')')?.split_once(" (").map(|(field, _)| field)
    }
    fn in_brackets(line: &str) -> Option<&str> {
        line.strip_suffix(')')?.rsplit_once('(').map(|(_, model)| model)
    }
    let mut fields: Vec<_> = words.lines().rev().map_while(listed).collect();
    fields.reverse();
    let model = words.lines().find_map(in_brackets).filter(|model| is_model(model))?;
    (!fields.is_empty() && fields.iter().all(|field| is_field(field))).then_some(Named { model: Some(model), fields })
}

/// `Invalid field 'x' on model 'res.partner'`, from 19 on also `on 'res.partner'` and `in 'res.partner'`; of a domain `Invalid field
/// res.partner.x in leaf …`, from 19 on `in condition …`. These are in English always. A `KeyError` is nothing but the
/// name.
fn unknown(words: &str) -> Option<Named<'_>> {
    let (model, field) = match words.strip_prefix("Invalid field ") {
        Some(said) if said.starts_with('\'') => {
            let mut quoted = said.split('\'').skip(1).step_by(2);
            let field = quoted.next()?;
            (quoted.next(), field)
        }
        Some(said) => said.split_whitespace().next()?.rsplit_once('.').map(|(model, field)| (Some(model), field))?,
        None => (None, words.trim_matches('\'')),
    };
    is_field(field).then(|| Named { model: model.filter(|model| is_model(model)), fields: vec![field] })
}

/// `Cannot convert product.product.lst_price to SQL because …` (17: `Cannot convert field product.product.lst_price to SQL`), `Cannot
/// aggregate field 'lst_price'.`, `Group by non-stored many2many field: 'x'`, `Field product.product.lst_price is not a stored field, …`
/// (16); Odoo 14 names no field that it does not group by.
fn not_stored(words: &str) -> Option<Named<'_>> {
    let said = words.strip_prefix("Cannot convert ").or_else(|| words.strip_prefix("Field "));
    let (model, field) = match said {
        Some(said) => {
            let said = said.strip_prefix("field ").unwrap_or(said);
            said.split_whitespace().next()?.rsplit_once('.').map(|(model, field)| (Some(model), field))?
        }
        None => (None, words.rsplit_once([':', ' '])?.1.trim_matches(['\'', '.'])),
    };
    let is_named = ["Cannot ", "Field ", "Group by "].iter().any(|beginning| words.starts_with(beginning));
    (is_named && is_field(field)).then(|| Named { model: model.filter(|model| is_model(model)), fields: vec![field] })
}

fn is_field(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn is_model(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_error_names_its_fields() {
        for (words, expected) in [
            // As 14 and 19 say it to a user who sees technical features; tests/live/rights.rs asks them.
            (
                "The requested operation can not be completed due to security restrictions.\n\nDocument type: Contact \
                 (res.partner)\nOperation: read\nUser: 8\nFields:\n- signup_token (allowed for groups 'Administration / \
                 Access Rights')\n- signup_type (allowed for groups 'Administration / Access Rights')",
                &["signup_token", "signup_type"][..],
            ),
            (
                "You do not have enough rights to access the field \"is_in_call\" on Contact (res.partner). Please contact \
                 your system administrator.\n\nOperation: read\nUser: 7\nGroups: allowed for groups 'Role / Administrator'",
                &["is_in_call"],
            ),
            // As the source of 18 has it, in other words up to 17 where it is said to those without technical features.
            (
                "You do not have enough rights to access the fields \"credit,debit\" on My \"own\" (x) Contact (res.partner). \
                 Please contact your system administrator.\n\nOperation: read\nUser: 8\nFields:\n- credit (allowed for \
                 groups 'Accounting')\n- debit (always forbidden)",
                &["credit", "debit"],
            ),
        ] {
            let expected = Named { model: Some("res.partner"), fields: expected.to_vec() };
            assert_eq!(named(ErrorKind::Access, words), expected, "{words}");
        }
    }

    #[test]
    fn what_is_refused_for_other_reasons_names_none() {
        for words in [
            "You are not allowed to access 'Fields' (ir.model.fields) records.\n\nThis operation is allowed for the following \
             groups:\n\t- Access Rights\n\nContact your administrator to request access if necessary.",
            "Due to security restrictions, you are not allowed to access 'Contact' (res.partner) records.\n\nRecords: Marc (id=7)\n\
             This restriction is due to the following rules:\n- company (mine)\n\nContact your administrator to request access.",
            "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, Marc (id=6) doesn't have 'read' access \
             to:\n- Contact, the \"boss\" (res.partner: 7)\n\nIf you really need access, perhaps you can win over your friendly \
             administrator with a batch of freshly baked cookies.",
            "",
        ] {
            assert_eq!(named(ErrorKind::Access, words), Named::default(), "{words}");
        }
    }

    #[test]
    fn an_unknown_field_is_named_in_all_words() {
        for (words, model) in [
            ("Invalid field 'nope' on model 'res.partner'", Some("res.partner")),
            ("Invalid field 'nope' on 'res.partner'", Some("res.partner")),
            ("Invalid field 'nope' in 'res.partner'", Some("res.partner")),
            ("Invalid field res.partner.nope in leaf ('nope', '=', 1)", Some("res.partner")),
            ("Invalid field res.partner.nope in condition ('nope', '=', 1)", Some("res.partner")),
            ("nope", None),
            ("'nope'", None),
        ] {
            assert_eq!(named(ErrorKind::UnknownField, words), Named { model, fields: vec!["nope"] }, "{words}");
        }
        assert_eq!(named(ErrorKind::UnknownField, "Invalid field '\u{1b}[31m' on 'x'"), Named::default());
    }
    #[test]
    fn a_field_that_is_not_stored_is_named_where_the_server_does() {
        for (words, model) in [
            ("Cannot convert product.product.nope to SQL because it is not stored", Some("product.product")),
            (
                "Cannot convert stock.picking.nope (related=move_ids.x) to SQL because move_ids is not a Many2one",
                Some("stock.picking"),
            ),
            ("Cannot convert field product.product.nope to SQL", Some("product.product")),
            (
                "Field product.product.nope is not a stored field, only stored fields (regular or many2many) are valid for the \
                 'groupby' parameter",
                Some("product.product"),
            ),
            ("Cannot aggregate field 'nope'.", None),
            ("Group by non-stored many2many field: 'nope'", None),
        ] {
            assert_eq!(named(ErrorKind::NotStored, words), Named { model, fields: vec!["nope"] }, "{words}");
        }
        let of_14 = "Fields in 'groupby' must be regular database-persisted fields (no function or related fields), or function \
            fields with store=True";
        assert_eq!(named(ErrorKind::NotStored, of_14), Named::default());
    }
}
