//! What others do to a publication on real servers is seen by the next looks.

use std::time::Duration;

use countersign::domain::engagement::{Category, Counts};
use countersign::domain::network::Network;
use countersign::domain::secret::Secret;
use countersign::ports::accounts::Typed;
use countersign::ports::engagement::{Engaged, Noted};
use jiff::Timestamp;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::between::Between;
use super::world::World;
use crate::peer::{Kind, Peer, asks, client};

/// Servers count a moment later.
const COUNTED: Duration = Duration::from_secs(20);

fn typed(network: Network, handle: &str, secret: &str) -> Typed {
    Typed {
        network,
        server: String::new(),
        handle: handle.to_owned(),
        secret: Secret::new(secret),
        now: "2026-11-23T15:00:00Z".parse().expect("a time"),
    }
}

async fn engaged(world: &World) -> Engaged {
    let store = &world.practice.office.store;
    let all = store.engaged(&world.practice.id(), Timestamp::MIN, Timestamp::MAX).await;
    all.expect("readable").pop().expect("one publication")
}

async fn noted(world: &World) -> Vec<Noted> {
    let seen = (Timestamp::MIN, Timestamp::MAX);
    let noted = world.practice.office.store.remarks(&world.practice.id(), seen, 99).await;
    noted.expect("readable")
}

async fn accepted(request: RequestBuilder) -> Value {
    let (status, said) = asks(request).await;
    assert!((200..300).contains(&status), "{status}: {said}");
    said
}

/// Asks again until the server has counted.
async fn until(counted: impl AsyncFn() -> bool) {
    let counting = async {
        while !counted().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(COUNTED, counting).await.expect("the server counts it");
}

#[tokio::test]
async fn a_patient_on_bluesky_likes_reposts_and_replies() {
    if std::env::var_os("COUNTERSIGN_TEST_POSTGRES").is_none() {
        eprintln!("nobody counts on Bluesky: its AppView needs COUNTERSIGN_TEST_POSTGRES");
        return;
    }
    let Some(peer) = Peer::start(Kind::Bluesky).await else { return };
    let told = |what: &str| peer.told(&format!("/accounts/practice/{what}")).to_owned();
    let typed = typed(Network::Bluesky, &told("handle"), &told("appPassword"));
    let world = World::open(Between::and(peer.told("/pds")).await, typed).await;
    world.signs("Flu shots this Saturday.").await;
    world.publishes().await;

    let call = |name: &str| format!("{}/xrpc/{name}", peer.told("/pds"));
    let who = json!({ "identifier": "patient.test", "password": "patient-password" });
    let session =
        accepted(client().post(call("com.atproto.server.createSession")).json(&who)).await;
    let (did, token) = (&session["did"], session["accessJwt"].as_str().expect("a token"));
    let records = format!("com.atproto.repo.listRecords?repo={}", told("did"));
    let records = format!("{records}&collection=app.bsky.feed.post");
    let record = accepted(client().get(call(&records))).await["records"][0].clone();
    let subject = json!({ "uri": record["uri"], "cid": record["cid"] });
    let at = "2026-11-23T16:30:00.000Z";
    let reply = json!({ "root": subject, "parent": subject });
    for (collection, made) in [
        ("app.bsky.feed.like", json!({ "subject": subject, "createdAt": at })),
        ("app.bsky.feed.repost", json!({ "subject": subject, "createdAt": at })),
        ("app.bsky.feed.post", json!({ "text": "Thank you.", "reply": reply, "createdAt": at })),
    ] {
        let create = json!({ "repo": did, "collection": collection, "record": made });
        let request = client().post(call("com.atproto.repo.createRecord")).json(&create);
        accepted(request.bearer_auth(token)).await;
    }
    let uri = record["uri"].as_str().expect("an id");
    until(async || {
        let posts = client().get(call(&format!("app.bsky.feed.getPosts?uris={uri}")));
        let said = accepted(posts.bearer_auth(token)).await;
        let post = &said["posts"][0];
        (&post["likeCount"], &post["replyCount"]) == (&json!(1), &json!(1))
    })
    .await;
    world.goes_on().await;

    let one = engaged(&world).await;
    let some = Some(1);
    let counts = Counts { likes: some, reposts: some, replies: some, quotes: Some(0) };
    assert_eq!(one.counts, counts);
    let [comment] = &noted(&world).await[..] else { panic!("{:?}", noted(&world).await) };
    assert_eq!(comment.remark.category, Category::Comment);
    assert_eq!(comment.publication.as_ref(), Some(&one.publication));
    let theirs = format!("at://{}/app.bsky.feed.post/", did.as_str().expect("an id"));
    assert!(comment.remark.remote.starts_with(&theirs), "{comment:?}");
}

#[tokio::test]
async fn a_patient_on_mastodon_likes_reposts_and_replies() {
    let Some(peer) = Peer::start(Kind::Mastodon).await else { return };
    let typed = typed(Network::Mastodon, "", peer.told("/tokens/practice"));
    let world = World::open(Between::and(peer.told("/url")).await, typed).await;
    world.signs("Flu shots this Saturday.").await;
    world.publishes().await;

    let call = |path: &str| format!("{}/api/v1/{path}", peer.told("/url"));
    let token = peer.told("/tokens/patient");
    let me = client().get(call("accounts/verify_credentials"));
    let me = accepted(me.bearer_auth(peer.told("/tokens/practice"))).await;
    let own = format!("accounts/{}/statuses", me["id"].as_str().expect("an id"));
    let status = accepted(client().get(call(&own)).bearer_auth(token)).await[0].clone();
    let id = status["id"].as_str().expect("an id");
    for what in ["favourite", "reblog"] {
        let act = client().post(call(&format!("statuses/{id}/{what}")));
        accepted(act.bearer_auth(token)).await;
    }
    let acct = me["acct"].as_str().expect("a name");
    let reply = json!({ "status": format!("@{acct} Thank you."), "in_reply_to_id": id });
    accepted(client().post(call("statuses")).json(&reply).bearer_auth(token)).await;
    world.goes_on().await;

    let one = engaged(&world).await;
    let counts = (one.counts.likes, one.counts.reposts, one.counts.replies);
    assert_eq!(counts, (Some(1), Some(1), Some(1)));
    let [comment] = &noted(&world).await[..] else { panic!("{:?}", noted(&world).await) };
    assert_eq!(comment.remark.category, Category::Comment);
    assert_eq!(comment.publication.as_ref(), Some(&one.publication));
}

#[tokio::test]
async fn a_reader_of_a_wordpress_site_comments() {
    let Some(peer) = Peer::start(Kind::WordPress).await else { return };
    let typed = typed(Network::WordPress, "editor", peer.told("/passwords/editor"));
    let world = World::open(Between::and(peer.told("/url")).await, typed).await;
    world.signs("Flu shots this Saturday.").await;
    world.publishes().await;

    let call = |path: &str| format!("{}/wp-json/wp/v2/{path}", peer.told("/url"));
    let post = accepted(client().get(call("posts?per_page=1"))).await[0].clone();
    let comment = json!({ "post": post["id"], "content": "Thank you." });
    let admin = peer.told("/passwords/admin");
    let made = client().post(call("comments")).basic_auth("admin", Some(admin)).json(&comment);
    accepted(made).await;
    world.goes_on().await;

    let one = engaged(&world).await;
    assert_eq!(one.counts, Counts { replies: Some(1), ..Counts::default() });
    let [comment] = &noted(&world).await[..] else { panic!("{:?}", noted(&world).await) };
    assert_eq!(comment.remark.category, Category::Comment);
    assert_eq!(comment.publication.as_ref(), Some(&one.publication));
    assert!(comment.remark.url.contains("#comment-"), "{comment:?}");
}
