//! Mastodon's own protocol: keys, pictures that take their time, limits of the server.

use std::sync::Arc;

use countersign::domain::network::Network;
use countersign::domain::outbox::{LookedUp, Outcome};
use countersign::networks::mastodon::Mastodon;
use countersign::ports::publisher::{Publisher, ReadBack, Readiness};
use serde_json::{Value, json};

use super::world::{
    Answer, Desk, SHORT, Server, keyring, over, publisher, says, signed_in, told, typed,
};

const REVOKED: &str = r#"{"error":"The access token was revoked"}"#;

/// What speaks to this server.
fn mastodon(server: &Server) -> (Box<dyn Publisher>, Desk) {
    let network = publisher(Network::Mastodon, &server.base);
    (network, Desk::new(Network::Mastodon, &server.base))
}

fn lines(server: &Server) -> Vec<String> {
    let all = server.asked();
    all.iter().map(|asked| asked.split(' ').take(4).collect::<Vec<_>>().join(" ")).collect()
}

const GONE: &str = r#"{"error":"Record not found"}"#;

#[tokio::test]
async fn a_post_goes_out_once_under_its_own_key() {
    let made = r#"{"id":"11","url":"https://social.example/@northside/11"}"#;
    let server = Server::answering([says(200, "", made)]).await;
    let (network, desk) = mastodon(&server);

    let outcome = network.publish(&desk.job(), &desk.prepared()).await;

    let (remote, url) = ("11".to_owned(), "https://social.example/@northside/11".to_owned());
    assert_eq!(outcome, Outcome::Published { remote, url });
    let sent = concat!(
        "POST /api/v1/statuses Bearer secret key=publication-1 ",
        r#"{"media_ids":["u1"],"status":"Sponsored.\nFlu shots.","visibility":"public"}"#,
    );
    assert_eq!(server.asked(), [sent]);
}

#[tokio::test]
async fn an_accepted_post_without_a_usable_id_is_unknown_and_no_link_is_made_up() {
    for made in ["{}", r#"{"id":"../1"}"#, r#"{"id":1}"#, "", "[]"] {
        let server = Server::answering([says(200, "", made)]).await;
        let (network, desk) = mastodon(&server);

        let outcome = network.publish(&desk.job(), &desk.prepared()).await;

        assert_eq!(told(&outcome), "unknown: the network's answer names no post", "{made}");
    }
    let server = Server::answering([says(200, "", r#"{"id":"1","url":"javascript:x"}"#)]).await;
    let (network, desk) = mastodon(&server);

    let outcome = network.publish(&desk.job(), &desk.prepared()).await;

    assert_eq!(told(&outcome), "published 1 ");
}

#[tokio::test]
async fn a_picture_is_uploaded_with_its_description() {
    let server = Server::answering([says(200, "", r#"{"id":"u1","url":"https://x/u1"}"#)]).await;
    let (network, desk) = mastodon(&server);

    let prepared = network.prepare(&desk.job()).await;

    assert_eq!(prepared, Ok(desk.prepared()));
    let sent = "POST /api/v2/media Bearer secret multipart/form-data; boundary=BOUNDARY \
                --BOUNDARY\nContent-Disposition: form-data; name=\"description\"\n\nA map.\n\
                --BOUNDARY\nContent-Disposition: form-data; name=\"file\"; \
                filename=\"picture.png\"\nContent-Type: image/png\n\nPNG\n--BOUNDARY--\n";
    assert_eq!(server.asked(), [sent]);
}

#[tokio::test]
async fn a_picture_that_takes_its_time_is_not_uploaded_twice() {
    let working = says(206, "", r#"{"id":"u1","url":null}"#);
    let answers = [
        says(202, "", r#"{"id":"u1","url":null}"#),
        working.clone(),
        working,
        says(200, "", r#"{"id":"u1","url":"https://x/u1"}"#),
    ];
    let server = Server::answering(answers).await;
    let (network, desk) = mastodon(&server);

    let first = network.prepare(&desk.job()).await.expect_err("it takes its time");
    let second = network.prepare(&desk.job()).await.expect_err("still");
    let third = network.prepare(&desk.job()).await;

    assert_eq!([told(&first), told(&second)], ["later: 5 s", "later: 5 s"]);
    assert_eq!(third, Ok(desk.prepared()));
    let asked = "GET /api/v1/media/u1 Bearer secret";
    assert_eq!(lines(&server), ["POST /api/v2/media Bearer secret", asked, asked, asked]);
}

#[tokio::test]
async fn a_picture_that_the_server_forgot_is_uploaded_again() {
    let answers = [
        says(200, "", r#"{"id":"u1","url":"https://x/u1"}"#),
        says(404, "", r#"{"error":"Record not found"}"#),
        says(200, "", r#"{"id":"u2","url":"https://x/u2"}"#),
    ];
    let server = Server::answering(answers).await;
    let (network, desk) = mastodon(&server);

    network.prepare(&desk.job()).await.expect("uploaded");
    let forgotten = network.prepare(&desk.job()).await.expect_err("forgotten");
    let again = network.prepare(&desk.job()).await.expect("uploaded again");

    assert_eq!(told(&forgotten), "later: 0 s");
    assert_eq!(again.uploads, ["u2"]);
}

#[tokio::test]
async fn nothing_leaves_with_other_pictures_or_more_than_the_server_takes() {
    let server = Server::answering([says(200, "", "{}")]).await;
    let (network, mut desk) = mastodon(&server);
    desk.part.text = "x".repeat(501);

    let long = network.prepare(&desk.job()).await.expect_err("too long");
    desk.media[0].sha256 = "ff".repeat(32);
    let other = network.prepare(&desk.job()).await.expect_err("not these");

    assert!(told(&long).starts_with("refused: "), "{long:?}");
    assert_eq!(told(&other), "refused: the pictures at hand are not the signed ones");
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn what_ends_a_sign_in_is_told_from_what_does_not() {
    let table = [
        (401, REVOKED, "signed out: The access token was revoked"),
        (
            403,
            r#"{"error":"This action is outside the authorized scopes"}"#,
            "signed out: This action is outside the authorized scopes",
        ),
        (
            403,
            r#"{"error":"Your login is currently disabled"}"#,
            "signed out: Your login is currently disabled",
        ),
        (403, r#"{"error":"This action is not allowed"}"#, "later: 300 s"),
        (
            422,
            r#"{"error":"Validation failed: Text character limit of 500 exceeded"}"#,
            "refused: the network refused it: Validation failed: Text character limit of 500 exceeded",
        ),
    ];
    for (status, body, expected) in table {
        let server = Server::answering([says(status, "", body)]).await;
        let (network, desk) = mastodon(&server);

        let outcome = network.publish(&desk.job(), &desk.prepared()).await;

        assert_eq!(told(&outcome), expected);
        let is_out = matches!(network.readiness(desk.on()).await, Readiness::Out(_));
        assert_eq!(is_out, expected.starts_with("signed out"), "{body}");
    }
}

fn status(id: &str, at: &str) -> Value {
    json!({
        "id": id, "created_at": at, "url": format!("https://social.example/{id}"),
        "content": "<p>Sponsored.<br />Flu shots.</p>",
    })
}

#[tokio::test]
async fn a_look_up_finds_the_text_among_the_own_posts() {
    let near = || status("11", "2026-11-23T14:59:30.000Z");
    let found =
        || LookedUp::Found { remote: "11".to_owned(), url: "https://social.example/11".to_owned() };
    let page = |all: &[Value]| says(200, "", &Value::from(all).to_string());
    let source = |text: &str| says(200, "", &json!({ "text": text }).to_string());
    let table = [
        (vec![page(&[near()]), source("Sponsored.\n Flu shots.")], found()),
        (vec![page(&[near()]), says(404, "", "")], found()),
        (vec![page(&[near()]), source("Something else.")], LookedUp::Absent),
        (vec![page(&[near()]), says(503, "", "")], LookedUp::CantTell),
        (vec![page(&[status("9", "2026-11-23T14:58:00.000Z")])], LookedUp::Absent),
        (vec![page(&[])], LookedUp::Absent),
        (vec![page(&vec![near(); 40]), source("Something else.")], LookedUp::CantTell),
        (vec![says(200, "", "{}")], LookedUp::CantTell),
        (vec![says(404, "", "")], LookedUp::CantTell),
        (vec![says(401, "", REVOKED)], LookedUp::CantTell),
        (vec![Answer::Silence], LookedUp::CantTell),
    ];
    for (answers, expected) in table {
        let server = Server::answering(answers).await;
        let (network, desk) = mastodon(&server);

        assert_eq!(network.look_up(&desk.job()).await, expected);
        let list = "/api/v1/accounts/page/statuses?limit=40&exclude_reblogs=true";
        assert_eq!(server.asked()[0], format!("GET {list} Bearer secret "));
    }
}

// As it was shown, somebody's name was shorter than in the words, so that it was taken for another
// post, and sent again.
#[tokio::test]
async fn a_text_that_is_only_shown_and_names_somebody_elsewhere_may_be_the_one() {
    let page = |content: &str| {
        let mut status = status("11", "2026-11-23T14:59:30.000Z");
        status["content"] = content.into();
        says(200, "", &Value::from(vec![status]).to_string())
    };
    let table = [
        ("Thanks @maya@social.example!", "<p>Thanks @maya!</p>", LookedUp::CantTell),
        ("Write to maya@northside.example.", "<p>Something else.</p>", LookedUp::Absent),
    ];
    for (text, shown, expected) in table {
        let server = Server::answering([page(shown), says(404, "", "")]).await;
        let (network, mut desk) = mastodon(&server);
        desk.part.text = text.to_owned();

        assert_eq!(network.look_up(&desk.job()).await, expected, "{text}");
    }
}

// One look-up took up to 41 requests, and everything else waited.
#[tokio::test]
async fn a_look_up_asks_for_few_posts_and_says_when_that_was_not_enough() {
    let at = |nth: usize| status(&nth.to_string(), "2026-11-23T15:00:30.000Z");
    let page = |many: usize| {
        let all: Vec<Value> = (0..many).rev().map(at).collect();
        says(200, "", &Value::from(all).to_string())
    };
    let other = says(200, "", r#"{"text":"Something else."}"#);
    for (many, expected, requests) in
        [(8, LookedUp::Absent, 9), (9, LookedUp::CantTell, 9), (19, LookedUp::CantTell, 9)]
    {
        let server = Server::answering([page(many), other.clone()]).await;
        let (network, desk) = mastodon(&server);

        assert_eq!(network.look_up(&desk.job()).await, expected, "{many}");
        let asked = lines(&server);
        assert_eq!(asked.len(), requests, "{asked:?}");
        assert!(asked[1].contains("/statuses/0/source"), "the oldest first: {asked:?}");
    }
    let mut all: Vec<Value> = (0..12).rev().map(at).collect();
    for (nth, status) in all.iter_mut().enumerate().filter(|(nth, _)| *nth != 1) {
        status["content"] = format!("<p>Post {nth}.</p>").into();
    }
    let this = says(200, "", r#"{"text":"Sponsored.\nFlu shots."}"#);
    let server = Server::answering([says(200, "", &Value::from(all).to_string()), this]).await;
    let (network, desk) = mastodon(&server);

    let found = network.look_up(&desk.job()).await;

    assert!(matches!(found, LookedUp::Found { ref remote, .. } if remote == "10"), "{found:?}");
    assert_eq!(server.asked().len(), 2, "the one that is shown so is asked for first");
}

#[tokio::test]
async fn what_is_live_is_read_back() {
    let mut live = status("11", "2026-11-23T15:00:00.000Z");
    live["media_attachments"] = json!([{ "description": "A map." }, { "description": null }]);
    let there = |text: &str| ReadBack::There {
        text: text.to_owned(),
        alts: vec!["A map.".to_owned(), String::new()],
        media: Vec::new(),
    };
    let live = || says(200, "", &live.to_string());
    let source = says(200, "", r#"{"id":"11","text":"As it was sent."}"#);
    let table = [
        (vec![live(), source], "11", there("As it was sent.")),
        (vec![live(), says(404, "", "")], "11", there("Sponsored.\nFlu shots.")),
        (vec![live(), says(500, "", "")], "11", ReadBack::CantTell),
        (vec![says(404, "", r#"{"error":"Record not found"}"#)], "11", ReadBack::Gone),
        (vec![says(500, "", "")], "11", ReadBack::CantTell),
        (vec![says(404, "", "")], "../1", ReadBack::CantTell),
    ];
    for (answers, remote, expected) in table {
        let server = Server::answering(answers).await;
        let (network, desk) = mastodon(&server);

        assert_eq!(network.read_back(desk.on(), remote).await, expected, "{remote}");
    }
}

#[tokio::test]
async fn taking_down_twice_is_taking_down() {
    let answers = [says(200, "", r#"{"id":"11"}"#), says(404, "", GONE), says(500, "", "")];
    let server = Server::answering(answers).await;
    let (network, desk) = mastodon(&server);

    let mut all = Vec::new();
    for remote in ["11", "11", "11", ".."] {
        all.push(told(&network.take_down(desk.on(), remote).await));
    }

    let expected =
        ["published 11 ", "published 11 ", "later: 1 s", "refused: that is not an id of a post"];
    assert_eq!(all, expected);
    assert_eq!(server.asked(), ["DELETE /api/v1/statuses/11 Bearer secret "; 3]);
}

#[tokio::test]
async fn a_sign_in_says_whose_token_it_is_and_what_the_server_takes() {
    let who = says(200, "", r#"{"id":"42","acct":"northside"}"#);
    let scopes = |all: &str| says(200, "", &format!("{{\"scopes\":{all}}}"));
    let limits = json!({ "configuration": { "statuses": { "max_characters": 300 } } });
    let limits = says(200, "", &limits.to_string());
    let none = says(404, "", "");
    let enough = || scopes(r#"["read","write"]"#);
    let table = [
        (vec![who.clone(), enough(), limits.clone()], "@Northside", "@northside 42"),
        (vec![who.clone(), none.clone(), none], "", "@northside 42"),
        (vec![who.clone()], "@maya", "refused: that token is @northside's"),
        (
            vec![who.clone(), scopes(r#"["read"]"#)],
            "",
            "refused: the token may not do all that is needed; it lacks write:statuses, write:media",
        ),
        (vec![says(401, "", REVOKED)], "", "signed out: The access token was revoked"),
        (vec![says(200, "", "{}")], "", "refused: the server does not say whose token that is"),
        (vec![Answer::Nobody], "", "later: 1 s"),
    ];
    for (answers, handle, expected) in table {
        let server = Server::answering(answers).await;
        let network = Mastodon::new(Arc::default(), Arc::new(keyring()), SHORT);
        let typed = typed(Network::Mastodon, &server.base, (handle, "secret"));

        let said = match network.sign_in(&typed).await {
            Ok(signed_in) => format!("{} {}", signed_in.name, signed_in.remote_id),
            Err(failure) => told(&failure.into()),
        };

        assert_eq!(said, expected);
    }
}

#[tokio::test]
async fn a_servers_own_limits_count_once_they_are_known() {
    let limits = json!({ "configuration": { "statuses": { "max_characters": 300 } } });
    let who = says(200, "", r#"{"id":"page","acct":"northside"}"#);
    let none = says(404, "", "");
    let server = Server::answering([who, none, says(200, "", &limits.to_string())]).await;
    let keys = signed_in(Network::Mastodon, &server.base);
    let network = Mastodon::new(Arc::default(), keys.clone(), SHORT);
    let desk = Desk::new(Network::Mastodon, &server.base);

    let before = network.limits(&desk.account).text;
    network.test(desk.on()).await.expect("it is good");
    let after = network.limits(&desk.account).text;
    let restarted = over(Network::Mastodon, &server.base, keys);
    restarted.read_back(desk.on(), "11").await;

    assert_eq!([before, after, restarted.limits(&desk.account).text], [500, 300, 300]);
}

#[tokio::test]
async fn a_token_that_may_not_do_what_is_needed_is_out_and_what_it_lacks_is_named() {
    let who = says(200, "", r#"{"id":"page","acct":"northside"}"#);
    let scopes = says(200, "", r#"{"scopes":["read"]}"#);
    let server = Server::answering([who, scopes]).await;
    let keys = signed_in(Network::Mastodon, &server.base);
    let network = Mastodon::new(Arc::default(), keys, SHORT);
    let desk = Desk::new(Network::Mastodon, &server.base);

    let tested = network.test(desk.on()).await.expect_err("it lacks something");

    let lacks = "signed out: the token may not do all that is needed; it lacks write:statuses, \
                 write:media";
    assert_eq!(told(&tested), lacks);
    assert!(matches!(network.readiness(desk.on()).await, Readiness::Out(_)));
}

#[tokio::test]
async fn a_token_of_another_account_is_out() {
    let who = says(200, "", r#"{"id":"43","acct":"maya"}"#);
    let server = Server::answering([who]).await;
    let keys = signed_in(Network::Mastodon, &server.base);
    let network = Mastodon::new(Arc::default(), keys, SHORT);
    let desk = Desk::new(Network::Mastodon, &server.base);

    let tested = network.test(desk.on()).await.expect_err("another's");

    assert_eq!(told(&tested), "signed out: the token is another account's now");
    assert!(matches!(network.readiness(desk.on()).await, Readiness::Out(_)));
}
