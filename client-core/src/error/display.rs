//! What an error looks like to a person.

use std::fmt;

use super::{Error, ErrorKind};
use odoo_visible::visible;

/// How many bytes of the server's words an error message repeats, and of each other text at most.
const MESSAGE_SHOWN: usize = 4_000;

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
            write!(f, "; the server says: {}", Escaped(message))?;
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

/// A text from outside as part of a message, in which line ends and tabs are white space.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#.MESSAGE_SHOWN$}", visible(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Target;

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
    fn what_a_terminal_obeys_or_nobody_sees_is_escaped() {
        let words = "a\u{1b}[31mred\u{7}\r\n\tb\u{9b}\u{202e}";
        let error = Error::new(ErrorKind::Server, "it failed").with_server_message(words);
        let shown = "it failed; the server says: a\\u{1b}[31mred\\u{7}\\r\n\tb\\u{9b}\\u{202e}";
        assert_eq!(error.to_string(), shown);
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
