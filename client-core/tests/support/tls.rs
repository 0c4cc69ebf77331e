//! TLS as servers speak it, with the certificates of these tests.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

pub(crate) const CA: &str = include_str!("tls/ca.pem");
pub(crate) const SERVER: &str = include_str!("tls/server.pem");
pub(crate) const ELSEWHERE: &str = include_str!("tls/elsewhere.pem");
pub(crate) const EXPIRED: &str = include_str!("tls/expired.pem");
pub(crate) const CLIENT: &str = include_str!("tls/client.pem");

/// A server with this certificate; with `wants_client`, it lets in only those who have one of the same authority.
pub(crate) fn config(pem: &str, wants_client: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let config = if wants_client {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(CA.as_bytes()).unwrap()).unwrap();
        let verifier =
            rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        config.with_client_cert_verifier(verifier)
    } else {
        config.with_no_client_auth()
    };
    let chain = vec![CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()];
    Arc::new(config.with_single_cert(chain, PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap())
}

pub(crate) type Stream = StreamOwned<ServerConnection, TcpStream>;

/// The handshake takes place with the first bytes read.
pub(crate) fn accept(config: &Arc<ServerConfig>, stream: TcpStream) -> Stream {
    StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
}

/// Says that nothing more will come. A client that went away is part of some tests.
pub(crate) fn close(mut tls: Stream) {
    tls.conn.send_close_notify();
    let _ = tls.flush();
}
