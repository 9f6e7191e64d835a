//! HTTP mode: what is Slack's is heard, and nothing else is even looked at.

use std::sync::Arc;
use std::time::Duration;

use countersign::chat::slack::bring::Bring;
use countersign::chat::slack::http::{Desk, router};
use countersign::chat::slack::signed::Seal;
use countersign::chat::slack::{Kind, Reply};
use countersign::domain::secret::Secret;
use countersign::ports::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::bench::{Does, Ear};
use crate::slack::{Slack, Submitted, Timing, client, signature};

/// The world's own clock, as the simulator signs by it.
struct WorldClock;

impl Clock for WorldClock {
    #[expect(clippy::disallowed_methods, reason = "the simulator looks at the same clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// An app at its public address, for as long as it is held.
struct Public {
    ear: Arc<Ear>,
    url: String,
    secret: String,
    _serves: JoinSet<()>,
}

impl Public {
    async fn open(slack: &Slack) -> Self {
        let (ear, secret) = (Arc::<Ear>::default(), slack.app().signing_secret);
        let desk = Desk {
            seal: Seal::new(Secret::new(&*secret)),
            bring: Bring::to(ear.clone()).within(Duration::from_millis(500)),
            clock: Arc::new(WorldClock),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut serves = JoinSet::new();
        serves.spawn(async move {
            axum::serve(listener, router(Arc::new(desk))).await.expect("serves");
        });
        slack.with(|world| world.apps[0].request_url = Some(format!("{url}/slack/events")));
        Self { ear, url, secret, _serves: serves }
    }

    /// A request that is signed like Slack's, so many seconds ago.
    async fn asks(&self, path: &str, body: &str, ago: i64) -> Response {
        let at = WorldClock.now().saturating_sub(SignedDuration::from_secs(ago));
        let at = u64::try_from(at.expect("a time").as_second()).expect("after 1970");
        self.sends(path, body, (Some(signature(&self.secret, at, body)), Some(at))).await
    }

    async fn sends(
        &self,
        path: &str,
        body: &str,
        (signature, at): (Option<String>, Option<u64>),
    ) -> Response {
        let is_form = !body.starts_with('{');
        let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        let client = client().build().expect("a client");
        let mut request = client.post(format!("{}{path}", self.url)).header("content-type", kind);
        if let Some(signature) = signature {
            request = request.header("x-slack-signature", signature);
        }
        if let Some(at) = at {
            request = request.header("x-slack-request-timestamp", at.to_string());
        }
        #[expect(clippy::disallowed_methods, reason = "a request of Slack's, not a network's")]
        request.body(body.to_owned()).send().await.expect("answered")
    }
}

const EVENT: &str = r#"{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{}}"#;

#[tokio::test]
async fn what_people_do_is_heard_and_answered() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;
    public.ear.will([
        Does::Says(Reply::Ack),
        Does::Says(Reply::With(json!({ "text": "Write /post new." }))),
        Does::Says(Reply::Ack),
    ]);

    slack.person("tomas").says("ideas", "Flu shots & more.");
    slack.settled().await;
    let said = slack.person("maya").runs("ideas", "/post", "new Flu & more").await;
    slack.person("maya").uses("make_post", None).await.expect("acknowledged");
    let heard = public.ear.hears(3).await;

    let kinds: Vec<Kind> = heard.iter().map(|heard| heard.kind).collect();
    assert_eq!(kinds, [Kind::Event, Kind::Command, Kind::Interaction]);
    assert_eq!(heard[0].payload["event"]["text"], "Flu shots &amp; more.");
    assert_eq!(heard[1].payload["text"], "new Flu & more");
    assert_eq!(heard[2].payload["callback_id"], "make_post");
    assert_eq!(said.expect("answered")["text"], "Write /post new.");
    assert_eq!(slack.given_up(), 0);
}

#[tokio::test]
async fn what_was_not_stored_comes_again_and_is_not_taken_for_a_copy() {
    let slack = Slack::start();
    let again = vec![Duration::ZERO; 3];
    slack.timing(Timing { again, ..Timing::default() });
    let public = Public::open(&slack).await;
    public.ear.will([Does::Says(Reply::Not), Does::Panics]);

    slack.person("tomas").says("ideas", "Flu shots.");
    slack.settled().await;

    assert_eq!((slack.given_up(), public.ear.count()), (0, 3));
    public.ear.will([Does::Says(Reply::Not)]);
    let refused = public.asks("/slack/events", EVENT, 0).await;
    let taken = public.asks("/slack/events", EVENT, 0).await;
    assert_eq!((refused.status().as_u16(), taken.status().as_u16()), (503, 200));
    assert_eq!(public.ear.count(), 5);
}

#[tokio::test]
async fn a_copy_of_a_request_is_heard_once() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;

    for path in ["/slack/events", "/slack/events", "/slack/commands"] {
        let answer = public.asks(path, EVENT, 30).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.text().await.expect("text"), "");
    }

    assert_eq!(public.ear.count(), 1);
}

#[tokio::test]
async fn what_is_not_slacks_is_refused_and_not_to_be_sent_again() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;
    let now = u64::try_from(WorldClock.now().as_second()).expect("after 1970");
    let good = signature(&public.secret, now, EVENT);
    let other = signature("another secret", now, EVENT);
    let longer = EVENT.replace("Ev1", "Ev2");

    let answers = [
        public.sends("/slack/events", EVENT, (Some(other), Some(now))).await,
        public.sends("/slack/events", &longer, (Some(good.clone()), Some(now))).await,
        public.sends("/slack/events", EVENT, (Some(good.clone()), Some(now + 1))).await,
        public.sends("/slack/events", EVENT, (Some(good), None)).await,
        public.sends("/slack/events", EVENT, (None, Some(now))).await,
        public.asks("/slack/events", EVENT, 301).await,
        public.asks("/slack/events", EVENT, -320).await,
    ];

    for answer in answers {
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers()["x-slack-no-retry"], "1");
    }
    assert_eq!(public.ear.count(), 0);
}

#[tokio::test]
async fn more_than_slack_ever_sends_is_not_even_read() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;
    let long = json!({ "type": "event_callback", "text": "x".repeat(1024 * 1024) }).to_string();
    let fits = json!({ "type": "event_callback", "text": "x".repeat(900 * 1024) }).to_string();

    let too_long = public.asks("/slack/events", &long, 0).await;
    let fine = public.asks("/slack/events", &fits, 0).await;

    assert_eq!((too_long.status().as_u16(), fine.status().as_u16()), (413, 200));
    assert_eq!(too_long.headers()["x-slack-no-retry"], "1");
    assert_eq!(public.ear.count(), 1);
}

#[tokio::test]
async fn slack_may_ask_whether_it_is_the_right_address() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;
    let asks = r#"{"type":"url_verification","token":"t","challenge":"3eZbrw1aB10FEMAGAZd4FyFQ"}"#;

    let answer = public.asks("/slack/events", asks, 0).await;
    let ssl = public.asks("/slack/commands", "ssl_check=1&token=t", 0).await;
    let forged = public.sends("/slack/events", asks, (Some("v0=00".to_owned()), Some(0))).await;

    assert_eq!(answer.text().await.expect("text"), "3eZbrw1aB10FEMAGAZd4FyFQ");
    assert_eq!((ssl.status().as_u16(), forged.status().as_u16()), (200, 401));
    assert_eq!(public.ear.count(), 0);
}

#[tokio::test]
async fn what_holds_nothing_known_is_taken_and_forgotten() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;
    let odd =
        ["{", "{}", "[1]", r#"{"type":"app_rate_limited"}"#, "payload=[]", "payload={", "", "a"];

    for body in odd {
        let answer = public.asks("/slack/interactions", body, 0).await;
        assert_eq!(answer.status(), 200, "{body}");
    }

    assert_eq!(public.ear.count(), 0);
}

#[tokio::test]
async fn a_form_is_told_what_is_wrong_with_it() {
    let slack = Slack::start();
    let public = Public::open(&slack).await;
    let view = json!({
        "type": "modal", "title": { "type": "plain_text", "text": "New post" },
        "submit": { "type": "plain_text", "text": "Save" },
        "blocks": [{
            "type": "input", "block_id": "text",
            "label": { "type": "plain_text", "text": "Text" },
            "element": { "type": "plain_text_input", "action_id": "text" },
        }],
    });
    slack.person("maya").uses("make_post", None).await.expect("acknowledged");
    let trigger = public.ear.hears(1).await[0].payload["trigger_id"].clone();
    let opened = crate::bench::api(&slack)
        .post("TNORTHSIDE", "views.open", &json!({ "trigger_id": trigger, "view": view }))
        .await;
    let wrong = json!({ "response_action": "errors", "errors": { "text": "Too long." } });
    public.ear.will([Does::Says(Reply::With(wrong)), Does::Says(Reply::Ack)]);

    let first = slack.person("maya").submits(&[("Text", "Flu shots.")]).await;
    let second = slack.person("maya").submits(&[("Text", "Flu.")]).await;

    assert!(opened.is_ok_and(|said: Value| said["ok"] == true));
    assert_eq!(first, Submitted::Wrong(vec![("text".to_owned(), "Too long.".to_owned())]));
    assert_eq!(second, Submitted::Closed);
}
