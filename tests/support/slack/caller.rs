//! How the tests and the simulator call each other: on this machine, without any certificate.

/// A client; the builder says the rest.
pub fn client() -> reqwest::ClientBuilder {
    // It asks for one though it never speaks TLS; whoever comes second finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}
