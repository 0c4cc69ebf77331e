//! What stands between a client and its server, and how hard it may be on it, out of environment variables.

use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;

use super::EnvVars;
use crate::client::ClientBuilder;
use crate::error::Error;

/// Reads the variables that no server needs. No value is repeated in an error: it may be a secret in the wrong place.
pub(super) fn settings(
    mut builder: ClientBuilder,
    names: &EnvVars,
    mut read: impl FnMut(&str) -> Option<String>,
) -> Result<ClientBuilder, Error> {
    if let Some(headers) = read(&names.headers) {
        for (at, line) in headers.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let (name, value) = line.split_once(':').ok_or_else(|| {
                Error::config(format!("{}: line {} is not a header", names.headers, at + 1))
                    .with_remedy("give each on a line of its own, as `Name: value`")
            })?;
            builder = builder.header(name.trim(), value.trim());
        }
    }
    if let Some(file) = read(&names.root_certificate) {
        builder = builder.root_certificate(content(&names.root_certificate, &file)?);
    }
    if let Some(file) = read(&names.client_certificate) {
        builder = builder.client_certificate(SecretString::from(content(&names.client_certificate, &file)?));
    }
    if let Some(url) = read(&names.proxy) {
        builder = builder.proxy(url);
    }
    type Set = fn(ClientBuilder, Duration) -> ClientBuilder;
    let limits: [(&str, Set); 3] = [
        (&names.timeout, ClientBuilder::timeout),
        (&names.connect_timeout, ClientBuilder::connect_timeout),
        (&names.read_timeout, ClientBuilder::read_timeout),
    ];
    for (name, set) in limits {
        if let Some(time) = read(name) {
            let time = time.trim().parse::<SignedDuration>().ok().and_then(|time| time.try_into().ok());
            builder = set(builder, time.ok_or_else(|| wrong(name, "a time such as 90s or 10m"))?);
        }
    }
    if let Some(calls) = read(&names.max_concurrent_calls) {
        builder = builder.max_concurrent_calls(number(&names.max_concurrent_calls, &calls)?);
    }
    if let Some(rate) = read(&names.rate_limit) {
        builder = builder.rate_limit(number(&names.rate_limit, &rate)?);
    }
    Ok(builder)
}

fn content(name: &str, file: &str) -> Result<String, Error> {
    std::fs::read_to_string(file.trim()).map_err(|error| {
        Error::config(format!("the file that {name} names cannot be read: {error}"))
            .with_remedy("give the path of a file with PEM, which begins with -----BEGIN CERTIFICATE-----")
    })
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T, Error> {
    text.trim().parse().map_err(|_| wrong(name, "a number"))
}

fn wrong(name: &str, expected: &str) -> Error {
    Error::config(format!("{name} is not {expected}"))
}
