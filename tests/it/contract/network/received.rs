//! How publications are received, as each network tells it: counts, and remarks without a word of
//! what was said or who said it.

use countersign::domain::engagement::{Category, Counts};
use countersign::domain::network::Network;
use countersign::ports::engagement::{Remark, Seen};
use countersign::ports::publisher::Readiness;
use serde_json::{Value, json};

use super::world::{Answer, Desk, SHORT, Server, over, says, signed_in, told};

const AT: &str = "2026-11-23T14:00:00Z";
const URI: &str = "at://page/app.bsky.feed.post/3k";
const THEIRS: &str = "at://did:plc:them/app.bsky.feed.post/7";

/// A publication's id on each network that tells how it is received.
const TELL: [(Network, &str); 3] =
    [(Network::Bluesky, URI), (Network::Mastodon, "7"), (Network::WordPress, "7")];

fn remark(remote: &str, url: &str, category: Category, about: Option<&str>) -> Remark {
    Remark {
        remote: remote.to_owned(),
        url: url.to_owned(),
        at: AT.parse().expect("a time"),
        category,
        about: about.map(str::to_owned),
    }
}

/// What the network says of a publication, what it says of the account, and what it was asked.
async fn asks(
    network: Network,
    remote: &str,
    answers: Vec<Answer>,
) -> (Result<Option<Seen>, String>, Vec<String>, String) {
    let server = Server::answering(answers).await;
    let adapter = over(network, &server.base, signed_in(network, &server.base));
    let desk = Desk::new(network, &server.base);
    let reads = adapter.reads().expect("it tells");
    let seen = reads.seen(desk.on(), remote).await.map_err(|outcome| told(&outcome));
    (seen, server.asked(), server.base)
}

async fn mentions(network: Network, answer: Answer) -> (Result<Vec<Remark>, String>, String, bool) {
    let server = Server::answering([answer]).await;
    let adapter = over(network, &server.base, signed_in(network, &server.base));
    let desk = Desk::new(network, &server.base);
    let reads = adapter.reads().expect("it tells");
    assert!(reads.has_mentions());
    let named = reads.mentions(desk.on()).await.map_err(|outcome| told(&outcome));
    let is_in = adapter.readiness(desk.on()).await == Readiness::Ready;
    (named, server.base, is_in)
}

fn json_says(value: &Value) -> Answer {
    says(200, "", &value.to_string())
}

#[tokio::test]
async fn an_answer_that_does_not_tell_means_the_same_everywhere() {
    let table = [
        (says(429, "retry-after: 120", ""), "later: 120 s"),
        (says(503, "retry-after: 30", ""), "later: 30 s"),
        (says(500, "", "<html>oops</html>"), "later: 1 s"),
        (says(401, "", "<html>"), "later: 300 s"),
        (says(422, "", r#"{"error":"no"}"#), "refused: the network refused it: no"),
        (says(200, "", "<html>welcome</html>"), "later: 1 s"),
        (Answer::Silence, "later: 1 s"),
        (Answer::Nobody, "later: 1 s"),
    ];
    for (network, remote) in TELL {
        for (answer, expected) in table.clone() {
            let asked = tokio::time::timeout(SHORT * 20, asks(network, remote, vec![answer]));
            let (seen, ..) = asked.await.expect("in time");

            assert_eq!(seen, Err(expected.to_owned()), "{network}");
        }
    }
}

#[tokio::test]
async fn what_is_not_ours_is_never_asked_for() {
    for (network, _) in TELL {
        for odd in ["", "../accounts", "at://other/app.bsky.feed.post/3k"] {
            let (seen, asked, _) = asks(network, odd, vec![says(200, "", "{}")]).await;

            assert_eq!((seen, asked), (Ok(None), Vec::new()), "{network} {odd}");
        }
    }
}

#[tokio::test]
async fn bluesky_counts_what_the_appview_counts() {
    let post = json!({ "uri": URI, "likeCount": 3, "repostCount": 0, "replyCount": 2 });
    let answer = json_says(&json!({ "posts": [post] }));

    let (seen, asked, _) = asks(Network::Bluesky, URI, vec![answer]).await;

    let counts = Counts { likes: Some(3), reposts: Some(0), replies: Some(2), ..Counts::default() };
    assert_eq!(seen, Ok(Some(Seen { counts, remarks: Vec::new() })));
    let url = "/xrpc/app.bsky.feed.getPosts?uris=at%3A%2F%2Fpage%2Fapp.bsky.feed.post%2F3k";
    assert_eq!(asked, [format!("GET {url} Bearer secret ")]);
}

#[tokio::test]
async fn what_the_appview_has_not_seen_is_gone_once_the_server_says_so() {
    let none = json!({ "posts": [] });
    let gone = says(400, "", r#"{"error":"RecordNotFound"}"#);
    let there = says(200, "", r#"{"value":{"text":"Flu shots."}}"#);

    let (seen, ..) = asks(Network::Bluesky, URI, vec![json_says(&none), gone]).await;
    assert_eq!(seen, Ok(None));
    let (seen, ..) = asks(Network::Bluesky, URI, vec![json_says(&none), there]).await;
    assert_eq!(seen, Err("later: 0 s".to_owned()));
}

#[tokio::test]
async fn bluesky_notes_replies_mentions_and_quotes_of_others() {
    let one = |reason: &str, uri: &str, did: &str, about: Option<&str>| {
        json!({
            "reason": reason, "uri": uri, "author": { "did": did, "handle": "pat.example" },
            "reasonSubject": about, "record": { "text": "My knee hurts." }, "indexedAt": AT,
        })
    };
    let us = "at://page/app.bsky.feed.post/9";
    let all = json!({ "notifications": [
        one("reply", THEIRS, "did:plc:them", Some(URI)),
        one("like", THEIRS, "did:plc:them", Some(URI)),
        one("mention", &THEIRS.replace('7', "8"), "did:plc:them", None),
        one("quote", &THEIRS.replace('7', "9"), "did:plc:them", Some(THEIRS)),
        one("reply", us, "page", Some(URI)),
        one("reply", THEIRS, "did:plc:others", Some(URI)),
    ]});

    let (named, ..) = mentions(Network::Bluesky, json_says(&all)).await;

    let url = |key: &str| format!("https://bsky.app/profile/did:plc:them/post/{key}");
    let expected = vec![
        remark(THEIRS, &url("7"), Category::Comment, Some(URI)),
        remark(&THEIRS.replace('7', "8"), &url("8"), Category::Mention, None),
        remark(&THEIRS.replace('7', "9"), &url("9"), Category::Quote, None),
    ];
    assert_eq!(named, Ok(expected));
}

#[tokio::test]
async fn mastodon_counts_and_names_comments_without_their_authors() {
    let status =
        json!({ "id": "7", "favourites_count": 3, "reblogs_count": 1, "replies_count": 2 });
    let comment = |id: &str, by: &str| {
        json!({
            "id": id, "created_at": AT, "account": { "id": by, "acct": "pat" },
            "url": "https://social.example/@pat/8", "content": "<p>My knee hurts.</p>",
        })
    };
    let thread = json!({ "descendants": [comment("8", "them"), comment("9", "page")] });
    let answers = vec![json_says(&status), json_says(&thread)];

    let (seen, asked, base) = asks(Network::Mastodon, "7", answers).await;

    let counts = Counts { likes: Some(3), reposts: Some(1), replies: Some(2), quotes: None };
    let url = format!("{base}/statuses/8");
    let remarks = vec![remark("8", &url, Category::Comment, Some("7"))];
    assert_eq!(seen, Ok(Some(Seen { counts, remarks })));
    assert_eq!(
        asked,
        ["GET /api/v1/statuses/7 Bearer secret ", "GET /api/v1/statuses/7/context Bearer secret ",]
    );
}

#[tokio::test]
async fn a_thread_that_can_not_be_read_takes_nothing_from_the_counts() {
    let status = json!({ "id": "7", "favourites_count": 3 });
    let answers = vec![json_says(&status), says(503, "", "")];

    let (seen, ..) = asks(Network::Mastodon, "7", answers).await;

    let counts = Counts { likes: Some(3), ..Counts::default() };
    assert_eq!(seen, Ok(Some(Seen { counts, remarks: Vec::new() })));
    let gone = says(404, "", r#"{"error":"Record not found"}"#);
    assert_eq!(asks(Network::Mastodon, "7", vec![gone]).await.0, Ok(None));
}

#[tokio::test]
async fn mastodon_tells_mentions_from_replies() {
    let status = |id: &str, to: Value, in_reply_to: Value| {
        json!({
            "id": id, "created_at": AT, "account": { "id": "them", "acct": "pat" },
            "in_reply_to_account_id": to, "in_reply_to_id": in_reply_to,
        })
    };
    let all = json!([
        { "type": "mention", "status": status("8", json!("page"), json!("7")) },
        { "type": "mention", "status": status("9", json!("other"), json!("1")) },
        { "type": "favourite", "status": status("10", Value::Null, Value::Null) },
        { "type": "mention", "status": null },
    ]);

    let (named, base, _) = mentions(Network::Mastodon, json_says(&all)).await;

    let url = |id: &str| format!("{base}/statuses/{id}");
    let expected = vec![
        remark("8", &url("8"), Category::Comment, Some("7")),
        remark("9", &url("9"), Category::Mention, None),
    ];
    assert_eq!(named, Ok(expected));
}

#[tokio::test]
async fn a_token_that_may_not_read_notifications_is_not_out() {
    let error = "This action is outside the authorized scopes";
    let answer = says(403, "", &json!({ "error": error }).to_string());

    let (named, _, is_in) = mentions(Network::Mastodon, answer).await;

    assert_eq!(named, Err(format!("refused: the network refused it: {error}")));
    assert!(is_in, "it still publishes");
}

#[tokio::test]
async fn wordpress_counts_comments_and_asks_for_no_word_of_them() {
    let comment = |id: i64, author: i64| {
        json!({
            "id": id, "author": author, "date_gmt": "2026-11-23T14:00:00",
            "link": format!("https://northside.example/flu/#comment-{id}"),
        })
    };
    let post = json!({ "id": 7, "status": "publish" });
    let answers = vec![json_says(&post), json_says(&json!([comment(5, 0), comment(4, 3)]))];

    let (seen, asked, _) = asks(Network::WordPress, "7", answers).await;

    let counts = Counts { replies: Some(2), ..Counts::default() };
    let url = |id: i64| format!("https://northside.example/flu/#comment-{id}");
    let remarks = vec![
        remark("5", &url(5), Category::Comment, Some("7")),
        remark("4", &url(4), Category::Comment, Some("7")),
    ];
    assert_eq!(seen, Ok(Some(Seen { counts, remarks })));
    let basic = "Basic bWF5YTpzZWNyZXQ=";
    let fields = "_fields=id%2Clink%2Cdate_gmt%2Cauthor";
    assert_eq!(
        asked,
        [
            format!("GET /wp-json/wp/v2/posts/7?_fields=id%2Cstatus&context=edit {basic} "),
            format!("GET /wp-json/wp/v2/comments?post=7&per_page=100&page=1&{fields} {basic} "),
        ]
    );
    for gone in [
        json_says(&json!({ "id": 7, "status": "trash" })),
        says(404, "", r#"{"code":"rest_post_invalid_id","message":"Invalid post ID."}"#),
    ] {
        assert_eq!(asks(Network::WordPress, "7", vec![gone]).await.0, Ok(None));
    }
}

#[tokio::test]
async fn how_many_comments_there_are_beyond_what_is_read_is_not_told() {
    let comments = json!(vec![json!({}); 100]);
    let post = json!({ "id": 7, "status": "publish" });

    let (seen, asked, _) =
        asks(Network::WordPress, "7", vec![json_says(&post), json_says(&comments)]).await;

    assert_eq!(seen.map(|seen| seen.map(|seen| seen.counts)), Ok(Some(Counts::default())));
    assert_eq!(asked.len(), 6, "bounded");
}
