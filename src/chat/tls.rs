//! Whom the program believes to be a chat platform: one setting for calls, files and sockets.

use std::sync::Arc;

use anyhow::Context;
use hyper_rustls::ConfigBuilderExt;
use reqwest::Url;
use rustls::{ClientConfig, RootCertStore};

/// Who a server has to prove to be, where the platform is at this address. Without TLS nobody has to, and
/// the machine's certificates are not even read: it may have none.
pub fn config(platform: &Url) -> anyhow::Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().context("choosing TLS")?;
    let builder = if platform.scheme() == "https" {
        builder.with_native_roots().context("reading the certificates that this machine trusts")?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}
