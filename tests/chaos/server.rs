//! The network from inside: slow and forgetful, with a log of its own.
//!
//! It speaks what `networks::local` speaks. What it was asked goes on when whoever asked is gone,
//! and a post is found only a while after it was taken, as on real networks.

use std::collections::HashMap;
use std::env;
use std::fs::{File, OpenOptions};
use std::io::{Write, stdin};
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::os::unix::process::parent_id;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use countersign::cli::world::RealClock;
use countersign::ports::clock::Clock;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chance::Dice;
use crate::network::{Fate, KEYS, LOG, Line, SEED};

/// A post is found so long after it was taken at the latest, in milliseconds: less than a request
/// and the delay of a look-up together, or the network would not keep what it declares.
const SHOWN_AFTER: u64 = 700;

/// Whether this process is to be the network.
pub fn is_asked_for() -> bool {
    env::var_os(LOG).is_some()
}

/// Is the network until nobody is there any more who wants it.
pub fn serve() {
    let listener = TcpListener::from(stdin().as_fd().try_clone_to_owned().expect("a listener"));
    listener.set_nonblocking(true).expect("a listener");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let serving = axum::serve(listener, router(Arc::new(Inside::open())));
        tokio::select! {
            served = serving => served.expect("serves"),
            () = orphaned() => {}
        }
    });
}

async fn orphaned() {
    let parent = parent_id();
    while parent_id() == parent {
        // waits for the world: nobody says that a parent is gone
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

struct Inside {
    log: Mutex<File>,
    knows_keys: bool,
    posts: Mutex<Posts>,
    dice: Mutex<Dice>,
}

#[derive(Default)]
struct Posts {
    by_key: HashMap<String, Vec<Post>>,
    text_by_id: HashMap<String, String>,
}

#[derive(Clone)]
struct Post {
    id: String,
    shown_from: i64,
}

#[derive(Deserialize)]
struct Posting {
    text: String,
}

#[derive(Deserialize)]
struct ByKey {
    key: String,
}

impl Inside {
    fn open() -> Self {
        let path = env::var_os(LOG).expect("the log's name");
        let log = OpenOptions::new().append(true).create(true).open(path).expect("the log");
        let variable = |name: &str| env::var(name).expect("a setting");
        Self {
            log: Mutex::new(log),
            knows_keys: variable(KEYS).parse().expect("true or false"),
            posts: Mutex::default(),
            dice: Mutex::new(Dice::new(variable(SEED).parse().expect("a number"))),
        }
    }

    fn between(&self, from: u64, to: u64) -> u64 {
        self.dice.lock().expect("whole").between(from, to)
    }

    fn millis(&self, from: u64, to: u64) -> Duration {
        Duration::from_millis(self.between(from, to))
    }

    /// Takes a post, or not, and writes a line about it.
    fn take(&self, worker: u32, key: String, text: String, fate: Fate) -> Line {
        let at = RealClock.now().as_microsecond();
        let mut posts = self.posts.lock().expect("whole");
        let known = posts.by_key.get(&key).and_then(|all| all.first()).cloned();
        let (id, fate) = match known {
            Some(post) if self.knows_keys => (post.id, Fate::Known),
            _ => (format!("p{}", posts.text_by_id.len() + 1), fate),
        };
        let line = Line { fate, key: key.clone(), id: id.clone(), worker, at };
        if line.is_post() {
            let wait = i64::try_from(self.between(0, SHOWN_AFTER)).expect("short") * 1_000;
            posts.text_by_id.insert(id.clone(), text);
            posts.by_key.entry(key).or_default().push(Post { id, shown_from: at + wait });
        }
        let text = serde_json::to_string(&line).expect("plain data") + "\n";
        self.log.lock().expect("whole").write_all(text.as_bytes()).expect("written");
        line
    }
}

fn router(inside: Arc<Inside>) -> Router {
    Router::new()
        .route("/{worker}/posts", post(take).get(find))
        .route("/{worker}/posts/{id}", get(read))
        .with_state(inside)
}

async fn take(
    State(inside): State<Arc<Inside>>,
    Path(worker): Path<u32>,
    headers: HeaderMap,
    Json(posting): Json<Posting>,
) -> Response {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.expect("a key").to_owned();
    let before = inside.millis(2, 12);
    let after = inside.millis(2, 12);
    let fate = match inside.between(0, 100) {
        0..4 => Fate::TakenThenError,
        4 => Fate::TakenThenSilent,
        5..7 => Fate::Lost,
        _ => Fate::Taken,
    };
    // On its own, for a network goes on though nobody waits for the answer any more.
    let taken = tokio::spawn(async move {
        // waits for the world: a network is slow
        tokio::time::sleep(before).await;
        let line = inside.take(worker, key, posting.text, fate);
        // waits for the world: a network is slow
        tokio::time::sleep(after).await;
        line
    });
    let line = taken.await.expect("taken");
    match fate {
        Fate::Taken | Fate::Known => {
            (StatusCode::CREATED, Json(json!({ "id": line.id }))).into_response()
        }
        Fate::TakenThenError => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Fate::TakenThenSilent | Fate::Lost => std::future::pending().await,
    }
}

async fn find(State(inside): State<Arc<Inside>>, Query(asked): Query<ByKey>) -> Json<Vec<Value>> {
    // waits for the world: looking for something takes longer than naming it
    tokio::time::sleep(inside.millis(40, 120)).await;
    let now = RealClock.now().as_microsecond();
    let posts = inside.posts.lock().expect("whole");
    let found = posts.by_key.get(&asked.key).into_iter().flatten();
    let shown = found.filter(|post| post.shown_from <= now);
    Json(shown.map(|post| json!({ "id": post.id })).collect())
}

async fn read(State(inside): State<Arc<Inside>>, Path((_, id)): Path<(u32, String)>) -> Response {
    // waits for the world: a network is slow
    tokio::time::sleep(inside.millis(4, 24)).await;
    let posts = inside.posts.lock().expect("whole");
    match posts.text_by_id.get(&id) {
        Some(text) => Json(json!({ "text": text, "media": [] })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
