//! Settings towards the world outside: what it may reach of us, and who is told that all is well.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, bail};
use reqwest::Url;
use serde::Deserialize;

use crate::domain::secret::Secret;

/// The house's own address, and the one for the world outside.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Health and figures, for the operator alone; port 0 picks a free one.
    pub listen: SocketAddr,
    /// What the world outside may fetch, and nothing else; not there unless it is set.
    pub public_listen: Option<SocketAddr>,
    /// How the world outside reaches `public_listen`: `https://posts.example.org`.
    pub public_url: Option<String>,
}

/// Who is told that it works.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alert {
    /// Asked for every so often while all is well; whoever waits for it there raises the alarm.
    pub heartbeat_url: Option<Secret>,
    /// How often.
    pub heartbeat_seconds: u32,
}

impl Default for Web {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 7420));
        Self { listen, public_listen: None, public_url: None }
    }
}

impl Default for Alert {
    fn default() -> Self {
        Self { heartbeat_url: None, heartbeat_seconds: 60 }
    }
}

/// What could not work, or would leave the house open.
pub(super) fn check(web: &Web, alert: &Alert) -> anyhow::Result<()> {
    if web.public_listen.is_some() != web.public_url.is_some() {
        bail!("web.public_listen and web.public_url go together: set both, or none");
    }
    if let Some(url) = &web.public_url {
        let url = Url::parse(url).context("web.public_url must be https://HOST")?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_here(&url)) {
            bail!("web.public_url must begin with https://, as what it serves leaves the house");
        }
        if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
            bail!("web.public_url must be https://HOST and no more");
        }
    }
    if let Some(url) = &alert.heartbeat_url {
        let url = Url::parse(url.reveal()).ok();
        if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
            bail!("alert.heartbeat_url must be an address that begins with http:// or https://");
        }
    }
    if alert.heartbeat_seconds == 0 {
        bail!("alert.heartbeat_seconds must be longer than 0");
    }
    Ok(())
}

/// An address of this machine alone.
pub(super) fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_address_is_https_or_this_machine() {
        let is_sound = |url: &str| {
            let public_listen = Some(([127, 0, 0, 1], 0).into());
            let web = Web { public_listen, public_url: Some(url.to_owned()), ..Web::default() };
            check(&web, &Alert::default()).is_ok()
        };

        assert!(is_sound("https://posts.example.org"));
        assert!(is_sound("http://127.0.0.1:8080"));
        assert!(is_sound("http://[::1]:8080"));
        for wrong in ["http://posts.example.org", "https://a.example/b", "ftp://localhost", "x"] {
            assert!(!is_sound(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_heartbeats_address_is_never_printed() {
        let alert = |url: &str| Alert { heartbeat_url: Some(Secret::new(url)), ..Alert::default() };
        let wrong = check(&Web::default(), &alert("beats.example/k3y")).expect_err("no scheme");

        let said = format!("{:?} {wrong:?}", alert("https://beats.example/k3y"));

        assert!(said.contains("[hidden]") && !said.contains("k3y"), "{said}");
    }
}
