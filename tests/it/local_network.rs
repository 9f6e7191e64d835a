//! The local network's server: it keeps posts as a network would, and fails as it is told.

use std::time::Duration;

use countersign::chat::local::{Faults, NetworkFaults};
use countersign::domain::content::{Part, Picture};
use countersign::domain::ids::{AccountId, PracticeId, RowId};
use countersign::domain::network::Network;
use countersign::domain::outbox::{Certainty, LookedUp, Outcome};
use countersign::domain::practice::Account;
use countersign::networks::local::LocalNetwork;
use countersign::ports::clock::Clock;
use countersign::ports::publisher::{Job, Media, On, Publisher, ReadBack};
use serde_json::{Value, json};

use crate::local_support::{Answer, PNG, Platform, Still, TOKEN};

const POSTS: &str = "/local/network/posts";

impl Platform {
    async fn posts(&self, key: &str, text: &str) -> Answer {
        let post = json!({ "account": "practice", "text": text, "media": [] });
        let ask = self.ask("POST", POSTS).header("idempotency-key", key);
        ask.json(&post).await
    }

    async fn fails(&self, network: NetworkFaults) {
        let told = json!({ "network": network });
        let answer = self.ask("PUT", "/local/api/faults").json(&told).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn live(&self, key: &str) -> usize {
        let path = format!("{POSTS}?key={key}");
        let found = self.ask("GET", &path).send().await.json();
        found.as_array().expect("posts").len()
    }
}

#[tokio::test]
async fn the_same_key_is_the_same_post() {
    let platform = Platform::open().await;

    let first = platform.posts("k1", "Flu shots").await;
    let again = platform.posts("k1", "Flu shots").await;

    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.json(), again.json());
    let url = format!("http://127.0.0.1:{}/practice-page#", platform.port);
    assert!(first.json()["url"].as_str().expect("a url").starts_with(&url));
    assert_eq!(platform.live("k1").await, 1);
}

#[tokio::test]
async fn a_network_without_keys_posts_twice() {
    let platform = Platform::open().await;
    let without = NetworkFaults { keys: false, ..NetworkFaults::default() };
    platform.fails(without).await;

    platform.posts("k1", "Flu shots").await;
    platform.posts("k1", "Flu shots").await;

    assert_eq!(platform.live("k1").await, 2);
}

#[tokio::test]
async fn a_post_is_read_back_and_taken_down() {
    let platform = Platform::open().await;
    let media = platform.ask("POST", "/local/network/media").header("content-type", "image/png");
    let upload = media.bytes(PNG).await.json()["id"].clone();
    let media = json!([{ "upload": upload, "alt": "Our door" }]);
    let post = json!({ "account": "practice", "text": "Flu shots", "media": media });

    let id = platform.ask("POST", POSTS).json(&post).await.json()["id"].clone();
    let at = format!("{POSTS}/{}", id.as_str().expect("an id"));
    let live = platform.ask("GET", &at).send().await.json();
    let published = platform.ask("GET", "/local/api/published").send().await.json();
    let picture = published[0]["media"][0]["url"].as_str().expect("a url").to_owned();
    let picture = platform.ask("GET", &picture).send().await;
    let down = platform.ask("DELETE", &at).send().await;
    let again = platform.ask("DELETE", &at).send().await;

    assert_eq!(live["text"], "Flu shots");
    assert_eq!(live["media"][0]["alt"], "Our door");
    assert_eq!(live["media"][0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(published[0]["account"], "practice");
    assert_eq!(picture.body, PNG);
    assert_eq!((down.status, again.status), (204, 204));
    assert_eq!(platform.ask("GET", &at).send().await.status, 404);
    let after = platform.ask("GET", "/local/api/published").send().await.json();
    assert_eq!(after, json!([]));
}

#[tokio::test]
async fn a_network_that_fails_before_keeps_nothing() {
    let platform = Platform::open().await;
    let none = NetworkFaults::default();
    let later = NetworkFaults { later_every: 1, ..none.clone() };
    let unavailable = NetworkFaults { unavailable_every: 1, ..none.clone() };
    let refused = NetworkFaults { refuse_every: 1, ..none };

    for (faults, status) in [(later, 429), (unavailable, 503), (refused, 422)] {
        platform.fails(faults).await;
        let answer = platform.posts("k1", "Flu shots").await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.head.contains("retry-after: 1"), status == 429);
        assert_eq!(platform.live("k1").await, 0);
    }
}

#[tokio::test]
async fn a_network_that_fails_after_has_kept_the_post() {
    let platform = Platform::open().await;
    let every_second = NetworkFaults { error_after_every: 2, ..NetworkFaults::default() };
    platform.fails(every_second).await;

    let first = platform.posts("k1", "Flu shots").await;
    let second = platform.posts("k2", "Flu shots").await;

    assert_eq!((first.status, second.status), (201, 500));
    assert_eq!(platform.live("k2").await, 1);
}

#[tokio::test]
async fn a_silent_network_has_kept_the_post() {
    let platform = Platform::open().await;
    let silent = NetworkFaults { silent_every: 1, ..NetworkFaults::default() };
    platform.fails(silent).await;
    let mut changes = platform.world.changes();
    changes.borrow_and_update();
    let post = json!({ "account": "practice", "text": "Flu shots" });
    let ask = platform.ask("POST", POSTS).header("idempotency-key", "k1");
    let asked = tokio::spawn(async move { ask.json(&post).await });

    changes.changed().await.expect("a post");

    assert_eq!(platform.live("k1").await, 1);
    assert!(!asked.is_finished());
    platform.world.close();
    assert_eq!(asked.await.expect("an answer").status, 500);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let platform = Platform::open().await;
    let upload = platform.ask("POST", "/local/network/media").header("content-type", "image/png");
    let post = |account: &str, text: &str, media: Value| {
        let post = json!({ "account": account, "text": text, "media": media });
        let ask = platform.ask("POST", POSTS);
        async move { ask.json(&post).await.status }
    };

    assert_eq!(post("", "Flu shots", json!([])).await, 422);
    assert_eq!(post("practice", &"x".repeat(501), json!([])).await, 422);
    assert_eq!(post("practice", "Flu", json!([{ "upload": "u99" }])).await, 422);
    assert_eq!(post("practice", "Flu", json!([{ "upload": "../u1" }])).await, 422);
    assert_eq!(upload.bytes("GIF89a").await.status, 422);
    assert_eq!(platform.world.faults().await.expect("told"), Faults::default());
}

/// A post with one picture.
fn part(account: &Account, sha256: &str) -> Part {
    let picture = Picture {
        sha256: sha256.to_owned(),
        media_type: "image/png".to_owned(),
        alt: "Our door".to_owned(),
    };
    Part {
        network: Network::Local,
        server: String::new(),
        remote: account.remote_id.clone(),
        text: "Flu shots".to_owned(),
        links: Vec::new(),
        media: vec![picture],
        disclosure: String::new(),
    }
}

fn account() -> Account {
    Account {
        id: AccountId::new("page"),
        network: Network::Local,
        name: "Practice page".to_owned(),
        server: String::new(),
        remote_id: "practice".to_owned(),
    }
}

#[tokio::test]
async fn the_program_publishes_there() {
    let platform = Platform::open().await;
    let base = format!("http://127.0.0.1:{}/local/network", platform.port);
    let network = LocalNetwork::new(&base, TOKEN, Certainty::Neither, Duration::from_secs(20));
    let network = network.expect("a network");
    let sha256 = "bc23064aaf89c172e706367f93c2141569d70c1397d3c81c298c4c1789b28830";
    let (id, account) = (RowId::new("publication-1"), account());
    let part = part(&account, sha256);
    let picture = Media {
        sha256: sha256.to_owned(),
        media_type: "image/png".to_owned(),
        bytes: PNG.to_vec(),
    };
    let whose = PracticeId::new("northside");
    let now = Still.now();
    let on = On { practice: &whose, account: &account, now };
    let job = Job { id: &id, on, part: &part, media: &[picture], draft: None, first_sent: now };

    let absent = network.look_up(&job).await;
    let prepared = network.prepare(&job).await.expect("uploaded");
    let published = network.publish(&job, &prepared).await;
    let found = network.look_up(&job).await;

    let Outcome::Published { remote, url } = published else { unreachable!("{published:?}") };
    assert_eq!(absent, LookedUp::Absent);
    assert_eq!(found, LookedUp::Found { remote: remote.clone(), url });
    let live = ReadBack::There {
        text: "Flu shots".to_owned(),
        alts: vec!["Our door".to_owned()],
        media: vec![sha256.to_owned()],
    };
    assert_eq!(network.read_back(on, &remote).await, live);
    let down = network.take_down(on, &remote).await;
    assert!(matches!(down, Outcome::Published { .. }), "{down:?}");
    assert_eq!(network.read_back(on, &remote).await, ReadBack::Gone);
}
