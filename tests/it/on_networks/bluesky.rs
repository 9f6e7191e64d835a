//! Bluesky's own server.

use countersign::domain::network::Network;
use countersign::domain::post::State;
use countersign::domain::secret::Secret;
use countersign::ports::accounts::Typed;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::between::{Between, Lost};
use super::world::{ALT, World};
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
    what_is_lost_is_found_out(&peer).await;
    who_dies_at_any_step_publishes_once(&peer).await;
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
    assert_eq!(
        (&record["text"], &record["createdAt"]),
        (&json!(TEXT), &json!("2026-11-23T16:00:00.000Z"))
    );
    let image = &record["embed"]["images"][0];
    assert_eq!(
        (&image["alt"], &image["aspectRatio"]),
        (&json!(ALT), &json!({"width": 8, "height": 8}))
    );
    assert_eq!(record["facets"].as_array().map(Vec::len), Some(2), "{record}");
    assert_eq!(world.practice.post(number).await.state, State::Published);
    let entries = world.practice.office.store.entries(&world.practice.id(), 0, 1000).await;
    let entries = serde_json::to_string(
        &entries
            .expect("readable")
            .iter()
            .map(|(sealed, _)| &sealed.entry.fact.what)
            .collect::<Vec<_>>(),
    )
    .expect("JSON");
    assert!(entries.contains(r#""same":true"#), "read back and compared: {entries}");

    world.practice.person("lena").presses("Take it down").await;
    world.goes_on().await;
    assert_eq!(times(peer, TEXT).await, 0);
    world.practice.ledger_equals_tables().await;
}

async fn what_is_lost_is_found_out(peer: &Peer) {
    let table = [
        ("uploadBlob", Lost::Request),
        ("uploadBlob", Lost::Answer),
        ("putRecord", Lost::Request),
        ("putRecord", Lost::Answer),
        ("putRecord", Lost::BrokenAfter),
        ("getRecord", Lost::Answer),
    ];
    for (nth, (what, how)) in table.into_iter().enumerate() {
        let world = open(peer, "practice").await;
        let text = format!("Lost {nth}.");
        let number = world.signs(&text).await;
        world.between.loses(what, how);

        world.publishes().await;

        let told = world.practice.transcript();
        assert_eq!(times(peer, &text).await, 1, "{what} {how:?}: {told}");
        assert_eq!(world.practice.post(number).await.state, State::Published, "{what} {how:?}");
        world.practice.ledger_equals_tables().await;
    }
}

async fn who_dies_at_any_step_publishes_once(peer: &Peer) {
    let steps = ["uploadBlob", "putRecord", "getRecord"];
    for (nth, what) in steps.into_iter().enumerate() {
        for how in [Lost::Request, Lost::Answer] {
            let mut world = open(peer, "practice").await;
            let text = format!("Dies {nth} {how:?}.");
            let number = world.signs(&text).await;

            world.dies(what, how).await;
            world.goes_on().await;

            let told = world.practice.transcript();
            assert_eq!(times(peer, &text).await, 1, "{what} {how:?}: {told}");
            assert_eq!(world.practice.post(number).await.state, State::Published, "{what} {how:?}");
            world.practice.ledger_equals_tables().await;
        }
    }
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
}

/// The account's owner revokes its app password, and ends its sessions.
async fn revoke(peer: &Peer, who: &str) {
    let told = |what: &str| peer.told(&format!("/accounts/{who}/{what}")).to_owned();
    let call = |name: &str| client().post(format!("{}/xrpc/{name}", peer.told("/pds")));
    let typed = json!({ "identifier": told("handle"), "password": told("password") });
    let (_, session) = asks(call("com.atproto.server.createSession").json(&typed)).await;
    let token = session["accessJwt"].as_str().expect("a token");
    let revoked = call("com.atproto.server.revokeAppPassword").json(&json!({ "name": "tests" }));
    let (status, said) = asks(revoked.bearer_auth(token)).await;
    assert_eq!(status, 200, "{said}");
}
