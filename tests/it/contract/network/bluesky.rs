//! Bluesky's own protocol: sessions that end, records under their own key, what is live.

use std::sync::Arc;

use countersign::domain::network::Network;
use countersign::domain::outbox::{LookedUp, Outcome};
use countersign::ports::publisher::{ReadBack, Readiness};
use serde_json::{Value, json};

use super::world::{Answer, Desk, Server, after, over, says, signed_in, told};

/// The timestamp identifier of 2026-11-23T15:00:00Z, with ten bits of the hash of the publication.
const KEY: &str = "222222222u6so";
const NEXT: &str =
    r#"{"did":"page","handle":"northside.example","accessJwt":"fresh","refreshJwt":"later"}"#;
const TOO_OLD: &str = r#"{"error":"ExpiredToken","message":"Token has expired"}"#;

/// A server that gives these answers, and what speaks to it for an account there.
struct Place {
    server: Server,
    desk: Desk,
    keys: Arc<countersign::networks::token::Keyring>,
    network: Box<dyn countersign::ports::publisher::Publisher>,
}

impl Place {
    async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let server = Server::answering(answers).await;
        let keys = signed_in(Network::Bluesky, &server.base);
        let network = over(Network::Bluesky, &server.base, keys.clone());
        let desk = Desk::new(Network::Bluesky, &server.base);
        Self { server, desk, keys, network }
    }

    /// The requests without their bodies.
    fn asked(&self) -> Vec<String> {
        let all = self.server.asked();
        all.iter().map(|asked| asked.split(' ').take(4).collect::<Vec<_>>().join(" ")).collect()
    }

    async fn session(&self) -> Value {
        self.keys.open(self.desk.on()).await.expect("it is kept")
    }
}

fn uri(place: &Place) -> String {
    format!("at://page/app.bsky.feed.post/{}", key(place))
}

/// The key in the request that wrote the record.
fn key(place: &Place) -> String {
    let asked = place.server.asked();
    let put = asked.iter().find(|asked| asked.contains("putRecord")).expect("it was written");
    let body: Value = serde_json::from_str(&put[put.find('{').expect("a body")..]).expect("JSON");
    body["rkey"].as_str().expect("a key").to_owned()
}

#[tokio::test]
async fn a_post_is_a_record_under_its_own_key() {
    let made = json!({ "uri": format!("at://page/app.bsky.feed.post/{KEY}") }).to_string();
    let place = Place::answering([says(200, "", &made)]).await;

    let outcome = place.network.publish(&place.desk.job(), &place.desk.prepared()).await;

    let url = format!("https://bsky.app/profile/page/post/{KEY}");
    assert_eq!(outcome, Outcome::Published { remote: uri(&place), url });
    let record = r#"{"$type":"app.bsky.feed.post","createdAt":"2026-11-23T15:00:00.000Z","embed":{"$type":"app.bsky.embed.images","images":[{"alt":"A map.","image":{"$type":"blob"}}]},"text":"Sponsored.\nFlu shots."}"#;
    let put = format!(
        r#"POST /xrpc/com.atproto.repo.putRecord Bearer secret application/json {{"collection":"app.bsky.feed.post","record":{record},"repo":"page","rkey":"{KEY}"}}"#
    );
    assert_eq!(place.server.asked(), [put]);
}

#[tokio::test]
async fn an_answer_that_names_another_record_is_unknown() {
    for made in [r#"{"uri":"at://page/app.bsky.feed.post/other"}"#, "{}", ""] {
        let place = Place::answering([says(200, "", made)]).await;

        let outcome = place.network.publish(&place.desk.job(), &place.desk.prepared()).await;

        assert_eq!(told(&outcome), "unknown: the network's answer names another post");
    }
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_is_renewed_by_the_next_attempt() {
    let blob = r#"{"blob":{"$type":"blob","size":3}}"#;
    let answers = [says(400, "", TOO_OLD), says(200, "", NEXT), says(200, "", blob)];
    let place = Place::answering(answers).await;

    let published = place.network.publish(&place.desk.job(), &place.desk.prepared()).await;
    let spoiled = place.session().await;
    let prepared = place.network.prepare(&place.desk.job()).await.expect("renewed");

    assert_eq!(told(&published), "later: 0 s");
    assert_eq!((&spoiled["access"], &spoiled["since"]), (&json!("secret"), &json!(0)));
    assert_eq!(prepared.uploads, [r#"{"$type":"blob","size":3}"#]);
    assert_eq!(
        place.asked(),
        [
            "POST /xrpc/com.atproto.repo.putRecord Bearer secret",
            "POST /xrpc/com.atproto.server.refreshSession Bearer next",
            "POST /xrpc/com.atproto.repo.uploadBlob Bearer fresh",
        ]
    );
    let kept = place.session().await;
    let is = [&kept["access"], &kept["refresh"], &kept["password"]];
    assert_eq!(is, ["fresh", "later", "secret"]);
}

#[tokio::test]
async fn a_session_that_can_not_be_renewed_begins_anew_with_the_password() {
    let over = r#"{"error":"ExpiredToken","message":"Token has been revoked"}"#;
    let blob = r#"{"blob":{"$type":"blob","size":3}}"#;
    let answers =
        [says(400, "", TOO_OLD), says(400, "", over), says(200, "", NEXT), says(200, "", blob)];
    let place = Place::answering(answers).await;

    place.network.publish(&place.desk.job(), &place.desk.prepared()).await;
    place.network.prepare(&place.desk.job()).await.expect("a new session");

    let begun = concat!(
        "POST /xrpc/com.atproto.server.createSession - application/json ",
        r#"{"identifier":"northside.example","password":"secret"}"#,
    );
    assert_eq!(place.server.asked()[2], begun);
    assert_eq!(place.asked()[3], "POST /xrpc/com.atproto.repo.uploadBlob Bearer fresh");
}

#[tokio::test]
async fn a_revoked_password_and_an_account_that_is_down_sign_out() {
    let wrong = r#"{"error":"AuthenticationRequired","message":"Invalid identifier or password"}"#;
    let down = r#"{"error":"AccountTakedown","message":"Account has been taken down"}"#;
    let table = [
        (
            vec![says(400, "", TOO_OLD), says(400, "", TOO_OLD), says(401, "", wrong)],
            "Invalid identifier or password",
        ),
        (vec![says(400, "", TOO_OLD), says(401, "", down)], "Account has been taken down"),
    ];
    for (answers, words) in table {
        let place = Place::answering(answers).await;

        place.network.publish(&place.desk.job(), &place.desk.prepared()).await;
        let out = place.network.prepare(&place.desk.job()).await.expect_err("out");

        let why = words.to_owned();
        assert_eq!(out, Outcome::SignedOut(why.clone()));
        assert_eq!(place.network.readiness(place.desk.on()).await, Readiness::Out(why));
    }
}

#[tokio::test]
async fn another_account_under_the_same_handle_is_not_published_on() {
    let other = NEXT.replace(r#""did":"page""#, r#""did":"stranger""#);
    let answers = [says(400, "", TOO_OLD), says(400, "", TOO_OLD), says(200, "", &other)];
    let place = Place::answering(answers).await;

    place.network.publish(&place.desk.job(), &place.desk.prepared()).await;
    let out = place.network.prepare(&place.desk.job()).await.expect_err("another's");

    assert_eq!(told(&out), "signed out: the handle belongs to another account now");
}

#[tokio::test]
async fn a_limit_keeps_the_account_waiting() {
    let busy = r#"{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}"#;
    let place = Place::answering([says(429, "ratelimit-reset: 1795447000", busy)]).await;

    let outcome = place.network.publish(&place.desk.job(), &place.desk.prepared()).await;

    assert_eq!(told(&outcome), "later: 1000 s");
    let readiness = place.network.readiness(place.desk.on()).await;
    assert_eq!(readiness, Readiness::Busy(after(1000)));
}

#[tokio::test]
async fn a_look_up_asks_for_the_record_by_its_key() {
    let uri = format!("at://page/app.bsky.feed.post/{KEY}");
    let text = "Sponsored.\nFlu shots.";
    let ours = json!({ "text": text, "createdAt": "2026-11-23T15:00:00.000Z" });
    let there = json!({ "uri": uri, "value": ours }).to_string();
    let others = json!({ "text": "Another.", "createdAt": "2026-11-23T15:00:00.000Z" });
    let others = json!({ "uri": uri, "value": others }).to_string();
    let found = LookedUp::Found {
        remote: format!("at://page/app.bsky.feed.post/{KEY}"),
        url: format!("https://bsky.app/profile/page/post/{KEY}"),
    };
    let none = r#"{"error":"RecordNotFound","message":"Could not locate record"}"#;
    let other = r#"{"uri":"at://page/app.bsky.feed.post/other"}"#;
    let table = [
        (says(200, "", &there), found),
        (says(400, "", none), LookedUp::Absent),
        (says(200, "", other), LookedUp::CantTell),
        (says(200, "", &others), LookedUp::CantTell),
        (says(500, "", ""), LookedUp::CantTell),
        (says(400, "", TOO_OLD), LookedUp::CantTell),
        (Answer::Silence, LookedUp::CantTell),
        (Answer::Nobody, LookedUp::CantTell),
    ];
    for (answer, expected) in table {
        let place = Place::answering([answer]).await;

        assert_eq!(place.network.look_up(&place.desk.job()).await, expected);
        for asked in place.server.asked() {
            let url = "/xrpc/com.atproto.repo.getRecord?repo=page&collection=app.bsky.feed.post";
            assert_eq!(asked, format!("GET {url}&rkey={KEY} Bearer secret "));
        }
    }
}

#[tokio::test]
async fn what_is_live_is_read_back_with_the_hash_of_its_picture() {
    let cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    let images = json!([{ "alt": "A map.", "image": { "ref": { "$link": cid } } }]);
    let live = json!({ "value": { "text": "Flu shots.", "embed": { "images": images } } });
    let there = ReadBack::There {
        text: "Flu shots.".to_owned(),
        alts: vec!["A map.".to_owned()],
        media: vec!["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned()],
    };
    let none = r#"{"error":"RecordNotFound"}"#;
    let own = "at://page/app.bsky.feed.post/3k";
    let table = [
        (says(200, "", &live.to_string()), own, there),
        (says(400, "", none), own, ReadBack::Gone),
        (says(200, "", "{}"), own, ReadBack::CantTell),
        (says(500, "", ""), own, ReadBack::CantTell),
        (says(400, "", none), "at://other/app.bsky.feed.post/3k", ReadBack::CantTell),
        (says(400, "", none), "at://page/app.bsky.feed.post/a/b", ReadBack::CantTell),
    ];
    for (answer, remote, expected) in table {
        let place = Place::answering([answer]).await;

        assert_eq!(place.network.read_back(place.desk.on(), remote).await, expected, "{remote}");
    }
}

#[tokio::test]
async fn taking_down_twice_is_taking_down() {
    let none = r#"{"error":"RecordNotFound"}"#;
    let answers = [says(200, "", "{}"), says(400, "", none), says(503, "", "")];
    let place = Place::answering(answers).await;
    let own = "at://page/app.bsky.feed.post/3k";

    let mut all = Vec::new();
    for remote in [own, own, own, "3k"] {
        all.push(told(&place.network.take_down(place.desk.on(), remote).await));
    }

    assert_eq!(
        all,
        [
            "published at://page/app.bsky.feed.post/3k ",
            "published at://page/app.bsky.feed.post/3k ",
            "later: 1 s",
            "refused: that is not an id of a post",
        ]
    );
    assert_eq!(place.asked().len(), 3);
}
