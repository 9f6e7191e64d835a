//! Bluesky's own server.

use countersign::domain::network::Network;
use countersign::domain::post::State;
use countersign::domain::secret::Secret;
use countersign::ports::accounts::Typed;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::between::Between;
use super::world::{ALT, World, once_whatever_is_lost};
use crate::peer::{Kind, Peer, asks, client};

const TEXT: &str = "Flu shots this Saturday 💉 https://northside.example/flu #FluShots";

async fn open(peer: &Peer, who: &str) -> World {
    let told = |what: &str| peer.told(&format!("/accounts/{who}/{what}")).to_owned();
    let between = Between::and(peer.told("/pds")).await;
    let typed = Typed {
        network: Network::Bluesky,
        server: String::new(),
        handle: told("handle"),
        secret: Secret::new(told("appPassword")),
        now: "2026-11-23T15:00:00Z".parse().expect("a time"),
    };
    World::open(between, typed).await
}

/// The records of an account, as anybody reads them.
async fn records(peer: &Peer, who: &str) -> Vec<Value> {
    let did = peer.told(&format!("/accounts/{who}/did"));
    let url = format!(
        "{}/xrpc/com.atproto.repo.listRecords?repo={did}&collection=app.bsky.feed.post&limit=100",
        peer.told("/pds")
    );
    let (status, said) = asks(client().get(url)).await;
    assert_eq!(status, 200, "{said}");
    let all = said["records"].as_array().expect("records");
    all.iter().map(|record| record["value"].clone()).collect()
}

async fn times(peer: &Peer, text: &str) -> usize {
    records(peer, "practice").await.iter().filter(|record| record["text"] == text).count()
}

#[tokio::test]
async fn a_practice_publishes_on_bluesky_once_whatever_happens() {
    let Some(peer) = Peer::start(Kind::Bluesky).await else { return };

    it_is_published_as_it_was_signed_and_taken_down(&peer).await;
    let steps = ["uploadBlob", "putRecord", "getRecord"];
    let open_it = async || open(&peer, "practice").await;
    once_whatever_is_lost(open_it, async |text: &str| times(&peer, text).await, &steps).await;
    an_old_session_is_renewed_in_the_middle(&peer).await;
    a_revoked_password_makes_the_post_wait(&peer).await;
}

async fn it_is_published_as_it_was_signed_and_taken_down(peer: &Peer) {
    let world = open(peer, "practice").await;
    let number = world.signs(TEXT).await;

    world.publishes().await;

    let records = records(peer, "practice").await;
    assert_eq!(records.len(), 1, "{records:?}");
    let record = &records[0];
    assert_eq!(record["text"], TEXT);
    let made = record["createdAt"].as_str().expect("a time");
    assert!(made.starts_with("2026-11-23T16:00:") && made.contains(".000Z"), "at its slot: {made}");
    let image = &record["embed"]["images"][0];
    assert_eq!(
        (&image["alt"], &image["aspectRatio"]),
        (&json!(ALT), &json!({"width": 8, "height": 8}))
    );
    assert_eq!(record["facets"].as_array().map(Vec::len), Some(2), "{record}");
    assert_eq!(world.practice.post(number).await.state, State::Published);
    assert!(world.is_as_signed().await, "read back and compared");

    world.practice.person("lena").presses("Take it down").await;
    world.goes_on().await;
    assert_eq!(times(peer, TEXT).await, 0);
    world.practice.ledger_equals_tables().await;
}

async fn an_old_session_is_renewed_in_the_middle(peer: &Peer) {
    let world = open(peer, "practice").await;
    let number = world.signs("Renewed.").await;
    // By its clock the session is old at the slot: it is renewed before the picture goes.
    world.practice.passes(SignedDuration::from_hours(2));
    let before = world.between.asked("refreshSession");

    world.goes_on().await;

    assert_eq!(world.between.asked("refreshSession"), before + 1);
    assert_eq!(world.practice.post(number).await.state, State::Published);
    assert_eq!(times(peer, "Renewed.").await, 1);
}

async fn a_revoked_password_makes_the_post_wait(peer: &Peer) {
    let world = open(peer, "patient").await;
    let number = world.signs("Waits.").await;
    world.practice.transcript();
    revoke(peer, "patient").await;
    world.practice.passes(SignedDuration::from_hours(2));

    world.goes_on().await;

    assert_eq!(world.practice.post(number).await.state, State::SignedOff);
    let told = world.practice.transcript();
    assert!(told.contains("(to lena) alarm: patient.test has to be connected again"), "{told}");
    let asked = world.between.asked("createSession");
    world.goes_on().await;
    assert_eq!(world.between.asked("createSession"), asked, "nobody knocks again and again");

    // With a new password it goes out.
    world.connects_again(&renew(peer, "patient").await).await;
    world.goes_on().await;
    assert_eq!(world.practice.post(number).await.state, State::Published);
}

/// The account's owner revokes its app password.
async fn revoke(peer: &Peer, who: &str) {
    owner_calls(peer, who, "revokeAppPassword", "tests").await;
}

/// The account's owner makes another.
async fn renew(peer: &Peer, who: &str) -> String {
    let made = owner_calls(peer, who, "createAppPassword", "more tests").await;
    made["password"].as_str().expect("a password").to_owned()
}

async fn owner_calls(peer: &Peer, who: &str, name: &str, password: &str) -> Value {
    let told = |what: &str| peer.told(&format!("/accounts/{who}/{what}")).to_owned();
    let call =
        |name: &str| client().post(format!("{}/xrpc/com.atproto.server.{name}", peer.told("/pds")));
    let typed = json!({ "identifier": told("handle"), "password": told("password") });
    let (_, session) = asks(call("createSession").json(&typed)).await;
    let token = session["accessJwt"].as_str().expect("a token");
    let what = call(name).json(&json!({ "name": password }));
    let (status, said) = asks(what.bearer_auth(token)).await;
    assert_eq!(status, 200, "{said}");
    said
}
