//! What an error looks like to a person.

use std::fmt::{self, Write as _};

use super::{Error, ErrorKind};

/// How many characters of the server's words an error message repeats.
const MESSAGE_SHOWN: usize = 2_000;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &*self.0;
        if let Some(target) = &error.target {
            write!(f, "{target}: ")?;
        } else if let Some(doing) = &error.doing {
            write!(f, "{}: ", Escaped(doing))?;
        }
        write!(f, "{}", Escaped(&error.what))?;
        if let (ErrorKind::Server, Some(class)) = (error.kind, &error.server_exception) {
            write!(f, " ({})", Escaped(class))?;
        }
        if let Some(message) = &error.server_message {
            // Odoo's sentences end in a full stop, ours go on after them.
            let message = message.trim().trim_end_matches('.');
            match message.char_indices().nth(MESSAGE_SHOWN) {
                None => write!(f, "; the server says: {}", Escaped(message))?,
                Some((end, _)) => write!(f, "; the server says: {}…", Escaped(&message[..end]))?,
            }
        }
        if error.attempts > 1 {
            write!(f, "; tried {} times", error.attempts)?;
        }
        // Not where the kind says so, as with an answer that cannot be read.
        if error.may_have_executed && error.kind != ErrorKind::Decode {
            f.write_str("; it may have taken effect all the same: look before you make it again")?;
        }
        if let Some(remedy) = &error.remedy {
            write!(f, "; {}", Escaped(remedy))?;
        }
        Ok(())
    }
}

/// As `Display`, because `fn main() -> Result<(), Error>` shows it to a person; `{:#?}` has the parts.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let error = &*self.0;
        f.debug_struct("Error")
            .field("kind", &error.kind)
            .field("message", &format_args!("{self}"))
            .field("server_exception", &error.server_exception)
            .field("status", &error.status)
            .field("may_have_executed", &error.may_have_executed)
            .field("attempts", &error.attempts)
            .field("source", &error.source)
            .finish_non_exhaustive()
    }
}

/// Writes a text from outside with its control characters escaped (line feeds stay), so that a hostile server cannot
/// send escape sequences to the terminal this is printed on.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() && c != '\n' {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Target;

    #[test]
    fn display_says_where_what_words_and_remedy() {
        let error = Error::new(ErrorKind::Missing, "a record does not exist")
            .with_target(Target { model: "res.partner".into(), method: "write".into(), ids: Some(vec![7]) })
            .with_server_message("Record does not exist or has been deleted.\n(Record: res.partner(7,), User: 2)")
            .with_remedy("search again");
        assert_eq!(
            error.to_string(),
            "res.partner.write([7]): a record does not exist; the server says: Record does not exist or has been \
             deleted.\n(Record: res.partner(7,), User: 2); search again"
        );
        assert!(!error.may_have_executed());
    }

    #[test]
    fn control_characters_of_the_server_are_escaped() {
        let error = Error::new(ErrorKind::Server, "it failed").with_server_message("a\u{1b}[31mred\u{7}\r\nb\u{9b}");
        assert_eq!(error.to_string(), "it failed; the server says: a\\u{1b}[31mred\\u{7}\\r\nb\\u{9b}");
        assert!(!format!("{error:?}").contains('\u{1b}'));
    }

    #[test]
    fn endless_words_of_the_server_are_cut() {
        let words = "é".repeat(100_000);
        let error = Error::new(ErrorKind::Server, "it failed").with_server_message(&*words);
        assert!(error.to_string().len() < 5_000);
        assert_eq!(error.server_message(), Some(&*words));
    }

    #[test]
    fn the_traceback_is_not_shown() {
        let error = Error::new(ErrorKind::Server, "it failed")
            .with_server_exception(Some("builtins.ValueError".into()), Some("File /srv/odoo/secret.py".into()));
        assert!(!format!("{error} {error:?}").contains("/srv"));
        assert_eq!(error.traceback(), Some("File /srv/odoo/secret.py"));
    }

    #[test]
    fn it_crosses_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
    }
}
