//! The local network's own protocol: what it sends, and what it makes of the bodies.

use countersign::domain::network::Network;
use countersign::domain::outbox::{Certainty, LookedUp, Outcome};
use countersign::networks::local::LocalNetwork;
use countersign::ports::publisher::{Prepared, ReadBack};

use super::world::{Answer, Desk, SHORT, Server, publisher, says, told};

#[tokio::test]
async fn an_accepted_post_is_published_once_under_its_own_key() {
    let made = r#"{"id":"p1","url":"http://127.0.0.1/practice-page#p1"}"#;
    let server = Server::answering([says(201, "", made)]).await;
    let desk = Desk::new(Network::Local, "");

    let outcome =
        publisher(Network::Local, &server.base).publish(&desk.job(), &desk.prepared()).await;

    let url = "http://127.0.0.1/practice-page#p1".to_owned();
    let remote = "p1".to_owned();
    assert_eq!(outcome, Outcome::Published { remote, url });
    let post = concat!(
        "POST /local/network/posts Bearer secret key=publication-1 ",
        r#"{"account":"page","media":[{"alt":"A map.","upload":"u1"}],"#,
        r#""text":"Sponsored.\nFlu shots."}"#,
    );
    assert_eq!(server.asked(), [post]);
}

#[tokio::test]
async fn an_address_that_is_not_of_the_web_is_no_link() {
    let made = r#"{"id":"p1","url":"javascript:alert(1)"}"#;
    let server = Server::answering([says(201, "", made)]).await;
    let desk = Desk::new(Network::Local, "");

    let outcome =
        publisher(Network::Local, &server.base).publish(&desk.job(), &desk.prepared()).await;

    let (remote, url) = ("p1".to_owned(), String::new());
    assert_eq!(outcome, Outcome::Published { remote, url });
}

#[tokio::test]
async fn an_accepted_post_without_a_usable_id_is_unknown() {
    for made in [r#"{"url":"http://x.example"}"#, r#"{"id":"../media"}"#, "", "[]"] {
        let server = Server::answering([says(201, "", made)]).await;
        let desk = Desk::new(Network::Local, "");

        let outcome =
            publisher(Network::Local, &server.base).publish(&desk.job(), &desk.prepared()).await;

        assert_eq!(told(&outcome), "unknown: the network's answer names no post");
    }
}

#[tokio::test]
async fn pictures_are_uploaded_before() {
    let server = Server::answering([says(201, "", r#"{"id":"u1"}"#)]).await;
    let desk = Desk::new(Network::Local, "");

    let prepared = publisher(Network::Local, &server.base).prepare(&desk.job()).await;

    assert_eq!(prepared, Ok(desk.prepared()));
    assert_eq!(server.asked(), ["POST /local/network/media Bearer secret image/png PNG"]);
}

#[tokio::test]
async fn nothing_leaves_with_other_pictures_than_the_signed_ones() {
    let server = Server::answering([says(201, "", r#"{"id":"u1"}"#)]).await;
    let network = publisher(Network::Local, &server.base);
    let mut desk = Desk::new(Network::Local, "");
    desk.media[0].sha256 = "ff".repeat(32);

    let prepared = network.prepare(&desk.job()).await.expect_err("not these");
    let published = network.publish(&desk.job(), &Prepared::default()).await;

    assert_eq!(
        [told(&prepared), told(&published)],
        [
            "refused: the pictures at hand are not the signed ones",
            "refused: not every picture was uploaded"
        ]
    );
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_look_up_says_absent_only_when_it_surely_is() {
    let found = LookedUp::Found { remote: "p1".to_owned(), url: "http://x.example/p1".to_owned() };
    let table = [
        (says(200, "", r#"[{"id":"p1","url":"http://x.example/p1"}]"#), found),
        (says(200, "", "[]"), LookedUp::Absent),
        (says(200, "", ""), LookedUp::CantTell),
        (says(200, "", "{}"), LookedUp::CantTell),
        (says(200, "", r#"[{"id":""}]"#), LookedUp::CantTell),
        (says(404, "", "[]"), LookedUp::CantTell),
        (says(401, "", "[]"), LookedUp::CantTell),
        (says(500, "", "[]"), LookedUp::CantTell),
        (says(302, "location: /elsewhere", ""), LookedUp::CantTell),
        (Answer::Silence, LookedUp::CantTell),
        (Answer::Nobody, LookedUp::CantTell),
    ];
    for (answer, expected) in table {
        let server = Server::answering([answer]).await;
        let desk = Desk::new(Network::Local, "");

        let looked_up = publisher(Network::Local, &server.base).look_up(&desk.job()).await;

        assert_eq!(looked_up, expected);
        for asked in server.asked() {
            assert_eq!(asked, "GET /local/network/posts?key=publication-1 Bearer secret ");
        }
    }
}

#[tokio::test]
async fn what_is_live_is_read_back() {
    let live =
        r#"{"id":"p1","url":"","text":"Flu shots.","media":[{"sha256":"5e","alt":"A map."}]}"#;
    let there = ReadBack::There {
        text: "Flu shots.".to_owned(),
        alts: vec!["A map.".to_owned()],
        media: vec!["5e".to_owned()],
    };
    let table = [
        (says(200, "", live), "p1", there),
        (says(404, "", ""), "p1", ReadBack::Gone),
        (says(410, "", ""), "p1", ReadBack::Gone),
        (says(200, "", r#"{"id":"p1"}"#), "p1", ReadBack::CantTell),
        (says(500, "", ""), "p1", ReadBack::CantTell),
        (Answer::Nobody, "p1", ReadBack::CantTell),
        (says(404, "", ""), "../media", ReadBack::CantTell),
    ];
    for (answer, remote, expected) in table {
        let server = Server::answering([answer]).await;
        let desk = Desk::new(Network::Local, "");

        let read = publisher(Network::Local, &server.base).read_back(desk.on(), remote).await;

        assert_eq!(read, expected, "{remote}");
    }
}

#[tokio::test]
async fn taking_down_twice_is_taking_down() {
    let answers = [says(204, "", ""), says(404, "", ""), says(500, "", "")];
    let server = Server::answering(answers).await;
    let network = publisher(Network::Local, &server.base);
    let desk = Desk::new(Network::Local, "");

    let first = network.take_down(desk.on(), "p1").await;
    let second = network.take_down(desk.on(), "p1").await;
    let failed = network.take_down(desk.on(), "p1").await;
    let nonsense = network.take_down(desk.on(), "..").await;

    assert_eq!(told(&first), "published p1 ");
    assert_eq!(told(&second), "published p1 ");
    assert!(matches!(failed, Outcome::TryLater(_)));
    assert_eq!(told(&nonsense), "refused: that is not an id of a post");
    assert_eq!(server.asked(), ["DELETE /local/network/posts/p1 Bearer secret "; 3]);
}

#[test]
fn an_address_or_token_that_can_not_be_used_is_said_at_once() {
    let table = [
        ("http://127.0.0.1:1/local/network", "secret", ""),
        ("ftp://x.example", "secret", "address"),
        ("http://x.example/?a=b", "secret", "address"),
        ("http://me:secret@x.example", "secret", "address"),
        ("nonsense", "secret", "address"),
        ("http://x.example", "two\nlines", "token"),
    ];
    for (base, token, about) in table {
        let said = LocalNetwork::new(base, token, Certainty::Neither, SHORT)
            .map_or_else(|error| error.to_string(), |network| format!("{network:?}"));

        assert!(said.contains(about), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}
