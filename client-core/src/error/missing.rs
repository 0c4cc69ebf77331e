//! Which field a refused write had no value for.

/// The name of the field, from what Odoo and PostgreSQL say about it.
pub(super) fn field<'a>(words: &'a str, traceback: &'a str) -> Option<&'a str> {
    // PostgreSQL's words may be in another language, but the column comes first in all of them. What comes after the
    // line is the values of the row.
    let column = traceback.split_once("NotNullViolation: ").and_then(|(_, said)| {
        let line = said.lines().next()?;
        let (_, quoted) = line.split_once('"')?;
        Some(quoted.split_once('"')?.0)
    });
    column.or_else(|| in_words(words)).filter(|name| is_name(name))
}

/// Odoo's words, where it sends no traceback: those of 19, and of 14.
fn in_words(words: &str) -> Option<&str> {
    let named = match words.split_once("Missing required value for the field '") {
        Some((_, said)) => said.lines().next()?.strip_suffix('.')?,
        None if words.contains("a mandatory field is not set") => words.rsplit_once(", Field: ")?.1,
        None => return None,
    };
    // The label comes first, which may have brackets in it.
    Some(named.strip_suffix(')')?.rsplit_once('(')?.1)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::field;

    // As the servers say it; tests/live/values.rs asks them.
    const IN_14: &str = "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: \
        another model requires the record being deleted. If possible, archive it instead.\n\nModel: Sales Order \
        (sale.order), Field: Customer (or lead) (partner_id)";
    const IN_19: &str = "The operation cannot be completed: Missing required value for the field 'Customer (or lead)' \
        (partner_id).\nModel: 'Sales Order' (sale.order)\n- create/update: a mandatory field is not set\n- delete: \
        another model requires the record being deleted, you can archive it instead\n";

    #[test]
    fn odoos_words_name_it() {
        assert_eq!(field(IN_14, ""), Some("partner_id"));
        assert_eq!(field(IN_19, ""), Some("partner_id"));
        assert_eq!(field("Contacts require a name", ""), None);
        assert_eq!(field("Missing required value for the field 'x' (\u{1b}[31m).\n", ""), None);
    }

    #[test]
    fn the_traceback_names_it_in_any_language() {
        let traceback = "  File \"/usr/sql_db.py\", line 1\npsycopg2.errors.NotNullViolation: un valor nulo en la columna \
            \"name\" viola la restricción\nDETAIL:  Failing row contains (null, \"other\").\n";
        assert_eq!(field("No se puede completar la operación", traceback), Some("name"));
        assert_eq!(field("boom", "  File \"/usr/sql_db.py\", line 1\nValueError: boom"), None);
    }
}
