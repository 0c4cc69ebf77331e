//! Answers that are not Odoo's JSON: HTML pages of Odoo itself, of proxies, of anything else.

use crate::error::{Error, ErrorKind};
use crate::transport::http::JSONRPC;
use crate::transport::http::answer::Answer;

/// How much of a page an error carries.
const EXCERPT_CHARS: usize = 300;
/// How much of a page is looked at.
const PAGE_BYTES: usize = 64 << 10;

pub(crate) const WRONG_PATH: &str = "is the URL that of an Odoo server, without /web or another path behind it?";
pub(crate) const FEWER_CALLS: &str = "make fewer calls: see `rate_limit` and `max_concurrent_calls` of `ClientBuilder`, and `odoo_com` for Odoo's hosting";
const SIGN_ON: &str = "something in front of Odoo wants its own login: see `basic_auth`, `header` and \
     `client_certificate` of `ClientBuilder`, or give the URL that is meant for programs";

/// What an answer means that holds neither a result nor an error of Odoo's.
pub(crate) fn error(answer: &Answer) -> Error {
    let status = answer.status;
    let words = text(&answer.body);
    let error = match status {
        200..=299 => not_json(answer),
        300..=399 => redirected(answer),
        404 if words.contains("No database is selected") => no_database(answer),
        404 | 405 => Error::new(ErrorKind::NotOdoo, format!("the server has nothing at this address (HTTP {status})"))
            .with_remedy(WRONG_PATH),
        401 | 403 | 407 => {
            Error::new(ErrorKind::Http, format!("the request was refused before it reached Odoo (HTTP {status})"))
                .with_remedy(
                    "a proxy or firewall in front of the server wants something else: see `basic_auth`, `header` and \
                     `client_certificate` of `ClientBuilder`",
                )
        }
        413 => Error::new(ErrorKind::Http, "the request is too big for the server or its proxy (HTTP 413)")
            .with_remedy("send fewer records at a time, or raise the proxy's limit"),
        429 => Error::new(ErrorKind::RateLimited, "too many requests (HTTP 429)").with_remedy(FEWER_CALLS),
        500 => wordless(answer),
        // None of them tells whether Odoo got the request: Varnish and Fastly say 503, with a Retry-After, of a
        // connection to the server that broke half-way.
        502..=504 => Error::new(ErrorKind::Http, format!("a proxy got no answer from Odoo (HTTP {status})"))
            .with_remedy("the server is down, restarting, or busier than the proxy's time limit allows")
            .executed(),
        _ if status < 500 => Error::new(ErrorKind::Http, format!("the server refused the request (HTTP {status})")),
        _ => Error::new(ErrorKind::Http, format!("the server failed (HTTP {status})")).executed(),
    };
    error.with_status(status).with_server_message(words)
}

/// A failure of which only the server's log tells more.
fn wordless(answer: &Answer) -> Error {
    let error = Error::new(ErrorKind::Http, "the server failed without saying why (HTTP 500)").executed();
    if answer.errors_in_words {
        // They put every exception of a call into words; what is left came before it. Seen on 17.0, under 40 calls at once.
        return error.transient().with_remedy(
            "its log says why; it answers so when all its database connections are in use: make fewer calls at a time \
             (see `max_concurrent_calls` of `ClientBuilder`), or raise the server's `db_maxconn`",
        );
    }
    error.with_remedy(
        "Odoo 14 with several databases answers any error this way, be it a wrong database, model, method or argument or a \
         missing right; its log says which, and so does this error once the server has a `dbfilter` or `db_name`",
    )
}

/// A body that this build cannot read; only a server that ignores what the client accepts sends it.
pub(crate) fn encoded(encoding: &str) -> Error {
    Error::new(
        ErrorKind::Protocol,
        format!("the answer is compressed as `{encoding}`, which this client does not read"),
    )
    .with_remedy("a proxy compresses what it should not: have it use `gzip` for Odoo's paths, or nothing")
    .executed()
}

/// All is well, says the status.
fn not_json(answer: &Answer) -> Error {
    if answer.body.trim_ascii().is_empty() {
        return Error::new(ErrorKind::Protocol, "the answer is empty").transient().executed();
    }
    let page = String::from_utf8_lossy(&answer.body[..answer.body.len().min(PAGE_BYTES)]);
    if page.contains("/web/database/manager") || page.contains("o_database_list") {
        return selector();
    }
    // Odoo's own, or that of a single sign-on in front of it.
    if page.contains("type=\"password\"") || page.contains("type='password'") {
        return Error::new(ErrorKind::NotOdoo, "the answer is a login page").with_remedy(SIGN_ON);
    }
    Error::new(ErrorKind::NotOdoo, "the answer is not Odoo's").with_remedy(WRONG_PATH).executed()
}

/// Odoo says so of every path but those that need no database, of which `/jsonrpc` is one.
fn no_database(answer: &Answer) -> Error {
    let what = "the server does not know which database is meant (HTTP 404)";
    if answer.path.starts_with("/json/") {
        Error::new(ErrorKind::UnknownDatabase, what)
            .with_remedy("it has several: check the database's name, and that proxies let `X-Odoo-Database` through")
    } else if answer.path == JSONRPC {
        Error::new(ErrorKind::NotOdoo, what).with_remedy(WRONG_PATH)
    } else {
        Error::new(ErrorKind::SessionExpired, "the server does not know the session (HTTP 404)")
            .with_remedy("connect again")
    }
}

fn selector() -> Error {
    Error::new(ErrorKind::UnknownDatabase, "the server asks to choose a database")
        .with_remedy("it has several: check the database's name, or give the server a `dbfilter`")
}

fn redirected(answer: &Answer) -> Error {
    let status = answer.status;
    let Some(location) = &answer.location else {
        return Error::new(ErrorKind::Http, format!("the server redirects nowhere (HTTP {status})"));
    };
    // Odoo itself redirects to pages for people: no call has such an address.
    if location.contains("/web/database/") {
        return selector();
    }
    let error = Error::new(ErrorKind::Http, format!("the server redirects to {location} (HTTP {status})"));
    let is_login = ["/login", "/signin", "/sign_in", "/oauth2/", "/saml", "/authorize"]
        .iter()
        .any(|part| location.to_ascii_lowercase().contains(part));
    if let Some(address) = location.strip_suffix(&*answer.path) {
        error.with_remedy(format!("if that is the Odoo server, give {address} as the URL"))
    } else if location.contains("/web/") || location.ends_with("/web") {
        error.with_remedy(WRONG_PATH)
    } else if is_login {
        error.with_remedy(SIGN_ON)
    } else {
        error.with_remedy("if that is the Odoo server, give its address as the URL")
    }
}

/// The text of a page, if it is HTML, without markup; the beginning of it.
pub(crate) fn text(body: &[u8]) -> String {
    let page = String::from_utf8_lossy(&body[..body.len().min(PAGE_BYTES)]);
    if !page.trim_start().starts_with('<') {
        return excerpt(&page);
    }
    let all = without_markup(&page, &["script", "style", "title"]);
    if all.trim().is_empty() { excerpt(&without_markup(&page, &["script", "style"])) } else { excerpt(&all) }
}

/// The beginning of a text, with its white space collapsed.
pub(crate) fn excerpt(text: &str) -> String {
    let mut short = String::new();
    let mut left = EXCERPT_CHARS;
    for word in text.split_whitespace() {
        let chars = word.chars().count() + 1;
        if chars > left {
            short.extend(word.chars().take(left));
            short.push('…');
            break;
        }
        left -= chars;
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

/// Drops tags, and the named elements whole. Good enough to read an error page; not an HTML parser.
fn without_markup(page: &str, dropped: &[&str]) -> String {
    let mut text = String::new();
    // As long as the page.
    let lower = page.to_ascii_lowercase();
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        // Markup separates words: `<h1>Not</h1><p>Found`.
        text.push(' ');
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let name: String =
            rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        rest = rest.split_once('>').map_or("", |(_, after)| after);
        if dropped.contains(&name.as_str()) {
            let end = lower[page.len() - rest.len()..].find(&format!("</{name}"));
            rest = end.map_or("", |end| &rest[end..]);
        }
    }
    text.push_str(rest);
    unescape(text)
}

/// Text without the entities that stand for characters of HTML's own.
pub(crate) fn unescape(mut text: String) -> String {
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_without_its_markup() {
        let page = b"<!DOCTYPE html><html><head><title>502</title><style>p { x: y }</style></head>\
            <body><!-- <p>no --><H1>Bad&nbsp;Gateway</H1><p>a &lt;b&gt; &amp;lt; c</p><SCRIPT>if (a<b) alert()</Script></body>";
        assert_eq!(text(page), "Bad Gateway a <b> &lt; c");
        assert_eq!(text(b"<title>only a title</title>"), "only a title");
        assert_eq!(text(b"plain  words\n"), "plain words");
    }

    #[test]
    fn broken_and_endless_pages_are_bounded() {
        assert_eq!(text(b"<html><p unclosed"), "");
        assert_eq!(text(b"<script>never closed"), "");
        let long = text("wörd ".repeat(100_000).as_bytes());
        assert!(long.chars().count() <= EXCERPT_CHARS + 1, "{}", long.chars().count());
        assert!(text("x".repeat(100_000).as_bytes()).ends_with('…'));
        // Hours, if each element looked at all that follows.
        assert_eq!(without_markup(&"<p></p>".repeat(1 << 18), &["p"]).trim(), "");
    }
}
