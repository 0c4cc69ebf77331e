//! From this machine to an Odoo: the name, the connection, TLS, and what answers.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use odoo_client::ErrorKind;
use odoo_client::version::ServerVersion;
use reqwest::Url;

use super::checkup::Checkup;
use crate::connection::{self, Connection};

/// How long each address may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The version of what answers, if that is an Odoo.
pub(super) async fn reach(connection: &Connection, checkup: &mut Checkup) -> Result<Option<ServerVersion>> {
    let server = match connection.server() {
        Ok(server) => server,
        Err(error) => {
            checkup.fail("name", format!("{error:#}"), "mend what it names, in the environment or in target.toml");
            return Ok(None);
        }
    };
    let url = connection::value(&connection.names.url).and_then(|url| Url::parse(url.trim()).ok());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else {
        if let Err(error) = server.server_version().await {
            checkup.error("name", &error);
        }
        return Ok(None);
    };
    let proxy = proxy(connection, &url);
    match &proxy {
        Some(name) => checkup.ok("name", format!("it is for the proxy that {name} names to look up")),
        None => {
            if !dialed(&url, checkup).await? {
                return Ok(None);
            }
        }
    }
    let version = server.server_version().await;
    let kind = version.as_ref().err().map(odoo_client::Error::kind);
    if let (Some(_), Err(error), Some(ErrorKind::Connect | ErrorKind::Timeout)) = (&proxy, &version, kind) {
        checkup.error("connection", error);
        return Ok(None);
    }
    if proxy.is_some() {
        checkup.ok("connection", "through the proxy");
    }
    match (&version, kind) {
        // That there is a connection is known.
        (Err(error), Some(ErrorKind::Tls | ErrorKind::Connect | ErrorKind::Timeout)) if url.scheme() == "https" => {
            checkup.error("tls", error);
            return Ok(None);
        }
        _ if url.scheme() == "https" => checkup.ok("tls", "the server's certificate is trusted"),
        _ if is_here(&url) => checkup.ok("tls", "none, and the server is this machine"),
        _ => checkup.warn(
            "tls",
            "none: passwords and data can be read by anybody on the way",
            "give an address with https:// if the server has one",
        ),
    }
    match version {
        Ok(version) => {
            checkup.ok("odoo", format!("Odoo {version} answers"));
            Ok(Some(version))
        }
        Err(error) => {
            checkup.error("odoo", &error);
            Ok(None)
        }
    }
}

/// Whether the server's name has an address, and something listens there.
async fn dialed(url: &Url, checkup: &mut Checkup) -> Result<bool> {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    let dialed = url.clone();
    let dialed = tokio::task::spawn_blocking(move || {
        let addresses = dialed.socket_addrs(|| None)?;
        let outcome = dial(&addresses);
        Ok::<_, io::Error>((addresses, outcome))
    });
    let (addresses, outcome) = match dialed.await.context("a task failed")? {
        Ok(dialed) => dialed,
        Err(error) => {
            checkup.fail(
                "name",
                format!("{host} has no address: {error}"),
                "check the spelling of the URL, and whether this machine has a network or needs a VPN or a proxy for it",
            );
            return Ok(false);
        }
    };
    let mut shown: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
    shown.dedup();
    checkup.ok("name", format!("{host} is {}", shown.join(", ")));
    match outcome {
        Ok(address) => checkup.ok("connection", format!("{address} takes connections")),
        Err(error) => {
            checkup.fail(
                "connection",
                format!("nothing takes connections at port {port} of {host}: {error}"),
                "check the port in the URL, whether the server runs, and whether a firewall, a VPN or a proxy is in between",
            );
            return Ok(false);
        }
    }
    Ok(true)
}

fn dial(addresses: &[SocketAddr]) -> io::Result<SocketAddr> {
    let mut outcome = Err(io::Error::other("it has no address"));
    for address in addresses {
        outcome = TcpStream::connect_timeout(address, PATIENCE).map(|_| *address);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn is_here(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// The variable that names a proxy for this address, as far as can be told without being the HTTP client.
fn proxy(connection: &Connection, url: &Url) -> Option<String> {
    if connection::value(&connection.names.proxy).is_some() {
        return Some(connection.names.proxy.clone());
    }
    let host = url.host_str().unwrap_or_default();
    let is_direct = |list: String| {
        list.split(',')
            .map(|entry| entry.trim().trim_start_matches("*.").trim_start_matches('.'))
            .any(|entry| entry == "*" || entry == host || (!entry.is_empty() && host.ends_with(&format!(".{entry}"))))
    };
    if ["NO_PROXY", "no_proxy"].into_iter().filter_map(connection::value).any(is_direct) {
        return None;
    }
    let own = if url.scheme() == "https" { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let names = own.into_iter().chain(["ALL_PROXY", "all_proxy"]);
    names.into_iter().find(|name| connection::value(name).is_some()).map(str::to_owned)
}
