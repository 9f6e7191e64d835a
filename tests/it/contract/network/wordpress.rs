//! WordPress's own protocol: a draft that is found again, and nothing that the site changed.

use std::sync::Arc;

use countersign::domain::network::Network;
use countersign::domain::outbox::LookedUp;
use countersign::networks::wordpress::WordPress;
use countersign::ports::publisher::{Publisher, ReadBack, Readiness};
use serde_json::{Value, json};

use super::world::{Answer, Desk, SHORT, Server, keyring, publisher, says, signed_in, told, typed};

const SLUG: &str = "cs-publication-1";
/// maya:secret
const BASIC: &str = "Basic bWF5YTpzZWNyZXQ=";

pub fn wordpress(server: &Server) -> (Box<dyn Publisher>, Desk) {
    let network = publisher(Network::WordPress, &server.base);
    (network, Desk::new(Network::WordPress, &server.base))
}

/// The requests without what they carry and as whom.
pub fn lines(server: &Server) -> Vec<String> {
    let all = server.asked();
    all.iter().map(|asked| asked.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

pub fn media(alt: &str) -> Value {
    json!({ "id": 5, "slug": format!("cs-{}", "0a".repeat(16)), "alt_text": alt })
}

pub fn post(status: &str) -> Value {
    json!({
        "id": 7, "slug": SLUG, "status": status, "featured_media": 5,
        "link": "https://northside.example/cs-publication-1/",
        "content": { "raw": "<p>Sponsored.<br>Flu shots.</p>" },
    })
}

pub fn says_so(body: &Value) -> Answer {
    says(200, "", &body.to_string())
}

#[tokio::test]
async fn a_post_is_prepared_as_a_draft_with_its_picture() {
    let none = says(200, "", "[]");
    let answers = [
        none.clone(),
        says(201, "", &media("").to_string()),
        says_so(&media("A map.")),
        none,
        says(201, "", &post("draft").to_string()),
    ];
    let server = Server::answering(answers).await;
    let (network, desk) = wordpress(&server);

    let prepared = network.prepare(&desk.job()).await;

    assert_eq!(prepared, Ok(desk.prepared()));
    let asked = server.asked();
    let slug = asked[0].split(['=', '&']).nth(1).expect("a slug");
    let statuses = "publish%2Cfuture%2Cdraft%2Cpending%2Cprivate";
    let draft = concat!(
        r#"{"content":"<p>Sponsored.<br>Flu shots.</p>","featured_media":5,"#,
        r#""slug":"cs-publication-1","status":"draft","title":"Sponsored. Flu shots."}"#,
    );
    let expected = [
        format!("GET /wp-json/wp/v2/media?slug={slug}&context=edit {BASIC} "),
        format!("POST /wp-json/wp/v2/media {BASIC} image/png PNG"),
        format!(r#"POST /wp-json/wp/v2/media/5 {BASIC} application/json {{"alt_text":"A map."}}"#),
        format!("GET /wp-json/wp/v2/posts?slug={SLUG}&status={statuses}&context=edit {BASIC} "),
        format!("POST /wp-json/wp/v2/posts {BASIC} application/json {draft}"),
    ];
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn the_draft_and_the_picture_that_are_there_are_used_again() {
    let answers = [
        says_so(&json!([media("A map.")])),
        says_so(&json!([post("draft")])),
        says_so(&post("draft")),
    ];
    let server = Server::answering(answers).await;
    let (network, desk) = wordpress(&server);

    let prepared = network.prepare(&desk.job()).await;

    assert_eq!(prepared, Ok(desk.prepared()));
    assert_eq!(lines(&server)[2], "POST /wp-json/wp/v2/posts/7");
    assert!(!server.asked()[2].contains("status"), "{:?}", server.asked());
}

#[tokio::test]
async fn a_post_that_is_live_already_is_left_as_it_is() {
    let all = json!([post("draft"), post("publish")]);
    let server = Server::answering([says_so(&json!([media("A map.")])), says_so(&all)]).await;
    let (network, desk) = wordpress(&server);

    let prepared = network.prepare(&desk.job()).await;

    assert_eq!(prepared, Ok(desk.prepared()));
    assert!(lines(&server).iter().all(|line| line.starts_with("GET ")));
}

#[tokio::test]
async fn what_the_site_changes_is_not_published() {
    let changed = |name: &str, value: Value| {
        let mut post = post("draft");
        post[name] = value;
        post
    };
    let words = "refused: the site changes the post's words, picture or address, so it was not \
                 published";
    let table = [
        changed("content", json!({ "raw": "<p>Sponsored.<br>Flu shots!</p>" })),
        changed("content", json!({ "raw": "<p>Sponsored.<br>Flu <b>shots</b>.</p>" })),
        changed("featured_media", json!(6)),
        changed("slug", json!("flu-shots")),
    ];
    for made in table {
        let found = [says_so(&json!([media("A map.")])), says(200, "", "[]"), says_so(&made)];
        let server = Server::answering(found).await;
        let (network, desk) = wordpress(&server);

        let prepared = network.prepare(&desk.job()).await.expect_err("changed");

        assert_eq!(told(&prepared), words, "{made}");
    }
    let server = Server::answering([says_so(&json!([media("")])), says_so(&media("A"))]).await;
    let (network, desk) = wordpress(&server);

    let prepared = network.prepare(&desk.job()).await.expect_err("changed");

    let alt = "refused: the site changes the picture's alt text, so it was not published: write it \
        without < and >";
    assert_eq!(told(&prepared), alt);
}

#[tokio::test]
async fn the_draft_is_published_by_one_request() {
    let link = "https://northside.example/cs-publication-1/";
    let table = [
        (post("publish"), format!("published 7 {link}")),
        (
            post("draft"),
            "refused: the site did not publish it but keeps it as \"draft\"".to_owned(),
        ),
        (
            post("pending"),
            "unknown: is there, and nobody sees it yet: the site keeps it for review: publish it \
             there"
                .to_owned(),
        ),
        (
            post("future"),
            "unknown: is there, and nobody sees it yet: the site keeps it for later: its clock is \
             behind, or something there moved it"
                .to_owned(),
        ),
        (
            json!({ "id": 8, "status": "publish" }),
            "unknown: the network's answer names another post".to_owned(),
        ),
        (
            json!({ "id": 7 }),
            "unknown: the network's answer does not say whether it is live".to_owned(),
        ),
        (
            json!({ "id": 7, "status": "publish", "link": "javascript:x" }),
            "published 7 ".to_owned(),
        ),
    ];
    for (answer, expected) in table {
        let server = Server::answering([says_so(&answer)]).await;
        let (network, desk) = wordpress(&server);

        let outcome = network.publish(&desk.job(), &desk.prepared()).await;

        assert_eq!(told(&outcome), expected);
        let sent = r#"{"status":"publish"}"#;
        let sent = format!("POST /wp-json/wp/v2/posts/7 {BASIC} application/json {sent}");
        assert_eq!(server.asked(), [sent]);
    }
}

#[tokio::test]
async fn without_a_draft_nothing_is_published() {
    let server = Server::answering([says(200, "", "{}")]).await;
    let (network, desk) = wordpress(&server);

    for draft in [None, Some("../users/1".to_owned()), Some("0".to_owned())] {
        let mut prepared = desk.prepared();
        prepared.draft = draft;
        let outcome = network.publish(&desk.job(), &prepared).await;

        assert_eq!(told(&outcome), "refused: there is no draft to publish");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn what_ends_a_sign_in_is_told_from_what_does_not() {
    let role = "Sorry, you are not allowed to publish posts in this post type";
    let code = |code: &str, words: &str| json!({ "code": code, "message": words }).to_string();
    let out = "signed out:";
    let table = [
        (401, code("incorrect_password", "Wrong"), format!("{out} Wrong")),
        (401, code("invalid_username", "Unknown"), format!("{out} Unknown")),
        (401, code("rest_not_logged_in", "Not in"), format!("{out} Not in")),
        (
            403,
            code("rest_cannot_publish", role),
            format!("{out} {role}; the user has to be an author or an editor there"),
        ),
        (403, code("rest_cookie_invalid_nonce", "Odd"), "later: 300 s".to_owned()),
        (403, "<html>blocked</html>".to_owned(), "later: 300 s".to_owned()),
        (
            404,
            code("rest_post_invalid_id", "Invalid post ID."),
            "refused: the network knows no such thing".to_owned(),
        ),
    ];
    for (status, body, expected) in table {
        let server = Server::answering([says(status, "", &body)]).await;
        let (network, desk) = wordpress(&server);

        let outcome = network.publish(&desk.job(), &desk.prepared()).await;

        assert_eq!(told(&outcome), expected, "{body}");
        let is_out = matches!(network.readiness(desk.on()).await, Readiness::Out(_));
        assert_eq!(is_out, expected.starts_with(out), "{body}");
    }
}

#[tokio::test]
async fn a_look_up_asks_for_the_slug() {
    let found = LookedUp::Found {
        remote: "7".to_owned(),
        url: "https://northside.example/cs-publication-1/".to_owned(),
    };
    let table = [
        (says_so(&json!([post("publish")])), found),
        (says(200, "", "[]"), LookedUp::Absent),
        (says_so(&json!([post("draft")])), LookedUp::CantTell),
        (says_so(&json!([{ "id": 7, "slug": "other", "status": "publish" }])), LookedUp::CantTell),
        (says(200, "", "{}"), LookedUp::CantTell),
        (says(404, "", ""), LookedUp::CantTell),
        (says(401, "", ""), LookedUp::CantTell),
        (Answer::Silence, LookedUp::CantTell),
        (Answer::Nobody, LookedUp::CantTell),
    ];
    for (answer, expected) in table {
        let server = Server::answering([answer]).await;
        let (network, desk) = wordpress(&server);

        assert_eq!(network.look_up(&desk.job()).await, expected);
        for asked in server.asked() {
            let list = format!("/wp-json/wp/v2/posts?slug={SLUG}&status=publish&context=edit");
            assert_eq!(asked, format!("GET {list} {BASIC} "));
        }
    }
}

#[tokio::test]
async fn what_is_live_is_read_back() {
    let there = |alts: &[&str]| ReadBack::There {
        text: "Sponsored.\nFlu shots.".to_owned(),
        alts: alts.iter().map(|alt| (*alt).to_owned()).collect(),
        media: Vec::new(),
    };
    let mut bare = post("publish");
    bare["featured_media"] = 0.into();
    let live = || says_so(&post("publish"));
    let table = [
        (vec![live(), says_so(&media("A &lt;map&gt;."))], "7", there(&["A <map>."])),
        (vec![live(), says(404, "", "")], "7", there(&[])),
        (vec![live(), says(500, "", "")], "7", ReadBack::CantTell),
        (vec![says_so(&bare)], "7", there(&[])),
        (vec![says_so(&post("trash"))], "7", ReadBack::Gone),
        (vec![says(404, "", r#"{"code":"rest_post_invalid_id"}"#)], "7", ReadBack::Gone),
        (vec![says(200, "", "{}")], "7", ReadBack::CantTell),
        (vec![says(404, "", "")], "../7", ReadBack::CantTell),
        (vec![says(404, "", "")], "+7", ReadBack::CantTell),
    ];
    for (answers, remote, expected) in table {
        let server = Server::answering(answers).await;
        let (network, desk) = wordpress(&server);

        assert_eq!(network.read_back(desk.on(), remote).await, expected, "{remote}");
    }
}

#[tokio::test]
async fn taking_down_takes_our_picture_too_and_nobody_elses() {
    let gone = says(410, "", r#"{"code":"rest_already_trashed"}"#);
    let mut stranger = media("A map.");
    stranger["slug"] = "team-photo".into();
    let ok = || says(200, "", "{}");
    let get = "GET /wp-json/wp/v2/posts/7?context=edit";
    let delete = "DELETE /wp-json/wp/v2/posts/7";
    let look = "GET /wp-json/wp/v2/media/5?context=edit";
    let unknown = says(404, "", r#"{"code":"rest_post_invalid_id"}"#);
    let table: [(Vec<Answer>, &str, &[&str]); 6] = [
        (
            vec![says_so(&post("publish")), ok(), says_so(&media("A map.")), ok()],
            "published 7 ",
            &[get, delete, look, "DELETE /wp-json/wp/v2/media/5?force=true"],
        ),
        (
            vec![says_so(&post("publish")), ok(), says_so(&stranger)],
            "published 7 ",
            &[get, delete, look],
        ),
        (
            vec![says_so(&post("trash")), gone, unknown.clone()],
            "published 7 ",
            &[get, delete, look],
        ),
        (vec![unknown], "published 7 ", &[get]),
        // So says anybody in between as well.
        (vec![says(404, "", "")], "later: 300 s", &[get]),
        (vec![says_so(&post("publish")), says(500, "", "")], "later: 1 s", &[get, delete]),
    ];
    for (answers, expected, asked) in table {
        let server = Server::answering(answers).await;
        let (network, desk) = wordpress(&server);

        assert_eq!(told(&network.take_down(desk.on(), "7").await), expected);
        assert_eq!(lines(&server), asked);
    }
}

#[tokio::test]
async fn a_sign_in_needs_a_user_who_may_publish() {
    let me = |may: bool| {
        let may = json!({ "publish_posts": may, "upload_files": true });
        says_so(&json!({ "id": 2, "name": "Maya", "capabilities": may }))
    };
    let wrong = json!({ "code": "incorrect_password", "message": "Wrong password." }).to_string();
    let table = [
        (me(true), "Maya 2"),
        (me(false), "refused: that user may not publish there: make them an author or an editor"),
        (says(401, "", &wrong), "signed out: Wrong password"),
        (
            says(404, "", "<html>"),
            "refused: there is no WordPress at that address, or its permalinks are the plain \
             ones: choose others under Settings, Permalinks",
        ),
        (Answer::Nobody, "later: 1 s"),
    ];
    for (answer, expected) in table {
        let server = Server::answering([answer]).await;
        let network = WordPress::new(Arc::default(), Arc::new(keyring()), SHORT);
        let site = format!("{}/blog/", server.base);
        let typed = typed(Network::WordPress, &site, ("maya", "secret"));

        let said = match network.sign_in(&typed).await {
            Ok(signed_in) => {
                assert_eq!(signed_in.server, site.trim_end_matches('/'));
                format!("{} {}", signed_in.name, signed_in.remote_id)
            }
            Err(failure) => told(&failure.into()),
        };

        assert_eq!(said, expected);
        for asked in server.asked() {
            let me = "/blog/wp-json/wp/v2/users/me?context=edit";
            assert_eq!(asked, format!("GET {me} {BASIC} "));
        }
    }
}

#[tokio::test]
async fn a_user_who_may_publish_no_more_is_out() {
    let me = json!({ "id": 2, "name": "Maya", "capabilities": {} });
    let server = Server::answering([says_so(&me)]).await;
    let keys = signed_in(Network::WordPress, &server.base);
    let network = WordPress::new(Arc::default(), keys, SHORT);
    let desk = Desk::new(Network::WordPress, &server.base);

    network.test(desk.on()).await.expect_err("another user");

    assert!(matches!(network.readiness(desk.on()).await, Readiness::Out(_)));
}
