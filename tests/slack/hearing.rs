//! How apps hear of things in the simulator: again when they say nothing, and through Slack Connect.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::slack::{How, Order, Slack, Timing, client, signature};

#[tokio::test]
async fn what_is_not_acknowledged_over_http_comes_again_signed_and_numbered() {
    let slack = Slack::start();
    hurries(&slack);
    let heard = answers(&slack, vec![503, 500, 200]).await;

    slack.person("tomas").says("ideas", "Flu shots.");
    slack.settled().await;

    let heard = heard.lock().expect("whole");
    let numbers: Vec<_> =
        heard.iter().map(|h| h.headers.get("x-slack-retry-num").cloned()).collect();
    assert_eq!(numbers, [None, Some("1".to_owned()), Some("2".to_owned())]);
    let ids: Vec<&Value> = heard.iter().map(|h| &h.body["event_id"]).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let last = &heard[2];
    let at = last.headers["x-slack-request-timestamp"].parse().expect("whole");
    let secret = slack.app().signing_secret;
    assert_eq!(last.headers["x-slack-signature"], signature(&secret, at, &last.text));
    assert_eq!(slack.given_up(), 0);
}

#[tokio::test]
async fn what_people_press_does_not_come_again() {
    let slack = Slack::start();
    hurries(&slack);
    let heard = answers(&slack, vec![500, 200]).await;

    let said = slack.person("tomas").runs("ideas", "/post", "help").await;

    assert_eq!(said, Err("operation_timeout"));
    assert_eq!((heard.lock().expect("whole").len(), slack.given_up()), (1, 1));
}

#[tokio::test]
async fn what_is_not_acknowledged_over_a_socket_comes_again_with_the_same_event_id() {
    let slack = Slack::start();
    hurries(&slack);
    let mut socket = Socket::open(&slack).await;
    assert_eq!(socket.hears().await["type"], "hello");

    slack.person("tomas").says("ideas", "Flu shots.");
    let first = socket.hears().await;
    let second = socket.hears().await;
    socket.acknowledges(&second).await;
    slack.settled().await;

    assert_eq!((&first["retry_attempt"], &second["retry_attempt"]), (&json!(0), &json!(1)));
    assert_eq!(second["retry_reason"], "timeout");
    assert_eq!(first["payload"]["event_id"], second["payload"]["event_id"]);
    assert_eq!(slack.given_up(), 0);
}

#[tokio::test]
async fn nobody_hears_what_happens_while_nobody_listens_for_too_long() {
    let slack = Slack::start();
    hurries(&slack);

    slack.person("tomas").says("ideas", "Flu shots.");
    slack.settled().await;

    assert_eq!(slack.given_up(), 1);
}

#[tokio::test]
async fn a_socket_is_warned_refreshed_frozen_and_opened_once_by_its_ticket() {
    let slack = Slack::start();
    hurries(&slack);
    let mut socket = Socket::open(&slack).await;
    socket.hears().await;

    slack.disconnect("warning", false);
    assert_eq!(socket.hears().await["reason"], "warning");
    slack.disconnect("link_disabled", false);
    assert_eq!(socket.hears().await["reason"], "link_disabled");
    assert!(matches!(socket.0.next().await, Some(Ok(Frame::Close(_)))));

    let mut frozen = Socket::open(&slack).await;
    frozen.hears().await;
    slack.order(|| Order::Freeze);
    slack.person("tomas").says("ideas", "Flu shots.");
    slack.settled().await;
    assert_eq!(slack.given_up(), 1);

    let url = Socket::url(&slack).await;
    connect_async(&url).await.expect("it opens");
    connect_async(&url).await.expect_err("its ticket was used");
    slack.fault("apps.connections.open", 1, How::Hangs);
    assert!(tokio::time::timeout(Duration::from_millis(50), Socket::url(&slack)).await.is_err());
}

#[tokio::test]
async fn people_of_another_workspace_are_heard_as_such() {
    let slack = Slack::start();
    let maya = slack.with(|world| {
        let agency = world.add_team("Agency");
        let maya = world.add_user(&agency, "noor");
        let channel = world.channel_mut("CIDEAS").expect("there");
        channel.teams.push(agency);
        channel.members.insert(maya.clone());
        maya
    });
    let heard = answers(&slack, vec![200]).await;

    slack.person("noor").says("ideas", "From outside.");
    slack.settled().await;

    let heard = heard.lock().expect("whole");
    let body = &heard[0].body;
    assert_eq!(
        (&body["team_id"], &body["is_ext_shared_channel"]),
        (&json!("TNORTHSIDE"), &json!(true))
    );
    assert_eq!((&body["event"]["user"], &body["event"]["team"]), (&json!(maya), &json!("TAGENCY")));
}

/// Slack gives up after a tenth of a second, and tries again at once.
fn hurries(slack: &Slack) {
    let at_once = vec![Duration::ZERO; 3];
    let deadline = Duration::from_millis(100);
    slack.timing(Timing { deadline, again: at_once, latency: Duration::ZERO });
}

struct Heard {
    headers: HashMap<String, String>,
    text: String,
    body: Value,
}

/// An app in HTTP mode that answers with these codes, the last one for ever.
async fn answers(slack: &Slack, codes: Vec<u16>) -> Arc<Mutex<Vec<Heard>>> {
    let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
    let keeps = heard.clone();
    let app = post(move |headers: HeaderMap, body: Bytes| async move {
        let headers =
            headers.iter().map(|(n, v)| (n.to_string(), v.to_str().expect("whole").to_owned()));
        let text = String::from_utf8(body.to_vec()).expect("whole");
        let body = serde_json::from_str(&text).unwrap_or_default();
        let mut all = keeps.lock().expect("whole");
        let code = codes[all.len().min(codes.len() - 1)];
        all.push(Heard { headers: headers.collect(), text, body });
        StatusCode::from_u16(code).expect("whole")
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("whole");
    let url = format!("http://{}/slack/events", listener.local_addr().expect("whole"));
    let routes = Router::new().route("/slack/events", app);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    slack.with(|world| world.apps[0].request_url = Some(url));
    heard
}

/// An app's socket.
struct Socket(
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>,
);

impl Socket {
    async fn url(slack: &Slack) -> String {
        let url = format!("{}/api/apps.connections.open", slack.url());
        let client = client().build().expect("whole");
        let request = client.post(url).bearer_auth(slack.app().socket_token);
        #[expect(clippy::disallowed_methods, reason = "an app's call, not a network's")]
        let said: Value = request.send().await.expect("whole").json().await.expect("whole");
        said["url"].as_str().expect("a url").to_owned()
    }

    async fn open(slack: &Slack) -> Self {
        Self(connect_async(Self::url(slack).await).await.expect("it opens").0)
    }

    async fn hears(&mut self) -> Value {
        loop {
            if let Frame::Text(text) = self.0.next().await.expect("open").expect("whole") {
                return serde_json::from_str(&text).expect("JSON");
            }
        }
    }

    async fn acknowledges(&mut self, envelope: &Value) {
        let acknowledged = json!({ "envelope_id": envelope["envelope_id"] }).to_string();
        self.0.send(Frame::text(acknowledged)).await.expect("open");
    }
}
