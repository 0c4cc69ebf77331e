use super::*;
use serde_json::json;

const NOTHING: Exchange<'_> = Exchange { target: None, path: "/jsonrpc", status: 200 };

fn error(exception: &str, words: &str) -> Error {
    raised(exception, words, "Traceback")
}

fn raised(exception: &str, words: &str, debug: &str) -> Error {
    let target = Target { model: "res.partner".into(), method: "frob".into(), ids: None };
    let data = json!({"name": exception, "message": words, "debug": debug, "arguments": [], "context": {}});
    let error = json!({"code": 0, "message": "Odoo Server Error", "data": data});
    Fault::from_json_rpc(error).into_error(Exchange { target: Some(&target), ..NOTHING })
}

// What 14 and 19 send is recorded in tests/recordings; here are words of other series, and what no server was seen
// to send, but may.

#[test]
fn five_series_have_words_of_their_own_for_an_unknown_method() {
    for words in [
        "type object 'res.partner' has no attribute 'frob'", // 14, 16
        "The method 'frob' does not exist on the model 'res.partner'", // 17
        "The method 'res.partner.frob' does not exist",      // 18, 19
    ] {
        assert_eq!(error("builtins.AttributeError", words).kind(), ErrorKind::UnknownMethod, "{words}");
    }
    let other = error("builtins.AttributeError", "The method 'other' does not exist on the model 'res.partner'");
    assert_eq!(other.kind(), ErrorKind::Server);
}

#[test]
fn a_login_to_no_database_does_not_speak_of_rights() {
    let told = |path, words: &str| {
        let data = json!({"name": "odoo.exceptions.AccessError", "message": words, "debug": "Traceback"});
        Fault::from_json_rpc(json!({"code": 200, "data": data})).into_error(Exchange { path, ..NOTHING }).kind()
    };
    // 16 to 18.
    assert_eq!(told("/web/session/authenticate", "Database not found."), ErrorKind::UnknownDatabase);
    assert_eq!(told("/web/session/authenticate", "You may not."), ErrorKind::Access);
    assert_eq!(told("/web/dataset/call_kw", "Database not found."), ErrorKind::Access);
}

#[test]
fn what_is_told_in_the_users_language_is_known_by_the_line_that_raised_it() {
    // The line of 14 to 17, and around it what 14 makes of every exception.
    let line = "Traceback\n  File \"model.py\", line 160, in execute_cr\n    \
        raise UserError(_(\"Object %s doesn't exist\", obj))\n";
    let again = "\nThe above exception was the direct cause of the following exception:\n\nTraceback\n  \
        File \"http.py\", line 315, in _handle_exception\n    raise exception.with_traceback(None) from new_cause\n";
    for traceback in [line.to_owned(), format!("{line}{again}")] {
        let error = raised("odoo.exceptions.UserError", "Das Objekt res.partner existiert nicht", &traceback);
        assert_eq!(error.kind(), ErrorKind::UnknownModel, "{traceback}");
    }
    let private = "Traceback\n  File \"models.py\", line 134, in check_method_name\n    \
        raise AccessError(_('Private methods (such as %s) cannot be called remotely.', name))\n";
    let error = raised("odoo.exceptions.AccessError", "Private Methoden", private);
    assert!(error.to_string().contains("the method is private"), "{error}");
}

#[test]
fn a_method_of_records_without_records_is_the_callers_mistake() {
    let line = "Traceback\n  File \"api.py\", line 389, in _call_kw_multi\n    ids, args = args[0], args[1:]\n";
    // 14, and 19.
    for words in ["tuple index out of range", "list index out of range"] {
        assert_eq!(raised("builtins.IndexError", words, line).kind(), ErrorKind::UnknownArgument);
        let own = line.replace("ids, args = args[0], args[1:]", "first = lines[0]");
        assert_eq!(raised("builtins.IndexError", words, &own).kind(), ErrorKind::Server);
    }
}

/// The words of 16; the frames are made up of its code.
#[test]
fn a_server_without_connections_has_done_nothing_unless_the_method_was_called() {
    let of = |function: &str| {
        let traceback = format!(
            "Traceback\n  File \"rpc.py\", line 1, in jsonrpc\n    return dispatch_rpc(service, method, args)\n  \
             File \"model.py\", line 2, in {function}\n    x\n  File \"sql_db.py\", line 3, in borrow\n    raise PoolError\n"
        );
        raised("psycopg2.pool.PoolError", "The Connection Pool Is Full", &traceback)
    };
    for (function, may_have_executed) in
        [("execute", false), ("check", false), ("call_kw", true), ("retrying", true), ("__exit__", true)]
    {
        let error = of(function);
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::RateLimited, true), "{function}");
        assert_eq!(error.may_have_executed(), may_have_executed, "{function}");
        assert!(error.to_string().contains("max_concurrent_calls"), "{error}");
    }
    // Nobody knows without a traceback.
    assert!(raised("psycopg2.pool.PoolError", "The Connection Pool Is Full", "").may_have_executed());
}

/// The frames are those of `commit` in 14 to 19 by their source, where mails are sent once all is written.
#[test]
fn what_fails_after_the_commit_is_no_reason_to_make_the_call_again() {
    let traceback = "Traceback (most recent call last):\n  File \"service/model.py\", line 1, in retrying\n    env.cr.commit()\n  \
                     File \"sql_db.py\", line 2, in commit\n    self.postcommit.run()\n  File \"mail_thread.py\", line 3, in \
                     send_notifications\n    emails.send()\npsycopg2.errors.SerializationFailure: could not serialize access\n";
    for class in ["psycopg2.errors.SerializationFailure", "odoo.exceptions.AccessError", "psycopg2.pool.PoolError"] {
        let error = raised(class, "could not serialize access due to concurrent update", traceback);
        assert!(error.may_have_executed() && !error.is_transient(), "{error}");
        assert!(error.to_string().contains("after the call was carried out"), "{error}");
        assert!(error.to_string().contains("do not make the call again"), "{error}");
    }
    let before = traceback.replace("self.postcommit", "self.precommit");
    let error = raised("psycopg2.errors.SerializationFailure", "could not serialize access", &before);
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Conflict, false), "{error}");
}

#[test]
fn an_attribute_error_of_the_methods_own_code_does_not_blame_the_caller() {
    let own = error("builtins.AttributeError", "'NoneType' object has no attribute 'id'");
    assert_eq!(own.kind(), ErrorKind::Server);
    let callers = error("builtins.AttributeError", "The method 'res.partner.frob' does not exist");
    assert_eq!(callers.kind(), ErrorKind::UnknownMethod);
}

#[test]
fn a_type_error_of_the_methods_own_code_does_not_blame_the_caller() {
    let own = error("builtins.TypeError", "format_date() missing 1 required positional argument: 'env'");
    assert_eq!(own.kind(), ErrorKind::Server);
    let callers = error("builtins.TypeError", "ResPartner.frob() missing 1 required positional argument: 'x'");
    assert_eq!(callers.kind(), ErrorKind::UnknownArgument);
}

#[test]
fn only_the_line_that_raised_tells_of_a_field() {
    let target = Target { model: "res.partner".into(), method: "write".into(), ids: None };
    let raised = |line: &str| {
        let debug = format!("Traceback\n  File \"a.py\", line 1\n    self._fields[x]\n  File \"b.py\"\n    {line}\n");
        let data = json!({"name": "builtins.KeyError", "message": "'nope'", "debug": debug});
        Fault::from_json_rpc(json!({"data": data})).into_error(Exchange { target: Some(&target), ..NOTHING }).kind()
    };
    assert_eq!(raised("return self._fields[key].__get__(self)"), ErrorKind::UnknownField);
    assert_eq!(raised("return prices['nope']"), ErrorKind::Server);
}

#[test]
fn conflicts_are_worth_another_try() {
    for exception in ["psycopg2.errors.SerializationFailure", "odoo.exceptions.LockError"] {
        assert_eq!(error(exception, "x").kind(), ErrorKind::Conflict, "{exception}");
        assert!(error(exception, "x").is_retryable(), "{exception}");
    }
    assert!(!error("odoo.exceptions.UserError", "x").is_retryable());
}

#[test]
fn odd_shapes_lose_no_error() {
    for odd in [json!(null), json!("boom"), json!([1]), json!({}), json!({"data": [], "code": "x"})] {
        let error = Fault::from_json_rpc(odd).into_error(NOTHING);
        assert_eq!((error.kind(), error.server_message()), (ErrorKind::Server, None));
    }
    let bare = Fault::from_json_rpc(json!({"message": "boom", "data": null})).into_error(NOTHING);
    assert_eq!(bare.server_message(), Some("boom"));
}

// As 14.0, 16.0, 17.0 and 19.0 say it; tests/live/limits.rs asks them.
#[test]
fn what_the_database_does_not_hold_has_a_kind_of_its_own() {
    for (class, words) in [
        ("builtins.ValueError", "Cannot convert product.product.lst_price to SQL because it is not stored"),
        ("builtins.ValueError", "Cannot convert field product.product.lst_price to SQL"),
        ("builtins.ValueError", "Group by non-stored many2many field: 'message_partner_ids'"),
        (
            "odoo.exceptions.UserError",
            "Field product.product.lst_price is not a stored field, only stored fields (regular or many2many) are valid for the \
             'groupby' parameter",
        ),
        (
            "builtins.AssertionError",
            "Fields in 'groupby' must be regular database-persisted fields (no function or related fields), or function fields \
             with store=True",
        ),
        ("odoo.exceptions.UserError", "Cannot aggregate field 'lst_price'."),
    ] {
        let error = error(class, words);
        assert_eq!(error.kind(), ErrorKind::NotStored, "{words}");
        assert!(error.remedy().is_some() && error.to_string().contains(words.trim_end_matches('.')), "{error}");
    }
    assert_eq!(error("builtins.ValueError", "Cannot convert 5 to a date").kind(), ErrorKind::Server);
}
