//! Statuses that are not Odoo's own.

use odoo_client::ErrorKind::*;
use serde_json::json;

use super::*;
use crate::faulty::{Act, good, html, http, json_answer};

pub(crate) const STATUS: &[Case] = &[
    both(
        "429",
        |_| vec![Act::bytes(html(429, "Slow down")).refuses()],
        Bad(RateLimited, ALL, SURELY_NOT),
        "rate_limit",
    ),
    both("429 once", |wire| vec![Act::bytes(html(429, "Slow down")).refuses(), good(wire)], Good(2), ""),
    both(
        "429 once, with Retry-After",
        |wire| vec![Act::bytes(http(429, "retry-after: 0\r\n", "")).refuses(), good(wire)],
        Good(2),
        "",
    ),
    both(
        "429 with a Retry-After that is too long to wait for",
        |_| vec![Act::bytes(http(429, "retry-after: 3600\r\n", "")).refuses()],
        Bad(RateLimited, 1, SURELY_NOT),
        "too many requests",
    ),
    both(
        "429 with a date for a Retry-After",
        |_| vec![Act::bytes(http(429, "retry-after: Fri, 31 Dec 2100 23:59:59 GMT\r\n", "")).refuses()],
        Bad(RateLimited, 1, SURELY_NOT),
        "too many requests",
    ),
    ambiguous("502", |_| vec![Act::bytes(html(502, "Bad Gateway"))], Http, "HTTP 502"),
    ambiguous("503", |_| vec![Act::bytes(html(503, "Service Unavailable"))], Http, "HTTP 503"),
    ambiguous("504", |_| vec![Act::bytes(html(504, "Gateway Timeout"))], Http, "HTTP 504"),
    passing("502 once", |wire| vec![Act::bytes(html(502, "Bad Gateway")), good(wire)], Http, "Bad Gateway"),
    passing(
        "503 once, with Retry-After, as Varnish says it of a broken connection",
        |wire| vec![Act::bytes(http(503, "retry-after: 0\r\n", "Backend fetch failed")), good(wire)],
        Http,
        "Backend fetch failed",
    ),
    // 17.0 under 40 calls at once; the server of these tests is a 19.0.
    ambiguous(
        "500 without a word",
        |_| vec![Act::bytes(html(500, "Internal Server Error"))],
        Http,
        "max_concurrent_calls",
    ),
    both("520", |_| vec![Act::bytes(html(520, "Unknown"))], Bad(Http, 1, MAYBE), "HTTP 520"),
    both("401", |_| vec![Act::bytes(html(401, "Who?")).refuses()], Bad(Http, 1, SURELY_NOT), "basic_auth"),
    both("403", |_| vec![Act::bytes(html(403, "No")).refuses()], Bad(Http, 1, SURELY_NOT), "HTTP 403"),
    both("407", |_| vec![Act::bytes(html(407, "Who?")).refuses()], Bad(Http, 1, SURELY_NOT), "HTTP 407"),
    both("404", |_| vec![Act::bytes(html(404, "Gone")).refuses()], Bad(NotOdoo, 1, SURELY_NOT), "HTTP 404"),
    both(
        "404 of an API gateway",
        |_| vec![Act::bytes(json_answer(404, &json!({"message": "no Route matched"}))).refuses()],
        Bad(NotOdoo, 1, SURELY_NOT),
        "no Route matched",
    ),
    both("413", |_| vec![Act::bytes(html(413, "Too big")).refuses()], Bad(Http, 1, SURELY_NOT), "too big"),
    both("418", |_| vec![Act::bytes(html(418, "Teapot")).refuses()], Bad(Http, 1, SURELY_NOT), "HTTP 418"),
    both("a redirect loop", |_| vec![redirect("/jsonrpc")], Bad(Http, 1, SURELY_NOT), "redirects to"),
    both(
        "a redirect to https",
        |_| vec![redirect("https://odoo.example.com/jsonrpc?token=hunter2-the-secret")],
        Bad(Http, 1, SURELY_NOT),
        "redirects to https://odoo.example.com/jsonrpc (HTTP 302); if that is the Odoo server",
    ),
    both(
        "a redirect to a single sign-on",
        |_| vec![redirect("https://sso.example.com/oauth2/start?rd=x")],
        Bad(Http, 1, SURELY_NOT),
        "wants its own login",
    ),
    both("a redirect in UTF-8", |_| vec![redirect("/café")], Bad(Http, 1, SURELY_NOT), "/caf%C3%A9 (HTTP 302)"),
    both(
        "a redirect to nowhere",
        |_| vec![Act::bytes(http(302, "", "")).refuses()],
        Bad(Http, 1, SURELY_NOT),
        "nowhere",
    ),
    both(
        "a redirect to the database selector",
        |_| vec![redirect("/web/database/selector")],
        Bad(UnknownDatabase, 1, SURELY_NOT),
        "asks to choose a database",
    ),
];

pub(crate) fn redirect(to: &str) -> Act {
    Act::bytes(http(302, &format!("location: {to}\r\n"), "")).refuses()
}
