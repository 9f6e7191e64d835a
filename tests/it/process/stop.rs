//! Told to stop, the program ends what is under way, and the next start goes on from there.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::Connection;
use tokio::sync::{Notify, Semaphore};

use super::connects;
use crate::workspace::{Ended, House, Workspace};

/// A network that answers when it is told to.
struct Network {
    asked: Arc<Notify>,
    may_answer: Arc<Semaphore>,
    url: String,
}

impl Network {
    async fn open() -> Self {
        let (asked, may_answer) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
        let (tell, wait) = (asked.clone(), may_answer.clone());
        let posts = post(async move || {
            tell.notify_one();
            wait.acquire().await.expect("open").forget();
            let made = json!({ "id": "p1", "url": "http://127.0.0.1/p1" });
            (StatusCode::CREATED, Json(made))
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/network/posts", posts);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { asked, may_answer, url: format!("http://{address}/network") }
    }
}

async fn signed(workspace: &Workspace) {
    let said = json!({ "as": "maya", "channel": "ideas", "text": "/post new Flu shots." });
    workspace.does("POST", "messages", &said).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;
    let path = format!(
        "/local/api/messages/{}/reactions/%E2%9C%85?as=dr-rao",
        card["id"].as_str().expect("an id")
    );
    assert_eq!(workspace.ask("PUT", &path).json(&json!({})).await.status, 200);
}

async fn publication(house: &House) -> (String, Option<String>) {
    let mut on = connects(&house.data().join("countersign.db")).await;
    let row = sqlx::query_as("SELECT state, remote FROM outbox WHERE kind = 'publication'")
        .fetch_one(&mut on)
        .await
        .expect("a publication");
    on.close().await.expect("closed");
    row
}

/// Reads an event stream until it ends.
fn follows(workspace: &Workspace) -> tokio::task::JoinHandle<std::io::Result<usize>> {
    let mut stream = workspace.ask("GET", "/local/api/events?as=maya").connect();
    stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a time-out");
    let mut first = [0; 12];
    stream.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    tokio::task::spawn_blocking(move || stream.read_to_end(&mut Vec::new()))
}

fn ends_well(ended: &Ended) {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr());
    assert!(!ended.stderr().contains("ERROR"), "{}", ended.stderr());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_in_flight_is_recorded_before_the_end() {
    let network = Network::open().await;
    let house = Arc::new(House::new().with("COUNTERSIGN_LOCAL_NETWORK_URL", &network.url));
    let workspace = Workspace::open_in(&house);
    signed(&workspace).await;
    network.asked.notified().await;
    let stream = follows(&workspace);

    let stopping = tokio::spawn(workspace.stops());
    // The streams end as soon as it stops; the publication is in flight still.
    stream.await.expect("read").expect("an end");
    assert_eq!(publication(&house).await.0, "sending");
    network.may_answer.add_permits(1);
    let ended = stopping.await.expect("it ended");

    ends_well(&ended);
    assert_eq!(publication(&house).await, ("done".to_owned(), Some("p1".to_owned())));
    let again = Workspace::open_in(&house);
    again.get("/local/api/settled").await;
    let cards = again.messages("approvals", "maya").await;
    let is_live = |card: &Value| card["text"].as_str().is_some_and(|t| t.contains("**published**"));
    assert!(cards.iter().any(is_live), "{cards:?}");
    ends_well(&again.stops().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_event_streams_keep_nothing_from_ending() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let streams = [follows(&workspace), follows(&workspace), follows(&workspace)];

    let ended = tokio::time::timeout(Duration::from_secs(5), workspace.stops()).await;

    ends_well(&ended.expect("soon"));
    for stream in streams {
        stream.await.expect("read").expect("an end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_never_answers_is_not_waited_for_for_ever() {
    let network = Network::open().await;
    let house = House::new().with("COUNTERSIGN_LOCAL_NETWORK_URL", &network.url);
    let house = Arc::new(house.with("COUNTERSIGN_OUTBOX_REQUEST_MS", "1500"));
    let workspace = Workspace::open_in(&house);
    signed(&workspace).await;
    network.asked.notified().await;

    let ended = tokio::time::timeout(Duration::from_secs(10), workspace.stops()).await;

    assert_eq!(ended.expect("within the grace").code, Some(0));
    assert_eq!(publication(&house).await.0, "unknown");
}
