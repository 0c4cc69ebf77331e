//! What a server tells anybody who asks: its version and its databases.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::transport::answers::page::WRONG_PATH;
use crate::transport::wires::jsonrpc;
use crate::transport::{Envelope, Http, Limiter, Limits, Network, Reply, Request, address};
use crate::version::{Difference, ServerVersion};

/// Asks for the server's version, at the place of the URL where there is an Odoo that answers: what was given may be the
/// address of a page of its.
pub(crate) async fn find_server(
    url: &str,
    limits: Limits,
    network: &Network,
    limiter: &Arc<Limiter>,
) -> Result<(Http, ServerVersion), Error> {
    let mut failure = None;
    for place in address::places(url)? {
        let http = Http::new(place, limits, network.clone(), Arc::clone(limiter))?;
        match version(&http).await {
            Ok(version) => return Ok((http, version)),
            Err(error) if leaves_hope(&error) => drop(failure.get_or_insert(error)),
            Err(error) => return Err(error),
        }
    }
    Err(failure.unwrap_or_else(not_asked))
}

fn not_asked() -> Error {
    Error::new(ErrorKind::NotOdoo, "the server was not asked")
}

/// Asks for the server's version, at addresses that outlive `/jsonrpc` first.
async fn version(http: &Http) -> Result<ServerVersion, Error> {
    let no_arguments: [(); 0] = [];
    // The first is in 14 and in 19. The second is a plain page of 19, in case the first goes away.
    let asked = [
        (
            Request::post("/web/webclient/version_info", jsonrpc::envelope(&json!({}))?),
            Envelope::JsonRpc,
            "server_version",
        ),
        (Request::get("/web/version"), Envelope::Bare, "version"),
        (jsonrpc::request("common", "version", &no_arguments)?, Envelope::JsonRpc, "server_version"),
    ];
    let mut outcome = Err(not_asked());
    for (request, envelope, key) in asked {
        outcome = ask(http, request, envelope).await.and_then(|answer: Value| {
            answer.get(key).and_then(Value::as_str).and_then(ServerVersion::parse).ok_or_else(|| {
                Error::new(ErrorKind::NotOdoo, "the answer names no version of Odoo")
                    .with_remedy("is the URL that of an Odoo server?")
            })
        });
        if let Ok(version) = &outcome {
            let _ = http.errors_in_words.set(version.has(Difference::ErrorsInWords));
        }
        match &outcome {
            Err(error) if leaves_hope(error) => {}
            _ => break,
        }
    }
    outcome.map_err(|error| {
        let error = match http.without_path() {
            Some(origin) if error.remedy() == Some(WRONG_PATH) || error.status() == Some(400) => {
                error.with_remedy(format!("if Odoo is at {origin}, give that as the URL"))
            }
            _ => error,
        };
        error.before_a_call(format!("cannot ask {} for its version", http.shown_url()))
    })
}

/// Asks for the names of the server's databases.
pub(crate) async fn databases(http: &Http) -> Result<Vec<String>, Error> {
    let no_arguments: [(); 0] = [];
    let asked = [
        Request::post("/web/database/list", jsonrpc::envelope(&json!({}))?),
        jsonrpc::request("db", "list", &no_arguments)?,
    ];
    let mut outcome = Ok(Vec::new());
    for request in asked {
        outcome = ask(http, request, Envelope::JsonRpc).await.and_then(|answer| {
            serde_json::from_value(answer)
                .map_err(|error| Error::decode(format!("the answer is no list of names: {error}")))
        });
        match &outcome {
            Err(error) if leaves_hope(error) => {}
            _ => break,
        }
    }
    outcome.map_err(|error| {
        let doing = format!("cannot list the databases of {}", http.shown_url());
        let error = match error.kind() {
            ErrorKind::AccessDenied | ErrorKind::Access => {
                error.with_remedy("the server is set up not to tell (`list_db`): ask who runs it for the name")
            }
            ErrorKind::NotOdoo => error.with_remedy(
                "versions after Odoo 19 no longer tell, and neither do servers behind some proxies: give the name yourself",
            ),
            _ => error,
        };
        error.before_a_call(doing)
    })
}

async fn ask(http: &Http, request: Request, envelope: Envelope) -> Result<Value, Error> {
    let mut answer = http.ask(request).await?;
    // There is nothing in these questions that could be wrong. Seen on 16.0, when all its database connections were in use.
    answer.errors_in_words = true;
    Reply::new(answer, envelope).read_as()
}

/// Whether something answered, but nothing at this address: another may do.
fn leaves_hope(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::NotOdoo | ErrorKind::SessionExpired | ErrorKind::UnknownDatabase => true,
        ErrorKind::Http => error.status().is_some_and(|status| status < 500),
        _ => false,
    }
}
