//! A Mastodon server, as a program of others plays it.

use countersign::domain::network::Network;
use countersign::domain::post::State;
use countersign::domain::secret::Secret;
use countersign::ports::accounts::Typed;
use serde_json::Value;

use super::between::Between;
use super::world::{ALT, World, once_whatever_is_lost};
use crate::peer::{Kind, Peer, asks, client};

const TEXT: &str = "Flu shots this Saturday \u{1f489} https://northside.example/flu #FluShots";

async fn open(peer: &Peer) -> World {
    let typed = Typed {
        network: Network::Mastodon,
        server: String::new(),
        handle: String::new(),
        secret: Secret::new(peer.told("/tokens/practice")),
        now: "2026-11-23T15:00:00Z".parse().expect("a time"),
    };
    World::open(Between::and(peer.told("/url")).await, typed).await
}

/// What the account has posted, as it itself reads it.
async fn statuses(peer: &Peer) -> Vec<Value> {
    let get = |path: &str| {
        let url = format!("{}/api/v1/accounts/{path}", peer.told("/url"));
        client().get(url).bearer_auth(peer.told("/tokens/practice"))
    };
    let (_, me) = asks(get("verify_credentials")).await;
    let (status, said) =
        asks(get(&format!("{}/statuses?limit=40", me["id"].as_str().expect("an id")))).await;
    assert_eq!(status, 200, "{said}");
    said.as_array().expect("statuses").clone()
}

async fn times(peer: &Peer, text: &str) -> usize {
    let says = |status: &&Value| status["content"].as_str().is_some_and(|html| html.contains(text));
    statuses(peer).await.iter().filter(says).count()
}

#[tokio::test]
async fn a_practice_publishes_on_mastodon_once_whatever_happens() {
    let Some(peer) = Peer::start(Kind::Mastodon).await else { return };

    let world = open(&peer).await;
    let number = world.signs(TEXT).await;
    world.publishes().await;
    let live = statuses(&peer).await;
    assert_eq!(live.len(), 1, "{live:?}");
    assert_eq!(live[0]["media_attachments"][0]["description"], ALT, "{live:?}");
    world.is_published(live.len(), "first").await;
    world.practice.person("lena").presses("Take it down").await;
    world.goes_on().await;
    assert_eq!(world.practice.post(number).await.state, State::TakenDown);
    assert_eq!(statuses(&peer).await.len(), 0);

    let steps = ["POST /api/v2/media", "POST /api/v1/statuses", "GET /api/v1/statuses"];
    let open_it = async || open(&peer).await;
    once_whatever_is_lost(open_it, async |text: &str| times(&peer, text).await, &steps).await;
}
