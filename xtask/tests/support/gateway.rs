//! What stands in front of an Odoo: it looks at the head of each request, and passes it on or answers itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;

#[path = "../../../client-core/tests/support/tls.rs"]
pub(crate) mod tls;

pub(crate) struct Gateway {
    /// Its address, without the scheme.
    pub(crate) address: String,
    heads: Arc<Mutex<Vec<String>>>,
    /// How many requests are under way, and were at most.
    under_way: Arc<Mutex<(usize, usize)>>,
}

impl Gateway {
    /// With TLS, if it has a configuration. What `refuse` makes of the head of a request is the answer.
    pub(crate) fn new(
        odoo: &str,
        config: Option<Arc<ServerConfig>>,
        refuse: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let odoo = odoo.strip_prefix("http://").unwrap().to_owned();
        let (heads, under_way) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new((0, 0))));
        let shared = Arc::new((odoo, refuse, Arc::clone(&heads), Arc::clone(&under_way)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared, config) = (stream.unwrap(), Arc::clone(&shared), config.clone());
                std::thread::spawn(move || {
                    let (odoo, refuse, heads, under_way) = &*shared;
                    let pass = |mut stream: &mut dyn ReadWrite| {
                        let Some((head, body)) = read(&mut stream) else { return };
                        {
                            let mut under_way = under_way.lock().unwrap();
                            under_way.0 += 1;
                            under_way.1 = under_way.1.max(under_way.0);
                        }
                        let answer = refuse(&head).map_or_else(|| forward(odoo, &head, &body), String::into_bytes);
                        heads.lock().unwrap().push(head);
                        under_way.lock().unwrap().0 -= 1;
                        let _ = stream.write_all(&answer);
                        let _ = stream.flush();
                    };
                    match config {
                        None => pass(&mut &stream),
                        Some(config) => {
                            let mut stream = tls::accept(&config, stream);
                            pass(&mut stream);
                            tls::close(stream);
                        }
                    }
                });
            }
        });
        Self { address, heads, under_way }
    }

    /// The heads of the requests so far, in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// How many requests were under way at most.
    pub(crate) fn most(&self) -> usize {
        self.under_way.lock().unwrap().1
    }
}

trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}

/// An answer without a body, with these headers.
pub(crate) fn refusal(status: u16, headers: &str) -> Option<String> {
    Some(format!("HTTP/1.1 {status} X\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n"))
}

fn read(stream: impl Read) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let begin = head.len();
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
        if let Some(value) = head[begin..].to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn forward(odoo: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(odoo).unwrap();
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}
