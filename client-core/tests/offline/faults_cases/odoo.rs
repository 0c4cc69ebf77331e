//! Exceptions of Odoo, as every wire puts them.

use odoo_client::ErrorKind::*;
use odoo_client::client::WireKind;

use super::*;
use crate::faulty::{exception, exception_from, good};

pub(crate) const ODOO: &[Case] = &[
    both(
        "a serialization failure once",
        |wire| {
            vec![exception(wire, "psycopg2.errors.SerializationFailure", "could not serialize access", 500), good(wire)]
        },
        Good(2),
        "",
    ),
    both(
        "serialization failures",
        |wire| vec![exception(wire, "psycopg2.errors.SerializationFailure", "could not serialize access", 500)],
        Bad(Conflict, ALL, SURELY_NOT),
        "another transaction was in the way; the server says: could not serialize access; tried 3 times",
    ),
    both(
        "a deadlock once",
        |wire| vec![exception(wire, "psycopg2.errors.DeadlockDetected", "deadlock detected", 500), good(wire)],
        Good(2),
        "",
    ),
    both(
        "a lock once",
        |wire| vec![exception(wire, "odoo.exceptions.LockError", "Cannot grab a lock", 409), good(wire)],
        Good(2),
        "",
    ),
    both(
        "no connection to the database once, as 16.0 tells it",
        |wire| {
            let frames = "Traceback\n  File \"sql_db.py\", line 1, in borrow\n    raise PoolError(x)\n";
            vec![
                exception_from(wire, "psycopg2.pool.PoolError", "The Connection Pool Is Full", 500, frames),
                good(wire),
            ]
        },
        Good(2),
        "",
    ),
    both(
        "a wrong key",
        |wire| match wire {
            WireKind::Json2 => vec![exception(wire, "werkzeug.exceptions.Unauthorized", "Invalid apikey", 401)],
            _ => vec![exception(wire, "odoo.exceptions.AccessDenied", "Access Denied", 403)],
        },
        Bad(AccessDenied, 1, SURELY_NOT),
        "does not accept this login",
    ),
    both(
        "a missing right",
        |wire| vec![exception(wire, "odoo.exceptions.AccessError", "You are not allowed to", 403)],
        Bad(Access, 1, SURELY_NOT),
        "lacks the right",
    ),
    both(
        "a private method",
        |wire| vec![exception(wire, "odoo.exceptions.AccessError", "Private methods (such as 'x._y') cannot", 403)],
        Bad(Access, 1, SURELY_NOT),
        "is private",
    ),
    both(
        "a missing record",
        |wire| vec![exception(wire, "odoo.exceptions.MissingError", "Record does not exist or has been deleted.", 404)],
        Bad(Missing, 1, SURELY_NOT),
        "a record does not exist",
    ),
    both(
        "refused values",
        |wire| vec![exception(wire, "odoo.exceptions.ValidationError", "Contacts require a name", 422)],
        Bad(Validation, 1, SURELY_NOT),
        "Contacts require a name",
    ),
    both(
        "business logic",
        |wire| vec![exception(wire, "odoo.exceptions.UserError", "Not on a Sunday", 422)],
        Bad(User, 1, SURELY_NOT),
        "Not on a Sunday",
    ),
    both(
        "a redirect warning",
        |wire| vec![exception(wire, "odoo.exceptions.RedirectWarning", "Set up an account first", 422)],
        Bad(RedirectWarning, 1, SURELY_NOT),
        "Set up an account first",
    ),
    both(
        "an unknown model",
        |wire| match wire {
            WireKind::Json2 => {
                vec![exception(wire, "werkzeug.exceptions.NotFound", "the model 'res.partner' does not exist", 404)]
            }
            WireKind::Session => vec![exception(wire, "werkzeug.exceptions.NotFound", "404 Not Found: The", 404)],
            _ => vec![exception(wire, "odoo.exceptions.UserError", "Object res.partner doesn't exist", 500)],
        },
        Bad(UnknownModel, 1, SURELY_NOT),
        "no such model",
    ),
    both(
        "an unknown field",
        |wire| vec![exception(wire, "builtins.ValueError", "Invalid field 'nope' on 'res.partner'", 500)],
        Bad(UnknownField, 1, SURELY_NOT),
        "no such field",
    ),
    both(
        "a database that went away",
        |wire| {
            let words = "connection to server failed: FATAL:  database \"apps\" does not exist";
            vec![exception(wire, "psycopg2.OperationalError", words, 500)]
        },
        Bad(UnknownDatabase, 1, SURELY_NOT),
        "no such database",
    ),
    both(
        "any other exception",
        |wire| vec![exception(wire, "builtins.ZeroDivisionError", "division by zero", 500)],
        Bad(Server, 1, SURELY_NOT),
        "ZeroDivisionError",
    ),
];
