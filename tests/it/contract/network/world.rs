//! One publication to send, and a server that answers as it is told.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use countersign::domain::content::{Part, Picture};
use countersign::domain::expiry::Expiry;
use countersign::domain::ids::{AccountId, PracticeId, RowId};
use countersign::domain::network::Network;
use countersign::domain::outbox::{Certainty, Outcome};
use countersign::domain::practice::Account;
use countersign::domain::secret::Secret;
use countersign::domain::vault::Vault;
use countersign::networks::bluesky::Bluesky;
use countersign::networks::local::LocalNetwork;
use countersign::networks::mastodon::Mastodon;
use countersign::networks::token::Keyring;
use countersign::networks::wordpress::WordPress;
use countersign::ports::accounts::Typed;
use countersign::ports::credentials::KeptCredentials;
use countersign::ports::publisher::{Job, Media, On, Prepared, Publisher};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::memory::{Fixed, Memory};

const NOW: &str = "2026-11-23T15:00:00Z";
/// A time-out that tests can wait for.
pub const SHORT: Duration = Duration::from_millis(300);

/// What a server does with a request.
#[derive(Clone)]
pub enum Answer {
    /// Status, one header or none, body.
    Says(u16, &'static str, String),
    /// Takes the request and says nothing.
    Silence,
    /// Takes the request, says these bytes and closes.
    Raw(&'static str),
    /// Nobody listens there.
    Nobody,
}

/// An answer with at most one header.
pub fn says(status: u16, headers: &'static str, body: &str) -> Answer {
    Answer::Says(status, headers, body.to_owned())
}

/// The network's adapter, pointed at our server. A new network adds its arm.
pub fn publisher(network: Network, base: &str) -> Box<dyn Publisher> {
    over(network, base, signed_in(network, base))
}

/// The network's adapter over these sign-ins.
pub fn over(network: Network, base: &str, keys: Arc<Keyring>) -> Box<dyn Publisher> {
    match network {
        Network::Local => {
            let base = format!("{base}/local/network");
            let local = LocalNetwork::new(&base, "secret", Certainty::Neither, SHORT);
            Box::new(local.expect("a sound address"))
        }
        Network::Bluesky => Box::new(Bluesky::new(Arc::default(), keys, SHORT)),
        Network::Mastodon => Box::new(Mastodon::new(Arc::default(), keys, SHORT)),
        Network::WordPress => Box::new(WordPress::new(Arc::default(), keys, SHORT)),
    }
}

/// Sign-ins of which none is kept yet.
pub fn keyring() -> Keyring {
    Keyring::new(Arc::new(Memory::default()), Vault::new([7; 32]), Arc::new(Fixed))
}

/// A sign-in that is good, in a store that forgets it with the test.
pub fn signed_in(network: Network, base: &str) -> Arc<Keyring> {
    let now: Timestamp = NOW.parse().expect("a timestamp");
    let secrets = match network {
        Network::Local => json!({}),
        Network::Bluesky => json!({
            "handle": "northside.example", "password": "secret", "did": "page",
            "access": "secret", "refresh": "next", "since": now.as_second(),
        }),
        Network::Mastodon => json!({
            "token": "secret", "room": { "text": 500, "pictures": 4, "alt": 1500 },
        }),
        Network::WordPress => json!({ "user": "maya", "password": "secret" }),
    };
    let store = Arc::new(Memory::default());
    let vault = Vault::new([7; 32]);
    let desk = Desk::new(network, base);
    let owner = [network.as_str(), "northside", "account", base, "page"];
    let kept = KeptCredentials {
        practice: desk.practice.clone(),
        account: desk.account.id.clone(),
        identity: None,
        sealed: vault.seal(&owner, &secrets.to_string(), [1; 24]),
        version: 1,
        since: now,
        expiry: Expiry::Never,
        out: None,
        not_before: None,
    };
    store.0.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    Arc::new(Keyring::new(store, vault, Arc::new(Fixed)))
}

/// What somebody connects an account with.
pub fn typed(network: Network, server: &str, (handle, secret): (&str, &str)) -> Typed {
    let (server, handle) = (server.to_owned(), handle.to_owned());
    let now = NOW.parse().expect("a timestamp");
    Typed { network, server, handle, secret: Secret::new(secret), now }
}

/// Seconds after the moment at which everything is done.
pub fn after(seconds: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().expect("a timestamp");
    now + SignedDuration::from_secs(seconds)
}

/// An outcome in one line.
pub fn told(outcome: &Outcome) -> String {
    let now: Timestamp = NOW.parse().expect("a timestamp");
    match outcome {
        Outcome::Published { remote, url } => format!("published {remote} {url}"),
        Outcome::TryLater(at) => format!("later: {} s", at.duration_since(now).as_secs()),
        Outcome::Refused(why) if why.len() > 200 => {
            let words = why.chars().filter(|c| !c.is_control()).count();
            assert!(words < 250 && why.ends_with('\u{2026}'), "{why}");
            "refused: the network refused it: LONG".to_owned()
        }
        Outcome::SignedOut(why) => format!("signed out: {why}"),
        Outcome::Refused(why) => format!("refused: {why}"),
        Outcome::Unknown(why) => format!("unknown: {why}"),
    }
}

/// One publication with one picture.
pub struct Desk {
    id: RowId,
    pub practice: PracticeId,
    pub account: Account,
    pub part: Part,
    pub media: Vec<Media>,
}

impl Desk {
    pub fn new(network: Network, base: &str) -> Self {
        let sha256 = "5e".repeat(32);
        let media_type = "image/png".to_owned();
        let picture = Picture {
            sha256: sha256.clone(),
            media_type: media_type.clone(),
            alt: "A map.".to_owned(),
        };
        Self {
            id: RowId::new("publication-1"),
            practice: PracticeId::new("northside"),
            account: Account {
                id: AccountId::new("account"),
                network,
                name: "Practice page".to_owned(),
                server: base.to_owned(),
                remote_id: "page".to_owned(),
            },
            part: Part {
                network,
                server: base.to_owned(),
                remote: "page".to_owned(),
                text: "Flu shots.".to_owned(),
                links: Vec::new(),
                media: vec![picture],
                disclosure: "Sponsored.".to_owned(),
            },
            media: vec![Media { sha256, media_type, bytes: b"PNG".to_vec() }],
        }
    }

    pub fn on(&self) -> On<'_> {
        let now = NOW.parse().expect("a timestamp");
        On { practice: &self.practice, account: &self.account, now }
    }

    pub fn job(&self) -> Job<'_> {
        let on = self.on();
        let (id, part, media) = (&self.id, &self.part, &*self.media);
        Job { id, on, part, media, draft: None, first_sent: on.now }
    }

    pub fn prepared(&self) -> Prepared {
        let (upload, draft) = match self.account.network {
            Network::Local | Network::Mastodon => ("u1", None),
            Network::Bluesky => (r#"{"$type":"blob"}"#, None),
            Network::WordPress => ("5", Some("7".to_owned())),
        };
        Prepared { uploads: vec![upload.to_owned(); self.media.len()], draft }
    }
}

/// A server that gives these answers in turn, the last of them for ever, and remembers what it
/// was asked.
pub struct Server {
    pub base: String,
    world: World,
}

#[derive(Clone)]
struct World {
    answers: Arc<Mutex<Vec<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<Answer> = answers.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let first = answers[0].clone();
        answers.reverse();
        let world = World { answers: Arc::new(Mutex::new(answers)), asked: Arc::default() };
        match first {
            // The port was free a moment ago, so nobody listens there.
            Answer::Nobody => drop(listener),
            Answer::Raw(bytes) => {
                tokio::spawn(async move {
                    while let Ok((mut stream, _)) = listener.accept().await {
                        // Takes the request in, says this much, closes, and lets the rest come.
                        let _ = stream.read(&mut [0; 8192]).await;
                        let _ = stream.write_all(bytes.as_bytes()).await;
                        let _ = stream.shutdown().await;
                        let _ = stream.read_to_end(&mut Vec::new()).await;
                    }
                });
            }
            Answer::Says(..) | Answer::Silence => {
                let app = Router::new().fallback(answer).with_state(world.clone());
                tokio::spawn(async move { axum::serve(listener, app).await });
            }
        }
        Self { base: format!("http://{address}"), world }
    }

    pub fn asked(&self) -> Vec<String> {
        let asked = self.world.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(
    State(world): State<World>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let key = header("idempotency-key").map(|key| format!("key={key} "));
    let media_type = header("content-type").map(|media_type| format!("{media_type} "));
    let asked = format!(
        "{method} {uri} {} {}{}",
        header("authorization").unwrap_or("-"),
        key.or(media_type).unwrap_or_default(),
        String::from_utf8_lossy(&body),
    );
    // A form's boundary is another each time.
    let boundary = header("content-type").and_then(|kind| kind.split_once("boundary="));
    let asked = match boundary {
        Some((_, boundary)) => asked.replace(boundary, "BOUNDARY").replace("\r\n", "\n"),
        None => asked,
    };
    world.asked.lock().expect("no panic").push(asked);
    let answer = {
        let mut answers = world.answers.lock().expect("no panic");
        if answers.len() > 1 { answers.pop().expect("more than one") } else { answers[0].clone() }
    };
    let Answer::Says(status, headers, body) = answer else {
        return std::future::pending().await;
    };
    let mut response = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
    if let Some((name, value)) = headers.split_once(": ") {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).expect("a response")
}
