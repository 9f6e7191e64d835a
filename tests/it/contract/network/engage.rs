//! Replies, likes and reposts: one request, under the same key each time.

use std::sync::Arc;

use countersign::domain::ids::RowId;
use countersign::domain::network::Network;
use countersign::networks::bluesky::Bluesky;
use countersign::networks::engage::{Act, Engages};
use countersign::networks::mastodon::Mastodon;
use countersign::networks::wordpress::WordPress;
use serde_json::json;

use super::world::{Answer, Desk, SHORT, Server, says, signed_in, told};

const THEIRS: &str = "at://did:plc:them/app.bsky.feed.post/7";
const KEY: &str = "222222222u6so";

/// What comes of it twice under one key, and what was asked without its head.
async fn twice(
    network: Network,
    to: &str,
    act: Act,
    answers: Vec<Answer>,
) -> (Vec<String>, Vec<String>) {
    let server = Server::answering(answers).await;
    let keys = signed_in(network, &server.base);
    let adapter: Box<dyn Engages> = match network {
        Network::Local => panic!("nobody likes there"),
        Network::Bluesky => Box::new(Bluesky::new(Arc::default(), keys, SHORT)),
        Network::Mastodon => Box::new(Mastodon::new(Arc::default(), keys, SHORT)),
        Network::WordPress => Box::new(WordPress::new(Arc::default(), keys, SHORT)),
    };
    let (desk, key) = (Desk::new(network, &server.base), RowId::new("publication-1"));
    let mut all = Vec::new();
    for _ in 0..2 {
        all.push(told(&adapter.engage(desk.on(), &key, (to, &act)).await));
    }
    let writes = server.asked().into_iter().filter(|asked| asked.starts_with("POST"));
    (all, writes.collect())
}

#[tokio::test]
async fn bluesky_writes_one_record_however_often() {
    let post = json!({ "posts": [{
        "uri": THEIRS, "cid": "cid7",
        "record": { "reply": { "root": { "uri": "at://root", "cid": "cid1" } } },
    }]});
    let look = says(200, "", &post.to_string());
    let wrote = |collection: &str| {
        says(200, "", &json!({ "uri": format!("at://page/{collection}/{KEY}") }).to_string())
    };
    let table = [
        (Act::Like, "app.bsky.feed.like", format!("published at://page/app.bsky.feed.like/{KEY} ")),
        (
            Act::Repost,
            "app.bsky.feed.repost",
            format!("published at://page/app.bsky.feed.repost/{KEY} "),
        ),
        (
            Act::Reply("See #FluShots".to_owned()),
            "app.bsky.feed.post",
            format!(
                "published at://page/app.bsky.feed.post/{KEY} \
                 https://bsky.app/profile/page/post/{KEY}"
            ),
        ),
    ];
    for (act, collection, expected) in table {
        let answers = vec![look.clone(), wrote(collection), look.clone(), wrote(collection)];

        let (all, writes) = twice(Network::Bluesky, THEIRS, act.clone(), answers).await;

        assert_eq!(all, [expected.clone(), expected], "{act:?}");
        assert_eq!(writes[0], writes[1], "the same record");
        assert!(writes[0].contains(&format!("\"rkey\":\"{KEY}\"")), "{}", writes[0]);
        let subject = r#"{"cid":"cid7","uri":"at://did:plc:them/app.bsky.feed.post/7"}"#;
        let named = match act {
            Act::Reply(_) => format!(
                r#""reply":{{"parent":{subject},"root":{{"cid":"cid1","uri":"at://root"}}}}"#
            ),
            Act::Like | Act::Repost => format!(r#""subject":{subject}"#),
        };
        assert!(writes[0].contains(&named), "{}", writes[0]);
    }
}

#[tokio::test]
async fn what_the_network_does_not_know_is_not_written_about() {
    let none = says(200, "", r#"{"posts":[]}"#);

    let (all, writes) = twice(Network::Bluesky, THEIRS, Act::Like, vec![none]).await;

    let no = "refused: the network knows no such thing".to_owned();
    assert_eq!((all, writes.len()), (vec![no.clone(), no], 0));
}

#[tokio::test]
async fn mastodon_is_asked_under_one_key() {
    let made = says(200, "", r#"{"id":"9","url":"https://social.example/@northside/9"}"#);
    let reply = json!({ "in_reply_to_id": "7", "status": "Yes.", "visibility": "public" });
    let table = [
        (Act::Like, "POST /api/v1/statuses/7/favourite", "{}".to_owned()),
        (Act::Repost, "POST /api/v1/statuses/7/reblog", "{}".to_owned()),
        (Act::Reply("Yes.".to_owned()), "POST /api/v1/statuses", reply.to_string()),
    ];
    for (act, path, body) in table {
        let (all, writes) = twice(Network::Mastodon, "7", act, vec![made.clone()]).await;

        let asked = format!("{path} Bearer secret key=publication-1 {body}");
        assert_eq!(writes, [asked.clone(), asked]);
        assert_eq!(all[0], "published 9 https://social.example/@northside/9");
    }
    let gone = says(404, "", r#"{"error":"Record not found"}"#);
    let (all, _) = twice(Network::Mastodon, "7", Act::Like, vec![gone]).await;
    assert_eq!(all[0], "refused: the network knows no such thing");
}

#[tokio::test]
async fn a_reply_whose_answer_was_lost_is_unknown_and_a_like_is_not() {
    for (act, expected) in [
        (Act::Reply("Yes.".to_owned()), "unknown: the network did not answer in time"),
        (Act::Like, "later: 1 s"),
    ] {
        let (all, _) = twice(Network::Mastodon, "7", act, vec![Answer::Silence]).await;

        assert_eq!(all[0], expected);
    }
}

#[tokio::test]
async fn wordpress_answers_a_comment_and_can_not_like() {
    let comment = says(200, "", r#"{"id":5,"post":7}"#);
    let made = r#"{"id":6,"status":"approved","link":"https://northside.example/flu/#comment-6"}"#;
    let held = says(201, "", r#"{"id":6,"status":"hold"}"#);
    let reply = || Act::Reply("Yes.".to_owned());

    let answers = vec![comment.clone(), says(201, "", made), comment.clone(), held];
    let (all, writes) = twice(Network::WordPress, "5", reply(), answers).await;

    assert_eq!(
        all,
        [
            "published 6 https://northside.example/flu/#comment-6",
            "refused: the site keeps it until somebody there approves it",
        ]
    );
    let body = r#"{"content":"Yes.","parent":"5","post":7}"#;
    assert!(writes[0].starts_with("POST /wp-json/wp/v2/comments "), "{}", writes[0]);
    assert!(writes[0].ends_with(body), "{}", writes[0]);
    let (all, writes) = twice(Network::WordPress, "5", Act::Like, vec![comment]).await;
    assert_eq!(all[0], "refused: there is no such thing on that network");
    assert_eq!(writes.len(), 0);
}
