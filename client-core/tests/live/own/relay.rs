//! What may stand between a client and the Odoo that `ODOO_URL` names, as servers of the tests' own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// A request to pass on: its first line, its headers as they came, its body.
pub(crate) struct Request {
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn read(mut stream: impl Read) -> std::io::Result<Self> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let (line, headers) = head.split_once("\r\n").unwrap();
        let headers = headers.lines().filter_map(|header| header.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let mut request = Self { line: line.to_owned(), headers, body: Vec::new() };
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body)?;
        Ok(request)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// What is asked for: a path, or a whole URL as proxies are asked.
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Whether its address or body has these words in it.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.line.contains(words) || self.body.windows(words.len()).any(|window| window == words.as_bytes())
    }

    /// Has the server, `host:port`, answer it, and close the connection. `Host` is the server's, as proxies send it if not
    /// told otherwise: Odoo takes its own address from it.
    pub(crate) fn answer_of(&self, server: &str) -> std::io::Result<Vec<u8>> {
        let line = self.line.replacen(&format!("http://{server}"), "", 1);
        let mut head = format!("{line}\r\nhost: {server}\r\nconnection: close\r\n");
        for (name, value) in &self.headers {
            if !matches!(&**name, "host" | "connection") && !name.starts_with("proxy-") {
                head += &format!("{name}: {value}\r\n");
            }
        }
        let mut upstream = TcpStream::connect(server)?;
        upstream.write_all(&[head.as_bytes(), b"\r\n", &self.body].concat())?;
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

/// Starts a server that treats each connection as it is told; returns its address, without the scheme.
pub(crate) fn listen(handler: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let handler = Arc::new(handler);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, handler) = (stream.unwrap(), Arc::clone(&handler));
            std::thread::spawn(move || handler(stream));
        }
    });
    address
}

/// The `host:port` of the server, where a relay can reach it: without TLS, a proxy, and a folder. If not, it says that the
/// test is passed over.
#[track_caller]
pub(crate) fn host() -> Option<String> {
    let url = std::env::var("ODOO_URL").unwrap();
    let host = url.trim().strip_prefix("http://").map(|rest| rest.trim_end_matches('/').to_owned());
    let has_proxy = std::env::var("ODOO_PROXY").is_ok_and(|proxy| !proxy.trim().is_empty());
    let Some(host) = host.filter(|host| !host.contains(['/', '@']) && !has_proxy) else {
        super::skipped("what the tests put before a server reaches none over TLS, behind a proxy, or in a folder");
        return None;
    };
    Some(if host.contains(':') { host } else { format!("{host}:80") })
}
