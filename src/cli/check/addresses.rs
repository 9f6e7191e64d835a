//! Addresses that are listened on and addresses outside, and what time it is there.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use tokio::net::{TcpListener, lookup_host};

use super::finding::Finding;
use crate::cli::world::RealClock;
use crate::config::Settings;
use crate::domain::secret::Secret;
use crate::networks::http::{Knocked, client, knock, trust};
use crate::ports::clock::Clock;
use crate::ports::store::{Store, Stored};

/// An answer may take so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// A clock that is right differs by less.
const OFF: SignedDuration = SignedDuration::from_secs(30);

/// Looks at what is listened on, what is asked for outside, and the clock.
pub(super) async fn look(
    findings: &mut Vec<Finding>,
    settings: &Settings,
    store: Option<&dyn Store>,
) {
    let local = settings.local.enabled.then_some(("local.listen", settings.local.listen));
    let public = settings.web.public_listen.map(|at| ("web.public_listen", at));
    let own = ("web.listen", settings.web.listen);
    for (setting, at) in [Some(own), local, public].into_iter().flatten() {
        findings.push(listens(setting, at, settings.web.listen).await);
    }
    let beats = settings.alert.heartbeat_url.as_ref().map(Secret::reveal);
    let outside =
        [("web.public_url", settings.web.public_url.as_deref()), ("alert.heartbeat_url", beats)];
    for (setting, url) in outside {
        if let Some(url) = url.and_then(|url| Url::parse(url).ok()) {
            findings.push(resolves(setting, &url).await);
        }
    }
    let time = match beats.and_then(|url| Url::parse(url).ok()) {
        Some(url) => time_at(&url).await,
        None => None,
    };
    findings.push(clock(store, time).await);
}

async fn listens(setting: &'static str, at: SocketAddr, house: SocketAddr) -> Finding {
    match TcpListener::bind(at).await {
        Ok(_) => Finding::ok("listen", format!("{setting}: {at} is free")),
        Err(_) if is_running(house).await => {
            Finding::ok("listen", format!("{setting}: {at} is held by Countersign, which runs"))
        }
        Err(error) => {
            let todo = format!("end what holds {at}, or set {setting} to another address");
            Finding::fail("listen", format!("{setting}: {at}: {error}"), todo)
        }
    }
}

/// A Countersign answers at the house's own address.
async fn is_running(house: SocketAddr) -> bool {
    let Ok(url) = Url::parse(&format!("http://{house}/healthz")) else { return false };
    ask(&url, reqwest::Method::GET).await.is_some_and(|it| [200, 503].contains(&it.status))
}

async fn ask(url: &Url, method: reqwest::Method) -> Option<Knocked> {
    let client = client(trust(url.scheme())).ok()?;
    knock(client.request(method, url.clone()), PATIENCE).await.ok()
}

/// What time it is there. Only the server's front door is asked: the address itself would beat.
async fn time_at(url: &Url) -> Option<Timestamp> {
    let mut door = url.clone();
    door.set_path("/");
    door.set_query(None);
    ask(&door, reqwest::Method::HEAD).await?.date
}

/// Whether the name of an address is known; the address itself is not said, it may be a secret.
async fn resolves(setting: &'static str, url: &Url) -> Finding {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let found = tokio::time::timeout(PATIENCE, lookup_host((host.as_str(), port))).await;
    if let Ok(Ok(mut all)) = found
        && all.next().is_some()
    {
        return Finding::ok("outside", format!("{setting}: {host} is known"));
    }
    let todo = format!("see that {setting} is spelt right and that names can be looked up here");
    Finding::warn("outside", format!("{setting}: nobody knows {host}"), todo)
}

async fn clock(store: Option<&dyn Store>, outside: Option<Timestamp>) -> Finding {
    let now = RealClock.now();
    let todo = "set the clock right (timedatectl): windows and slots go by it";
    let newest = match store {
        Some(store) => newest(store).await.ok().flatten(),
        None => None,
    };
    if let Some(newest) = newest.filter(|newest| newest.duration_since(now) > OFF) {
        let what = format!("it is {now}, and the ledger has an entry of {newest} already");
        return Finding::fail("clock", what, todo);
    }
    match outside {
        Some(there) if there.duration_since(now).abs() > OFF => {
            Finding::fail("clock", format!("it is {now} here and {there} outside"), todo)
        }
        Some(_) => Finding::ok("clock", format!("it is {now} here and outside")),
        None => Finding::ok("clock", format!("it is {now}; nobody outside was asked")),
    }
}

/// When the newest entry of any chain was made.
async fn newest(store: &dyn Store) -> Stored<Option<Timestamp>> {
    let mut newest = None;
    for practice in store.practices().await? {
        let end = store.head(&practice).await?.seq;
        let last = store.entries(&practice, end - 1, 1).await?;
        newest = newest.max(last.first().map(|(sealed, _)| sealed.entry.at));
    }
    Ok(newest)
}
