//! The way between us and a server, on which things are lost when a test says so.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::peer::client;

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// It never arrives.
    Request,
    /// It arrives and has its effect, and the answer never comes.
    Answer,
    /// The server says that it is broken, after it did what it was asked.
    BrokenAfter,
}

/// The way to a server.
pub struct Between {
    pub base: String,
    way: Arc<Way>,
}

struct Way {
    client: Client,
    upstream: String,
    state: Mutex<Told>,
    lost: Notify,
}

#[derive(Default)]
struct Told {
    next: Option<(&'static str, Lost)>,
    asked: Vec<String>,
}

impl Way {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Between {
    pub async fn and(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (upstream, lost) = (upstream.trim_end_matches('/').to_owned(), Notify::new());
        let way = Arc::new(Way { client: client(), upstream, state: Mutex::default(), lost });
        let app = Router::new().fallback(pass).with_state(way.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, way }
    }

    /// The next request whose method and path contain this is lost so.
    pub fn loses(&self, what: &'static str, how: Lost) {
        self.way.told().next = Some((what, how));
    }

    /// Waits until something was lost.
    pub async fn has_lost(&self) {
        self.way.lost.notified().await;
    }

    /// How many requests had this in their method and path.
    pub fn asked(&self, what: &str) -> usize {
        self.way.told().asked.iter().filter(|asked| asked.contains(what)).count()
    }
}

async fn pass(
    State(way): State<Arc<Way>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let asked = format!("{method} {path}");
    let lost = {
        let mut told = way.told();
        let hit = told.next.filter(|(what, _)| asked.contains(what));
        told.next = if hit.is_some() { None } else { told.next };
        told.asked.push(asked);
        hit.map(|(_, how)| how)
    };
    if lost == Some(Lost::Request) {
        way.lost.notify_one();
        return std::future::pending().await;
    }
    let mut request = way.client.request(method, format!("{}{path}", way.upstream));
    for (name, value) in &headers {
        if !matches!(*name, header::HOST | header::CONTENT_LENGTH | header::CONNECTION) {
            request = request.header(name, value);
        }
    }
    #[expect(clippy::disallowed_methods, reason = "it stands between our way and the network")]
    let answer = request.body(body).send().await;
    let Ok(answer) = answer else { return StatusCode::BAD_GATEWAY.into_response() };
    let (status, mut said) = (answer.status(), answer.headers().clone());
    for name in [header::TRANSFER_ENCODING, header::CONTENT_LENGTH, header::CONNECTION] {
        said.remove(name);
    }
    let bytes = answer.bytes().await.unwrap_or_default();
    match lost {
        Some(Lost::Answer) => {
            way.lost.notify_one();
            std::future::pending().await
        }
        Some(_) => {
            way.lost.notify_one();
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        None => (status, said, bytes).into_response(),
    }
}
